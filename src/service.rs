//! This process as a service: what the system that started it is told over the socket that it named
//! in `NOTIFY_SOCKET`, as `sd_notify` of systemd does. Without that variable nothing is told.
//!
//! The crate `sd-notify` does the same and is not used: it waits where nobody empties the socket,
//! and one thread of a run speaks to WeChat Pay; and it knows no abstract names.
//!
//! # Alive
//!
//! A watchdog is answered only while the run gets on or lawfully waits, which is one rule: less
//! than a set time has passed since the last [`beat`].
//!
//! - What drives requests beats at each turn of its loop, so not while it waits for the ledger's
//!   writer, nor while requests are open of which none ends: an answer counts only when the
//!   writer has it on disk. Neither may take longer than a request may, and [`MARGIN`].
//! - Waiting for an open time or for what is due later are turns of a loop, too.
//! - Work without a loop of its own, a load or a report, is begun by [`works`] and may take
//!   a quarter of an hour.
//!
//! A thread answers the watchdog: the run's own may be at work.

use std::ffi::OsStr;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Over the time that a request may take.
pub const MARGIN: Duration = Duration::from_secs(30);
/// A million packets are loaded or reported in far less.
const LONGEST_WORK: Duration = Duration::from_mins(15);
/// READY and STOPPING must not be lost, and wait this long for room.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the thread looks, or four times within the watchdog's time.
const LOOK: Duration = Duration::from_secs(5);
/// What is asked for while open requests get their answers, each time that the thread looks.
const EXTENSION: Duration = Duration::from_secs(30);

static SERVICE: OnceLock<Option<Service>> = OnceLock::new();

/// The socket, as this process uses it.
#[derive(Debug)]
struct Service {
    /// Waits for room.
    patient: UnixDatagram,
    /// Never waits: a message that finds no room is lost, and the next one says more.
    quick: UnixDatagram,
    pulse: Pulse,
    is_stopping: AtomicBool,
}

/// When the last beat was and how long until the next, in milliseconds.
#[derive(Debug)]
struct Pulse {
    start: Instant,
    beat: AtomicU64,
    patience: AtomicU64,
}

impl Pulse {
    fn begin() -> Pulse {
        Pulse {
            start: Instant::now(),
            beat: AtomicU64::new(0),
            patience: AtomicU64::new(ms(LONGEST_WORK)),
        }
    }

    fn now(&self) -> u64 {
        ms(self.start.elapsed())
    }

    fn beat(&self, now: u64) {
        self.beat.store(now, Ordering::Relaxed);
    }

    fn is_alive(&self, now: u64) -> bool {
        let last = self.beat.load(Ordering::Relaxed);
        now.saturating_sub(last) <= self.patience.load(Ordering::Relaxed)
    }
}

/// The checks that need no request are passed: the ledger is taken and the list is in it. From now
/// on the watchdog is answered.
pub fn ready() {
    if SERVICE.get().is_some() {
        return;
    }
    let named = std::env::var_os("NOTIFY_SOCKET");
    let service = SERVICE.get_or_init(|| named.and_then(|name| Service::open(&name).ok()));
    let Some(service) = service else {
        return;
    };
    let _ = service.patient.send(b"READY=1");
    let watchdog = watchdog(|name| std::env::var(name).ok());
    // Without the thread the system ends the process, and the next start goes on.
    let _ = std::thread::Builder::new()
        .name("watchdog".to_owned())
        .spawn(move || service.keep(watchdog));
}

/// Whether anybody is told anything.
#[must_use]
pub fn is_watched() -> bool {
    service().is_some()
}

/// How far it is, in one line.
pub fn status(line: &str) {
    if let Some(service) = service() {
        // A second line would be another variable.
        let line = line.replace(|c: char| c.is_control(), " ");
        let _ = service.quick.send(format!("STATUS={line}").as_bytes());
    }
}

/// Requests are driven from now on, each over after `answer` at the latest.
pub fn drives(answer: Duration) {
    wait_for(answer + MARGIN);
}

/// Work without a loop of its own begins.
pub fn works() {
    wait_for(LONGEST_WORK);
}

fn wait_for(patience: Duration) {
    if let Some(Service { pulse, .. }) = service() {
        pulse.patience.store(ms(patience), Ordering::Relaxed);
        pulse.beat(pulse.now());
    }
}

