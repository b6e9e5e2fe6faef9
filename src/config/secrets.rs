//! The merchant's credentials, read in live mode only and never printed.

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::campaign::Merchant;
use super::error::ConfigError;
use super::private::{Unread, read_private};
use crate::words::{Text, Words, both, config as words};

/// The secrets that sign and identify the merchant.
#[derive(Debug)]
pub struct Secrets {
    /// The `APIv2` key: 32 letters and digits.
    pub api_key: SecretString,
    /// The client certificate and its chain, PEM.
    pub cert_pem: String,
    /// Its private key, PEM.
    pub key_pem: SecretString,
}

/// Places that come before the files of the campaign.
#[derive(Debug, Default)]
pub struct SecretSources {
    /// `HONGBAO_API_KEY`.
    pub api_key: Option<SecretString>,
    /// `CREDENTIALS_DIRECTORY`, as systemd gives it to a service.
    pub credentials: Option<PathBuf>,
}

impl SecretSources {
    /// As the environment of this process has them.
    #[must_use]
    pub fn from_env() -> Self {
        let api_key = env::var_os("HONGBAO_API_KEY");
        SecretSources {
            api_key: api_key.map(|key| SecretString::from(key.to_string_lossy().into_owned())),
            credentials: env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from),
        }
    }

    /// The credential of this name, if there is one.
    pub(super) fn credential(&self, name: Option<&std::ffi::OsStr>) -> Option<PathBuf> {
        let path = self.credentials.as_ref()?.join(name?);
        path.is_file().then_some(path)
    }
}

impl Secrets {
    /// Loads the API key alone, for what only signs.
    ///
    /// # Errors
    /// Where it is missing, open to others, or malformed.
    pub fn api_key(
        merchant: &Merchant,
        sources: &SecretSources,
    ) -> Result<SecretString, ConfigError> {
        api_key(merchant, sources).map_err(|fault| ConfigError::Secrets {
            faults: vec![fault],
        })
    }

    /// Loads the certificate alone, which is no secret.
    ///
    /// # Errors
    /// Where it is missing or no PEM.
    pub fn certificate(
        merchant: &Merchant,
        sources: &SecretSources,
    ) -> Result<String, ConfigError> {
        let read = pem(
            merchant.cert_file.as_deref(),
            sources,
            SecretKind::Certificate,
        );
        let told = read.map(|pem| pem.to_string());
        told.map_err(|fault| ConfigError::Secrets {
            faults: vec![fault],
        })
    }

    /// Loads all three.
    ///
    /// # Errors
    /// With everything that is missing, open to others, or malformed.
    pub fn load(merchant: &Merchant, sources: &SecretSources) -> Result<Self, ConfigError> {
        let api_key = api_key(merchant, sources);
        let cert_pem = pem(
            merchant.cert_file.as_deref(),
            sources,
            SecretKind::Certificate,
        );
        let key_pem = pem(
            merchant.key_file.as_deref(),
            sources,
            SecretKind::PrivateKey,
        );
        match (api_key, cert_pem, key_pem) {
            (Ok(api_key), Ok(cert_pem), Ok(key_pem)) => Ok(Secrets {
                api_key,
                cert_pem: cert_pem.to_string(),
                key_pem: SecretString::from(key_pem.as_str()),
            }),
            (api_key, cert_pem, key_pem) => {
                let faults = [api_key.err(), cert_pem.err(), key_pem.err()];
                Err(ConfigError::Secrets {
                    faults: faults.into_iter().flatten().collect(),
                })
            }
        }
    }
}

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SecretKind {
    ApiKey,
    Certificate,
    PrivateKey,
}

impl SecretKind {
    const fn key(self) -> &'static str {
        match self {
            SecretKind::ApiKey => "merchant.api_key_file",
            SecretKind::Certificate => "merchant.cert_file",
            SecretKind::PrivateKey => "merchant.key_file",
        }
    }

    const fn name(self) -> Text {
        match self {
            SecretKind::ApiKey => both("API key", "API 密钥"),
            SecretKind::Certificate => both("client certificate", "客户端证书"),
            SecretKind::PrivateKey => both("private key", "私钥"),
        }
    }
}

fn api_key(merchant: &Merchant, sources: &SecretSources) -> Result<SecretString, Words> {
    if let Some(key) = &sources.api_key {
        return check_api_key(key.expose_secret(), "HONGBAO_API_KEY");
    }
    let credential = sources.credential(Some("api_key".as_ref()));
    let path = place(
        credential.as_deref(),
        merchant.api_key_file.as_deref(),
        SecretKind::ApiKey,
    )?;
    let text = read(path, SecretKind::ApiKey, credential.is_some())?;
    check_api_key(&text, &path.display().to_string())
}

