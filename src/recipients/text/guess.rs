//! What a text that was read as GB18030 may be instead.
//!
//! Nearly every pair of bytes is a character of GB18030, and so nearly every text in Big5 or
//! Shift_JIS is. Read so, it has few characters that people write today; in its own encoding it
//! has nothing else. That is no proof, and so it is only told.

use std::ops::RangeInclusive;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, IBM866, KOI8_R, MACINTOSH, SHIFT_JIS, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252,
};

/// Of the characters beyond ASCII, the first level of GB2312 has more than nine in ten.
const USUAL_PERCENT: usize = 60;

/// An encoding, and whether a character is common in texts of it.
type Written = (&'static Encoding, fn(char) -> bool);

/// A text in the encoding that it was likelier written in, and the name of that.
pub(in crate::recipients) fn likelier(text: &str) -> Option<(&'static str, String)> {
    let (bytes, _, is_lossy) = GB18030.encode(text);
    let wide = || text.chars().filter(|c| !c.is_ascii());
    let usual = wide().filter(|c| is_usual_gb(*c)).count();
    // Four bytes with digits in between are GB18030 and nothing else.
    let is_sure = wide().any(|c| pair(GB18030, c).is_none());
    if is_lossy || is_sure {
        return None;
    }
    if let Some(told) = by_letters(&bytes) {
        return Some(told);
    }
    if 100 * usual >= USUAL_PERCENT * wide().count() {
        return None;
    }
    by_signs(&bytes)
}

/// A text that is neither UTF-8 nor GB18030 in the encoding that it was likelier written in, and
/// the name of that.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<(&'static str, String)> {
    by_letters(bytes).or_else(|| by_signs(bytes))
}

/// The encoding in which all of a text is what people write.
fn by_signs(bytes: &[u8]) -> Option<(&'static str, String)> {
    let candidates: [Written; 3] = [
        (BIG5, is_usual_big5),
        (SHIFT_JIS, is_usual_japanese),
        (WINDOWS_1252, is_usual_latin),
    ];
    candidates.into_iter().find_map(|(encoding, is_usual)| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        // Accents are few: where there are more of them than plain letters, it is no such text.
        let letters = text.chars().filter(char::is_ascii_alphabetic).count();
        let accents = text.chars().filter(|c| !c.is_ascii()).count();
        let is_dense = encoding == WINDOWS_1252 && accents > letters;
        let is_it = !is_dense && text.chars().all(|c| c.is_ascii() || is_usual(c));
        is_it.then(|| (encoding.name(), text.into_owned()))
    })
}

/// Syllables that most of a Korean text is made of, one way or another.
const KOREAN: &str = "이다는을가의에고하지은리로사기도어시자대나요한해수인스일아세복많받새으들니습합를\
     서라마라만정주원우안전감과오구비";

/// A text in Korean, Cyrillic or kana: as GB18030 it is of usual characters, and so it is known by
/// what no Chinese text would give there.
fn by_letters(bytes: &[u8]) -> Option<(&'static str, String)> {
    let read = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some((encoding.name(), text.into_owned()))
    };
    let is_korean = |text: &str| {
        let wide = || text.chars().filter(|c| !c.is_ascii());
        let usual = wide().filter(|c| KOREAN.contains(*c)).count();
        let is_hangul = |c| matches!(c, '\u{AC00}'..='\u{D7A3}') || "、。！，？".contains(c);
        wide().all(is_hangul) && usual >= 3 && 5 * usual >= 2 * wide().count()
    };
    let is_kana_text = |text: &str| {
        let wide = || text.chars().filter(|c| !c.is_ascii());
        let kana = wide()
            .filter(|c| matches!(c, '\u{3041}'..='\u{30FF}'))
            .count();
        kana >= 3 && 2 * kana > wide().count() && wide().all(is_usual_japanese)
    };
    let is_cyrillic = |text: &str| {
        let letters = text.chars().filter(|c| !c.is_ascii());
        let is_letter = |c: char| matches!(c, 'А'..='я' | 'Ё' | 'ё');
        let words = || {
            text.split(|c: char| !is_letter(c))
                .filter(|word| !word.is_empty())
        };
        let is_word = |word: &str| word.chars().skip(1).all(char::is_lowercase);
        letters.clone().count() >= 8 && letters.clone().all(is_letter) && words().all(is_word)
    };
    let of =
        |encoding, is_it: &dyn Fn(&str) -> bool| read(encoding).filter(|(_, text)| is_it(text));
    of(EUC_KR, &is_korean)
        .or_else(|| of(EUC_JP, &is_kana_text))
        .or_else(|| of(KOI8_R, &is_cyrillic))
        .or_else(|| of(WINDOWS_1251, &is_cyrillic))
}

