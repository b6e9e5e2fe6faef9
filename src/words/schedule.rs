//! Messages about when sends may leave: `[schedule]`, `run --wait`, `--until`, `--max-duration`.

words! {
    in schedule;

    /// A run outside the open times.
    closed(opens, zone):
        "closed by [schedule]: nothing is sent now; it opens at {opens} ({zone})"
        "不在 [schedule] 允许的时段：现在不发送；将于 {opens}（{zone}）开放";

    /// A run after the last open time.
    over(key):
        "closed by [schedule]: nothing is sent any more, and it never opens again; change {key} in \
         the campaign file to go on"
        "不在 [schedule] 允许的时段：不再发送，且不会再开放；如要继续，请修改活动文件中的 {key}";

    /// The open time ended while a run was sending.
    closing(count):
        "the open time of [schedule] is over: {count} packet‹s› ‹waits|wait›"
        "[schedule] 的开放时段已结束：还有 {count} 个红包等待发送";

    /// The time that `--until` or `--max-duration` gave is over.
    time_is_up(flag, count):
        "{flag} is reached: {count} packet‹s› ‹waits|wait›"
        "已到 {flag} 的时间：还有 {count} 个红包等待发送";

    /// Waiting without the lock.
    waiting(opens, zone):
        "waiting until {opens} ({zone}); nothing is locked meanwhile"
        "正在等待至 {opens}（{zone}）；等待期间不占用账本";

    /// An open time in a plan.
    opening(from, until, zone):
        "  open       {from} until {until} ({zone})"
        "  时段       {from} 至 {until}（{zone}）";

    /// An open time without an end in a plan.
    opening_on(from, zone):
        "  open       from {from} on ({zone})"
        "  时段       {from} 起（{zone}）";

    /// No open time in a plan.
    never():
        "  open       never again by [schedule]: nothing is sent"
        "  时段       [schedule] 不再开放：不会发送";

    /// Files for a campaign without a schedule of its own.
    no_schedule():
        "[schedule] of the campaign file has no hours and no start_at: the starts below, from \
         10:00 to 22:00, are an example, change them"
        "活动文件的 [schedule] 没有 `hours`，也没有 `start_at`：下面的启动时间（10:00 至 22:00）\
         只是示例，请自行修改";

    /// A time zone that nobody knows.
    timezone():
        "not a time zone of the IANA database; write one such as Asia/Shanghai"
        "不是 IANA 时区名称；请写成 Asia/Shanghai 这样的形式";

    /// A moment without its offset, or none at all.
    not_a_moment():
        "not a moment with its offset, as 2027-02-12T20:00:00+08:00"
        "不是带时区偏移的时间；请写成 2027-02-12T20:00:00+08:00 这样的形式";

    /// An end before the begin.
    ends_before():
        "`schedule.not_after` is not after `schedule.start_at`: no packet could be sent"
        "`schedule.not_after` 不晚于 `schedule.start_at`：一个红包也发不出去";

    /// Hours, days and ends that leave nothing open.
    never_opens():
        "[schedule] is never open before `not_after`: no packet could be sent"
        "在 `not_after` 之前，[schedule] 没有任何开放时段：一个红包也发不出去";

    /// Hours of another form.
    not_hours():
        "not hours of a day, as 08:00-23:30 or 22:00-02:00"
        "不是时段；请写成 08:00-23:30 或 22:00-02:00 这样的形式";

    /// Hours that begin and end at one time.
    no_hours():
        "hours that end when they begin; leave the key out for the whole day"
        "开始与结束时间相同；全天开放请去掉此项";

    /// A time of another form.
    not_a_time():
        "not a time of day, as 23:30"
        "不是一天中的时间；请写成 23:30 这样的形式";

    /// A weekday of another form.
    not_a_weekday():
        "not a day of the week: mon, tue, wed, thu, fri, sat or sun"
        "不是星期；请写 mon、tue、wed、thu、fri、sat 或 sun";

    /// A date of another form.
    not_a_date():
        "not a date, as 2027-02-17"
        "不是日期；请写成 2027-02-17 这样的形式";

    /// A time on the command line of another form.
    until(given, why):
        "--until {given}: {why}"
        "--until 的值 {given} 有误：{why}";

    /// A file that a job would not find.
    outside_folder(path, folder):
        "the job does not see {path}, which is outside {folder} or named from the root on: move it \
         into that folder and name it relative to the campaign file, or mount it where the \
         campaign file will find it"
        "任务看不到 {path}：它在 {folder} 之外，或以绝对路径书写；请将其移入该目录并改用相对路径，\
         或挂载到活动文件能找到的位置";

    /// Above the units of systemd.
    units():
        "Four files for /etc/systemd/system; cut this text at the lines with ====. Then:"
        "以下四个文件放在 /etc/systemd/system；请在含 ==== 的行处分开。然后执行：";

    /// Who they run as.
    owner():
        "Set User= to the owner of the ledger, the campaign file and the keys."
        "请把 User= 设为账本、活动文件和密钥的所有者。";

    /// Whose clock a crontab goes by.
    by_clock(zone):
        "the times are by this machine's clock, {zone}: cron must have the same"
        "以下时间按本机时区 {zone} 书写，`cron` 须使用同一时区";

    /// What sets the clock.
    time_sync():
        "Where systemd-timesyncd sets the clock: systemctl enable systemd-time-wait-sync, so that \
         no run begins before it is right."
        "由 `systemd-timesyncd` 校时的机器，请执行 `systemctl enable systemd-time-wait-sync`，\
         时钟校准之前不会开始运行。";

    /// A folder that a unit cannot do without.
    no_folder(folder):
        "{folder} is not there yet, and the unit does not start without it: make it, for the owner \
         of the ledger."
        "{folder} 尚不存在，没有它单元无法启动：请先创建，并归账本所有者所有。";

    /// What the run's unit is.
    red_packets(campaign):
        "Red packets of {campaign}"
        "{campaign} 红包发放";

    /// What the reconciliation's unit is.
    reconciliation(campaign):
        "Reconciliation of {campaign}"
        "{campaign} 红包对账";

    /// The ledger is not free when the time comes.
    waits_for_lock(held, until):
        "{held}; waiting for it until {until} at most"
        "{held}；最迟等到 {until}";

    /// What the secret of a job holds.
    secret_of(command):
        "its secret has every file of keys, of the proxy and of [notify] by its name: {command}"
        "其 Secret 按文件名包含全部密钥、代理和 [notify] 的文件：{command}";
}
