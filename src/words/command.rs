//! Commands to type: paths and words as a shell reads them.

use std::path::Path;

/// A path as it is typed in a shell: one that begins with a hyphen is no flag.
pub(crate) fn typed_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.starts_with('-') && text != "-" {
        typed_word(&format!("./{text}"))
    } else {
        typed_word(&text)
    }
}

/// A word as it is typed in a shell: in single quotes where it has a blank or a sign of the
/// shell's.
pub(crate) fn typed_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_each_path_as_it_is() {
        for text in [
            "c1/campaign.toml",
            "my camp/a b.toml",
            "a'b.toml",
            "$HOME/`x`.toml",
            "~/x",
            "春节/活动.toml",
            "a\"b\\c",
            "a;b&c|d>e",
            "*",
            "#x",
            "!!",
            "a\nb",
            "(x)",
            "{a,b}",
            "a\u{3000}b",
        ] {
            let line = format!("printf %s {}", typed_path(Path::new(text)));
            let ran = Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&ran.stdout), text, "{line}");
        }
        assert_eq!(
            typed_path(Path::new("c1/campaign.toml")),
            "c1/campaign.toml"
        );
        assert_eq!(typed_path(Path::new("-x.toml")), "./-x.toml");
        assert_eq!(typed_word(""), "''");
    }
}
