//! The breaks that stand: those of the matches that no later one replaced.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::explained::{SeenBreak, seen};
use super::kept::FlowMatch;
use super::scratch::FlowBreak;
use crate::domain::flow::breaks::{BreakKind, StandingBreaks};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// The matches of a campaign that no later one replaced.
pub(super) fn standing(conn: &Connection, campaign: i64) -> rusqlite::Result<Vec<FlowMatch>> {
    let mut standing: Vec<FlowMatch> = Vec::new();
    for later in FlowMatch::all(conn, campaign)? {
        standing.retain(|earlier| !later.replaces(earlier));
        standing.push(later);
    }
    Ok(standing)
}

/// Breaks of one kind: two matches may both have found one.
#[derive(Default)]
struct OfKind {
    standing: BTreeSet<SeenBreak>,
    explained: BTreeSet<SeenBreak>,
}

impl Reader {
    /// The matches that no later one of their days replaced; the oldest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn standing_matches(&self, campaign: &CampaignRow) -> Result<Vec<FlowMatch>, LedgerError> {
        self.read(|conn| standing(conn, campaign.campaign))
    }

    /// Their breaks, but for those that a person explained, which are counted.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn standing_breaks(&self, campaign: &CampaignRow) -> Result<StandingBreaks, LedgerError> {
        let (mut found, mut grave) = (BTreeMap::<BreakKind, OfKind>::new(), BTreeMap::new());
        let mut counts = BTreeMap::<BreakKind, u64>::new();
        for of in self.standing_matches(campaign)? {
            self.flow_breaks(&of, |it| {
                let found_it = seen(it);
                let of_kind = found.entry(it.kind).or_default();
                if it.explained.is_some() {
                    of_kind.explained.insert(found_it);
                    return Ok(());
                }
                if it.kind.is_grave() && it.bill.is_some() {
                    grave.entry(it.kind).or_insert_with(|| it.name());
                }
                of_kind.standing.insert(found_it);
                Ok::<(), LedgerError>(())
            })?;
            // Of a match with very many not each is kept.
            for (kind, count) in of.breaks {
                let most = counts.entry(kind).or_default();
                *most = count.max(*most);
            }
        }
        let mut explained = 0;
        for (
            kind,
            OfKind {
                standing,
                explained: known,
            },
        ) in found
        {
            let most = counts.entry(kind).or_default();
            let (standing, known) = (standing.len() as u64, known.len() as u64);
            *most = most.saturating_sub(known).max(standing);
            explained += known;
        }
        counts.retain(|_, count| *count > 0);
        let grave = grave.into_values().next();
        Ok(StandingBreaks {
            counts,
            grave,
            explained,
        })
    }

    /// The matches that stand with their breaks, those that a person explained among them. A break
    /// that two of them found is told once.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn matches_with_breaks(
        &self,
        campaign: &CampaignRow,
    ) -> Result<Vec<(FlowMatch, Vec<FlowBreak>)>, LedgerError> {
        let (mut told, mut standing) = (BTreeSet::new(), Vec::new());
        for of in self.standing_matches(campaign)? {
            let mut breaks = Vec::new();
            self.flow_breaks(&of, |it| {
                if told.insert(seen(it)) {
                    breaks.push(it.clone());
                }
                Ok::<(), LedgerError>(())
            })?;
            standing.push((of, breaks));
        }
        Ok(standing)
    }

    /// The breaks of this number that stand, those that a person explained among them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn breaks_of(
        &self,
        campaign: &CampaignRow,
        number: &str,
    ) -> Result<Vec<FlowBreak>, LedgerError> {
        let standing = self.matches_with_breaks(campaign)?;
        let breaks = standing.into_iter().flat_map(|(_, breaks)| breaks);
        let of_number = |it: &FlowBreak| it.mch_billno.as_deref() == Some(number);
        Ok(breaks.filter(of_number).collect())
    }
}
