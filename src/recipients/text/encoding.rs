//! Which encoding a file is in, decided by its content alone.
//!
//! Text that is valid UTF-8 is UTF-8, unless it has no mark and nothing beyond ASCII but pairs of
//! bytes that are Chinese in GB18030 and no Latin letter in UTF-8: 谢谢 and лл are the same bytes.
//! UTF-16LE, which spreadsheets call "Unicode text", shows in its mark or in the zero bytes beside
//! the ASCII letters of its header. Text that is UTF-8 but for a few places is damaged, as
//! [`super::survey`] finds. Anything else must be GB18030 to the last byte, the way spreadsheets on
//! Chinese Windows write CSV; a guess would put mojibake on somebody's packet.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, GB18030, UTF_16LE};

use super::guess::{likelier, of_bytes};
use super::malformed::{cell_at, first_malformed, line_at, utf8_part};
use super::mark::{ByteOrderMark, Unmarked};
use super::survey::ByteSurvey;
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::error::RecipientsError;
use crate::recipients::fault::faults::{Fault, Faults};
use crate::recipients::fault::form_fault::FormFault;

/// Where the first 16 characters beyond ASCII are UTF-8, so is the file: text in GB18030 does not
/// pass for UTF-8 that long, but broken UTF-8 may well pass for GB18030.
const UTF8_FOR_SURE: usize = 16;

/// A header is in the first bytes, and the letters of `openid` in it.
const HEAD: u64 = 1024;

/// So long is any line with an openid: so many bytes of UTF-16 have a zero among them.
const LINE: usize = 16;

/// How the text is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::recipients) enum Charset {
    Utf8,
    Utf16Le,
    Gb18030,
}

/// An encoding, and the length of the byte order mark in front of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::recipients) struct Encoding {
    pub(in crate::recipients) charset: Charset,
    pub(in crate::recipients) mark: usize,
}

impl Charset {
    /// Its name.
    pub(in crate::recipients) fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Utf16Le => "UTF-16LE",
            Charset::Gb18030 => "GB18030",
        }
    }

    /// The decoder to UTF-8; `None` for UTF-8.
    pub(in crate::recipients) fn decoder(self) -> Option<Decoder> {
        match self {
            Charset::Utf8 => None,
            Charset::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Charset::Gb18030 => Some(GB18030.new_decoder_without_bom_handling()),
        }
    }
}

/// Reads the whole source, and leaves it at its end.
pub(in crate::recipients) fn detect(
    source: &mut (impl Read + Seek),
) -> Result<Encoding, RecipientsError> {
    let found = by_content(source);
    let is_sure = found
        .as_ref()
        .is_ok_and(|found| found.charset != Charset::Utf16Le);
    match ByteOrderMark::of(&head(source)?) {
        Some(mark) if !is_sure => match behind(source, mark)? {
            Some(cause) => Err(Fault::of_file(cause).into()),
            None => found,
        },
        Some(_) | None => found,
    }
}

