//! Plays cases: the program runs into the fault, the fault ends, the program settles the rest,
//! and both sides are compared after each step.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Runtime;

use super::campaign::Campaign;
use super::case::{Case, Position};
use super::compare::{Claims, Comparison};
use super::server::Server;
use crate::support::Ran;

/// Cases at a time, of each test: most of their time they wait for a second to be over.
const AT_A_TIME: usize = 8;
/// On a busy machine not all that shall halt together meet their fault before the first halt.
const MAX_HALTS: usize = 10;
/// What an endless reply may fill: the buffers of two kernels and no more.
const MAX_FLOOD: usize = 32 << 20;
/// What a process may need in the worst case, in KiB.
const MAX_PEAK_KIB: u64 = 192 << 10;

/// Plays all cases and fails with every one that went wrong.
pub(crate) fn play_all(cases: &[Case]) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (next, wrongs) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
            if let Err(wrong) = play(&runtime, case) {
                let mut wrongs = wrongs.lock().unwrap();
                wrongs.push(format!("{}:\n    {wrong}", case.name()));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(work);
        }
    });
    let wrongs = wrongs.into_inner().unwrap();
    let (bad, all) = (wrongs.len(), cases.len());
    assert!(bad == 0, "{bad} of {all} cases:\n  {}", wrongs.join("\n  "));
}

fn play(runtime: &Runtime, case: &Case) -> Result<(), String> {
    let server = Server::start(runtime, case);
    let mut campaign = Campaign::of(case, &server);
    ends(&campaign.load(), &[0])?;
    let first = campaign.run();
    ends(&first, first_exits(case))?;
    compare(case, &campaign, &server, false)?;
    if case.door.is_some() {
        the_door_was_met(case, &campaign, &server)?;
    }
    server.open();
    if case.door.is_some() || case.halts() {
        let mut last = first;
        for _ in 0..MAX_HALTS {
            if last.code == Some(11) {
                ends(&campaign.verb("unpause", &[]), &[0])?;
            }
            last = campaign.run();
            if last.code != Some(11) || case.door.is_some() {
                break;
            }
        }
        ends(&last, &[0])?;
    }
    if case.needs_a_person() {
        ends(&campaign.verb("reconcile", &[]), &[4])?;
        ends(&campaign.run(), &[4])?;
    }
    compare(case, &campaign, &server, true)?;
    let flood = server.books().account().flood;
    if flood > MAX_FLOOD || campaign.peak_kib > MAX_PEAK_KIB {
        let peak = campaign.peak_kib;
        return Err(format!("{flood} bytes were taken, {peak} KiB of memory"));
    }
    Ok(())
}

/// How the run that meets the fault may end, by the table of exit codes.
fn first_exits(case: &Case) -> &'static [i32] {
    match (case.door, case.position) {
        (None, _) if case.halts() => &[11],
        (None, _) if case.needs_a_person() => &[4],
        (None, _) => &[0],
        (Some(door), Position::Start) if door.is_the_set_up() => &[7],
        (Some(door), _) if door.is_the_set_up() => &[11],
        // Closed without an answer three times in a row speaks of our certificate.
        (Some(door), Position::Start) if door.may_lose_a_request() => &[7, 10],
        // Nothing is in doubt where no send left.
        (Some(_), Position::Start) => &[10],
        (Some(_), Position::FirstSend) => &[4, 10],
        (Some(_), _) => &[4],
    }
}

fn ends(ran: &Ran, codes: &[i32]) -> Result<(), String> {
    let is_right = ran.code.is_some_and(|code| codes.contains(&code));
    if is_right && !ran.stderr.contains("panicked") {
        return Ok(());
    }
    Err(format!("{:?} and not {codes:?}: {}", ran.code, ran.stderr))
}

fn compare(case: &Case, campaign: &Campaign, server: &Server, is_over: bool) -> Result<(), String> {
    let claims = Claims::read(campaign);
    let account = server.books().account().clone();
    let mut comparison = Comparison::of(case, &claims, &account);
    if is_over {
        comparison.settled();
    }
    if comparison.wrongs.is_empty() {
        return Ok(());
    }
    Err(comparison.wrongs.join("\n    "))
}

/// The fault was there, and where the set-up is wrong not one request got through.
fn the_door_was_met(case: &Case, campaign: &Campaign, server: &Server) -> Result<(), String> {
    let claims = Claims::read(campaign);
    let account = server.books().account();
    if account.at_the_door == 0 && claims.not_sent == 0 {
        return Err("the door was not met".to_owned());
    }
    let requests = account.checks + u32::try_from(account.orders.len()).unwrap();
    if case.position == Position::Start && requests > 0 {
        return Err(format!("{requests} requests got through"));
    }
    let untouched = claims.count("ready");
    if case.position == Position::Start && untouched != case.packets.len() {
        return Err(format!("{untouched} packets are untouched"));
    }
    Ok(())
}
