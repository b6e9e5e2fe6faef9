//! What keeps the simulator from starting.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What keeps the simulator from starting.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// Certificates could not be made.
    #[error("the simulator's certificates could not be made: {0}")]
    Certificates(#[from] rcgen::Error),
    /// The TLS library refused what was made.
    #[error("the simulator's TLS could not be set up: {0}")]
    Tls(String),
    /// The address is not to be had.
    #[error("the simulator cannot listen on {address}: {source}; choose another port")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The books file cannot be read or written.
    #[error("the simulator's books {path}: {source}")]
    Books {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another simulator writes these books. Two would each pay the same number once.
    #[error("the simulator's books {path} are in use by another simulator; end it first")]
    BooksInUse {
        /// The file.
        path: PathBuf,
    },
    /// A whole line of the books file is not an entry.
    #[error("the simulator's books {path}, line {line}: {what}; move the file away to start anew")]
    BrokenBooks {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}
