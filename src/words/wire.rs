//! Why a request never left, or nobody knows what became of it. What other machines and libraries
//! say of it is told as they say it.

words! {
    in wire;

    /// The gateway's name has no address.
    name(detail):
        "the name was not resolved: {detail}"
        "域名解析失败{detail}";

    /// No TCP connection.
    connect(detail):
        "no connection: {detail}"
        "无法建立连接{detail}";

    /// No way to the proxy.
    proxy_unreached(detail):
        "no connection to the proxy (gateway.proxy): {detail}"
        "无法连接代理（gateway.proxy）{detail}";

    /// 407.
    proxy_wants_password():
        "the proxy (gateway.proxy) answers 407: it wants a user and a password: put user:password \
         into a file of mode 0600 and name it as gateway.proxy_auth_file"
        "代理（gateway.proxy）返回 407，要求用户名和密码：请将 用户名:密码 写入权限为 0600 的文件，\
         并填写到 gateway.proxy_auth_file";

    /// Another status than 200.
    proxy_refused(status):
        "the proxy (gateway.proxy) gives no way to the gateway: it answers HTTP {status}"
        "代理（gateway.proxy）不提供到网关的通道：返回 HTTP {status}";

    /// Something else than HTTP.
    proxy_garbled():
        "the proxy (gateway.proxy) gives no answer to CONNECT that can be read: is it an HTTP \
         proxy?"
        "代理（gateway.proxy）对 CONNECT 的应答无法识别：它是 HTTP 代理吗？";

    /// Nothing at all.
    proxy_closed():
        "the proxy (gateway.proxy) closed the connection without an answer"
        "代理（gateway.proxy）未作应答便关闭了连接";

    /// Nothing in time.
    proxy_silent():
        "the proxy (gateway.proxy) gave no answer in time"
        "代理（gateway.proxy）未在时限内应答";

    /// TLS, for a reason that may pass.
    handshake(detail):
        "TLS handshake failed: {detail}"
        "TLS 握手失败{detail}";

    /// TLS, for a reason that stays.
    certificate(detail):
        "TLS certificate not accepted: {detail}"
        "TLS 证书未被接受{detail}";

    /// A certificate of the future: nobody shows one.
    certificate_early(ours, theirs):
        "this machine's clock says {ours}, and the gateway's certificate is not valid before \
         {theirs} (Beijing)"
        "本机时间为 {ours}，而网关证书自 {theirs}（北京时间）起才有效";

    /// A certificate that is over, or a clock that is ahead.
    certificate_over(ours, theirs):
        "this machine's clock says {ours}, and the gateway's certificate was valid until \
         {theirs} (Beijing)"
        "本机时间为 {ours}，而网关证书的有效期至 {theirs}（北京时间）";

    /// Stopped before its first byte.
    not_begun():
        "not begun"
        "尚未开始";

    /// No complete answer in time.
    timeout():
        "no answer within the time limit"
        "在时限内没有收到应答";

    /// Broken after the request had begun to leave.
    connection_lost(detail):
        "connection lost: {detail}"
        "连接中断{detail}";

    /// Broken within the answer.
    answer_cut(detail):
        "the answer broke off: {detail}"
        "应答中断{detail}";

    /// An alert after the request had begun to leave.
    certificate_alert(detail):
        "TLS certificate alert: {detail}"
        "TLS 证书告警{detail}";

    /// Any status but 200.
    http(status):
        "HTTP status {status}"
        "HTTP 状态码 {status}";

    /// Not the XML of a reply.
    malformed(detail):
        "unreadable reply: {detail}"
        "无法解析应答{detail}";

    /// The reply speaks about another bill.
    echo(field):
        "the reply is not about this bill: {field} differs"
        "应答与本订单不符：{field} 不一致";

    /// `NOT_FOUND` that may be the answer to an earlier request.
    unnamed():
        "the reply names no bill, and other requests used the connection before"
        "应答未写明单号，而该连接此前已用于其他请求";

    /// A wrong `sign` in the reply.
    sign():
        "the reply's sign is wrong"
        "应答的签名不正确";

    /// `SYSTEMERROR`.
    system_error():
        "WeChat Pay gave no definite result"
        "微信支付没有给出明确结果";

    /// A code that is not in the table.
    unknown_code():
        "unknown code"
        "未知错误码";

    /// `return_code` FAIL without a code.
    return_fail():
        "return_code FAIL without a code"
        "return_code 为 FAIL，且没有错误码";

    /// A crash.
    interrupted():
        "the process ended before the outcome was recorded"
        "进程在记录结果之前就已结束";
}
