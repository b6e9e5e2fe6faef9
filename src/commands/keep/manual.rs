//! `completions` and `man`: what a shell and a manual need to know of the program.

use std::fs::{self, create_dir_all};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use crate::cli::{Cli, CompletionsArgs, ManArgs};
use crate::commands::console::{tell, unwritten};
use crate::commands::output::stream::{StreamKind, stream};
use crate::commands::output::target::open_as_it_is;
use crate::commands::output::whole;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::{Lang, manual as words, next};

/// The first line of every page of the program, below its first comment.
const OURS: &str = ".TH hongbao";
/// As much of a page as is looked at to know it.
const LOOK: u64 = 4096;

pub(in crate::commands) fn completions(
    args: &CompletionsArgs,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let script = Cli::completions(args.shell, lang);
    stream(StreamKind::Lines, |to| Ok(to.write_all(&script)?)).map(drop)?;
    Ok(ExitCode::Done)
}

pub(in crate::commands) fn man(args: &ManArgs, lang: Lang) -> Result<ExitCode, Error> {
    let folder = &args.dir;
    let pages = Cli::manual(lang)?;
    create_dir_all(folder).map_err(unwritten(folder))?;
    // All are looked at before one is written: a refusal leaves the folder as it was.
    for page in &pages {
        check_free(&folder.join(&page.name))?;
    }
    for page in &pages {
        let path = folder.join(&page.name);
        whole::write(&path, |mut to, _| Ok(to.write_all(&page.text)?))?;
    }
    tell(lang, &words::written(pages.len(), folder.display()));
    let first = folder.join("hongbao.1");
    tell(lang, &next::command(format!("man {}", first.display())));
    Ok(ExitCode::Done)
}

/// A page of an earlier version is written over, and nothing else.
fn check_free(path: &Path) -> Result<(), Error> {
    let found = match fs::symlink_metadata(path) {
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(unwritten(path)(fault)),
        Ok(found) => found,
    };
    if found.is_file() && (found.len() == 0 || is_page(path)?) {
        return Ok(());
    }
    Err(Error::Usage(words::not_ours(path.display())))
}

fn is_page(path: &Path) -> Result<bool, Error> {
    let mut begin = Vec::new();
    open_as_it_is(path)
        .and_then(|file| file.take(LOOK).read_to_end(&mut begin))
        .map_err(unwritten(path))?;
    let text = String::from_utf8_lossy(&begin);
    Ok(text.lines().any(|line| line.starts_with(OURS)))
}
