//! `rehearse`: the user's campaign, played against the simulator on a scratch ledger, the real
//! process killed and its answers spoilt, and in the end both sides' books compared.
//!
//! No file of the user is written, no secret of theirs is read, and every request goes to the
//! simulator in this process. The gateway lives here and the runs are children, so that a kill is
//! a kill of the real program, at a request that the gateway has just carried out.

mod child;
mod claim;
mod compare;
mod holding;
mod kills;
mod output;
mod play;
mod scratch;
mod settings;
mod table;

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use crate::cli::RehearseArgs;
use crate::clock::Clock;
use crate::config::Campaign;
use crate::domain::money::Fen;
use crate::domain::tally::TallyRow;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LoadRules, Owner};
use crate::recipients::{ListFile, head};
use crate::runner::Signals;
use crate::simulator::{FaultRates, Simulator, machine_clock};
use crate::words::{self, Lang, usage};

use super::console::{create_private, tell, unwritten};
use super::finish::ending::of_signal;
use super::setup::context::Context;
use super::setup::intake::{Intake, named, row_rules, stage};
use super::setup::loaded::list_at;
use super::setup::stdout::Stdout;
use child::{Program, alone};
use claim::Claim;
use compare::{Compared, Owed, Sides, compare};
use output::Telling;
use play::{Stage, play};
use scratch::Scratch;

/// Rows that are played where nobody asks for more: a rehearsal is to take minutes at most.
const ROWS: u64 = 10_000;
/// A rate of faults makes about so many at most of each kind for which a run waits, as for a late
/// answer: as many as the usual rate of a tenth brings about in the usual rows. A client that came
/// through those learns nothing of more of them, which a long rehearsal would spend its time on.
const WAITED_FOR: f64 = 50.0;
/// Questions that the first run asks before anything is sent.
const QUESTIONS: u64 = 20;

pub(super) async fn rehearse(args: &RehearseArgs, lang: Lang) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let yours = Campaign::load(&args.campaign)?;
    let faults = faults(&args.faults)?;
    tell(lang, &words::mode::simulator());
    let list = list_at(&yours.recipients, args.sheet.as_ref())?;
    let file = check(&list, args, &yours, lang)?;
    let mut signals = Signals::install()?;
    let mut scratch = Scratch::make()?;
    let owed = copy_rows(&list, &yours, &scratch, args.rows.unwrap_or(ROWS))?;
    let rows = u64::try_from(owed.len()).unwrap_or(u64::MAX);
    let faults = faults.over(rows);
    let simulator = open_gateway(&yours, &scratch, (faults, args.seed)).await?;
    let ours = settings::played(&yours, scratch.folder(), simulator.base_url());
    let campaign = scratch.path("campaign.toml");
    create_private(&campaign)?
        .write_all(ours.to_toml().as_bytes())
        .map_err(unwritten(&campaign))?;
    let telling = Telling::begin(
        (args, lang),
        &yours,
        (file, &owed),
        settings::changes(&yours, &ours),
    );
    let program = Program::on(campaign.clone(), lang)?;
    let fen = owed.iter().map(|owed| owed.fen).sum();
    let kills = kills::draw(args.seed, args.kills, rows + rows.min(QUESTIONS));
    let stage = Stage {
        program: &program,
        folder: scratch.folder(),
        simulator: &simulator,
        signals: &mut signals,
        total: Fen::new(fen).to_string(),
    };
    let played = play(stage, &kills).await?;
    if let Some(signal) = played.stopped {
        tell(lang, &words::rehearse::interrupted());
        return Ok(of_signal(signal));
    }
    let context = Context {
        path: campaign,
        campaign: ours,
        clock: Clock::real(),
        lang,
        typed: None,
        stdout: Stdout::default(),
        simulator: OnceLock::new(),
    };
    let compared = read_both(&context, &scratch, &owed, &simulator);
    simulator.shutdown().await;
    let is_right = compared.findings.are_none() && played.broken.is_none();
    if !is_right {
        scratch.keep();
    }
    telling.end((&played, &compared), scratch.folder(), start.elapsed())?;
    Ok(if is_right {
        ExitCode::Done
    } else {
        ExitCode::Unexpected
    })
}

/// Faults as they are asked for.
enum AskedFaults {
    /// This part of all sends.
    Rate(f64),
    /// Each by its name.
    Named(FaultRates),
}

impl AskedFaults {
    /// Their rates in a rehearsal of so many rows.
    fn over(self, rows: u64) -> FaultRates {
        match self {
            AskedFaults::Rate(rate) => {
                let rows = f64::from(u32::try_from(rows.max(1)).unwrap_or(u32::MAX));
                FaultRates::of_every_kind(rate, (WAITED_FOR / rows).min(1.0))
            }
            AskedFaults::Named(rates) => rates,
        }
    }
}

