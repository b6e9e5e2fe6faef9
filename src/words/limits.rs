//! Messages about the limits of one run: `--max-rows`, `--max-amount` and `--canary`.

words! {
    in limits;

    /// `--max-amount` that is no amount of yuan.
    amount(given, why):
        "--max-amount {given}: {why}"
        "--max-amount {given} 不是可用的金额：{why}";

    /// `--max-amount 0`.
    no_amount():
        "--max-amount 0 sends nothing: leave it out to send everything, or give more"
        "--max-amount 0 不会发送任何红包：要全部发送请去掉它，否则请填写更大的金额";

    /// The run ends though packets wait.
    reached(limit, count, amount):
        "stopped at {limit}: {count} packet‹s› of {amount} yuan ‹waits|wait› to be sent"
        "已到 {limit} 的限额，停止发送：还有 {count} 个红包共 {amount} 元等待发送";

    /// The limit is below the first packet.
    too_small(amount):
        "the next packet is of more than {amount} yuan: give a larger --max-amount"
        "轮到的红包金额超过 {amount} 元：请填写更大的 --max-amount";

    /// Packets that the run leaves open are due at a time of their own.
    open(at):
        "open packets are next due at {at} (Beijing)"
        "尚未了结的红包，下一步时间为 {at}（北京时间）";

    /// Before the packets of a canary.
    canary(count, amount):
        "canary: {count} packet‹s› of {amount} yuan; WeChat Pay says of them:"
        "试发：{count} 个红包共 {amount} 元；微信支付的答复：";

    /// One packet of a canary: its number, its money, what was said.
    packet(number, amount, said):
        "  {number}{amount:>10} yuan  {said}"
        "  {number}{amount:>10} 元  {said}";

    /// Packets of a canary that are not listed.
    more(count):
        "  and {count} more"
        "  另有 {count} 个";

    /// Nothing of the canary could be sent.
    no_canary():
        "canary: no packet was sent"
        "试发：没有发出任何红包";

    /// The whole canary was paid.
    well(count):
        "all {count} are paid, by WeChat Pay's own word"
        "微信支付确认：这 {count} 个均已发放";

    /// A part of the canary was not paid, or not surely.
    trouble(count, all):
        "{count}‹/› of {all} ‹is|are› refused or not settled: nothing more is sent. Find out why \
         first"
        "{all} 个中有 {count} 个发放失败或结果待确认：不再发送。请先查明原因";

    /// The question on a terminal.
    question(count, amount):
        "{count} packet‹s› of {amount} yuan ‹waits|wait›. Type yes to send them:"
        "还有 {count} 个红包共 {amount} 元等待发送。输入 yes 继续发送：";

    /// WeChat Pay: `SENT`.
    sent():
        "issued, not claimed yet"
        "已发放，待领取";

    /// WeChat Pay: `RECEIVED`.
    received():
        "claimed"
        "已领取";

    /// WeChat Pay: `RFUND_ING` or `REFUND`.
    refunded():
        "issued and not claimed in time: the money flows back"
        "已发放，过期未领：款项退回";

    /// WeChat Pay: `SENDING`.
    sending():
        "still being worked on"
        "仍在处理";

    /// WeChat Pay: `SENDING`, with a reason.
    failing():
        "still being worked on, with a reason why it fails"
        "仍在处理，并已给出失败原因";

    /// WeChat Pay: `FAILED`.
    failed():
        "failed"
        "发放失败";

    /// WeChat Pay: `NOT_FOUND`.
    not_found():
        "this number is not known"
        "查无此单号";

    /// WeChat Pay knows the number for something else.
    clash():
        "this number is known with another amount or recipient"
        "此单号对应的金额或收款人不同";

    /// WeChat Pay knows the number, and tells no more of it.
    expired():
        "this number is known, and too old to be asked about"
        "此单号已存在，但已超过可查询的期限";

    /// No answer that tells anything.
    silent():
        "no usable answer: it is in doubt"
        "没有可用的答复：结果未明";

    /// Settled by the answer to the send.
    refused(code):
        "refused: {code}"
        "发放失败（未付款）：{code}";

    /// Settled before it was asked about.
    settled(state):
        "{state}"
        "{state}";

    /// It was paid, and its recipient cannot open it.
    unopened():
        "issued, but the package that opens it is missing"
        "已发放，但缺少打开它的 package";
}
