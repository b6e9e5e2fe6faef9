//! An XML part, event by event, within bounds: a zip of a megabyte may unpack to a thousand.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::broken::{BrokenWorkbook, broken};
use super::tag::{are_dots, attribute, colour_of, is_on};
use crate::domain::ids::Openid;
use crate::recipients::look::colour::WHITE;

/// Most bytes of a part: a full sheet of 1,048,576 rows and ten columns has about a quarter.
const PART_MAX: u64 = 2 << 30;
/// Most bytes of one tag or one piece of text. A cell has at most 32,767 characters, and a
/// character takes at most ten bytes as a reference.
const EVENT_MAX: u64 = 512 << 10;
/// Deepest nesting; worksheets have 6.
const DEPTH_MAX: usize = 64;
/// Longest text of a cell, in bytes.
const TEXT_MAX: usize = 128 << 10;

/// Reads a part.
pub(super) struct XmlPart<R> {
    xml: Reader<Bounded<R>>,
    name: String,
    buffer: Vec<u8>,
    depth: usize,
    /// Whether a part of the last text is not seen on white, by its colour or its size.
    pub(super) has_unseen: bool,
}

impl<R: BufRead> XmlPart<R> {
    pub(super) fn new(name: &str, source: R) -> Self {
        let mut xml = Reader::from_reader(Bounded {
            source,
            left: PART_MAX,
            left_of_event: 0,
        });
        xml.config_mut().expand_empty_elements = true;
        XmlPart {
            xml,
            name: name.to_owned(),
            buffer: Vec::new(),
            depth: 0,
            has_unseen: false,
        }
    }

    /// The next event; an empty element is a start and an end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, BrokenWorkbook> {
        self.buffer.clear();
        self.xml.get_mut().left_of_event = EVENT_MAX;
        let event = self.xml.read_event_into(&mut self.buffer);
        let event = event.map_err(|fault| broken(format!("{}: {fault}", self.name)))?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(broken(format!("{}: a DOCTYPE", self.name))),
            Event::Eof if self.depth > 0 => {
                return Err(broken(format!("{} breaks off", self.name)));
            }
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_)
            | Event::Eof => {}
        }
        if self.depth > DEPTH_MAX {
            return Err(broken(format!("{} is nested too deep", self.name)));
        }
        Ok(event)
    }

    /// A fault in this part.
    pub(super) fn fault(&self, what: &str) -> BrokenWorkbook {
        broken(format!("{}: {what}", self.name))
    }

    /// Reads on to the end of the element that was just opened, and gives its text: of a rich text
    /// all pieces, and nothing of what shows how it is pronounced.
    pub(super) fn text(&mut self) -> Result<String, BrokenWorkbook> {
        let outside = self.depth - 1;
        let mut text = String::new();
        let (mut phonetic, mut is_struck) = (None, false);
        let (mut is_unseen, mut is_raised) = (false, false);
        self.has_unseen = false;
        while self.depth > outside {
            let depth = self.depth;
            let piece = match self.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "rPh" => {
                    phonetic = phonetic.or(Some(depth));
                    continue;
                }
                Event::Start(tag) if matches!(tag.local_name().as_ref(), "strike" | "dstrike") => {
                    is_struck = is_on(&tag)?;
                    continue;
                }
                Event::Start(tag) if tag.local_name().as_ref() == "color" => {
                    is_unseen |= !colour_of(&tag)?.is_seen_on(&WHITE);
                    continue;
                }
                Event::Start(tag) if tag.local_name().as_ref() == "sz" => {
                    is_unseen |= are_dots(&tag)?;
                    continue;
                }
                Event::Start(tag) if tag.local_name().as_ref() == "vertAlign" => {
                    is_raised = attribute(&tag, "val")?.as_deref() != Some("baseline");
                    continue;
                }
                Event::End(tag) => {
                    if tag.local_name().as_ref() == "r" {
                        (is_struck, is_unseen, is_raised) = (false, false, false);
                    }
                    phonetic = phonetic.filter(|outside| depth - 1 > *outside);
                    continue;
                }
                Event::Text(piece) => piece.xml10_content().into_owned(),
                Event::CData(piece) => piece.xml10_content().into_owned(),
                Event::GeneralRef(name) => character(&name)?.to_string(),
                Event::Eof => return Err(self.fault("it breaks off")),
                Event::Start(_)
                | Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => continue,
            };
            self.has_unseen |= is_unseen && phonetic.is_none() && !piece.trim().is_empty();
            if phonetic.is_none() && is_struck {
                text.extend(piece.chars().flat_map(|c| [c, STROKE]));
            } else if phonetic.is_none() && is_raised {
                text.extend(piece.chars().map(raised));
            } else if phonetic.is_none() {
                text.push_str(&piece);
            }
            if text.len() > TEXT_MAX {
                return Err(self.fault("a cell is longer than 32,767 characters"));
            }
        }
        Ok(unescape(text))
    }
}

/// Stands over each letter of a part that is struck through: an old price before a new one is no
/// digit of it, and no part of an id.
const STROKE: char = '\u{336}';

/// A digit above or below the line is no digit of the number beside it.
fn raised(c: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = c.to_digit(10).and_then(|it| usize::try_from(it).ok());
    digit.map_or(c, |digit| DIGITS[digit])
}

