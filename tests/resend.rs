//! A number whose answer was lost or useless: found, and never paid again.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, VecDeque};

use hongbao::simulator::{FaultName, FaultRates, ResendOfPaid, Settings};

use crate::support::{Campaign, for_each_at_once, openid};

/// Twenty packets; the first send of row 3 meets this fault.
fn one_fault(fault: FaultName) -> Settings {
    let faults = BTreeMap::from([(openid(3), VecDeque::from([fault]))]);
    Settings {
        scripted_faults: faults,
        late_ms: 1_500,
        processing_seconds: 1,
        ..Settings::default()
    }
}

fn campaign(settings: Settings) -> Campaign {
    let mut campaign = Campaign::with(20, settings);
    campaign.set("gateway.request_timeout_ms", "800");
    campaign
}

/// How often row 3 was sent, as the gateway counted.
fn sends_of_row_3(campaign: &Campaign) -> u64 {
    let books = campaign.wechat.books();
    let mut orders = books.of_openid(&campaign.owed[3].0);
    orders.next().unwrap().requests.sends
}

fn is_found_and_not_paid_again(fault: FaultName) {
    let campaign = campaign(one_fault(fault));
    campaign.run().exits(0);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), 20, "{fault}");
    assert_eq!(sends_of_row_3(&campaign), 2, "{fault}");
    assert_eq!(campaign.packet(&openid(3))["attempts"], "2", "{fault}");
}

#[test]
fn timeout_after_payment_is_found_and_not_paid_again() {
    is_found_and_not_paid_again(FaultName::Late);
}

#[test]
fn an_answer_lost_after_payment_is_found_and_not_paid_again() {
    let faults = [
        FaultName::LostAfter,
        FaultName::Truncated,
        FaultName::Empty,
        FaultName::Http502Paid,
    ];
    for_each_at_once(faults, is_found_and_not_paid_again);
}

#[test]
fn words_that_are_not_understood_are_doubt() {
    let faults = [
        FaultName::Garbage,
        FaultName::UnknownCode,
        FaultName::WrongSign,
        FaultName::SystemErrorPaid,
    ];
    for_each_at_once(faults, is_found_and_not_paid_again);
}

#[test]
fn an_answer_about_another_bill_is_doubt() {
    is_found_and_not_paid_again(FaultName::WrongEcho);
}

#[test]
fn a_request_lost_on_its_way_is_sent_again_under_its_number() {
    let faults = [
        FaultName::LostBefore,
        FaultName::SystemErrorUnpaid,
        FaultName::Http502Unpaid,
        FaultName::FreqLimit,
        FaultName::ReturnFail,
    ];
    for_each_at_once(faults, |fault| {
        let campaign = campaign(one_fault(fault));
        campaign.run().exits(0);
        assert_eq!(campaign.books_agree().count("sent"), 20, "{fault}");
        assert_eq!(campaign.wechat.books().orders.len(), 20, "{fault}");
    });
}

#[test]
fn success_without_package_is_fetched_by_a_resend() {
    let campaign = campaign(one_fault(FaultName::NoPackage));
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 20);
    assert_eq!(sends_of_row_3(&campaign), 2);
    assert_eq!(campaign.status()["sent_without_package"], 0);
}

#[test]
fn a_package_that_never_comes_is_counted_apart() {
    let campaign = campaign(Settings {
        resend_of_paid: ResendOfPaid::SuccessWithoutPackage,
        ..one_fault(FaultName::NoPackage)
    });
    campaign.run().exits(4).says(&["1 of them without package"]);
    assert_eq!(campaign.books_agree().count("sent"), 20);
    assert_eq!(campaign.status()["sent_without_package"], 1);
    assert!(sends_of_row_3(&campaign) > 1);
}

/// A paid number is refused when it is sent again; only a query tells the truth.
fn is_never_refused(told: ResendOfPaid) {
    let campaign = campaign(Settings {
        resend_of_paid: told,
        ..one_fault(FaultName::LostAfter)
    });
    campaign.run().exits(4);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), 20, "{agreed:?}");
    assert_eq!(campaign.status()["sent_without_package"], 1);
}

#[test]
fn send_failed_for_a_paid_number_never_makes_it_refused() {
    is_never_refused(ResendOfPaid::SendFailed);
}

