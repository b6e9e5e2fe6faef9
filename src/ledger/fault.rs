//! Errors that stop a command which needs the ledger.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::refusal::LoadRefusal;
use crate::account::access::folder;
use crate::domain::state::IllegalMove;
use crate::domain::tally::TallyRow;
use crate::words::{
    LibraryText, Words, copy, english, ledger as words, names::DoingName, system, typed_path,
};

/// Why the ledger cannot be used, or refuses what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process holds the lock.
    Held {
        /// The lock file.
        path: PathBuf,
        /// The process, where it is known.
        by: Option<Words>,
    },
    /// The lock file was deleted or replaced while we held it.
    LockLost {
        /// The lock file.
        path: PathBuf,
    },
    /// The ledger was moved or replaced while we held it.
    LedgerLost {
        /// Which ledger.
        path: PathBuf,
    },
    /// The ledger has a second name.
    TwoNames {
        /// The one that was given.
        path: PathBuf,
    },
    /// A copy of the ledger that was used last.
    Copied {
        /// Which file.
        path: PathBuf,
    },
    /// Another process does not let us in.
    Busy {
        /// Which ledger.
        path: PathBuf,
    },
    /// This account may not do it.
    Closed {
        /// Which file.
        path: PathBuf,
        /// What forbids it.
        why: Words,
    },
    /// What was read of a ledger that may only be looked at changed meanwhile.
    Changed {
        /// Which ledger.
        path: PathBuf,
    },
    /// The file system refused.
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The system gave no thread for the writing.
    NoThread(std::io::Error),
    /// SQLite refused.
    Sqlite {
        /// Which ledger.
        path: PathBuf,
        /// The step that failed.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// A file with another schema.
    Newer {
        /// Which ledger.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// A copy in the place of the ledger that was used here last.
    Older {
        /// Which ledger.
        path: PathBuf,
    },
    /// The ledger that was used here last is not there, or empty.
    Gone {
        /// Which ledger.
        path: PathBuf,
    },
    /// A copy would overwrite something.
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// The folder that the ledger is to stand in is not there.
    NoFolder {
        /// Which ledger.
        path: PathBuf,
    },
    /// A file that no process took as a ledger.
    NoLedger {
        /// Which file.
        path: PathBuf,
    },
    /// A simulator's ledger in live mode, or the other way round.
    WrongMode {
        /// Which ledger.
        path: PathBuf,
        /// Its mode.
        found: String,
        /// The campaign's mode.
        wanted: &'static str,
    },
    /// Something frozen at load differs from the campaign file.
    Frozen {
        /// The campaign.
        campaign: String,
        /// The key of campaign.toml.
        field: &'static str,
        /// The ledger's value.
        loaded: String,
        /// The campaign file's value.
        given: String,
    },
    /// The texts cannot be frozen anew.
    NoRefreeze(String),
    /// The ledger may be behind, and nobody asked about so many packets of the campaign since.
    Unasked(String, usize),
    /// Another process took over.
    Stale {
        /// Which ledger.
        path: PathBuf,
    },
    /// The state machine has no such move: a defect of this program.
    Illegal(#[from] IllegalMove),
    /// The counters and the rows disagree.
    Unbalanced {
        /// Which ledger.
        path: PathBuf,
        /// The sum that was loaded.
        loaded: TallyRow,
        /// The sum over the states.
        held: TallyRow,
    },
    /// A value in the ledger that this program never writes.
    Damaged {
        /// Which ledger.
        path: PathBuf,
        /// Where.
        what: Words,
    },
    /// A table, index, trigger or view that this version does not make.
    Strange {
        /// Which ledger.
        path: PathBuf,
        /// Which of them.
        what: Words,
    },
    /// The recipients file may not be loaded as it is; nothing was written.
    Refused(#[from] LoadRefusal),
    /// The campaign was never loaded.
    NoCampaign(String),
    /// A person's verdict on a bill that is not theirs to decide.
    NotForAPerson(Words),
    /// The writer stopped after an earlier error.
    WriterGone(Words),
}

/// A row that is not what was written, named; it travels through SQLite's error type.
#[derive(Debug, thiserror::Error)]
pub(super) struct Altered(pub(super) Words);

impl Altered {
    fn words(&self) -> Words {
        self.0.clone()
    }
}

/// Something in the schema that this version does not make; it travels as [`Altered`] does.
#[derive(Debug, thiserror::Error)]
pub(super) struct Strange(pub(super) Words);

impl Strange {
    fn words(&self) -> Words {
        self.0.clone()
    }
}

impl From<Strange> for rusqlite::Error {
    fn from(strange: Strange) -> Self {
        rusqlite::Error::ToSqlConversionFailure(Box::new(strange))
    }
}

impl From<Altered> for rusqlite::Error {
    fn from(altered: Altered) -> Self {
        rusqlite::Error::ToSqlConversionFailure(Box::new(altered))
    }
}

english!(LedgerError, Altered, Strange);

/// Whether SQLite finds no ledger there that it can read.
pub(in crate::ledger) fn is_damage(fault: &rusqlite::Error) -> bool {
    let damage = [ErrorCode::NotADatabase, ErrorCode::DatabaseCorrupt];
    fault
        .sqlite_error_code()
        .is_some_and(|code| damage.contains(&code))
}

impl LedgerError {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            LedgerError::Held { path, by } => words::held(path.display(), by.clone()),
            LedgerError::LockLost { path } => words::lock_lost(path.display()),
            LedgerError::LedgerLost { path } => words::ledger_lost(path.display()),
            LedgerError::TwoNames { path } => {
                copy::two_names(path.display(), folder(path).display())
            }
            LedgerError::Copied { path } => words::copied(path.display()),
            LedgerError::Busy { path } => words::busy(path.display()),
            LedgerError::Closed { path, why } => words::closed(path.display(), why.clone()),
            LedgerError::Changed { path } => words::changed(path.display()),
            LedgerError::File { path, source } => words::file(path.display(), source),
            LedgerError::NoThread(fault) => system::no_thread(fault),
            LedgerError::Sqlite { path, source, .. } if is_damage(source) => {
                words::no_database(path.display())
            }
            LedgerError::Sqlite {
                path,
                doing,
                source,
            } => words::sqlite(path.display(), DoingName(doing), LibraryText(source)),
            LedgerError::Newer { path, found, known } => {
                words::newer(path.display(), *found, *known)
            }
            LedgerError::Older { path } => words::older(path.display()),
            LedgerError::Gone { path } => copy::gone(path.display()),
            LedgerError::Exists { path } => words::exists(path.display()),
            LedgerError::NoFolder { path } => {
                words::no_folder(path.display(), typed_path(folder(path)))
            }
            LedgerError::NoLedger { path } => words::no_ledger(path.display()),
            LedgerError::WrongMode {
                path,
                found,
                wanted,
            } => words::wrong_mode(path.display(), found.as_str(), *wanted),
            LedgerError::Frozen {
                campaign,
                field,
                loaded,
                given,
            } => {
                let (loaded, given) = (format!("{loaded:?}"), format!("{given:?}"));
                match *field {
                    "mch_id" | "wxappid" | "mode" => {
                        words::frozen_for_good(*field, campaign.as_str(), loaded, given)
                    }
                    field => words::frozen(field, campaign.as_str(), loaded, given),
                }
            }
            LedgerError::NoRefreeze(campaign) => words::no_refreeze(campaign.as_str()),
            LedgerError::Unasked(campaign, count) => words::unasked(campaign.as_str(), *count),
            LedgerError::Stale { path } => words::stale(path.display()),
            LedgerError::Illegal(illegal) => words::illegal(illegal.words()),
            LedgerError::Unbalanced { path, loaded, held } => words::unbalanced(
                path.display(),
                loaded.count,
                loaded.fen,
                held.count,
                held.fen,
            ),
            LedgerError::Damaged { path, what } => words::damaged(path.display(), what.clone()),
            LedgerError::Strange { path, what } => words::strange(path.display(), what.clone()),
            LedgerError::Refused(refusal) => refusal.words(),
            LedgerError::NoCampaign(campaign) => words::no_campaign(campaign.as_str()),
            LedgerError::NotForAPerson(words) | LedgerError::WriterGone(words) => words.clone(),
        }
    }
}
