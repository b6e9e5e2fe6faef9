//! What stops a command before it starts: what, where, and what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there is no campaign or there are no secrets.
#[derive(Debug)]
pub enum ConfigError {
    /// The campaign file cannot be read.
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The campaign file is at fault.
    Refused {
        /// Which file.
        path: PathBuf,
        /// Everything that is wrong with it, in the order of its lines.
        faults: Vec<ConfigFault>,
    },
    /// Keys or certificates are missing, readable by others, or not what they should be.
    Secrets {
        /// One sentence for each.
        faults: Vec<String>,
    },
}

/// One fault of a campaign file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigFault {
    /// Its line, from 1; `None` for what is nowhere in the file.
    pub line: Option<usize>,
    /// What is wrong and what to write instead.
    pub says: String,
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ConfigError::Read { source, .. } => Some(source),
            ConfigError::Refused { .. } | ConfigError::Secrets { .. } => None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Read { path, source } => {
                let path = path.display();
                write!(f, "cannot read the campaign file {path}: {source}")
            }
            ConfigError::Refused { path, faults } => {
                f.write_str("the campaign file is refused:")?;
                for fault in faults {
                    write!(f, "\n{}:", path.display())?;
                    if let Some(line) = fault.line {
                        write!(f, "{line}:")?;
                    }
                    write!(f, " {}", fault.says)?;
                }
                Ok(())
            }
            ConfigError::Secrets { faults } => {
                f.write_str("the merchant's credentials are not usable:")?;
                faults.iter().try_for_each(|fault| write!(f, "\n{fault}"))
            }
        }
    }
}
