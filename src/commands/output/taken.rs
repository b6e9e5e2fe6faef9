//! A place that is taken: why a file is not written there.

use std::path::{Path, PathBuf};

use crate::commands::setup::typed::typed_path;
use crate::words::{Words, output as words};

/// Why a file is not written.
pub(super) enum OutputRefusal {
    /// The campaign uses it as this.
    Used(Words),
    /// There is something else.
    There(Words),
}

/// A place that a run wants for its report and does not take.
pub(in crate::commands) struct TakenPlace {
    pub(super) path: PathBuf,
    pub(super) refusal: OutputRefusal,
}

impl TakenPlace {
    /// As the run says it; `run` is the command to type once the place is free.
    pub(in crate::commands) fn words(&self, run: &str) -> Words {
        let path = self.path.display();
        match &self.refusal {
            OutputRefusal::Used(what) => words::used_by_run(path, what.clone(), run),
            OutputRefusal::There(what) => {
                let free = self.freed().unwrap_or_default();
                words::in_the_way(path, what.clone(), format!("{free} && {run}"))
            }
        }
    }

    /// What is there, in short.
    pub(in crate::commands) fn found(&self) -> Words {
        let path = self.path.display();
        match &self.refusal {
            OutputRefusal::Used(what) => words::used_here(path, what.clone()),
            OutputRefusal::There(what) => words::taken(path, what.clone()),
        }
    }

    /// The command that makes way, where one does.
    pub(in crate::commands) fn freed(&self) -> Option<String> {
        let mut away = self.path.clone().into_os_string();
        away.push(".mine");
        let [path, away] = [&self.path, Path::new(&away)].map(typed_path);
        matches!(self.refusal, OutputRefusal::There(_)).then(|| format!("mv {path} {away}"))
    }
}
