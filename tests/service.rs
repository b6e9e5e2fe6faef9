//! A run as a service: what it tells the system that started it, over a socket that the test reads.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hongbao::simulator::{FaultName, FaultRates, Settings};

use crate::support::{Campaign, Child, can_trace, is_full, until};

/// systemd's side of the socket.
struct Manager {
    said: Arc<Mutex<Vec<String>>>,
    path: String,
}

impl Manager {
    fn of(campaign: &Campaign) -> Manager {
        let path = campaign.path("notify").display().to_string();
        let socket = UnixDatagram::bind(&path).unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        // Ends with the test's process.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = socket.recv(&mut buffer) {
                let message = String::from_utf8(buffer[..length].to_vec()).unwrap();
                let mut said = heard.lock().unwrap();
                said.extend(message.lines().map(ToOwned::to_owned));
            }
        });
        Manager { said, path }
    }

    fn start(&self, campaign: &Campaign, verb: &str, rest: &[&str]) -> Child {
        let watched = [("NOTIFY_SOCKET", &*self.path), ("WATCHDOG_USEC", "400000")];
        campaign.start_at(verb, rest, &watched)
    }

    fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// Where the first line is that begins so.
    fn place(&self, begin: &str) -> Option<usize> {
        self.said().iter().position(|line| line.starts_with(begin))
    }

    fn count(&self, line: &str) -> usize {
        self.said().iter().filter(|said| *said == line).count()
    }
}

/// Some seconds of sending, on the simulator in the program itself.
fn unhurried() -> Campaign {
    let mut campaign = Campaign::of(30);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("pace.per_second", "10");
    campaign
}

#[test]
fn a_run_tells_when_it_is_ready_how_far_it_is_that_it_lives_and_when_it_stops() {
    let campaign = unhurried();
    let manager = Manager::of(&campaign);
    manager.start(&campaign, "run", &[]).wait().exits(0);
    until("STOPPING is heard", || {
        manager.place("STOPPING=1").is_some()
    });
    let said = manager.said();
    assert_eq!(said[0], "READY=1", "{said:#?}");
    let stopping = manager.place("STOPPING=1").unwrap();
    let is_progress = |line: &&String| line.starts_with("STATUS=") && line.contains(" total=30 ");
    let progress = said[..stopping].iter().filter(is_progress).count();
    assert!((2..=4).contains(&progress), "every two seconds: {said:#?}");
    let alive = said[..stopping].iter().filter(|line| *line == "WATCHDOG=1");
    assert!(
        alive.count() >= 10,
        "four in 400 ms for three seconds: {said:#?}"
    );
    assert_eq!(manager.count("READY=1"), 1);
    assert_eq!(manager.count("STOPPING=1"), 1);
    assert!(said[stopping + 1].starts_with("EXTEND_TIMEOUT_USEC="));
}

/// Else the service manager would call a start with nothing to do a failure.
#[test]
fn a_run_with_nothing_to_do_and_a_closed_one_were_ready_too() {
    let mut campaign = unhurried();
    campaign.owe(crate::support::rows(1));
    campaign.verb("run", &[]).exits(0);
    let manager = Manager::of(&campaign);
    manager.start(&campaign, "run", &[]).wait().exits(0);
    until("it stops", || manager.count("STOPPING=1") == 1);
    assert_eq!(manager.said()[0], "READY=1");
    manager.start(&campaign, "reconcile", &[]).wait().exits(0);
    until("the other stops", || manager.count("STOPPING=1") == 2);
    assert_eq!(manager.count("READY=1"), 2);
    campaign.set("schedule.start_at", "\"2098-01-01T00:00:00+08:00\"");
    campaign.owe(crate::support::rows(2));
    campaign.verb("load", &[]).exits(0);
    manager.start(&campaign, "run", &[]).wait().exits(5);
    until("the closed one stops", || manager.count("STOPPING=1") == 3);
    assert_eq!(manager.count("READY=1"), 3);
}

#[test]
fn a_run_that_cannot_begin_was_never_ready() {
    let mut campaign = unhurried();
    let manager = Manager::of(&campaign);
    campaign.write("recipients.csv", "openid,amount_fen\nx,1\n");
    manager.start(&campaign, "run", &[]).wait().exits(6);
    campaign.set("pace.per_second", "\"fast\"");
    manager.start(&campaign, "run", &[]).wait().exits(7);
    assert_eq!(manager.said(), Vec::<String>::new());
}

