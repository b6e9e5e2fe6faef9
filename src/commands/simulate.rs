//! `simulate`: the stand-in for WeChat Pay on its own, until a signal.

use std::path::Path;
use std::sync::Arc;

use super::console::{say, tell};
use crate::cli::SimulateArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::runner::{Gate, Shut, Signal, on_signals};
use crate::simulator::{CREDENTIALS, FaultRates, Settings, Simulator, machine_clock};
use crate::words::{self, Lang};

pub(super) async fn simulate(args: SimulateArgs, lang: Lang) -> Result<ExitCode, Error> {
    tell(lang, &words::mode::simulator());
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
        ..Settings::default()
    };
    check_folder(&args.dir, &settings)?;
    let books = args.dir.join("books.jsonl");
    let simulator = Simulator::start(settings, Some(&books), args.listen, machine_clock()).await?;
    simulator.write_credentials(&args.dir).map_err(written)?;
    let gate = Arc::new(Gate::default());
    on_signals(Arc::clone(&gate), lang)?;
    say(simulator.base_url())?;
    tell(lang, &words::simulator::ready(args.dir.display()));
    let ended = gate.cause().await;
    simulator.shutdown().await;
    Ok(match ended {
        Shut::Signal(Signal::Terminate) => ExitCode::Terminated,
        _ => ExitCode::Interrupted,
    })
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
