//! Messages of `reissue`, and why a packet gets no new number.

words! {
    in reissue;

    /// It is not proven unpaid.
    not_refused(state):
        "it is `{state}`: only a packet that is `refused` gets a new number"
        "其状态为“{state}”：只有“发放失败（未付款）”的红包才能换新单号";

    /// It was given up before.
    replaced(number):
        "it was reissued as {number}"
        "它已换为新单号 {number}";

    /// A dead process left a request open.
    open():
        "a request about it is open; run `hongbao reconcile` first"
        "有关它的请求尚未结束；请先执行 `hongbao reconcile`";

    /// An earlier number of the packet.
    earlier_paid(number):
        "the number before it, {number}, was paid"
        "它之前的单号 {number} 已付款";

    /// A match with fund-flow bills found it paid, under this number or an earlier one.
    billed():
        "a fund-flow bill says that it was paid: ask WeChat Pay's support with its number"
        "资金账单显示它已付款：请凭单号联系微信支付客服";

    /// The last send is too recent.
    too_early(minutes):
        "its last request is too recent: WeChat Pay's answer counts from ten minutes after the \
         request's deadline, in {minutes} min"
        "上一次请求距今太近：须在其期限过后十分钟微信支付的答复才算数，还要等 {minutes} 分钟";

    /// The same, and from when on it counts.
    too_early_until(at, minutes):
        "its last request is too recent: WeChat Pay's answer counts from ten minutes after the \
         request's deadline, from {at} (Beijing) on, in {minutes} min"
        "上一次请求距今太近：须在其期限过后十分钟微信支付的答复才算数，即 {at}（北京时间）之后，还要等 \
         {minutes} 分钟";

    /// No answer of this command's own.
    unasked():
        "WeChat Pay gave no usable answer about it just now"
        "微信支付刚才没有给出可用的答复";

    /// Asked too late.
    too_late():
        "its first request is over 29 days old: WeChat Pay need not know it any more"
        "首次请求已超过 29 天：微信支付可能已不再保留该单号的记录";

    /// Asked, and not called failed.
    not_failed(said):
        "WeChat Pay does not say FAILED but `{said}`: one of its refusals may have left an order"
        "微信支付的答复不是 FAILED 而是 `{said}`：当时的拒绝可能留下了订单";

    /// Another packet of the same person may stand in its place.
    elsewhere(campaign, number, again):
        "after it was refused, campaign {campaign} was given a packet for the same person, \
         {number}; if both are to be paid, add --pay-again {again}"
        "它被拒绝之后，活动 {campaign} 又为同一人安排了红包 {number}；若确要两个都发，请加上 \
         --pay-again {again}";

    /// It stands in a list that was exported.
    taken_along(again):
        "it was exported with --export, and may have been paid from that list: if it was not, and \
         never will be, add --pay-again {again}"
        "它曾用 --export 导出，可能已从那份名单发放：若确定没有发放、今后也不会，请加上 --pay-again {again}";

    /// One packet that keeps its number.
    kept(number, bound):
        "{number} gets no new number: {bound}"
        "{number} 不换新单号：{bound}";

    /// Nothing is left to do.
    none_free():
        "none of these packets gets a new number"
        "这些红包都不能换新单号";

    /// No packet is meant.
    none_refused():
        "no packet of the campaign is refused"
        "本活动没有发放失败（未付款）的红包";

    /// No packet is meant by the code.
    none_refused_with(code):
        "no packet of the campaign is refused with {code}"
        "本活动没有因 {code} 发放失败的红包";

    /// A packet that was named and is not refused.
    not_to_export(number, state):
        "{number} is `{state}`, not `refused`"
        "{number} 的状态是“{state}”，不是“发放失败（未付款）”";

    /// A packet that the next run sends once more.
    owed_again(number, command):
        "{number} was refused while the set-up was to blame, and the next run sends it once more; \
         before it is exported: {command}"
        "{number} 被拒绝的原因在于商户自身的设置，下一次 run 会再发放一次；导出之前请先执行：{command}";

    /// More packets than are listed.
    more(count):
        "  and {count} more"
        "  另有 {count} 个";

    /// The announcement before it acts.
    to_renew(count, total):
        "to be sent again: {count} packet‹s›, {total} yuan"
        "将再次发放：{count} 个红包，共 {total} 元";

    /// The total is to be typed.
    type_total(total):
        "type the total, {total}, to go on:"
        "请输入总额 {total} 以继续：";

    /// Nobody can type, and nothing was given.
    total_missing(total, command):
        "the total is {total} yuan, --confirm-total is missing; to do exactly that: {command} \
         --confirm-total {total}"
        "总额为 {total} 元，缺少 --confirm-total；若确要如此，请执行：{command} \
         --confirm-total {total}";

    /// Another total was given.
    total_differs(total, given):
        "the total is {total} yuan, {given} was given; nothing was done"
        "总额为 {total} 元，给出的是 {given}；未作任何更改";

    /// How many go out again under the number that they have.
    freed(count):
        "{count} packet‹s› ‹goes|go› out again under ‹its own number|their own numbers›, on record"
        "{count} 个红包将以原单号再次发放，已记录在案";

    /// How many have a new number now.
    renewed(count):
        "{count} packet‹s› got a new number, on record"
        "{count} 个红包已换新单号，已记录在案";

    /// The questions ended early.
    stopped():
        "no packet got a new number"
        "没有红包换新单号";

    /// The gateway does not answer.
    no_answer(url, why):
        "{url} gives no usable answer: {why}"
        "{url} 没有给出可用的答复：{why}";

    /// A file's name says that it is no list of commas.
    no_list(path, command):
        "{path}: a list is written with commas, in a file that ends in .csv; name it so: {command} \
         FILE.csv"
        "{path}：名单以逗号分隔的文本写出，文件名须以 .csv 结尾：{command} FILE.csv";

    /// A file of refused packets.
    exported(file, count, total):
        "{file}: {count} refused packet‹s›, {total} yuan, as a recipients file; a packet that is \
         loaded from it elsewhere must not be reissued here as well, or it is paid twice"
        "{file}：{count} 个发放失败的红包，共 {total} 元，已写成名单文件；从中载入其他活动的红包，请勿在此再次 \
         reissue，否则会重复发放";

    /// Some that stand in an earlier file already.
    exported_before(count):
        "warning: {count} of these packets ‹was|were› exported before: see that nobody is paid \
         from two lists"
        "警告：其中 {count} 个红包此前已导出过：请核对没有人会从两份名单重复领取";
}
