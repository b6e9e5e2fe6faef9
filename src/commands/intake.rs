//! From a recipients file into a ledger: what `load`, `run` and `plan` share.

use std::path::Path;

use crate::domain::money::Fen;
use crate::domain::packet::Packet;
use crate::error::Error;
use crate::ledger::{Added, FileFacts, LoadRules, Loading, Owner};
use crate::recipients::{Cause, Fault, Reader, RecipientsError, Rules};

use super::context::Context;

/// What a load would do, before it is committed.
pub(super) struct Staged<'a> {
    loading: Loading<'a>,
    /// Rows of the file.
    pub(super) rows: u64,
    /// Money of the file.
    pub(super) total: Fen,
    /// Of its bytes.
    pub(super) sha256: [u8; 32],
}

/// Reads the whole file into a transaction and checks everything; nothing is durable yet.
pub(super) fn stage<'a>(
    context: &Context,
    owner: &'a mut Owner,
    file: &Path,
    rules: &LoadRules,
) -> Result<Staged<'a>, Error> {
    let has_scene = context.campaign.texts.scene_id.is_some();
    let mut reader = Reader::open(file, Rules { has_scene })?;
    let columns = reader.columns().clone();
    let now = context.clock.now_ms();
    let mut loading = owner.begin_load(&context.terms(), columns.has_row_key, rules, now)?;
    while let Some(packet) = reader.next_packet()? {
        let added = loading.add(&packet)?;
        if let Some(fault) = fault(&packet, added, columns.has_row_key) {
            reader.refuse(fault);
        }
    }
    let read = reader.finish()?;
    loading.finish(&FileFacts {
        sha256: read.sha256,
        extra: columns.extra,
    })?;
    Ok(Staged {
        loading,
        rows: read.rows,
        total: read.total,
        sha256: read.sha256,
    })
}

impl Staged<'_> {
    /// The set of openids and amounts, in 256 bits.
    pub(super) fn people(&self) -> [u8; 32] {
        self.loading.people()
    }

    /// All money of the campaign once this is committed.
    pub(super) fn campaign_total(&self) -> Fen {
        self.loading.campaign_total()
    }

    /// Makes it durable, and says so in one line.
    pub(super) fn commit(self, file: &Path) -> Result<(), Error> {
        let (new, added) = self.loading.added();
        self.loading.commit()?;
        let known = match self.rows - new {
            0 => String::new(),
            known => format!("; {known} were loaded before"),
        };
        let file = file.display();
        eprintln!("loaded {file}: {new} packets, {added} yuan{known}");
        Ok(())
    }
}

/// What the ledger found wrong with a row that is right in itself.
fn fault(packet: &Packet, added: Added, has_row_key: bool) -> Option<Fault> {
    let column = if has_row_key { "row_key" } else { "openid" };
    let key = packet.row_key.as_str();
    let (group, says) = match added {
        Added::New | Added::Known => return None,
        Added::Duplicate { line } if has_row_key => (
            "duplicate row_key",
            format!("the same row_key stands on line {line}"),
        ),
        Added::Duplicate { line } => (
            "duplicate openid",
            format!(
                "the same openid stands on line {line}; if the person is to be paid twice, add a \
                 row_key column that tells the rows apart"
            ),
        ),
        Added::Differs { field, loaded } => (
            "row already loaded with other content",
            format!("it was loaded before with {field} {loaded:?}; what was loaded stays as it is"),
        ),
    };
    Some(Fault::of_cell(
        packet.line,
        column,
        key,
        Cause::Ledger { group, says },
    ))
}

/// Adds the file's name to what is wrong with it.
pub(super) fn named(file: &Path) -> impl FnOnce(Error) -> Error {
    let name = file.display().to_string();
    move |error| {
        if matches!(error, Error::Recipients(RecipientsError::Refused(_))) {
            eprintln!("{name}:");
        }
        error
    }
}
