//! Usage errors, and requests that do not fit.

words! {
    in usage;

    /// What cannot be parsed, in the words of the parser.
    not_parsed(detail):
        "{detail}"
        "命令行有误：{detail}";

    /// `explain` of a word that is nothing.
    explain(asked):
        "{asked} is no code, state, exit code or topic that this tool knows. An unknown code from \
         WeChat Pay never counts as a failure: the packet is in doubt and asked about. \
         `hongbao explain` lists everything that is known"
        "{asked} 不是本工具认识的代码、状态、退出码或主题。微信支付返回的未知错误码绝不会被当作\
         发放失败：该红包视为结果未明，会继续查询。`hongbao explain` 可列出全部已知内容";

    /// `explain` of a word that is nearly one.
    explain_near(asked, name):
        "{asked} is not known; this is {name}:"
        "没有 {asked}；以下是 {name}：";

    /// `explain` of a word that is nearly one of several.
    explain_several(asked, names):
        "{asked} is not known; did you mean one of these: {names}?"
        "没有 {asked}；您要查的是否为：{names}？";

    /// An id that no packet has.
    no_packet(id):
        "no packet of the campaign is named {id}"
        "本活动中没有名为 {id} 的红包";

    /// An openid of several packets, where one is meant.
    several_bills(id, numbers):
        "{id} names several bills: {numbers}"
        "{id} 对应多个单号：{numbers}";

    /// `--head` that is no hash.
    head(given):
        "--head {given}: a head is 64 hexadecimal digits, as `hongbao status` prints it"
        "--head {given}：账本校验码应为 64 位十六进制数字，即 `hongbao status` 打印的值";

    /// No ledger where the campaign file names one.
    no_ledger(campaign, ledger, elsewhere, load):
        "campaign {campaign} is not loaded yet: there is no ledger {ledger}{elsewhere}. Check path \
         under [ledger], or run `{load}` first"
        "活动 {campaign} 尚未载入名单：没有账本 {ledger}{elsewhere}。请检查 [ledger] 中的 path，或先执行 \
         `{load}`";

    /// A ledger that nothing was loaded into.
    empty_ledger(campaign, ledger, elsewhere, load):
        "campaign {campaign} is not loaded yet: nothing was loaded into {ledger}{elsewhere}. Check \
         path under [ledger], or run `{load}` first"
        "活动 {campaign} 尚未载入名单：账本 {ledger} 中没有任何活动{elsewhere}。请检查 [ledger] 中的 path，\
         或先执行 `{load}`";

    /// A ledger of other campaigns.
    other_campaigns(campaign, ledger, campaigns, elsewhere, load):
        "campaign {campaign} is not loaded yet: {ledger} has {campaigns}{elsewhere}. Check id \
         under [campaign] and path under [ledger], or run `{load}` first"
        "活动 {campaign} 尚未载入名单：账本 {ledger} 中的活动有 {campaigns}{elsewhere}。\
         请检查 [campaign] 中的 id 和 [ledger] 中的 path，或先执行 `{load}`";

    /// The same campaign in the ledger of live mode.
    in_live(ledger):
        ", the simulator's; the ledger of live mode, {ledger}, has the campaign (mode under \
         [gateway])"
        "（模拟器的账本）；真实账本 {ledger} 中有此活动，请留意 [gateway] 中的 mode";

    /// A text that is no duration.
    duration(flag, given):
        "{flag} {given}: a duration is a number with a unit, as in 90m, 36h or 25d"
        "{flag} {given}：时长须为数字加单位，如 90m、36h、25d";

    /// The variable that sets the clock of a rehearsal.
    simulated_now(variable, value, fault):
        "{variable}={value}: {fault}; use RFC 3339"
        "{variable}={value}：{fault}；请使用 RFC 3339 格式";

    /// `--faults` with a number that is no rate.
    rate(given):
        "--faults {given}: a rate is from 0 to 1"
        "--faults {given}：比率应在 0 到 1 之间";

    /// `NAME=RATE` with a name that no fault has.
    no_fault(name, names):
        "no fault is called `{name}`; there are {names}"
        "没有名为 `{name}` 的故障；可用的有：{names}";

    /// A state that does not exist.
    no_state(name, names):
        "no state is called `{name}`; there are {names}"
        "没有名为 `{name}` 的状态；可用的有：{names}";

    /// `NAME=RATE` with a rate that is none.
    bad_rate(given):
        "`{given}` is not a rate from 0 to 1; write NAME=RATE, as in lost_after=0.05"
        "`{given}` 不是 0 到 1 之间的比率；请写成 名称=比例，例如 lost_after=0.05";

    /// The total of the campaign beside the one that was typed.
    totals(total, given):
        "the campaign's total is {total} yuan, --confirm-total is {given}"
        "本活动总额为 {total} 元（--confirm-total：{given}）";

    /// No total was typed.
    missing():
        "missing"
        "未填写";

    /// `--live` for a rehearsal.
    live_in_simulator(campaign, totals):
        "--live needs mode = \"live\" under [gateway] of {campaign}; {totals}"
        "--live 要求 {campaign} 的 [gateway] 中 mode = \"live\"；{totals}";

    /// No `--live` where money is real.
    live_missing(totals, command):
        "mode = \"live\" pays real money; {totals}. To pay: {command}"
        "mode = \"live\" 会真实付款；{totals}。确认付款请执行：{command}";

    /// A run of real money without its total.
    total_missing(totals, command):
        "{totals}; to pay exactly that: {command}"
        "{totals}；若要按此总额付款，请执行：{command}";

    /// A total that is not the campaign's.
    total_differs(totals, command):
        "{totals}; to pay exactly that: {command}"
        "{totals}；若要按此总额付款，请执行：{command}";

    /// `--state` for a workbook or a page.
    states_of_whole():
        "a workbook and a page are of the whole campaign, as they are signed: --state is for \
         --format csv and json"
        "工作簿和网页报告供签字用，必须是整个活动：--state 只用于 --format csv 和 json";
}
