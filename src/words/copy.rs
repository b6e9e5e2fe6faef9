//! Messages of `ledger backup`, `ledger restore` and `ledger adopt`.

words! {
    in copy;

    /// A backup is written.
    made(copy, ledger):
        "{copy} is a whole copy of {ledger}, audited"
        "{copy} 是 {ledger} 的完整副本，已通过审计";

    /// A backup of this moment is there already.
    unchanged(copy, ledger):
        "{copy} is a whole copy of {ledger} already: nothing changed since"
        "{copy} 已是 {ledger} 的完整副本：此后没有变化";

    /// An old backup that could not be removed.
    stays(why):
        "an old backup stays, though it was to go: {why}"
        "有一份旧备份本应删除但未能删除：{why}";

    /// A ledger without a row.
    empty(ledger):
        "{ledger} holds nothing yet: there is nothing to copy"
        "{ledger} 尚无内容：无可备份";

    /// A copy before a newer program changes the ledger's form.
    before_migration(copy, ledger):
        "{copy} is {ledger} as the older program left it, audited; this program now moves the \
         ledger to its own version"
        "{copy} 是 {ledger} 在旧版程序下的原样副本，已通过审计；本程序现将账本升级到自己的版本";

    /// A copy that cannot be read.
    no_copy(copy, why):
        "cannot read the copy {copy}: {why}"
        "无法读取副本 {copy}：{why}";

    /// Neither a file nor a folder, or both.
    file_or_dir():
        "name either a FILE or --dir DIR"
        "请指定文件或 --dir 文件夹之一";

    /// A copy is in the ledger's place.
    restored(ledger, copy, until):
        "{ledger} is now the copy {copy}, which knows nothing after {until} (Beijing)"
        "{ledger} 现为副本 {copy}，其中没有 {until}（北京时间）之后的记录";

    /// The replaced file.
    replaced(path):
        "the ledger that was there is kept as {path}"
        "原来的账本保存为 {path}";

    /// The file that is there is the ledger.
    adopted(ledger, until):
        "{ledger} is the ledger now; it knows nothing after {until} (Beijing). The one that it was \
         copied from must not be used any more"
        "{ledger} 现为正式账本，其中没有 {until}（北京时间）之后的记录。它所复制的原账本\
         不得再使用";

    /// There was nothing there, or nothing of this campaign.
    adopted_empty(ledger, end):
        "{ledger} is the ledger now, and this campaign is not in it: each packet that is loaded \
         into it is asked about before it is sent, and from {end} (Beijing) on a person decides, \
         since WeChat Pay answers for 30 days only. The ledger that it replaces must not be used \
         any more"
        "{ledger} 现为正式账本，其中没有本活动：载入其中的红包在发送前都先查询；微信支付\
         只答复 30 天内的查询，{end}（北京时间）起须由人工决定。被它取代的账本不得再使用";

    /// When the lost one began.
    first_sent(since, ledger, adopt):
        "the ledger that was there is taken to have sent nothing before {since} (Beijing), when \
         the list was last changed; if that is wrong, move {ledger} away before the list is \
         loaded, then {adopt}"
        "这里假定原来的账本在 {since}（北京时间，名单最后修改的时间）之前没有发放过；若不是，\
         请在载入名单之前移走 {ledger}，再执行 {adopt}";

    /// The day of a ledger that knows it better.
    not_empty(ledger):
        "{ledger} has packets, and knows when it was last written: adopt it without --first-sent"
        "{ledger} 中已有红包，账本自身记有最后写入的时间：请去掉 --first-sent 后再启用";

    /// A day that is not there yet.
    day_ahead(typed):
        "--first-sent {typed}: this day is not there yet"
        "--first-sent 的值 {typed} 尚未到来";

    /// A day of another form.
    no_day(typed):
        "--first-sent {typed}: not a date, as 2027-02-17"
        "--first-sent 的值 {typed} 不是日期；请写成 2027-02-17 这样的形式";

    /// A verb that only looks was given a copy.
    looked_at(ledger, adopt):
        "{ledger} is a backup or another copy of the ledger that was used last: packets that it \
         calls unsent may have been sent since, and `run` refuses it. If the other one is retired, \
         `{adopt}` accepts this one and asks WeChat Pay about each open packet first"
        "{ledger} 是备份，或上次所用账本的其他副本：其中记为未发送的红包可能此后已由原账本发送，`run` \
         会拒绝使用。若原账本不再使用，`{adopt}` 会用此账本取而代之，并先向微信支付查询所有未结的红包";

    /// Nothing is sent for now.
    paused(reconcile, unpause):
        "every campaign in it is paused: it knows no pause, `resolve` or `withdraw` that was made \
         since. `{reconcile}` asks WeChat Pay meanwhile; `{unpause}` lets it send again"
        "其中的所有活动都已暂停：副本不含此后所作的暂停、`resolve` 或 `withdraw`。其间可用 \
         `{reconcile}` 向微信支付查询；`{unpause}` 恢复发送";

    /// Packets that may have been sent since.
    to_ask(count):
        "{count} packet‹s› that it does not know as paid ‹is|are› asked about before ‹it is|they \
         are› sent"
        "其中有 {count} 个红包账本上没有已付的记录，发送前都先查询";

    /// Files that may have been loaded since.
    later_files():
        "files that were loaded after the copy was made are not in it: ask before loading them"
        "副本制作之后载入的文件不在其中：重新载入前请先查证";

    /// A backup before a run, or before a newer version, that cannot be made.
    backup_dir(fault):
        "backup_dir under [ledger]: {fault}"
        "[ledger] 中的 backup_dir：{fault}";

    /// Nobody asked for backups.
    no_backups():
        "none before a run: backup_dir under [ledger] is not set"
        "运行前不备份：[ledger] 中未设置 backup_dir";

    /// The folder of backups.
    backups(dir, free, needed):
        "{dir}: {free} MiB free, about {needed} MiB needed"
        "{dir}：可用 {free} MiB，约需 {needed} MiB";

    /// It is not there.
    backups_missing(dir):
        "{dir} under [ledger] backup_dir is not there; a run makes it"
        "[ledger] backup_dir 指定的 {dir} 不存在；运行时会新建";

    /// What to do about it.
    make_backups():
        "make the folder, or mount the disk that is to be there"
        "请新建该文件夹，或挂载应在此处的磁盘";

    /// This account may not write there.
    backups_closed(dir, why):
        "{dir} under [ledger] backup_dir: {why}"
        "[ledger] backup_dir 指定的 {dir}：{why}";

    /// A file where a folder should be.
    no_folder(path):
        "{path} is no folder"
        "{path} 不是文件夹";

    /// The remedy.
    mend_backups():
        "name a folder in backup_dir under [ledger] that this account may write, with enough space"
        "请在 [ledger] 的 backup_dir 中指定本账户可写、空间充足的文件夹";

    /// The ledger that was used here is gone.
    gone(path):
        "{path} is gone, or empty, and its lock file tells that it was used: what it knew of who \
         was paid is gone with it. Put a backup back with `hongbao ledger restore CAMPAIGN.toml \
         FILE`, or let `hongbao ledger adopt CAMPAIGN.toml` begin a new one that asks WeChat Pay \
         about each packet first"
        "{path} 不见了或是空的，而锁文件表明它曾被使用：其中关于谁已收款的记录也随之丢失。请用 \
         `hongbao ledger restore 活动文件 备份` 恢复备份，或用 `hongbao ledger adopt 活动文件` \
         重新开始，它会先向微信支付逐个查询";

    /// A second name of the ledger.
    two_names(path, folder):
        "{path}: the ledger has a second name, a hard link. SQLite keeps files beside one name \
         that it does not find beside the other: it is neither read nor written. Remove every \
         name but one; `find {folder} -xdev -samefile {path}` lists those in this folder"
        "{path}：账本有第二个名称（硬链接），SQLite 保存在一个名称旁边的内容，在另一个名称旁边找不到：\
         因此不读也不写。请只保留一个名称；`find {folder} -xdev -samefile {path}` 可列出此文件夹中的名称";
}
