//! Real money needs two words for it, and the exact total.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::Settings;

use crate::support::{Campaign, openid};

/// Fifty yuan in four packets.
fn fifty_yuan() -> Campaign {
    let mut campaign = Campaign::of(4);
    for (row, fen) in [1_000, 1_500, 500, 2_000].into_iter().enumerate() {
        campaign.owed[row].1 = fen;
    }
    let owed = campaign.owed.clone();
    campaign.owe(owed);
    campaign
}

fn nothing_was_done(campaign: &Campaign) {
    assert_eq!(campaign.loaded_rows(), 0);
    let books = campaign.wechat.books();
    assert_eq!(books.counters.sends + books.counters.queries, 0);
}

#[test]
fn live_without_the_exact_total_exits_2_and_names_both() {
    let campaign = fifty_yuan();
    for (flags, given) in [
        (&["--live"][..], "missing"),
        (&["--live", "--confirm-total", "49.99"], "49.99"),
        (&["--live", "--confirm-total", "5000"], "5000"),
        (&["--live", "--confirm-total", "fifty"], "fifty"),
        (&["--confirm-total", "50.00"], "50.00"),
        (&[], "missing"),
    ] {
        let ran = campaign.verb("run", flags).exits(2);
        ran.says(&["50.00", given, "--live --confirm-total 50.00"]);
        nothing_was_done(&campaign);
    }
}

#[test]
fn a_total_may_be_written_with_fewer_decimals() {
    for total in ["50", "50.0", "50.00"] {
        let campaign = fifty_yuan();
        let flags = ["--live", "--confirm-total", total];
        campaign.verb("run", &flags).exits(0);
        assert_eq!(campaign.books_agree().count("sent"), 4);
    }
}

#[test]
fn live_flags_without_a_live_gateway_exit_2() {
    let mut campaign = fifty_yuan();
    campaign.set("gateway.mode", "\"simulator\"");
    let flags = ["--live", "--confirm-total", "50"];
    let ran = campaign.verb("run", &flags).exits(2);
    ran.says(&["mode = \"live\"", "50.00 yuan", "--confirm-total is 50"]);
    nothing_was_done(&campaign);
}

#[test]
fn the_total_is_that_of_all_packets_ever_loaded() {
    let campaign = fifty_yuan();
    let flags = ["--live", "--confirm-total", "50"];
    campaign.verb("run", &flags).exits(0);
    campaign
        .verb("run", &["--live", "--confirm-total", "0"])
        .exits(2)
        .says(&["50.00 yuan"]);
    campaign
        .verb("run", &flags)
        .exits(0)
        .says(&["nothing to do"]);
}

#[test]
fn a_file_above_the_budget_is_refused() {
    let mut campaign = fifty_yuan();
    campaign.set("campaign.budget_yuan", "\"49.99\"");
    let ran = campaign.run().exits(6);
    ran.says(&["50.00 yuan", "49.99 yuan", "budget_yuan"]);
    nothing_was_done(&campaign);
    campaign.set("campaign.budget_yuan", "\"50\"");
    campaign.run().exits(0);
    campaign.books_agree();
}

#[test]
fn a_budget_that_was_lowered_after_the_load_stops_the_run() {
    let mut campaign = fifty_yuan();
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.budget_yuan", "\"49.99\"");
    for verb in ["plan", "run"] {
        let flags: &[&str] = match verb {
            "run" => &["--live", "--confirm-total", "50.00"],
            _ => &[],
        };
        campaign
            .verb(verb, flags)
            .exits(6)
            .says(&["50.00 yuan", "49.99 yuan", "budget_yuan"]);
    }
    assert_eq!(campaign.wechat.sends() + campaign.wechat.queries(), 0);
    campaign.set("campaign.budget_yuan", "\"50\"");
    campaign.run().exits(0);
}

#[test]
fn a_refused_file_comes_before_the_question_for_the_total() {
    let campaign = fifty_yuan();
    campaign.write("recipients.csv", "openid,amount_yuan\nx,1\n");
    campaign.verb("run", &["--live"]).exits(6);
}

#[test]
fn a_changed_text_is_refused_and_refrozen_only_while_nothing_was_sent() {
    let mut campaign = fifty_yuan();
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.wishing", "\"另一句\"");
    campaign
        .run()
        .exits(7)
        .says(&["wishing", "另一句", "--refreeze"]);
    assert_eq!(campaign.wechat.sends(), 0);
    campaign.verb("load", &["--refreeze"]).exits(0);
    campaign.run().exits(0);
    for booked in campaign.wechat.books().orders.values() {
        assert_eq!(booked.order.fields.unpack()["wishing"], "另一句");
    }
    campaign.set("campaign.wishing", "\"第三句\"");
    campaign.run().exits(7).says(&["wishing"]);
    campaign.verb("load", &["--refreeze"]).exits(7);
    campaign.set("campaign.wishing", "\"另一句\"");
    assert_eq!(campaign.books_agree().count("sent"), 4);
}

