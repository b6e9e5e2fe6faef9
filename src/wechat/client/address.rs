//! Where a gateway is, and a proxy.

use hyper::Uri;

/// The host, still in brackets if it is an IPv6 address, and the port.
pub(super) fn host_and_port(base_url: &str) -> Option<(String, u16)> {
    let uri: Uri = base_url.parse().ok()?;
    let is_plain = uri.path() == "/" && uri.query().is_none();
    let authority = uri.authority()?;
    if uri.scheme_str() != Some("https") || !is_plain || authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host();
    let port = match authority.as_str().strip_prefix(host)? {
        "" => 443,
        port => port.strip_prefix(':')?.parse().ok()?,
    };
    Some((host.to_owned(), port))
}

/// The host, without brackets, and the port of `http://host:port`.
pub(super) fn proxy_host_and_port(url: &str) -> Option<(String, u16)> {
    let uri: Uri = url.parse().ok()?;
    let authority = uri.authority()?;
    let is_plain = uri.path() == "/" && uri.query().is_none();
    if uri.scheme_str() != Some("http") || !is_plain || authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().trim_matches(['[', ']']).to_owned();
    Some((host, authority.port_u16().unwrap_or(80)))
}
