//! Files of credentials, read, and why one is not.

use std::path::Path;

use zeroize::Zeroizing;

use super::kind::SecretKind;
use crate::config::document::encoding::{BOM, utf_16};
use crate::config::private::{Unread, read_private};
use crate::words::{Text, Words, config as words, pem, typed_path};

pub(super) fn read(
    path: &Path,
    kind: SecretKind,
    open_bits: u32,
) -> Result<Zeroizing<Vec<u8>>, Words> {
    let unread = |why| unread(path, (kind.name(), kind.key()), &why);
    read_private(path, open_bits).map_err(unread)
}

/// What others may not do to a secret. A credential's group bits are systemd's own, a mask of its
/// access list.
pub(in crate::config) const fn open_bits(is_credential: bool) -> u32 {
    if is_credential { 0o007 } else { 0o077 }
}

/// The text of a small file that the campaign file names by this key, without the blanks and the
/// BOM around it.
pub(in crate::config) fn read_line(
    path: &Path,
    (name, key): (Text, &'static str),
    open_bits: u32,
) -> Result<Zeroizing<String>, Words> {
    let bytes = read_private(path, open_bits).map_err(|why| unread(path, (name, key), &why))?;
    if utf_16(&bytes).is_some() {
        return Err(pem::utf_16_text(name, path.display()));
    }
    let line = bytes.strip_prefix(BOM).unwrap_or(&bytes).trim_ascii();
    match std::str::from_utf8(line) {
        Ok("") => Err(pem::empty(name, path.display())),
        Ok(line) => Ok(Zeroizing::new(line.trim().to_owned())),
        Err(_) => Err(words::no_utf_8(name, path.display())),
    }
}

/// Why a file that the campaign file names by this key was not read.
fn unread(path: &Path, (name, key): (Text, &'static str), why: &Unread) -> Words {
    let file = path.display();
    match why {
        Unread::Open(mode) => words::open_to_others(name, file, mode.as_str(), typed_path(path)),
        Unread::Folder => pem::folder(name, file, key),
        Unread::Device => pem::device(name, file, key),
        Unread::TooLarge => pem::too_large(name, file, key),
        Unread::Fault(_) if is_no_path(path, key) => words::no_path(name, key),
        Unread::Fault(fault) => words::unreadable(name, file, fault, key),
    }
}

/// Whether the secret itself may stand where its file should be named. The shortest, a robot's, has
/// 22 characters.
fn is_no_path(path: &Path, key: &str) -> bool {
    let path = path.to_string_lossy();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_key = name.len() >= 22 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // A user and a password have a colon between them.
    let is_user = key.ends_with("proxy_auth_file") && path.contains(':');
    is_key || is_user || path.contains("-----") || path.contains('\n') || path.contains(":/")
}
