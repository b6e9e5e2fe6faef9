//! Why no connection can be made of the settings.

words! {
    in setup;

    /// Not an address.
    base_url(given):
        "gateway.base_url {given} is not https://HOST or https://HOST:PORT"
        "gateway.base_url {given} 不是 https://HOST 或 https://HOST:PORT";

    /// Not the address of a proxy.
    proxy(given):
        "gateway.proxy {given} is not http://HOST:PORT"
        "gateway.proxy {given} 不是 http://HOST:PORT";

    /// A file of certificates or keys that cannot be used.
    pem(setting, why):
        "{setting}: {why}"
        "{setting}：{why}";

    /// Lines that are not where they belong.
    bad_frame():
        "not whole PEM: each -----BEGIN …----- and -----END …----- needs a line of its own; a copy \
         through a form or a variable may lose the line breaks"
        "不是完整的 PEM：-----BEGIN …----- 和 -----END …----- 必须各占一行，\
         经表单或环境变量复制时换行可能丢失";

    /// The text between the lines.
    bad_base64():
        "not whole PEM: the text between its lines is not base64"
        "不是完整的 PEM：首尾两行之间的内容不是 base64";

    /// A file of another kind.
    too_large():
        "too large for a key or a certificate"
        "文件太大，不会是密钥或证书";

    /// A key that no connection can use.
    bad_key():
        "holds no private key that can be used: an RSA key of at least 2048 bits, as the merchant \
         platform gives it, or one of ECDSA or Ed25519"
        "其中没有可用的私钥：应为商户平台提供的至少 2048 位的 RSA 私钥，或 ECDSA、Ed25519 私钥";

    /// A certificate that cannot be read.
    bad_certificate():
        "holds a certificate that cannot be read"
        "其中的证书无法读取";

    /// A file without a certificate.
    no_certificate():
        "no certificate in PEM form"
        "其中没有 PEM 格式的证书";

    /// A file without a key.
    no_key():
        "no unencrypted private key in PEM form"
        "其中没有未加密的 PEM 格式私钥";

    /// Two good files that do not fit.
    mismatch():
        "merchant.cert_file and merchant.key_file do not belong together"
        "merchant.cert_file 与 merchant.key_file 不配对";

    /// The authority in front of what it signed.
    order(place):
        "merchant.cert_file: its certificate number {place} is the one that the private key \
         belongs to: move it to the top"
        "merchant.cert_file：与私钥配对的是其中第 {place} 个证书：请将它移到最前面";

    /// TLS itself.
    tls(detail):
        "TLS: {detail}"
        "TLS 设置失败{detail}";

    /// A proxy of the environment beside a gateway that was not reached.
    unused_proxy(names):
        "{names} is set, and no request uses it: if WeChat Pay is reached through that proxy, \
         write it as `proxy` under [gateway]"
        "设置了 {names}，但本程序的请求不使用它：若须经该代理访问微信支付，请在 [gateway] 下写入 `proxy`";

    /// All of them end so.
    mend(fault):
        "{fault}; mend the file and run again"
        "{fault}；请改正文件后再次运行";

    /// `gateway.proxy`.
    proxy_url():
        "write the proxy as \"http://host:port\": an HTTP proxy that takes CONNECT"
        "请将代理写成 \"http://host:port\"，须为支持 CONNECT 的 HTTP 代理";

    /// `gateway.proxy` with a password in it.
    proxy_with_user():
        "no user or password belongs here: put user:password into a file of mode 0600 and name it \
         as `gateway.proxy_auth_file`"
        "此处不能写用户名或密码：请将 用户名:密码 写入权限为 0600 的文件，\
         并填写到 `gateway.proxy_auth_file`";

    /// `gateway.proxy_auth_file` without `gateway.proxy`.
    proxy_auth_alone():
        "`gateway.proxy_auth_file` is for a proxy, and `gateway.proxy` names none"
        "`gateway.proxy_auth_file` 用于代理，但没有设置 `gateway.proxy`";

    /// What `gateway.proxy_auth_file` holds.
    proxy_auth(path):
        "user and password of the proxy: {path} does not hold one line user:password"
        "代理的用户名和密码：{path} 中不是一行 用户名:密码";

    /// The proxy of the campaign file.
    gateway_proxy(url):
        "the gateway is reached through gateway.proxy {url}"
        "经 gateway.proxy {url} 访问网关";

    /// The same, where there is no way to go.
    proxy_simulated(url):
        "gateway.proxy {url} is not used in simulator mode: the simulator is on this machine"
        "模拟模式不使用 gateway.proxy {url}：模拟器在本机";

    /// The remedy.
    mend_gateway_proxy():
        "check gateway.proxy and gateway.proxy_auth_file, and that the proxy lets this machine \
         CONNECT to the gateway's port"
        "请检查 gateway.proxy 和 gateway.proxy_auth_file，以及代理是否允许本机 CONNECT 到网关端口";

    /// A name that the proxy looks up.
    name_by_proxy(host):
        "{host}, looked up by the proxy"
        "{host}，由代理解析";

    /// The remedy.
    renew_certificate_or_clock():
        "if the clock is right (`date`), download a new certificate from the merchant platform and \
         replace merchant.cert_file and merchant.key_file"
        "若本机时钟（`date`）无误，请在商户平台重新下载证书，替换 merchant.cert_file 和 merchant.key_file";

    /// A certificate that is not valid yet: the clock is behind.
    certificate_early(subject, begin, now):
        "{subject} is valid from {begin}, and this machine's clock says {now}: the clock is behind"
        "{subject} 自 {begin} 起有效，而本机时间为 {now}：本机时钟偏慢";
}
