//! A live campaign driven by its ledger's writer at times of the test's own, which no command can
//! do: one packet failed yesterday and has a new number that was not sent yet.

use std::path::PathBuf;

use hongbao::config::Mode;
use hongbao::domain::caps::Caps;
use hongbao::domain::ids::{CampaignId, MchId};
use hongbao::domain::outcome::{Answer, Doubt, Outcome, Receipt, Sighting};
use hongbao::domain::packet::Texts;
use hongbao::domain::terms::Terms;
use hongbao::ledger::{Allowed, LedgerError, Owner, Wanted, Writer};

use crate::support::Campaign;
pub(crate) use crate::terms::RULES;

pub(crate) const DAY_MS: i64 = 86_400_000;
pub(crate) const ALL: Allowed = Allowed {
    sends: true,
    resends: true,
    queries: true,
};

pub(crate) fn wait<T>(what: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.build().unwrap().block_on(what)
}

/// What was said of the fourth packet's number, and of the one after it, yesterday.
pub(crate) fn failed_yesterday(campaign: &Campaign) {
    let (sent, asked) = (now() - DAY_MS, now() - DAY_MS + 3_600_000);
    let writer = writer(campaign, sent);
    let receipt = |row: usize| Receipt {
        send_listid: format!("100004000000000000000000000{row}"),
        package: Some("sendid=1&ver=8".to_owned()),
    };
    for (row, attempt) in wait(writer.take(ALL, sent, 6))
        .unwrap()
        .into_iter()
        .enumerate()
    {
        let outcome = if row == 3 {
            Outcome::InDoubt(Doubt::Timeout)
        } else {
            Outcome::Accepted(receipt(row))
        };
        wait(writer.record_send(attempt, Answer::wordless(outcome), sent, 0)).unwrap();
    }
    let ask = |sighting: Sighting, at: i64| {
        let allowed = Allowed::of(false, true);
        let taken = match sighting {
            Sighting::NotFound => wait(writer.take(allowed, at, 1)),
            _ => wait(writer.take_bills(vec![4], at)),
        };
        let [attempt] = <[_; 1]>::try_from(taken.unwrap()).unwrap();
        wait(writer.record_query(attempt, Answer::wordless(sighting), at, 0)).unwrap();
    };
    ask(Sighting::Failed, asked);
    ask(Sighting::NotFound, asked + 1);
    let (since, told) = (asked + 2, asked + 3);
    ask(Sighting::Failed, since);
    let next = wait(writer.take_next(vec![4], since)).unwrap();
    let [next] = <[_; 1]>::try_from(next).unwrap();
    wait(writer.record_query(next, Answer::wordless(Sighting::NotFound), told, 0)).unwrap();
    let wanted = Wanted {
        bills: vec![4],
        because: "x".to_owned(),
        since,
        answer_ms: 20_000,
        pay_again: Vec::new(),
    };
    let reissued = wait(writer.reissue(wanted, told)).unwrap();
    assert!(reissued[0].new.is_ok(), "{reissued:?}");
}

pub(crate) fn ledger(campaign: &Campaign) -> PathBuf {
    campaign.path("hongbao.db")
}

pub(crate) fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.unwrap().as_millis()).unwrap()
}

pub(crate) fn writer(campaign: &Campaign, now: i64) -> Writer {
    let text = |text: &str| text.to_owned();
    let terms = Terms {
        id: CampaignId::new("lantern").unwrap(),
        mch_id: MchId::new("10000098").unwrap(),
        wxappid: text("wx8888888888888888"),
        texts: Texts {
            act_name: text("猜灯谜"),
            send_name: text("天虹百货"),
            wishing: text("元宵节快乐"),
            remark: text("快来抢"),
            scene_id: None,
        },
        budget: None,
        caps: Caps::default(),
    };
    // A writer lets go of its lock a moment after it is dropped; and so does a child that another
    // test begins.
    let owner = loop {
        match Owner::open(&ledger(campaign), Mode::Live, now) {
            Err(LedgerError::Held { .. }) => std::thread::yield_now(),
            owner => break owner.unwrap(),
        }
    };
    owner.into_writer(&terms, RULES).unwrap()
}
