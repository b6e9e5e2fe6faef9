//! Characters that take no place, by their names.

use super::faults::FirstPlaces;
use crate::words::{Lang, Text, Words, both, faults as words};

/// That one was removed, and from where.
pub(super) fn invisible(c: char, seen: &FirstPlaces, lang: Lang) -> Words {
    let (point, places) = (format!("U+{:04X}", u32::from(c)), seen.places(lang));
    match seen.count {
        1 => words::invisible_in_one(point, name(c), places),
        count => words::invisible(point, name(c), count, places),
    }
}

fn name(c: char) -> Text {
    match c {
        '\u{00A0}' => both("no-break space", "不换行空格"),
        '\u{00AD}' => both("soft hyphen", "软连字符"),
        '\u{200B}' => both("zero-width space", "零宽空格"),
        '\u{200C}' => both("zero-width non-joiner", "零宽非连接符"),
        '\u{200D}' => both("zero-width joiner", "零宽连接符"),
        '\u{200E}' | '\u{200F}' => both("direction mark", "书写方向标记"),
        '\u{2007}' => both("figure space", "数字空格"),
        '\u{202F}' => both("narrow no-break space", "窄不换行空格"),
        '\u{2060}' => both("word joiner", "词连接符"),
        '\u{FEFF}' => both("zero-width no-break space", "零宽不换行空格"),
        _ => both("invisible character", "不可见字符"),
    }
}
