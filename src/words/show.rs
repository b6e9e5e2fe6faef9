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
