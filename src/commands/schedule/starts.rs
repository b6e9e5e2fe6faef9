//! The facts that each system is told: which program, which campaign, when. No path has a `..`: a
//! sandbox of systemd leaves such a folder out.

use std::env::current_exe;
use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

use sha2::{Digest, Sha256};

use crate::commands::console::unwritten;
use crate::commands::setup::context::Context;
use crate::domain::hex::hex;
use crate::error::Error;

use super::times::Starts;

/// Letters of a digest in a name.
pub(super) const DIGEST: usize = 8;
/// Seconds for the report, and for those who are told of the end and do not answer.
const LAST_STEPS_S: u64 = 60;

/// Everything that the files of any system say.
#[derive(Clone)]
pub(super) struct StartPlan {
    /// The name of the units and jobs.
    pub(super) name: String,
    pub(super) campaign: String,
    pub(super) program: PathBuf,
    pub(super) file: PathBuf,
    /// The folders that a run writes to: the ledger's, and that of its backups.
    pub(super) folders: Vec<PathBuf>,
    /// Files and folders of a run that are not in the campaign file's folder, or are named from the
    /// root on.
    pub(super) outside: Vec<PathBuf>,
    /// Flags of `run`.
    pub(super) flags: String,
    pub(super) starts: Starts,
    pub(super) zone: String,
    /// What a live run needs to know and nobody else: its name in the samples, its own, its file.
    pub(super) credentials: Vec<(&'static str, String, PathBuf)>,
    /// The same of the proxy and of those who are told of it: name and file.
    pub(super) others: Vec<(String, PathBuf)>,
    /// How long a run may take to drain, in seconds.
    pub(super) drain_seconds: u64,
}

impl StartPlan {
    pub(super) fn of(context: &Context) -> Result<StartPlan, Error> {
        let campaign = &context.campaign;
        let windows = &campaign.windows;
        let flags = if context.is_live() {
            let (_, row) = context.must_be_loaded()?;
            format!(" --live --confirm-total {}", row.total)
        } else {
            String::new()
        };
        let gateway = &campaign.gateway;
        let request = gateway.connect_timeout + gateway.request_timeout;
        let credentials = credentials(context)?;
        Ok(StartPlan {
            name: format!("hongbao-{}", plain(campaign.id.as_str())),
            campaign: campaign.id.to_string(),
            program: current_exe()?,
            file: full(&context.path)?,
            folders: folders(context)?,
            outside: outside(context)?,
            flags,
            starts: Starts::of(windows, context.clock.now_ms()),
            zone: windows.zone().to_owned(),
            others: others(context, &credentials)?,
            credentials,
            drain_seconds: request.as_secs() + LAST_STEPS_S,
        })
    }

    /// The run's command, with paths in the quotes of who reads it.
    pub(super) fn run(&self, quoted: fn(&Path) -> String) -> String {
        let [program, file] = [&self.program, &self.file].map(|path| quoted(path));
        format!("{program} run {file}{}", self.flags)
    }

