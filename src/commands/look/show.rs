//! `show`: one packet's whole life.

use std::fmt::{self, Formatter};

use serde_json::{Value, json};

use crate::cli::ShowArgs;
use crate::clock::{beijing, beijing_words};
use crate::domain::ids::Openid;
use crate::domain::money::Fen;
use crate::domain::outcome::Paid;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{AttemptRow, JournalRow, Reader, ReportRow};
use crate::words::{Lang, Part, Words, names, note, recall, show as words, usage};

use crate::commands::console::{say, say_json};
use crate::commands::setup::context::Context;
use crate::commands::setup::met::warn_unasked;

pub(in crate::commands) fn show(args: &ShowArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open_to_look(&args.campaign, lang)?;
    let (reader, row) = context.must_be_loaded()?;
    let found = reader.look_up(&row, &args.id)?;
    if found.is_empty() {
        return Err(Error::Usage(usage::no_packet(format!("{:?}", args.id))));
    }
    let is_found = |bill| found.iter().any(|packet| packet.bill == bill);
    warn_unasked(&context, (&reader, &row), is_found)?;
    let lives: Result<Vec<Life>, Error> = found
        .into_iter()
        .map(|packet| Life::read(&reader, packet, context.clock.now_ms()))
        .collect();
    let lives = lives?;
    if args.json {
        let lives: Vec<Value> = lives.iter().map(Life::json).collect();
        say_json(&Value::from(lives))?;
    } else {
        for life in &lives {
            say(life.words(lang))?;
        }
    }
    Ok(ExitCode::Done)
}

/// A bill with all that happened to it.
struct Life {
    packet: ReportRow,
    /// When it lapses, where it can be opened now.
    expires_at: Option<i64>,
    attempts: Vec<AttemptRow>,
    journal: Vec<JournalRow>,
}

impl Life {
    fn read(reader: &Reader, packet: ReportRow, now: i64) -> Result<Life, Error> {
        let claim = reader.claim(packet.bill)?;
        let attempts = reader.attempts(packet.bill)?;
        let journal = reader.journal(packet.bill)?;
        Ok(Life {
            packet,
            expires_at: claim.and_then(|claim| claim.issued.expires_at(now)),
            attempts,
            journal,
        })
    }

    fn words(&self, lang: Lang) -> String {
        let told = |words: Words| words.within(lang).to_owned();
        let packet = &self.packet;
        let (number, state, amount) = (&packet.mch_billno, packet.state, packet.amount);
        let mut lines = vec![
            told(words::bill(number.as_str(), state, amount)),
            told(words::row_key(packet.row_key.as_str())),
            told(words::openid(packet.openid.as_str())),
        ];
        if packet.generation > 1 {
            lines.push(told(words::generation(packet.generation)));
        }
        let send_listid = packet.send_listid.as_deref();
        lines.extend(send_listid.map(|id| told(words::send_listid(id))));
        let end = self.expires_at.map(beijing_words);
        lines.extend(end.map(|end| told(words::can_be_opened(end))));
        let why = why(packet.err_code.as_deref(), packet.err_code_des.as_deref());
        if !why.is_empty() {
            lines.push(told(words::err_code(why.join("  "))));
        }
        lines.extend(fate_words(packet).into_iter().map(told));
        lines.extend(packet.paid.as_ref().map(paid_words).map(told));
        let reason = packet.fate.reason.as_deref();
        lines.extend(reason.map(|reason| told(words::reason(reason))));
        let asked_at = packet.asked_at.map(beijing_words);
        lines.extend(asked_at.map(|at| told(words::asked(at))));
        lines.push(told(words::requests()));
        lines.extend(self.attempts.iter().map(attempt_words).map(told));
        lines.push(told(words::moves()));
        lines.extend(self.journal.iter().map(move_words).map(told));
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        lines.join("\n")
    }

    fn json(&self) -> Value {
        let packet = &self.packet;
        let paid_openid = packet.paid.as_ref().and_then(|paid| paid.openid.as_ref());
        json!({
            "mch_billno": packet.mch_billno,
            "state": packet.state.name(),
            "amount_fen": packet.amount.fen(),
            "row_key": packet.row_key,
            "openid": packet.openid,
            "generation": packet.generation,
            "send_listid": packet.send_listid,
            "expires_at": self.expires_at.map(beijing),
            "received_at": packet.fate.received_at.map(beijing),
            "refunded_at": packet.fate.refunded_at.map(beijing),
            "refunded_fen": packet.fate.refunded.map(Fen::fen),
            "paid_fen": packet.paid.as_ref().map(|paid| paid.amount.fen()),
            "paid_openid": paid_openid.map(Openid::as_str),
            "reason": packet.fate.reason,
            "asked_at": packet.asked_at.map(beijing),
            "err_code": packet.err_code,
            "err_code_des": packet.err_code_des,
            "requests": self.attempts.iter().map(attempt_json).collect::<Vec<_>>(),
            "moves": self.journal.iter().map(move_json).collect::<Vec<_>>(),
        })
    }
}