/// Every value of these rows, as SQLite has them.
fn rows_of(campaign: &Campaign, table: &str) -> Vec<String> {
    let conn = rusqlite::Connection::open(campaign.path("hongbao.db")).unwrap();
    let mut rows = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = rows.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let values = (0..columns).map(|at| row.get::<_, rusqlite::types::Value>(at));
        Ok(format!("{:?}", values.collect::<Result<Vec<_>, _>>()?))
    };
    let rows = rows.query_map([], row).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_list_that_is_refused_leaves_the_texts_that_were_frozen() {
    let mut campaign = fifty_yuan();
    campaign.verb("load", &[]).exits(0);
    let tables = ["campaign", "journal", "file", "tally"];
    let before = tables.map(|table| rows_of(&campaign, table));
    let list = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    campaign.set("campaign.wishing", "\"另一句\"");
    let keyed = "row_key,openid,amount_yuan\n1,oSomebodyElse000000000000,1.00\n";
    let dear = format!("{list}oSomebodyElse000000000000,19999\n");
    campaign.set("campaign.budget_yuan", "\"60\"");
    for refused in [&format!("{list}x,1\n"), &dear, keyed] {
        campaign.write("recipients.csv", refused);
        campaign.verb("load", &["--refreeze"]).exits(6);
        assert_eq!(tables.map(|table| rows_of(&campaign, table)), before);
    }
    let more = format!("{list}oSomebodyElse000000000000,100\n");
    campaign.write("recipients.csv", more);
    campaign
        .verb("load", &["--refreeze"])
        .exits(0)
        .says(&["the campaign's texts are now those of"]);
    assert!(rows_of(&campaign, "campaign")[0].contains("另一句"));
    campaign.is_audited();
}

/// One packet whose send halts the run with this code, and another text since.
fn halted_and_reworded(code: &str) -> Campaign {
    let settings = Settings {
        scripted: [(openid(0), code.to_owned())].into(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(1, settings);
    campaign.run().exits(11).says(&[code]);
    campaign.set("campaign.wishing", "\"另一句\"");
    campaign
}

#[test]
fn texts_stay_where_a_refusal_that_halts_may_have_left_an_order() {
    halted_and_reworded("NOTENOUGH")
        .verb("load", &["--refreeze"])
        .exits(7);
    halted_and_reworded("SIGN_ERROR")
        .verb("load", &["--refreeze"])
        .exits(0);
}

#[test]
fn a_changed_file_is_not_run() {
    let mut campaign = fifty_yuan();
    campaign.run().exits(0);
    let owed = campaign.owed.clone();
    campaign.owe(crate::support::rows(6));
    campaign
        .run()
        .exits(6)
        .says(&["not the file", "hongbao load"]);
    campaign.owe(owed);
    campaign.run().exits(0);
    campaign.books_agree();
}

#[test]
fn a_file_with_more_rows_is_added_by_load() {
    let mut campaign = Campaign::of(4);
    campaign.run().exits(0);
    campaign.owe(crate::support::rows(6));
    campaign
        .verb("load", &[])
        .exits(0)
        .says(&["2 packets", "4 were loaded before"]);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 6);
    assert_eq!(campaign.books_agree().count("sent"), 6);
}

#[test]
fn a_known_row_with_another_amount_refuses_the_whole_file() {
    let mut campaign = Campaign::of(4);
    campaign.run().exits(0);
    let mut changed = crate::support::rows(6);
    changed[2].1 += 1;
    let kept = campaign.owed.clone();
    campaign.owe(changed);
    campaign
        .verb("load", &[])
        .exits(6)
        .says(&["line 4", "other content"]);
    campaign.owe(kept);
    assert_eq!(campaign.books_agree().count("sent"), 4);
}

#[test]
fn another_merchant_or_mini_program_cannot_go_on_with_a_campaign() {
    for (key, value) in [
        ("merchant.mch_id", "\"10000099\""),
        ("merchant.wxappid", "\"wx9999999999999999\""),
    ] {
        let mut campaign = fifty_yuan();
        campaign.verb("load", &[]).exits(0);
        campaign.set(key, value);
        let name = key.split_once('.').unwrap().1;
        campaign.run().exits(7).says(&[name, value]);
        assert_eq!(campaign.wechat.sends(), 0);
    }
}
