//! Where a gateway is.

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