fn check_api_key(text: &str, place: &str) -> Result<SecretString, Words> {
    let key = text.trim();
    if key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(SecretString::from(key));
    }
    Err(words::api_key(place))
}

fn pem(
    file: Option<&Path>,
    sources: &SecretSources,
    kind: SecretKind,
) -> Result<Zeroizing<String>, Words> {
    let credential = sources.credential(file.and_then(Path::file_name));
    let path = place(credential.as_deref(), file, kind)?;
    let text = read(path, kind, credential.is_some())?;
    let label = match kind {
        SecretKind::Certificate | SecretKind::ApiKey => "CERTIFICATE-----",
        SecretKind::PrivateKey => "PRIVATE KEY-----",
    };
    let (name, file) = (kind.name(), path.display());
    if text.lines().any(|line| is_begin(line, label)) {
        return Ok(text);
    }
    if text.contains("-----BEGIN ") && text.contains(label) {
        return Err(words::lines_lost(name, file));
    }
    Err(words::not_pem(name, file, kind.key()))
}

/// Whether the line is the first of a section, and nothing else.
fn is_begin(line: &str, label: &str) -> bool {
    let line = line.trim_end();
    let inside = line.strip_prefix("-----BEGIN ");
    let inside = inside.and_then(|rest| rest.strip_suffix(label));
    inside.is_some_and(|algorithm| !algorithm.contains('-'))
}

fn place<'p>(
    credential: Option<&'p Path>,
    file: Option<&'p Path>,
    kind: SecretKind,
) -> Result<&'p Path, Words> {
    credential
        .or(file)
        .ok_or_else(|| words::no_file(kind.name(), kind.key()))
}

fn read(path: &Path, kind: SecretKind, is_credential: bool) -> Result<Zeroizing<String>, Words> {
    let open_bits = match kind {
        SecretKind::Certificate => 0,
        SecretKind::ApiKey | SecretKind::PrivateKey => open_bits(is_credential),
    };
    read_named(path, (kind.name(), kind.key()), |path| {
        read_private(path, open_bits)
    })
}

/// What others may not do to a secret. A credential's group bits are systemd's own, a mask of its
/// access list.
pub(super) const fn open_bits(is_credential: bool) -> u32 {
    if is_credential { 0o007 } else { 0o077 }
}

