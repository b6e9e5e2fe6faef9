//! Notes of the journal beside a move. It keeps English; [`super::recall`] finds the Chinese.

words! {
    in note;

    /// Two red packets under one number, each by its own number.
    paid_twice(one, other):
        "WeChat Pay paid twice under one number: red packets {one} and {other}"
        "微信支付对同一单号付款两次：红包单号 {one} 和 {other}";

    /// Two red packets under one number, as a query says.
    double_payment():
        "WeChat Pay paid twice under one number"
        "微信支付对同一单号付款两次";

    /// A packet by another number of WeChat Pay's than a reply called it by.
    another_name(number):
        "a query calls it {number}"
        "查询称其红包单号为 {number}";

    /// A payment that is none.
    paid_then_failed():
        "paid by its reply, FAILED by a query"
        "应答称已付款，查询称 FAILED";

    /// A payment of something else than what a reply said was paid.
    paid_otherwise():
        "paid by its reply, and another amount or recipient by a query"
        "应答称已付款，而查询所示的金额或收款人不同";

    /// A payment after a proof of none.
    unpaid_then_paid():
        "proven unpaid, and now seen paid"
        "曾证实未付款，现查到已付款";

    /// Money that is with two people.
    received_then_refunded():
        "claimed by one query, refunded by a later one"
        "先查询为已领取，后又查询为已退款";

    /// The same, the other way round.
    refunded_then_received():
        "refunded by one query, claimed by a later one"
        "先查询为已退款，后又查询为已领取";

    /// A claim that was at another time before.
    another_claim_time(was, is):
        "another claim time: {was}, now {is}"
        "领取时间不一致：原为 {was}，现为 {is}";

    /// A refund that was at another time before.
    another_refund_time(was, is):
        "another refund time: {was}, now {is}"
        "退款时间不一致：原为 {was}，现为 {is}";

    /// A refund of another amount than was sent, or than it was before.
    another_refund(was, is):
        "another refunded amount: {was} yuan, now {is} yuan"
        "退款金额不一致：原为 {was} 元，现为 {is} 元";

    /// A payment of what a person took back.
    withdrawn_then_paid():
        "taken back by a person, and now seen paid"
        "曾由人工撤回，现查到已付款";

    /// A packet with other content under its own number.
    frozen_anew(file, was, is):
        "frozen anew as it stands in file {file}: its digest was {was} and is {is}"
        "已按文件 {file} 的内容重新固定：内容校验码原为 {was}，现为 {is}";

    /// A pause without a reason.
    by_hand():
        "paused by hand"
        "人工暂停";

    /// A packet that a person brings back.
    brought_back(file):
        "brought back by file {file}, with the content that it had"
        "由文件 {file} 按原内容恢复";

    /// Another amount than what is owed, as a query says.
    paid_other(amount):
        "WeChat Pay paid {amount} yuan under this number, not what is owed"
        "微信支付在此单号下付款 {amount} 元，与应付金额不同";

    /// Another recipient than the one who is owed, as a query says.
    paid_another(amount, openid):
        "WeChat Pay paid {amount} yuan to {openid} under this number"
        "微信支付在此单号下向 {openid} 付款 {amount} 元";

    /// A person's word about a number with another amount.
    ruled_paid_other(amount, because):
        "paid with {amount} yuan, not what is owed: {because}"
        "已付 {amount} 元，与应付金额不同：{because}";

    /// A person's word about a number with another recipient.
    ruled_paid_another(amount, openid, because):
        "paid with {amount} yuan to {openid}: {because}"
        "已向 {openid} 付款 {amount} 元：{because}";

    /// A second package for one packet.
    another_package(package):
        "a resend brought another package: {package}"
        "重发带回了另一个 package：{package}";

    /// A number that another ledger has sent.
    remembered(number):
        "WeChat Pay knows {number}, which this ledger never sent: the campaign was run from \
         another ledger before"
        "微信支付已有单号 {number}，而本账本从未发送过它：本活动此前曾用另一个账本运行";

    /// A ledger that is a copy.
    all_copied():
        "everything open is asked about before it is sent"
        "所有未结的红包在发送前都先查询";

    /// A ledger that does not know what a person decided since.
    paused_copy():
        "the ledger is a copy, which knows no pause and no decision made since: reconcile first"
        "账本是副本，不含此后所作的暂停与决定：请先对账（reconcile）";

    /// The question about the number after one that failed.
    next_asked(number):
        "FAILED, and {number} after it is asked about"
        "已为 FAILED，接着查询下一个单号 {number}";

    /// A number that another ledger gave the packet.
    next_known(number):
        "WeChat Pay knows {number} after it: that one is the packet's"
        "微信支付已有下一个单号 {number}：该单号才是本红包现用的单号";

    /// The same, about that number.
    found_after(number):
        "known to WeChat Pay after {number}: another ledger gave it"
        "微信支付在 {number} 之后已有此单号：由另一个账本给出";

    /// A send without its request.
    request_gone():
        "its request is gone from the ledger: WeChat Pay is asked"
        "账本中已没有它的请求记录：将向微信支付查询";

    /// A step that was planned too far ahead.
    wrong_clock():
        "planned by a wrong clock: due now"
        "由错误的时钟安排：现已到期";

    /// A doubt that no query reaches any more.
    too_old():
        "29 days have passed: queries reach back 30"
        "已过 29 天：查询只能追溯 30 天";

    /// A person's word about the clock.
    clock_is_right():
        "the clock is right"
        "时钟是准的";

    /// A number that was given up, by whom and why.
    reissued(number, because):
        "reissued as {number}: {because}"
        "已改用新单号 {number}：{because}";

    /// A number that is sent again, by whom and why.
    sent_again(because):
        "to be sent again under its own number: {because}"
        "将以原单号重新发放：{because}";

    /// A packet that the bills call paid, and the ledger does not.
    billed():
        "a fund-flow bill says that it was paid: it is not sent"
        "资金账单显示它已付款：不再发送";

    /// The number that took its place.
    in_place_of(number, because):
        "in place of {number}: {because}"
        "代替单号 {number}：{because}";

    /// A refusal that is not believed.
    excused():
        "refused while the set-up is in question: it will be sent once more"
        "在设置存疑时发放失败：将再发送一次";

    /// A second chance.
    freed_again():
        "sent once more under its number: the first refusal was in a run that halted"
        "以原单号再发送一次：首次发放失败发生在已中止的运行中";

    /// A second chance that a person has.
    passed_over(campaign):
        "not sent once more: campaign {campaign} was given a packet for the same person since"
        "不再重新发放：活动 {campaign} 此后又为同一人安排了红包";

    /// The end of a reconciliation: packets that were accepted, and are unknown later.
    denied(count):
        "accepted by a reply, and denied by WeChat Pay since: {count}"
        "曾应答受理、现被微信支付否认：{count}";

    /// A number that nobody was to know.
    known_after_all():
        "proven unpaid, or never sent, and WeChat Pay has an order of it after all"
        "已确认未付款，或从未发送，而微信支付仍有其订单";

    /// A packet that a person took along.
    exported():
        "exported for another list: it is not sent once more by itself"
        "已导出到其他名单：不再自动重新发放";

    /// A number whose predecessor turned out to be paid.
    former_was_paid():
        "the number before it, which was given up, was paid"
        "此前放弃的旧单号已付款";
}