/// What a text in UTF-8 was before a program took it for GB18030, or for Windows-1252: 鎭枩鍙戣储 was
/// 恭喜发财, and `JosÃ©` was `José`.
pub(in crate::recipients) fn before(text: &str) -> Option<String> {
    let is_chinese = |c: char| ('\u{2000}'..='\u{9FFF}').contains(&c) || c > '\u{FEFF}';
    let read = |encoding: &'static Encoding| {
        let (bytes, _, is_lossy) = encoding.encode(text);
        let read = std::str::from_utf8(&bytes).ok().filter(|_| !is_lossy)?;
        Some(read.to_owned())
    };
    let wide = |text: &str| text.chars().filter(|c| !c.is_ascii()).count();
    let of_gb18030 = read(GB18030).filter(|read| {
        let is_rare = text.chars().any(|c| !c.is_ascii() && !is_usual_gb(c));
        is_rare && wide(read) > 1 && read.chars().all(|c| c.is_ascii() || is_chinese(c))
    });
    let of_western = |encoding| read(encoding).filter(|read| wide(read) > 0 && read != text);
    let of_mac = || of_western(MACINTOSH).filter(|read| read.chars().any(is_chinese));
    of_gb18030
        .or_else(|| of_western(WINDOWS_1252))
        .or_else(of_mac)
        .or_else(|| of_page(text))
        .or_else(|| gb_before(text))
}

/// The signs that MS-DOS had beyond ASCII, in its two western code pages: archives and consoles
/// still take names and texts for it.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»\
     ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
     αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»\
     ░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
     ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

/// What a text in UTF-8 was before a program took it for a code page of one byte a letter, or for
/// the Japanese or Korean one: `µü¡σû£` was 恭喜.
fn of_page(text: &str) -> Option<String> {
    let is_chinese = |c: char| ('\u{2000}'..='\u{9FFF}').contains(&c) || c > '\u{FEFF}';
    let is_whole = |read: &String| {
        read.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
            && read.chars().all(|c| c.is_ascii() || is_chinese(c))
    };
    let of_table = |table: &str| {
        let byte = |c: char| match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => Some(byte),
            _ => table
                .chars()
                .position(|it| it == c)
                .and_then(|at| u8::try_from(at + 128).ok()),
        };
        let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
        String::from_utf8(bytes?).ok()
    };
    let of_encoding = |encoding: &'static Encoding| {
        let (bytes, _, is_lossy) = encoding.encode(text);
        let read = String::from_utf8(bytes.into_owned()).ok();
        read.filter(|_| !is_lossy)
    };
    let has = |range: RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    if has('\u{FF61}'..='\u{FF9F}') {
        return of_encoding(SHIFT_JIS).filter(is_whole);
    }
    if has('\u{AC00}'..='\u{D7A3}') {
        return of_encoding(EUC_KR).filter(is_whole);
    }
    // Every Chinese character was one of several letters and signs.
    if has('\u{3000}'..='\u{FFEF}') || text.chars().filter(|c| !c.is_ascii()).count() < 3 {
        return None;
    }
    let tables = [CP437, CP850].into_iter().filter_map(of_table);
    let others = [WINDOWS_1251, IBM866, KOI8_R, WINDOWS_1250];
    let mut read = tables.chain(others.into_iter().filter_map(of_encoding));
    read.find(is_whole)
}

/// What a text in GBK was before a program took it for Windows-1252: ÐÂÄê¿ìÀÖ was 新年快乐. Western
/// words have no such runs, of two letters beyond ASCII for each character.
fn gb_before(text: &str) -> Option<String> {
    let (bytes, _, is_lossy) = WINDOWS_1252.encode(text);
    let mut runs = bytes.chunk_by(|a, b| a.is_ascii() == b.is_ascii());
    let is_even = runs.all(|run| run[0].is_ascii() || run.len().is_multiple_of(2));
    let wide = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if is_lossy || !is_even || wide < 4 {
        return None;
    }
    let read = GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?;
    let is_chinese = read.chars().all(|c| c.is_ascii() || is_usual_gb(c));
    let has_words = read.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    (is_chinese && has_words).then(|| read.into_owned())
}

/// The two bytes of a character.
fn pair(encoding: &'static Encoding, c: char) -> Option<(u8, u8)> {
    let text = c.to_string();
    let (bytes, _, is_lossy) = encoding.encode(&text);
    match *bytes {
        [lead, trail] if !is_lossy => Some((lead, trail)),
        _ => None,
    }
}

/// Signs, full-width forms, letters, and the 3,755 characters of the first level.
fn is_usual_gb(c: char) -> bool {
    let pair = pair(GB18030, c);
    pair.is_some_and(|(lead, trail)| matches!(lead, 0xA1..=0xA9 | 0xB0..=0xD7) && trail > 0xA0)
}

