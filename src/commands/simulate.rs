//! `simulate`: the stand-in for WeChat Pay on its own, until a signal.

use std::sync::Arc;

use super::out::{say, tell};
use super::rehearse::unknown_fault;
use crate::cli::SimulateArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::runner::{Gate, Shut, Signal, on_signals};
use crate::simulator::{Faults, Settings, Simulator, machine_clock};
use crate::words::{self, Lang};

pub(super) async fn simulate(args: SimulateArgs, lang: Lang) -> Result<ExitCode, Error> {
    tell(lang, &words::mode::simulator());
    let mut faults = Faults::none();
    for fault in &args.faults {
        faults.add(fault).map_err(unknown_fault)?;
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
