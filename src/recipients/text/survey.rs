//! What a text that is not valid UTF-8 is: UTF-8 with damage, or GB18030.
//!
//! Both leave bytes above 0x7F, and damaged UTF-8 passes for GB18030 wherever it has an even
//! number of them: 恭喜发财 would be sent as 鎭枩鍙戣储. They are told apart by counting. Of Chinese
//! text in GB18030, one place in fifty reads as a UTF-8 character of three bytes; so a text that
//! has one for every four broken places is UTF-8. The reading as GB18030 must look wrong besides:
//! what is written today is in GB2312, both bytes of a character above 0xA0, and UTF-8 read that
//! way is not for long.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::GB18030;

use super::lines::{CHUNK, LineCount, read_some};
use crate::recipients::fault::faults::LISTED_MAX;

/// Longest run of bytes beyond ASCII that is looked at as one.
const RUN_MAX: usize = 64 * 1024;

/// Greek begins here: before it stand the letters of western languages.
const LATIN_END: char = '\u{370}';

/// So many bytes are four characters of GB2312.
const GB2312_FOR_SURE: u64 = 8;

/// The bytes beyond ASCII, counted.
#[derive(Default)]
pub(super) struct ByteSurvey {
    /// Whole characters of UTF-8: of three bytes or four, and of two.
    long: u64,
    short: u64,
    /// Bytes that begin no character.
    broken: u64,
    /// Whether a character of two bytes is a Latin letter, or one of the signs beside them, or
    /// stands alone: a letter of another script, in a word of Latin ones.
    is_among_latin: bool,
    is_in_gb2312: bool,
    /// The first line with bytes beyond ASCII.
    first_line: Option<u64>,
    /// The lines with broken bytes, as far as they are listed.
    pub(super) damaged_lines: Vec<u64>,
    /// Where a run is UTF-8 beyond doubt.
    pub(super) utf8_line: Option<u64>,
}

impl ByteSurvey {
    /// Reads the whole source, and leaves it at its end.
    pub(super) fn of(source: &mut (impl Read + Seek)) -> io::Result<ByteSurvey> {
        source.seek(SeekFrom::Start(0))?;
        let mut survey = ByteSurvey {
            is_in_gb2312: true,
            ..ByteSurvey::default()
        };
        let mut lines = LineCount::default();
        let (mut buffer, mut run) = (vec![0; CHUNK], Vec::new());
        loop {
            let read = read_some(source, &mut buffer)?;
            for piece in buffer[..read].chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
                if !piece[0].is_ascii() && run.len() < RUN_MAX {
                    run.extend_from_slice(piece);
                    continue;
                }
                survey.pass(&run, lines.line);
                run.clear();
                lines.pass(piece);
            }
            if read == 0 {
                survey.pass(&run, lines.line);
                return Ok(survey);
            }
        }
    }

    /// Whether the text is UTF-8 but for a few places.
    pub(super) fn is_utf8(&self) -> bool {
        let has_more_whole = 4 * self.long >= self.broken || self.short >= 2 * self.broken;
        has_more_whole && !self.is_in_gb2312
    }

    /// The first line beyond ASCII of a text that is UTF-8 and GB2312 alike.
    pub(super) fn either_line(&self) -> Option<u64> {
        let is_utf8 = self.broken == 0 && !self.is_among_latin;
        self.first_line.filter(|_| is_utf8 && self.is_in_gb2312)
    }

    /// Whether no place in it is UTF-8, and many are GB2312: one character that was cut is neither.
    pub(super) fn is_gb2312_for_sure(&self) -> bool {
        self.is_in_gb2312 && self.long == 0 && self.broken >= GB2312_FOR_SURE
    }

    fn pass(&mut self, run: &[u8], line: u64) {
        if run.is_empty() {
            return;
        }
        self.first_line.get_or_insert(line);
        self.is_among_latin |= run.len() == 2;
        let is_in_gb2312 = is_gb2312(run);
        self.is_in_gb2312 &= is_in_gb2312;
        let mut is_damaged = false;
        for chunk in run.utf8_chunks() {
            for c in chunk.valid().chars() {
                self.is_among_latin |= c < LATIN_END;
                *if c.len_utf8() > 2 {
                    &mut self.long
                } else {
                    &mut self.short
                } += 1;
            }
            self.broken += chunk.invalid().len() as u64;
            is_damaged |= !chunk.invalid().is_empty();
        }
        if is_damaged && self.damaged_lines.last() != Some(&line) {
            let is_listed = self.damaged_lines.len() < LISTED_MAX;
            self.damaged_lines.extend(is_listed.then_some(line));
        }
        let text = std::str::from_utf8(run).unwrap_or_default();
        if !is_in_gb2312 && text.chars().count() > 1 && is_gb2312(&GB18030.encode(text).0) {
            self.utf8_line.get_or_insert(line);
        }
    }
}

/// Whether all of it is pairs of bytes as GB2312 has them.
fn is_gb2312(run: &[u8]) -> bool {
    let (pairs, rest) = run.as_chunks::<2>();
    rest.is_empty()
        && pairs
            .iter()
            .all(|[lead, trail]| (0xA1..=0xF7).contains(lead) && *trail > 0xA0)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn survey(pieces: &[&[u8]]) -> ByteSurvey {
        ByteSurvey::of(&mut Cursor::new(pieces.concat())).unwrap()
    }

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn a_few_broken_places_leave_it_utf8() {
        let wish = "恭喜发财".as_bytes();
        for (name, pieces) in [
            (
                "a name cut in a character",
                vec![wish, b",", &"赵六".as_bytes()[..4]],
            ),
            ("a name in GBK", vec![wish, b",", &gb("张三")]),
            (
                "a column in GBK",
                vec![wish, b",", &gb("欧阳修文"), b"\n", wish, b",", &gb("李四")],
            ),
            ("the first byte lost", vec![&wish[1..]]),
            ("the last byte lost", vec![&wish[..11]]),
            ("Latin letters", vec!["añoéü".as_bytes(), b"\n", b"a\xF1o"]),
            ("a sign in Windows-1252", vec![wish, b"\x93hi\x94"]),
        ] {
            let survey = survey(&pieces);
            assert!(survey.is_utf8(), "{name}");
            assert!(!survey.damaged_lines.is_empty(), "{name}");
        }
        let lines = survey(&[wish, b"\n\xFF\r\n", wish, b"\xFF\xFF,\xFF\r\xFF"]);
        assert_eq!(lines.damaged_lines, [2, 3, 4]);
    }

    #[test]
    fn gb18030_is_not_taken_for_damage() {
        for text in [
            "联通",
            "恭喜发财",
            "用户,金额（元）",
            "欧阳娜娜",
            "㐀😀",
            "琪玥",
            "發財",
            "王",
            "é",
            "洹",
        ] {
            let survey = survey(&[&gb(text)]);
            assert!(!survey.is_utf8(), "{text}");
            assert_eq!(survey.utf8_line, None, "{text}");
        }
    }

    #[test]
    fn utf8_in_gb18030_is_found_by_its_line() {
        let wish = gb("恭喜发财，大吉大利，万事如意");
        let mixed = [&wish, &b"\n"[..], &wish, b",", "张三".as_bytes(), b"\n"];
        let survey = survey(&mixed);
        assert!(!survey.is_utf8());
        assert_eq!(survey.utf8_line, Some(2));
    }
}