/// Signs, and the 5,401 frequent characters.
fn is_usual_big5(c: char) -> bool {
    pair(BIG5, c).is_some_and(|(lead, _)| (0xA1..=0xC6).contains(&lead))
}

fn is_usual_japanese(c: char) -> bool {
    let is_kana = matches!(c, '\u{3000}'..='\u{30FF}' | '\u{FF01}'..='\u{FF5E}');
    let is_first_level =
        || pair(SHIFT_JIS, c).is_some_and(|(lead, _)| (0x88..=0x97).contains(&lead));
    is_kana || is_first_level()
}

/// Letters of western languages, and the signs beside them.
fn is_usual_latin(c: char) -> bool {
    matches!(
        c,
        '\u{C0}'..='\u{FF}' | '¡' | '¿' | '€' | '’' | '‘' | '“' | '”' | '–' | '…' | '°'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_gb18030_is_told_with_its_name() {
        for (text, encoding) in [
            ("恭喜發財", BIG5),
            ("新年快樂，大吉大利", BIG5),
            ("おめでとう", SHIFT_JIS),
            ("新年おめでとうございます", SHIFT_JIS),
            ("Feliz año nuevo", WINDOWS_1252),
            ("Frohes neues Jahr für alle Gäste", WINDOWS_1252),
            ("새해 복 많이 받으세요", EUC_KR),
            ("감사합니다", EUC_KR),
            ("あけましておめでとうございます", EUC_JP),
            ("Праздником", KOI8_R),
            ("праздником", WINDOWS_1251),
        ] {
            let bytes = encoding.encode(text).0;
            let read = GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
            let Some(read) = read else { continue };
            let told = likelier(&read);
            assert_eq!(told, Some((encoding.name(), text.to_owned())), "{read}");
        }
    }

    #[test]
    fn what_was_read_wrong_once_is_told() {
        for text in ["恭喜发财", "元宵节快乐，团团圆圆", "感谢您参加！"] {
            let bytes = text.as_bytes();
            let gb = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            if let Some(read) = gb {
                assert_eq!(before(&read).as_deref(), Some(text), "{read}");
            }
            let latin = WINDOWS_1252.decode_without_bom_handling(bytes).0;
            assert_eq!(before(&latin).as_deref(), Some(text), "{latin}");
        }
        for text in ["恭喜发财", "新年快乐", "祝您元宵节快乐！"] {
            let gb = GB18030.encode(text).0;
            let latin = WINDOWS_1252.decode_without_bom_handling(&gb).0;
            assert_eq!(before(&latin).as_deref(), Some(text), "{latin}");
            let mac = MACINTOSH.decode_without_bom_handling(text.as_bytes()).0;
            assert_eq!(before(&mac).as_deref(), Some(text), "{mac}");
        }
        let page = |text: &str, table: &str| -> String {
            let sign = |byte: &u8| match byte {
                0..=127 => char::from(*byte),
                _ => table.chars().nth(usize::from(*byte) - 128).unwrap(),
            };
            text.as_bytes().iter().map(sign).collect()
        };
        for text in ["恭喜发财", "祝您新年快乐！", "元宵"] {
            for read in [page(text, CP437), page(text, CP850)] {
                assert_eq!(before(&read).as_deref(), Some(text), "{read}");
            }
            for encoding in [WINDOWS_1251, IBM866, KOI8_R] {
                let read =
                    encoding.decode_without_bom_handling_and_without_replacement(text.as_bytes());
                if let Some(read) = read {
                    assert_eq!(before(&read).as_deref(), Some(text), "{read}");
                }
            }
        }
        for text in [
            "ÄÖÜß",
            "Праздником",
            "감사합니다",
            "ｱｲｳ",
            "Noël à tous",
            "¿Qué tal?",
            "«Été»",
            "°C",
            "ëï áé",
        ] {
            assert_eq!(before(text), None, "{text}");
        }
        assert_eq!(before("JosÃ©").as_deref(), Some("José"));
        for text in [
            "恭喜发财",
            "恭喜發財",
            "José",
            "año ñ",
            "é",
            "玥琪",
            "浣",
            "祝您🎉",
            "Ã",
            "abc",
        ] {
            assert_eq!(before(text), None, "{text}");
        }
    }

    #[test]
    fn chinese_is_left_alone() {
        for text in [
            "恭喜发财",
            "恭喜發財",
            "元宵节快乐！",
            "欧阳娜娜",
            "玥琪",
            "鑫淼",
            "é",
            "㐀",
            "😀",
            "祝您🎉",
        ] {
            assert_eq!(likelier(text), None, "{text}");
        }
    }
}
