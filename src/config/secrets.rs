//! The merchant's credentials, read in live mode only and never printed.

mod form;
mod kind;
mod names;
mod reading;
mod remedy;
mod section;

use std::env;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::campaign::{GatewayProxy, Merchant};
use super::document::encoding::BOM;
use super::error::ConfigError;
use crate::words::{Words, config as words, pem, setup};

use self::form::PemContent;
use self::kind::SecretKind;
use self::reading::read;
pub(super) use self::reading::{open_bits, read_line};
use self::remedy::Meant;
use self::section::Section;

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
        certificates(merchant, sources).map_err(|fault| ConfigError::Secrets {
            faults: vec![fault],
        })
    }

    /// Loads the further trusted roots, which are no secret.
    ///
    /// # Errors
    /// Where the file cannot be read or is none of certificates.
    pub fn roots(path: &Path) -> Result<String, ConfigError> {
        let kind = SecretKind::Root;
        let read = read(path, kind, 0).and_then(|bytes| chain(Meant { kind, path }, &bytes));
        read.map_err(|fault| ConfigError::Secrets {
            faults: vec![fault],
        })
    }

    /// Loads `user:password` of the gateway's proxy, where it has a file of them.
    ///
    /// # Errors
    /// Where the file is missing, open to others, or holds something else.
    pub fn proxy_auth(
        proxy: &GatewayProxy,
        sources: &SecretSources,
    ) -> Result<Option<SecretString>, ConfigError> {
        let read = proxy.auth_file.as_deref().map(|file| auth(file, sources));
        read.transpose().map_err(|fault| ConfigError::Secrets {
            faults: vec![fault],
        })
    }

    /// Loads all three.
    ///
    /// # Errors
    /// With everything that is missing, open to others, or malformed.
    pub fn load(merchant: &Merchant, sources: &SecretSources) -> Result<Self, ConfigError> {
        let api_key = api_key(merchant, sources);
        let cert_pem = certificates(merchant, sources);
        let key_pem = private_key(merchant, sources);
        match (api_key, cert_pem, key_pem) {
            (Ok(api_key), Ok(cert_pem), Ok(key_pem)) => Ok(Secrets {
                api_key,
                cert_pem,
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

fn api_key(merchant: &Merchant, sources: &SecretSources) -> Result<SecretString, Words> {
    let kind = SecretKind::ApiKey;
    if let Some(key) = &sources.api_key {
        return check_api_key(key.expose_secret().as_bytes(), "HONGBAO_API_KEY");
    }
    let credential = sources.credential(Some("api_key".as_ref()));
    let path = place(
        credential.as_deref(),
        merchant.api_key_file.as_deref(),
        kind,
    )?;
    let bytes = read(path, kind, open_bits(credential.is_some()))?;
    let meant = Meant { kind, path };
    match meant.sections(&bytes) {
        Ok(sections) if sections.is_empty() => check_api_key(&bytes, &path.display().to_string()),
        Ok(_) => Err(pem::api_key_is_pem(path.display())),
        Err(why) => Err(why),
    }
}

fn check_api_key(bytes: &[u8], place: &str) -> Result<SecretString, Words> {
    let key = bytes.strip_prefix(BOM).unwrap_or(bytes).trim_ascii();
    match std::str::from_utf8(key) {
        Ok(key) if key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Ok(SecretString::from(key))
        }
        _ => Err(words::api_key(place)),
    }
}

fn certificates(merchant: &Merchant, sources: &SecretSources) -> Result<String, Words> {
    let file = merchant.cert_file.as_deref();
    let kind = SecretKind::Certificate;
    let credential = sources.credential(file.and_then(Path::file_name));
    let path = place(credential.as_deref(), file, kind)?;
    let meant = Meant { kind, path };
    let bytes = read(path, kind, 0)?;
    let held = held(&meant.sections(&bytes)?);
    if held
        .iter()
        .any(|it| matches!(it, PemContent::Key | PemContent::EncryptedKey))
    {
        // A file of both is a secret.
        read(path, kind, open_bits(credential.is_some()))?;
    }
    chain(meant, &bytes)
}

/// All certificates of a file, one behind the other, and nothing else of it.
fn chain(meant: Meant<'_>, bytes: &[u8]) -> Result<String, Words> {
    let sections = meant.sections(bytes)?;
    let held = held(&sections);
    let of_file = sections.iter().zip(&held);
    let certificates = of_file.filter(|(_, held)| **held == PemContent::Certificate);
    let chain: String = certificates.map(|(it, _)| it.as_certificate()).collect();
    if chain.is_empty() {
        return Err(meant.instead(&held));
    }
    Ok(chain)
}

fn private_key(merchant: &Merchant, sources: &SecretSources) -> Result<Zeroizing<String>, Words> {
    let file = merchant.key_file.as_deref();
    let kind = SecretKind::PrivateKey;
    let credential = sources.credential(file.and_then(Path::file_name));
    let path = place(credential.as_deref(), file, kind)?;
    let bytes = read(path, kind, open_bits(credential.is_some()))?;
    let meant = Meant { kind, path };
    let sections = meant.sections(&bytes)?;
    let held = held(&sections);
    let of_file = sections.into_iter().zip(&held);
    let keys = of_file.filter(|(_, held)| **held == PemContent::Key);
    let mut keys: Vec<_> = keys.map(|(it, _)| it.text).collect();
    keys.dedup();
    match keys.len() {
        0 => Err(meant.instead(&held)),
        1 => Ok(keys.remove(0)),
        several => Err(pem::several_keys(kind.name(), path.display(), several)),
    }
}

fn auth(file: &Path, sources: &SecretSources) -> Result<SecretString, Words> {
    let kind = SecretKind::ProxyAuth;
    let credential = sources.credential(file.file_name());
    let path = credential.as_deref().unwrap_or(file);
    let bits = open_bits(credential.is_some());
    let line = read_line(path, (kind.name(), kind.key()), bits)?;
    let is_one = line
        .split_once(':')
        .is_some_and(|(user, _)| !user.is_empty());
    if !is_one || line.chars().any(char::is_control) {
        return Err(setup::proxy_auth(path.display()));
    }
    Ok(SecretString::from(line.as_str()))
}

/// The further trusted roots of those who are told.
pub(super) fn notify_root(path: &Path) -> Result<String, Words> {
    let kind = SecretKind::NotifyRoot;
    read(path, kind, 0).and_then(|bytes| chain(Meant { kind, path }, &bytes))
}

fn held(sections: &[Section]) -> Vec<PemContent> {
    sections.iter().map(PemContent::of).collect()
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
            &PRIVATE.replace("PRIVATE", "EC PRIVATE"),
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
        assert!(told[1].contains("is not one in PEM"), "{told:?}");
        put(&dir.path().join("cert.pem"), PRIVATE, 0o600);
        let told = faults(&merchant, &SecretSources::default());
        assert!(told[1].contains("holds a private key"), "{told:?}");
    }
}
