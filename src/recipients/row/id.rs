//! An openid or a row key as a spreadsheet hands it over.

use std::borrow::Cow;

use super::cell::{half_width, is_digits, takes_no_place};
use crate::domain::ids::Openid;
use crate::recipients::fault::cause::Cause;

/// The id without what is not part of it, and the invisible characters that were taken out.
///
/// A guard, `'` or a backtick, is what people put before a number so that a spreadsheet keeps it
/// as text; an openid has neither, so it may also be wrapped in them.
pub(super) fn clean(cell: &str) -> (Cow<'_, str>, Vec<char>) {
    let cell = cell.trim_matches(|c: char| c.is_ascii_whitespace());
    let bare = cell.trim_start_matches(is_guard);
    if bare.is_ascii() {
        return (bare.trim_ascii().into(), Vec::new());
    }
    let removed: Vec<char> = cell.chars().filter(|c| is_invisible(*c)).collect();
    if removed.is_empty() {
        return (bare.trim().into(), removed);
    }
    let seen: String = cell.chars().filter(|c| !is_invisible(*c)).collect();
    let bare = seen.trim().trim_start_matches(is_guard).trim();
    (bare.to_owned().into(), removed)
}

/// Says so where a spreadsheet turned the id into a number, or would make a formula of it: what
/// that comes to is the id, and `="…"` alone was undone before.
pub(super) fn check_whole(id: &str) -> Result<(), Cause> {
    if id.starts_with(['=', '＝']) {
        return Err(Cause::Formula);
    }
    if is_scientific(id) {
        return Err(Cause::Scientific);
    }
    Ok(())
}

/// The first letter or digit that looks like one of an openid and is another character: of another
/// script, accented, or full-width.
pub(super) fn other_letter(cell: &str) -> Option<char> {
    let is_alike = |c: &char| {
        matches!(c, '\u{00C0}'..='\u{024F}' | '\u{0370}'..='\u{052F}' | '\u{FF01}'..='\u{FF5E}')
            && c.is_alphanumeric()
    };
    let is_rest = |c: char| Openid::may_hold(c) || is_alike(&c);
    let cell = cell.trim();
    cell.chars()
        .find(is_alike)
        .filter(|_| cell.chars().all(is_rest))
}

/// Whether quotes stand around an id, or behind it: a text's own quotes are gone by then.
pub(super) fn is_quoted(cell: &str) -> bool {
    let is_quote = |c: char| {
        matches!(
            c,
            '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '＂' | '「' | '」'
        )
    };
    let cell = cell.trim();
    let id = cell.trim_matches(is_quote);
    let is_id = !id.is_empty() && id.chars().all(Openid::may_hold);
    is_id && cell.ends_with(is_quote)
}

fn is_guard(c: char) -> bool {
    matches!(c, '\'' | '`' | '\t' | '‘' | '’')
}

/// Characters that take no place, and blanks that only look like one.
fn is_invisible(c: char) -> bool {
    takes_no_place(c) || matches!(c, '\u{00A0}' | '\u{2007}' | '\u{202F}')
}

/// `1.00001E+27`, as spreadsheets show long numbers. The sign is always there.
fn is_scientific(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.split_once(['E', 'e']) else {
        return false;
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let power = exponent.strip_prefix(['+', '-']);
    is_digits(whole) && is_digits(decimals) && power.is_some_and(is_digits)
}

/// A mobile number of the mainland, as people write it.
pub(super) fn is_phone(cell: &str) -> bool {
    // Openids begin with a letter: this is all that a common row costs.
    if cell.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let digits: String = cell
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\'' | '`'))
        .collect();
    let number = digits.strip_prefix("+86").or(digits.strip_prefix("0086"));
    let number = number.unwrap_or(&digits);
    let number = number
        .strip_prefix("86")
        .filter(|it| it.len() == 11)
        .unwrap_or(number);
    number.len() == 11
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number.starts_with('1')
        && !number[1..].starts_with(['0', '1', '2'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_and_invisible_characters_are_taken_out() {
        let id = "oAbc-_1";
        for (cell, removed) in [
            (" oAbc-_1 ", ""),
            ("'oAbc-_1", ""),
            ("`oAbc-_1\t", ""),
            ("\toAbc-_1", ""),
            ("' oAbc-_1", ""),
            ("\u{200B}oAbc-_1", "\u{200B}"),
            ("'oAb\u{200B}c-_1\u{A0}", "\u{200B}\u{A0}"),
            ("\u{FEFF}'oAbc-_1", "\u{FEFF}"),
        ] {
            let removed: Vec<char> = removed.chars().collect();
            assert_eq!(clean(cell), (id.into(), removed), "{cell:?}");
        }
        assert_eq!(clean("订单 7").0, "订单 7");
        assert_eq!(clean("it's").0, "it's");
    }

    #[test]
    fn quotes_around_an_id_are_known() {
        for cell in [
            "\"oAbc-_1\"",
            "'oAbc-_1'",
            " “oAbc-_1” ",
            "oAbc-_1\"",
            "「oAbc-_1」",
        ] {
            assert!(is_quoted(cell), "{cell}");
        }
        for cell in ["oAbc-_1", "'oAbc-_1", "\"\"", "\"o A\"", "说“好”"] {
            assert!(!is_quoted(cell), "{cell}");
        }
    }

    #[test]
    fn letters_of_another_script_are_known() {
        for (cell, other) in [
            ("оR4k2v5SDb", Some('о')),
            (" oR4k2v5ΑDb", Some('Α')),
            ("oR4k２v5SDb", Some('２')),
            ("oR4k2v5SDé", Some('é')),
            ("oR4k2v5SDb", None),
            ("张三", None),
            ("оR4k 张", None),
        ] {
            assert_eq!(other_letter(cell), other, "{cell}");
        }
    }

    #[test]
    fn scientific_notation_is_known_from_ids() {
        for id in ["1.00001E+27", "2E+17", "9.1e-05"] {
            assert_eq!(check_whole(id), Err(Cause::Scientific), "{id}");
        }
        for id in ["oE+27", "1E27", "E+27", "1.E+27", "1.0E+", "20261123001"] {
            assert_eq!(check_whole(id), Ok(()), "{id}");
        }
    }
}
