//! What the system may do to this process. Of its memory nothing is left on a disk: it holds the
//! API key and the private key. And no limit of a file's size ends it without a word.

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

/// Leaves no core file, whatever ends the process. A system that does not grant this is none the
/// worse for having been asked.
pub fn leave_no_core() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    hide_memory();
}

/// A system that pipes cores to a program of its own ignores the limit. A program that traces the
/// process from its start sees all of it anyway, and could follow it no further: then this is not
/// done.
#[cfg(target_os = "linux")]
fn hide_memory() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    if status("TracerPid").is_none_or(|tracer| tracer == "0") {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(not(target_os = "linux"))]
fn hide_memory() {}

/// Where files may grow only so far, a write beyond that is an error like one of a full disk. The
/// system's own answer is a signal that kills.
pub fn outlive_file_limit() {
    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    if let Ok(runtime) = runtime::Builder::new_current_thread().enable_io().build() {
        let _within = runtime.enter();
        // A signal that was listened to once is never the system's again.
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
    }
}

/// A field of what the system says of this process; `None` where it says nothing.
#[must_use]
pub fn status(field: &str) -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    value.map(|value| value.trim().to_owned())
}
