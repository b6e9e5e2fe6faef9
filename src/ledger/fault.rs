//! What stops a command that needs the ledger.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::refusal::LoadRefusal;
use crate::domain::state::IllegalMove;

/// Why the ledger cannot be used, or refuses what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process holds the lock.
    #[error(
        "{}: another run holds the ledger; wait for it, or stop it, then run again",
        .path.display()
    )]
    Held {
        /// The lock file.
        path: PathBuf,
    },
    /// The lock file was deleted or replaced while we held it.
    #[error(
        "{}: the lock file was removed or replaced while this run held it; nothing more was \
         sent. Make sure that no other run is active, then run again",
        .path.display()
    )]
    LockLost {
        /// The lock file.
        path: PathBuf,
    },
    /// Another process does not let us in.
    #[error(
        "{}: another process has been using the ledger for ten seconds: a load that fills it for \
         the first time, or a report that is still being read; wait for it, then run again",
        .path.display()
    )]
    Busy {
        /// Which ledger.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {source}; check the path, its permissions and the disk", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refused.
    #[error(
        "{}: {doing} failed: {source}; nothing more was sent. Check the disk, then run again: \
         what was open is cleared up first",
        .path.display()
    )]
    Sqlite {
        /// Which ledger.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// A file with another schema.
    #[error(
        "{}: this ledger has version {found}, this program knows up to {known}; use the newer \
         program",
        .path.display()
    )]
    Newer {
        /// Which ledger.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// A copy in the place of the ledger that was used here last.
    #[error(
        "{0}: this is a backup, or older than the ledger that was used here last: somebody put \
         a copy in its place. What it calls unsent may have been sent since; if it is to be used, \
         `hongbao ledger restore CAMPAIGN.toml {0}` asks WeChat Pay about everything that is open \
         first",
        .path.display()
    )]
    Older {
        /// Which ledger.
        path: PathBuf,
    },
    /// A copy would overwrite something.
    #[error("{}: there is a file of that name already; name another", .path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// A file that no process took as a ledger.
    #[error("{}: this is no ledger of this program", .path.display())]
    NoLedger {
        /// Which file.
        path: PathBuf,
    },
    /// A simulator's ledger in live mode, or the other way round.
    #[error(
        "{}: this ledger was made in {found} mode and cannot be used in {wanted} mode; name \
         another file in ledger.path",
        .path.display()
    )]
    WrongMode {
        /// Which ledger.
        path: PathBuf,
        /// Its mode.
        found: String,
        /// The campaign's mode.
        wanted: &'static str,
    },
    /// Something frozen at load differs from the campaign file.
    #[error(
        "{field} was {loaded:?} when campaign {campaign} was loaded and is {given:?} now; change \
         it back{}", hint(.field)
    )]
    Frozen {
        /// The campaign.
        campaign: String,
        /// The key of campaign.toml.
        field: &'static str,
        /// What the ledger has.
        loaded: String,
        /// What the campaign file has.
        given: String,
    },
    /// The texts cannot be frozen anew.
    #[error(
        "the texts of campaign {0} cannot be changed any more: a request with the old ones may \
         have reached WeChat Pay; change them back in the campaign file"
    )]
    NoRefreeze(String),
    /// Another process took over.
    #[error(
        "{}: another process took over this ledger; this one changed nothing more",
        .path.display()
    )]
    Stale {
        /// Which ledger.
        path: PathBuf,
    },
    /// The state machine has no such move: a defect of this program.
    #[error("{0}; this is a defect, please report it with the output of `hongbao show`")]
    Illegal(#[from] IllegalMove),
    /// The counters and the rows disagree.
    #[error(
        "{}: the books do not balance: {detail}; do not send. Restore a backup or report it",
        .path.display()
    )]
    Unbalanced {
        /// Which ledger.
        path: PathBuf,
        /// What differs.
        detail: String,
    },
    /// A value in the ledger that this program never writes.
    #[error(
        "{}: {what} is not what this program wrote there: the file was changed from outside \
         or is damaged. Nothing is sent from it; look with `hongbao audit`, then restore a backup",
        .path.display()
    )]
    Damaged {
        /// Which ledger.
        path: PathBuf,
        /// Where.
        what: String,
    },
    /// The recipients file may not be loaded as it is; nothing was written.
    #[error(transparent)]
    Refused(#[from] LoadRefusal),
    /// The campaign was never loaded.
    #[error("campaign {0} is not in the ledger yet; load it first with `hongbao load`")]
    NoCampaign(String),
    /// A person's verdict on a bill that is not theirs to decide.
    #[error("{0}")]
    NotForAPerson(String),
    /// The writer stopped after an earlier error.
    #[error("{0}")]
    WriterGone(String),
}

/// A row that is not what was written, named; it travels through SQLite's error type.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not what was written")]
pub(super) struct Altered(pub(super) String);

impl From<Altered> for rusqlite::Error {
    fn from(altered: Altered) -> Self {
        rusqlite::Error::ToSqlConversionFailure(Box::new(altered))
    }
}

/// What our own code aborted a transaction with.
fn carried<T: std::error::Error + 'static>(source: &rusqlite::Error) -> Option<&T> {
    match source {
        rusqlite::Error::ToSqlConversionFailure(inner) => inner.downcast_ref(),
        _ => None,
    }
}

fn hint(field: &str) -> &'static str {
    match field {
        "mch_id" | "wxappid" | "mode" => ", or give the campaign a new id",
        _ => {
            ", or run `hongbao load CAMPAIGN.toml --refreeze`, which accepts it while no \
              request has reached WeChat Pay"
        }
    }
}

impl LedgerError {
    /// Wraps what SQLite said while `doing`.
    pub(super) fn sqlite(
        path: &Path,
        doing: &'static str,
    ) -> impl FnOnce(rusqlite::Error) -> LedgerError {
        move |source| {
            let path = path.to_owned();
            if let Some(Altered(what)) = carried(&source) {
                let what = what.clone();
                return LedgerError::Damaged { path, what };
            }
            if let Some(illegal) = carried::<IllegalMove>(&source) {
                return LedgerError::Illegal(*illegal);
            }
            match source.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy) => LedgerError::Busy { path },
                _ => LedgerError::Sqlite {
                    path,
                    doing,
                    source,
                },
            }
        }
    }

    /// Wraps what the file system said.
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> LedgerError {
        move |source| LedgerError::File {
            path: path.to_owned(),
            source,
        }
    }
}
