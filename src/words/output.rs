//! Why a file is not written where somebody wants it.

words! {
    in output;

    /// A file that the campaign uses.
    used(path, what, command):
        "{path} is {what} and is never written over; name another file: {command} FILE"
        "{path} 是{what}，绝不会被覆盖；请换一个文件名：{command} 文件";

    /// A file that is there.
    there(path, what, command):
        "{path} exists and is {what}; name another file, or, to replace it: {command} {path} \
         --force"
        "{path} 已存在，而且{what}；请换一个文件名，若确定不要其内容：{command} {path} --force";

    /// A file that is there, and that nothing is appended to.
    not_appended(path, what, command):
        "{path} exists and is {what}; name another file: {command} FILE"
        "{path} 已存在，而且{what}；请换一个文件名：{command} 文件";

    /// A foreign file in the place of a run's report.
    in_the_way(path, what, command):
        "the run would write its report to {path}, which exists and is {what}; nothing was sent. \
         Move it away and run again: {command}"
        "运行结束时要把报表写入 {path}，但该文件已存在，而且{what}；未发送任何请求。\
         请移开该文件后再次运行：{command}";

    /// The same in short.
    taken(path, what):
        "a run writes its report to {path}, which exists and is {what}"
        "运行结束时要把报表写入 {path}，但该文件已存在，而且{what}";

    /// A report whose name the campaign uses.
    used_by_run(path, what, run):
        "the run would write its report to {path}, which is {what}; nothing was sent. Give that \
         file another name, write it into the campaign file, and run again: {run}"
        "运行结束时要把报表写入 {path}，但它是{what}；未发送任何请求。\
         请给该文件换一个名称，写入活动文件，然后再次运行：{run}";

    /// The same in short.
    used_here(path, what):
        "a run writes its report to {path}, which is {what}"
        "运行结束时要把报表写入 {path}，但它是{what}";

    /// The report that a run leaves.
    report_free():
        "its place is free, or has an earlier one of this campaign"
        "报表位置可用：没有文件，或已有本活动此前的报表";

    /// The remedy, where a file is in its place.
    move_away(command):
        "move it away: {command}"
        "请移开该文件：{command}";

    /// The remedy, where the campaign itself uses that name.
    rename_taken():
        "give that file another name, and write it into the campaign file"
        "请给该文件换一个名称，并写入活动文件";

    /// The remedy, where the place cannot be looked at.
    mend_report():
        "let this account write a file there"
        "请让当前账户能在该处写入文件";

    /// A secret key, for everybody to see.
    key_to_nobody(path):
        "a secret key goes into a new file, and {path} is none: name one"
        "私钥只写入新文件，而 {path} 不是文件：请指定一个文件名";

    /// No report, or one of another campaign.
    no_report():
        "no report of this campaign"
        "不是本活动的报表";

    /// A report of this campaign, beside a live ledger.
    maybe_live():
        "maybe the one of real packets, while this campaign file is in simulator mode"
        "可能是真实发放的文件，而当前配置为模拟模式";

    /// No file of claims, or one of another campaign.
    no_sheet():
        "no earlier file of this kind and campaign"
        "不是本活动此前的同类文件";

    /// No events, or those of another campaign.
    no_events():
        "no earlier events of this campaign"
        "不是本活动此前的事件文件";

    /// Anything.
    something():
        "not to be replaced without --force"
        "未经确认不应丢失";

    /// A folder that was missing.
    made(path):
        "made the folder {path}, for you alone"
        "已新建文件夹 {path}，仅本人可访问";

    /// The campaign file.
    campaign_file():
        "the campaign file"
        "活动文件";

    /// The list.
    recipients_file():
        "the recipients file"
        "名单文件";

    /// Books of the simulator.
    books():
        "the simulator's books"
        "模拟器的账簿";

    /// The ledger, or what stands beside it.
    ledger():
        "a file of the ledger"
        "账本文件";

    /// A key, or a certificate.
    secret():
        "a key or certificate of the merchant"
        "商户的密钥或证书";
}
