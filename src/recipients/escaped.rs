//! Texts that still have signs of the program that wrote them: `&#31069;`, `\u795D`, `%E7%A5%9D`,
//! `<br>`. They would be sent as they stand, and a phone shows them so.

/// The text that was meant, where this one has such signs.
pub(in crate::recipients) fn meant(text: &str) -> Option<String> {
    if !text.contains(['&', '\\', '%', '=', '<']) {
        return None;
    }
    let mut read = text.to_owned();
    // A program that escapes what is escaped already leaves two layers.
    for _ in 0..LAYERS {
        let next = without_tags(&of_bytes(
            &of_bytes(&of_backslashes(&of_entities(&read)), '%'),
            '=',
        ));
        if next == read {
            break;
        }
        read = next;
    }
    (read != text).then(|| read.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What a text in UTF-8 was before a program took each of its bytes for a letter: `æ\u{81}\u{AD}`
/// was 恭. Nobody writes the control characters that this leaves.
pub(in crate::recipients) fn before_latin(text: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    let read = String::from_utf8(bytes?).ok()?;
    let is_text = !read.is_ascii() && !read.chars().any(char::is_control);
    is_text.then(|| read.trim().to_owned())
}

const LAYERS: usize = 3;

/// A place where one program would put what belongs to the person: `{姓名}`, `${name}`, `%s`.
pub(in crate::recipients) fn has_placeholder(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ');
    let between = |open: &str, close: char| {
        text.match_indices(open).any(|(at, _)| {
            let rest = &text[at + open.len()..];
            rest.split_once(close)
                .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_name))
        })
    };
    between("{", '}') || between("[[", ']') || text.contains("%s") || text.contains("%1$")
}

fn of_entities(text: &str) -> String {
    const NAMES: [(&str, char); 19] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("hellip", '…'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("mdash", '—'),
        ("ndash", '–'),
        ("middot", '·'),
        ("bull", '•'),
        ("copy", '©'),
        ("reg", '®'),
        ("yen", '¥'),
        ("times", '×'),
    ];
    replaced(text, '&', |rest| {
        let (name, length) = if let Some(end) = rest.find(';').filter(|end| *end <= 10) {
            (&rest[..end], end + 1)
        } else {
            let digits = rest.strip_prefix('#')?;
            let end = digits
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(digits.len());
            (&rest[..=end], end + 1)
        };
        let c = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?)?,
                None => char::from_u32(number.parse().ok()?)?,
            },
            None => NAMES.iter().find(|(known, _)| *known == name)?.1,
        };
        Some((c.to_string(), length))
    })
}

/// `\u795D`, `\n`, and `%u795D` beside it.
fn of_backslashes(text: &str) -> String {
    let unit = |rest: &str| {
        let digits = rest.strip_prefix(['u', 'U'])?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let unicode = |rest: &str| {
        let first = unit(rest)?;
        let units = match rest
            .get(6..)
            .filter(|it| (0xD800..0xDC00).contains(&first) && !it.is_empty())
        {
            Some(next) => vec![first, unit(next)?],
            None => vec![first],
        };
        let text = String::from_utf16(&units).ok()?;
        Some((text, 6 * units.len() - 1))
    };
    let read = replaced(text, '\\', |rest| match rest.chars().next()? {
        'n' | 'r' | 't' => Some((" ".to_owned(), 1)),
        _ => unicode(rest),
    });
    replaced(&read, '%', unicode)
}

/// `%E7%A5%9D`, or the same with `=`: UTF-8 that is not ASCII.
fn of_bytes(text: &str, sign: char) -> String {
    replaced(text, sign, |rest| {
        let mut bytes = Vec::new();
        let mut at = 0;
        while let Some(byte) = rest
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            bytes.push(byte);
            at += 2;
            if !rest[at..].starts_with(sign) {
                break;
            }
            at += 1;
        }
        let read = String::from_utf8(bytes)
            .ok()
            .filter(|read| !read.is_ascii())?;
        Some((read, at.min(rest.len())))
    })
}

fn without_tags(text: &str) -> String {
    const TAGS: [&str; 13] = [
        "br", "p", "b", "i", "u", "a", "span", "div", "font", "strong", "em", "img", "h1",
    ];
    replaced(text, '<', |rest| {
        let end = rest.find('>')?;
        let inside = rest[..end].trim_start_matches('/');
        let name = inside.split([' ', '/']).next()?.to_ascii_lowercase();
        TAGS.contains(&name.as_str())
            .then(|| (" ".to_owned(), end + 1))
    })
}

/// The text with what `read` makes of what stands behind each `sign`, and of how much of it.
fn replaced(text: &str, sign: char, read: impl Fn(&str) -> Option<(String, usize)>) -> String {
    let mut to = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(sign) {
        to.push_str(&rest[..at]);
        let behind = &rest[at + sign.len_utf8()..];
        if let Some((text, length)) = read(behind) {
            to.push_str(&text);
            rest = &behind[length..];
        } else {
            to.push(sign);
            rest = behind;
        }
    }
    to + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_left_in_a_text_is_undone() {
        for (text, was) in [
            ("&#31069;&#31119;", "祝福"),
            ("&#x795D;您", "祝您"),
            ("&#31069&#31119", "祝福"),
            ("A &amp; B", "A & B"),
            ("&amp;#31069;", "祝"),
            ("&lt;祝&gt;", "<祝>"),
            ("新年&nbsp;快乐", "新年 快乐"),
            ("\\u606d\\u559c", "恭喜"),
            ("\\U606D\\u559C发财", "恭喜发财"),
            ("\\ud83e\\udde7", "🧧"),
            ("%u606d", "恭"),
            ("恭喜\\n发财", "恭喜 发财"),
            ("%E7%A5%9D", "祝"),
            ("%e7%a5%9d您", "祝您"),
            ("=E7=A5=9D", "祝"),
            ("恭喜<br>发财", "恭喜 发财"),
            ("<b>恭喜</b>", "恭喜"),
            ("恭喜<br/>发财", "恭喜 发财"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(was), "{text}");
        }
    }

    #[test]
    fn what_people_write_is_left_alone() {
        for text in [
            "祝您100%快乐",
            "1+1=2",
            "A&B",
            "R&D; 同乐",
            "<3",
            "1<2>0",
            "\\(^o^)/",
            "50%E享",
            "a=b",
            "满100减20%",
            "&;",
            "&#;",
            "&#",
            "\\",
            "%",
            "=",
            "<",
            "&#99999999;",
            "=E7",
            "\\u12",
            "\\ud83e",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn places_for_a_name_are_known() {
        for text in [
            "{姓名}，新年快乐",
            "${name}",
            "{{name}}",
            "{0}您好",
            "亲爱的%s",
        ] {
            assert!(has_placeholder(text), "{text}");
        }
        for text in ["{}", "100%", "{^_^}", "恭喜发财", "[红包]", "{"] {
            assert!(!has_placeholder(text), "{text}");
        }
    }
}
