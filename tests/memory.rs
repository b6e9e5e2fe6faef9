//! A ledger that is lost: the same file gives the same numbers, and WeChat Pay knows them.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::support::{Campaign, until};

fn lose_the_ledger(campaign: &Campaign) {
    for file in std::fs::read_dir(campaign.dir())
        .unwrap()
        .map(Result::unwrap)
    {
        if file.file_name().to_string_lossy().starts_with("hongbao.db") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
}

#[test]
fn with_the_ledger_gone_nothing_is_paid_again_and_the_packages_are_fetched() {
    let campaign = Campaign::of(40);
    campaign.run().exits(0);
    lose_the_ledger(&campaign);
    let ran = campaign.run().exits(0);
    ran.says(&["which this ledger never sent"]);
    // WeChat Pay says when each was sent: today, so that a resend brings its package.
    assert_eq!(campaign.wechat.sends(), 80, "for the packages");
    assert_eq!(campaign.wechat.books().paid_packets, 40);
    assert_eq!(campaign.books_agree().count("sent"), 40);
}

#[test]
fn numbers_that_were_never_sent_are_sent_after_their_question() {
    let mut campaign = Campaign::of(60);
    campaign.set("pace.per_second", "30");
    let run = campaign.start_run();
    until("half is paid", || {
        campaign.wechat.books().paid_packets >= 30
    });
    run.signal("TERM");
    run.wait().exits(143);
    lose_the_ledger(&campaign);
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.books().paid_packets, 60);
    assert_eq!(campaign.books_agree().count("sent"), 60);
    campaign.verb("reconcile", &[]).exits(0);
    campaign.books_agree();
}
