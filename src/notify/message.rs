//! What is told of an event: the same facts for a person and for a program.

use serde_json::{Value, json};

use super::event::EventKind;
use crate::domain::ids::Openid;
use crate::words::{Lang, Text, Words, notify as words, shown};

/// An event of a campaign.
#[derive(Debug, Clone)]
pub struct Message {
    /// What happened.
    pub event: EventKind,
    /// The same in words.
    pub title: Words,
    /// When, as RFC 3339 and in words.
    pub at: (String, String),
    /// The campaign's name in the ledger.
    pub campaign: String,
    /// `simulator` or `live`.
    pub mode: &'static str,
    /// Why.
    pub reason: Option<Words>,
    /// The exit code and what it means, where the run has ended.
    pub exit: Option<(u8, Text)>,
    /// Where the money is; `None` before the first load.
    pub money: Option<Money>,
    /// Rows and head of the journal.
    pub journal: Option<(i64, String)>,
    /// What to type next.
    pub next: Option<String>,
}

/// The balance of a campaign: what is owed, and where it is.
#[derive(Debug, Clone)]
pub struct Money {
    /// On one line.
    pub line: Words,
    /// By place, in fen.
    pub fen: Value,
}

impl Message {
    /// For a person.
    pub(super) fn text(&self, lang: Lang) -> String {
        let title = words::title(self.campaign.as_str(), self.title.clone());
        let meaning = |(code, meaning): (u8, Text)| words::exit(u16::from(code), meaning);
        let money = self.money.as_ref().map(|it| words::money(it.line.clone()));
        let journal = self.journal.as_ref();
        let lines = [
            Some(title),
            self.reason.clone().map(words::reason),
            self.exit.map(meaning),
            money,
            journal.map(|(rows, head)| words::head(head.as_str(), *rows)),
            self.next.as_deref().map(words::next),
            Some(words::at(self.at.1.as_str())),
        ];
        let lines = lines.into_iter().flatten();
        let lines: Vec<String> = lines.map(|line| line_of(line.within(lang))).collect();
        lines.join("\n")
    }

    /// For a program; `id` is the same in each try.
    pub(super) fn document(&self, id: &str, lang: Lang) -> Value {
        let journal = self.journal.as_ref();
        json!({
            "version": 1,
            "id": id,
            "event": self.event.name(),
            "at": self.at.0,
            "campaign": self.campaign,
            "mode": self.mode,
            "title": masked(&self.title),
            "reason": self.reason.as_ref().map(masked),
            "exit": self.exit.map(|(code, _)| code),
            "money": self.money.as_ref().map(|money| &money.fen),
            "journal": journal.map(|(rows, head)| json!({"rows": rows, "head": head})),
            "next": self.next,
            "text": self.text(lang),
        })
    }
}

/// As [`line_of`], in both languages.
fn masked(words: &Words) -> Words {
    Words {
        code: words.code,
        en: line_of(&words.en),
        zh: line_of(&words.zh),
    }
}

/// On one line, and with nobody in it: whatever comes into a reason, no whole openid leaves.
fn line_of(text: &str) -> String {
    let text = shown(text).replace('\n', " ");
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(begin) = rest.find(is_part) {
        let (before, from) = rest.split_at(begin);
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        masked.push_str(before);
        if word.len() == Openid::USUAL_LENGTH && word.starts_with('o') {
            masked.push_str(&word[..6]);
            masked.push('…');
        } else {
            masked.push_str(word);
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_whole_openid_and_no_second_line_comes_out_of_a_reason() {
        let openid = "oABCde1234567890123456789xyz";
        assert_eq!(openid.len(), Openid::USUAL_LENGTH);
        let line = line_of(&format!("a {openid}, b\n{openid}"));
        assert_eq!(line.matches("oABCde…").count(), 2, "{line}");
        assert!(!line.contains("xyz") && !line.contains('\n'), "{line}");
        let said = |en: &str, zh: &str| Words {
            code: "halt.code",
            en: format!("{en} {openid}\n"),
            zh: format!("{zh}{openid}"),
        };
        let message = Message {
            event: EventKind::Halted,
            title: said("title", "题"),
            at: (String::new(), String::new()),
            campaign: "lantern".to_owned(),
            mode: "live",
            reason: Some(said("why", "因")),
            exit: None,
            money: None,
            journal: None,
            next: None,
        };
        let document = message.document("id", Lang::En);
        assert!(!document.to_string().contains(openid), "{document}");
        let (title, reason) = (&document["title"], &document["reason"]);
        assert_eq!(
            (&title["code"], &title["zh"]),
            (&"halt.code".into(), &"题oABCde…".into())
        );
        assert!(reason["en"].as_str().unwrap().starts_with("why oABCde…"));
        let number = "1000009812345678901234567890";
        assert_eq!(line_of(number), number, "a bill number is told");
    }
}
