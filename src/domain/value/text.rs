//! The texts a recipient sees, and WeChat Pay's limits on them.
//!
//! The documents print `String(32)`; in practice lengths count UTF-8 bytes and the limit is
//! exclusive: thirteen Chinese characters (39 bytes) were rejected as if the field were missing.

use std::borrow::Cow;

use crate::words::{Words, english, text as words};

/// A text of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `act_name`, the name of the activity.
    ActName,
    /// `send_name`, shown as the sender.
    SendName,
    /// `wishing`, shown on the packet.
    Wishing,
    /// `remark`.
    Remark,
    /// `scene_id`, `PRODUCT_1` to `PRODUCT_8`.
    SceneId,
}

/// Why a text cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Empty after trimming.
    Blank(Field),
    /// Too many bytes.
    TooLong {
        /// Which text.
        field: Field,
        /// Its length in bytes.
        bytes: usize,
    },
    /// A control character, a line break among them.
    Control(Field, char),
    /// What a lossy conversion left in the place of characters.
    Lost(Field),
    /// A character that nobody sees and that turns the writing around.
    Turned(Field, char),
    /// A scene that does not exist.
    NoScene,
}

english!(TextFault);

impl TextFault {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            TextFault::Blank(field) => words::blank(field.name()),
            TextFault::TooLong { field, bytes } => {
                words::too_long(field.name(), *bytes, field.max_bytes())
            }
            TextFault::Control(field, c) => {
                words::control(field.name(), format_args!("U+{:04X}", u32::from(*c)))
            }
            TextFault::Lost(field) => words::lost(field.name()),
            TextFault::Turned(field, c) => {
                words::turned(field.name(), format_args!("U+{:04X}", u32::from(*c)))
            }
            TextFault::NoScene => words::no_scene(),
        }
    }
}

/// Characters that make a spreadsheet take a text cell for a formula.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'];

/// Whether a spreadsheet takes it for a formula.
#[must_use]
pub fn is_formula_like(text: &str) -> bool {
    text.starts_with(FORMULA)
}

/// The text with an apostrophe where a spreadsheet would take it for a formula.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula_like(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text without the apostrophe that keeps a spreadsheet from taking it for a formula.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    let bare = text.strip_prefix('\'').filter(|bare| is_formula_like(bare));
    bare.unwrap_or(text)
}

impl Field {
    /// All of them, in the order of the request.
    pub const ALL: [Field; 5] = [
        Field::ActName,
        Field::SendName,
        Field::Wishing,
        Field::Remark,
        Field::SceneId,
    ];

    /// Its name on the wire, in the configuration and in the recipients file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Field::ActName => "act_name",
            Field::SendName => "send_name",
            Field::Wishing => "wishing",
            Field::Remark => "remark",
            Field::SceneId => "scene_id",
        }
    }

    /// How many bytes of UTF-8 WeChat Pay takes.
    #[must_use]
    pub const fn max_bytes(self) -> usize {
        match self {
            Field::ActName | Field::SendName | Field::SceneId => 31,
            Field::Wishing => 127,
            Field::Remark => 255,
        }
    }

    /// The text as it will be sent: trimmed, since WeChat Pay trims before it checks the sign.
    ///
    /// # Errors
    /// Where it is blank, too long, broken, has characters that cannot be sent or names no scene.
    pub fn check(self, text: &str) -> Result<String, TextFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextFault::Blank(self));
        }
        if text.len() > self.max_bytes() {
            return Err(TextFault::TooLong {
                field: self,
                bytes: text.len(),
            });
        }
        if let Some(control) = text.chars().find(|c| is_refused(*c)) {
            return Err(TextFault::Control(self, control));
        }
        if has_lost(text) {
            return Err(TextFault::Lost(self));
        }
        if let Some(turn) = text.chars().find(|c| turns(*c)) {
            return Err(TextFault::Turned(self, turn));
        }
        if self == Field::SceneId && !is_scene(text) {
            return Err(TextFault::NoScene);
        }
        Ok(text.to_owned())
    }
}

