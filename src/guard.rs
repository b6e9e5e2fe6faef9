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
    // A system that pipes cores to a program of its own does not look at the limit.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
