//! What stops a command; one variant a layer, each with its exit code.

use std::path::PathBuf;

use crate::config::ConfigError;
use crate::exit::ExitCode;
use crate::ledger::LedgerError;
use crate::recipients::RecipientsError;
use crate::simulator::SimulatorError;
use crate::wechat::client::ClientError;
use crate::words::{Lang, Words};

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that does not fit.
    #[error("{}", .0.en)]
    Usage(Words),
    /// The campaign file, or a secret it names.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Certificates and keys.
    #[error("{0}; mend the file and run again")]
    Client(#[from] ClientError),
    /// The recipients file.
    #[error(transparent)]
    Recipients(#[from] RecipientsError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The built-in simulator.
    #[error(transparent)]
    Simulator(#[from] SimulatorError),
    /// A file that is written.
    #[error("{}: {source}; check the path, its permissions and the disk", .path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Standard output, signals and the like.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// What a person reads.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        match self {
            Error::Usage(words) => words.within(lang).to_owned(),
            other => other.to_string(),
        }
    }

    /// The exit code it ends with.
    #[must_use]
    pub fn exit(&self) -> ExitCode {
        match self {
            Error::Usage(_) => ExitCode::Usage,
            Error::Config(_) | Error::Client(_) => ExitCode::Configuration,
            Error::Recipients(_) => ExitCode::FileRefused,
            Error::Ledger(fault) => of_ledger(fault),
            Error::Simulator(_) | Error::Write { .. } | Error::Io(_) => ExitCode::Unexpected,
        }
    }
}

fn of_ledger(fault: &LedgerError) -> ExitCode {
    match fault {
        LedgerError::Held { .. } | LedgerError::Busy { .. } => ExitCode::Held,
        LedgerError::Refused(_) => ExitCode::FileRefused,
        LedgerError::WrongMode { .. }
        | LedgerError::Frozen { .. }
        | LedgerError::NoRefreeze(_)
        | LedgerError::Newer { .. } => ExitCode::Configuration,
        LedgerError::NoCampaign(_)
        | LedgerError::NotForAPerson(_)
        | LedgerError::Exists { .. }
        | LedgerError::NoLedger { .. } => ExitCode::Usage,
        LedgerError::Unbalanced { .. }
        | LedgerError::Damaged { .. }
        | LedgerError::Older { .. } => ExitCode::Halted,
        LedgerError::LockLost { .. }
        | LedgerError::File { .. }
        | LedgerError::Sqlite { .. }
        | LedgerError::Stale { .. }
        | LedgerError::Illegal(_)
        | LedgerError::WriterGone(_) => ExitCode::Unexpected,
    }
}
