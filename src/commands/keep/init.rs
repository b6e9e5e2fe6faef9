//! `init`: a folder with a campaign that runs on the simulator as it is.

use std::fs::{self, DirBuilder, create_dir_all};
use std::io::{BufRead, ErrorKind, IsTerminal, Write, stdin};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use crate::cli::InitArgs;
use crate::commands::console::{tell, unwritten};
use crate::commands::output::whole;
use crate::commands::setup::typed::typed_path;
use crate::config::{Scaffold, ScaffoldKey};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::{Lang, Text, both, commented, init as words, next};

/// The campaign file of a new folder.
const CAMPAIGN: &str = "campaign.toml";
/// Its list.
const LIST: &str = "recipients.csv";
/// The list of the samples, of which a new campaign has the first packets.
const SAMPLE: &str = include_str!("../../../samples/recipients.csv");
/// The header and ten packets: a run of them takes less than a second.
const SAMPLE_LINES: usize = 11;
/// What holds people, money or keys stays out of a repository.
const IGNORED: &str = "/secrets/
/backups/
*.db
*.db-*
*.db.*
*.simulator.jsonl
*-report.*
*-failed.csv
rejects*.csv
result.*
claims.*
events
events.*
";

pub(in crate::commands) fn init(args: &InitArgs, lang: Lang) -> Result<ExitCode, Error> {
    let folder = &args.dir;
    check_empty(folder)?;
    let mut scaffold = Scaffold::new(LIST);
    if let Some(name) = name(folder) {
        // A name that is no id leaves the example's.
        let _ = scaffold.set(ScaffoldKey::Id, &name);
    }
    if stdin().is_terminal() {
        ask(&mut scaffold, lang)?;
        // Somebody may have put something there meanwhile.
        check_empty(folder)?;
    }
    write(folder, &commented(scaffold.text(), lang))?;
    let file = folder.join(CAMPAIGN);
    tell(lang, &words::made(file.display(), LIST, "secrets/"));
    tell(lang, &words::own(LIST));
    tell(
        lang,
        &next::command(format!("hongbao run {}", typed_path(&file))),
    );
    Ok(ExitCode::Done)
}

/// A folder that is not there, or empty: nothing of anybody's is written over.
fn check_empty(folder: &Path) -> Result<(), Error> {
    let taken = || Err(Error::Usage(words::not_empty(folder.display())));
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => taken(),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(()),
        Err(fault) if fault.kind() == ErrorKind::NotADirectory => taken(),
        Err(fault) => Err(unwritten(folder)(fault)),
    }
}

/// The folder's own name.
fn name(folder: &Path) -> Option<String> {
    let real = fs::canonicalize(folder);
    let folder = real.as_deref().unwrap_or(folder);
    Some(folder.file_name()?.to_str()?.to_owned())
}

/// Asks for each value until it is one that the campaign file may have. Nothing is written before
/// the last answer.
fn ask(scaffold: &mut Scaffold, lang: Lang) -> Result<(), Error> {
    tell(lang, &words::asks());
    for key in ScaffoldKey::ALL {
        loop {
            tell(lang, &words::question(label(key), scaffold.value(key)));
            let mut line = String::new();
            if stdin().lock().read_line(&mut line)? == 0 {
                return Err(Error::Usage(words::broken_off()));
            }
            let typed = line.trim();
            if typed.is_empty() {
                break;
            }
            match scaffold.set(key, typed) {
                Ok(()) => break,
                Err(fault) => tell(lang, &words::again(fault)),
            }
        }
    }
    Ok(())
}

const fn label(key: ScaffoldKey) -> Text {
    match key {
        ScaffoldKey::Id => both(
            "campaign id, part of every bill number",
            "活动编号（每个单号都由它生成）",
        ),
        ScaffoldKey::MchId => both("merchant number", "商户号"),
        ScaffoldKey::WxAppId => both("appid of the mini-program", "小程序 appid"),
        ScaffoldKey::ActName => both("name of the activity", "活动名称"),
        ScaffoldKey::SendName => both("sender that recipients see", "红包发送者名称"),
        ScaffoldKey::Wishing => both("wishing on the packet", "红包祝福语"),
    }
}

/// The campaign file comes last: a folder that has one has everything.
fn write(folder: &Path, campaign: &str) -> Result<(), Error> {
    create_dir_all(folder).map_err(unwritten(folder))?;
    let secrets = folder.join("secrets");
    DirBuilder::new()
        .mode(0o700)
        .create(&secrets)
        .map_err(unwritten(&secrets))?;
    let list: String = SAMPLE.split_inclusive('\n').take(SAMPLE_LINES).collect();
    for (name, text) in [(".gitignore", IGNORED), (LIST, &list), (CAMPAIGN, campaign)] {
        let path = folder.join(name);
        whole::write(&path, |mut to, _| Ok(to.write_all(text.as_bytes())?))?;
    }
    Ok(())
}
