//! The files of credentials that a campaign file names.

use crate::words::{Text, both};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecretKind {
    ApiKey,
    Certificate,
    PrivateKey,
    /// One more trusted root, which is no secret.
    Root,
    /// The same, of those who are told.
    NotifyRoot,
    /// `user:password`.
    ProxyAuth,
}

impl SecretKind {
    pub(super) const fn key(self) -> &'static str {
        match self {
            SecretKind::ApiKey => "merchant.api_key_file",
            SecretKind::Certificate => "merchant.cert_file",
            SecretKind::PrivateKey => "merchant.key_file",
            SecretKind::Root => "gateway.ca_file",
            SecretKind::NotifyRoot => "notify.ca_file",
            SecretKind::ProxyAuth => "gateway.proxy_auth_file",
        }
    }

    pub(super) const fn name(self) -> Text {
        match self {
            SecretKind::ApiKey => both("API key", "API 密钥"),
            SecretKind::Certificate => both("client certificate", "客户端证书"),
            SecretKind::PrivateKey => both("private key", "私钥"),
            SecretKind::Root => both("gateway.ca_file", "网关根证书 gateway.ca_file"),
            SecretKind::NotifyRoot => both("notify.ca_file", "通知根证书 notify.ca_file"),
            SecretKind::ProxyAuth => both("user and password of the proxy", "代理的用户名和密码"),
        }
    }

    /// The right file, as the merchant platform names it.
    pub(super) const fn wanted(self) -> Text {
        match self {
            SecretKind::ApiKey => both("the APIv2 key", "APIv2 密钥"),
            SecretKind::Certificate => both("apiclient_cert.pem", "apiclient_cert.pem"),
            SecretKind::PrivateKey => both("apiclient_key.pem", "apiclient_key.pem"),
            SecretKind::ProxyAuth => both("user:password", "用户名:密码"),
            SecretKind::Root | SecretKind::NotifyRoot => both(
                "the certificate of the server's authority, in PEM",
                "服务器证书颁发机构的 PEM 证书",
            ),
        }
    }

    /// What a file made from the wrong one is called, without its ending.
    pub(super) const fn made(self) -> &'static str {
        match self {
            SecretKind::ApiKey => "api_key",
            SecretKind::Certificate => "apiclient_cert",
            SecretKind::PrivateKey => "apiclient_key",
            SecretKind::Root | SecretKind::NotifyRoot => "ca",
            SecretKind::ProxyAuth => "proxy_auth",
        }
    }
}
