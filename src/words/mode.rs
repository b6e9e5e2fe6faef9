//! The first line of every command: whether money is real.

words! {
    in mode;

    /// A rehearsal.
    simulator():
        "mode: simulator (no money moves)"
        "模式：模拟（不涉及真实资金）";

    /// WeChat Pay.
    live():
        "mode: live"
        "模式：正式（真实付款）";
}