    pub(super) fn reconcile(&self, quoted: fn(&Path) -> String) -> String {
        let [program, file] = [&self.program, &self.file].map(|path| quoted(path));
        format!("{program} reconcile {file}")
    }
}

fn folders(context: &Context) -> Result<Vec<PathBuf>, Error> {
    let ledger = full(&context.campaign.ledger)?;
    let folder = ledger.parent().unwrap_or(Path::new("/")).to_owned();
    let backups = context.campaign.backups.as_ref();
    let backups = backups.map(|backups| full(&backups.dir)).transpose()?;
    let within = placed(&folder)?;
    let backups = backups.filter(|dir| !placed(dir).is_ok_and(|dir| dir.starts_with(&within)));
    Ok([folder].into_iter().chain(backups).collect())
}

fn outside(context: &Context) -> Result<Vec<PathBuf>, Error> {
    let campaign = &context.campaign;
    let file = placed(&context.path)?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let backups = campaign.backups.as_ref().map(|backups| &backups.dir);
    let roots = [&campaign.gateway.ca_file, &campaign.notify.ca_file];
    let root = roots.into_iter().flatten().filter(|_| context.is_live());
    let own = [&campaign.recipients, &campaign.ledger];
    let all = campaign
        .included
        .iter()
        .chain(own)
        .chain(backups)
        .chain(root);
    let texts = campaign.included.iter().chain([&context.path]);
    let texts: Vec<String> = texts.filter_map(|it| fs::read_to_string(it).ok()).collect();
    let mut outside = Vec::new();
    for path in all {
        let place = placed(path)?;
        // Where it is mounted, a path from the root on leads elsewhere.
        let quoted = ['"', '\''].map(|quote| format!("{quote}{}{quote}", path.display()));
        let is_written = |text: &String| quoted.iter().any(|it| text.contains(it));
        let is_absolute = path.is_absolute() && texts.iter().any(is_written);
        if is_absolute || !place.starts_with(folder) {
            outside.push(place);
        }
    }
    Ok(outside)
}

/// Where a path leads, also of a file that is not there yet.
fn placed(path: &Path) -> Result<PathBuf, Error> {
    let mut place = PathBuf::new();
    for part in full(path)?.components() {
        match part {
            Component::ParentDir => {
                place.pop();
            }
            part => place.push(part),
        }
        place = place.canonicalize().unwrap_or(place);
    }
    Ok(place)
}

/// Of a rehearsal nobody reads them. A file keeps its name, by which the program finds it.
fn credentials(context: &Context) -> Result<Vec<(&'static str, String, PathBuf)>, Error> {
    let merchant = &context.campaign.merchant;
    let files = [
        ("api_key:", &merchant.api_key_file),
        ("apiclient_cert.pem:", &merchant.cert_file),
        ("apiclient_key.pem:", &merchant.key_file),
    ];
    let mut credentials = Vec::new();
    for (sample, file) in files {
        let Some(file) = file.as_deref().filter(|_| context.is_live()) else {
            continue;
        };
        let name = match (sample, file.file_name()) {
            ("api_key:", _) | (_, None) => "api_key".into(),
            (_, Some(name)) => name.to_string_lossy(),
        };
        credentials.push((sample, name.into_owned(), full(file)?));
    }
    Ok(credentials)
}

/// The other secrets, each once: of the proxy and of `[notify]`. Of a rehearsal nobody is told.
fn others(
    context: &Context,
    merchants: &[(&'static str, String, PathBuf)],
) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut others = Vec::new();
    for (name, file) in context.campaign.credentials() {
        let one = (name, full(file)?);
        let is_merchants = merchants.iter().any(|(_, name, _)| *name == one.0);
        if context.is_live() && !is_merchants && !others.contains(&one) {
            others.push(one);
        }
    }
    Ok(others)
}

/// From the root on. A path without `..` stays as it is, with its symlinks, which may be turned
/// later; of another, the folder that each `..` leads to is looked up.
fn full(path: &Path) -> Result<PathBuf, Error> {
    let path = absolute(path).map_err(unwritten(path))?;
    let parts: Vec<Component> = path.components().collect();
    let last = parts.iter().rposition(|part| *part == Component::ParentDir);
    let Some(last) = last else {
        return Ok(path);
    };
    let mut full = PathBuf::new();
    for (place, part) in parts.iter().enumerate() {
        if *part == Component::ParentDir {
            full.pop();
        } else {
            full.push(part);
        }
        if place <= last {
            // What is not there has no symlink.
            full = full.canonicalize().unwrap_or(full);
        }
    }
    Ok(full)
}

/// A name that units, jobs and containers may have: lower case, digits and hyphens. An id with
/// other signs is told from its likes by its digest.
fn plain(id: &str) -> String {
    let lower = id.to_ascii_lowercase();
    let plain = lower.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let plain = plain.trim_matches('-');
    if plain == id {
        return plain.to_owned();
    }
    let begin = if plain.is_empty() { "campaign" } else { plain };
    marked(begin, id)
}

/// With a digest behind it, by which this whole is told from its likes.
pub(super) fn marked(begin: &str, whole: &str) -> String {
    format!("{begin}-{}", hex(&Sha256::digest(whole)[..DIGEST / 2]))
}

#[cfg(test)]
mod tests {
    use std::fs::create_dir_all;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn names_of_units_differ_where_ids_do() {
        assert_eq!(plain("lantern-2027"), "lantern-2027");
        let names = ["中秋", "元宵", "campaign", "a_b", "a-b", "A-b"].map(plain);
        let once: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(once.len(), names.len(), "{names:?}");
        assert!(names[0].starts_with("campaign-"), "{names:?}");
    }

    #[test]
    fn a_path_through_a_parent_is_that_of_the_folder_it_leads_to() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        create_dir_all(root.join("far/camps")).unwrap();
        create_dir_all(root.join("shared")).unwrap();
        symlink(root.join("far/camps"), root.join("camps")).unwrap();
        symlink(root.join("shared"), root.join("far/link")).unwrap();
        for (given, wanted) in [
            ("shared/../gone/./x.db", "gone/x.db"),
            ("gone/../shared/x.db", "shared/x.db"),
            // Of a symlink, the parent is that of its target, as the system has it.
            ("camps/../x.db", "far/x.db"),
            ("camps/../link/x.db", "far/link/x.db"),
            ("camps/x.db", "camps/x.db"),
        ] {
            assert_eq!(full(&root.join(given)).unwrap(), root.join(wanted));
        }
    }
}
