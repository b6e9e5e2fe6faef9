//! Text that is not TOML: which file it is instead, or which sign in it is at fault.

use crate::words::{Text, Words, both, campaign_file as words};

/// What the whole text is, if it is no campaign file. Asked where it is not TOML, or blank.
pub(in crate::config) fn instead(text: &str) -> Option<Words> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut lines = text.lines().map(str::trim);
    let Some(first) = lines.find(|line| !line.is_empty() && !line.starts_with('#')) else {
        return Some(words::empty());
    };
    if first.starts_with("-----BEGIN ") {
        return Some(words::pem());
    }
    if has_section(text) {
        return None;
    }
    let is_delimited = [',', '\t', ';', '，', '|']
        .iter()
        .any(|it| first.contains(*it));
    let is_id = first.to_lowercase().contains("openid");
    Some(match first.chars().next() {
        Some('{' | '[') => words::other("JSON"),
        Some('<') => words::other("HTML / XML"),
        _ if first.contains('=') && !first.starts_with("sep=") => return None,
        _ if is_delimited || is_id => words::list(),
        _ if first == "---" || first.ends_with(':') => words::other("YAML"),
        _ => return None,
    })
}

/// Whether a line is the head of a section, in whatever brackets.
fn has_section(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        let inside = line.strip_prefix(['[', '［', '【']);
        inside.map(str::trim_start).is_some_and(|rest| {
            let name: String = rest
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            !name.is_empty()
                && rest[name.len()..]
                    .trim_start()
                    .starts_with([']', '］', '】', '_'])
        })
    })
}

/// A sign that TOML does not know, and what stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::config) enum OddSign {
    /// One that looks like this.
    LookAlike(char, &'static str),
    /// One that nobody sees.
    Unseen(char),
    /// A backslash that begins no escape.
    Backslash,
    /// A backslash in a path of Windows.
    Drive,
}

impl OddSign {
    /// The first in this line, outside quotes that are right.
    pub(in crate::config) fn in_line(line: &str) -> Option<OddSign> {
        let mut found = None;
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '#' => break,
                '"' | '\'' => match closed(rest, c) {
                    Some((inside, behind)) => {
                        if c == '"' && is_wrong_escape(inside) {
                            return Some(backslash(inside));
                        }
                        rest = behind;
                    }
                    // Of a quote that never closes, the sign meant to close it.
                    None => return found.or_else(|| rest.chars().rev().find_map(OddSign::of)),
                },
                c => found = found.or_else(|| OddSign::of(c)),
            }
        }
        found
    }

    fn of(c: char) -> Option<OddSign> {
        Some(match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '″' | '「' | '」' | '『' | '』' => {
                OddSign::LookAlike(c, "\"")
            }
            '‘' | '’' | '‚' | '‛' | '＇' | '′' | '`' | '´' => {
                OddSign::LookAlike(c, "'")
            }
            '＝' | '﹦' | '：' => OddSign::LookAlike(c, "="),
            '［' | '【' | '〔' => OddSign::LookAlike(c, "["),
            '］' | '】' | '〕' => OddSign::LookAlike(c, "]"),
            '，' | '、' => OddSign::LookAlike(c, ","),
            '．' | '。' => OddSign::LookAlike(c, "."),
            '＃' => OddSign::LookAlike(c, "#"),
            '＿' => OddSign::LookAlike(c, "_"),
            '\u{FF10}'..='\u{FF19}' => OddSign::LookAlike(c, "0-9"),
            '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => OddSign::LookAlike(c, "a-z"),
            c if is_unseen(c) => OddSign::Unseen(c),
            _ => return None,
        })
    }

    pub(in crate::config) fn words(self, more: Option<Words>) -> Words {
        let number = |c: char| format!("U+{:04X}", u32::from(c));
        match self {
            OddSign::LookAlike(c, right) => words::look_alike(c, number(c), right, more),
            OddSign::Unseen(c) => words::unseen(unseen_name(c), number(c), more),
            OddSign::Backslash => words::backslash(),
            OddSign::Drive => words::drive(),
        }
    }

    /// Whether one remedy mends both.
    pub(in crate::config) fn is_like(self, other: OddSign) -> bool {
        match (self, other) {
            (OddSign::LookAlike(_, right), OddSign::LookAlike(_, other)) => right == other,
            (OddSign::Unseen(_), OddSign::Unseen(_)) => true,
            (one, other) => one == other,
        }
    }
}

/// Every blank but the plain one and the tab, and what has no width at all.
fn is_unseen(c: char) -> bool {
    let is_blank = c.is_whitespace() && !matches!(c, ' ' | '\t' | '\r' | '\n');
    let is_format = matches!(
        c,
        '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
    );
    let is_control = c.is_control() && !c.is_whitespace();
    is_blank || is_format || is_control
}

