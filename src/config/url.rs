//! The address of a gateway.

use std::net::{IpAddr, Ipv6Addr};

use crate::words::{Words, config as words};

/// `https://host`, with a port and a path prefix where given, without a last slash.
pub(super) fn base_url(text: &str) -> Result<String, Words> {
    let Some(rest) = text.strip_prefix("https://") else {
        return Err(words::not_https());
    };
    let rest = rest.trim_end_matches('/');
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"?#@\\\"<>".contains(&byte);
    if !rest.bytes().all(is_plain) {
        return Err(words::not_plain());
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if path.split('/').any(|part| part == "." || part == "..") || path.contains("//") {
        return Err(words::url_path());
    }
    if !is_authority(authority) {
        return Err(words::host());
    }
    Ok(format!("https://{rest}"))
}

/// Whether the gateway is on this machine: a stand-in for WeChat Pay.
pub(super) fn is_local(base_url: &str) -> bool {
    let rest = base_url.strip_prefix("https://").unwrap_or(base_url);
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    let host = host.unwrap_or(authority);
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn is_authority(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(host, port)| {
            host.parse::<Ipv6Addr>().is_ok()
                && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        });
    }
    match authority.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(authority),
    }
}

fn is_port(port: &str) -> bool {
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    is_number && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty()
            && label.bytes().all(is_plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_on_this_machine_is_known() {
        for url in [
            "https://127.0.0.1:8443",
            "https://localhost/pay",
            "https://[::1]:8443",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "https://api.mch.weixin.qq.com",
            "https://10.0.0.1:8443",
            "https://127.0.0.1.example.com",
            "https://[fe80::1]",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }

    #[test]
    fn an_address_loses_its_last_slash_and_nothing_else() {
        for (text, url) in [
            (
                "https://api.mch.weixin.qq.com/",
                "https://api.mch.weixin.qq.com",
            ),
            ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
            ("https://[::1]:8443/", "https://[::1]:8443"),
            ("https://gateway/pay/v2/", "https://gateway/pay/v2"),
        ] {
            assert_eq!(base_url(text).unwrap(), url);
        }
    }

    #[test]
    fn what_is_no_plain_https_address_is_refused() {
        for text in [
            "",
            "http://api.mch.weixin.qq.com",
            "https://",
            "https:///path",
            "https://host:0",
            "https://host:65536",
            "https://host:",
            "https://user@host",
            "https://host?x=1",
            "https://ho st",
            "https://[::1",
            "https://host/../x",
            "https://-host",
            "https://a..b",
        ] {
            assert!(base_url(text).is_err(), "{text}");
        }
    }
}
