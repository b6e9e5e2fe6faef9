//! Messages of `doctor`: what each check found, and the remedy.

words! {
    in doctor;

    /// A check in order.
    fine(name, found):
        "✓ {name:<12} {found}"
        "✓ {name:<12} {found}";

    /// A check that a person should look at.
    warn(name, found):
        "! {name:<12} {found}"
        "! {name:<12} {found}";

    /// A check that failed.
    fail(name, found):
        "✗ {name:<12} {found}"
        "✗ {name:<12} {found}";

    /// The remedy of the check above.
    remedy(remedy):
        "               {remedy}"
        "               处理办法：{remedy}";

    /// A check that another one's failure leaves out.
    not_checked():
        "not checked: an earlier check failed"
        "未检查：前面的检查未通过";

    /// A check that needs nothing in simulator mode.
    simulated():
        "not needed: the simulator makes its own"
        "无需检查：模拟器自带";

    /// The campaign file.
    campaign(id):
        "campaign {id}"
        "活动 {id}";

    /// The remedy.
    mend_campaign():
        "mend the campaign file as the message says"
        "请按提示改正活动文件";

    /// The recipients file.
    recipients(path, bytes):
        "{path}, {bytes} byte‹s›"
        "{path}，{bytes} 字节";

    /// A file or folder that cannot be looked at.
    unread(path, fault):
        "cannot read {path}: {fault}"
        "无法读取 {path}：{fault}";

    /// The remedy.
    mend_recipients():
        "put the list there, or change campaign.recipients"
        "请把名单放到该处，或修改 campaign.recipients";

    /// Key and certificate fit.
    credentials():
        "API key, certificate and private key are readable, private and fit together"
        "API 密钥、证书和私钥均可读取、权限正确且相互匹配";

    /// The remedy.
    mend_credentials():
        "put the file right; the API key is the 32-character APIv2 key of the merchant platform \
         (not the APIv3 key); out of apiclient_cert.p12 the files come with: openssl pkcs12 -in \
         apiclient_cert.p12 -out apiclient_key.pem -nocerts -nodes"
        "请改正该文件；API 密钥是商户平台上 32 位的 APIv2 密钥（不是 APIv3 密钥）；\
         可由 apiclient_cert.p12 导出：openssl pkcs12 -in apiclient_cert.p12 -out \
         apiclient_key.pem -nocerts -nodes";

    /// The merchant's certificate.
    certificate(subject, end):
        "{subject}, valid until {end}"
        "{subject}，有效期至 {end}";

    /// A certificate that is over.
    certificate_over(subject, begin, end, now):
        "{subject} is valid from {begin} until {end}, and this machine's clock says {now}"
        "{subject} 的有效期为 {begin} 至 {end}，而本机时间为 {now}";

    /// A certificate of another merchant.
    certificate_foreign(subject, mch_id):
        "the certificate is of {subject}, not of merchant.mch_id {mch_id}"
        "证书属于 {subject}，而不是 merchant.mch_id {mch_id}";

    /// A certificate that is no certificate.
    certificate_unread():
        "the certificate cannot be read"
        "证书无法读取";

    /// The remedy.
    renew_certificate():
        "download a new certificate from the merchant platform and replace merchant.cert_file and \
         merchant.key_file"
        "请在商户平台重新下载证书，替换 merchant.cert_file 和 merchant.key_file";

    /// The ledger before the first load.
    no_ledger(path):
        "none yet at {path}: the first load makes it"
        "{path} 尚不存在：首次载入时创建";

    /// A ledger in order.
    ledger(path, rows):
        "{path}, readable and whole; {rows} packet‹s› of this campaign"
        "{path} 可读且完整；本活动 {rows} 个红包";

    /// The remedy.
    mend_ledger():
        "do what the message says; a damaged ledger is replaced from a backup with `hongbao \
         ledger restore`"
        "请按提示处理；损坏的账本可用 `hongbao ledger restore` 从备份恢复";

    /// SQLite finds the file damaged.
    ledger_damaged(detail):
        "the file is damaged: {detail}"
        "文件已损坏：{detail}";

    /// The lock is free.
    lock_free():
        "free"
        "空闲";

    /// The lock is held.
    lock_held(holder):
        "held: {holder}"
        "已被占用：{holder}";

    /// A system that does not tell.
    lock_unknown():
        "this system does not tell who holds it"
        "本系统无法得知占用者";

    /// Free space.
    disk(free, needed):
        "{free} MiB free, about {needed} MiB needed"
        "可用 {free} MiB，约需 {needed} MiB";

    /// A file system over the network.
    network_disk(kind):
        "the ledger is on a network file system ({kind}), where locks get lost"
        "账本位于网络文件系统（{kind}）上，文件锁可能失效";

    /// The remedy.
    mend_disk():
        "put ledger.path on a local disk with enough space"
        "请把 ledger.path 放到空间充足的本地磁盘上";

    /// The pace.
    limits(per_second, in_flight):
        "{per_second} request‹s› a second, {in_flight} at once"
        "每秒 {per_second} 个请求，同时 {in_flight} 个";

    /// A pace above what WeChat Pay allows.
    limits_high(keys):
        "above WeChat Pay's default: {keys}"
        "高于微信支付的默认限额：{keys}";

    /// The remedy.
    mend_limits():
        "lower them, unless WeChat Pay raised this merchant's limits in writing"
        "请调低，除非微信支付已书面提高该商户的限额";

    /// Sends may leave now.
    open():
        "open now"
        "现在开放";

    /// The remedy of a closed schedule.
    mend_schedule():
        "change [schedule] if that is not meant; `hongbao run --wait` waits for the next time"
        "如与预期不符，请修改 [schedule]；`hongbao run --wait` 会等到下一时段";

    /// The host has addresses.
    name(host):
        "{host} has an address"
        "{host} 可解析";

    /// The gateway of simulator mode.
    simulated_name():
        "not needed: the steps below were taken to a simulator on this machine"
        "无需检查：以下各步针对本机上的模拟器";

    /// Which part of the way failed.
    not_reached(detail):
        "{detail}"
        "失败：{detail}";

    /// The remedy of a name without an address.
    mend_name():
        "check gateway.base_url and this machine's name server"
        "请检查 gateway.base_url 和本机的 DNS";

    /// The remedy, where this account may not write the ledger.
    mend_access():
        "give this account the ledger and its folder, or run as the account that owns them"
        "请让当前账户拥有账本及其所在文件夹，或改用其所属账户执行";

    /// A TCP connection.
    tcp():
        "the gateway takes the connection"
        "网关可连接";

    /// The remedy.
    mend_tcp():
        "check that this machine may reach the gateway at its port; no proxy of the environment \
         is used, only `proxy` under [gateway]"
        "请检查本机能否访问网关的端口；本程序不使用环境变量中的代理，只使用 [gateway] 下的 `proxy`";

    /// The handshake.
    tls():
        "the gateway's certificate is trusted"
        "网关证书可信";

    /// The client certificate.
    mutual_tls():
        "the gateway takes our certificate"
        "网关接受我方证书";

    /// An answer.
    answered():
        "the gateway answers"
        "网关有应答";

    /// HTTP without an answer of the protocol.
    http(status):
        "HTTP status {status}"
        "HTTP 状态码 {status}";

    /// The signature.
    signature():
        "a query was answered: key, merchant and appid are accepted"
        "查询已获应答：密钥、商户号和 appid 均被接受";

    /// A refused query.
    refused(code, words):
        "{code}: {words}"
        "{code}：{words}";

    /// The clocks.
    clock(seconds):
        "{seconds} s from the gateway's"
        "与网关相差 {seconds} 秒";

    /// No Date in the answer.
    no_date():
        "the gateway's answer has no Date"
        "网关的应答没有 Date";

    /// The remedy.
    mend_clock():
        "set this machine's clock (chrony or systemd-timesyncd)"
        "请校准本机时钟（chrony 或 systemd-timesyncd）";

    /// No proxy is set.
    no_proxy():
        "none set"
        "未设置";

    /// A proxy is set and not used.
    proxy(names):
        "{names} is set; no request of this program uses it, but [gateway] proxy is used"
        "设置了 {names}；本程序的请求不使用它，只使用 `[gateway] proxy`";

    /// The remedy.
    mend_proxy():
        "if WeChat Pay can only be reached through it, write it as `proxy` under [gateway]"
        "若只能经代理访问微信支付，请在 [gateway] 下写入 `proxy`";

    /// Nobody under `[notify]`.
    notify_nobody():
        "nobody is told of runs"
        "没有通知对象";

    /// All targets take a connection.
    notify(targets):
        "reachable: {targets}; nothing was sent"
        "可连接：{targets}；未发送任何消息";

    /// A target that takes none.
    notify_failed(target, why):
        "{target}: {why}"
        "{target}：{why}";

    /// And another.
    notify_more(before, one):
        "{before}; {one}"
        "{before}；{one}";

    /// The remedy.
    mend_notify():
        "mend what [notify] names, then try it with `hongbao notify CAMPAIGN.toml --test`"
        "请改正 [notify] 中的设置，再用 `hongbao notify 活动文件 --test` 测试";
}
