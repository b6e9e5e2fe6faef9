//! Why a person must act before anything more is sent: cause, evidence, remedy.

words! {
    in halt;

    /// How the ledger keeps it.
    kept(cause, evidence, remedy):
        "{cause} ({evidence}); remedy: {remedy}"
        "{cause}（{evidence}）；处理办法：{remedy}";

    /// A code about the whole merchant.
    code(code, meaning):
        "{code}: {meaning}"
        "{code}：{meaning}";

    /// A code about the whole merchant that nobody knows more of.
    merchant_wide():
        "a merchant-wide refusal"
        "针对整个商户号的拒绝";

    /// A code alone.
    bare_code(code):
        "{code}"
        "{code}";

    /// A code as WeChat Pay words it.
    told(code, words):
        "{code}: {words}"
        "{code}：{words}";

    /// One refusal for many.
    refusals(code, count):
        "{code} answered {count} packet‹s› with none accepted between them"
        "连续 {count} 个红包得到 {code}，其间没有一个被受理";

    /// One refusal for a large share.
    share(code, count, of):
        "{code} answered {count} of the last {of} packet‹s›"
        "最近 {of} 个红包中有 {count} 个得到 {code}";

    /// A run without an acceptance.
    nobody(count):
        "nobody was accepted: {count} packet‹s› ‹was|were› refused, and none was accepted in the \
         last 24 hours"
        "没有一个红包被受理：{count} 个被拒，且最近 24 小时内没有任何红包被受理";

    /// The remedy for a known code.
    remedy(remedy):
        "{remedy}"
        "{remedy}";

    /// The remedy for an unknown code.
    ask_support():
        "ask WeChat Pay's support what this code means"
        "请向微信支付客服询问该错误码的含义";

    /// The remedy where WeChat Pay issues nothing and says no more.
    nothing_issued():
        "WeChat Pay says that it issued none of these, and not why: look in the merchant \
         platform at the balance, the product's state and its limits, or ask WeChat Pay's \
         support with one of the numbers; the next run asks about each of them before it sends \
         any again"
        "微信支付称未发出这些红包，但没有说明原因：请在商户平台查看余额、产品状态和限额，\
         或凭其中一个单号咨询微信支付客服；下次运行会先逐一查询，再决定是否重发";

    /// A proxy on the way that says no.
    proxy():
        "the proxy (gateway.proxy) does not let this machine through"
        "代理（gateway.proxy）不放行本机";

    /// The remedy where it knows us and does not let us through.
    let_through():
        "have the proxy let this machine CONNECT to the host and port of gateway.base_url, or \
         correct gateway.proxy and gateway.proxy_auth_file"
        "请让代理允许本机 CONNECT 到 gateway.base_url 的主机和端口，或改正 gateway.proxy 和 \
         gateway.proxy_auth_file";

    /// A certificate, theirs or ours.
    certificate():
        "a TLS certificate was not accepted"
        "TLS 证书未被接受";

    /// The TLS library's words on it.
    detail(detail):
        "{detail}"
        "{detail}";

    /// The remedy for a certificate.
    check_certificate():
        "check gateway.ca_file if the gateway is a private one, gateway.base_url, and \
         merchant.cert_file and merchant.key_file (download them again from the merchant platform \
         if they expired)"
        "请检查使用私有网关时的 gateway.ca_file、gateway.base_url，以及 merchant.cert_file 和 \
         merchant.key_file（若已过期，请在商户平台重新下载）";

    /// HTTP 4xx about the set-up.
    connection_refused():
        "the gateway refuses our connection or certificate"
        "网关拒绝我方的连接或证书";

    /// How that showed.
    status(status, count):
        "HTTP status {status}, {count} answer‹s› in a row"
        "HTTP 状态码 {status}，连续 {count} 次";

    /// Nothing here mends the gateway.
    later():
        "no setting is to blame: try again later; if it stays so, ask who runs the gateway or the \
         proxy"
        "与设置无关：请稍后再试；若一直如此，请联系网关或代理的维护者";

    /// The remedy.
    check_connection():
        "check merchant.cert_file, merchant.key_file and gateway.base_url; WeChat Pay answers 400 \
         if the client certificate is missing or wrong"
        "请检查 merchant.cert_file、merchant.key_file 和 gateway.base_url；未带客户端证书或证书有误时，\
         微信支付会返回 400";

    /// FAIL without a code.
    return_fail():
        "WeChat Pay does not accept our requests"
        "微信支付不接受我方的请求";

    /// How that showed.
    return_fails(count):
        "return_code FAIL without a code, {count} time‹s› in a row"
        "return_code 为 FAIL 且没有错误码，连续 {count} 次";

    /// The same, with the words beside it.
    return_fails_with(told, count):
        "return_code FAIL without a code, {count} times in a row: {told}"
        "return_code 为 FAIL 且没有错误码，连续 {count} 次：{told}";

    /// The remedy.
    check_merchant():
        "check merchant.mch_id, merchant.wxappid and the API key"
        "请检查 merchant.mch_id、merchant.wxappid 和 API 密钥";

    /// A connection that is closed again and again.
    closed():
        "the gateway accepts our connection and closes it without an answer: most often it does \
         not accept our client certificate"
        "网关接受连接后不作应答便关闭：多半是不接受我方的客户端证书";

    /// How that showed.
    in_a_row(what, count):
        "{what}, {count} time‹s› in a row"
        "{what}，连续 {count} 次";

    /// The remedy.
    check_client_certificate():
        "check merchant.cert_file and merchant.key_file (download them again from the merchant \
         platform if they expired), and gateway.base_url"
        "请检查 merchant.cert_file 和 merchant.key_file（若已过期，请在商户平台重新下载），以及 \
         gateway.base_url";

    /// A clock that is wrong.
    clock():
        "the clock of this machine cannot be trusted"
        "本机时钟不可信";

    /// Beside what the ledger has seen.
    clock_and_ledger(ours, theirs):
        "this machine says {ours}, the ledger's own entries say {theirs}"
        "本机时间为 {ours}，账本自身的记录为 {theirs}";

    /// Beside what the gateway says.
    clock_and_gateway(ours, theirs):
        "this machine says {ours}, the gateway's replies say {theirs}"
        "本机时间为 {ours}，网关应答为 {theirs}";

    /// The remedy.
    set_clock():
        "set the clock (NTP) and `unpause`; if it is right already, `unpause --clock-is-right`"
        "请校准时钟（NTP）后执行 `unpause`；若时钟本来就准，请执行 `unpause --clock-is-right`";

    /// A clock that is ahead, or a certificate that is over.
    clock_or_certificate():
        "the clock of this machine is wrong, or the gateway's certificate is over"
        "本机时钟有误，或网关证书已过期";

    /// The remedy for a clock by which no certificate is valid yet.
    set_clock_first():
        "set the clock of this machine (NTP: chrony or systemd-timesyncd; `date` shows it); key \
         and certificate are not at fault"
        "请校准本机时钟（NTP：chrony 或 systemd-timesyncd；可用 `date` 查看）；密钥和证书没有问题";

    /// The remedy where either may be wrong.
    compare_clock():
        "compare this machine's clock (`date`) with another one and set it (NTP: chrony or \
         systemd-timesyncd); only if it is right is the gateway's own certificate over: check \
         gateway.base_url, and a private gateway's certificate"
        "请先将本机时钟（`date`）与其他时钟比对并校准（NTP：chrony 或 systemd-timesyncd）；\
         只有时钟无误时才是网关证书过期：请检查 gateway.base_url 以及私有网关的证书";

    /// An answer that asks for patience.
    throttled():
        "refused because of the rate"
        "因频率过高被拒";

    /// An answer that says nothing.
    no_answer():
        "no usable answer"
        "没有可用的应答";

    /// An error code that is not in the table.
    unknown_code(doubt, code):
        "{doubt} {code}"
        "{doubt}：{code}";
}