/// What was paid in place of what was owed.
fn paid_words(paid: &Paid) -> Words {
    match &paid.openid {
        Some(openid) => words::paid_another(paid.amount, openid.as_str()),
        None => words::paid_otherwise(paid.amount),
    }
}

/// Claimed, or back.
fn fate_words(packet: &ReportRow) -> Vec<Words> {
    let fate = &packet.fate;
    let mut lines = Vec::new();
    match fate.received_at {
        Some(at) => lines.push(words::received(beijing_words(at))),
        None if packet.state == State::Received => lines.push(words::received_unknown()),
        None => {}
    }
    if let Some(fen) = fate.refunded {
        let at = fate
            .refunded_at
            .map_or_else(|| "?".to_owned(), beijing_words);
        lines.push(words::refunded(fen, at));
    }
    lines
}

fn attempt_words(attempt: &AttemptRow) -> Words {
    let answer = attempt.answer.as_deref().unwrap_or("open");
    let why = why(attempt.err_code.as_deref(), attempt.err_code_des.as_deref());
    let at = beijing_words(attempt.committed_at);
    let (action, answer) = (
        names::ActionName(&attempt.action),
        names::AnswerName(answer),
    );
    words::request(at, action, answer, why.join(" "))
}

/// The code of an answer and its words. That a query was answered is no error: beside a packet that
/// failed it would read as if it had not.
fn why<'a>(code: Option<&'a str>, words: Option<&'a str>) -> Vec<&'a str> {
    let code = code.filter(|code| *code != "SUCCESS");
    [code, words].into_iter().flatten().collect()
}

fn move_words(row: &JournalRow) -> Words {
    let [from, to] = [&row.from, &row.to].map(|name| StateName(name.as_deref().unwrap_or("")));
    let note = row.note.as_deref().map(masked);
    let (at, event) = (beijing_words(row.at), names::EventName(&row.event));
    words::moved(at, from, to, event, note)
}

/// A state as the journal has it.
struct StateName<'a>(&'a str);

impl Part for StateName<'_> {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        match State::named(self.0) {
            Some(state) => state.tell(lang, f),
            None => f.write_str(self.0),
        }
    }
}

fn attempt_json(attempt: &AttemptRow) -> Value {
    json!({
        "action": attempt.action,
        "committed_at": beijing(attempt.committed_at),
        "ended_at": attempt.ended_at.map(beijing),
        "answer": attempt.answer,
        "err_code": attempt.err_code,
        "err_code_des": attempt.err_code_des,
    })
}

fn move_json(row: &JournalRow) -> Value {
    json!({
        "at": beijing(row.at),
        "event": row.event,
        "from": row.from,
        "to": row.to,
        "note": row.note.as_deref().map(masked_text),
        "words": row.note.as_deref().map(masked),
    })
}

/// A note in words, without what opens a packet: only `claims` shows that.
fn masked(kept: &str) -> Words {
    let words = recall(kept);
    if words.code == note::another_package("").code {
        return note::another_package("***");
    }
    words
}

/// As the ledger keeps it, but for that.
fn masked_text(kept: &str) -> String {
    let words = masked(kept);
    if words == recall(kept) {
        kept.to_owned()
    } else {
        words.en
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_was_answered_is_no_error_beside_what_it_says() {
        assert_eq!(why(Some("SUCCESS"), Some("退回")), ["退回"]);
        assert_eq!(why(Some("NOTENOUGH"), None), ["NOTENOUGH"]);
        assert_eq!(why(Some("SUCCESS"), None), [""; 0]);
    }

    #[test]
    fn a_note_shows_no_package_and_stays_what_it_is_otherwise() {
        let kept = note::another_package("sendid=1&ver=8").en;
        assert_eq!(masked_text(&kept), "a resend brought another package: ***");
        assert!(!masked(&kept).zh.contains("sendid"));
        for kept in ["lunch", "{\"code\":\"x\"}", &note::double_payment().en] {
            assert_eq!(masked_text(kept), kept);
        }
    }
}