const fn unseen_name(c: char) -> Text {
    match c {
        '\u{A0}' | '\u{202F}' => both("no-break space", "不间断空格"),
        '\u{3000}' => both("full-width space", "全角空格"),
        '\u{200B}'..='\u{200D}' | '\u{2060}' => both("zero-width character", "零宽字符"),
        '\u{FEFF}' => both("byte order mark", "字节顺序标记（BOM）"),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            both("mark of the writing direction", "文字方向控制符")
        }
        _ => both("invisible character", "不可见字符"),
    }
}

/// What a quote encloses, and what is behind it.
fn closed(rest: &str, quote: char) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            c if c == quote => return Some((&rest[..at], &rest[at + 1..])),
            _ => {}
        }
    }
    // A folder of Windows ends in a backslash, which hides the quote behind it.
    let (inside, behind) = rest.rsplit_once(quote)?;
    (quote == '"' && inside.ends_with('\\')).then_some((inside, behind))
}

fn is_wrong_escape(inside: &str) -> bool {
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        let behind = &rest[at + 1..];
        let hex = |count: usize| {
            let digits = behind.get(1..=count);
            digits.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()))
        };
        let is_right = match behind.chars().next() {
            Some('b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\') => true,
            Some('u') => hex(4),
            Some('U') => hex(8),
            Some('x') => hex(2),
            _ => false,
        };
        if !is_right {
            return true;
        }
        let escaped = behind.chars().next().map_or(0, char::len_utf8);
        rest = &behind[escaped..];
    }
    false
}

fn backslash(inside: &str) -> OddSign {
    if is_of_windows(inside) {
        OddSign::Drive
    } else {
        OddSign::Backslash
    }
}

/// Whether a path begins with a drive, or with another machine as Windows names it.
pub(in crate::config) fn is_of_windows(path: &str) -> bool {
    let mut begin = path.chars();
    let drive = (begin.next(), begin.next(), begin.next());
    let has_drive =
        matches!(drive, (Some(c), Some(':'), Some('\\' | '/')) if c.is_ascii_alphabetic());
    has_drive || path.starts_with("\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_known_by_its_first_line() {
        let code = |text: &str| instead(text).map(|words| words.code);
        for text in [
            "openid,amount_fen\noA,100\n",
            "\u{FEFF}openid\tamount_yuan\n",
            "用户openid；金额\n",
            "sep=,\nopenid,fen\n",
            "openid\noA\n",
            "姓名,手机号,金额\n",
        ] {
            assert_eq!(code(text), Some("campaign_file.list"), "{text}");
        }
        assert_eq!(code(""), Some("campaign_file.empty"));
        assert_eq!(code(" \n# nothing\n"), Some("campaign_file.empty"));
        assert_eq!(
            code("-----BEGIN PRIVATE KEY-----\n"),
            Some("campaign_file.pem")
        );
        assert_eq!(code("{\"campaign\": {}}"), Some("campaign_file.other"));
        assert_eq!(code("<!DOCTYPE html>"), Some("campaign_file.other"));
        assert_eq!(code("campaign:\n  id: a\n"), Some("campaign_file.other"));
        for text in [
            "[campaign]\nid = \n",
            "［campaign］\n",
            "id = “a”\n",
            "[ campaign ]\nx",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn a_sign_is_found_where_it_is_at_fault_and_nowhere_else() {
        let sign = OddSign::in_line;
        assert_eq!(sign("id = “case”"), Some(OddSign::LookAlike('“', "\"")));
        assert_eq!(sign("id = \"case”"), Some(OddSign::LookAlike('”', "\"")));
        assert_eq!(sign("id = ‘case’"), Some(OddSign::LookAlike('‘', "'")));
        assert_eq!(sign("id\u{A0}= \"case\""), Some(OddSign::Unseen('\u{A0}')));
        assert_eq!(
            sign("\u{3000}id = \"case\""),
            Some(OddSign::Unseen('\u{3000}'))
        );
        assert_eq!(
            sign("i\u{200B}d = \"case\""),
            Some(OddSign::Unseen('\u{200B}'))
        );
        assert_eq!(sign("id ＝ \"case\""), Some(OddSign::LookAlike('＝', "=")));
        assert_eq!(sign("［campaign］"), Some(OddSign::LookAlike('［', "[")));
        assert_eq!(sign(r#"path = "C:\Users\x.csv""#), Some(OddSign::Drive));
        assert_eq!(sign(r#"path = "\\server\x.csv""#), Some(OddSign::Drive));
        assert_eq!(
            sign(r#"path = "data\lists\x.csv""#),
            Some(OddSign::Backslash)
        );
        assert_eq!(sign(r#"path = "C:\lists\""#), Some(OddSign::Drive));
        for right in [
            "wishing = \"祝“您”好，　再见\"",
            "id = 'a“b'",
            "# “x”",
            "id = 'C:\\Users'",
            r#"id = "a\tb\u00e9\\c""#,
        ] {
            assert_eq!(sign(right), None, "{right}");
        }
    }
}
