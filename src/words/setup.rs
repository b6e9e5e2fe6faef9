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

    /// What the TLS library says of it.
    refused(detail):
        "{detail}"
        "无法使用（{detail}）";

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
        "TLS 错误：{detail}";

    /// All of them end so.
    mend(fault):
        "{fault}; mend the file and run again"
        "{fault}；请改正文件后再次运行";
}
