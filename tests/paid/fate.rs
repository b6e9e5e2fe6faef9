//! What queries tell of a payment is kept as it was first told: another word is a break.

use hongbao::domain::fate::Fate;
use hongbao::ledger::ReportRow;

use super::*;

fn told(sighting: Sighting, fate: Fate) -> Answer<Sighting> {
    Answer {
        fate,
        ..Answer::wordless(sighting)
    }
}

fn claimed(at: i64) -> Fate {
    Fate {
        received_at: Some(at),
        ..Fate::default()
    }
}

fn refunded(at: i64, fen: u64) -> Fate {
    Fate {
        refunded_at: Some(at),
        refunded: Some(Fen::new(fen)),
        ..Fate::default()
    }
}

/// The first packet was accepted.
async fn sent(dir: &TempDir) -> Writer {
    loaded(dir);
    let writer = own(dir, &terms());
    let attempt = take(&writer, NOW).await;
    scene::paid(&writer, attempt).await;
    writer
}

fn row(dir: &TempDir) -> ReportRow {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    reader.packets(&[1]).unwrap().remove(0)
}

fn breaks(dir: &TempDir) -> (u64, Vec<String>) {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    let row = reader.campaign(&terms().id).unwrap().unwrap();
    let told = reader.breaks(&row).unwrap();
    (row.breaks, told.into_iter().map(|(_, what)| what).collect())
}

#[tokio::test]
async fn a_claim_is_kept_with_the_time_it_was_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    let writer = sent(&dir).await;
    let before = row(&dir);
    assert_eq!((before.fate, before.asked_at), (Fate::default(), None));
    ask(&writer, told(Sighting::Sent, Fate::default()), NOW + 10).await;
    assert_eq!(row(&dir).asked_at, Some(NOW + 10));
    let nothing = Answer::wordless(Sighting::NotFound);
    ask(&writer, nothing, NOW + 20).await;
    assert_eq!(row(&dir).asked_at, Some(NOW + 10), "nobody knew it");
    ask(
        &writer,
        told(Sighting::Received, claimed(NOW + 5)),
        NOW + 30,
    )
    .await;
    let after = row(&dir);
    assert_eq!(
        (after.state, after.fate),
        (State::Received, claimed(NOW + 5))
    );
    assert_eq!(after.asked_at, Some(NOW + 30));
    drop(writer);
    assert_eq!(breaks(&dir), (0, Vec::new()));
    assert_eq!(audit(&dir, None).findings, []);
}

#[tokio::test]
async fn a_refund_of_another_amount_is_a_break_and_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let writer = sent(&dir).await;
    assert_eq!(row(&dir).amount, Fen::new(100));
    ask(
        &writer,
        told(Sighting::Refunding, Fate::default()),
        NOW + 10,
    )
    .await;
    ask(
        &writer,
        told(Sighting::Refunded, refunded(NOW + 15, 99)),
        NOW + 20,
    )
    .await;
    assert_eq!(row(&dir).fate, refunded(NOW + 15, 99));
    drop(writer);
    let said = "another refunded amount: 1.00 yuan, now 0.99 yuan";
    assert_eq!(breaks(&dir), (1, vec![said.to_owned()]));
    assert_eq!(audit(&dir, None).findings, []);
}

/// A number that is for a person is asked about as long as it is.
#[tokio::test]
async fn another_claim_time_is_a_break_and_no_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let answer = |at| Answer {
        fate: claimed(at),
        ..paid(None, 250)
    };
    let writer = clashed(&dir, &terms(), answer(NOW)).await;
    ask(&writer, answer(NOW), NOW + 9000).await;
    assert_eq!(breaks(&dir), (0, Vec::new()), "the same again");
    ask(&writer, answer(NOW + 1000), NOW + 20_000).await;
    ask(&writer, answer(NOW + 1000), NOW + 30_000).await;
    let row = row(&dir);
    assert_eq!((row.fate, row.asked_at), (claimed(NOW), Some(NOW + 30_000)));
    let (count, told) = breaks(&dir);
    assert_eq!(count, 1, "each bill counts once");
    assert!(told[0].starts_with("another claim time: "), "{told:?}");
    drop(writer);
    assert_eq!(audit(&dir, None).findings, []);
}

/// What else there is to say of an answer hides no break in it.
#[tokio::test]
async fn a_break_is_one_whatever_a_query_calls_the_packet() {
    let dir = tempfile::tempdir().unwrap();
    let writer = sent(&dir).await;
    let answer = Answer {
        detail_id: "another".to_owned(),
        ..told(Sighting::Refunded, refunded(NOW + 5, 99))
    };
    ask(&writer, answer, NOW + 10).await;
    drop(writer);
    let (count, told) = breaks(&dir);
    assert_eq!((count, told.len()), (1, 1), "{told:?}");
    let said = "another refunded amount: 1.00 yuan, now 0.99 yuan: a query calls it another";
    assert_eq!(told[0], said);
    assert_eq!(audit(&dir, None).findings, []);
}

#[tokio::test]
async fn whatever_is_changed_of_a_fate_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let writer = sent(&dir).await;
    let fate = Fate {
        reason: Some("nobody came".to_owned()),
        ..refunded(NOW + 5, 100)
    };
    ask(&writer, told(Sighting::Refunded, fate), NOW + 10).await;
    drop(writer);
    for change in [
        "UPDATE fate SET asked_at = asked_at + 1",
        "UPDATE fate SET received_at = 1",
        "UPDATE fate SET refunded_at = refunded_at - 1",
        "UPDATE fate SET refunded_at = NULL",
        "UPDATE fate SET refunded_fen = 99",
        "UPDATE fate SET refunded_fen = NULL, reason = 100",
        "UPDATE fate SET reason = 'x'",
        "UPDATE fate SET reason = NULL",
        "UPDATE fate SET bill = 2",
        "UPDATE fate SET bill = 9",
        "DELETE FROM fate",
        "INSERT INTO fate (bill, asked_at) VALUES (2, 0)",
        "INSERT INTO fate (bill, asked_at) VALUES (9, 0)",
    ] {
        is_found(&dir, change);
    }
}
