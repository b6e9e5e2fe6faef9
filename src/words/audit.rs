//! Messages of an audit about changes.

words! {
    in audit;

    /// SQLite's words on its file.
    file(detail):
        "the file itself: {detail}"
        "文件本身：{detail}";

    /// A table, index or trigger that is gone or changed.
    schema(kind, name):
        "the {kind} {name} is missing, or differs from the one that this program makes"
        "{kind} {name} 缺失，或与本程序创建的不同";

    /// A table, index or trigger too many.
    schema_more(kind, name):
        "this program did not make the {kind} {name}"
        "{kind} {name} 不是本程序创建的";

    /// The head that was given is in no row.
    head():
        "no row of the journal has the given head: since it was noted, rows were cut off or \
         rewritten, or an older copy was restored"
        "日志中没有任何一行与给出的账本校验码相符：自记下它以来，有记录被截断或重写，或恢复了更旧的副本";

    /// A row of the journal that is gone.
    row_gone(row):
        "row {row} of the journal is gone"
        "日志第 {row} 行已丢失";

    /// A row of the journal whose request is gone.
    request_gone(row):
        "{row}: its request is gone"
        "{row}：其对应的请求已丢失";

    /// A row of the journal that is not as it was.
    row_changed(row):
        "{row}: this row, its request, or the packet's fields in that request differ from what was \
         written"
        "{row}：该行、其对应的请求，或该请求所述的红包内容，与当初写入的不符";

    /// A row of the journal.
    row(row, event):
        "row {row} of the journal ({event})"
        "日志第 {row} 行（{event}）";

    /// A row of the journal about a bill.
    row_about(row, event, bill):
        "row {row} of the journal ({event} about bill {bill})"
        "日志第 {row} 行（{event}，订单 {bill}）";

    /// Packets that are counted and have no row.
    lost_ready(count):
        "the count of packets that are `ready` ({count}, and none has a row)"
        "状态为“待发放”的红包个数（{count} 个，但没有对应的行）";

    /// The row that stands for the whole ledger is gone.
    own_row_gone():
        "the ledger's own row is gone"
        "账本自身的记录已丢失";

    /// The row that stands for the whole ledger is not as it was.
    own_row():
        "the ledger's own row differs from what was written"
        "账本自身的记录与当初写入的不符";

    /// The journal is shorter or longer than it was.
    length(has, had):
        "the journal has {has} row‹s›, it had {had}"
        "日志现有 {has} 行，原有 {had} 行";

    /// The journal's end was written anew.
    last_row():
        "the journal's last row is not the one that was written last"
        "日志的最后一行不是最后写入的那一行";

    /// A request too few or too many.
    requests(all, told):
        "there are {all} request‹s›; the journal has {told}"
        "共有 {all} 个请求，日志记载了 {told} 个";

    /// An answer too few or too many.
    open_requests(open, told):
        "{open} request‹s› ‹has|have› no answer yet; by the journal it is {told}"
        "有 {open} 个请求尚无应答，日志记载了 {told} 个";

    /// A request that does not tell what it said, and is of no older version.
    unbound():
        "requests lack the mark of their fields, and no older version wrote them"
        "有请求未标记其内容，而它们并非由旧版本写入";

    /// A campaign or a file that is not as it was.
    campaign(campaign):
        "campaign {campaign}, or one of its files, differs from what was written"
        "活动 {campaign} 或其中某个文件的记录与当初写入的不符";

    /// A campaign that is gone.
    campaign_gone():
        "a campaign that the journal names is gone"
        "日志记载的某个活动，其记录已丢失";

    /// A bill.
    bill(bill, line, key):
        "bill {bill} (line {line}, {key})"
        "订单 {bill}（第 {line} 行，{key}）";

    /// A bill that is gone.
    bill_gone(bill):
        "bill {bill} is gone"
        "订单 {bill} 的记录已丢失";

    /// A bill without its file.
    bill_file(bill):
        "{bill}: its file is gone"
        "{bill}：其所属文件的记录已丢失";

    /// A bill that is not as it was loaded.
    bill_changed(bill):
        "{bill}: its openid, amount, texts, number or place differ from what was loaded"
        "{bill}：其 openid、金额、文案、单号或位置与载入时不符";

    /// A bill in another state.
    bill_state(bill, state, left):
        "{bill}: is {state}; by the journal it is {left}"
        "{bill}：现为 {state}，日志记载为 {left}";

    /// A bill that differs in something else.
    bill_left(bill):
        "{bill}: differs from the journal's record"
        "{bill}：与日志记载的不符";

    /// Damaged: a packet whose row is not what the journal says of it.
    as_told(number):
        "the state of packet {number}, which the journal tells otherwise,"
        "红包 {number} 的状态（与日志所载不同）";

    /// A new number that nobody gave.
    bill_reissued(bill):
        "{bill}: its number does not come from a reissue of a loaded packet"
        "{bill}：其单号并非由所载入的红包换号而来";

    /// A bill that moved behind the journal's back.
    bill_moved(bill):
        "{bill}: has moved, and the journal does not say so"
        "{bill}：有变动，而日志没有记载";

    /// A file with other bills than it was loaded with.
    packets(file):
        "file {file}: its packets differ from those that were loaded"
        "文件 {file}：其中的红包与载入时不符";

    /// A file whose first sends would skip or repeat.
    untried(file):
        "file {file}: its first sends would not go on where they stopped"
        "文件 {file}：首次发送不会从停下的地方继续";

    /// Receipts of nothing.
    receipts(count):
        "{count} receipt‹s› ‹belongs|belong› to no bill, or ‹says|say› nothing"
        "有 {count} 条回执不属于任何订单，或没有内容";

    /// Counters that are wrong.
    counters():
        "the counters of states differ from the sums of the packets"
        "各状态的计数与红包合计不符";

    /// A total that is wrong.
    sum(campaign):
        "campaign {campaign}: its packets do not add up to what was loaded"
        "活动 {campaign}：红包合计与载入时不符";

    /// The sum of a day is not that of its bills.
    day(campaign, day):
        "the sum of campaign {campaign} on day {day} differs from the sum of its packets"
        "活动 {campaign} 在第 {day} 天的发送合计与其红包之和不符";

    /// Sums that are missing.
    days_gone(campaign):
        "the sums by day of campaign {campaign} are less than what its packets were paid on"
        "活动 {campaign} 按日的发送合计少于其已付款的红包";

    /// Tables without a version.
    no_version():
        "it has a ledger's tables and no version: a copy by `.dump` has none; take a backup with \
         `hongbao ledger backup`, and use that"
        "有账本的表，但没有版本号：用 `.dump` 复制的文件没有版本号；请改用 `hongbao ledger backup` 所作的备份";

    /// A row that SQLite would not take beside the others.
    row_otherwise(fault):
        "a row is not where it was, or one stands in its place ({fault})"
        "某行不在原处，或已有别的行占其位置（{fault}）";

    /// A match with fund-flow bills.
    flow_match(id):
        "match {id} with fund-flow bills is not what the journal says of it"
        "第 {id} 次资金账单核对与日志记载不符";

    /// A row of the journal about a run.
    run_row(row):
        "row {row} of the journal tells of a run that did not begin, or had ended"
        "日志第 {row} 行所述的运行从未开始，或早已结束";

    /// Before each finding.
    changed(finding):
        "changed: {finding}"
        "有改动：{finding}";

    /// The remedy for findings.
    changed_outside(ledger):
        "{ledger} was changed from outside, or is damaged: do not send from it; restore a backup \
         with `hongbao ledger restore`, or keep it and find out who wrote to it"
        "{ledger} 被外部改动或已损坏：请勿再用它发送；请用 `hongbao ledger restore` 恢复备份，或保留它\
         并查明是谁写入的";

    /// The chain holds, and does not have the head that was given.
    older(ledger, reconcile):
        "the journal of {ledger} is whole, but does not have this head: this ledger is an older \
         copy, or another one. If a backup was restored, that is so, and \
         `{reconcile}` asks about what came after it; if nobody restored one, \
         do not send from it, and find out who put it there"
        "{ledger} 的日志完整，但没有该校验码：这是更旧的副本，或另一个账本。若恢复过备份，则属正常，请用 \
         `{reconcile}` 查询备份之后的情况；若无人恢复过，请勿用它发送，并查明是谁放置的";

    /// The chain holds.
    chain(rows, head):
        "journal: {rows} row‹s› in one chain, head {head}"
        "日志：{rows} 行连成一链，账本校验码 {head}";

    /// The head that was given is in it.
    known_head(row):
        "the given head is that of row {row}: nothing up to it was changed"
        "给出的账本校验码对应日志第 {row} 行：至此没有任何改动";

    /// The packets hold.
    whole(bills, total):
        "packets: {bills} of {total} yuan, as they were loaded, each where the journal left it"
        "红包：{bills} 个共 {total} 元，与载入时一致，且都处于日志记载的状态";

    /// The requests hold.
    whole_requests(count):
        "requests: {count}, each in the journal"
        "请求：{count} 个，均在日志中";

    /// The sums hold.
    balance():
        "balance: counters and totals are what the packets add up to"
        "核对：计数与总额同红包合计相符";
}
