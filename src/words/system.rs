//! Refusals of the operating system.

words! {
    in system;

    /// A file that is written.
    write(path, fault):
        "{path}: {fault}; check the path, its permissions and the disk"
        "{path}：{fault}；请检查路径、权限和磁盘";

    /// Standard output, signals and the like.
    io(fault):
        "{fault}"
        "系统错误：{fault}";
}
