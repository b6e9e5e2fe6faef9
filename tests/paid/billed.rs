//! What a bill calls paid and WeChat Pay does not know is sent under no number.

use hongbao::domain::flow::covered::CoveredDays;
use hongbao::domain::flow::row::{Direction, FlowRow};
use hongbao::ledger::{FlowScratch, GivenBill};

use super::*;

const DAY_MS: i64 = 86_400_000;

/// A match with a whole bill that has these packets' payments.
fn matched(dir: &TempDir, bills: &[i64]) {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    let row = reader.campaign(&terms().id).unwrap().unwrap();
    let mut scratch = FlowScratch::new().unwrap();
    for packet in reader.packets(bills).unwrap() {
        let paid = FlowRow {
            booked_at: NOW,
            voucher: packet.mch_billno.clone(),
            movement: format!("m{}", packet.bill),
            direction: Direction::Out,
            amount: packet.amount,
            ..FlowRow::default()
        };
        scratch.add(&paid).unwrap();
    }
    let covered = CoveredDays::default();
    let outcome = reader
        .match_flow((&row, NOW), &mut scratch, (&[], &covered), &[])
        .unwrap();
    let given = GivenBill {
        name: "bill.csv".to_owned(),
        rows: 1,
        is_checked: true,
        ..GivenBill::default()
    };
    let about = (NOW + 20, &[given][..], &[][..]);
    let kept = (&outcome, &scratch);
    reader.keep_match(&row, about, kept, &RULES).unwrap();
}

#[tokio::test]
async fn a_number_that_a_bill_has_is_not_sent_again_though_nobody_knows_it() {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = own(&dir, &terms());
    let attempt = take(&writer, NOW).await;
    let lost = Answer::wordless(Outcome::InDoubt(Doubt::Timeout));
    writer.record_send(attempt, lost, NOW + 9, 0).await.unwrap();
    drop(writer);
    matched(&dir, &[1]);
    let late = NOW + 2 * DAY_MS;
    let writer = own(&dir, &terms());
    ask(&writer, Answer::wordless(Sighting::NotFound), late).await;
    let row = || {
        let reader = Reader::open(&ledger(&dir)).unwrap().unwrap();
        reader.packets(&[1]).unwrap().remove(0)
    };
    assert_eq!(row().state, State::Ready, "free by its answers");
    let taken = writer.take(ALL, late + 1000, 9).await.unwrap();
    assert!(taken.iter().all(|attempt| attempt.bill() != Some(1)));
    assert_eq!(row().state, State::Review);
    drop(taken);
    drop(writer);
    let mut owner = held(&dir).await;
    let verdict = |is_paid| Verdict {
        is_paid,
        because: "asked".to_owned(),
        at: late + 2000,
    };
    let refused = owner.resolve(1, &verdict(false), &RULES).unwrap_err();
    assert!(
        refused.to_string().contains("a fund-flow bill says"),
        "{refused}"
    );
    assert_eq!(
        owner.resolve(1, &verdict(true), &RULES).unwrap(),
        State::Sent
    );
    drop(owner);
    assert_eq!(audit(&dir, None).findings, []);
}
