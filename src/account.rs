//! The account that runs this process, as the system knows it. No variable of the environment is
//! asked: anybody sets one.

pub mod access;

use std::fs;

use rustix::process::geteuid;

/// What the kernel says of a process that nobody logged in for.
const NOBODY: u32 = u32::MAX;

/// The account, as `lin(1000)`; as `lin(1000)→root(0)` where somebody logged in as one and became
/// the other. The number alone where the system has no name for it.
#[must_use]
pub fn account() -> String {
    let names = fs::read_to_string("/etc/passwd").unwrap_or_default();
    // A program that changes the account, such as `sudo`, leaves this as it was at the login.
    let login = fs::read_to_string("/proc/self/loginuid").ok();
    let login = login.and_then(|login| login.trim().parse().ok());
    told(&names, login, geteuid().as_raw())
}

fn told(names: &str, login: Option<u32>, now: u32) -> String {
    match login.filter(|login| *login != NOBODY && *login != now) {
        Some(login) => format!("{}→{}", named(names, login), named(names, now)),
        None => named(names, now),
    }
}

/// Another account, by its number.
#[must_use]
pub fn of_number(number: u32) -> String {
    named(
        &fs::read_to_string("/etc/passwd").unwrap_or_default(),
        number,
    )
}

/// An account by its name and number.
fn named(names: &str, number: u32) -> String {
    let is_it = |line: &&str| line.split(':').nth(2) == Some(number.to_string().as_str());
    let line = names.lines().find(is_it);
    let name = line.and_then(|line| line.split(':').next()).unwrap_or("");
    let is_plain = |c: &char| c.is_ascii_graphic();
    let name: String = name.chars().filter(is_plain).take(32).collect();
    format!("{name}({number})")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "root:x:0:0:root:/root:/bin/sh\nlin:x:1000:1000:Lin Wei:/home/lin:/bin/sh\n\
         a\u{7}b:x:7:7::/:/bin/false\n";

    #[test]
    fn an_account_has_a_name_and_a_number_and_no_more() {
        assert_eq!(told(NAMES, None, 1000), "lin(1000)");
        assert_eq!(told(NAMES, Some(NOBODY), 0), "root(0)");
        assert_eq!(told(NAMES, Some(1000), 1000), "lin(1000)");
        assert_eq!(told(NAMES, Some(1000), 0), "lin(1000)→root(0)");
        assert_eq!(
            told(NAMES, None, 4242),
            "(4242)",
            "a container may have no name for it"
        );
        assert_eq!(told("", Some(1000), 0), "(1000)→(0)");
        assert_eq!(told(NAMES, None, 7), "ab(7)");
    }

    #[test]
    fn the_process_has_one() {
        assert!(account().ends_with(&format!("({})", geteuid().as_raw())));
    }
}
