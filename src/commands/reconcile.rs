//! `reconcile`: query every bill that is not settled, and match with the merchant's fund-flow
//! bills.
//!
//! - `bills`: the bills that were given, each read to its end before anything else;
//! - `beside`: the match, told and kept; `end`: what came of the questions.

mod beside;
mod bills;
mod end;

use std::io::Write;
use std::num::NonZeroU64;
use std::sync::Arc;

use crate::cli::{BillAccount, ReconcileArgs};
use crate::clock::beijing_words;
use crate::config::LeftFormat;
use crate::domain::flow::breaks::{BreakKind, StandingBreaks};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Owner, Reader};
use crate::runner::{
    Gate, Reconciled, Shut, Survey, on_signals, reconcile as query_all, start_of_clock,
};
use crate::service;
use crate::wechat::fund_flow::FundAccount;
use crate::words::{Lang, run as words};

use self::beside::{match_bills, write_breaks};
use self::bills::{TakenBills, WantedDay, day_typed};
use self::end::{conclude, say_standing};
use super::finish::document::{end, end_with};
use super::finish::ending::{by_state, say_halt};
use super::finish::left::LeftReports;
use super::finish::notice::ReconcileNews;
use super::finish::notices::RunNotices;
use super::finish::progress::Progress;
use super::finish::run_log::RunLog;
use super::setup::context::Context;
use super::setup::gateway::OpenGateway;
use super::setup::stdout::Stdout;
use super::setup::time::duration_ms;
use super::setup::typed::reconcile_options;

/// A loaded campaign, and what was typed about it.
struct Request<'a> {
    args: &'a ReconcileArgs,
    context: &'a Context,
    log: &'a RunLog<'a>,
    reader: &'a Reader,
    row: &'a CampaignRow,
    survey: Survey,
    /// The bills to download.
    wanted: Vec<WantedDay>,
}

/// How far the questions came.
enum Conversation {
    /// None was wanted. The ledger is still held.
    #[expect(dead_code, reason = "it is dropped at the end")]
    Nothing(Box<Owner>),
    /// The clock is wrong: none was asked.
    Halted,
    Done(Box<Reconciled>),
}

/// How far a reconciliation came.
enum CarriedOut {
    /// Nothing was asked: the clock is wrong.
    Halted,
    Asked,
    /// With the gravest break, if there is one.
    Matched(Option<BreakKind>),
}

/// What came of a reconciliation.
struct ReconcileEnd {
    exit: ExitCode,
    carried: CarriedOut,
    found: ReconcileNews,
}

pub(super) async fn reconcile(
    args: &ReconcileArgs,
    typed: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let mut context = Context::open(&args.campaign, lang)?;
    context.typed = typed;
    context.stdout = Stdout::of(args.bills.json);
    let survey = survey(args, &context)?;
    let (reader, row) = context.must_be_loaded()?;
    let log = RunLog::of("reconcile", &context, &reader);
    let request = Request {
        args,
        context: &context,
        log: &log,
        reader: &reader,
        row: &row,
        survey,
        wanted: wanted(&context, args)?,
    };
    let mut bills = TakenBills::new(args.bills.instead)?;
    // A bill that is refused comes before everything else.
    for file in &args.bills.fund_flow {
        bills.take_file(&context, file)?;
    }
    let notices = RunNotices::of_reconciliation(&context);
    let owner = context.own("reconcile")?;
    owner.check_account(&context.terms())?;
    service::ready();
    let done = request.carry_out(&mut bills, owner).await;
    let done = match log.ended(done, |done| Ok(done.exit)) {
        Ok(done) => done,
        Err(fault) => {
            notices
                .reconciled(fault.exit(), ReconcileNews::default())
                .await;
            return Err(fault);
        }
    };
    let ReconcileEnd {
        exit,
        carried,
        found,
    } = done;
    // After the row of its end: the head that is told is the last one.
    let options = reconcile_options(args);
    let ended = (exit, options.as_str());
    let exit = match carried {
        CarriedOut::Halted => exit,
        CarriedOut::Asked => say_standing(&context, ended, None)?,
        CarriedOut::Matched(broken) => say_standing(&context, ended, broken)?,
    };
    let breaks = |to: &mut dyn Write| write_breaks(&bills, to);
    let exit = match carried {
        CarriedOut::Halted => end(&context, "reconcile", exit),
        CarriedOut::Asked => end(&context, "reconcile", leave(&context, exit)),
        CarriedOut::Matched(_) => {
            let exit = leave(&context, exit);
            end_with(&context, "reconcile", exit, Some(&breaks))
        }
    };
    notices.reconciled(exit, found).await;
    Ok(exit)
}

/// Leaves the reports, and names them.
fn leave(context: &Context, exit: ExitCode) -> ExitCode {
    let mut left = LeftReports::new(context, exit);
    left.leave(LeftFormat::Csv);
    left.leave(LeftFormat::Xlsx);
    left.say()
}

