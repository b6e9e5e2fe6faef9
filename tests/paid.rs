//! WeChat Pay says that it paid another amount, or somebody else, under a number of ours: what was
//! paid is on record and in the caps, and a person's word books it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "paid/billed.rs"]
mod billed;
#[path = "paid/fate.rs"]
mod fate;
#[path = "paid/refused.rs"]
mod refused;
#[path = "swapped/scene.rs"]
mod scene;
#[path = "support/seals.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod seals;
#[path = "support/terms.rs"]
mod terms;

use hongbao::config::Mode;
use hongbao::domain::bill::Action;
use hongbao::domain::ids::{CampaignId, MchBillno, Openid};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Answer, Doubt, Outcome, Paid, Sighting};
use hongbao::domain::state::State;
use hongbao::domain::tally::PaidOtherwise;
use hongbao::domain::terms::Terms;
use hongbao::ledger::{Allowed, LedgerError, Owner, Reader, Verdict, Writer};
use scene::{ALL, NOW, RULES, STRANGER, audit, ledger, loaded, outside, take, terms, writer_of};
use tempfile::TempDir;

fn paid(openid: Option<&str>, fen: u64) -> Answer<Sighting> {
    let paid = Paid {
        openid: openid.map(|openid| Openid::new(openid).unwrap()),
        amount: Fen::new(fen),
    };
    Answer {
        paid: Some(paid),
        ..Answer::wordless(Sighting::Clash)
    }
}

fn own(dir: &TempDir, terms: &Terms) -> Writer {
    loop {
        match Owner::open(&ledger(dir), Mode::Live, NOW) {
            Err(LedgerError::Held { .. }) => std::thread::yield_now(),
            owner => return writer_of(owner.unwrap(), terms),
        }
    }
}

/// Asks about the first packet, and is answered so.
async fn ask(writer: &Writer, answer: Answer<Sighting>, now: i64) {
    let query = writer.take_bills(vec![1], now).await.unwrap().remove(0);
    writer.record_query(query, answer, now, 0).await.unwrap();
}

/// The first packet was sent, and WeChat Pay knows its number with other data.
async fn clashed(dir: &TempDir, terms: &Terms, answer: Answer<Sighting>) -> Writer {
    loaded(dir);
    let writer = own(dir, terms);
    let attempt = take(&writer, NOW).await;
    assert_eq!(attempt.action(), Action::Send);
    let lost = Answer::wordless(Outcome::InDoubt(Doubt::Timeout));
    writer.record_send(attempt, lost, NOW, 0).await.unwrap();
    let again = Allowed {
        sends: false,
        ..ALL
    };
    let attempt = writer.take(again, NOW + 2000, 1).await.unwrap().remove(0);
    let clash = Answer::wordless(Outcome::Clash);
    writer
        .record_send(attempt, clash, NOW + 1, 0)
        .await
        .unwrap();
    ask(&writer, answer, NOW + 5000).await;
    writer
}

/// The ledger, once its writer is gone.
async fn held(dir: &TempDir) -> Owner {
    loop {
        match Owner::open(&ledger(dir), Mode::Live, NOW) {
            Err(LedgerError::Held { .. }) => tokio::task::yield_now().await,
            owner => break owner.unwrap(),
        }
    }
}

fn of_day(dir: &TempDir) -> (i64, i64) {
    let sql = "SELECT sum(packets), sum(fen) FROM day";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    outside(dir).query_row(sql, [], read).unwrap()
}

fn notes(dir: &TempDir) -> Vec<String> {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    let moves = reader.journal(1).unwrap();
    moves.into_iter().filter_map(|row| row.note).collect()
}