/// The five entities of XML and character references.
fn character(name: &quick_xml::events::BytesRef<'_>) -> Result<char, BrokenWorkbook> {
    let resolved = name.resolve_char_ref().map_err(broken)?;
    let resolved = resolved.or(match &**name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    });
    resolved.ok_or_else(|| broken("an entity that XML does not have"))
}

/// `_x000D_`, as workbooks write a character that XML has no way for, and `_x005F_` before what
/// only looks like one. Excel escapes nothing else; where another character is escaped, it is the
/// text of a program that does not escape, and part of an openid as it stands. So is any escape in
/// a text that is as long as an openid before it is undone.
fn unescape(text: String) -> String {
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let is_openid = text.len() == Openid::USUAL_LENGTH && text.bytes().all(is_id);
    if is_openid || !text.contains("_x") {
        return text;
    }
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let (c, used) = match escaped(&rest[at..]) {
            Some((c, length)) => (Some(c), at + length),
            None => (None, at + 2),
        };
        plain.push_str(&rest[..if c.is_some() { at } else { used }]);
        plain.extend(c);
        rest = &rest[used..];
    }
    plain.push_str(rest);
    plain
}

/// The character that is escaped at the beginning, and the length of its escape.
fn escaped(text: &str) -> Option<(char, usize)> {
    let first = unit(text)?;
    if first == u32::from('_') {
        return unit(&text[6..]).map(|_| ('_', 7));
    }
    if (0xD800..0xDC00).contains(&first) {
        let second = unit(&text[7..]).filter(|unit| (0xDC00..0xE000).contains(unit))?;
        let c = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return char::from_u32(c).map(|c| (c, 14));
    }
    let c = char::from_u32(first)?;
    let needs_it = c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    needs_it.then_some((c, 7))
}

/// Of `_x0041_` at the beginning: the number.
fn unit(text: &str) -> Option<u32> {
    let digits = text.get(2..7).filter(|_| text.starts_with("_x"))?;
    let digits = digits.strip_suffix('_')?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_number)
}

/// Gives no more than it may: of a part, and of one event.
struct Bounded<R> {
    source: R,
    left: u64,
    left_of_event: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(out)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.left.min(self.left_of_event);
        let bytes = self.source.fill_buf()?;
        if left == 0 && !bytes.is_empty() {
            return Err(io::Error::other("larger than a workbook's parts are"));
        }
        let length = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
        Ok(&bytes[..length])
    }

    fn consume(&mut self, used: usize) {
        self.left = self.left.saturating_sub(used as u64);
        self.left_of_event = self.left_of_event.saturating_sub(used as u64);
        self.source.consume(used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String, BrokenWorkbook> {
        let mut part = XmlPart::new("test.xml", xml.as_bytes());
        while !matches!(part.next()?, Event::Start(_)) {}
        part.text()
    }

    #[test]
    fn all_pieces_of_a_text_are_read() {
        for (xml, plain) in [
            ("<si><t>a</t></si>", "a"),
            ("<si/>", ""),
            (
                "<si><r><rPr><b/></rPr><t>a</t></r><r><t xml:space='preserve'> b</t></r></si>",
                "a b",
            ),
            (
                "<si><r><rPr><strike/></rPr><t>5</t></r>\
                 <r><rPr><strike val='0'/></rPr><t>1</t></r></si>",
                "5\u{336}1",
            ),
            (
                "<si><t>东</t><rPh sb='0' eb='1'><t>ひがし</t></rPh><t>x</t></si>",
                "东x",
            ),
            (
                "<x:si><x:t>a&amp;&#x4E00;<![CDATA[<b>]]></x:t></x:si>",
                "a&一<b>",
            ),
            (
                "<t>a_x000D__x005F_x0041_ _x_ _xZZZZ_</t>",
                "a\r_x0041_ _x_ _xZZZZ_",
            ),
            (
                "<t>oR_x0041_B_x005F__x005F_x_x4E00_</t>",
                "oR_x0041_B_x005F__x005F_x_x4E00_",
            ),
            (
                "<t>oR4k2v_x005F_x0041_GHIJKLMNO</t>",
                "oR4k2v_x005F_x0041_GHIJKLMNO",
            ),
            (
                "<t>oR4k2v_x005F_x0041_BCDEFGHIJKLMNOP</t>",
                "oR4k2v_x0041_BCDEFGHIJKLMNOP",
            ),
            (
                "<t>_x005F_x000D__xD83D__xDE00__xD83D_</t>",
                "_x000D_😀_xD83D_",
            ),
        ] {
            assert_eq!(text(xml).as_deref(), Ok(plain), "{xml}");
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        let deep = "<a>".repeat(80);
        let long = format!("<t>{}</t>", "x".repeat(600 << 10));
        let pieces = format!("<t>{}</t>", "<r>12345678</r>".repeat(20_000));
        let tag = format!("<t a='{}'/>", "x".repeat(600 << 10));
        for xml in [
            &deep,
            &long,
            &pieces,
            &tag,
            "<t>&lol;</t>",
            "<t>",
            "<t></r>",
        ] {
            assert!(text(xml).is_err(), "{}", &xml[..xml.len().min(40)]);
        }
        let bomb = "<!DOCTYPE x [<!ENTITY a 'b'>]><t>&a;</t>";
        assert!(text(bomb).is_err());
    }
}
