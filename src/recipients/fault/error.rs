//! Why a recipients file gives no packets.

use std::fmt;
use std::io;

use super::faults::{Fault, Faults};
use crate::words::{Lang, Words, recipients as words, system};

/// Why a file gives no packets.
#[derive(Debug, thiserror::Error)]
pub enum RecipientsError {
    /// The file cannot be read.
    Io(#[from] io::Error),
    /// A workbook is read by a thread that the system did not give.
    NoThread(io::Error),
    /// The file is at fault.
    Refused(Faults),
}

impl RecipientsError {
    /// The text for a person.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        self.words().within(lang).to_owned()
    }

    /// The message, with every fault that is listed.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            RecipientsError::Io(fault) => words::read(fault),
            RecipientsError::NoThread(fault) => system::no_thread(fault),
            RecipientsError::Refused(faults) => {
                let told = |lang| words::refused(faults.within(lang));
                Words {
                    zh: told(Lang::Zh).zh,
                    ..told(Lang::En)
                }
            }
        }
    }
}

impl fmt::Display for RecipientsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.within(Lang::En))
    }
}

impl From<Fault> for RecipientsError {
    fn from(fault: Fault) -> Self {
        RecipientsError::Refused(fault.into())
    }
}