#[tokio::test]
async fn another_payment_is_on_record_in_the_days_sums_and_in_a_persons_word() {
    for (openid, says) in [
        (Some(STRANGER), "WeChat Pay paid 2.50 yuan to oSTRANGER"),
        (
            None,
            "WeChat Pay paid 2.50 yuan under this number, not what is owed",
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let writer = clashed(&dir, &terms(), paid(openid, 250)).await;
        assert_eq!(of_day(&dir), (1, 250), "in place of what is owed");
        assert!(notes(&dir)[0].starts_with(says), "{:?}", notes(&dir));
        // The same once more says nothing new; another amount does.
        ask(&writer, paid(openid, 250), NOW + 9000).await;
        assert_eq!((of_day(&dir), notes(&dir).len()), ((1, 250), 1));
        ask(&writer, paid(openid, 180), NOW + 12_000).await;
        assert_eq!((of_day(&dir), notes(&dir).len()), ((1, 180), 2));
        drop(writer);
        assert_eq!(audit(&dir, None).findings, []);
        let mut owner = held(&dir).await;
        let verdict = Verdict {
            is_paid: true,
            because: "the bank says so".to_owned(),
            at: NOW + 20_000,
        };
        let unpaid = Verdict {
            is_paid: false,
            ..verdict.clone()
        };
        let refuse = |owner: &mut Owner| {
            let refused = owner.resolve(1, &unpaid, &RULES).unwrap_err().to_string();
            assert!(refused.contains("1.80 yuan were paid"), "{refused}");
        };
        refuse(&mut owner);
        // After thirty days WeChat Pay knows no number: that takes no payment back.
        drop(owner);
        let writer = own(&dir, &terms());
        let unknown = Answer::wordless(Sighting::NotFound);
        ask(&writer, unknown, NOW + 15_000).await;
        drop(writer);
        let mut owner = held(&dir).await;
        refuse(&mut owner);
        assert_eq!(owner.resolve(1, &verdict, &RULES).unwrap(), State::Sent);
        let word = notes(&dir).pop().unwrap();
        assert!(word.starts_with("paid with 1.80 yuan"), "{word}");
        assert!(word.ends_with(": the bank says so"), "{word}");
        assert_eq!(of_day(&dir), (1, 180));
        drop(owner);
        // Reports tell it beside what was owed, which the sums of the states keep.
        let reader = Reader::open(&ledger(&dir)).unwrap().unwrap();
        let told = reader.packets(&[1]).unwrap().remove(0);
        assert_eq!(
            (told.amount, told.paid),
            (Fen::new(100), paid(openid, 180).paid)
        );
        assert_eq!(reader.packets(&[2]).unwrap().remove(0).paid, None);
        let campaign = CampaignId::new("c").unwrap();
        let campaign = reader.campaign(&campaign).unwrap().unwrap();
        let sums = PaidOtherwise {
            count: 1,
            owed: Fen::new(100),
            paid: Fen::new(180),
        };
        assert_eq!(reader.paid_otherwise(&campaign).unwrap(), sums);
        // From now on WeChat Pay is asked about that payment: it settles as any other.
        let writer = own(&dir, &terms());
        let at = NOW + 3_600_000;
        let query = writer.take_bills(vec![1], at).await.unwrap().remove(0);
        assert_eq!(query.amount(), Fen::new(180));
        let owed = "oTest00000000000000000000000";
        let asked = query.openid().map(Openid::as_str);
        assert_eq!(asked, openid.or(Some(owed)));
        let received = Answer::wordless(Sighting::Received);
        let recorded = writer.record_query(query, received, at, 0).await.unwrap();
        assert_eq!(recorded.bill.unwrap().1.state, State::Received);
        drop(writer);
        assert_eq!(
            (of_day(&dir), audit(&dir, None).findings),
            ((1, 180), vec![])
        );
    }
}

#[tokio::test]
async fn who_was_paid_under_anothers_number_has_had_a_packet_today() {
    let mut capped = terms();
    capped.caps.openid_packets = 1;
    for (openid, left) in [(Some("oTest00000000000000000000001"), 1), (None, 2)] {
        let dir = tempfile::tempdir().unwrap();
        let writer = clashed(&dir, &capped, paid(openid, 100)).await;
        let taken = writer.take(ALL, NOW + 9000, 9).await.unwrap();
        assert_eq!(taken.len(), left, "{openid:?}");
        drop(taken);
        drop(writer);
        assert_eq!(audit(&dir, None).findings, []);
    }
}

#[tokio::test]
async fn the_merchants_cap_counts_what_was_paid() {
    let mut capped = terms();
    capped.caps.merchant_fen = Fen::new(500);
    for (fen, left) in [(100, 2), (350, 1), (400, 0)] {
        let dir = tempfile::tempdir().unwrap();
        let writer = clashed(&dir, &capped, paid(None, fen)).await;
        let taken = writer.take(ALL, NOW + 9000, 9).await.unwrap();
        assert_eq!(taken.len(), left, "{fen}");
    }
}

#[tokio::test]
async fn a_payment_of_a_number_that_was_never_sent_counts_today() {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = own(&dir, &terms());
    let known = MchBillno::new("1000009800000000000000000000").unwrap();
    writer.notice((known, None), NOW).await.unwrap();
    let query = take(&writer, NOW).await;
    assert_eq!(query.action(), Action::Query);
    let answer = paid(Some(STRANGER), 250);
    writer
        .record_query(query, answer, NOW + 1, 0)
        .await
        .unwrap();
    assert_eq!(of_day(&dir), (1, 250));
    drop(writer);
    assert_eq!(audit(&dir, None).findings, []);
}

/// A copy of the ledger in which one row was changed has a finding, and had none before.
#[track_caller]
fn is_found(dir: &TempDir, change: &str) {
    let other = tempfile::tempdir().unwrap();
    let to = ledger(&other);
    let to = to.to_str().unwrap();
    outside(dir).execute("VACUUM INTO ?1", [to]).unwrap();
    assert_eq!(audit(&other, None).findings, []);
    let conn = outside(&other);
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    assert_eq!(conn.execute(change, []).unwrap(), 1, "{change}");
    drop(conn);
    assert_ne!(audit(&other, None).findings, [], "{change}");
}

#[tokio::test]
async fn whatever_is_changed_of_what_was_paid_is_found() {
    let dir = tempfile::tempdir().unwrap();
    drop(clashed(&dir, &terms(), paid(Some(STRANGER), 250)).await);
    for change in [
        "UPDATE paid SET paid_fen = 251",
        "UPDATE paid SET to_openid = NULL",
        "UPDATE paid SET to_openid = 'oTest00000000000000000000001'",
        "UPDATE paid SET bill = 2",
        "UPDATE paid SET bill = 9",
        "DELETE FROM paid",
        "INSERT INTO paid VALUES (2, NULL, 101)",
        "INSERT INTO paid VALUES (9, NULL, 0)",
    ] {
        is_found(&dir, change);
    }
}

/// WeChat Pay refused a packet, and paid another amount under its number after all.
#[tokio::test]
async fn who_was_refused_and_got_another_amount_is_a_break_and_for_a_person() {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = own(&dir, &terms());
    let refused = take(&writer, NOW).await;
    let accepted = take(&writer, NOW).await;
    scene::paid(&writer, accepted).await;
    let answer = Answer::wordless(Outcome::RefusedWithoutOrder);
    let done = writer.record_send(refused, answer, NOW, 0).await.unwrap();
    assert_eq!(done.bill.unwrap().1.state, State::Refused);
    assert_eq!(of_day(&dir), (1, 101), "a refusal gives its day back");
    let query = writer.take_bills(vec![1], NOW + 9).await.unwrap().remove(0);
    let done = writer
        .record_query(query, paid(None, 250), NOW + 9, 0)
        .await;
    assert_eq!(done.unwrap().bill.unwrap().1.state, State::Review);
    assert_eq!(of_day(&dir), (2, 351));
    let note = notes(&dir).pop().unwrap();
    assert!(
        note.starts_with("proven unpaid, and now seen paid: "),
        "{note}"
    );
    drop(writer);
    let reader = Reader::open(&ledger(&dir)).unwrap().unwrap();
    let row = reader.campaign(&terms().id).unwrap().unwrap();
    assert_eq!(row.breaks, 1);
    assert_eq!(audit(&dir, None).findings, []);
}

/// The day's money is there for others as soon as WeChat Pay has called a packet failed.
#[tokio::test]
async fn what_is_called_failed_gives_its_day_back_in_the_same_run() {
    let mut capped = terms();
    // For two of the three packets.
    capped.caps.merchant_fen = Fen::new(205);
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = own(&dir, &capped);
    let first = take(&writer, NOW).await;
    let refused = Answer::wordless(Outcome::RefusedToConfirm);
    writer.record_send(first, refused, NOW, 0).await.unwrap();
    ask(&writer, Answer::wordless(Sighting::Failed), NOW + 5000).await;
    let next = writer.take_next(vec![1], NOW + 9000).await.unwrap();
    let unknown = Answer::wordless(Sighting::NotFound);
    for next in next {
        let done = writer.record_query(next, unknown.clone(), NOW + 9000, 0);
        assert_eq!(done.await.unwrap().bill.unwrap().1.state, State::Refused);
    }
    let taken = writer.take(ALL, NOW + 9500, 9).await.unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(of_day(&dir), (2, 203));
}

/// So many steps from a time on, with a gateway that pays every send and knows no number: the bills
/// that are sent.
async fn sent_on(writer: &Writer, from: i64, steps: i64) -> Vec<Option<i64>> {
    let mut sent = Vec::new();
    for at in (0..steps).map(|step| from + 20 + step * 9000) {
        for attempt in writer.take(ALL, at, 9).await.unwrap() {
            if attempt.action() == Action::Query {
                let unknown = Answer::wordless(Sighting::NotFound);
                writer.record_query(attempt, unknown, at, 0).await.unwrap();
            } else {
                sent.push(attempt.bill());
                scene::paid(writer, attempt).await;
            }
        }
    }
    sent
}

/// A second send counts once, on its own day.
#[tokio::test]
async fn what_is_sent_once_more_counts_once() {
    let mut capped = terms();
    // For the three packets, each once.
    capped.caps.merchant_fen = Fen::new(303);
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = own(&dir, &capped);
    let first = take(&writer, NOW).await;
    let second = take(&writer, NOW).await;
    let refused = Answer::wordless(Outcome::RefusedWithoutOrder);
    writer.record_send(first, refused, NOW, 0).await.unwrap();
    writer.excuse(vec![1], NOW).await.unwrap();
    scene::paid(&writer, second).await;
    // It is freed before the question about its refusal is due.
    let sends = sent_on(&writer, NOW, 9).await.len();
    assert_eq!(sends, 2, "the third packet, and the first once more");
    assert_eq!(of_day(&dir), (3, 303));
}

/// An earlier version kept the second send of a packet that a person then called unpaid.
#[tokio::test]
async fn what_a_person_called_unpaid_in_an_older_ledger_is_not_sent_once_more() {
    for is_ruled in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        loaded(&dir);
        let writer = own(&dir, &terms());
        let first = take(&writer, NOW).await;
        let refused = Answer::wordless(Outcome::RefusedWithoutOrder);
        writer.record_send(first, refused, NOW, 0).await.unwrap();
        writer.excuse(vec![1], NOW).await.unwrap();
        drop(writer);
        drop(held(&dir).await);
        if is_ruled {
            let sql = "INSERT INTO journal SELECT max(seq) + 1, at, epoch, campaign, 1, NULL,
                 'ruled_unpaid', 'refused', 'refused', 'x',
                 (SELECT mark FROM journal WHERE bill = 1 ORDER BY seq DESC), zeroblob(32)
                 FROM journal";
            outside(&dir).execute(sql, []).unwrap();
            seals::chain_anew(&outside(&dir), true);
        }
        let writer = own(&dir, &terms());
        let second = take(&writer, NOW).await;
        scene::paid(&writer, second).await;
        let is_sent = sent_on(&writer, NOW, 4).await.contains(&Some(1));
        assert_eq!(is_sent, !is_ruled);
    }
}
