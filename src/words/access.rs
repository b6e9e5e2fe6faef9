//! Files and folders that the system closes to this account.

words! {
    in access;

    /// Somebody else's, or closed by its mode.
    owned(account, verb, place, owner, mode):
        "the account {account} may not {verb} {place}, which belongs to {owner} and has mode \
         {mode}: run this as its owner, or let this account in with chown or chmod"
        "账户 {account} 无权{verb} {place}（属主 {owner}，权限 {mode}）：请改用其属主账户运行，或用 \
         `chown`、`chmod` 授权";

    /// Closed, and not even its owner can be seen.
    closed(account, verb, place):
        "the account {account} may not {verb} {place}"
        "账户 {account} 无权{verb} {place}";

    /// A file system without writes.
    read_only(place):
        "{place} is on a file system that is mounted read-only"
        "{place} 所在的文件系统以只读方式挂载";

    /// The attribute `i` or `a` of a file.
    unchangeable(place):
        "{place} has an attribute by which nobody may change it, root included; `lsattr` shows it \
         and `chattr -i` takes it off"
        "{place} 带有任何人（包括 root）都不能更改的属性；可用 `lsattr` 查看，用 `chattr -i` 去掉";
}
