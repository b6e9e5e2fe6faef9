//! Messages of `run` and `reconcile` on their way and at their end.

words! {
    in run;

    /// Requests that a dead process left.
    left_open(count):
        "{count} request‹s› ‹was|were› open when the last run ended: ‹it is|they are› cleared up \
         first"
        "上次运行结束时有 {count} 个请求尚未完成：先予清理";

    /// A number that another ledger has sent.
    remembered(number):
        "WeChat Pay knows {number}, which this ledger never sent: the campaign was run from \
         another ledger. Each packet is asked about before it is sent"
        "微信支付已有单号 {number}，而本账本从未发送过它：本活动曾用另一个账本运行。每个红包在发送前都先\
         查询";

    /// Packets not sent yet in a ledger that missed something.
    still_behind():
        "the ledger may still be behind WeChat Pay: each packet that is left is asked about before \
         it is sent"
        "账本仍可能落后于微信支付：余下的红包在发送前逐一查询";

    /// Packets of another campaign in such a ledger.
    counts_elsewhere(count, campaign):
        "{count} packet‹s› of campaign {campaign} may have been sent today by another ledger, and \
         count‹s|› for the daily caps until WeChat Pay is asked: `hongbao reconcile` with the file \
         of that campaign asks"
        "活动 {campaign} 的 {count} 个红包今日可能已由另一账本发出，查询之前均计入每日上限：请用该活动的配置文件执行 \
         `hongbao reconcile`";

    /// Refused packets that have no second send.
    passed_over(count, code, campaign, command):
        "{count} packet‹s› that ‹was|were› refused with {code} while the set-up was in question \
         ‹is|are› not sent once more: campaign {campaign} was given a packet for the same people \
         since. If both are to be paid: {command}"
        "有 {count} 个红包在设置存疑时因 {code} 发放失败，不再自动重发：活动 {campaign} 此后又为同一批人\
         安排了红包。若确要两个都发：{command}";

    /// All is sent.
    nothing_to_do():
        "nothing to do: no packet is waiting to be sent"
        "无事可做：没有等待发放的红包";

    /// Packets that wait for another day.
    above_cap(count, until):
        "{count} packet‹s› ‹is|are› above a daily cap of [caps] today; sending goes on from \
         {until} (Beijing)"
        "今天有 {count} 个红包超出 [caps] 的每日上限；将从 {until}（北京时间）起继续发放";

    /// A cap that was lowered after the load.
    too_large(count):
        "{count}‹/› of them ‹is|are› above max_packet_yuan and will never be sent: raise it under \
         [caps] if they are right"
        "其中 {count} 个超过 max_packet_yuan，任何一天都不会发出：如确属本意，请在 [caps] 中提高它";

    /// Open packets are not due soon.
    waiting(due):
        "open packets are next due at {due} (Beijing)"
        "未结的红包下一步到期时间为 {due}（北京时间）";

    /// The other command where the clock is what a run halted for.
    clock_is_right(command):
        "set the clock first; if it is right already, type instead: {command}"
        "请先校准时钟；若时钟本来就准，请改为执行：{command}";

    /// The gateway went away.
    unreachable(url, why):
        "stopped: {url} gives no usable answer any more: {why}"
        "已停止：{url} 不再给出可用的应答：{why}";

    /// The first failure, while it is tried on.
    not_reached_yet(url, why, seconds):
        "no answer from {url} yet: {why}; trying again, for {seconds} s at most"
        "{url} 尚无应答：{why}；继续重试，最多 {seconds} 秒";

    /// No answer at all, to those who only ask.
    not_reached(url, why):
        "stopped: {url} cannot be reached: {why}"
        "已停止：无法连接 {url}：{why}";

    /// While a run waits for a gateway that went away.
    waits_for_gateway(url, why, until):
        "waiting for {url} to come back; the last failure: {why}; until {until} (Beijing) at most, \
         retry.linger_seconds"
        "正在等待 {url} 恢复；最近一次失败：{why}；最迟等到 {until}（北京时间，retry.linger_seconds）";

    /// While a run waits for results.
    waits_for(doubt, processing, ready, next, until):
        "waiting: {doubt} in doubt, {processing} processing, {ready} to be sent; next request at \
         {next}, until {until} (Beijing) at most, retry.linger_seconds"
        "等待中：结果待确认 {doubt} 个，处理中 {processing} 个，待发放 {ready} 个；下一次请求在 {next}，\
         最迟等到 {until}（北京时间，retry.linger_seconds）";

    /// A start whose first requests are queries, about numbers that were never sent.
    asks_first(count):
        "asking WeChat Pay about {count} numbers before anything is sent"
        "发放之前，先向微信支付查询 {count} 个单号";

    /// A start of a ledger that may be behind.
    asks_each():
        "the ledger may be behind WeChat Pay: each packet is asked about before it is sent"
        "账本可能落后于微信支付：每个红包在发放前都先查询";

    /// The gateway was never there.
    never_reached(url, why):
        "stopped before any packet was sent: {url} gave no usable answer: {why}"
        "已停止，未发送任何红包：{url} 没有给出可用的应答：{why}";

    /// A wrong set-up, found in time.
    set_up(cause):
        "stopped before any packet was sent: {cause}"
        "已停止，未发送任何红包：{cause}";

    /// A signal.
    signal():
        "stopped by a signal, after all open requests had ended"
        "已停止：收到信号，已等待所有未完成的请求结束";

    /// The first signal.
    stopping():
        "stopping: waiting for open requests; once more to stop at once"
        "正在停止：等待未完成的请求结束；再按一次立即停止";

    /// The second signal.
    stopped_at_once():
        "stopped at once: packets whose requests were open are in doubt; the same `hongbao run` \
         clears them up first and goes on"
        "已立即停止：请求未完成的红包结果未明；再次执行同一 `hongbao run` 会先清理它们，然后继续";

    /// A halt.
    halted(cause):
        "halted: {cause}"
        "已中止：{cause}";

    /// How it showed.
    evidence(evidence):
        "  evidence: {evidence}"
        "  依据：{evidence}";

    /// The remedy.
    remedy(remedy):
        "  remedy: {remedy}"
        "  处理：{remedy}";

    /// A halt of an earlier run.
    halted_since(at, because):
        "halted since {at}: {because}"
        "自 {at} 起中止：{because}";

    /// A pause.
    paused_since(at, because):
        "paused since {at}: {because}"
        "自 {at} 起暂停：{because}";

    /// A limit that ends by itself.
    deferred(until):
        "a daily limit of the merchant was reached; sending goes on from {until} (Beijing)"
        "已达到商户的日限额；将从 {until}（北京时间）起继续发送";

    /// The same, when nothing runs.
    deferred_until(until):
        "a daily limit of the merchant was reached, until {until}"
        "已达到商户的日限额，至 {until}";

    /// Too fast for WeChat Pay.
    throttled():
        "stopped: WeChat Pay refuses every request because of the rate; lower [pace]"
        "已停止：微信支付因频率过高拒绝所有请求；请调低 [pace]";

    /// A disk that is full, for one.
    ledger_failed():
        "stopped: the ledger failed"
        "已停止：账本出错";

    /// Refused while the set-up was wrong, and not to be sent under the same number.
    burnt(count, code, command):
        "{count} packet‹s› ‹was|were› refused with {code} while the set-up was in question, and \
         WeChat Pay calls ‹its number|their numbers› FAILED. To send ‹it|them› again: {command}"
        "有 {count} 个红包在设置存疑时因 {code} 发放失败，且微信支付称其单号为 FAILED：如需重新发放：{command}";

    /// One that was cut short.
    goes_on(since):
        "going on with the reconciliation that began at {since} (Beijing): what was answered since \
         is not asked about again"
        "继续 {since}（北京时间）开始的对账：此后已有应答的不再查询";

    /// The result of a reconciliation.
    asked(asked, moved, unanswered):
        "asked about {asked} packet‹s›: {moved} moved, {unanswered} without a usable answer"
        "查询了 {asked} 个红包：{moved} 个状态有变，{unanswered} 个没有可用的应答";

    /// Packets that were accepted, and that a query denies a day later.
    denied(count):
        "WeChat Pay does not know {count} packet‹s› any more that it accepted two days ago or \
         more, or calls ‹it|them› failing: whether ‹it was|they were› paid, the fund-flow bill of \
         that day tells (`hongbao explain fund-flow`)"
        "有 {count} 个红包微信支付两天或更早以前已受理，现在却查无此单号，或查得失败原因：是否已付款，\
         请以当日资金账单为准（`hongbao explain fund-flow`）";
}
