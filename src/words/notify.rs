//! What is told to those who do not watch: robots, webhooks, pings; what `notify` says; and faults
//! of `[notify]`.

words! {
    in notify;

    /// The first line.
    title(campaign, title):
        "[hongbao] {campaign}: {title}"
        "【红包】{campaign}：{title}";

    /// A run begins to send.
    started():
        "sending has begun"
        "开始发放";

    /// A run that a person must look at.
    halted():
        "HALTED, somebody must look at it"
        "已中止，请尽快处理";

    /// Fund-flow bills that do not agree with the ledger.
    bills_differ():
        "the fund-flow bills do NOT AGREE with the ledger, somebody must look at it"
        "资金账单与账本不符，请尽快处理";

    /// A run without its approval.
    approval():
        "waiting for approval: nothing was sent"
        "等待审批：未发放任何红包";

    /// A run that has sent everything.
    finished():
        "finished"
        "发放已结束";

    /// A run that stopped before its end; how many packets wait stands below.
    stopped():
        "stopped for now"
        "暂时停止";

    /// A run that left packets without a result.
    unresolved():
        "ended with packets UNRESOLVED"
        "已结束，部分红包结果待确认";

    /// The merchant's certificate.
    certificate():
        "the merchant's certificate ends soon"
        "商户证书即将到期";

    /// `--test`.
    test():
        "a test message: live runs of this campaign are told here"
        "测试消息：本活动的正式运行将在此通知";

    /// A run that did nothing worth a message.
    ended():
        "the run has ended"
        "运行已结束";

    /// When the certificate ends.
    certificate_end(end):
        "it is valid until {end} (Beijing); download a new one from the merchant platform"
        "有效期至 {end}（北京时间）；请在商户平台下载新证书";

    /// A run that ended with an error: the error may name people and places.
    could_not_run(meaning):
        "{meaning}; what the run said on stderr tells more"
        "{meaning}；详见该次运行的标准错误输出";

    /// A run that was given another total than the campaign's.
    wrong_total():
        "nothing was sent: --confirm-total of this run is not the campaign's total any more; look \
         at `hongbao plan`, and mend what starts the run"
        "未发放：本次运行的 --confirm-total 与活动总额不再相符；请查看 `hongbao plan`，并修改启动它的命令";

    /// A person's pause, without the text, in which a name may stand.
    paused(since):
        "paused by a person since {since} (Beijing)"
        "自 {since}（北京时间）起由人工暂停";

    /// Words of WeChat Pay that cannot both be true.
    breaks(count):
        "of {count} packet‹s› WeChat Pay said what cannot both be true, or paid them twice"
        "有 {count} 个红包微信支付前后说法矛盾，或付款两次";

    /// A limit that was typed.
    limit(limit):
        "{limit} is reached"
        "已达到 {limit}";

    /// Why.
    reason(reason):
        "Why: {reason}"
        "原因：{reason}";

    /// The exit code.
    exit(code, meaning):
        "Exit code {code}: {meaning}"
        "退出码 {code}：{meaning}";

    /// Where the money is.
    money(line):
        "Money (yuan, packets): {line}"
        "金额（元，个数）：{line}";

    /// The balance.
    balance(owed, count, parts, check):
        "owed {owed} ({count}) = {parts}; {check}"
        "应发 {owed}（{count} 个）= {parts}；{check}";

    /// A place where money is.
    part(place, fen, count):
        "{place} {fen} ({count})"
        "{place} {fen}（{count} 个）";

    /// The journal.
    head(head, rows):
        "Journal head: {head} ({rows} row‹s›)"
        "账本校验码：{head}（{rows} 行）";

    /// What to type.
    next(command):
        "Next: {command}"
        "下一步：{command}";

    /// When.
    at(at):
        "{at} (Beijing)"
        "{at}（北京时间）";

    /// A message that did not arrive.
    failed(target, event, why):
        "notify: {target} was not told of \"{event}\": {why}"
        "通知：未能向 {target} 发送“{event}”：{why}";

    /// A target that was still busy when the process ended.
    given_up(target, count):
        "notify: {target} did not take {count} message‹s› in time; the run does not wait for it"
        "通知：{target} 未能及时接收 {count} 条消息；运行不再等待";

    /// A target whose files are not usable.
    not_used(target, why):
        "notify: nothing is told to {target}: {why}"
        "通知：不向 {target} 发送：{why}";

    /// A message of a kind that was told lately.
    told_already(event):
        "notify: \"{event}\" was told already and is not told again"
        "通知：“{event}”已通知过，不再重复";

    /// A message that was lost on its way.
    unheard(at):
        "the message of {at} (Beijing) was not delivered; this is how it stands now"
        "{at}（北京时间）的消息未能送达；以下是目前的情况";

    /// A run that could not reach WeChat Pay, and left nothing in doubt.
    unreached():
        "WeChat Pay could NOT BE REACHED"
        "无法连接微信支付";

    /// No connection.
    unreachable(detail):
        "no connection: {detail}"
        "无法连接{detail}";

    /// No answer.
    time_limit():
        "no answer within 5 seconds"
        "5 秒内没有应答";

    /// An answer of HTTP.
    status(status):
        "HTTP status {status}"
        "HTTP 状态码 {status}";

    /// A robot that refuses: 200 with a code.
    code(code):
        "the robot refuses it with code {code}"
        "机器人拒绝，代码 {code}";

    /// A robot that answers something else.
    not_a_robot():
        "the answer is not a robot's: check the address"
        "应答不是机器人的格式：请检查地址";

    /// A set-up of TLS that fails.
    tls(detail):
        "TLS: {detail}"
        "TLS 设置失败{detail}";

    /// `--test`, a target that took the message.
    took(target):
        "✓ {target}"
        "✓ {target}";

    /// `--test`, one that did not.
    took_not(target, why):
        "✗ {target:<9} {why}"
        "✗ {target:<9} {why}";

    /// `--test` without targets.
    nobody(path):
        "{path} names nobody under [notify]: see `hongbao explain notify`"
        "{path} 的 [notify] 中没有通知对象：参见 `hongbao explain notify`";

    /// A file that the campaign file names beside another.
    pair(key, other):
        "`{key}` needs `{other}` beside it: write both, or neither"
        "`{key}` 需与 `{other}` 同时填写：两个都写，或都不写";

    /// An address in the place of the file that holds it.
    no_path():
        "name the file that holds the address: the address is a secret, and is not shown here"
        "请填写保存该地址的文件的路径：地址本身是机密，此处不予显示";

    /// An address that cannot be posted to.
    url(kind, path):
        "{kind}: {path} does not hold one https address on one line (plain http is taken for a \
         loopback address only, as http://127.0.0.1:8080/)"
        "{kind}：{path} 中不是单独一行的 https 地址（只有本机回环地址可以用 http，\
         例如 http://127.0.0.1:8080/）";

    /// A secret that signs nothing.
    secret(kind, path):
        "{kind}: {path} does not hold one secret of at least 16 characters on one line"
        "{kind}：{path} 中不是单独一行的至少 16 个字符的密钥";

    /// `[notify] lang`.
    lang():
        "write \"zh\" or \"en\""
        "请填写 \"zh\" 或 \"en\"";

    /// Somebody who cannot be mentioned.
    mention():
        "write \"all\", a mobile number, or a member's id: letters, digits and ._@+-"
        "请填写 \"all\"、手机号或成员 ID：只能有字母、数字和 ._@+-";

    /// `[notify] proxy`.
    proxy():
        "write the proxy as `http://host:port`, without a user"
        "请将代理写成 `http://host:port`，不含用户名";
}
