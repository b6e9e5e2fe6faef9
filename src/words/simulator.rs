//! Messages of the simulator, and reasons that keep it from starting.

words! {
    in simulator;

    /// It runs.
    ready(dir):
        "credentials and books are in {dir}; Ctrl-C ends it"
        "凭证和账簿在 {dir} 中；按 Ctrl-C 结束";

    /// A folder with keys that are not its own.
    not_ours(path):
        "{path} exists and no simulator made it: `simulate` writes keys of its own under that \
         name. Choose another folder: hongbao simulate --dir DIR"
        "{path} 已存在，但不是模拟器生成的：`simulate` 会以该名称写入自己的密钥。\
         请换一个目录：hongbao simulate --dir 文件夹";

    /// Certificates could not be made.
    certificates(detail):
        "the simulator's certificates could not be made: {detail}"
        "无法生成模拟器的证书：{detail}";

    /// The TLS library refused them.
    tls(detail):
        "the simulator's TLS could not be set up: {detail}"
        "无法设置模拟器的 TLS：{detail}";

    /// Bills were written.
    bills(count, dir):
        "{count} fund-flow bill‹s› in {dir}"
        "{dir} 中有 {count} 份资金账单";

    /// A break in them.
    planted(kind, number):
        "planted: {kind} {number}"
        "已埋入：{kind} {number}";

    /// A file of somebody's in the way.
    no_bill_of_ours(path):
        "{path} is no bill of a simulator: name another folder with --fund-flow DIR"
        "{path} 不是模拟器的账单：请用 --fund-flow 文件夹 指定另一个目录";

    /// The address is not to be had.
    listen(address, fault):
        "the simulator cannot listen on {address}: {fault}; choose another port"
        "模拟器无法监听 {address}：{fault}；请换一个端口";

    /// Settings above a limit that it has.
    usual_limits(keys):
        "the simulator has these limits as they are without an agreement, and refuses what is \
         above them: {keys}"
        "模拟器对以下各项采用未另行约定时的限额，超出部分会被拒：{keys}";

    /// The books cannot be read or written.
    books(path, fault):
        "the simulator's books {path}: {fault}"
        "模拟器的账簿 {path}：{fault}";

    /// Another simulator writes them.
    books_in_use(path):
        "the simulator's books {path} are in use by another simulator; end it first"
        "模拟器的账簿 {path} 正被另一个模拟器使用；请先结束它";

    /// They are elsewhere, or gone, while it runs.
    books_moved(path):
        "the simulator's books {path} were moved or deleted while it runs; it answers no more. Put \
         them back, and start it again"
        "模拟器的账簿 {path} 在其运行期间被移动或删除；模拟器不再应答。请将账簿放回原处，再重新启动";

    /// A line of them that is no entry.
    broken_books(path, line, detail):
        "the simulator's books {path}, line {line}: {detail}; move the file away to start anew"
        "模拟器的账簿 {path} 第 {line} 行：{detail}；移走该文件即可重新开始";
}
