//! Messages of `pause` and `unpause`.

words! {
    in pause;

    /// The pause is on record.
    paused():
        "paused; a running process stops sending within a second"
        "已暂停；正在运行的进程会在一秒内停止发送";

    /// Nobody paused it, and it did not halt.
    none():
        "neither paused nor halted"
        "未暂停，也未中止";

    /// The remedy of a pause or a halt.
    lift(unpause):
        "mend its cause, then `{unpause}`"
        "排除原因后执行 `{unpause}`";

    /// A pause or a halt is lifted.
    unpaused(because):
        "unpaused; it was paused because: {because}"
        "已恢复；此前暂停的原因：{because}";

    /// A limit that would have ended by itself.
    limit_forgotten():
        "the daily limit that was reached is forgotten: the next run tries again"
        "已忽略此前达到的日限额：下次运行会重新尝试";

    /// There was nothing to lift.
    not_paused():
        "the campaign was not paused"
        "本活动并未暂停";
}
