//! One packet's life, and a person's word on it.

words! {
    in show;

    /// The bill.
    bill(number, state, amount):
        "{number}  {state}  {amount} yuan"
        "{number}  {state}  {amount} 元";

    /// The package is there.
    can_be_opened(end):
        "  package      opens it until {end} (Beijing)"
        "  package      可用于打开，至 {end}（北京时间）";

    /// When it was claimed.
    received(at):
        "  received_at  {at} (Beijing)"
        "  received_at  {at}（北京时间）";

    /// Claimed, without a time.
    received_unknown():
        "  received_at  WeChat Pay did not say when"
        "  received_at  微信支付未提供时间";

    /// An unclaimed packet is back.
    refunded(fen, at):
        "  refunded     {fen} yuan at {at} (Beijing)"
        "  refunded     {fen} 元，{at}（北京时间）";

    /// As of when that is.
    asked(at):
        "  asked_at     {at} (Beijing)"
        "  asked_at     {at}（北京时间）";

    /// Above the requests.
    requests():
        "  requests:"
        "  请求：";

    /// Above the moves.
    moves():
        "  moves:"
        "  变动：";

    /// A verdict is on record.
    resolved(number, state):
        "{number} is now `{state}`, on record"
        "{number} 现为 `{state}`，已记录在案";
}