/// It got on, or waits as it may.
pub fn beat() {
    if let Some(Service { pulse, .. }) = service() {
        pulse.beat(pulse.now());
    }
}

/// It ends: open requests get their answers, the reports are written. While it is alive it asks for
/// the time that this takes.
pub fn stopping() {
    if let Some(service) = service()
        && !service.is_stopping.swap(true, Ordering::Relaxed)
    {
        let said = format!("STOPPING=1\n{}", extension());
        let _ = service.patient.send(said.as_bytes());
    }
}

fn service() -> Option<&'static Service> {
    SERVICE.get()?.as_ref()
}

impl Service {
    fn open(name: &OsStr) -> io::Result<Service> {
        let (patient, quick) = (connect(name)?, connect(name)?);
        patient.set_write_timeout(Some(PATIENCE))?;
        quick.set_nonblocking(true)?;
        Ok(Service {
            patient,
            quick,
            pulse: Pulse::begin(),
            is_stopping: AtomicBool::new(false),
        })
    }

    /// Answers the watchdog, and asks for time at the end.
    fn keep(&self, watchdog: Option<Duration>) {
        let every = watchdog.map_or(LOOK, |within| LOOK.min(within / 4));
        loop {
            if self.pulse.is_alive(self.pulse.now()) {
                let is_stopping = self.is_stopping.load(Ordering::Relaxed);
                let alive = watchdog.map(|_| "WATCHDOG=1".to_owned());
                let said = alive.into_iter().chain(is_stopping.then(extension));
                for line in said {
                    let _ = self.patient.send(line.as_bytes());
                }
            }
            std::thread::sleep(every);
        }
    }
}

fn extension() -> String {
    format!("EXTEND_TIMEOUT_USEC={}", EXTENSION.as_micros())
}

/// By a path, or by an abstract name, which the variable writes with an `@`.
fn connect(name: &OsStr) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    #[cfg(target_os = "linux")]
    if let Some(name) = name.as_encoded_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::net::SocketAddr;
        socket.connect_addr(&SocketAddr::from_abstract_name(name)?)?;
        return Ok(socket);
    }
    socket.connect(name)?;
    Ok(socket)
}

/// Within which time the watchdog wants to hear from this process, if from it at all.
fn watchdog(variable: impl Fn(&str) -> Option<String>) -> Option<Duration> {
    let within: u64 = variable("WATCHDOG_USEC")?.parse().ok()?;
    let is_ours = variable("WATCHDOG_PID").is_none_or(|pid| pid == std::process::id().to_string());
    (is_ours && within > 0).then(|| Duration::from_micros(within))
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_is_alive_until_its_patience_is_over() {
        let pulse = Pulse::begin();
        assert!(pulse.is_alive(ms(LONGEST_WORK)));
        assert!(!pulse.is_alive(ms(LONGEST_WORK) + 1));
        pulse.patience.store(50_000, Ordering::Relaxed);
        pulse.beat(1_000_000);
        assert!(pulse.is_alive(1_050_000));
        assert!(!pulse.is_alive(1_050_001));
    }

    #[test]
    fn a_watchdog_is_that_of_this_process_only() {
        let asked = |usec: &'static str, pid: Option<String>| {
            watchdog(move |name| match name {
                "WATCHDOG_USEC" => Some(usec.to_owned()),
                _ => pid.clone(),
            })
        };
        let ours = Some(std::process::id().to_string());
        let minute = Some(Duration::from_mins(1));
        assert_eq!(asked("60000000", None), minute);
        assert_eq!(asked("60000000", ours), minute);
        assert_eq!(asked("60000000", Some("1".to_owned())), None);
        assert_eq!(asked("soon", None), None);
        assert_eq!(asked("0", None), None);
        assert_eq!(watchdog(|_| None), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_has_a_path_or_an_abstract_name() {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::net::SocketAddr;
        let name = format!("hongbao-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let server = UnixDatagram::bind_addr(&address).unwrap();
        let service = Service::open(OsStr::new(&format!("@{name}"))).unwrap();
        service.quick.send(b"STATUS=x").unwrap();
        let mut heard = [0; 16];
        assert_eq!(server.recv(&mut heard).unwrap(), 8);
        assert!(Service::open(OsStr::new("/nobody/here")).is_err());
    }
}
