//! Certificates of the tests' own: a good set, and one for each way a certificate can be wrong.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// What servers show, each good in all but one thing.
pub(crate) struct Pki {
    ca_pem: String,
    merchant_pem: String,
    merchant_key: String,
    pub(crate) good: Arc<ServerConfig>,
    pub(crate) expired: Arc<ServerConfig>,
    pub(crate) of_another_name: Arc<ServerConfig>,
    pub(crate) of_a_stranger: Arc<ServerConfig>,
    /// Its certificate is good, but it trusts no merchant of ours.
    pub(crate) distrusting: Arc<ServerConfig>,
    /// The same with TLS 1.2, where the handshake tells.
    pub(crate) distrusting_in_time: Arc<ServerConfig>,
}

impl Pki {
    /// The one set of this process: keys take time.
    pub(crate) fn shared() -> &'static Pki {
        static PKI: OnceLock<Pki> = OnceLock::new();
        PKI.get_or_init(Pki::new)
    }

    fn new() -> Pki {
        let (ours, stranger) = (authority(), authority());
        let merchant = Leaf::of("merchant", &ours, false);
        let good = Leaf::of("127.0.0.1", &ours, false);
        let all = rustls::ALL_VERSIONS;
        let old = &[&rustls::version::TLS12];
        Pki {
            ca_pem: ours.pem(),
            good: good.server(&ours, all),
            distrusting: good.server(&stranger, all),
            distrusting_in_time: good.server(&stranger, old),
            expired: Leaf::of("127.0.0.1", &ours, true).server(&ours, all),
            of_another_name: Leaf::of("other.example", &ours, false).server(&ours, all),
            of_a_stranger: Leaf::of("127.0.0.1", &stranger, false).server(&ours, all),
            merchant_pem: merchant.certificate.pem(),
            merchant_key: merchant.key.serialize_pem(),
        }
    }

    /// Writes what a merchant has, as `merchant` and `gateway` of a campaign file name it.
    pub(crate) fn write(&self, dir: &Path, api_key: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::create_dir_all(dir).unwrap();
        for (name, text) in [
            ("ca.pem", self.ca_pem.as_str()),
            ("apiclient_cert.pem", &self.merchant_pem),
            ("apiclient_key.pem", &self.merchant_key),
            ("api_key", api_key),
        ] {
            let path = dir.join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        }
    }
}

/// A certificate and its key.
struct Leaf {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Leaf {
    fn of(name: &str, authority: &Authority, is_expired: bool) -> Leaf {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if is_expired {
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let certificate = params.signed_by(&key, authority).unwrap();
        Leaf { certificate, key }
    }

    /// A server that lets in whom this authority signed.
    fn server(
        &self,
        clients_of: &Authority,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(clients_of.der().clone()).unwrap();
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_client_cert_verifier(clients.build().unwrap())
            .with_single_cert(vec![self.certificate.der().clone()], key.into());
        Arc::new(config.unwrap())
    }
}

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}
