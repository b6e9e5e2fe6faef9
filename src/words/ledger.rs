//! Why the ledger cannot be used, or refuses what was asked.

words! {
    in ledger;

    /// Another process holds the lock.
    held(path, by):
        "{path}: another run holds the ledger{by}; wait for it, or stop it, then run again"
        "{path}：账本正被另一次运行占用{by}；请等它结束或将其停止，然后再次运行";

    /// Its holder, where that is known.
    by(holder):
        " ({holder})"
        "（{holder}）";

    /// A holder that did not say what it does.
    held_by(pid):
        "process {pid}"
        "进程 {pid}";

    /// A holder that did.
    held_by_verb(verb, campaign, pid, host, since):
        "`{verb}` of campaign {campaign}, process {pid} on {host}, since {since}"
        "活动 {campaign} 的 `{verb}`，{host} 上的进程 {pid}，始于 {since}";

    /// The lock file went while it was held.
    lock_lost(path):
        "{path}: the lock file was removed or replaced while this run held it; nothing more was \
         sent. Make sure that no other run is active, then run again"
        "{path}：本次运行期间锁文件被删除或替换；此后未再发送任何请求。请确认没有其他运行正在进行，\
         然后再次运行";

    /// The ledger went while it was held.
    ledger_lost(path):
        "{path}: the ledger was moved or replaced while this run held it; nothing more was sent. \
         Put it back, make sure that no other run is active, then run again"
        "{path}：本次运行期间账本被移走或替换；此后未再发送任何请求。请放回账本，确认没有其他运行正在\
         进行，然后再次运行";

    /// A copy of the ledger.
    copied(path):
        "{path}: this is a copy of the ledger that was used last, made by other means than \
         `hongbao ledger backup`. Packets that it calls unsent may have been sent from the other \
         one, so nothing was sent or written. If the other one is retired, `hongbao ledger adopt \
         CAMPAIGN.toml` accepts this one and asks WeChat Pay about each open packet first"
        "{path}：这是上次所用账本的副本，并非由 `hongbao ledger backup` 生成。其中记为未发送的红包可能\
         已由原账本发送：未发送也未写入任何内容。若原账本不再使用，`hongbao ledger adopt 活动文件` \
         会用此账本取而代之，并先向微信支付查询所有未结的红包";

    /// Another process does not let us in.
    busy(path):
        "{path}: another process has been using the ledger for ten seconds: a load that fills it \
         for the first time, or a report that is still being read; wait for it, then run again"
        "{path}：另一个进程已占用账本十秒：可能是首次载入名单，或仍在读取的报表；请等它结束，然后再次\
         运行";

    /// This account may not do it.
    closed(path, why):
        "{path}: {why}. Nothing was changed or sent; status, report, show and audit need no write"
        "{path}：{why}。未作任何更改或发送；`status`、`report`、`show` 和 `audit` 无需写权限";

    /// What may only be looked at changed meanwhile.
    changed(path):
        "{path}: somebody wrote to the ledger while it was read; give the command again"
        "{path}：读取期间账本被写入；请重新执行该命令";

    /// The file system refused.
    file(path, fault):
        "{path}: {fault}; check the path, its permissions and the disk"
        "{path}：{fault}；请检查路径、权限和磁盘";

    /// SQLite refused.
    sqlite(path, doing, fault):
        "{path}: {doing} failed: {fault}; nothing more was sent. Check the disk, then run again: \
         open requests are cleared up first"
        "{path}：账本操作（{doing}）失败{fault}；此后未再发送任何请求。请检查磁盘，然后再次运行：\
         会先清理未完成的请求";

    /// A file of another kind, or a ledger without its beginning.
    no_database(path):
        "{path} is no ledger, or it is damaged; nothing more was sent. `hongbao ledger restore` \
         puts a backup there; without one, move it away, then `hongbao ledger adopt` and `load`"
        "{path} 已损坏，或不是账本；此后未再发送任何请求。可用 `hongbao ledger restore` 换上备份；\
         没有备份则先移走该文件，再执行 `hongbao ledger adopt` 和 `load`";

    /// A file with a later schema.
    newer(path, found, known):
        "{path}: this ledger has version {found}, this program knows up to {known}; use the newer \
         program"
        "{path}：此账本为第 {found} 版，本程序最高支持第 {known} 版；请使用更新的程序";

    /// A copy in the place of the ledger.
    older(path):
        "{path}: this is a backup, or older than the ledger that was used here last: a copy was \
         put in its place. Packets that it calls unsent may have been sent since. To use it, \
         `hongbao ledger adopt CAMPAIGN.toml` accepts it and asks WeChat Pay about each open \
         packet first"
        "{path}：这是一份备份，或比此处上次使用的账本更旧：有人用副本替换了它。其中记为未发送的红包可能\
         此后已发送；若确要使用，`hongbao ledger adopt 活动文件` 会先向微信支付查询所有未结的\
         红包";

    /// A copy would overwrite something.
    exists(path):
        "{path}: a file of that name exists; choose another"
        "{path}：已有同名文件；请换一个名称";

    /// There is no place for it.
    no_folder(path, folder):
        "{path}: the folder of the ledger is not there; make it with `mkdir -p {folder}`, or \
         mend ledger.path"
        "{path}：账本所在的文件夹不存在；请用 `mkdir -p {folder}` 新建，或改正 ledger.path";

    /// A file that no process took as a ledger.
    no_ledger(path):
        "{path}: this is no ledger of this program"
        "{path}：这不是本程序的账本";

    /// A rehearsal's ledger for real money, or the other way round.
    wrong_mode(path, found, wanted):
        "{path}: this ledger was made in {found} mode and cannot be used in {wanted} mode; name \
         another file in ledger.path"
        "{path}：此账本在 {found} 模式下创建，不能用于 {wanted} 模式；请在 ledger.path 中另指定文件";

    /// Something that no campaign can change.
    frozen_for_good(field, campaign, loaded, given):
        "{field} was {loaded} when campaign {campaign} was loaded and is {given} now; change it \
         back, or give the campaign a new id"
        "活动 {campaign} 载入时 {field} 为 {loaded}，现在是 {given}；请改回，或给活动换一个新的 id";

    /// A text that was fixed when the campaign was loaded.
    frozen(field, campaign, loaded, given):
        "{field} was {loaded} when campaign {campaign} was loaded and is {given} now; change it \
         back, or run `hongbao load CAMPAIGN.toml --refreeze`, which accepts it while no request \
         has reached WeChat Pay"
        "活动 {campaign} 载入时 {field} 为 {loaded}，现在是 {given}；请改回，或执行 \
         `hongbao load 活动文件 --refreeze`：只要还没有请求到达微信支付，就可以更改";

    /// A text that may have reached WeChat Pay.
    no_refreeze(campaign):
        "the texts of campaign {campaign} cannot be changed any more: a request with the old ones \
         may have reached WeChat Pay; change them back in the campaign file"
        "活动 {campaign} 的文案已不能更改：带有原文案的请求可能已到达微信支付；请在活动文件中改回";

    /// Against the word of a bill.
    verdict_against_bill():
        "a fund-flow bill says that it was paid: `--paid` books that; else ask WeChat Pay's \
         support with its number"
        "资金账单显示它已付款：用 `--paid` 记账；否则请凭单号联系微信支付客服";

    /// Packets that another ledger may have sent, or given another number.
    unasked(campaign, count):
        "the ledger may be behind, and {count} packet‹s› of campaign {campaign} ‹was|were› not \
         asked about since, or not ten minutes later; run `hongbao reconcile CAMPAIGN.toml` first"
        "账本可能落后于微信支付的记录，活动 {campaign} 尚有 {count} 个红包未在十分钟之后查询；请先执行 \
         `hongbao reconcile 活动文件`";

    /// Another process took over.
    stale(path):
        "{path}: another process took over this ledger; this one changed nothing more"
        "{path}：另一个进程已接管此账本；本进程未再作任何更改";

    /// A move that no bill makes.
    illegal_move(from, event):
        "a bill in state {from} cannot take the event {event}"
        "状态为 {from} 的订单不能接受事件 {event}";

    /// A defect.
    illegal(illegal_move):
        "{illegal_move}; this is a defect, please report it with the output of `hongbao show`"
        "{illegal_move}；这是程序缺陷，请附上 `hongbao show` 的输出一并上报";

    /// Counters and rows disagree.
    unbalanced(path, loaded, total, count, fen):
        "{path}: the books do not balance: {loaded} packet‹s› of {total} yuan ‹was|were› loaded, \
         the states hold {count} of {fen} yuan; do not send. Restore a backup or report it"
        "{path}：账不平：载入了 {loaded} 个红包共 {total} 元，各状态合计 {count} 个共 {fen} 元；请勿\
         发送。请恢复备份或上报";

    /// A value that this program never writes.
    damaged(path, what):
        "{path}: {what} differs from what this program wrote: the file was changed from outside or \
         is damaged. Nothing is sent from it; look with `hongbao audit`, then restore a backup"
        "{path}：{what} 与本程序写入的内容不符：文件被外部改动或已损坏。不会再用它发送；请执行 \
         `hongbao audit` 检查，然后恢复备份";

    /// A table, index, trigger or view that is not as this version makes it.
    strange(path, what):
        "{path}: {what}: the file was changed from outside, and nothing is written to it or sent \
         from it. `hongbao audit CAMPAIGN.toml` tells what else was changed; find out who wrote to \
         it, then put a backup in its place with `hongbao ledger restore CAMPAIGN.toml BACKUP`"
        "{path}：{what}：文件被外部改动，不会再写入，也不会再用它发送。请执行 \
         `hongbao audit 活动文件` 查看还有哪些改动；查明是谁写入的，然后用 \
         `hongbao ledger restore 活动文件 备份文件` 恢复备份";

    /// Damaged: the row that stands for the whole ledger.
    own_row():
        "the ledger's own row"
        "账本自身的记录";

    /// Damaged: a packet, by its number: a row key is an openid where a list has no other, and this
    /// is logged.
    packet(number, line):
        "the packet {number} of line {line}"
        "第 {line} 行的红包 {number}";

    /// Damaged: a packet that was approved, by its number.
    approved(number):
        "the packet {number}, or what its campaign says, which was approved otherwise,"
        "红包 {number} 或其活动的内容（与获批准时不同）";

    /// Damaged: one of some packets that were approved.
    approved_rows(first, last):
        "one of the bills {first} to {last}, which was approved otherwise,"
        "订单 {first} 至 {last} 中的某一个（与获批准时不同）";

    /// Damaged: the inputs of a number.
    name(fault):
        "a name that numbers are derived from ({fault})"
        "推导单号所用的名称（{fault}）";

    /// The campaign was never loaded.
    no_campaign(campaign):
        "campaign {campaign} is not in the ledger yet; load it first with `hongbao load`"
        "账本中还没有活动 {campaign}；请先用 `hongbao load` 载入";

    /// The thread that writes is gone.
    writer_gone():
        "the ledger's writer has stopped"
        "账本的写入线程已停止";

    /// A thread that sends is gone.
    worker_gone():
        "a worker ended unexpectedly; this is a defect, please report it"
        "一个发送任务意外结束；这是程序缺陷，请上报";

    /// A verdict on a bill with an open request.
    verdict_while_open():
        "a request about this bill is open; run `hongbao reconcile` first"
        "该订单有请求尚未结束；请先执行 `hongbao reconcile`";

    /// A verdict against what WeChat Pay says.
    verdict_against(said):
        "WeChat Pay's last answer about this bill was `{said}`; run `hongbao reconcile` and decide \
         after that"
        "微信支付对该订单的最后答复是“{said}”；请执行 `hongbao reconcile` 之后再作决定";

    /// A verdict on a doubt that may still be cleared.
    verdict_too_early():
        "the bill is in doubt, and WeChat Pay may still settle it: a person decides 72 hours after \
         its resend window closed, if the last query said NOT_FOUND; run `hongbao reconcile`"
        "该订单结果未明，微信支付仍可能给出答复：须在重发窗口关闭 72 小时之后，且最后一次查询结果为 \
         NOT_FOUND，才能由人工决定；请执行 `hongbao reconcile`";

    /// A verdict on a bill that is decided.
    verdict_not_needed(state):
        "the bill is `{state}`: only a bill in review, or long in doubt, is decided by a person"
        "该订单状态为“{state}”：只有待人工处理或长期结果未明的订单才由人工决定";

    /// Row keys came from the column, and now do not.
    had_row_key(campaign):
        "campaign {campaign} was first loaded with a row_key column, this file comes without one; \
         the same people would be paid under new numbers. Load a file like the first"
        "活动 {campaign} 首次载入的名单有 row_key（业务单号）列，而此文件没有；同一批人会以新单号再次\
         收款。请载入与首次格式相同的文件";

    /// Row keys were openids, and now are not.
    had_no_row_key(campaign):
        "campaign {campaign} was first loaded without a row_key column, this file comes with one; \
         the same people would be paid under new numbers. Load a file like the first"
        "活动 {campaign} 首次载入的名单没有 row_key（业务单号）列，而此文件有；同一批人会以新单号再次\
         收款。请载入与首次格式相同的文件";

    /// People of the campaign under other row keys.
    repeats(count, line):
        "{count} openid‹s› of this file ‹is|are› already in the campaign under other row keys, the \
         first at line {line}; if ‹it is|they are› to be paid again, load with --allow-repeats \
         {count}"
        "此文件中有 {count} 个 openid 已在本活动中以其他业务单号存在，首个在第 {line} 行；若确要再次\
         发放，请在载入时加上 --allow-repeats {count}";

    /// Other packets come back than a person said.
    bring_back(wanted, count):
        "--bring-back {wanted} was given, and {count} packet‹s› of this file ‹was|were› taken back \
         and ‹comes|come› again unchanged; if ‹it is|they are› to be paid after all, load with \
         --bring-back {count}"
        "给出了 --bring-back {wanted}，而此文件中原样再次出现的已撤回红包有 {count} 个；若确要发放，\
         请在载入时加上 --bring-back {count}";

    /// People who were paid too lately.
    paid_lately(count, days):
        "{count} row‹s› of this file ‹is|are› of people who were sent a packet in the last {days} \
         day‹s› (once_per_days); take ‹it|them› out, or lower once_per_days under [caps]"
        "此名单中有 {count} 行的收款人在最近 {days} 天内已发过红包（once_per_days）；请将其移出名单，或在 \
         [caps] 中调低 once_per_days";

    /// Above the budget.
    budget(fault):
        "{fault}; raise campaign.budget_yuan or shorten the file"
        "{fault}；请提高 campaign.budget_yuan 或缩减名单";
}
