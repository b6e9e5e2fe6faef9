//! What the program logs while a test runs it: everything, kept apart from what it says, and
//! searched for what no log may have.

use hongbao::simulator::Settings;

/// What a run is asked to log where its test asks for nothing else.
pub(super) const ALL: (&str, &str) = ("HONGBAO_LOG", "hongbao=trace");

/// The words without the lines of the log.
pub(super) fn without_log(stderr: &str) -> String {
    let said = stderr.split_inclusive('\n');
    said.filter(|line| !is_logged(line)).collect()
}

/// Fails where a line of the log has a key, a package or a whole openid.
#[track_caller]
pub(super) fn names_nobody(stderr: &str) {
    for line in stderr.lines().filter(|line| is_logged(line)) {
        assert!(!names_somebody(line), "a log names somebody: {line}");
    }
}

fn names_somebody(line: &str) -> bool {
    let api_key = Settings::default().api_key;
    let secrets = [api_key.as_str(), "PRIVATE KEY", "sendid"];
    secrets.iter().any(|it| line.contains(it)) || has_openid(line) || has_key(line)
}

/// A line of the log begins with a moment and a level, or is an object with a target.
fn is_logged(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let moment = words.next().unwrap_or_default();
    let level = words.next().unwrap_or_default();
    let is_text = moment.ends_with('Z')
        && moment.contains('T')
        && ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level);
    is_text || (line.starts_with("{\"at\":") && line.contains("\"target\":"))
}

/// Whether it has an openid as [`openid`](super::openid) makes them.
fn has_openid(line: &str) -> bool {
    line.split("oTest").skip(1).any(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit);
        digits.count() >= 23
    })
}

/// Whether it has a line of a key's file: 60 letters of base64 or more that are not a digest. A
/// slash parts them, for a path has as many.
fn has_key(line: &str) -> bool {
    line.split(|it: char| !it.is_ascii_alphanumeric() && it != '+')
        .any(|run| run.len() >= 60 && !run.bytes().all(|it| it.is_ascii_hexdigit()))
}

#[test]
fn a_log_that_names_somebody_is_found() {
    let log = |told: &str| format!("2026-11-28T02:00:00.000000Z TRACE hongbao::runner: {told}");
    let leaks = [
        "openid=oTest00000000000000000000007",
        "package=sendid=1&ver=8",
        &Settings::default().api_key,
        "-----BEGIN PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    ];
    for leak in leaks {
        assert!(
            is_logged(&log(leak)) && names_somebody(&log(leak)),
            "{leak}"
        );
    }
    let harmless = log(&format!("openid=oTest***07 head={}", "0f".repeat(32)));
    assert!(!names_somebody(&harmless));
    assert_eq!(
        without_log(&format!("{harmless}\nnext: run\n")),
        "next: run\n"
    );
}