/// Reads a small file that the campaign file names by this key. The mode of the open file is looked
/// at, so that it cannot change before the reading.
pub(super) fn read_named(
    path: &Path,
    (name, key): (Text, &'static str),
    read: impl FnOnce(&Path) -> Result<Zeroizing<String>, Unread>,
) -> Result<Zeroizing<String>, Words> {
    let file = path.display();
    read(path).map_err(|unread| match unread {
        Unread::Open(mode) => words::open_to_others(name, file, mode),
        Unread::Fault(fault) if fault.kind() == ErrorKind::InvalidData => {
            words::not_a_text(name, file)
        }
        Unread::Fault(_) if is_no_path(path) => words::no_path(name, key),
        Unread::Fault(fault) => words::unreadable(name, file, &fault, key),
    })
}

/// Whether the secret itself may stand where its file should be named. The shortest, a robot's, has
/// 22 characters.
fn is_no_path(path: &Path) -> bool {
    let path = path.to_string_lossy();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_key = name.len() >= 22 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_key || path.contains("-----") || path.contains('\n') || path.contains(":/")
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::ids::MchId;

    const KEY: &str = "0123456789abcdefghijABCDEFGHIJ01";
    const CERT: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";

    fn put(path: &Path, text: &str, mode: u32) {
        fs::write(path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn merchant(dir: &Path) -> Merchant {
        Merchant {
            mch_id: MchId::new("10000098").unwrap(),
            wxappid: "wx8888888888888888".to_owned(),
            api_key_file: Some(dir.join("api_key")),
            cert_file: Some(dir.join("cert.pem")),
            key_file: Some(dir.join("key.pem")),
        }
    }

    fn filled() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        put(&dir.path().join("api_key"), &format!("{KEY}\n"), 0o600);
        put(&dir.path().join("cert.pem"), CERT, 0o644);
        put(&dir.path().join("key.pem"), PRIVATE, 0o400);
        dir
    }

    fn faults(merchant: &Merchant, sources: &SecretSources) -> Vec<String> {
        match Secrets::load(merchant, sources) {
            Err(ConfigError::Secrets { faults }) => faults.into_iter().map(|it| it.en).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn secrets_come_from_files_and_are_never_printed() {
        let dir = filled();
        let secrets = Secrets::load(&merchant(dir.path()), &SecretSources::default()).unwrap();
        assert_eq!(secrets.api_key.expose_secret(), KEY);
        assert_eq!(secrets.key_pem.expose_secret(), PRIVATE);
        assert_eq!(secrets.cert_pem, CERT);
        let shown = format!("{secrets:?}");
        assert!(
            !shown.contains(KEY) && !shown.contains("PRIVATE KEY"),
            "{shown}"
        );
    }

    #[test]
    fn the_environment_comes_before_credentials_and_credentials_before_files() {
        let (dir, credentials) = (filled(), tempfile::tempdir().unwrap());
        let other = KEY.replace('0', "9");
        put(&credentials.path().join("api_key"), &other, 0o440);
        let mut sources = SecretSources {
            api_key: None,
            credentials: Some(credentials.path().to_owned()),
        };
        let merchant = merchant(dir.path());
        let secrets = Secrets::load(&merchant, &sources).unwrap();
        assert_eq!(secrets.api_key.expose_secret(), other);
        sources.api_key = Some(SecretString::from(KEY));
        let secrets = Secrets::load(&merchant, &sources).unwrap();
        assert_eq!(secrets.api_key.expose_secret(), KEY);
        put(
            &credentials.path().join("key.pem"),
            "-----BEGIN EC PRIVATE KEY-----\n",
            0o400,
        );
        let secrets = Secrets::load(&merchant, &sources).unwrap();
        assert!(secrets.key_pem.expose_secret().contains("EC PRIVATE KEY"));
    }

    #[test]
    fn secret_files_open_to_others_are_refused_with_the_remedy() {
        let dir = filled();
        let path = dir.path().join("api_key");
        put(&path, KEY, 0o640);
        put(&dir.path().join("key.pem"), PRIVATE, 0o604);
        let told = faults(&merchant(dir.path()), &SecretSources::default());
        let path = path.display();
        assert_eq!(
            told[0],
            format!("API key: others can read {path} (mode 0640): run `chmod 600 {path}`")
        );
        assert!(
            told[1].starts_with("private key: others can read "),
            "{told:?}"
        );
    }

    #[test]
    fn a_file_that_lost_its_line_breaks_is_named() {
        let dir = filled();
        let key = dir.path().join("key.pem");
        fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
        for lost in [" ", "", "\\n"] {
            put(&key, &PRIVATE.replace('\n', lost), 0o600);
            let told = faults(&merchant(dir.path()), &SecretSources::default());
            assert!(told[0].contains("lost its line breaks"), "{told:?}");
            assert!(told[0].contains("key.pem") && !told[0].contains("AA=="));
        }
    }

    #[test]
    fn a_secret_in_the_place_of_its_path_is_not_shown() {
        let dir = filled();
        let mut merchant = merchant(dir.path());
        merchant.api_key_file = Some(dir.path().join(KEY));
        merchant.key_file = Some(dir.path().join(PRIVATE));
        let told = faults(&merchant, &SecretSources::default());
        assert!(told[0].contains("`merchant.api_key_file`"), "{told:?}");
        assert!(told[1].contains("`merchant.key_file`"), "{told:?}");
        let is_told = |secret: &str| told.iter().any(|told| told.contains(secret));
        assert!(!is_told(KEY) && !is_told("AA=="), "{told:?}");
    }

    #[test]
    fn all_that_is_missing_or_malformed_is_told_at_once() {
        let dir = filled();
        put(&dir.path().join("api_key"), "too short", 0o600);
        fs::remove_file(dir.path().join("cert.pem")).unwrap();
        let mut merchant = merchant(dir.path());
        merchant.key_file = None;
        let told = faults(&merchant, &SecretSources::default());
        assert!(
            told[0].contains("does not hold 32 letters and digits"),
            "{told:?}"
        );
        assert!(!told[0].contains("too short"), "{told:?}");
        assert!(
            told[1].starts_with("client certificate: cannot read "),
            "{told:?}"
        );
        assert_eq!(
            told[2],
            "private key: no file is named: set `merchant.key_file`"
        );
        fs::write(dir.path().join("cert.pem"), b"0\x82\x0b\xff").unwrap();
        let told = faults(&merchant, &SecretSources::default());
        assert!(told[1].contains("must be turned into PEM"), "{told:?}");
        fs::write(dir.path().join("cert.pem"), PRIVATE).unwrap();
        let told = faults(&merchant, &SecretSources::default());
        assert!(told[1].contains("is not one in PEM"), "{told:?}");
    }
}
