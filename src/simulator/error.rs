//! Why the simulator does not start: the facts alone. It imports nothing of the crate; the messages
//! for them stand with all others.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the simulator does not start.
#[derive(Debug)]
pub enum SimulatorError {
    /// Certificates could not be made.
    Certificates(rcgen::Error),
    /// The TLS library refused what was made.
    Tls(String),
    /// The address is not to be had.
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The books file cannot be read or written.
    Books {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Another simulator writes these books. Two would each pay the same number once.
    BooksInUse {
        /// The file.
        path: PathBuf,
    },
    /// Another file stands in the place of the books, or none, since they were opened.
    BooksMoved {
        /// Where they were.
        path: PathBuf,
    },
    /// A whole line of the books file is not an entry.
    BrokenBooks {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The fault in it.
        what: String,
    },
}

impl From<rcgen::Error> for SimulatorError {
    fn from(error: rcgen::Error) -> Self {
        SimulatorError::Certificates(error)
    }
}
