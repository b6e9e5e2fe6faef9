//! Errors that stop a command before it starts: the fault, its place, and the remedy.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::words::{Lang, Words, config as words};

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
        faults: Vec<Words>,
    },
}

/// One fault of a campaign file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The included file that has it; `None` for the campaign file itself.
    pub file: Option<PathBuf>,
    /// Its line, from 1; `None` for what is nowhere in the file.
    pub line: Option<usize>,
    /// The fault, and the text to write instead.
    pub says: Words,
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ConfigError::Read { source, .. } => Some(source),
            ConfigError::Refused { .. } | ConfigError::Secrets { .. } => None,
        }
    }
}

impl ConfigError {
    /// Everything that is wrong, in this language.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        self.words().within(lang).to_owned()
    }

    /// The message: what is wrong, and each fault in a line of its own.
    #[must_use]
    pub fn words(&self) -> Words {
        let head = match self {
            ConfigError::Read { path, source } => words::read(path.display(), source),
            ConfigError::Refused { .. } => words::refused(),
            ConfigError::Secrets { .. } => words::secrets(),
        };
        let told = |lang| [vec![head.within(lang).to_owned()], self.lines(lang)].concat();
        Words {
            code: head.code,
            en: told(Lang::En).join("\n"),
            zh: told(Lang::Zh).join("\n"),
        }
    }

    fn lines(&self, lang: Lang) -> Vec<String> {
        match self {
            ConfigError::Read { .. } => Vec::new(),
            ConfigError::Refused { path, faults } => {
                let line = |fault: &ConfigFault| {
                    let path = fault.file.as_ref().unwrap_or(path);
                    format!("{}:{}", path.display(), fault.told(lang))
                };
                faults.iter().map(line).collect()
            }
            ConfigError::Secrets { faults } => {
                let lines = faults.iter().map(|fault| fault.within(lang).to_owned());
                lines.collect()
            }
        }
    }
}

impl ConfigFault {
    fn told(&self, lang: Lang) -> String {
        let line = self
            .line
            .map_or_else(String::new, |line| format!("{line}:"));
        format!("{line} {}", self.says.within(lang))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.within(Lang::En))
    }
}
