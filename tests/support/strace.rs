//! `strace`, where it is there and may trace.

use std::io::Write as _;
use std::process::Command;

/// Says a line past the capture of the test harness.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stderr().lock(), "{line}").unwrap();
}

/// Whether a child can be traced here; says so if not.
pub(crate) fn can_trace(lane: &str) -> bool {
    let traced = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output();
    let cause = match traced {
        Ok(ran) if ran.status.success() => return true,
        Ok(ran) => String::from_utf8_lossy(&ran.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    say(&format!(
        "SKIPPED {lane}: strace does not work here: {cause}"
    ));
    false
}
