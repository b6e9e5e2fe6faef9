//! What `ledger backup` and `ledger restore` tell.

words! {
    in copy;

    /// A backup is written.
    made(copy, ledger):
        "{copy} is a whole copy of {ledger}, audited"
        "{copy} 是 {ledger} 的完整副本，已通过审计";

    /// A copy is in the ledger's place.
    restored(ledger, copy, until):
        "{ledger} is now the copy {copy}, which knows nothing after {until} (Beijing)"
        "{ledger} 现为副本 {copy}，其中没有 {until}（北京时间）之后的记录";

    /// What stood there.
    replaced(path):
        "the ledger that stood there is kept as {path}"
        "原来的账本保存为 {path}";

    /// What may have been sent since.
    to_ask(count):
        "{count} packets that it would send are asked about before they are sent"
        "其中待发送的 {count} 个红包在发送前都先查询";

    /// What may have been loaded since.
    later_files():
        "files that were loaded after the copy was made are not in it: ask before loading them"
        "副本制作之后载入的文件不在其中：重新载入前请先查证";
}
