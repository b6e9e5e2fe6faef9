//! Differences between a rehearsal's report and the simulator's books.

words! {
    in compare;

    /// The last line.
    verdict(paid_twice, lost, misreported):
        "paid twice {paid_twice} · lost {lost} · misreported {misreported}"
        "重复付款 {paid_twice} · 漏发 {lost} · 记录不符 {misreported}";

    /// A finding.
    paid_twice(finding):
        "  paid twice: {finding}"
        "  重复付款：{finding}";

    /// A finding.
    lost(finding):
        "  lost: {finding}"
        "  漏发：{finding}";

    /// A finding.
    misreported(finding):
        "  misreported: {finding}"
        "  记录不符：{finding}";

    /// Findings that are not written out.
    more(count):
        "and {count} more"
        "另有 {count} 条";

    /// The ledger or its report cannot be read.
    unreadable(fault):
        "the ledger cannot be read: {fault}"
        "无法读取账本：{fault}";

    /// A row of the file with two packets.
    twice_in_report(key):
        "{key} is in the report twice"
        "{key} 在报表中出现两次";

    /// A row of the file with none.
    not_in_report(key):
        "{key} is not in the report"
        "{key} 不在报表中";

    /// A packet that was not taken up.
    forgotten(number, state):
        "{number} is still {state}, and no run goes on with it"
        "{number} 仍为 {state}，且没有后续处理";

    /// A refusal that never was.
    unrefused(number):
        "{number} is reported as refused, but no answer refused it"
        "{number} 报为被拒，但没有谁拒绝过它";

    /// A packet of nobody.
    not_in_file(number, key):
        "{number} is in the report, {key} is not in the recipients file"
        "{number} 在报表中，而 {key} 不在名单文件中";

    /// A packet of somebody else.
    not_for_whom(number):
        "{number} has another recipient than in the file"
        "{number} 的收款人与名单文件不符";

    /// Another amount than is owed.
    other_amount(number, said, fen):
        "{number} is {said} fen in the report and {fen} in the file"
        "{number} 在报表中为 {said} 分，在名单文件中为 {fen} 分";

    /// A word that is no state.
    no_state(number, word):
        "{number} is {word}, which is no state"
        "{number} 为 {word}，这不是任何状态";

    /// A payment that never was.
    not_paid(number, state):
        "{number} is reported as {state}, but was not paid"
        "{number} 报为 {state}，但并未付款";

    /// A payment that is denied.
    was_paid(number, state):
        "{number} is reported as {state}, but was paid"
        "{number} 报为 {state}，但已付款";

    /// A payment to somebody else.
    other_person(number):
        "{number} went to another person than reported"
        "{number} 的实际收款人与报表不符";

    /// Another amount than was paid.
    other_paid(number, fen, said):
        "{number} was of {fen} fen and is reported with {said}"
        "{number} 实为 {fen} 分，报表为 {said} 分";

    /// Another red packet than was paid.
    other_listid(number):
        "{number} has another send_listid in the report"
        "{number} 在报表中的 send_listid 不同";

    /// Another state than the gateway has.
    other_status(number, state, status):
        "{number} is reported as {state}, but is {status}"
        "{number} 报为 {state}，实为 {status}";

    /// Sends without a row.
    unrecorded(number, sends, attempts):
        "{number} was sent {sends} time‹s›, {attempts} of these on record"
        "{number} 发送了 {sends} 次，记录在案 {attempts} 次";

    /// Two payments under one number.
    payments(number, payments):
        "{number} was paid {payments} time‹s›"
        "{number} 付款 {payments} 次";

    /// Two payments under two numbers.
    paid_again(number):
        "{number} was paid, and its recipient had been paid already"
        "{number} 已付款，而其收款人此前已收过款";

    /// An order of nobody.
    unknown_order(number):
        "{number} is an order that the ledger does not know"
        "{number} 是账本中没有的订单";

    /// Counters that are wrong.
    counters(has, held, state, count, fen):
        "status counts {has} packet‹s› of {held} fen as {state}, the report {count} of {fen}"
        "status 计 {state} {has} 个共 {held} 分，报表为 {count} 个共 {fen} 分";

    /// One number with two contents.
    clashes(count):
        "{count} request‹s› had other contents than the first of their number"
        "有 {count} 个请求与同单号的首个请求内容不同";

    /// Requests without a row.
    bare_requests(came, attempts):
        "{came} request‹s› came, {attempts} of these on record"
        "收到 {came} 个请求，记录在案 {attempts} 个";
}