fn head(source: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// Tells a mark behind which the text is beyond doubt something else than the mark says.
fn behind(source: &mut (impl Read + Seek), mark: ByteOrderMark) -> io::Result<Option<FormFault>> {
    let mut rest = Unmarked::new(source, mark);
    let head = head(&mut rest)?;
    let (name, is_read) = match by_content(&mut rest) {
        Ok(found) => (found.charset.name(), true),
        Err(RecipientsError::Refused(faults)) => match faults.listed() {
            [fault] if let Some(name) = encoding_of(&fault.cause) => (name, false),
            _ => return Ok(None),
        },
        Err(RecipientsError::Io(fault) | RecipientsError::NoThread(fault)) => return Err(fault),
    };
    // Zeros stand beside the ASCII of UTF-16 and of UTF-32, and nowhere else.
    let is_wide = name.starts_with("UTF-16") || name.starts_with("UTF-32");
    let is_doubtful = !is_wide && (head.contains(&0) || head.len() < LINE);
    // A text in UTF-8 with a damaged place may pass for GB18030.
    let is_damaged = (mark.name, name) == (Charset::Utf8.name(), Charset::Gb18030.name())
        && !ByteSurvey::of(&mut rest)?.is_gb2312_for_sure();
    let is_other = name != mark.name && !is_doubtful && !is_damaged;
    Ok(is_other.then_some(FormFault::Mark {
        mark: mark.name,
        length: mark.length,
        text: name,
        is_read,
    }))
}

/// The encoding that a text was refused for.
fn encoding_of(cause: &Cause) -> Option<&'static str> {
    match cause {
        Cause::Form(fault) => match **fault {
            FormFault::Encoding(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// By the bytes alone.
fn by_content(source: &mut (impl Read + Seek)) -> Result<Encoding, RecipientsError> {
    let head = head(source)?;
    if let Some(mark) = utf16_mark(&head)? {
        return match first_malformed(source, UTF_16LE.new_decoder_without_bom_handling())? {
            None => Ok(Encoding {
                charset: Charset::Utf16Le,
                mark,
            }),
            Some(place) => Err(Fault::of_line(place.line, FormFault::DamagedUtf16).into()),
        };
    }
    if let Some(name) = super::seven_bit::name(&head) {
        return Err(Fault::of_file(FormFault::Encoding(name)).into());
    }
    let mark = marks(&head, b"\xEF\xBB\xBF");
    let utf8 = utf8_part(source)?;
    if utf8.is_whole {
        let may_be_either = mark == 0 && utf8.wide > 0 && utf8.long == 0;
        if may_be_either && let Some(line) = ByteSurvey::of(source)?.either_line() {
            return Err(Fault::of_line(line, FormFault::Utf8OrGb18030).into());
        }
        return Ok(Encoding {
            charset: Charset::Utf8,
            mark,
        });
    }
    let survey = ByteSurvey::of(source)?;
    if mark > 0 || utf8.wide >= UTF8_FOR_SURE || survey.is_utf8() {
        return Err(RecipientsError::Refused(damaged(&survey)));
    }
    let Some(malformed) = first_malformed(source, GB18030.new_decoder_without_bom_handling())?
    else {
        return match survey.utf8_line {
            Some(line) => Err(Fault::of_line(line, FormFault::MixedText).into()),
            None => Ok(Encoding {
                charset: Charset::Gb18030,
                mark: marks(&head, b"\x84\x31\x95\x33"),
            }),
        };
    };
    let utf8_line = line_at(source, utf8.offset)?;
    let at_fault = cell_at(source, malformed.offset)?;
    let first = cell_at(source, utf8.offset)?;
    let (in_gb18030, _) = GB18030.decode_without_bom_handling(&first);
    // One that reads well as GB18030 up to there is that, with damage.
    let told = if first == at_fault {
        of_bytes(&at_fault)
    } else {
        likelier(&in_gb18030)
    };
    let fault = FormFault::NotText {
        gb18030_line: malformed.line,
        likelier: told.map(|(name, text)| (name, text.into_boxed_str())),
    };
    Err(Fault::of_line(utf8_line, fault).into())
}

/// The length of the byte order marks: programs that add one to a text that has one leave two.
fn marks(head: &[u8], mark: &[u8]) -> usize {
    let pieces = head.chunks(mark.len()).take_while(|piece| *piece == mark);
    pieces.count() * mark.len()
}

/// Each line that is not UTF-8.
fn damaged(survey: &ByteSurvey) -> Faults {
    let mut faults = Faults::default();
    for line in &survey.damaged_lines {
        faults.push(Fault::of_line(*line, FormFault::DamagedUtf8));
    }
    faults
}

/// The length of the mark where the text is UTF-16LE.
fn utf16_mark(head: &[u8]) -> Result<Option<usize>, RecipientsError> {
    let is_letter = |byte: u8| (b' '..=b'~').contains(&byte);
    let is_run = |bytes: &[[u8; 2]], zero: usize| {
        let is_ascii = |pair: &[u8; 2]| pair[zero] == 0 && is_letter(pair[1 - zero]);
        bytes.windows(4).any(|pairs| pairs.iter().all(is_ascii))
    };
    let other = |name| Err(Fault::of_file(FormFault::Encoding(name)).into());
    let (pairs, _) = head.as_chunks::<2>();
    let (quads, _) = head.as_chunks::<4>();
    let is_wide = |quad: &[u8; 4]| matches!(quad, [c, 0, 0, 0] | [0, 0, 0, c] if is_letter(*c));
    if quads.windows(4).any(|quads| quads.iter().all(is_wide)) {
        other("UTF-32")
    } else if head.starts_with(b"\xFF\xFE") {
        Ok(Some(marks(head, b"\xFF\xFE")))
    } else if is_run(pairs, 1) {
        Ok(Some(0))
    } else if head.starts_with(b"\xFE\xFF") || is_run(pairs, 0) {
        other("UTF-16BE")
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use encoding_rs::{SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    use super::super::lines::CHUNK;
    use super::*;

    fn charset(bytes: &[u8]) -> Result<Charset, Fault> {
        match detect(&mut Cursor::new(bytes)) {
            Ok(encoding) => Ok(encoding.charset),
            Err(RecipientsError::Refused(faults)) => Err(faults.listed()[0].clone()),
            Err(fault) => panic!("{fault}"),
        }
    }

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn the_content_decides_the_encoding() {
        assert_eq!(charset(b""), Ok(Charset::Utf8));
        assert_eq!(charset("openid,金额\n".as_bytes()), Ok(Charset::Utf8));
        assert_eq!(charset(&gb("openid,金额\n㐀😀")), Ok(Charset::Gb18030));
    }

    #[test]
    fn a_text_that_reads_both_ways_is_refused_where_neither_is_sure() {
        let lists = ["openid,wishing\na,谢谢\n", "openid,wishing\na,b\nc,小小\n"];
        for (line, text) in (2..).zip(lists) {
            let refused = Fault::of_line(line, FormFault::Utf8OrGb18030);
            assert_eq!(charset(&gb(text)), Err(refused), "{text}");
            let sure = format!("{text}d,新年\n");
            assert_eq!(charset(&gb(&sure)), Ok(Charset::Gb18030), "{text}");
        }
        for text in [
            "openid,José\n",
            "\u{FEFF}openid,лл\n",
            "openid,лл 元\n",
            "Лёлл",
        ] {
            assert_eq!(charset(text.as_bytes()), Ok(Charset::Utf8), "{text}");
        }
    }

    #[test]
    fn characters_cut_by_a_chunk_are_whole_again() {
        for shift in 0..4 {
            let text = "a".repeat(CHUNK - shift) + &"门店".repeat(20);
            assert_eq!(charset(text.as_bytes()), Ok(Charset::Utf8), "{shift}");
            assert_eq!(charset(&gb(&text)), Ok(Charset::Gb18030), "{shift}");
        }
    }

    #[test]
    fn text_in_neither_encoding_names_both_lines() {
        let mut bytes = gb("门店\r\n门店\r门店\n");
        bytes.extend(b"\xFF\n");
        let cause = FormFault::NotText {
            gb18030_line: 4,
            likelier: None,
        };
        assert_eq!(charset(&bytes), Err(Fault::of_line(1, cause)));
    }

    #[test]
    fn text_in_neither_encoding_is_told_with_the_name_of_its_own() {
        for (other, text) in [
            (WINDOWS_1252, "José García"),
            (WINDOWS_1252, "“hello”"),
            (SHIFT_JIS, "おめでとう,ｱｲｳ"),
            (WINDOWS_1251, "С праздником вас"),
        ] {
            let (bytes, ..) = other.encode(text);
            // A byte that GB18030 has nowhere.
            let bytes = [b"openid;name\n", &*bytes, b"\xFF\nx;1\n"].concat();
            let Err(Fault { cause, .. }) = charset(&bytes) else {
                panic!("{text}");
            };
            let named = other.name();
            let Cause::Form(fault) = cause else {
                panic!("{text}");
            };
            let FormFault::NotText { likelier, .. } = *fault else {
                panic!("{fault:?}");
            };
            let (name, told) = likelier.unwrap();
            let text = text.split(',').next().unwrap();
            assert!(name == named && told.starts_with(text), "{name} {told}");
        }
    }

    #[test]
    fn broken_utf8_is_not_taken_for_gb18030() {
        let mut bytes = "感谢您参加猜灯谜活动祝您元宵节快乐\n".as_bytes().to_vec();
        bytes.extend(gb("中"));
        assert_eq!(
            charset(&bytes),
            Err(Fault::of_line(2, FormFault::DamagedUtf8))
        );
        let cut = b"\xEF\xBB\xBFopenid\n\xE4\xB8";
        assert_eq!(charset(cut), Err(Fault::of_line(2, FormFault::DamagedUtf8)));
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        let text = "用户openid,金额\n上一\n";
        for text in [text, &format!("\u{FEFF}{text}")] {
            assert_eq!(charset(&utf16(text)), Ok(Charset::Utf16Le));
        }
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            charset(&be),
            Err(Fault::of_file(FormFault::Encoding("UTF-16BE")))
        );
        let marked = Fault::of_file(FormFault::Encoding("UTF-16BE"));
        assert_eq!(charset(b"\xFE\xFF\x75\x28"), Err(marked));
        let with_nul = b"openid,fen\nabc\0d,1\n\0x\0y\n";
        assert_eq!(charset(with_nul), Ok(Charset::Utf8));
    }

    fn wrong(mark: &'static str, length: usize, text: &'static str) -> Result<Charset, Fault> {
        Err(Fault::of_file(FormFault::Mark {
            mark,
            length,
            text,
            is_read: text != "UTF-16BE",
        }))
    }

    #[test]
    fn a_mark_that_is_not_of_its_text_is_told_with_both() {
        let text = "openid,金额(元),备注\noR4k2v5SDbGlTB-fM9ky8RFzj0Eb,1.00,元宵节快乐\n";
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let texts = [
            ("UTF-8", text.as_bytes().to_vec()),
            ("GB18030", gb(text)),
            ("UTF-16LE", utf16(text)),
            ("UTF-16BE", be),
        ];
        let marks: [(&str, &[u8]); 5] = [
            ("UTF-8", b"\xEF\xBB\xBF"),
            ("GB18030", b"\x84\x31\x95\x33"),
            ("UTF-16LE", b"\xFF\xFE"),
            ("UTF-16BE", b"\xFE\xFF"),
            ("UTF-32", b"\xFF\xFE\0\0"),
        ];
        for (mark, bytes) in marks {
            for (name, text) in &texts {
                let found = charset(&[bytes, text].concat());
                if mark != *name {
                    let told = wrong(mark, bytes.len(), name);
                    assert_eq!(found, told, "{mark} {name}");
                } else if mark == "UTF-16BE" {
                    let told = FormFault::Encoding("UTF-16BE");
                    assert_eq!(found, Err(Fault::of_file(told)));
                } else {
                    assert_eq!(found.map(Charset::name), Ok(mark));
                }
            }
        }
        // Of ASCII alone, too, and where little stands behind the mark nothing is sure.
        let ascii = b"\xFF\xFEopenid,amount_yuan\n";
        assert_eq!(charset(ascii), wrong("UTF-16LE", 2, "UTF-8"));
        assert_eq!(charset(&utf16("\u{FEFF}金,额\n")), Ok(Charset::Utf16Le));
    }

    #[test]
    fn broken_utf16_names_its_line() {
        let mut bytes = utf16("\u{FEFF}openid\n上\n");
        bytes.extend([0x00, 0xD8, b'x', 0]);
        assert_eq!(
            charset(&bytes),
            Err(Fault::of_line(3, FormFault::DamagedUtf16))
        );
        let mut odd = utf16("\u{FEFF}openid");
        odd.push(b'a');
        assert_eq!(
            charset(&odd),
            Err(Fault::of_line(1, FormFault::DamagedUtf16))
        );
    }
}