/// The bills to download: without an account, of both, since which one pays is not known here.
fn wanted(context: &Context, args: &ReconcileArgs) -> Result<Vec<WantedDay>, Error> {
    let accounts = match args.bills.account {
        Some(BillAccount::Basic) => &[FundAccount::Basic][..],
        Some(BillAccount::Operation) => &[FundAccount::Operation],
        None => &FundAccount::ALL,
    };
    let mut wanted = Vec::new();
    for typed in &args.bills.fetch_fund_flow {
        let day = day_typed(context, typed)?;
        // A day that is named twice is downloaded once.
        wanted.retain(|it: &WantedDay| it.day != day);
        wanted.extend(accounts.iter().map(|&account| WantedDay { day, account }));
    }
    Ok(wanted)
}

/// The graver exit code of match and campaign.
fn worse(campaign: ExitCode, matched: ExitCode) -> ExitCode {
    match (matched, campaign) {
        (ExitCode::Done, exit)
        | (_, exit @ ExitCode::Unexpected)
        | (ExitCode::SomeUnresolved, exit @ ExitCode::Halted) => exit,
        (matched, _) => matched,
    }
}

impl Request<'_> {
    /// Asks and matches; the exit code, and how far it came.
    async fn carry_out(&self, bills: &mut TakenBills, owner: Owner) -> Result<ReconcileEnd, Error> {
        let context = self.context;
        let mut found = ReconcileNews::default();
        let outcome = |exit, carried, found| ReconcileEnd {
            exit,
            carried,
            found,
        };
        // Nobody takes the ledger before the match is kept: a run knows from its start what bills
        // call paid.
        let held = owner.reader()?;
        let asked = self.converse(bills, owner).await?;
        service::works();
        service::stopping();
        let has_bills = !self.args.bills.fund_flow.is_empty() || !self.wanted.is_empty();
        let is_cut =
            |done: &Reconciled| matches!(done.shut, Some(Shut::Signal(_) | Shut::LedgerFailed));
        let is_whole = !matches!(&asked, Conversation::Done(done) if is_cut(done));
        let mut standing = context.standing()?;
        if has_bills && is_whole {
            // The match has the newer word.
            standing.bill_breaks = StandingBreaks::default();
        }
        let exit = match &asked {
            Conversation::Halted => {
                return Ok(outcome(ExitCode::Halted, CarriedOut::Halted, found));
            }
            Conversation::Nothing(_) => by_state(&standing),
            Conversation::Done(done) => {
                found.are_denied = done.denied > 0;
                conclude(context, done, &standing)
            }
        };
        if !has_bills || !is_whole {
            return Ok(outcome(exit, CarriedOut::Asked, found));
        }
        let (matched, broken) = match_bills(context, (self.reader, self.row), bills)?;
        drop(held);
        found.bills_differ = matched == ExitCode::Halted && exit != ExitCode::Halted;
        let exit = if self.reader.standing_breaks(self.row)?.are_grave() {
            worse(exit, ExitCode::Halted)
        } else {
            exit
        };
        let carried = CarriedOut::Matched(broken);
        Ok(outcome(worse(exit, matched), carried, found))
    }

    /// Downloads and asks, as far as either is wanted.
    async fn converse(&self, bills: &mut TakenBills, owner: Owner) -> Result<Conversation, Error> {
        if self.args.bills.no_queries && self.wanted.is_empty() {
            return Ok(Conversation::Nothing(Box::new(owner)));
        }
        self.log.begin(self.row)?;
        let gateway = OpenGateway::open(self.context).await?;
        let asked = self.ask(&gateway, bills, owner).await;
        gateway.close().await;
        asked
    }

    async fn ask(
        &self,
        gateway: &OpenGateway,
        bills: &mut TakenBills,
        owner: Owner,
    ) -> Result<Conversation, Error> {
        let context = self.context;
        for wanted in &self.wanted {
            bills.fetch(context, gateway, *wanted).await?;
        }
        if self.args.bills.no_queries {
            return Ok(Conversation::Nothing(Box::new(owner)));
        }
        let (now, highest_time) = (context.clock.now_ms(), owner.highest_time());
        let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
        if let Some(halt) = start_of_clock(now, highest_time) {
            say_halt(context, &halt);
            return Ok(Conversation::Halted);
        }
        writer.recover(now).await?;
        let gate = Arc::new(Gate::default());
        on_signals(&gate, context.lang)?;
        service::drives(context.longest_answer());
        let is_right = self.row.is_clock_right;
        let shared = gateway.shared(context, self.reader, (gate, writer), is_right)?;
        let since = self.reader.reconciling_since(self.row, now)?;
        if let Some(since) = since.filter(|_| self.survey.older_than_ms.is_none()) {
            context.tell(&words::goes_on(beijing_words(since)));
        }
        let mut shown = None;
        let tell = |total, glance| {
            shown
                .get_or_insert_with(|| Progress::begin(total, context))
                .show(glance);
        };
        let done = query_all(&Arc::new(shared), self.reader, &self.survey, tell).await?;
        if let Some(progress) = shown {
            progress.end();
        }
        Ok(Conversation::Done(Box::new(done)))
    }
}

fn survey(args: &ReconcileArgs, context: &Context) -> Result<Survey, Error> {
    let older_than_ms = args
        .older_than
        .as_deref()
        .map(|typed| duration_ms("--older-than", typed));
    let older_than_ms = older_than_ms.transpose()?;
    Ok(Survey {
        campaign: context.campaign.id.clone(),
        in_flight: context.in_flight(),
        older_than_ms,
        limit: args.limit.map(NonZeroU64::get),
    })
}
