//! One packet's life, and a person's word on it.

words! {
    in show;

    /// The bill.
    bill(number, state, amount):
        "{number}  {state}  {amount} yuan"
        "{number}  {state}  {amount} 元";

    /// The key of its row.
    row_key(row_key):
        "  row_key      {row_key}"
        "  业务单号      {row_key}";

    /// Its recipient.
    openid(openid):
        "  openid       {openid}"
        "  用户 openid   {openid}";

    /// Which number of the packet it is, where it is not the first.
    generation(generation):
        "  generation   {generation}"
        "  单号代次      {generation}";

    /// The number that WeChat Pay gave it.
    send_listid(id):
        "  send_listid  {id}"
        "  微信红包单号  {id}";

    /// The last error code, and what WeChat Pay said with it.
    err_code(why):
        "  err_code     {why}"
        "  错误码        {why}";

    /// Why WeChat Pay has it in this state.
    reason(reason):
        "  reason       {reason}"
        "  状态原因      {reason}";

    /// A request: when, of which kind, its answer, and the code and text with that.
    request(at, action, answer, why):
        "    {at}  {action:<6} {answer:<20} {why}"
        "    {at}  {action:<4}  {answer:<20} {why}";

    /// A move: when, from which state to which, by which event, and what was noted.
    moved(at, from, to, event, note):
        "    {at}  {from} -> {to}  ({event}) {note}"
        "    {at}  {from} → {to}（{event}） {note}";

    /// The package is there.
    can_be_opened(end):
        "  package      opens it until {end} (Beijing)"
        "  打开凭据      package 已就绪，可打开至 {end}（北京时间）";

    /// When it was claimed.
    received(at):
        "  received_at  {at} (Beijing)"
        "  领取时间      {at}（北京时间）";

    /// Nothing to explain.
    no_break(number):
        "no break of {number} stands that is not explained yet: `hongbao status` counts them, and \
         the workbook of `hongbao report` lists them"
        "{number} 没有尚待说明的差异：`hongbao status` 会计数，`hongbao report` 的工作簿逐条列出";

    /// A person explained it.
    break_explained(number, kind, ledger, bill):
        "{number}: explained, and counted no more: {kind} ledger {ledger} bill {bill}"
        "{number}：已有说明，不再计数：{kind} 账本 {ledger} 账单 {bill}";

    /// Claimed, without a time.
    received_unknown():
        "  received_at  WeChat Pay did not say when"
        "  领取时间      微信支付未提供";

    /// An unclaimed packet is back.
    refunded(fen, at):
        "  refunded     {fen} yuan at {at} (Beijing)"
        "  退款          {fen} 元，{at}（北京时间）";

    /// What was paid, where that is not what was owed.
    paid_otherwise(fen):
        "  paid         {fen} yuan"
        "  实付          {fen} 元";

    /// The same, to somebody else.
    paid_another(fen, openid):
        "  paid         {fen} yuan to {openid}"
        "  实付          {fen} 元，收款人 {openid}";

    /// As of when that is.
    asked(at):
        "  asked_at     {at} (Beijing)"
        "  最近查询时间  {at}（北京时间）";

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
        "{number} 现为“{state}”，已记录在案";

    /// A verdict of unpaid against an answer that names another payment.
    against_payment(yuan):
        "an answer of WeChat Pay's says that {yuan} yuan were paid under this number, though not \
         as owed: `--paid` books what was paid; who is still owed something gets a row of their own"
        "微信支付的答复表明该单号已付 {yuan} 元，只是与应付不同：`--paid` 会按实付记账；\
         仍应付给的人请另列一行";
}
