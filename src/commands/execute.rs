//! From what was typed to the verb that carries it out.

use std::thread;

use tokio::runtime::Builder;

use super::console::{despite, say_json};
use super::decide::{approve, pause, resolve, withdraw};
use super::finish::progress::be_asked;
use super::keep::{init, ledger, manual, report};
use super::look::{audit, explain, list, notify, show, status};
use super::setup::typed::Typed;
use super::{claims, doctor, load, plan, reconcile, rehearse, reissue, run, schedule, simulate};
use crate::aside::{error, refused, tell_error};
use crate::cli::{Cli, Verb};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::Lang;

/// Carries out what was typed, speaks `lang`, and tells why it cannot go on where it cannot.
#[must_use]
pub fn execute(cli: Cli, lang: Lang) -> ExitCode {
    let typed = Typed::of(&cli.verb);
    carry_out(cli, lang).unwrap_or_else(|fault| {
        let (exit, words) = (fault.exit(), typed.named(fault.words()));
        let next = typed.next(exit, &words);
        tell_error(lang, &words, exit.code(), Some(&next));
        let verb = typed.with_document();
        let object = verb.map(|verb| refused(verb, &error(&words, exit.code(), Some(&next))));
        let said = object.map_or(Ok(true), |object| say_json(&object));
        despite(lang, said, exit)
    })
}

fn carry_out(cli: Cli, lang: Lang) -> Result<ExitCode, Error> {
    match cli.verb {
        Verb::Init(args) => init::init(&args, lang),
        Verb::Run(args) => block_on(
            Builder::new_current_thread(),
            run::run(&args, cli.lang, lang),
        ),
        Verb::Load(args) => load::load(&args, lang),
        Verb::Plan(args) => plan::plan(&args, lang),
        Verb::Rehearse(args) => {
            spare_thread()?;
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(1);
            block_on(builder, rehearse::rehearse(&args, lang))
        }
        Verb::Status(args) => block_on(Builder::new_current_thread(), status::status(&args, lang)),
        Verb::Reconcile(args) => block_on(
            Builder::new_current_thread(),
            reconcile::reconcile(&args, cli.lang, lang),
        ),
        Verb::Report(args) => report::report(&args, cli.lang, lang),
        Verb::Claims(args) => claims::claims(&args, cli.lang, lang),
        Verb::List(args) => list::list(&args, lang),
        Verb::Show(args) => show::show(&args, lang),
        Verb::Explain(args) => explain::explain(&args, lang),
        Verb::Pause(args) => pause::pause(&args, lang),
        Verb::Unpause(args) => pause::unpause(&args, lang),
        Verb::Resolve(args) => resolve::resolve(&args, lang),
        Verb::Approve(args) => approve::approve(&args, lang),
        Verb::Reissue(args) => {
            block_on(Builder::new_current_thread(), reissue::reissue(&args, lang))
        }
        Verb::Withdraw(args) => block_on(
            Builder::new_current_thread(),
            withdraw::withdraw(&args, lang),
        ),
        Verb::Audit(args) => audit::audit(&args, lang),
        Verb::Ledger(args) => ledger::ledger(&args, lang),
        Verb::Simulate(args) => {
            let builder = Builder::new_current_thread();
            block_on(builder, simulate::simulate(args, lang))
        }
        Verb::Doctor(args) => block_on(Builder::new_current_thread(), doctor::doctor(&args, lang)),
        Verb::Schedule(args) => schedule::schedule(&args, lang),
        Verb::Notify(args) => block_on(Builder::new_current_thread(), notify::notify(&args, lang)),
        Verb::Completions(args) => manual::completions(&args, lang),
        Verb::Man(args) => manual::man(&args, lang),
    }
}

/// Tokio panics where the system gives it no thread, and so one is asked for first.
fn spare_thread() -> Result<(), Error> {
    let spare = thread::Builder::new().spawn(|| ());
    spare.map(drop).map_err(Error::NoThread)
}

/// One thread speaks to the gateway and one writes the ledger. The simulator has one, too: two
/// would wake each other for each request. In a rehearsal it is beside the one that watches the
/// runs. Two threads at the gateway take a tenth more CPU and are no faster where it shares two
/// cores with them; a machine that has no thread left would end such a run with a panic.
fn block_on(
    mut builder: Builder,
    verb: impl Future<Output = Result<ExitCode, Error>>,
) -> Result<ExitCode, Error> {
    let runtime = builder.enable_all().build().map_err(Error::Io)?;
    runtime.block_on(async {
        be_asked()?;
        verb.await
    })
}
