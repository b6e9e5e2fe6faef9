//! The address of a gateway.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::words::{Words, config as words, notify, setup};

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

/// Whether messages may be posted there: https, or plain http to an address of this machine alone.
/// Their addresses have queries, which are their secret.
pub(super) fn is_notify_url(url: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"#@\\\"<>".contains(&byte);
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let address = authority.parse::<SocketAddr>().map(|address| address.ip());
    let address = address.or_else(|_| authority.parse::<IpAddr>());
    let is_taken = match scheme {
        "https" => true,
        // A name would be resolved, to who knows where.
        "http" => address.is_ok_and(|address| address.is_loopback()),
        _ => false,
    };
    is_taken && is_authority(authority) && rest.bytes().all(is_plain)
}

/// `http://host:port` of a proxy.
pub(super) fn proxy(text: &str) -> Result<String, Words> {
    let authority = text
        .strip_prefix("http://")
        .map(|it| it.trim_end_matches('/'));
    match authority {
        Some(authority) if is_authority(authority) => Ok(format!("http://{authority}")),
        Some(_) | None => Err(notify::proxy()),
    }
}

/// As [`proxy`], of the gateway; blank where there is none. What it refuses may have a password.
pub(super) fn gateway_proxy(text: &str) -> Result<Option<String>, Words> {
    match text.trim() {
        "" => Ok(None),
        text if text.contains('@') => Err(setup::proxy_with_user()),
        text => match proxy(text) {
            Ok(url) if has_port(&url) => Ok(Some(url)),
            Ok(_) | Err(_) => Err(setup::proxy_url()),
        },
    }
}

fn has_port(url: &str) -> bool {
    let authority = url.trim_start_matches("http://");
    authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && is_port(port))
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
    fn messages_leave_this_machine_by_https_only() {
        for url in [
            "https://oapi.dingtalk.com/robot/send?access_token=abc",
            "https://[2001:db8::1]:8443/x",
            "http://127.0.0.1:8080/hook",
            "http://127.0.0.1",
            "http://[::1]:8080/ping?create=1",
        ] {
            assert!(is_notify_url(url), "{url}");
        }
        for url in [
            "",
            "oapi.dingtalk.com",
            "http://localhost/hook",
            "http://127.0.0.1.example.com/",
            "http://10.0.0.1/",
            "http://oapi.dingtalk.com/",
            "https://user@host/",
            "https:///x",
            "https://host/a b",
            "https://host/#x",
            "ftp://127.0.0.1/",
        ] {
            assert!(!is_notify_url(url), "{url}");
        }
        assert_eq!(gateway_proxy(" "), Ok(None));
        let url = "http://[::1]:3128";
        assert_eq!(gateway_proxy(url), Ok(Some(url.to_owned())));
        for (text, code) in [
            ("http://u:p@proxy:3128", "setup.proxy_with_user"),
            ("http://proxy", "setup.proxy_url"),
            ("http://[::1]", "setup.proxy_url"),
            ("https://proxy:3128", "setup.proxy_url"),
            ("socks5://proxy:1080", "setup.proxy_url"),
            ("proxy:3128", "setup.proxy_url"),
        ] {
            assert_eq!(gateway_proxy(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(
            proxy("http://10.0.0.1:3128/").unwrap(),
            "http://10.0.0.1:3128"
        );
        for text in [
            "http://u:p@proxy:3128",
            "https://proxy:3128",
            "proxy:3128",
            "http://",
        ] {
            assert!(proxy(text).is_err(), "{text}");
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
