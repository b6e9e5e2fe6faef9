//! The stream of a campaign's moves beside a run.

words! {
    in events;

    /// Two things want stdout.
    one_stdout():
        "stdout is for one of them: `--events -` or `--json`; give --events a FILE"
        "标准输出只能用于 `--events -` 或 `--json` 之一；请为 --events 指定一个文件";

    /// The file goes on from another ledger.
    of_another_ledger(path, seq, command):
        "{path} ends with event {seq}, which the ledger does not have: it is from another ledger, \
         or this one was restored since. Name another file: {command} FILE"
        "{path} 的最后一个事件为 {seq}，但账本中没有该事件：它来自另一个账本，或本账本此后做过恢复。\
         请换一个文件名：{command} 文件";

    /// A begin that the journal does not have yet.
    beyond(from, last, next):
        "--events-from {from} is beyond the end: the journal has {last} row‹s›, and the next event \
         is {next}"
        "--events-from {from} 超出末尾：账本流水共 {last} 行，下一个事件为 {next}";

    /// A reader that takes no more, or a full disk.
    stopped(path, why, seq, command):
        "events to {path} stopped: {why}. Sending was not affected. To have the rest: {command} \
         --events-from {seq}"
        "写往 {path} 的事件中断：{why}。发送未受影响。获取其余事件：{command} --events-from {seq}";

    /// Nobody took a line for so long.
    not_read(seconds):
        "nobody read them for {seconds} s"
        "{seconds} 秒内无人读取";

    /// The run goes on with another ledger, or with one that was put back.
    not_in_this_ledger(path, seq, ledger):
        "events to {path} ended with row {seq} of the journal, which is not in the ledger that the \
         run goes on with, {ledger}: they go on with its next row"
        "写往 {path} 的事件止于流水第 {seq} 行，而本次运行接着使用的账本 {ledger} 中没有该行：\
         事件从它的下一行继续";
}
