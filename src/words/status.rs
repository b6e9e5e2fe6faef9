//! A campaign as it stands.

words! {
    in status;

    /// The head of the table.
    campaign(campaign, mode, count, total):
        "campaign {campaign} ({mode}): {count} packets, {total} yuan"
        "活动 {campaign}（{mode}）：{count} 个红包，{total} 元";

    /// The row of a state. The label is empty in English, where the state's name says it.
    state(state, label, count, fen, note):
        "  {state:<11}{label}{count:>9}{fen:>15}{note}"
        "  {state:<11}{label:<12}{count:>9}{fen:>15}{note}";

    /// Behind the row of what is sent.
    without_package(count):
        "   {count} of them without package"
        "   其中 {count} 个缺少 package";

    /// Above the list of breaks.
    breaks(count):
        "  {count} packets were paid twice by WeChat Pay, or called both paid and unpaid:"
        "  有 {count} 个红包被微信支付付款两次，或既称已付又称未付：";

    /// A line of that list.
    broken(number, what):
        "    {number}  {what}"
        "    {number}  {what}";

    /// To be kept where nobody can write to the ledger.
    head(head):
        "  journal head {head}"
        "  日志头 {head}";
}
