//! Why no connection can be made of the settings.

words! {
    in setup;

    /// Not an address.
    base_url(given):
        "gateway.base_url {given} is not https://HOST or https://HOST:PORT"
        "gateway.base_url {given} 不是 https://HOST 或 https://HOST:PORT";

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

    /// TLS itself.
    tls(detail):
        "TLS: {detail}"
        "TLS 设置失败{detail}";

    /// All of them end so.
    mend(fault):
        "{fault}; mend the file and run again"
        "{fault}；请改正文件后再次运行";
}
