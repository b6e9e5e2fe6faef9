//! Errors that stop a command; one variant a layer, each with its exit code.

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::config::ConfigError;
use crate::exit::ExitCode;
use crate::ledger::LedgerError;
use crate::recipients::RecipientsError;
use crate::simulator::{FaultError, SimulatorError};
use crate::wechat::client::ClientError;
use crate::words::{Lang, Words, copy, setup, simulator, system, usage};

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that does not fit.
    Usage(Words),
    /// The plan has no valid approval, or none any more.
    NotApproved(Words),
    /// The campaign file, or a secret it names.
    Config(#[from] ConfigError),
    /// An approver's key.
    Key(Words),
    /// A fund-flow bill that is none, or not whole.
    Bill(Words),
    /// One that WeChat Pay does not give yet.
    BillLater(Words),
    /// One that WeChat Pay does not give to this set-up.
    BillDenied(Words),
    /// Certificates and keys.
    Client(#[from] ClientError),
    /// The recipients file.
    Recipients(#[from] RecipientsError),
    /// The ledger.
    Ledger(#[from] LedgerError),
    /// A backup that the campaign file asks for.
    Backup(LedgerError),
    /// The built-in simulator.
    Simulator(SimulatorError),
    /// A file that is written.
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A thread that the system did not give.
    NoThread(std::io::Error),
    /// Standard output, signals and the like.
    Io(#[from] std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.within(Lang::En))
    }
}

impl From<SimulatorError> for Error {
    fn from(fault: SimulatorError) -> Self {
        Error::Simulator(fault)
    }
}

/// A fault that does not exist, or a rate that is none.
impl From<FaultError> for Error {
    fn from(fault: FaultError) -> Self {
        Error::Usage(match fault {
            FaultError::UnknownName(name) => usage::no_fault(name, FaultError::names()),
            FaultError::BadRate(rate) => usage::bad_rate(rate),
        })
    }
}

impl Error {
    /// The text for a person.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        self.words().within(lang).to_owned()
    }

    /// The message.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Error::Usage(words)
            | Error::NotApproved(words)
            | Error::Key(words)
            | Error::Bill(words)
            | Error::BillLater(words)
            | Error::BillDenied(words) => words.clone(),
            Error::Config(fault) => fault.words(),
            Error::Client(fault) => setup::mend(fault.words()),
            Error::Recipients(fault) => fault.words(),
            Error::Ledger(fault) => fault.words(),
            Error::Backup(fault) => copy::backup_dir(fault.words()),
            Error::Simulator(fault) => of_simulator(fault),
            Error::Write { path, source } if source.kind() == ErrorKind::BrokenPipe => {
                system::reader_left(path.display())
            }
            Error::Write { path, source } => system::write(path.display(), source),
            Error::NoThread(fault) => system::no_thread(fault),
            Error::Io(fault) => system::io(fault),
        }
    }

    /// The exit code it ends with.
    #[must_use]
    pub fn exit(&self) -> ExitCode {
        match self {
            Error::Usage(_) => ExitCode::Usage,
            Error::NotApproved(_) => ExitCode::NotApproved,
            Error::Config(_) | Error::Key(_) | Error::Client(_) | Error::BillDenied(_) => {
                ExitCode::Configuration
            }
            Error::Recipients(RecipientsError::NoThread(_)) | Error::NoThread(_) => {
                ExitCode::Unexpected
            }
            Error::Recipients(_) | Error::Bill(_) => ExitCode::FileRefused,
            Error::BillLater(_) => ExitCode::Limited,
            Error::Ledger(fault) | Error::Backup(fault) => of_ledger(fault),
            Error::Simulator(_) | Error::Write { .. } | Error::Io(_) => ExitCode::Unexpected,
        }
    }
}

fn of_simulator(fault: &SimulatorError) -> Words {
    match fault {
        SimulatorError::Certificates(detail) => simulator::certificates(detail.to_string()),
        SimulatorError::Tls(detail) => simulator::tls(detail.as_str()),
        SimulatorError::Listen { address, source } => simulator::listen(*address, source),
        SimulatorError::Books { path, source } => simulator::books(path.display(), source),
        SimulatorError::BooksMoved { path } => simulator::books_moved(path.display()),
        SimulatorError::BooksInUse { path } => simulator::books_in_use(path.display()),
        SimulatorError::BrokenBooks { path, line, what } => {
            simulator::broken_books(path.display(), *line, what.as_str())
        }
    }
}

fn of_ledger(fault: &LedgerError) -> ExitCode {
    match fault {
        LedgerError::Held { .. } | LedgerError::Busy { .. } | LedgerError::Changed { .. } => {
            ExitCode::Held
        }
        LedgerError::Refused(_) => ExitCode::FileRefused,
        LedgerError::WrongMode { .. }
        | LedgerError::Frozen { .. }
        | LedgerError::NoRefreeze(_)
        | LedgerError::NoFolder { .. }
        | LedgerError::TwoNames { .. }
        | LedgerError::Newer { .. } => ExitCode::Configuration,
        LedgerError::NoCampaign(_)
        | LedgerError::Unasked(..)
        | LedgerError::NotForAPerson(_)
        | LedgerError::Exists { .. }
        | LedgerError::NoLedger { .. } => ExitCode::Usage,
        LedgerError::Unbalanced { .. }
        | LedgerError::Damaged { .. }
        | LedgerError::Strange { .. }
        | LedgerError::Copied { .. }
        | LedgerError::Older { .. }
        | LedgerError::Gone { .. } => ExitCode::Halted,
        LedgerError::LockLost { .. }
        | LedgerError::LedgerLost { .. }
        | LedgerError::Closed { .. }
        | LedgerError::File { .. }
        | LedgerError::Sqlite { .. }
        | LedgerError::Stale { .. }
        | LedgerError::Illegal(_)
        | LedgerError::NoThread(_)
        | LedgerError::WriterGone(_) => ExitCode::Unexpected,
    }
}
