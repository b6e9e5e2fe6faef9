//! A ledger that is lost: the same file gives the same numbers, and WeChat Pay knows them.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use support::{Campaign, until};

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
fn with_the_ledger_gone_nothing_is_sent_again_and_queries_settle_it() {
    let campaign = Campaign::of(40);
    campaign.run().exits(0);
    lose_the_ledger(&campaign);
    // Their window is closed: nothing can fetch the packages any more, and a run says so once.
    let ran = campaign.run().exits(0);
    ran.says(&["which this ledger never sent", "40 of them without package"]);
    assert_eq!(campaign.wechat.sends(), 40, "nothing was sent again");
    assert_eq!(campaign.books_agree().count("sent"), 40);
}

#[test]
fn numbers_that_were_never_sent_stay_in_doubt_with_their_window_closed() {
    let mut campaign = Campaign::of(60);
    campaign.set("pace.per_second", "30");
    let run = campaign.start_run();
    until("half is paid", || {
        campaign.wechat.books().paid_packets >= 30
    });
    run.signal("TERM");
    run.wait().exits(143);
    let sends = campaign.wechat.sends();
    lose_the_ledger(&campaign);
    campaign.set("pace.per_second", "0");
    campaign.run().exits(4);
    assert_eq!(campaign.wechat.sends(), sends, "nothing was sent again");
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), campaign.wechat.books().paid_packets);
    assert_eq!(
        agreed.count("sent") + agreed.count("in_doubt"),
        60,
        "{agreed:?}"
    );
    campaign.verb("reconcile", &[]).exits(4);
    assert_eq!(campaign.wechat.sends(), sends);
    campaign.books_agree();
}
