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

    /// TLS, for a reason that may pass.
    handshake(detail):
        "TLS handshake failed: {detail}"
        "TLS 握手失败{detail}";

    /// TLS, for a reason that stays.
    certificate(detail):
        "TLS certificate not accepted: {detail}"
        "TLS 证书未被接受{detail}";

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
