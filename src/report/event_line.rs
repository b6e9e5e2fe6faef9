//! A move of a packet in one line of JSON, for programs that follow a campaign. Fields may be
//! added; one that is there keeps its meaning as long as `v` is the same.

use serde_json::{Value, json};

use crate::clock::beijing;
use crate::domain::hex::unhex;
use crate::domain::money::Fen;
use crate::ledger::{Head, MoveRow};

/// The version of these lines.
const VERSION: u32 = 1;

/// How each line begins.
pub const EVENT_BEGIN: &str = "{\"v\":1,\"seq\":";

/// The line of a move, without its end.
#[must_use]
pub fn event_line(campaign: &str, mode: &str, moved: &MoveRow) -> String {
    let packet = moved.packet.as_ref();
    let loaded = moved.loaded.as_ref();
    let fen = packet.map(|it| it.amount).or(loaded.map(|it| it.fen));
    let line = json!({
        "v": VERSION,
        "seq": moved.head.entries,
        "at": beijing(moved.at),
        "campaign": campaign,
        "mode": mode,
        "event": moved.event,
        "mch_billno": packet.map(|it| it.mch_billno.as_str()),
        "from": packet.map(|it| it.from.name()),
        "state": packet.map(|it| it.to.name()),
        "given_up": packet.is_some_and(|it| it.is_given_up),
        "packets": loaded.map(|it| it.count),
        "fen": fen.map(Fen::fen),
        "openid": packet.map(|it| it.openid.masked()),
        "code": packet.and_then(|it| it.err_code.as_deref()),
        "head": moved.head.hex(),
    });
    line.to_string()
}

/// What a line says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventMark {
    /// The campaign's name.
    pub campaign: String,
    /// `simulator` or `live`.
    pub mode: String,
    /// Where in the journal.
    pub head: Head,
}

/// The mark of a line; `None` where it is none of ours.
#[must_use]
pub fn event_mark(line: &str) -> Option<EventMark> {
    let line: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| line[key].as_str();
    let is_ours = line["v"].as_u64() == Some(VERSION.into());
    is_ours.then_some(())?;
    Some(EventMark {
        campaign: text("campaign")?.to_owned(),
        mode: text("mode")?.to_owned(),
        head: Head {
            entries: line["seq"].as_i64()?,
            hash: unhex(text("head")?)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{MchBillno, Openid};
    use crate::domain::state::State;
    use crate::domain::tally::TallyRow;
    use crate::ledger::MovedPacket;

    fn moved() -> MoveRow {
        MoveRow {
            head: Head {
                entries: 7,
                hash: [171; 32],
            },
            at: 0,
            event: "refused_for_good".to_owned(),
            packet: Some(MovedPacket {
                mch_billno: MchBillno::new("1000009800000000000000000001").unwrap(),
                amount: Fen::new(123),
                openid: Openid::new("oABCdefghijklmnopqrstuvwxyz1").unwrap(),
                from: State::InFlight,
                to: State::Refused,
                err_code: Some("OPENID_ERROR".to_owned()),
                is_given_up: false,
            }),
            loaded: None,
        }
    }

    /// Programs read these names: one that changes shows in the diff.
    #[test]
    fn the_fields_stay() {
        let line = event_line("lantern", "live", &moved());
        insta::assert_snapshot!(line);
        assert!(line.starts_with(EVENT_BEGIN));
        assert!(!line.contains("oABCdefghijklmnopqrstuvwxyz1"));
        let loaded = MoveRow {
            event: "loaded".to_owned(),
            packet: None,
            loaded: Some(TallyRow {
                count: 2,
                fen: Fen::new(300),
            }),
            ..moved()
        };
        insta::assert_snapshot!(event_line("lantern", "live", &loaded));
    }

    #[test]
    fn a_line_is_known_again_and_nothing_else_is() {
        let line = event_line("lantern", "live", &moved());
        let mark = event_mark(&line).unwrap();
        assert_eq!(
            (mark.campaign.as_str(), mark.head),
            ("lantern", moved().head)
        );
        for other in [
            "",
            "{}",
            "[]",
            "openid,amount",
            &line.replace("\"v\":1", "\"v\":2"),
        ] {
            assert_eq!(event_mark(other), None, "{other}");
        }
        assert_eq!(event_mark(&line[..line.len() - 9]), None, "a torn line");
    }
}
