//! Of this process nothing is left on a disk: its memory holds the API key and the private key.

use rustix::process::{Resource, Rlimit, setrlimit};

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

/// A field of what the system says of this process; `None` where it says nothing.
#[must_use]
pub fn status(field: &str) -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    value.map(|value| value.trim().to_owned())
}
