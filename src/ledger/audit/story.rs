//! The journal's rows about bills, replayed bill by bill.

use rusqlite::Rows;

use crate::ledger::bill::frozen_anew::FrozenAnew;
use crate::ledger::journal::seal::Mark;

/// The rows, in the order in which [`Story`] takes them.
pub(super) const JOURNAL: &str = "SELECT bill, state_from, state_to, mark, event, note FROM journal
     WHERE bill IS NOT NULL ORDER BY bill, seq";

/// How the journal left a bill.
#[derive(Debug)]
pub(super) struct End {
    pub(super) state: String,
    pub(super) mark: Mark,
    pub(super) is_unbroken: bool,
    /// Each time that it was frozen anew.
    pub(super) anew: Vec<FrozenAnew>,
}

/// The journal's rows about bills, by bill.
pub(super) struct Story<'a> {
    rows: Rows<'a>,
    next: Option<JournalStep>,
    /// The first bill that only the journal knows.
    gone: Option<i64>,
}

/// One row of the journal about a bill.
struct JournalStep {
    bill: i64,
    from: Option<String>,
    to: Option<String>,
    mark: Mark,
    anew: Option<FrozenAnew>,
}

impl<'a> Story<'a> {
    /// Of the rows that [`JOURNAL`] gives.
    pub(super) fn begin(rows: Rows<'a>) -> rusqlite::Result<Self> {
        let (next, gone) = (None, None);
        let mut story = Story { rows, next, gone };
        story.step()?;
        Ok(story)
    }

    /// Takes the next row.
    fn step(&mut self) -> rusqlite::Result<Option<JournalStep>> {
        let next = match self.rows.next()? {
            Some(row) => Some(JournalStep {
                bill: row.get(0)?,
                from: row.get(1)?,
                to: row.get(2)?,
                mark: row.get(3)?,
                anew: FrozenAnew::of(row.get_ref(4)?.as_str()?, row.get_ref(5)?.as_str_or_null()?),
            }),
            None => None,
        };
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// The first bill that only the journal knows.
    pub(super) fn gone(&self) -> Option<i64> {
        self.gone
    }

    /// Replays the rows about the bill, the next in order; `None` if there are none.
    pub(super) fn of(&mut self, bill: i64) -> rusqlite::Result<Option<End>> {
        let mut end: Option<End> = None;
        while self.next.as_ref().is_some_and(|step| step.bill <= bill)
            && let Some(step) = self.step()?
        {
            if step.bill < bill {
                self.gone = self.gone.or(Some(step.bill));
                continue;
            }
            let before = end.as_ref().map_or("ready", |end| end.state.as_str());
            let is_unbroken = step.from.as_deref() == Some(before)
                && end.as_ref().is_none_or(|end| end.is_unbroken);
            let mut anew = end.map(|end| end.anew).unwrap_or_default();
            anew.extend(step.anew);
            end = Some(End {
                state: step.to.unwrap_or_default(),
                mark: step.mark,
                is_unbroken,
                anew,
            });
        }
        Ok(end)
    }
}