/// A rate for all faults, or rates by name.
fn faults(asked: &[String]) -> Result<AskedFaults, Error> {
    if let [rate] = asked
        && let Ok(rate) = rate.trim().parse::<f64>()
    {
        return if (0.0..=1.0).contains(&rate) {
            Ok(AskedFaults::Rate(rate))
        } else {
            Err(Error::Usage(usage::rate(rate.to_string())))
        };
    }
    let mut faults = FaultRates::none();
    for fault in asked {
        faults.add(fault)?;
    }
    Ok(AskedFaults::Named(faults))
}

/// Checks the whole recipients file as `load` would, also the rows that are not played.
fn check(
    list: &ListFile,
    args: &RehearseArgs,
    yours: &Campaign,
    lang: Lang,
) -> Result<TallyRow, Error> {
    let context = Context {
        path: args.campaign.clone(),
        campaign: yours.clone(),
        clock: Clock::real(),
        lang,
        typed: None,
        stdout: Stdout::default(),
        simulator: OnceLock::new(),
    };
    let mut owner = Owner::scratch(yours.gateway.mode, context.clock.now_ms())?;
    let intake = Intake {
        list,
        rules: &LoadRules::default(),
        keeps_rejects: false,
        loaded: None,
        beside: None,
    };
    let staged = stage(&context, &mut owner, &intake).map_err(named(list.path(), lang))?;
    Ok(TallyRow {
        count: staged.rows,
        fen: staged.total,
    })
}

/// Copies the first rows of the recipients file, and gives what is owed by them.
fn copy_rows(
    list: &ListFile,
    yours: &Campaign,
    scratch: &Scratch,
    rows: u64,
) -> Result<Vec<Owed>, Error> {
    let copy = scratch.path("recipients.csv");
    let to = BufWriter::new(create_private(&copy)?);
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let packets = head(list, row_rules(yours), rows, to)?;
    let owed = packets.into_iter().map(|packet| Owed {
        row_key: packet.row_key.as_str().to_owned(),
        openid: packet.openid.as_str().to_owned(),
        fen: packet.amount.fen(),
    });
    Ok(owed.collect())
}

/// The simulator with its books, and the credentials of it that the runs are to use.
async fn open_gateway(
    yours: &Campaign,
    scratch: &Scratch,
    (faults, seed): (FaultRates, u64),
) -> Result<Simulator, Error> {
    let settings = settings::gateway(yours, faults, seed);
    let books = scratch.path("books.jsonl");
    let listen = ([127, 0, 0, 1], 0).into();
    let simulator = Simulator::start(settings, Some(&books), listen, machine_clock()).await?;
    let folder = scratch.folder();
    simulator
        .write_credentials(folder)
        .map_err(unwritten(folder))?;
    Ok(simulator)
}

/// Reads both sides. A ledger or a report that cannot be read says nothing true.
fn read_both(
    context: &Context,
    scratch: &Scratch,
    owed: &[Owed],
    simulator: &Simulator,
) -> Compared {
    let books = simulator.books();
    let read = report(context, scratch).and_then(|claims| {
        let standing = context.standing()?;
        let (reader, _) = context.must_be_loaded()?;
        let attempts = reader.requests_since(0, context.clock.now_ms())?.len();
        Ok((claims, standing.tally, attempts))
    });
    match read {
        Ok((claims, tally, attempts)) => {
            let findings = compare(&Sides {
                owed,
                claims: &claims,
                tally: &tally,
                attempts: u64::try_from(attempts).unwrap_or(u64::MAX),
                books: &books,
                caps: &context.campaign.caps,
            });
            Compared {
                claims,
                books,
                findings,
            }
        }
        Err(fault) => Compared {
            claims: Vec::new(),
            books,
            findings: compare::Discrepancies {
                misreported: vec![words::compare::unreadable(fault.to_string())],
                ..compare::Discrepancies::default()
            },
        },
    }
}

/// The report of the program itself, as a person would get it.
fn report(context: &Context, scratch: &Scratch) -> Result<Vec<Claim>, Error> {
    let path = scratch.path("report.json");
    let mut command = std::process::Command::new(std::env::current_exe()?);
    alone(&mut command);
    let ran = command
        .arg("report")
        .arg(&context.path)
        .args(["--format", "json", "--out"])
        .arg(&path)
        .output()?;
    if !ran.status.success() {
        let says = String::from_utf8_lossy(&ran.stderr).into_owned();
        return Err(std::io::Error::other(says).into());
    }
    read_claims(&path).map_err(unwritten(&path))
}

fn read_claims(path: &Path) -> std::io::Result<Vec<Claim>> {
    let text = std::fs::read(path)?;
    Ok(serde_json::from_slice(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_rehearsal_waits_no_longer_for_the_faults_of_a_rate_than_a_usual_one() {
        let over = |asked: &str, rows| faults(&[asked.to_owned()]).unwrap().over(rows);
        assert_eq!(over("0.1", 200), over("0.1", 9_000));
        assert_eq!(
            over("0.1", 100_000),
            FaultRates::of_every_kind(0.1, 0.0005),
            "fifty of each"
        );
        assert_eq!(over("late=0.1", 200), over("late=0.1", 100_000));
    }
}
