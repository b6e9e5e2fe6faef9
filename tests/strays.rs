//! Answers that nobody asked for, and answers that name nobody: the program against a gateway of
//! the tests' own with an honest book. Whatever comes over a connection that was used before, of
//! any code, at any rate, before the request is written or right after its last byte, for sends,
//! queries and reissues: nobody is paid twice, and what the ledger calls paid or unpaid is so.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod campaign;
mod gateway;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use campaign::Campaign;
use gateway::{Gateway, Stray, Ways, When};

use crate::support::openid;

const CODES: [&str; 7] = [
    "PARAM_ERROR",
    "NOTENOUGH",
    "FREQ_LIMIT",
    "OPENID_ERROR",
    "SEND_FAILED",
    "FATAL_ERROR",
    "NOT_FOUND",
];
/// A campaign with strays is run so often; then the wires are mended.
const STORMY: u32 = 3;
/// Within this time after that everything is settled.
const MENDED: Duration = Duration::from_mins(3);
const PACKETS: usize = 40;

fn strays() -> Vec<Stray> {
    let codes = CODES.into_iter().map(Some).chain([None]);
    let each = |code| {
        let of = move |when, one_in, to_sends, to_queries| Stray {
            code,
            when,
            one_in,
            to_sends,
            to_queries,
        };
        [
            of(When::AfterTheRequest, 2, true, true),
            of(When::AfterTheRequest, 7, true, false),
            of(When::BeforeTheRequest, 3, true, true),
        ]
    };
    codes.flat_map(each).collect()
}

/// Runs, and unpauses where it halted, as a person would who looked into it.
fn run_through(campaign: &Campaign, times: u32) -> Option<i32> {
    let mut code = None;
    for _ in 0..times {
        code = campaign.run().code;
        match code {
            Some(0) => return code,
            Some(11) => drop(campaign.verb("unpause", &[])),
            _ => {}
        }
    }
    code
}

fn with_strays(stray: Stray) {
    // Some are refused in earnest, and get a new number.
    let refused = [5, 15, 25].map(|row| (openid(row), "OPENID_ERROR"));
    let refused = BTreeMap::from(refused);
    let ways = |stray, refused: &BTreeMap<_, _>| Ways {
        stray,
        refused: refused.clone(),
        ..Ways::default()
    };
    let gateway = Gateway::start(ways(Some(stray), &refused));
    let campaign = Campaign::of(PACKETS, &gateway, campaign::QUICK);
    run_through(&campaign, STORMY);
    campaign.agrees(&gateway, &format!("{stray:?}"));
    gateway.behave(ways(Some(stray), &BTreeMap::new()));
    campaign.reissue();
    run_through(&campaign, 1);
    campaign.agrees(&gateway, &format!("reissued, {stray:?}"));
    gateway.behave(Ways::default());
    let is_settled = || {
        run_through(&campaign, 1);
        let counts = campaign.counts();
        counts["ready"] + counts["in_doubt"] + counts["review"] == 0
    };
    // The last question may be minutes away for one that was asked about often.
    let begun = Instant::now();
    while !is_settled() {
        let counts = campaign.counts();
        assert!(begun.elapsed() < MENDED, "{counts:?} {stray:?}");
        std::thread::sleep(Duration::from_secs(1));
    }
    campaign.agrees(&gateway, &format!("mended, {stray:?}"));
}

#[test]
fn nothing_that_nobody_asked_for_pays_twice_or_misstates() {
    // Each waits far more than it works.
    std::thread::scope(|scope| {
        for stray in strays() {
            scope.spawn(move || with_strays(stray));
        }
    });
}

#[test]
fn refusals_that_name_nobody_are_final_within_a_minute_of_the_last_send() {
    let codes = ["OPENID_ERROR", "PARAM_ERROR", "MONEY_LIMIT", "PARAM_ERROR"];
    let refused = (0..4).map(|n| (openid(n * 50 + 7), codes[n]));
    let gateway = Gateway::start(Ways {
        refused: refused.collect(),
        ..Ways::default()
    });
    let campaign = Campaign::of(200, &gateway, campaign::DEFAULTS);
    let ran = campaign.run();
    let took = gateway.last_send().elapsed();
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(took < Duration::from_mins(1), "{took:?}");
    let counts = campaign.counts();
    assert_eq!((counts["refused"], counts["sent"]), (4, 196));
    campaign.agrees(&gateway, "");
}

#[test]
fn no_limit_leads_to_review_however_often_it_is_named() {
    // More questions than a bill may be asked to no end.
    for code in ["FREQ_LIMIT", "NOTENOUGH"] {
        let always = BTreeMap::from([(String::new(), code)]);
        let gateway = Gateway::start(Ways {
            refused: always,
            ..Ways::default()
        });
        let campaign = Campaign::of(20, &gateway, campaign::QUICK);
        for _ in 0..2 {
            campaign.run();
            campaign.verb("unpause", &[]);
        }
        let doubted = campaign.counts()["in_doubt"];
        assert!(doubted > 0, "{code} names nobody");
        for _ in 0..45 {
            campaign.verb("reconcile", &[]);
        }
        let counts = campaign.counts();
        assert_eq!((counts["review"], counts["refused"]), (0, 0), "{code}");
        gateway.behave(Ways::default());
        assert_eq!(run_through(&campaign, 3), Some(0), "{code}");
        campaign.agrees(&gateway, code);
        assert_eq!(campaign.counts()["sent"], 20, "{code}");
    }
}

#[test]
fn one_that_is_never_answered_stops_nobody_else() {
    let gateway = Gateway::start(Ways {
        mute: Some(openid(3)),
        ..Ways::default()
    });
    let campaign = Campaign::of(40, &gateway, campaign::QUICK);
    let begun = Instant::now();
    assert_eq!(campaign.run().code, Some(4));
    assert!(begun.elapsed() < Duration::from_mins(1));
    let counts = campaign.counts();
    assert_eq!((counts["sent"], counts["in_doubt"]), (39, 1));
    campaign.agrees(&gateway, "");
}

#[test]
fn no_more_connections_are_open_than_requests_may_be() {
    for in_flight in [1, 32] {
        let gateway = Gateway::start(Ways::default());
        let campaign = Campaign::of(400, &gateway, campaign::QUICK);
        campaign.set_in_flight(in_flight);
        assert_eq!(campaign.run().code, Some(0));
        let most = gateway.most_open();
        assert!(most <= in_flight, "{most} for {in_flight}");
    }
}
