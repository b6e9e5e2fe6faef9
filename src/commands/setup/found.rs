//! The ledger of a campaign, for who reads it, and what is said where there is none.

use std::path::Path;

use super::context::Context;
use crate::config::Mode;
use crate::error::Error;
use crate::ledger::{CampaignRow, LedgerError, Owner, Reader};
use crate::words::{Lang, Words, copy, names::CommandWords, usage};

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

    /// The campaign file, for a verb that only looks: it says where no run would take the ledger.
    pub(in crate::commands) fn open_to_look(path: &Path, lang: Lang) -> Result<Context, Error> {
        let context = Context::open(path, lang)?;
        context.say_foreign();
        Ok(context)
    }

    /// Says why no run would take the ledger as it stands, where that is so.
    pub(in crate::commands) fn say_foreign(&self) {
        if let Some(why) = self.foreign() {
            self.warn(&why);
        }
    }

    /// Why no run would take the ledger as it stands: a copy, or one of the other mode.
    pub(in crate::commands) fn foreign(&self) -> Option<Words> {
        let reader = Reader::open(&self.campaign.ledger).ok()??;
        why_foreign(&reader, self.campaign.gateway.mode, || self.adopt())
    }

    /// The command that is due before any other where the ledger is a copy.
    pub(in crate::commands) fn due_adopt(&self) -> Option<String> {
        let reader = Reader::open(&self.campaign.ledger).ok()??;
        is_copy(&reader, self.campaign.gateway.mode).then(|| self.adopt())
    }

    fn adopt(&self) -> String {
        self.command("ledger adopt")
    }

    /// As [`Context::loaded`], for verbs that need a loaded campaign.
    pub(in crate::commands) fn must_be_loaded(&self) -> Result<(Reader, CampaignRow), Error> {
        self.or_not_loaded(self.loaded()?)
    }

    /// As [`Context::loaded_and_still`], for verbs that need a loaded campaign.
    pub(in crate::commands) fn must_be_still(&self) -> Result<(Reader, CampaignRow), Error> {
        self.or_not_loaded(self.loaded_and_still()?)
    }

    fn or_not_loaded(
        &self,
        found: Option<(Reader, CampaignRow)>,
    ) -> Result<(Reader, CampaignRow), Error> {
        match found {
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
            Owner::check_place(ledger, self.campaign.gateway.mode)?;
            return Ok(usage::no_ledger(id, ledger.display(), elsewhere, load));
        };
        let others: Vec<String> = reader.campaigns()?.into_iter().map(|row| row.id).collect();
        Ok(if others.is_empty() {
            usage::empty_ledger(id, ledger.display(), elsewhere, load)
        } else {
            let named = named_campaigns(others);
            usage::other_campaigns(id, ledger.display(), named, elsewhere, load)
        })
    }

    /// The live ledger, where a rehearsal looks for a campaign that stands there.
    fn in_live_mode(&self) -> Option<&Path> {
        let live = &self.campaign.live_ledger;
        let is_other = !self.is_live() && *live != self.campaign.ledger;
        let reader = Reader::open(live).ok().filter(|_| is_other)??;
        reader.campaign(&self.campaign.id).ok()??;
        Some(live)
    }
}

/// The first of them, in a row.
pub(super) fn named_campaigns(ids: impl IntoIterator<Item = String>) -> String {
    let mut ids = ids.into_iter();
    let mut named: Vec<String> = ids.by_ref().take(NAMED).collect();
    if ids.next().is_some() {
        named.push("…".to_owned());
    }
    named.join(", ")
}

/// Whether it is a backup, or another copy of the ledger that was used last.
fn is_copy(reader: &Reader, mode: Mode) -> bool {
    matches!(
        reader.check_own(mode),
        Err(LedgerError::Copied { .. } | LedgerError::Older { .. })
    )
}

/// Why no run would take this ledger as it stands; `adopt` is the command that accepts a copy.
pub(in crate::commands) fn why_foreign(
    reader: &Reader,
    mode: Mode,
    adopt: impl FnOnce() -> String,
) -> Option<Words> {
    Some(match reader.check_own(mode).err()? {
        LedgerError::Copied { path } | LedgerError::Older { path } => {
            copy::looked_at(path.display(), CommandWords(adopt()))
        }
        fault => fault.words(),
    })
}
