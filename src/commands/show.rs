//! `show`: one packet's whole life.

use serde_json::{Value, json};

use crate::cli::ShowArgs;
use crate::clock::{beijing, beijing_words};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{AttemptRow, JournalRow, Reader, ReportRow};

use super::context::Context;

pub(super) fn show(args: &ShowArgs) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign)?;
    let (reader, row) = context.must_be_loaded()?;
    let found = reader.find(&row, &args.id)?;
    if found.is_empty() {
        return Err(Error::Usage(format!(
            "no packet of the campaign is named {:?}",
            args.id
        )));
    }
    let lives: Result<Vec<Life>, Error> = found
        .into_iter()
        .map(|packet| Life::read(&reader, packet))
        .collect();
    let lives = lives?;
    if args.json {
        let lives: Vec<Value> = lives.iter().map(Life::json).collect();
        println!("{}", Value::from(lives));
    } else {
        lives.iter().for_each(Life::print);
    }
    Ok(ExitCode::Done)
}

/// A bill with all that happened to it.
struct Life {
    packet: ReportRow,
    attempts: Vec<AttemptRow>,
    journal: Vec<JournalRow>,
}

impl Life {
    fn read(reader: &Reader, packet: ReportRow) -> Result<Life, Error> {
        let attempts = reader.attempts(packet.bill)?;
        let journal = reader.journal(packet.bill)?;
        Ok(Life {
            packet,
            attempts,
            journal,
        })
    }

    fn print(&self) {
        let packet = &self.packet;
        println!(
            "{}  {}  {} yuan",
            packet.mch_billno, packet.state, packet.amount
        );
        println!("  row_key      {}", packet.row_key);
        println!("  openid       {}", packet.openid);
        if let Some(send_listid) = &packet.send_listid {
            println!("  send_listid  {send_listid}");
        }
        if let Some(code) = &packet.err_code {
            let words = packet.err_code_des.as_deref().unwrap_or_default();
            println!("  err_code     {code}  {words}");
        }
        println!("  requests:");
        self.attempts.iter().for_each(print_attempt);
        println!("  moves:");
        self.journal.iter().for_each(print_move);
    }

    fn json(&self) -> Value {
        let packet = &self.packet;
        json!({
            "mch_billno": packet.mch_billno,
            "state": packet.state.name(),
            "amount_fen": packet.amount.fen(),
            "row_key": packet.row_key,
            "openid": packet.openid,
            "generation": packet.generation,
            "send_listid": packet.send_listid,
            "err_code": packet.err_code,
            "err_code_des": packet.err_code_des,
            "requests": self.attempts.iter().map(attempt_json).collect::<Vec<_>>(),
            "moves": self.journal.iter().map(move_json).collect::<Vec<_>>(),
        })
    }
}

fn print_attempt(attempt: &AttemptRow) {
    let answer = attempt.answer.as_deref().unwrap_or("open");
    let words = [&attempt.err_code, &attempt.err_code_des];
    let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
    let at = beijing_words(attempt.committed_at);
    println!(
        "    {at}  {:<6} {answer:<20} {}",
        attempt.action,
        words.join(" ")
    );
}

fn print_move(row: &JournalRow) {
    let (from, to) = (
        row.from.as_deref().unwrap_or(""),
        row.to.as_deref().unwrap_or(""),
    );
    let note = row.note.as_deref().unwrap_or("");
    println!(
        "    {}  {from} -> {to}  ({}) {note}",
        beijing_words(row.at),
        row.event
    );
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
        "note": row.note,
    })
}
