//! What SQLite and the file system say, as errors of the ledger.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::ErrorCode;

use super::fault::{Altered, LedgerError, Strange};
use crate::account::access::{AccessKind, denied};
use crate::domain::state::IllegalMove;
use crate::words::{LibraryText, Words, audit};

/// The error with which our own code aborted a transaction.
fn carried<T: std::error::Error + 'static>(source: &rusqlite::Error) -> Option<&T> {
    match source {
        rusqlite::Error::ToSqlConversionFailure(inner) => inner.downcast_ref(),
        _ => None,
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
            if let Some(Strange(what)) = carried(&source) {
                let what = what.clone();
                return LedgerError::Strange { path, what };
            }
            if let Some(illegal) = carried::<IllegalMove>(&source) {
                return LedgerError::Illegal(*illegal);
            }
            if is_otherwise(&source) {
                let what = audit::row_otherwise(LibraryText(&source));
                return LedgerError::Damaged { path, what };
            }
            let code = source.sqlite_error_code();
            match (code, code.and_then(|code| closed(&path, code))) {
                (Some(ErrorCode::DatabaseBusy), _) => LedgerError::Busy { path },
                (_, Some(why)) => LedgerError::Closed { path, why },
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
        move |source| {
            let path = path.to_owned();
            let why = match source.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    denied(&path, AccessKind::Write)
                }
                _ => None,
            };
            match why {
                Some(why) => LedgerError::Closed { path, why },
                None => LedgerError::File { path, source },
            }
        }
    }
}

/// Whether a statement of ours met other rows than this program keeps: none where one has to be, or
/// one where none may be. No disk does that.
fn is_otherwise(source: &rusqlite::Error) -> bool {
    let is_bound = source.sqlite_error_code() == Some(ErrorCode::ConstraintViolation);
    is_bound || matches!(source, rusqlite::Error::StatementChangedRows(_))
}

/// What forbids it, where SQLite could not open or write a file.
fn closed(path: &Path, code: ErrorCode) -> Option<Words> {
    let is_closed = matches!(
        code,
        ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied
    );
    is_closed.then(|| denied(path, AccessKind::Write)).flatten()
}

/// An illegal move inside a transaction aborts it; the writer gives it back as what it is.
impl From<IllegalMove> for rusqlite::Error {
    fn from(source: IllegalMove) -> Self {
        rusqlite::Error::ToSqlConversionFailure(Box::new(source))
    }
}
