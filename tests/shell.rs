//! Somebody with a SQL shell, and disks that lose rows: a changed row pays nobody, is in no list
//! and no sum, and becomes no part of the journal.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use hongbao::simulator::{FaultName, FaultRates};
use rusqlite::Connection;

use crate::support::{Campaign, openid, total_yuan, until};

/// Half of ten packets are sent.
fn half_sent() -> Campaign {
    let campaign = Campaign::of(10);
    let run = ["--max-rows", "5"];
    campaign.verb("run", &with_total(&campaign, &run)).exits(5);
    campaign
}

fn with_total<'a>(campaign: &Campaign, rest: &[&'a str]) -> Vec<&'a str> {
    let total: &'a str = total_yuan(campaign.total_fen()).leak();
    [&["--live", "--confirm-total", total], rest].concat()
}

fn change(campaign: &Campaign, sql: &str) {
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    conn.pragma_update(None, "foreign_keys", "off").unwrap();
    assert!(conn.execute(sql, []).unwrap() > 0, "{sql}");
}

/// Where the next row of the journal would make the change part of it.
#[test]
fn a_changed_campaign_file_or_day_is_taken_by_nobody() {
    for sql in [
        "UPDATE campaign SET has_row_key = 1 - has_row_key",
        "UPDATE campaign SET breaks = 1",
        "UPDATE campaign SET is_clock_right = 1",
        "UPDATE file SET people = zeroblob(32)",
        "UPDATE day SET day = day - 4096",
        "UPDATE day SET day = day + 4096",
        "DELETE FROM day",
    ] {
        let campaign = half_sent();
        let sends = campaign.wechat.sends();
        change(&campaign, sql);
        for verb in ["run", "load", "reconcile"] {
            let rest = if verb == "run" {
                with_total(&campaign, &[])
            } else {
                Vec::new()
            };
            campaign
                .verb(verb, &rest)
                .exits(11)
                .says(&["changed from outside"]);
        }
        assert_eq!(campaign.wechat.sends(), sends, "{sql}");
        campaign.verb("audit", &[]).exits(1);
    }
}

/// Else what a halt or a person stopped would go on unseen.
#[test]
fn a_pause_that_somebody_took_away_is_no_unpause() {
    let campaign = half_sent();
    campaign.verb("pause", &["--because", "wait"]).exits(0);
    let sql = "UPDATE campaign SET paused_at = NULL, paused_by = NULL, paused_because = NULL";
    change(&campaign, sql);
    campaign.run().exits(11);
    assert_eq!(campaign.wechat.sends(), 5);
}

#[test]
fn a_changed_packet_is_in_no_report_and_no_list() {
    for (sql, told) in [
        (
            "UPDATE bill SET amount_fen = 20000 WHERE bill = 1",
            "the packet",
        ),
        (
            "UPDATE bill SET openid = 'oSTRANGERSTRANGERSTRANGER001' WHERE bill = 1",
            "the packet",
        ),
        (
            "UPDATE bill SET state = 'refused', next_action = NULL, due = NULL WHERE bill = 1",
            "counters",
        ),
        ("DELETE FROM bill WHERE bill = 1", "counters"),
    ] {
        let campaign = half_sent();
        change(&campaign, sql);
        for format in ["csv", "json", "xlsx", "html"] {
            let args = ["--format", format, "--out", "r.out"];
            campaign.verb("report", &args).exits(11).says(&[told]);
            assert!(!campaign.path("r.out").exists(), "{sql} {format}");
        }
    }
    let campaign = half_sent();
    change(
        &campaign,
        "UPDATE bill SET openid = 'oSTRANGERSTRANGERSTRANGER001' WHERE bill = 1",
    );
    campaign
        .verb("claims", &["--all", "--out", "c.out"])
        .exits(11)
        .says(&["the packet"]);
}

