//! WeChat Pay has an order of a packet that is proven unpaid.

use super::*;

/// The second packet was accepted, and the first refused, which left no order.
async fn refused(dir: &TempDir) -> Writer {
    loaded(dir);
    let writer = own(dir, &terms());
    let first = take(&writer, NOW).await;
    let second = take(&writer, NOW).await;
    scene::paid(&writer, second).await;
    let answer = Answer::wordless(Outcome::RefusedWithoutOrder);
    writer.record_send(first, answer, NOW, 0).await.unwrap();
    assert_eq!(state(dir), State::Refused);
    writer
}

fn state(dir: &TempDir) -> State {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    reader.packets(&[1]).unwrap().remove(0).state
}

#[tokio::test]
async fn an_order_of_who_is_refused_is_for_a_person() {
    for has_reason in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let writer = refused(&dir).await;
        let sending = Answer::wordless(Sighting::Sending { has_reason });
        ask(&writer, sending, NOW + 5000).await;
        assert_eq!(state(&dir), State::Review);
        // What comes of it settles it.
        ask(&writer, Answer::wordless(Sighting::Sent), NOW + 9000).await;
        assert_eq!(state(&dir), State::Sent);
        drop(writer);
        assert_eq!(audit(&dir, None).findings, []);
    }
}

#[tokio::test]
async fn a_number_that_was_called_failed_stays_refused() {
    let dir = tempfile::tempdir().unwrap();
    let writer = refused(&dir).await;
    for sighting in [Sighting::Failed, Sighting::Sending { has_reason: true }] {
        ask(&writer, Answer::wordless(sighting), NOW + 5000).await;
        assert_eq!(state(&dir), State::Refused);
    }
}