/// Whether characters were lost in a conversion: U+FFFD stands for each, and its own bytes in UTF-8
/// read as GBK are 锟斤拷.
#[must_use]
pub fn has_lost(text: &str) -> bool {
    text.contains('\u{FFFD}') || text.contains("锟斤拷") || text.contains("ï¿½")
}

/// Whether it changes the direction of what follows: the text would not read as it is written.
#[must_use]
pub fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Control characters, the two line breaks that Unicode has besides, and U+FFFE and U+FFFF, which
/// XML 1.0 has no way to write.
fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
}

fn is_scene(text: &str) -> bool {
    text.strip_prefix("PRODUCT_")
        .is_some_and(|n| n.len() == 1 && ("1"..="8").contains(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apostrophe_before_what_looks_like_a_formula_is_a_guard_and_no_other() {
        for (text, bare) in [
            ("'=1", "=1"),
            ("'＋1", "＋1"),
            ("'tis", "'tis"),
            ("=1", "=1"),
            ("'", "'"),
        ] {
            assert_eq!(unguarded(text), bare);
        }
    }

    #[test]
    fn lengths_count_bytes_not_characters() {
        assert!(Field::SendName.check(&"红".repeat(10)).is_ok());
        let fault = TextFault::TooLong {
            field: Field::SendName,
            bytes: 33,
        };
        assert_eq!(Field::SendName.check(&"红".repeat(11)), Err(fault));
        assert!(Field::Wishing.check(&"a".repeat(127)).is_ok());
        assert!(Field::Wishing.check(&"a".repeat(128)).is_err());
    }

    #[test]
    fn blanks_are_trimmed_and_control_characters_refused() {
        assert_eq!(Field::Remark.check(" 快来抢 "), Ok("快来抢".to_owned()));
        assert_eq!(
            Field::Remark.check(" \t "),
            Err(TextFault::Blank(Field::Remark))
        );
        assert_eq!(
            Field::Remark.check("a\nb"),
            Err(TextFault::Control(Field::Remark, '\n'))
        );
    }

    #[test]
    fn what_xml_cannot_write_is_refused() {
        for c in ['\u{FFFE}', '\u{FFFF}', '\u{85}'] {
            let fault = TextFault::Control(Field::Remark, c);
            assert_eq!(Field::Remark.check(&format!("a{c}b")), Err(fault));
        }
    }

    #[test]
    fn what_a_conversion_lost_or_a_mark_turns_around_is_refused() {
        for text in ["元宵\u{FFFD}", "元宵锟斤拷", "ï¿½"] {
            assert_eq!(
                Field::Wishing.check(text),
                Err(TextFault::Lost(Field::Wishing)),
                "{text}"
            );
        }
        for c in ['\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}'] {
            let fault = TextFault::Turned(Field::Remark, c);
            assert_eq!(Field::Remark.check(&format!("a{c}b")), Err(fault));
        }
        assert!(Field::Remark.check("👨\u{200D}👩 快来抢？？？").is_ok());
    }

    #[test]
    fn a_fault_names_its_field_as_the_wire_does() {
        let names = ["act_name", "send_name", "wishing", "remark", "scene_id"];
        for (field, name) in Field::ALL.into_iter().zip(names) {
            let fault = field.check(&"a".repeat(256)).unwrap_err().to_string();
            assert!(
                fault.starts_with(&format!("{name} has 256 bytes")),
                "{fault}"
            );
        }
    }

    #[test]
    fn only_the_eight_scenes_exist() {
        assert!(Field::SceneId.check("PRODUCT_8").is_ok());
        for scene in ["PRODUCT_0", "PRODUCT_9", "PRODUCT_10", "product_1"] {
            assert_eq!(Field::SceneId.check(scene), Err(TextFault::NoScene));
        }
    }
}
