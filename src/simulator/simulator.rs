//! The running simulator, as the rest of the program holds it.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::books::breaks::PlantedBreak;
use super::books::journal::Journal;
use super::clock::SimulatorClock;
use super::error::SimulatorError;
use super::rules::books::Books;
use super::rules::gateway::Gateway;
use super::rules::settings::Settings;
use super::rules::traffic::Counters;
use super::server::certs::Certificates;
use super::server::connection::{ServerParts, serve};
use super::server::durable::DurableGateway;

/// A simulator that listens. Dropping it closes its connections and lets go of its books.
pub struct Simulator {
    address: SocketAddr,
    certificates: Certificates,
    durable: DurableGateway,
    clock: SimulatorClock,
    server: JoinHandle<()>,
    broken: Option<oneshot::Receiver<SimulatorError>>,
}

impl Simulator {
    /// Reads the books, makes the certificates and listens. Port 0 takes any free one. Without
    /// `books` nothing outlives the process.
    ///
    /// # Errors
    /// Where the address is taken or the books cannot be read; see [`SimulatorError`].
    pub async fn start(
        settings: Settings,
        books: Option<&Path>,
        listen: SocketAddr,
        clock: SimulatorClock,
    ) -> Result<Simulator, SimulatorError> {
        let (journal, entries) = match books {
            Some(path) => {
                let (journal, entries) = Journal::open(path)?;
                (Some(journal), entries)
            }
            None => (None, Vec::new()),
        };
        let refused = |source| SimulatorError::Listen {
            address: listen,
            source,
        };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let certificates = Certificates::make(address.ip(), settings.certificate_ends)?;
        let gateway = Gateway::reopened(settings, &entries);
        let (durable, broken) = DurableGateway::new(gateway, journal);
        let shared = ServerParts {
            durable: durable.clone(),
            clock: Arc::clone(&clock),
            acceptor: TlsAcceptor::from(Arc::clone(&certificates.server)),
        };
        Ok(Simulator {
            address,
            certificates,
            durable,
            clock,
            server: tokio::spawn(serve(listener, shared)),
            broken: Some(broken),
        })
    }

    /// Where it listens, as the `base_url` of a gateway.
    #[must_use]
    pub fn base_url(&self) -> String {
        match self.address.ip() {
            IpAddr::V4(ip) => format!("https://{ip}:{}", self.address.port()),
            IpAddr::V6(ip) => format!("https://[{ip}]:{}", self.address.port()),
        }
    }