#[test]
fn fatal_error_for_a_paid_number_never_makes_it_refused() {
    is_never_refused(ResendOfPaid::FatalError);
}

#[test]
fn processing_is_queried_and_not_resent() {
    let campaign = campaign(one_fault(FaultName::Processing));
    campaign.run();
    assert_eq!(campaign.books_agree().count("sent"), 20);
    let books = campaign.wechat.books();
    let about = books.of_openid(&openid(3)).next().unwrap().requests;
    assert!(about.queries > 0, "{about:?}");
}

#[test]
fn processing_that_fails_is_refused_only_when_a_query_says_so() {
    let campaign = campaign(one_fault(FaultName::ProcessingFailed));
    campaign.run().exits(3);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("refused")), (19, 1));
    assert_eq!(sends_of_row_3(&campaign), 1);
}

/// WeChat Pay does not find numbers for a while, though it has paid them.
fn forgetful(settings: Settings) -> Campaign {
    let query_faults = Some(FaultRates::none().with(FaultName::NotFound, 1.0));
    let settings = Settings {
        query_faults,
        ..settings
    };
    let mut campaign = campaign(settings);
    campaign.set("retry.refusal_confirm_seconds", "1");
    campaign
}

#[test]
fn not_found_after_a_lost_answer_and_a_refusal_proves_nothing() {
    let campaign = forgetful(Settings {
        resend_of_paid: ResendOfPaid::SendFailed,
        ..one_fault(FaultName::LostAfter)
    });
    campaign.run().exits(4);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("in_doubt")), (19, 1));
    campaign
        .wechat
        .change(|settings| settings.query_faults = None);
    campaign.verb("reconcile", &[]);
    assert_eq!(campaign.books_agree().count("sent"), 20);
}

#[test]
fn not_found_after_processing_is_doubt_and_not_refusal() {
    let campaign = forgetful(one_fault(FaultName::Processing));
    campaign.run();
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("refused")), (20, 0));
    assert_eq!(sends_of_row_3(&campaign), 2, "sent again under its number");
}

/// Whatever somebody writes into a row that is in doubt: nothing is sent by it, and no answer makes
/// the change part of the journal.
#[test]
fn a_row_that_is_not_what_the_journal_says_is_neither_asked_about_nor_sent() {
    for change in [
        "doubtful_sends = doubtful_sends + 1",
        "idle_queries = idle_queries + 1",
        "doubt_since = doubt_since - 90000000",
        "state = 'ready', next_action = 'send', doubt_since = NULL",
        // As it was loaded.
        "state = 'ready', next_action = 'send', doubt_since = NULL, sends = 0, doubtful_sends = 0,
         idle_queries = 0, not_found = 0, first_sent_at = NULL, err_code = NULL,
         err_code_des = NULL",
    ] {
        let mut campaign = campaign(one_fault(FaultName::LostBefore));
        campaign.set("retry.linger_seconds", "0");
        campaign.set("retry.first_backoff_ms", "3000");
        campaign.set("retry.max_backoff_seconds", "3");
        campaign.run().exits(4);
        let (sends, queries) = (campaign.wechat.sends(), campaign.wechat.queries());
        let ledger = campaign.path("hongbao.db");
        let conn = rusqlite::Connection::open(&ledger).unwrap();
        let due = u8::from(!change.contains("sends = 0"));
        let sql = format!("UPDATE bill SET {change}, due = {due} WHERE state = 'in_doubt'");
        assert_eq!(conn.execute(&sql, []).unwrap(), 1);
        conn.execute("UPDATE file SET untried_from = first_bill", [])
            .unwrap();
        drop(conn);
        campaign.set("retry.linger_seconds", "20");
        let said = "the state of packet ";
        campaign.run().exits(11).says(&[said]);
        // No reconciliation asks about what is to be sent.
        if !change.starts_with("state") {
            campaign.verb("reconcile", &[]).exits(11).says(&[said]);
        }
        campaign.verb("audit", &[]).exits(1);
        assert_eq!(campaign.wechat.sends(), sends, "{change}");
        assert!(campaign.wechat.queries() <= queries + 2, "{change}");
    }
}
