//! Certificates made at start: an authority of the simulator's own, a certificate for its
//! server, and one for the merchant.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::simulator::error::SimulatorError;

/// The certificates of the client and of the server.
#[derive(Debug)]
pub(in crate::simulator) struct Certificates {
    /// The authority.
    pub(in crate::simulator) ca_pem: String,
    /// The merchant's certificate.
    pub(in crate::simulator) client_cert_pem: String,
    /// The merchant's key.
    pub(in crate::simulator) client_key_pem: String,
    /// The server's side: it asks every client for a certificate of the same authority.
    pub(in crate::simulator) server: Arc<ServerConfig>,
}

impl Certificates {
    /// Makes all of them anew, for a server at this address and a merchant whose certificate ends
    /// on this day.
    pub(in crate::simulator) fn make(
        address: IpAddr,
        ends: Option<(i32, u8, u8)>,
    ) -> Result<Certificates, SimulatorError> {
        let ca = authority()?;
        let names = vec![
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            address.to_string(),
        ];
        let server_use = ExtendedKeyUsagePurpose::ServerAuth;
        let (server_cert, server_key) = leaf(("localhost", names), server_use, None, &ca)?;
        let client_use = ExtendedKeyUsagePurpose::ClientAuth;
        let (client_cert, client_key) =
            leaf(("simulated merchant", Vec::new()), client_use, ends, &ca)?;
        let key = PrivatePkcs8KeyDer::from(server_key.serialize_der());
        Ok(Certificates {
            ca_pem: ca.pem(),
            client_cert_pem: client_cert.pem(),
            client_key_pem: client_key.serialize_pem(),
            server: Arc::new(server_config(ca.der(), server_cert.der(), key)?),
        })
    }

    /// Writes what a client needs into a directory, readable by nobody else.
    pub(in crate::simulator) fn write(&self, dir: &Path, api_key: &str) -> io::Result<()> {
        let texts = [
            self.ca_pem.as_str(),
            &self.client_cert_pem,
            &self.client_key_pem,
            api_key,
        ];
        let mut files = CREDENTIALS.iter().zip(texts);
        files.try_for_each(|(name, text)| write_private(&dir.join(name), text))
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let name = &mut params.distinguished_name;
    name.push(DnType::CommonName, "hongbao simulator authority");
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf(
    (common_name, subject_names): (&str, Vec<String>),
    usage: ExtendedKeyUsagePurpose,
    ends: Option<(i32, u8, u8)>,
    ca: &CertifiedIssuer<'static, KeyPair>,
) -> Result<(rcgen::Certificate, KeyPair), rcgen::Error> {
    let mut params = CertificateParams::new(subject_names)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    if let Some((year, month, day)) = ends {
        params.not_after = rcgen::date_time_ymd(year, month, day);
    }
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    let key = KeyPair::generate()?;
    Ok((params.signed_by(&key, ca)?, key))
}

/// TLS 1.2 and 1.3 on ring, named here because a program may hold more than one provider.
fn server_config(
    ca: &CertificateDer<'static>,
    cert: &CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
) -> Result<ServerConfig, SimulatorError> {
    let refused = |error: rustls::Error| SimulatorError::Tls(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone()).map_err(refused)?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| SimulatorError::Tls(error.to_string()))?;
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![cert.clone()], key.into())
        .map_err(refused)
}

/// The files with the credentials of a simulator, the API key last.
pub const CREDENTIALS: [&str; 4] = [
    "ca.pem",
    "apiclient_cert.pem",
    "apiclient_key.pem",
    "api_key",
];

/// A file of an earlier start is replaced, never written through: its mode may be another.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    io::Write::write_all(&mut file, text.as_bytes())
}
