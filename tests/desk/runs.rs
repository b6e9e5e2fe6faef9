//! Runs on record: in a workbook and on a page, whoever ran them, and however they ended.

use std::fs;

use rusqlite::Connection;
use rustix::process::geteuid;

use super::{finished, written};
use crate::support::{Campaign, until};

/// The table of runs on a Chinese page: the texts of its cells, row by row.
fn runs(campaign: &Campaign, name: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(written(campaign, name, &["--lang", "zh"])).unwrap();
    let (_, section) = page.split_once("<h2>运行记录</h2>").unwrap();
    let (section, _) = section.split_once("</section>").unwrap();
    let bodies = section.split_once("<tbody>").map_or("", |(_, body)| body);
    let text = |cell: &str| {
        let text = cell.split_once('>').unwrap().1;
        text.split("</td>").next().unwrap().to_owned()
    };
    let rows = bodies.split("<tr>").skip(1);
    rows.map(|row| row.split("<td").skip(1).map(text).collect())
        .collect()
}

fn count(campaign: &Campaign, sql: &str) -> i64 {
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

const RUN_ROWS: &str = "SELECT count(*) FROM journal WHERE event IN ('run_begun', 'run_ended')";

#[test]
fn every_run_is_told_with_account_version_exit_and_what_it_sent() {
    let campaign = finished();
    campaign.verb("reconcile", &[]).exits(3);
    let rows = runs(&campaign, "runs.html");
    let [first, second] = &rows[..] else {
        panic!("{rows:?}");
    };
    let account = format!("({})", geteuid().as_raw());
    for (row, verb) in [(first, "run"), (second, "reconcile")] {
        assert!(row[0] <= row[1] && row[0].starts_with("20"), "{row:?}");
        assert_eq!(row[2], verb);
        assert!(row[3].ends_with(&account), "{row:?}");
        assert_eq!(row[4], env!("CARGO_PKG_VERSION"));
        assert_eq!(row[5], "3 · 已结束，部分红包发放失败");
    }
    let fen: u64 = campaign
        .owed
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != 7)
        .map(|(_, (_, fen))| fen)
        .sum();
    let yuan = format!("{}.{:02}", fen / 100, fen % 100);
    assert_eq!(first[6..], ["11".to_owned(), yuan]);
    assert_eq!(second[6..], ["0", "0.00"]);
    assert_eq!(count(&campaign, RUN_ROWS), 4, "two rows a run");
    // It asks nothing and sends nothing: there is nothing to tell.
    campaign.run().exits(3);
    assert_eq!(count(&campaign, RUN_ROWS), 4);
    campaign.is_audited();
}

#[test]
fn a_run_that_was_killed_is_cut_short_and_one_under_way_is_not() {
    let mut campaign = Campaign::of(60);
    campaign.set("pace.per_second", "20");
    let mut run = campaign.start_run();
    until("some are paid", || campaign.wechat.books().paid_packets > 5);
    let rows = runs(&campaign, "meanwhile.html");
    assert_eq!((rows.len(), &*rows[0][5]), (1, "尚未结束"), "{rows:?}");
    run.kill();
    run.wait();
    let rows = runs(&campaign, "killed.html");
    assert!(
        rows[0][1].is_empty() && rows[0][5].starts_with("中断"),
        "{rows:?}"
    );
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    let rows = runs(&campaign, "after.html");
    assert!(rows[0][5].starts_with("中断"), "it stays so: {rows:?}");
    assert!(rows[1][5].starts_with("0 · "), "{rows:?}");
    let sent = |row: &[String]| row[6].parse::<u64>().unwrap();
    let (killed, other) = (sent(&rows[0]), sent(&rows[1]));
    assert!(killed > 5 && other > 0 && killed + other == 60, "{rows:?}");
    assert_eq!(count(&campaign, RUN_ROWS), 3);
    campaign.is_audited();
}

#[test]
fn what_no_run_on_record_sent_is_told_apart() {
    let campaign = finished();
    let rows = runs(&campaign, "before.html");
    assert_eq!((rows.len(), &*rows[0][6]), (1, "11"));
    // As a ledger of version 5 has it: nobody kept runs.
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    let triggers = "DROP TRIGGER journal_keeps_words; UPDATE journal SET event = 'x'
         WHERE event IN ('run_begun', 'run_ended');";
    conn.execute_batch(triggers).unwrap();
    drop(conn);
    let rows = runs(&campaign, "old.html");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0][..2], ["无运行记录的发放", "11"]);
}
