//! The preview of a run: of a loaded campaign, or of a file that could be loaded.

use rusqlite::Connection;

use super::content::{Digests, Facts, digest_and_facts};
use super::paid_before::{PaidBefore, paid_before};
use super::schedule::{Course, Schedule, play};
use crate::domain::heard::day_time;
use crate::ledger::fault::LedgerError;
use crate::ledger::load::loading::Loading;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// A campaign before its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Of the payments.
    pub digests: Digests,
    /// When what waits would leave.
    pub schedule: Schedule,
    /// Counts and sums of the waiting packets.
    pub facts: Facts,
    /// Earlier payments to those who are to be paid.
    pub paid_before: PaidBefore,
}

impl Reader {
    /// Of a campaign that is loaded.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn preview(&self, campaign: &CampaignRow, course: &Course) -> Result<Preview, LedgerError> {
        let from = day_time(course.from, self.heard_at()?);
        let from = from.max(campaign.deferred_until.unwrap_or(0));
        let course = Course {
            from,
            ..course.clone()
        };
        self.read(|conn| preview((conn, Some(conn)), campaign.campaign, &course))
    }
}

impl Loading<'_> {
    /// Of what is not committed; what was sent before is in the ledger that `reader` reads.
    ///
    /// # Errors
    /// Where a ledger cannot be read.
    pub fn preview(
        &self,
        reader: Option<&Reader>,
        course: &Course,
    ) -> Result<Preview, LedgerError> {
        let ledger = reader.map(|reader| &reader.conn);
        preview((&self.tx, ledger), self.campaign, course)
            .map_err(LedgerError::sqlite(&self.path, "planning"))
    }

    /// Earlier payments to the people of the file, from the ledger that `reader` reads.
    ///
    /// # Errors
    /// Where a ledger cannot be read.
    pub fn paid_before(
        &self,
        reader: Option<&Reader>,
        course: &Course,
    ) -> Result<PaidBefore, LedgerError> {
        let ledger = reader.map(|reader| &reader.conn);
        paid_before((&self.tx, ledger), self.campaign, course)
            .map_err(LedgerError::sqlite(&self.path, "looking back"))
    }
}

/// The packets stand in `conn`, what was sent before in `ledger`.
fn preview(
    (conn, ledger): (&Connection, Option<&Connection>),
    campaign: i64,
    course: &Course,
) -> rusqlite::Result<Preview> {
    let (digests, facts) = digest_and_facts(conn, campaign, &course.caps)?;
    Ok(Preview {
        digests,
        schedule: play((conn, ledger), campaign, course, &facts)?,
        facts,
        paid_before: paid_before((conn, ledger), campaign, course)?,
    })
}
