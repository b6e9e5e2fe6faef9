//! A packet that was taken back is frozen with other content: the journal keeps the digests of the
//! old content and of the new, and the file that the new one is from. An audit needs the old one,
//! to look at older requests and at the file that the packet came in first.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::hex::{hex, unhex};
use crate::domain::state::Event;
use crate::ledger::journal::seal::Hash;
use crate::words::note;

/// One such row of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ledger) struct FrozenAnew {
    pub(in crate::ledger) file: i64,
    pub(in crate::ledger) was: Hash,
    pub(in crate::ledger) is: Hash,
}

impl FrozenAnew {
    /// As the journal notes it.
    pub(in crate::ledger) fn note(&self) -> String {
        note::frozen_anew(self.file, hex(&self.was), hex(&self.is)).en
    }

    /// From a row of the journal; `None` for every other event. A note in other words gives digests
    /// that hold nowhere: none is all zero.
    pub(in crate::ledger) fn of(event: &str, note: Option<&str>) -> Option<Self> {
        if event != Event::FrozenAnew.name() {
            return None;
        }
        let read = |note: &str| {
            let words: Vec<&str> = note.split([' ', ':']).filter(|it| !it.is_empty()).collect();
            let after = |word: &str| {
                let at = words.iter().position(|it| *it == word)?;
                words.get(at + 1).copied()
            };
            let anew = FrozenAnew {
                file: after("file")?.parse().ok()?,
                was: unhex(after("was")?)?,
                is: words.last().and_then(|is| unhex(is))?,
            };
            (anew.note() == note).then_some(anew)
        };
        Some(note.and_then(read).unwrap_or(FrozenAnew {
            file: 0,
            was: [0; 32],
            is: [0; 32],
        }))
    }
}

/// The digest of the bill as it was at a row of the journal, if it was frozen anew since.
pub(in crate::ledger) fn frozen_then(
    conn: &Connection,
    bill: i64,
    seq: i64,
) -> rusqlite::Result<Option<Hash>> {
    let sql = "SELECT event, note FROM journal
         WHERE bill = ?1 AND event = ?2 AND seq > ?3 ORDER BY seq LIMIT 1";
    let found = conn
        .prepare_cached(sql)?
        .query_row((bill, Event::FrozenAnew.name(), seq), |row| {
            let note = row.get_ref(1)?.as_str_or_null()?;
            Ok(FrozenAnew::of(row.get_ref(0)?.as_str()?, note))
        })
        .optional()?;
    Ok(found.flatten().map(|anew| anew.was))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_what_it_was_made_of_and_any_other_nothing_that_holds() {
        let anew = FrozenAnew {
            file: 12,
            was: [0xA5; 32],
            is: [7; 32],
        };
        let event = Event::FrozenAnew.name();
        assert_eq!(FrozenAnew::of(event, Some(&anew.note())), Some(anew));
        assert_eq!(FrozenAnew::of("freed", Some(&anew.note())), None);
        for other in [None, Some("file 12"), Some(&anew.note()[1..])] {
            let found = FrozenAnew::of(event, other).unwrap();
            assert_eq!((found.file, found.was), (0, [0; 32]), "{other:?}");
        }
    }
}
