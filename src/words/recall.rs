//! Messages that the ledger keeps, found again for a person who reads Chinese.

use super::{Template, Words, all, note};

/// A halt as the ledger keeps it: both languages, and the code.
#[derive(serde::Deserialize)]
struct Kept {
    code: String,
    en: String,
    zh: String,
}

impl Words {
    /// For the ledger, which keeps a text.
    pub(crate) fn to_keep(&self) -> String {
        // Three texts always make JSON.
        serde_json::to_string(self).unwrap_or_else(|_| self.en.clone())
    }
}

/// A message that the ledger kept: a note by its English, a halt with both languages, and what a
/// person wrote, or an older version, as it is.
pub(crate) fn recall(kept: &str) -> Words {
    if let Ok(Kept { code, en, zh }) = serde_json::from_str(kept)
        && let Some(Template { code, .. }) = all().into_iter().find(|it| it.code == code)
    {
        return Words { code, en, zh };
    }
    let words = several(kept).unwrap_or_else(|| Words {
        code: "said",
        en: kept.to_owned(),
        zh: kept.to_owned(),
    });
    let zh = signed_in_chinese(words.zh);
    Words { zh, ..words }
}

/// The text, with the name of the person who gave a reason as Chinese has it: it is kept in
/// English, behind the reason.
fn signed_in_chinese(text: String) -> String {
    let signed = text.rsplit_once(" (by ").and_then(|(reason, rest)| {
        let (name, rest) = rest.split_once(')')?;
        let name = if name == NOBODY_KNOWN { "不详" } else { name };
        Some(format!("{reason}（操作人：{name}）{rest}"))
    });
    signed.unwrap_or(text)
}

/// A person whose name the system did not tell.
pub(crate) const NOBODY_KNOWN: &str = "somebody";

/// A note.
fn known(kept: &str) -> Option<Words> {
    note::ALL.iter().find_map(|template| {
        let parts = parts(template.text.en, kept)?;
        let zh = filled(template.text.zh, &parts);
        let (code, en) = (template.code, kept.to_owned());
        Some(Words { code, en, zh })
    })
}

/// A note, and those behind it.
fn several(kept: &str) -> Option<Words> {
    let mut colons = kept.match_indices(": ");
    let two = colons.find_map(|(at, colon)| {
        let (first, rest) = (known(&kept[..at])?, several(&kept[at + colon.len()..])?);
        let zh = format!("{}；{}", first.zh, rest.zh);
        let (code, en) = (first.code, kept.to_owned());
        Some(Words { code, en, zh })
    });
    two.or_else(|| known(kept))
}

/// The campaign in a note about a packet that was passed over.
pub(crate) fn passed_over_for(kept: &str) -> Option<&str> {
    said_first(&note::passed_over(""), kept)
}

/// How many packets a note about denied ones is about.
pub(crate) fn denied(kept: &str) -> Option<u64> {
    said_first(&note::denied(""), kept)?.parse().ok()
}

/// What stands in the first place of a note, if it is one of this kind.
fn said_first<'a>(kind: &Words, kept: &'a str) -> Option<&'a str> {
    let template = note::ALL.iter().find(|it| it.code == kind.code)?;
    let parts = parts(template.text.en, kept)?;
    parts.first().map(|(_, said)| *said)
}

/// The text in the place of each name, if the text is made by the template.
fn parts<'a>(template: &'a str, mut text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut pieces = template.split(['{', '}']);
    text = text.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    while let (Some(name), Some(piece)) = (pieces.next(), pieces.next()) {
        let end = if piece.is_empty() {
            text.len()
        } else {
            text.find(piece)?
        };
        parts.push((name, &text[..end]));
        text = &text[end + piece.len()..];
    }
    text.is_empty().then_some(parts)
}

fn filled(template: &str, parts: &[(&str, &str)]) -> String {
    let fill =
        |text: String, (name, part): &(&str, &str)| text.replace(&format!("{{{name}}}"), part);
    parts.iter().fold(template.to_owned(), fill)
}

#[cfg(test)]
mod tests {
    use super::super::halt;
    use super::*;

    #[test]
    fn a_note_is_found_again_by_its_english() {
        let notes = [
            note::paid_twice("1000", "2000"),
            note::double_payment(),
            note::another_name("1000"),
            note::paid_then_failed(),
            note::paid_otherwise(),
            note::unpaid_then_paid(),
            note::withdrawn_then_paid(),
            note::by_hand(),
            note::frozen_anew(2, "00ff", "11ee"),
            note::brought_back(2),
            note::paid_other("1.50"),
            note::paid_another("1.50", "oABC"),
            note::ruled_paid_other("1.50", "asked the bank: yes"),
            note::ruled_paid_another("1.50", "oABC", "asked: yes"),
            note::another_package("p={x}"),
            note::remembered("10000098x"),
            note::all_copied(),
            note::paused_copy(),
            note::wrong_clock(),
            note::request_gone(),
            note::too_old(),
            note::clock_is_right(),
            note::next_asked("10000098x"),
            note::next_known("10000098x"),
            note::found_after("10000098x"),
            note::sent_again("scene opened (by ann)"),
            note::reissued("10000098x", "openid mended (by ann)"),
            note::in_place_of("10000098x", "why: who knows (by ann)"),
            note::former_was_paid(),
            note::known_after_all(),
            note::exported(),
            note::billed(),
            note::passed_over("spring"),
            note::denied(3),
            note::excused(),
            note::freed_again(),
            note::received_then_refunded(),
            note::refunded_then_received(),
            note::another_claim_time("2026-11-23 20:00:00", "2026-11-23 20:00:01"),
            note::another_refund_time("2026-11-23 20:00:00", "2026-11-23 20:00:01"),
            note::another_refund("1.00", "0.99"),
        ];
        assert_eq!(notes.len(), note::ALL.len());
        for words in notes {
            let zh = signed_in_chinese(words.zh.clone());
            assert_eq!(recall(&words.en), Words { zh, ..words });
        }
    }

    #[test]
    fn a_persons_name_is_told_in_chinese() {
        for (kept, zh) in [
            ("asked (by somebody)", "asked（操作人：不详）"),
            ("问过客服 (by 王经理)", "问过客服（操作人：王经理）"),
            ("by bus", "by bus"),
        ] {
            let said = recall(kept);
            assert_eq!((&*said.en, &*said.zh), (kept, zh));
        }
        let note = note::sent_again("scene opened (by ann)");
        assert!(recall(&note.en).zh.contains("scene opened（操作人：ann）"));
    }

    #[test]
    fn of_several_notes_each_is_found_again() {
        let claimed = note::another_claim_time("2026-11-23 20:00:00", "2026-11-23 20:00:01");
        let two = format!("{}: {}", claimed.en, note::another_name("1000").en);
        let said = recall(&two);
        let zh = format!("{}；查询称其红包单号为 1000", claimed.zh);
        assert_eq!((said.en, said.zh), (two, zh));
    }

    #[test]
    fn a_halt_is_kept_whole_and_a_persons_word_as_it_is() {
        let words = halt::kept(
            halt::certificate(),
            halt::detail("expired"),
            halt::check_certificate(),
        );
        assert_eq!(recall(&words.to_keep()), words);
        for text in [
            "lunch",
            "",
            "the clock is right?",
            "{\"code\":\"x\"}",
            "财务要求等待",
        ] {
            let said = recall(text);
            assert_eq!((said.code, &*said.en, &*said.zh), ("said", text, text));
        }
    }
}
