//! Power loss at any moment: what was open is in doubt, and the next run finishes it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::thread::sleep;
use std::time::Duration;

use hongbao::simulator::{FaultName, Settings};

use crate::support::{Campaign, an_eighth, until};

/// Milliseconds from start to kill; small ones hit loading and the questions before the first
/// send. Drawn once, so that a failure comes again.
const DELAYS_MS: [u64; 13] = [15, 40, 120, 333, 210, 517, 90, 404, 275, 161, 1640, 25, 350];

fn killed_a_dozen_times(campaign: &Campaign) -> u64 {
    let mut cut_short = 0;
    for delay_ms in DELAYS_MS {
        let mut run = campaign.start_run();
        sleep(Duration::from_millis(delay_ms));
        if delay_ms > 300 {
            // However busy the machine is, some kills come in the middle of sending.
            until("one is paid", || campaign.wechat.books().paid_packets > 0);
        }
        cut_short += u64::from(!run.is_over());
        run.kill();
        run.wait();
    }
    cut_short
}

#[test]
fn a_campaign_killed_a_dozen_times_is_finished_by_the_next_run() {
    let mut campaign = Campaign::of(600);
    campaign.set("pace.per_second", "150");
    campaign.set("retry.linger_seconds", "10");
    assert!(
        killed_a_dozen_times(&campaign) >= 12,
        "it was over too soon"
    );
    let half_way = campaign.wechat.books().paid_packets;
    assert!((1..600).contains(&half_way), "{half_way} paid");
    campaign.set("pace.per_second", "0");
    campaign.set("pace.per_minute", "0");
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 600);
}

#[test]
fn kills_between_lost_answers_lose_nothing_either() {
    let names = [
        FaultName::LostBefore,
        FaultName::LostAfter,
        FaultName::SystemErrorPaid,
    ];
    let settings = Settings {
        faults: an_eighth(&names),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(400, settings);
    campaign.set("pace.per_second", "100");
    campaign.set("retry.linger_seconds", "10");
    killed_a_dozen_times(&campaign);
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 400);
}

#[test]
fn a_load_that_is_killed_wrote_all_or_nothing() {
    let campaign = Campaign::of(20_000);
    let mut loaded = 0;
    for delay_ms in [5, 20, 60, 110, 170, 240, 320] {
        let mut load = campaign.start("load", &[]);
        sleep(Duration::from_millis(delay_ms));
        load.kill();
        load.wait();
        let rows = campaign.loaded_rows();
        assert!(
            rows == 20_000 || (rows, loaded) == (0, 0),
            "{rows} after {loaded}"
        );
        loaded = rows;
    }
    campaign.verb("load", &[]).exits(0);
    assert_eq!(campaign.books_agree().count("ready"), 20_000);
}
