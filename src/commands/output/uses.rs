//! The files that a campaign uses: never an output, under any name.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::SecretSources;
use crate::words::{Words, output as words};

use super::target::{Found, beside, real};
use crate::commands::setup::context::Context;

/// Suffixes of the files beside a ledger.
const SIDES: [&str; 6] = ["", "-wal", "-shm", "-journal", ".lock", ".told"];

/// As what the campaign uses the file; `None` where it does not. Names are compared without links,
/// and files by device and inode: one may have a second name.
pub(super) fn named(context: &Context, path: &Path, found: Option<Found>) -> Option<Words> {
    let is_it = |used: &Path| {
        let is_named = real(used).is_ok_and(|used| used == path);
        let is_found = |found: Found| {
            let used = fs::metadata(used).ok();
            used.is_some_and(|facts| Found::of(&facts).id == found.id)
        };
        is_named || found.is_some_and(is_found)
    };
    let mut uses = uses(context).into_iter();
    uses.find(|(used, _)| is_it(used)).map(|(_, what)| what)
}

fn uses(context: &Context) -> Vec<(PathBuf, Words)> {
    let campaign = &context.campaign;
    let mut uses = vec![
        (context.path.clone(), words::campaign_file()),
        (campaign.recipients.clone(), words::recipients_file()),
        (campaign.simulator_books.clone(), words::books()),
    ];
    let included = campaign.included.iter().cloned();
    uses.extend(included.map(|file| (file, words::campaign_file())));
    let ledgers = [
        &campaign.ledger,
        &campaign.live_ledger,
        &campaign.simulator_ledger,
    ];
    for ledger in ledgers {
        let sides = SIDES.iter().map(|side| beside(ledger, side));
        uses.extend(sides.map(|side| (side, words::ledger())));
    }
    let merchant = &campaign.merchant;
    let secrets = [
        &merchant.api_key_file,
        &merchant.cert_file,
        &merchant.key_file,
        &campaign.gateway.ca_file,
    ];
    let targets = campaign.notify.targets.iter();
    let targets = targets.flat_map(|it| [Some(&it.url_file), it.secret_file.as_ref()]);
    let secrets = secrets.into_iter().map(Option::as_ref).chain(targets);
    let secrets: Vec<PathBuf> = secrets.flatten().cloned().collect();
    let credentials = SecretSources::from_env().credentials;
    let in_credentials = credentials.iter().flat_map(|folder| {
        let names = secrets.iter().filter_map(|secret| secret.file_name());
        let names = names.chain([std::ffi::OsStr::new("api_key")]);
        names.map(|name| folder.join(name)).collect::<Vec<_>>()
    });
    let secrets = secrets.iter().cloned().chain(in_credentials);
    uses.extend(secrets.map(|secret| (secret, words::secret())));
    uses
}
