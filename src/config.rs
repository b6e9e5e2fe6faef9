//! The campaign file, parsed once into checked types.
//!
//! Below this module nobody meets a raw text, a missing default or a path still to be joined.
//! Secrets are loaded apart from parsing, in live mode only, and no `Debug` shows them.

mod campaign;
mod document;
mod error;
mod layer;
mod notify;
mod parse;
mod places;
mod private;
mod scaffold;
mod schedule;
mod secrets;
mod sections;
mod url;
mod windows;
mod write;

use std::path::Path;

use document::source::{NoText, read_text};

pub use campaign::{
    ApprovalRules, Backups, Campaign, GatewayProxy, GatewaySettings, LeftFormat, Merchant, Mode,
};
pub use campaign::{NotifyKind, NotifySettings, PaceLimits, Retry, TargetFiles};
pub use error::{ConfigError, ConfigFault};
pub use notify::TargetSecrets;
pub use private::{Unread, read_private_text};
pub use scaffold::{Scaffold, ScaffoldKey};
pub use schedule::time_of_day;
pub use secrets::{SecretSources, Secrets};
pub use windows::{Hours, Windows};

impl Campaign {
    /// Reads and checks a campaign file, and the file that it includes. Reads no other that it
    /// names.
    ///
    /// # Errors
    /// Where the file cannot be read, or with every fault of it at once.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = read_text(path).map_err(|why| match why {
            NoText::Fault(source) => ConfigError::Read {
                path: path.to_owned(),
                source,
            },
            NoText::Is(line, says) => ConfigError::Refused {
                path: path.to_owned(),
                faults: vec![ConfigFault {
                    file: None,
                    line,
                    says,
                }],
            },
        })?;
        Campaign::parse(&text, path)
    }

    /// Whether the file means to be a campaign file: it has a `[campaign]`, or cannot be read.
    #[must_use]
    pub fn is_meant(path: &Path) -> bool {
        std::fs::read_to_string(path).map_or(true, |text| document::is_meant(&text))
    }

    /// Checks the text of a campaign file; relative paths are relative to `path`. Reads
    /// the file that it includes.
    ///
    /// # Errors
    /// With every fault of the text at once.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let base = path.parent().unwrap_or(Path::new(""));
        parse::campaign(text, base).map_err(|faults| ConfigError::Refused {
            path: path.to_owned(),
            faults,
        })
    }
}