    /// The authority its server's certificate is to be checked against.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.certificates.ca_pem
    }

    /// The certificate a client must show.
    #[must_use]
    pub fn client_cert_pem(&self) -> &str {
        &self.certificates.client_cert_pem
    }

    /// The key of the certificate a client must show.
    #[must_use]
    pub fn client_key_pem(&self) -> &str {
        &self.certificates.client_key_pem
    }

    /// The `APIv2` key requests must be signed with now.
    #[must_use]
    pub fn api_key(&self) -> String {
        self.durable
            .with(|gateway| gateway.settings_mut().api_key.clone())
    }

    /// A copy of the books as they stand now.
    #[must_use]
    pub fn books(&self) -> Books {
        let now_ms = (self.clock)();
        self.durable.with(|gateway| gateway.books(now_ms))
    }

    /// Requests since the start, without a copy of the books.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.durable
            .with(|gateway| gateway.traffic.counters.clone())
    }

    /// How many requests came so far, to be watched. A request is counted once it stands in the
    /// books and before its answer leaves.
    #[must_use]
    pub fn arrivals(&self) -> watch::Receiver<u64> {
        self.durable.arrivals()
    }

    /// The fund-flow bills of all days so far by their date, and with `is_broken` the breaks in
    /// them.
    #[must_use]
    pub fn fund_flow(&self, is_broken: bool) -> (BTreeMap<String, String>, Vec<PlantedBreak>) {
        let now_ms = (self.clock)();
        self.durable
            .with(|gateway| gateway.fund_flow(now_ms, is_broken))
    }

    /// Waits until its books cannot be written any more, from when on it answers nothing. For ever
    /// where that does not happen, and for who asks a second time.
    pub fn broken(&mut self) -> impl Future<Output = SimulatorError> + Send + 'static {
        let broken = self.broken.take();
        async move {
            match broken {
                Some(broken) => match broken.await {
                    Ok(fault) => fault,
                    // The simulator is gone, and its books are whole.
                    Err(_) => std::future::pending().await,
                },
                None => std::future::pending().await,
            }
        }
    }

    /// Changes the settings between two requests.
    pub fn change(&self, change: impl FnOnce(&mut Settings)) {
        self.durable.with(|gateway| change(gateway.settings_mut()));
    }

    /// Puts money into the merchant's account.
    pub fn top_up(&self, fen: u64) {
        self.durable.with(|gateway| gateway.top_up(fen));
    }

    /// Writes `ca.pem`, `apiclient_cert.pem`, `apiclient_key.pem` and `api_key` into `dir`, all
    /// with mode 0600.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn write_credentials(&self, dir: &Path) -> io::Result<()> {
        self.certificates.write(dir, &self.api_key())
    }

    /// Takes no request any more, and waits for the answers to those that came, but no longer
    /// than `most`.
    pub async fn drain(&self, most: Duration) {
        self.durable.drain(most).await;
    }

    /// Closes every connection and lets go of the books, and returns when that is done.
    pub async fn shutdown(mut self) {
        self.durable.close();
        self.server.abort();
        if let Err(error) = (&mut self.server).await
            && !error.is_cancelled()
        {
            tracing::error!(%error, "the simulator's server broke down");
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.durable.close();
        self.server.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;

    use super::super::faults::fault::FaultName;
    use super::super::faults::rates::FaultRates;
    use super::super::testing::{QUERY, SEND, body, query_fields, send_fields};
    use super::*;

    async fn started(settings: Settings, books: Option<&Path>) -> Simulator {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let clock: SimulatorClock = Arc::new(|| 1_771_041_600_000);
        Simulator::start(settings, books, listen, clock)
            .await
            .unwrap()
    }

    fn connector(trusted: &Simulator, shown: Option<&Simulator>) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_slice(trusted.ca_pem().as_bytes()).unwrap();
        roots.add(ca).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = if let Some(merchant) = shown {
            let cert = CertificateDer::from_pem_slice(merchant.client_cert_pem().as_bytes());
            let key = PrivateKeyDer::from_pem_slice(merchant.client_key_pem().as_bytes());
            let chain = vec![cert.unwrap()];
            builder.with_client_auth_cert(chain, key.unwrap()).unwrap()
        } else {
            builder.with_no_client_auth()
        };
        TlsConnector::from(Arc::new(config))
    }

    /// Posts each body on one connection and returns all that came back until it closed.
    async fn post(
        simulator: &Simulator,
        shown: Option<&Simulator>,
        requests: &[(&str, Vec<u8>)],
    ) -> io::Result<String> {
        let stream = TcpStream::connect(simulator.address).await?;
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let connector = connector(simulator, shown);
        let mut tls = connector.connect(name, stream).await?;
        for (at, (path, body)) in requests.iter().enumerate() {
            let is_last = at + 1 == requests.len();
            let connection = if is_last { "close" } else { "keep-alive" };
            let length = body.len();
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\
                 Content-Length: {length}\r\n\r\n"
            );
            tls.write_all(head.as_bytes()).await?;
            tls.write_all(body).await?;
        }
        let mut received = Vec::new();
        match tls.read_to_end(&mut received).await {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
            Ok(_) | Err(_) => Ok(String::from_utf8(received).unwrap()),
        }
    }

    fn send_body(simulator: &Simulator, mch_billno: &str) -> (&'static str, Vec<u8>) {
        let fields = send_fields(mch_billno, "oA", 100);
        (SEND, body(&fields, &simulator.api_key()))
    }

    #[tokio::test]
    async fn a_packet_is_paid_and_found_over_one_connection() {
        let simulator = started(Settings::default(), None).await;
        let query = (QUERY, body(&query_fields("n1"), &simulator.api_key()));
        let requests = [send_body(&simulator, "n1"), query];
        let received = post(&simulator, Some(&simulator), &requests).await.unwrap();
        let answers: Vec<&str> = received.split("HTTP/1.1 200 OK\r\n").collect();
        assert_eq!(answers.len(), 3, "{received}");
        assert!(answers[1].contains("Date: Sat, 14 Feb 2026 04:00:00 GMT\r\n"));
        assert!(answers[1].contains("<package><![CDATA[sendid="));
        assert!(answers[2].contains("<status><![CDATA[SENT]]></status>"));
        let books = simulator.books();
        assert_eq!((books.paid_packets, books.counters.max_connections), (1, 1));
    }

    #[tokio::test]
    async fn a_request_that_is_none_is_not_told_of_certificates() {
        let simulator = started(Settings::default(), None).await;
        let requests = [("/\r\nnonsense", Vec::new())];
        let received = post(&simulator, Some(&simulator), &requests).await.unwrap();
        assert!(
            received.contains("<title>400 Bad Request</title>"),
            "{received}"
        );
        assert!(!received.contains("SSL"), "{received}");
    }

    #[tokio::test]
    async fn a_client_without_a_certificate_is_refused() {
        let simulator = started(Settings::default(), None).await;
        let requests = [send_body(&simulator, "n1")];
        let refused = post(&simulator, None, &requests).await.unwrap_err();
        assert!(
            refused.to_string().contains("CertificateRequired"),
            "{refused}"
        );
        assert_eq!(simulator.books().counters.sends, 0);
    }

    #[tokio::test]
    async fn the_certificate_of_another_authority_is_refused() {
        let simulator = started(Settings::default(), None).await;
        let other = started(Settings::default(), None).await;
        let requests = [send_body(&simulator, "n1")];
        let refused = post(&simulator, Some(&other), &requests).await.unwrap_err();
        let text = refused.to_string();
        assert!(text.contains("alert"), "{text}");
        assert_eq!(simulator.books().counters.sends, 0);
    }

    #[tokio::test]
    async fn a_cut_answer_promises_more_than_it_brings() {
        let faults = FaultRates::none().with(FaultName::Truncated, 1.0);
        let settings = Settings {
            faults,
            ..Settings::default()
        };
        let simulator = started(settings, None).await;
        let requests = [send_body(&simulator, "n1")];
        let received = post(&simulator, Some(&simulator), &requests).await.unwrap();
        let (head, body) = received.split_once("\r\n\r\n").unwrap();
        let (_, rest) = head.split_once("Content-Length: ").unwrap();
        let promised: usize = rest.lines().next().unwrap().parse().unwrap();
        assert!(body.len() < promised, "{} of {promised}", body.len());
        assert_eq!(simulator.books().paid_packets, 1);
    }

    #[tokio::test]
    async fn a_lost_answer_closes_the_connection_without_a_byte() {
        let faults = FaultRates::none().with(FaultName::LostAfter, 1.0);
        let settings = Settings {
            faults,
            ..Settings::default()
        };
        let simulator = started(settings, None).await;
        let requests = [send_body(&simulator, "n1")];
        assert_eq!(
            post(&simulator, Some(&simulator), &requests).await.unwrap(),
            ""
        );
        assert_eq!(simulator.books().paid_packets, 1);
    }

    #[tokio::test]
    async fn books_outlive_the_simulator() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("books.jsonl");
        let simulator = started(Settings::default(), Some(&path)).await;
        let requests = [send_body(&simulator, "n1")];
        let first = post(&simulator, Some(&simulator), &requests).await.unwrap();
        let before = simulator.books();
        drop(simulator);

        let simulator = started(Settings::default(), Some(&path)).await;
        let after = simulator.books();
        assert_eq!(after.orders["n1"].order, before.orders["n1"].order);
        let second = post(&simulator, Some(&simulator), &requests).await.unwrap();
        assert_eq!(first, second, "the same number gives the same packet");
        assert_eq!(simulator.books().orders["n1"].order.payments, 1);
        simulator.shutdown().await;
    }

    #[tokio::test]
    async fn credentials_are_written_for_their_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let simulator = started(Settings::default(), None).await;
        simulator.write_credentials(dir.path()).unwrap();
        simulator.write_credentials(dir.path()).unwrap();
        for name in [
            "ca.pem",
            "apiclient_cert.pem",
            "apiclient_key.pem",
            "api_key",
        ] {
            let mode = fs::metadata(dir.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        let api_key = fs::read_to_string(dir.path().join("api_key")).unwrap();
        assert_eq!(api_key, simulator.api_key());
        assert_eq!(api_key.len(), 32);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_number_sent_over_many_connections_at_once_is_paid_once() {
        let simulator = Arc::new(started(Settings::default(), None).await);
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let simulator = Arc::clone(&simulator);
            clients.spawn(async move {
                let requests = [0; 5].map(|_| send_body(&simulator, "n1"));
                post(&simulator, Some(&simulator), &requests).await.unwrap()
            });
        }
        let received = clients.join_all().await;
        let packages = received
            .iter()
            .flat_map(|text| text.split("<package>").skip(1));
        let packages: Vec<&str> = packages.map(|rest| &rest[..260]).collect();
        assert_eq!(packages.len(), 40);
        assert!(packages.iter().all(|package| *package == packages[0]));
        let books = simulator.books();
        assert_eq!((books.paid_packets, books.counters.sends), (1, 40));
        assert!(books.counters.max_connections <= 8);
    }

    #[tokio::test]
    async fn a_late_answer_comes_after_its_time_and_frees_a_client_that_left() {
        let late = Settings {
            faults: FaultRates::none().with(FaultName::Late, 1.0),
            late_ms: 30,
            ..Settings::default()
        };
        let simulator = started(late, None).await;
        let requests = [send_body(&simulator, "n1")];
        let began = std::time::Instant::now();
        let received = post(&simulator, Some(&simulator), &requests).await.unwrap();
        assert!(began.elapsed().as_millis() >= 30);
        assert!(received.contains("<package>"), "{received}");

        simulator.change(|settings| settings.late_ms = 3_600_000);
        for _ in 0..3 {
            let left = post(&simulator, Some(&simulator), &requests);
            let limit = std::time::Duration::from_millis(100);
            assert!(tokio::time::timeout(limit, left).await.is_err());
        }
        simulator.change(|settings| settings.faults = FaultRates::none());
        post(&simulator, Some(&simulator), &requests).await.unwrap();
        let counters = simulator.books().counters;
        assert!(counters.max_in_flight <= 2, "{counters:?}");
        assert_eq!(simulator.books().paid_packets, 1);
    }

    #[tokio::test]
    async fn open_requests_are_answered_before_it_ends_and_new_ones_are_not() {
        let settings = Settings {
            faults: FaultRates::none().with(FaultName::Late, 1.0),
            late_ms: 200,
            ..Settings::default()
        };
        let simulator = started(settings, None).await;
        let requests = [send_body(&simulator, "n1")];
        let mut arrivals = simulator.arrivals();
        let drained = async {
            arrivals.wait_for(|count| *count == 1).await.unwrap();
            simulator.drain(Duration::from_secs(5)).await;
        };
        let (received, ()) = tokio::join!(post(&simulator, Some(&simulator), &requests), drained);
        assert!(received.unwrap().contains("<package>"));
        let requests = [send_body(&simulator, "n2")];
        let received = post(&simulator, Some(&simulator), &requests).await;
        assert_eq!(received.unwrap(), "");
        assert_eq!(simulator.books().paid_packets, 1);
    }

    #[tokio::test]
    async fn books_can_be_read_while_the_simulator_runs() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("books.jsonl");
        let simulator = started(Settings::default(), Some(&path)).await;
        let requests = [send_body(&simulator, "n1"), send_body(&simulator, "n2")];
        post(&simulator, Some(&simulator), &requests).await.unwrap();
        let books = Books::read(&path, 0).unwrap();
        assert_eq!((books.paid_packets, books.paid_fen), (2, 200));
        let (live, read) = (simulator.books(), books.orders);
        assert!(
            live.orders
                .iter()
                .all(|(n, booked)| read[n].order == booked.order)
        );
    }
}
