//! A campaign as it stands.

words! {
    in status;

    /// The head of the table.
    campaign(campaign, mode, count, total):
        "campaign {campaign} ({mode}): {count} packet‹s›, {total} yuan"
        "活动 {campaign}（{mode}）：{count} 个红包，{total} 元";

    /// The row of a state.
    state(state, count, fen, note):
        "  {state:<11}{count:>9}{fen:>15}{note}"
        "  {state:<20}{count:>9}{fen:>15}{note}";

    /// Behind the row of what is sent.
    without_package(count):
        "   {count} of them without package"
        "   其中 {count} 个缺少 package";

    /// Behind the row of what is withdrawn.
    withdrawn():
        "   not counted above"
        "   未计入上面的总数";

    /// A look of `--watch`.
    watched(at, through, all, unresolved, rate, left):
        "{at} (Beijing)  {through} of {all} through, {unresolved} unresolved  {rate}/s  {left} left"
        "{at}（北京时间）  已处理 {through}/{all}，待定 {unresolved}  {rate}/秒  剩余 {left}";

    /// Behind the row of what is refused.
    refused(codes):
        "   {codes}"
        "   {codes}";

    /// Below the states: what their sums hide.
    paid_otherwise(count, owed, paid):
        "  of {count} packet‹s› WeChat Pay says another amount or recipient than was owed: {owed} \
         yuan owed, {paid} paid; `report` names them in `paid_fen` and `paid_openid`"
        "  有 {count} 个红包，微信支付返回的金额或收款人与应付的不一致：应付 {owed} 元，实付 {paid} 元；\
         见报表的“实付金额(分)”和“实收用户openid”列";

    /// Above the list of breaks.
    breaks(count):
        "  of {count} packet‹s› WeChat Pay said what cannot both be true, or paid them twice:"
        "  有 {count} 个红包微信支付前后说法矛盾，或付款两次：";

    /// A line of that list.
    broken(number, what):
        "    {number}  {what}"
        "    {number}  {what}";

    /// Below that list.
    more_broken(count):
        "    and {count} more: `hongbao status CAMPAIGN.toml --json` names them"
        "    另有 {count} 个，见 `hongbao status CAMPAIGN.toml --json`";

    /// Above the oldest packets that are open, in time before queries reach them no more.
    overdue(count, fen):
        "  {count} packet‹s›, {fen} yuan, ‹is|are› not settled after 25 days; WeChat Pay answers \
         for 30:"
        "  有 {count} 个红包共 {fen} 元逾 25 天未完结；微信支付只能查询 30 天内的单号：";

    /// A line of that list.
    overdue_bill(number, state, since):
        "    {number}  {state}  first sent at {since} (Beijing)"
        "    {number}  {state}  首次发放于 {since}（北京时间）";

    /// Packets that were paid, and of which queries tell no more.
    untold(count, fen):
        "  {count} packet‹s›, {fen} yuan, ‹was|were› paid over 30 days ago, and WeChat Pay tells \
         no more whether ‹it was|they were› claimed or came back: the fund-flow bills tell what \
         came back (`hongbao explain fund-flow`)"
        "  有 {count} 个红包共 {fen} 元付款已逾 30 天，微信支付不再告知是否领取或退回：\
         退回的款项见资金账单（`hongbao explain fund-flow`）";

    /// What does not agree with fund-flow bills.
    bill_breaks(kinds):
        "  the fund-flow bills do not agree: {kinds}; `hongbao explain` with a word tells more. \
         The bill that explains it ends it; so does `hongbao reconcile --instead` with the right \
         bill where one was wrong, or `hongbao resolve --explained`"
        "  与资金账单不符：{kinds}；可用 `hongbao explain` 加其中的词查看说明；\
         能说明原因的账单会消除它；账单有误时，用正确的账单执行 `hongbao reconcile --instead`；\
         也可由人工说明：`hongbao resolve --explained`";

    /// What a ledger that may be behind does not know.
    unasked(count):
        "the ledger may be behind: since then nobody asked WeChat Pay about {count} packet‹s›, and \
         each may have been paid, whatever its state; `hongbao reconcile` asks, and so does a run \
         before it sends; that a packet is not found counts from ten minutes later on"
        "账本可能落后：有 {count} 个红包此后尚未向微信支付查询，无论状态如何都可能已付款；\
         `hongbao reconcile` 会查询，run 在发送之前也会查询；十分钟之后的查无此单才算数";

    /// What the last whole reconciliation found of packets that WeChat Pay had accepted.
    denied(count):
        "  {count} packet‹s› that WeChat Pay accepted or called paid, and did not know or called \
         failing at the last whole reconciliation: whether ‹it was|they were› paid, the \
         fund-flow bill of that day tells (`hongbao explain fund-flow`)"
        "  有 {count} 个红包微信支付曾经受理或称已付款，上次完整的 `reconcile` 查询时却查无此单号，\
         或查得失败原因：是否已付款，请以当日资金账单为准（`hongbao explain fund-flow`）";

    /// A sentence as a line of the table.
    line(what):
        "  {what}"
        "  {what}";

    /// To be kept where nobody can write to the ledger.
    head(head):
        "  journal head {head}"
        "  账本校验码 {head}";
}
