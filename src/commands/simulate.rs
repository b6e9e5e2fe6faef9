//! `simulate`: the stand-in for WeChat Pay on its own, until a signal.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::console::{say, tell, unwritten};
use super::output::whole;
use super::setup::time::clock;
use crate::cli::SimulateArgs;
use crate::config::Mode;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::runner::{Gate, Shut, Signal, on_signals};
use crate::simulator::{BILL_SUBMITTER, CREDENTIALS, FaultRates, Settings, Simulator};
use crate::words::{self, Lang};

/// Requests that are open at the end are answered within this time or not at all: the answer of a
/// fault may be later than anybody waits.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn simulate(args: SimulateArgs, lang: Lang) -> Result<ExitCode, Error> {
    tell(lang, &words::mode::simulator());
    let clock = clock(Mode::Simulator)?;
    let mut faults = FaultRates::none();
    for fault in &args.faults {
        faults.add(fault)?;
    }
    let written = |source| Error::Write {
        path: args.dir.clone(),
        source,
    };
    std::fs::create_dir_all(&args.dir).map_err(written)?;
    let settings = Settings {
        faults,
        seed: args.seed,
        is_closed_at_night: args.night,
        ..Settings::default()
    };
    check_folder(&args.dir, &settings)?;
    let books = args.dir.join("books.jsonl");
    let now = Arc::new(move || clock.now_ms());
    let mut simulator = Simulator::start(settings, Some(&books), args.listen, now).await?;
    simulator.write_credentials(&args.dir).map_err(written)?;
    write_bills(&args, &simulator, lang)?;
    let gate = Arc::new(Gate::default());
    on_signals(&gate, lang)?;
    say(simulator.base_url())?;
    tell(lang, &words::simulator::ready(args.dir.display()));
    let ended = tokio::select! {
        ended = gate.cause() => ended,
        fault = simulator.broken() => return Err(fault.into()),
    };
    simulator.drain(PATIENCE).await;
    write_bills(&args, &simulator, lang)?;
    simulator.shutdown().await;
    Ok(match ended {
        Shut::Signal(Signal::Terminate) => ExitCode::Terminated,
        _ => ExitCode::Interrupted,
    })
}

/// Writes the bill of each day so far, today's as well, and what is planted in them.
fn write_bills(args: &SimulateArgs, simulator: &Simulator, lang: Lang) -> Result<(), Error> {
    let Some(dir) = &args.fund_flow else {
        return Ok(());
    };
    std::fs::create_dir_all(dir).map_err(unwritten(dir))?;
    let (bills, planted) = simulator.fund_flow(args.breaks);
    for (date, bill) in &bills {
        let path = dir.join(format!("fundflow-{date}.csv"));
        if !is_ours_or_free(&path, &format!(",`{BILL_SUBMITTER},")) {
            let words = words::simulator::no_bill_of_ours(path.display());
            return Err(Error::Usage(words));
        }
        write_file(&path, bill.as_bytes())?;
    }
    if args.breaks {
        let path = dir.join("breaks.json");
        if !is_ours_or_free(&path, "[{\"type\":") {
            let words = words::simulator::no_bill_of_ours(path.display());
            return Err(Error::Usage(words));
        }
        write_file(&path, json!(planted).to_string().as_bytes())?;
    }
    tell(lang, &words::simulator::bills(bills.len(), dir.display()));
    for it in &planted {
        tell(
            lang,
            &words::simulator::planted(it.kind, it.mch_billno.as_str()),
        );
    }
    Ok(())
}

/// Whether there is nothing, or what another start wrote: a merchant's own bill has no such word.
fn is_ours_or_free(path: &Path, word: &str) -> bool {
    match std::fs::read_to_string(path) {
        Ok(text) => text.is_empty() || text == "[]" || text.contains(word),
        Err(fault) => fault.kind() == std::io::ErrorKind::NotFound,
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    whole::write(path, |mut file, _| Ok(file.write_all(bytes)?))
}

/// A stand-in makes its credentials anew at each start: not in a folder that holds another's. Its
/// own are known by its API key, which is always the same.
fn check_folder(dir: &Path, settings: &Settings) -> Result<(), Error> {
    let paths = CREDENTIALS.map(|name| dir.join(name));
    let key = std::fs::read(&paths[CREDENTIALS.len() - 1]);
    let is_ours = key.is_ok_and(|key| key == settings.api_key.as_bytes());
    let mut theirs = paths.iter().filter(|path| path.symlink_metadata().is_ok());
    match theirs.next() {
        Some(path) if !is_ours => Err(Error::Usage(words::simulator::not_ours(path.display()))),
        Some(_) | None => Ok(()),
    }
}
