//! The ledger of a campaign, for who reads it, and what is said where there is none.

use super::context::Context;
use crate::error::Error;
use crate::ledger::{CampaignRow, Reader};
use crate::words::{Words, usage};

/// Campaigns that are named where the right one is not there.
const NAMED: usize = 10;

impl Context {
    /// The ledger to read and the campaign in it; `None` before the first load.
    pub(in crate::commands) fn loaded(&self) -> Result<Option<(Reader, CampaignRow)>, Error> {
        let Some(reader) = Reader::open(&self.campaign.ledger)? else {
            return Ok(None);
        };
        let row = reader.campaign(&self.campaign.id)?;
        Ok(row.map(|row| (reader, row)))
    }

    /// As [`Context::loaded`], and the reader holds still: all that it reads is of one moment.
    pub(in crate::commands) fn loaded_and_still(
        &self,
    ) -> Result<Option<(Reader, CampaignRow)>, Error> {
        let Some(reader) = Reader::open(&self.campaign.ledger)? else {
            return Ok(None);
        };
        reader.hold_still()?;
        let row = reader.campaign(&self.campaign.id)?;
        Ok(row.map(|row| (reader, row)))
    }

    /// As [`Context::loaded`], for verbs that need a loaded campaign.
    pub(in crate::commands) fn must_be_loaded(&self) -> Result<(Reader, CampaignRow), Error> {
        match self.loaded()? {
            Some(found) => Ok(found),
            None => Err(Error::Usage(self.not_loaded()?)),
        }
    }

    /// What there is in place of the campaign: a slip in its id or in `ledger.path` looks like one
    /// that nobody loaded.
    fn not_loaded(&self) -> Result<Words, Error> {
        let (id, ledger) = (self.campaign.id.as_str(), &self.campaign.ledger);
        let load = self.command("load");
        let elsewhere = self
            .in_live_mode()
            .map(|live| usage::in_live(live.display()));
        let Some(reader) = Reader::open(ledger)? else {
            return Ok(usage::no_ledger(id, ledger.display(), elsewhere, load));
        };
        let others: Vec<String> = reader.campaigns()?.into_iter().map(|row| row.id).collect();
        let more = if others.len() > NAMED { ", …" } else { "" };
        let named = others.iter().take(NAMED).map(String::as_str);
        let named = named.collect::<Vec<_>>().join(", ") + more;
        Ok(if others.is_empty() {
            usage::empty_ledger(id, ledger.display(), elsewhere, load)
        } else {
            usage::other_campaigns(id, ledger.display(), named, elsewhere, load)
        })
    }

    /// The live ledger, where a rehearsal looks for a campaign that stands there.
    fn in_live_mode(&self) -> Option<&std::path::Path> {
        let live = &self.campaign.live_ledger;
        let is_other = !self.is_live() && *live != self.campaign.ledger;
        let reader = Reader::open(live).ok().filter(|_| is_other)??;
        reader.campaign(&self.campaign.id).ok()??;
        Some(live)
    }
}
