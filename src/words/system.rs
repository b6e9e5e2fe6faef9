//! Refusals of the operating system.

words! {
    in system;

    /// A file that is written.
    write(path, fault):
        "{path}: {fault}; check the path, its permissions and the disk"
        "{path}：{fault}；请检查路径、权限和磁盘";

    /// A pipe that was closed.
    reader_left(path):
        "{path}: its reader left before everything was written"
        "{path}：尚未写完，读取方已关闭管道";

    /// A variable that asks for logs in no way that is understood.
    log_filter(variable, fault):
        "{variable}: {fault}; nothing is logged. Give info, debug or trace"
        "{variable}：{fault}；不输出日志。请设为 info、debug 或 trace";

    /// A defect of this program.
    panicked(detail):
        "a defect of hongbao: {detail}. Nothing is lost: run again, and report it"
        "hongbao 自身的缺陷：{detail}。数据没有丢失：请再次运行，并报告此问题";

    /// The most that a file of this process may have.
    file_limit(limit, needed):
        "a file of this process may have {limit} MiB, and about {needed} MiB are needed"
        "本进程的单个文件最大 {limit} MiB，约需 {needed} MiB";

    /// The remedy.
    raise_file_limit():
        "raise the limit of file sizes: `ulimit -f`, or `LimitFSIZE=` of a service"
        "请提高文件大小上限：`ulimit -f`，或服务的 `LimitFSIZE=`";

    /// A thread of this program.
    no_thread(fault):
        "no thread could be started: {fault}; let this user or service have more \
         threads, or end other programs, and run again"
        "无法启动线程：{fault}；请提高该用户或服务的线程数上限，或结束其他程序，然后重新运行";

    /// Standard output, signals and the like.
    io(fault):
        "{fault}"
        "系统错误：{fault}";
}
