//! What is told of a file that is not the one which is wanted, and the command that makes it so.

use std::path::{Path, PathBuf};

use super::form::{PemContent, SecretForm};
use super::kind::SecretKind;
use super::section::{Broken, Section};
use crate::words::{Words, config, pem as words, typed_path};

/// A file, and what it should be.
#[derive(Clone, Copy)]
pub(super) struct Meant<'p> {
    pub(super) kind: SecretKind,
    pub(super) path: &'p Path,
}

impl Meant<'_> {
    /// The sections of a PEM file.
    pub(super) fn sections(self, bytes: &[u8]) -> Result<Vec<Section>, Words> {
        let Meant { kind, path } = self;
        let (name, key, file) = (kind.name(), kind.key(), path.display());
        Err(match SecretForm::of(bytes) {
            SecretForm::Pem(sections) => return Ok(sections),
            SecretForm::Empty => words::empty(name, file),
            SecretForm::Utf16(encoding) => {
                let made = self.made();
                let (from, to) = (typed_path(path), typed_path(&made));
                let run = format!("iconv -f {encoding} -t UTF-8 {from} > {to} && chmod 600 {to}");
                words::utf_16(name, file, run, key, made.display())
            }
            SecretForm::Broken(Broken::Lines) => config::lines_lost(name, file),
            SecretForm::Broken(Broken::CutOff) => words::cut_off(name, file),
            SecretForm::Pkcs12 => {
                let flags = if kind == SecretKind::PrivateKey {
                    "-nocerts -nodes"
                } else {
                    "-clcerts -nokeys"
                };
                let (run, made) = self.openssl("pkcs12", flags);
                words::p12(name, file, run, key, made)
            }
            SecretForm::Pkcs7Der => self.wrong(PemContent::Pkcs7, " -inform DER"),
            SecretForm::Der(held) => self.wrong(held, " -inform DER"),
            SecretForm::Zip => words::zip(name, file, key, kind.wanted()),
            SecretForm::JavaStore => {
                let to = path.with_extension("p12");
                let (from, to) = (typed_path(path), typed_path(&to));
                let run = format!(
                    "keytool -importkeystore -srckeystore {from} -destkeystore {to} \
                     -deststoretype PKCS12"
                );
                words::java(name, file, run, key)
            }
        })
    }

    /// Of a file that holds these, and nothing that is wanted: the first says most.
    pub(super) fn instead(self, held: &[PemContent]) -> Words {
        let told = held.iter().find(|it| **it != PemContent::Other);
        self.wrong(*told.unwrap_or(&PemContent::Other), "")
    }

    /// Of a file that holds this, and not what is wanted; or what is wanted, in `form`.
    pub(super) fn wrong(self, held: PemContent, form: &str) -> Words {
        let Meant { kind, path } = self;
        let (name, key, file) = (kind.name(), kind.key(), path.display());
        let wants_key = kind == SecretKind::PrivateKey;
        let openssl = |verb: &str, flags: &str| self.openssl(verb, format!("{flags}{form}").trim());
        match held {
            PemContent::Certificate if !wants_key => {
                let (run, made) = openssl("x509", "");
                words::der(name, file, run, key, made)
            }
            PemContent::Key if wants_key => {
                let (run, made) = openssl("pkey", "");
                words::der(name, file, run, key, made)
            }
            PemContent::EncryptedKey if wants_key => {
                let verb = if form.is_empty() { "pkey" } else { "pkcs8" };
                let (run, made) = openssl(verb, "");
                words::encrypted(name, file, run, key, made)
            }
            PemContent::OpenSshKey if wants_key => {
                let made = self.made();
                let (from, to) = (typed_path(path), typed_path(&made));
                let run = format!("cp {from} {to} && ssh-keygen -p -N '' -m PKCS8 -f {to}");
                words::openssh(name, file, run, key, made.display())
            }
            PemContent::TrustedCertificate if !wants_key => {
                let (run, made) = openssl("x509", "");
                words::trusted(name, file, run, key, made)
            }
            PemContent::Pkcs7 if !wants_key => {
                let (run, made) = openssl("pkcs7", "-print_certs");
                words::pkcs7(name, file, run, key, made)
            }
            PemContent::Key | PemContent::EncryptedKey | PemContent::OpenSshKey => {
                words::holds_key(name, file, key, kind.wanted())
            }
            PemContent::Certificate | PemContent::TrustedCertificate | PemContent::Pkcs7 => {
                words::holds_certificate(name, file, key, kind.wanted())
            }
            PemContent::PublicKey => words::public(name, file, key, kind.wanted()),
            PemContent::Request => words::request(name, file, key, kind.wanted()),
            PemContent::Other => config::not_pem(name, file, key),
        }
    }

    /// The command, and the file that it makes.
    fn openssl(self, verb: &str, flags: &str) -> (String, String) {
        let made = self.made();
        let (from, to) = (typed_path(self.path), typed_path(&made));
        let flags = if flags.is_empty() {
            String::new()
        } else {
            format!("{flags} ")
        };
        let run = format!("openssl {verb} {flags}-in {from} -out {to}");
        (run, made.display().to_string())
    }

    /// A name beside the file that nothing has: no command that is told replaces a file.
    fn made(self) -> PathBuf {
        let stem = self.kind.made();
        let name = |number: u32| match number {
            0 => format!("{stem}.pem"),
            1 => format!("{stem}.new.pem"),
            _ => format!("{stem}.{number}.pem"),
        };
        let mut paths = (0..100).map(|number| self.path.with_file_name(name(number)));
        let free = paths.find(|path| !path.exists());
        free.unwrap_or_else(|| self.path.with_extension("new.pem"))
    }
}
