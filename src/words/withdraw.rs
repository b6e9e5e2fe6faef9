//! Messages of `withdraw`, and why a packet is not taken back.

words! {
    in withdraw;

    /// A packet that was named and was on the wire.
    not_free(number, state):
        "{number} is `{state}` and was sent, or may have been: only what was never sent is taken \
         back; nothing was changed"
        "{number} 的状态是“{state}”，已经或可能已经发送：只有从未发送的红包才能撤回；未作任何更改";

    /// Packets that were taken back before.
    already(count):
        "withdrawn already, packets: {count}"
        "有 {count} 个红包此前已撤回";

    /// Packets that stay as they are.
    on_the_wire(count):
        "sent, or may have been, and stay as they are, packets: {count}"
        "有 {count} 个红包已经或可能已经发送：保持不变";

    /// No packet is meant.
    nothing():
        "there is nothing to take back"
        "没有可撤回的红包";

    /// The packets that are about to be taken back.
    to_take_back(count, total):
        "packets to take back: {count}, {total} yuan"
        "将撤回：{count} 个红包，共 {total} 元";

    /// WeChat Pay was asked.
    asked(count):
        "asked WeChat Pay about {count} of them"
        "已就其中 {count} 个向微信支付查询";

    /// WeChat Pay may not know yet what was sent last.
    too_early(at, minutes):
        "the ledger that was used before may have sent these just before this one took its place, \
         and WeChat Pay knows a packet some minutes later: nothing is taken back before {at} \
         (Beijing), in {minutes} min"
        "之前的账本可能在被替换前刚刚发出这些红包，而微信支付要过几分钟才能查到：{at}（北京时间）\
         之前不撤回任何红包，还要等 {minutes} 分钟";

    /// The questions ended early, or were not all answered.
    stopped(count):
        "nothing was taken back; questions without a usable answer: {count}; try again"
        "未撤回任何红包：有 {count} 个查询没有得到可用的答复；请稍后重试";

    /// One that WeChat Pay turned out to know.
    kept(number, state):
        "{number} is not taken back: WeChat Pay knows it, it is `{state}` now"
        "{number} 未撤回：微信支付已有此单号，其状态现为“{state}”";

    /// How many are withdrawn now.
    taken_back(count, total):
        "packets withdrawn: {count}, {total} yuan, on record"
        "已撤回 {count} 个红包，共 {total} 元，已记录在案";

    /// What may come next where the list is to be mended.
    mended(load):
        "where the list is mended, `{load}` takes its rows"
        "如果修改了名单，请用 `{load}` 载入修改后的行";

    /// The total that is left.
    owed(total):
        "the campaign's total is now {total} yuan"
        "本活动的总额现为 {total} 元";
}