#[test]
fn a_run_that_drains_asks_for_time_until_it_is_over() {
    let settings = Settings {
        faults: FaultRates::none().with(FaultName::Late, 1.0),
        late_ms: 1_500,
        ..Settings::default()
    };
    let mut campaign = Campaign::with(40, settings);
    campaign.set("gateway.request_timeout_ms", "60000");
    let manager = Manager::of(&campaign);
    let total = crate::support::total_yuan(campaign.total_fen());
    let live = ["--live", "--confirm-total", &total];
    let run = manager.start(&campaign, "run", &live);
    until("requests are open", || campaign.wechat.sends() > 4);
    run.signal("TERM");
    run.wait().exits(143);
    until("it is heard", || {
        manager.place("STATUS=stopping: waiting for").is_some()
    });
    let said = manager.said();
    let stopping = manager.place("STOPPING=1").unwrap();
    let told = |line: &String| line.starts_with("STATUS=stopping: waiting for open requests");
    assert!(said[stopping..].iter().any(told), "{said:#?}");
    let asked = said[stopping..]
        .iter()
        .filter(|line| *line == "EXTEND_TIMEOUT_USEC=30000000");
    assert!(asked.count() > 3, "{said:#?}");
    assert!(
        said[stopping..].contains(&"WATCHDOG=1".to_owned()),
        "{said:#?}"
    );
    campaign.books_agree();
}

#[test]
fn a_waiting_run_is_ready_and_alive() {
    let mut campaign = unhurried();
    campaign.set("schedule.hours", "\"08:00-23:30\"");
    let manager = Manager::of(&campaign);
    let watched = [
        ("NOTIFY_SOCKET", &*manager.path),
        ("WATCHDOG_USEC", "400000"),
        ("HONGBAO_SIMULATED_NOW", "2027-02-12T02:00:00+08:00"),
    ];
    let run = campaign.start_at("run", &["--wait"], &watched);
    until("it waits", || {
        manager.place("STATUS=waiting until").is_some()
    });
    let before = manager.count("WATCHDOG=1");
    until("it lives", || manager.count("WATCHDOG=1") > before + 2);
    assert_eq!(manager.place("STOPPING=1"), None, "it goes on");
    run.signal("TERM");
    run.wait().exits(143);
    until("it stops", || manager.count("STOPPING=1") == 1);
}

/// A process that stands still is not alive for its watchdog, and one that goes on is.
#[test]
fn nothing_is_told_while_the_process_stands_still() {
    let campaign = unhurried();
    let manager = Manager::of(&campaign);
    let run = manager.start(&campaign, "run", &[]);
    until("it sends", || manager.place("STATUS=").is_some());
    run.signal("STOP");
    std::thread::sleep(Duration::from_millis(200));
    let before = manager.count("WATCHDOG=1");
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(manager.count("WATCHDOG=1"), before);
    run.signal("CONT");
    run.wait().exits(0);
    until("it lives", || manager.count("WATCHDOG=1") > before);
}

/// Nobody reads: the socket's queue is full after some messages, and a run waits for none but the
/// first and the last.
#[test]
fn a_manager_that_does_not_listen_delays_nothing() {
    let campaign = unhurried();
    let path = campaign.path("deaf").display().to_string();
    let deaf = UnixDatagram::bind(&path).unwrap();
    let full = UnixDatagram::unbound().unwrap();
    full.set_nonblocking(true).unwrap();
    while full.send_to(b"STATUS=x", &path).is_ok() {}
    let began = Instant::now();
    let watched = [("NOTIFY_SOCKET", &*path), ("WATCHDOG_USEC", "400000")];
    campaign.start_at("run", &[], &watched).wait().exits(0);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(12), "{took:?}");
    let nobody = [("NOTIFY_SOCKET", "/nobody/here")];
    campaign.start_at("run", &[], &nobody).wait().exits(0);
    drop(deaf);
}

/// The ledger's disk hangs: the run waits for its writer, and is not called alive for longer than a
/// request may take and a margin. With `HONGBAO_FULL=1`, for it takes a minute.
#[test]
fn a_run_whose_disk_hangs_is_not_called_alive() {
    if !is_full() || !can_trace("a run whose disk hangs") {
        return;
    }
    let campaign = unhurried();
    campaign.verb("load", &[]).exits(0);
    let manager = Manager::of(&campaign);
    let socket = format!("NOTIFY_SOCKET={}", manager.path);
    let hang = "inject=fsync,fdatasync:delay_enter=90000000:when=12";
    let strace = ["strace", "-f", "-o", "/dev/null", "-E", &socket, "-E"];
    let traced = [&strace[..], &["WATCHDOG_USEC=400000", "-e", hang]].concat();
    let mut run = campaign.start_under(&traced, "run");
    until("it is alive", || manager.count("WATCHDOG=1") > 2);
    let began = Instant::now();
    let (mut last, mut at) = (0, Instant::now());
    while at.elapsed() < Duration::from_secs(5) {
        let now = manager.count("WATCHDOG=1");
        if now > last {
            (last, at) = (now, Instant::now());
        }
        assert!(!run.is_over(), "it never hung");
        assert!(began.elapsed() < Duration::from_secs(80), "called alive");
        std::thread::sleep(Duration::from_millis(50));
    }
    let seconds = began.elapsed().as_secs();
    assert!(seconds > 30, "a disk may be slow: {seconds} s");
    run.kill();
}
