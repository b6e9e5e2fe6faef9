//! A match with fund-flow bills: what was read, and what it came to.

words! {
    in bills;

    /// A bill that is not one, or not whole.
    refused(name, what):
        "{name} is not taken: {what}. Nothing was matched"
        "未采用 {name}：{what}。未进行核对";

    /// A file that cannot be read.
    unreadable(path, why):
        "cannot read {path}: {why}"
        "无法读取 {path}：{why}";

    /// More than any bill has.
    too_large():
        "more came than any bill has; try again, or download it in the merchant platform and give \
         it with --fund-flow FILE"
        "收到的数据超过任何账单的大小；请重试，或在商户平台下载后用 --fund-flow 文件 提供";

    /// A page of something in between.
    page():
        "a web page came in place of a bill: check gateway.base_url and what stands between, or \
         download it in the merchant platform and give it with --fund-flow FILE"
        "收到的是网页而不是账单：请检查 gateway.base_url 及中间的代理，或在商户平台下载后用 --fund-flow \
         文件 提供";

    /// No connection.
    unreachable(name, why):
        "the bill {name} cannot be downloaded now: {why}. Give the same command again later, or \
         --fund-flow FILE"
        "账单 {name} 暂时无法下载：{why}。请稍后再次执行同一命令，或使用 --fund-flow 文件";

    /// An error of the server.
    status(name, status):
        "the bill {name} cannot be downloaded now: HTTP {status}. Give the same command again \
         later, or --fund-flow FILE"
        "账单 {name} 暂时无法下载：HTTP {status}。请稍后再次执行同一命令，或使用 --fund-flow 文件";

    /// A status.
    http(status):
        "HTTP {status}"
        "HTTP 状态 {status}";

    /// A refusal.
    denied(name, why):
        "WeChat Pay does not give the bill {name}: {why}. Check merchant number, API key and \
         certificate, or download it in the merchant platform and give it with --fund-flow FILE"
        "微信支付未提供账单 {name}：{why}。请检查商户号、API 密钥和证书，或在商户平台下载后用 --fund-flow \
         文件 提供";

    /// Not there yet.
    later(name, why, from):
        "the bill {name} is not there yet: {why}. Give the same command again \
         after {from} (Beijing)"
        "账单 {name} 尚未生成：{why}。请在 {from}（北京时间）之后再次执行同一命令";

    /// Not made yet.
    not_made():
        "WeChat Pay makes it from nine o'clock of the next day on"
        "微信支付自次日 9 点起生成账单";

    /// Not a date.
    no_date(typed):
        "{typed} is no date: write it as 2026-11-23"
        "{typed} 不是日期：请写作 2026-11-23";

    /// A day that is not over.
    not_over(date):
        "the day {date} is not over in Beijing: its bill is made on the next"
        "北京时间 {date} 尚未结束：账单在次日生成";

    /// A bill was read.
    read(name, rows, first, last):
        "{name}: {rows} row‹s›, {first} to {last}"
        "{name}：{rows} 行，{first} 至 {last}";

    /// No row.
    nothing_moved(name):
        "{name}: no movement"
        "{name}：没有资金流水";

    /// Without a summary.
    unchecked(name):
        "{name} has no summary lines: whether it is whole cannot be told"
        "{name} 没有汇总行：无法判断文件是否完整";

    /// Packets that agree.
    matched(count, total):
        "matched {count} packet‹s›, {total} yuan"
        "核对一致 {count} 个红包，{total} 元";

    /// Money that came back by the bills, without a break.
    came_back(count, total):
        "{count} packet‹s› came back by the bills, {total} yuan"
        "账单中有 {count} 个红包退款，{total} 元";

    /// Refunds of other days.
    back_not_covered(count):
        "{count} refunded packet‹s› came back on days that no given bill covers: give the bills of \
         these days too"
        "{count} 个已退款红包的退款日期不在所提供账单的日期内：请一并提供这些日期的账单";

    /// Bills without one row of ours.
    of_another(merchant):
        "not one row names a packet of merchant {merchant}: these may be bills of another \
         merchant, or of an account that red packets are not paid from"
        "账单中没有一行属于商户 {merchant} 的红包：可能是其他商户的账单，或不是支付红包的账户的账单";

    /// Other days.
    not_covered(count):
        "{count} paid packet‹s› ‹is|are› of days that no given bill covers"
        "{count} 个已付款红包不在所提供账单的日期内";

    /// Other business.
    foreign(rows):
        "{rows} row‹s› of other business"
        "{rows} 行属于其他业务";

    /// Other campaigns.
    of_others(rows):
        "{rows} row‹s› of other campaigns in this ledger: match those with these bills too"
        "{rows} 行属于本账本的其他活动：请用这些账单核对那些活动";

    /// Perhaps ours.
    called_packets(rows):
        "{rows} row‹s› of other business ‹is called a red packet|are called red packets›: if \
         ‹it|they› should be yours, name ‹its|their› label under [fund_flow] labels in the \
         campaign file"
        "其他业务中有 {rows} 行标注为红包：若应属于本活动，请在活动文件的 [fund_flow] labels 中填写其名称";

    /// Breaks of one kind.
    kind(name, count, meaning):
        "{name} {count}: {meaning}"
        "{name} {count}：{meaning}";

    /// One break.
    broken(name, number, ledger, bill, booked):
        "  {name} {number} ledger {ledger} bill {bill} booked {booked}"
        "  {name} {number} 账本 {ledger} 账单 {bill} 入账 {booked}";

    /// A bill without a row, for which others should stand aside.
    of_no_day():
        "it has no row, so that --instead cannot tell which days it is of"
        "其中没有任何一行，--instead 无法得知它属于哪些日期";

    /// Rows that a newer bill does not have.
    ended(rows):
        "{rows} row‹s› of bills given before ‹is|are› over: these bills tell of the same and do \
         not have ‹it|them›"
        "此前账单中的 {rows} 行作废：新账单涉及同样的内容而没有这些行";

    /// With the bills given before.
    so_far(bills, count, total, not_covered):
        "with {bills} bill‹s› given before: matched {count}, {total} yuan; paid on days without a \
         bill {not_covered}"
        "连同此前提供的 {bills} 份账单：核对一致 {count} 个，{total} 元；付款日期没有账单的 {not_covered} 个";

    /// Breaks that count no more.
    explained(count):
        "{count} break‹s› ‹is|are› explained by a person"
        "{count} 处差异已由人工说明";

    /// Breaks of earlier bills.
    carried(count):
        "{count} break‹s› of bills given before still ‹stands|stand›: `hongbao status` counts \
         them, and the workbook of `hongbao report` lists them"
        "此前账单中的 {count} 处差异仍然存在：`hongbao status` 会计数，`hongbao report` 的工作簿逐条列出";

    /// The rest.
    more(count):
        "and {count} more; --json has all"
        "另有 {count} 条；--json 列出全部";

    /// The remedy.
    advice(name, advice):
        "{name}: {advice}"
        "{name}：{advice}";

    /// A bill that came for a day is of others.
    of_other_days(first, last):
        "its rows are of {first} to {last}, and not of the day that was asked for: fetch it again; \
         nothing of it was matched"
        "其中的记录属于 {first} 至 {last}，而不是所请求的日期：请重新下载；未对账";

    /// The same bill once more.
    same_bill(name, first):
        "{name} is the same bill as {first}: it is counted once"
        "{name} 与 {first} 是同一份账单：只计一次";

    /// No break, and no packet either.
    none_matched():
        "no packet was matched with these bills, and no break was found"
        "没有红包与这些账单对上，也未发现不一致";

    /// No break.
    agrees():
        "ledger and bills agree"
        "账本与账单一致";
}
