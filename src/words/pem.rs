//! A file of keys or certificates that is another kind of file, and how it becomes the right one.

words! {
    in pem;

    /// A file of no bytes.
    empty(kind, path):
        "{kind}: {path} is empty: copy the file again"
        "{kind}：{path} 是空文件：请重新复制";

    /// A folder.
    folder(kind, path, key):
        "{kind}: {path} is a folder: set `{key}` to the file in it"
        "{kind}：{path} 是文件夹：请将 `{key}` 设为其中的文件";

    /// Nothing that can be read twice.
    device(kind, path, key):
        "{kind}: {path} is a pipe or a device: set `{key}` to a regular file"
        "{kind}：{path} 是管道或设备：请将 `{key}` 设为普通文件";

    /// A file of another kind.
    too_large(kind, path, key):
        "{kind}: {path} is larger than 1 MiB, and no key or certificate is: set `{key}` to the \
         right file"
        "{kind}：{path} 超过 1 MiB，不会是密钥或证书：请将 `{key}` 设为正确的文件";

    /// A text that two bytes a character were made of.
    utf_16(kind, path, command, key, made):
        "{kind}: {path} is in UTF-16, as Notepad and PowerShell may save a text: run `{command}`, \
         then set `{key}` to {made}"
        "{kind}：{path} 的编码是 UTF-16（记事本或 PowerShell 可能这样保存）：请执行 `{command}`，\
         再将 `{key}` 设为 {made}";

    /// A text of one line in UTF-16.
    utf_16_text(kind, path):
        "{kind}: {path} is in UTF-16, as Notepad and PowerShell may save a text: save it as UTF-8"
        "{kind}：{path} 的编码是 UTF-16（记事本或 PowerShell 可能这样保存）：请另存为 UTF-8";

    /// A container of key and certificate.
    p12(kind, path, command, key, made):
        "{kind}: {path} is a .p12 file (PKCS#12), not PEM: run `{command}` (the password is the \
         merchant number; add -legacy where openssl says that an algorithm is unsupported), then \
         set `{key}` to {made}"
        "{kind}：{path} 是 .p12 文件（PKCS#12），不是 PEM：请执行 `{command}`（密码为商户号；\
         若 openssl 提示算法不受支持，请加 `-legacy`），再将 `{key}` 设为 {made}";

    /// The bare bytes of a certificate or a key.
    der(kind, path, command, key, made):
        "{kind}: {path} is in DER, the binary form, not PEM: run `{command}`, then set `{key}` to \
         {made}"
        "{kind}：{path} 是 DER（二进制形式），不是 PEM：请执行 `{command}`，再将 `{key}` 设为 {made}";

    /// A chain in a container of its own.
    pkcs7(kind, path, command, key, made):
        "{kind}: {path} is a .p7b file (PKCS#7): run `{command}`, then set `{key}` to {made}"
        "{kind}：{path} 是 .p7b 文件（PKCS#7）：请执行 `{command}`，再将 `{key}` 设为 {made}";

    /// A certificate in a form of openssl's own.
    trusted(kind, path, command, key, made):
        "{kind}: {path} is a TRUSTED CERTIFICATE, which openssl alone reads: run `{command}`, then \
         set `{key}` to {made}"
        "{kind}：{path} 是 TRUSTED CERTIFICATE，仅 openssl 能读：请执行 `{command}`，\
         再将 `{key}` 设为 {made}";

    /// A key behind a password.
    encrypted(kind, path, command, key, made):
        "{kind}: {path} is encrypted with a password, which hongbao does not ask for: run \
         `{command}` and give the password there, then set `{key}` to {made}"
        "{kind}：{path} 已用密码加密，hongbao 不会询问密码：请执行 `{command}` 并输入密码，\
         再将 `{key}` 设为 {made}";

    /// A key for logins.
    openssh(kind, path, command, key, made):
        "{kind}: {path} is a key of OpenSSH, and the merchant platform gives none: set `{key}` to \
         apiclient_key.pem; if this key does belong to the certificate, run `{command}`, then set \
         `{key}` to {made}"
        "{kind}：{path} 是 OpenSSH 密钥，商户平台不会提供这种密钥：请将 `{key}` 设为 \
         apiclient_key.pem；若该密钥确属此证书，请执行 `{command}`，再将 `{key}` 设为 {made}";

    /// A Java key store.
    java(kind, path, command, key):
        "{kind}: {path} is a Java key store: run `{command}`, then set `{key}` to the .p12 file, \
         and hongbao says the next step"
        "{kind}：{path} 是 Java 密钥库：请执行 `{command}`，再将 `{key}` 设为该 .p12 文件，\
         hongbao 会提示下一步";

    /// The download, not unpacked.
    zip(kind, path, key, wanted):
        "{kind}: {path} is a zip archive: unpack it, and set `{key}` to {wanted} in it"
        "{kind}：{path} 是 ZIP 压缩包：请解压，并将 `{key}` 设为其中的 {wanted}";

    /// The key where the certificate belongs.
    holds_key(kind, path, key, wanted):
        "{kind}: {path} holds a private key and no certificate: set `{key}` to {wanted} (the two \
         files may be swapped: `merchant.key_file` is for the private key)"
        "{kind}：{path} 中是私钥，没有证书：请将 `{key}` 设为 {wanted}（两个文件可能写反了：\
         私钥应写在 `merchant.key_file`）";

    /// The certificate where the key belongs.
    holds_certificate(kind, path, key, wanted):
        "{kind}: {path} holds a certificate and no private key: set `{key}` to {wanted} (the two \
         files may be swapped: `merchant.cert_file` is for the certificate)"
        "{kind}：{path} 中是证书，没有私钥：请将 `{key}` 设为 {wanted}（两个文件可能写反了：\
         证书应写在 `merchant.cert_file`）";

    /// A public key, which neither setting wants.
    public(kind, path, key, wanted):
        "{kind}: {path} holds a public key alone: set `{key}` to {wanted}"
        "{kind}：{path} 中只有公钥：请将 `{key}` 设为 {wanted}";

    /// What a certificate is asked for with.
    request(kind, path, key, wanted):
        "{kind}: {path} holds a certificate request (CSR), not what was issued for it: set `{key}` \
         to {wanted}, as the merchant platform gives it"
        "{kind}：{path} 中是证书请求（CSR），不是签发的证书：请将 `{key}` 设为商户平台提供的 {wanted}";

    /// More than one key, of which one at most belongs to the certificate.
    several_keys(kind, path, count):
        "{kind}: {path} holds {count} different private keys: leave only the one of the certificate"
        "{kind}：{path} 中有 {count} 个不同的私钥：请只保留与证书配对的那一个";

    /// A file that ends too soon.
    cut_off(kind, path):
        "{kind}: {path} is cut off: a line -----BEGIN …----- has no -----END …----- behind it: \
         copy the file again"
        "{kind}：{path} 不完整：有 -----BEGIN …----- 行而没有对应的 -----END …----- 行：请重新复制";

    /// A key file where the key of signatures belongs.
    api_key_is_pem(path):
        "API key: {path} holds a certificate or a private key in PEM: `merchant.api_key_file` is \
         for the 32 characters of the APIv2 key, from the merchant platform"
        "API 密钥：{path} 中是 PEM 格式的证书或私钥：`merchant.api_key_file` 应为商户平台的 32 位 \
         APIv2 密钥";

    /// The authority in front of what it signed.
    order(path, place):
        "client certificate: {path}: its certificate number {place} is the one that the private \
         key belongs to, and another (its authority's) stands before it: move number {place}, from \
         -----BEGIN to -----END, to the top of the file"
        "客户端证书：{path} 中与私钥配对的是第 {place} 个证书，它前面还有别的证书（其颁发机构的）：\
         请将第 {place} 个证书（从 -----BEGIN 到 -----END）移到文件最前面";

    /// Two good files that do not fit.
    no_pair(certificate, key, of_certificate, of_key):
        "merchant.cert_file {certificate} and merchant.key_file {key} do not belong together: take \
         both from one download of the merchant platform, or both from one .p12 by `openssl \
         pkcs12`; `{of_certificate}` and `{of_key}` print the same for a pair"
        "merchant.cert_file {certificate} 与 merchant.key_file {key} 不配对：两个文件应取自商户平台的\
         同一次下载，或用 `openssl pkcs12` 取自同一个 .p12；配对时 `{of_certificate}` 与 `{of_key}` \
         的输出相同";
}