/// People whom a campaign paid are found by their rows: one that was changed would be nobody.
#[test]
fn who_was_paid_is_not_forgotten_by_a_changed_row() {
    for (sql, told) in [
        (
            "UPDATE bill SET openid = openid || ' ' WHERE bill <= 5",
            "the packet",
        ),
        (
            "UPDATE bill SET first_sent_at = first_sent_at - 3456000000 WHERE bill <= 5",
            "the sum of campaign 1",
        ),
    ] {
        let mut campaign = half_sent();
        change(&campaign, sql);
        campaign.set("campaign.id", "\"second\"");
        campaign.verb("load", &[]).exits(11).says(&[told]);
    }
}

/// The caps of a person count what was sent to them: a row that was changed would be nobody's.
#[test]
fn a_persons_cap_is_not_passed_by_a_changed_row() {
    let mut campaign = Campaign::of(1);
    let (one, other) = (openid(0), openid(1));
    let list = format!("row_key,openid,amount_fen\n1,{one},100\n2,{one},100\n3,{other},100\n");
    campaign.write("recipients.csv", list);
    campaign.set("caps.openid_per_day", "1");
    let run = ["--live", "--confirm-total", "3.00"];
    let first = [&run[..], &["--max-rows", "1"]].concat();
    campaign.verb("run", &first).exits(5);
    let stranger = "UPDATE bill SET openid = 'oSTRANGERSTRANGERSTRANGER001' WHERE bill = 1";
    change(&campaign, stranger);
    campaign.verb("run", &run).exits(11).says(&["the packet"]);
    assert_eq!(campaign.wechat.sends(), 1);
}

/// The request of a packet that is on its way is gone: it may be paid, and WeChat Pay is asked.
#[test]
fn a_packet_on_its_way_without_a_request_is_asked_about() {
    for sql in [
        "DELETE FROM attempt WHERE ended_at IS NULL",
        "UPDATE attempt SET ended_at = committed_at, answer = 'not_sent' WHERE ended_at IS NULL",
    ] {
        let campaign = Campaign::of(6);
        campaign.wechat.change(|settings| {
            settings.faults = FaultRates::none().with(FaultName::Late, 1.0);
            settings.query_faults = Some(FaultRates::none());
            settings.late_ms = 3_000;
        });
        let mut run = campaign.start_run();
        let open = || {
            let conn = Connection::open(campaign.path("hongbao.db")).ok()?;
            let sql = "SELECT count(*) FROM bill WHERE state = 'in_flight'";
            conn.query_row(sql, [], |row| row.get::<_, i64>(0)).ok()
        };
        until("one is on its way", || {
            open().is_some_and(|count| count > 0)
        });
        run.kill();
        run.wait();
        campaign
            .wechat
            .change(|settings| settings.faults = FaultRates::none());
        change(&campaign, sql);
        campaign.run();
        campaign.run();
        assert_eq!(campaign.count("in_flight"), 0, "{sql}");
        assert_eq!(campaign.count("sent"), 6, "{sql}");
        assert_eq!(campaign.wechat.books().paid_twice(), Vec::<&str>::new());
    }
}

/// As `.dump` into a new file leaves it.
#[test]
fn tables_without_a_version_are_no_empty_ledger() {
    let campaign = half_sent();
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    conn.pragma_update(None, "user_version", 0).unwrap();
    drop(conn);
    for verb in ["status", "plan", "load"] {
        campaign.verb(verb, &[]).exits(11).says(&["no version"]);
    }
}

/// What it knew of people who were paid would be gone with it.
#[test]
fn a_ledger_that_is_gone_is_not_made_anew_where_money_was_sent() {
    for is_emptied in [false, true] {
        let campaign = half_sent();
        for side in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(campaign.path(&format!("hongbao.db{side}")));
        }
        if is_emptied {
            campaign.write("hongbao.db", "");
        }
        for verb in ["load", "status", "report"] {
            campaign.verb(verb, &[]).exits(11).says(&["ledger adopt"]);
        }
        let doctor = campaign.verb("doctor", &[]);
        assert!(doctor.stdout.contains("ledger adopt"), "{}", doctor.stdout);
        campaign.run().exits(11);
        assert_eq!(campaign.wechat.sends(), 5);
    }
}
