//! WeChat Pay has an order of a packet that is proven unpaid.

use hongbao::domain::caps::DAY_MS;

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

fn breaks(dir: &TempDir) -> u64 {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    reader.campaign(&terms().id).unwrap().unwrap().breaks
}

/// Nobody saw a payment: an order may still fail.
#[tokio::test]
async fn an_order_of_who_is_refused_is_no_proof_of_a_payment() {
    for known in [
        Sighting::Sending { has_reason: true },
        Sighting::Sending { has_reason: false },
        Sighting::Expired,
    ] {
        let dir = tempfile::tempdir().unwrap();
        let writer = refused(&dir).await;
        ask(&writer, Answer::wordless(known.clone()), NOW + 5000).await;
        assert_eq!((state(&dir), breaks(&dir)), (State::Review, 0), "{known:?}");
        let note = notes(&dir).pop().unwrap();
        assert!(note.contains("has an order of it after all"), "{note}");
        // That it was paid is one.
        ask(&writer, Answer::wordless(Sighting::Sent), NOW + 9000).await;
        assert_eq!((state(&dir), breaks(&dir)), (State::Sent, 1), "{known:?}");
        drop(writer);
        assert_eq!(audit(&dir, None).findings, []);
    }
    let dir = tempfile::tempdir().unwrap();
    let writer = refused(&dir).await;
    let sending = Answer::wordless(Sighting::Sending { has_reason: true });
    ask(&writer, sending, NOW + 5000).await;
    ask(&writer, Answer::wordless(Sighting::Failed), NOW + 9000).await;
    assert_eq!((state(&dir), breaks(&dir)), (State::InDoubt, 0));
}

/// Queries reach back thirty days: after that "unknown" proves nothing.
#[tokio::test]
async fn a_refusal_that_is_too_old_to_be_asked_about_is_never_proven() {
    for days in [28, 30] {
        let dir = tempfile::tempdir().unwrap();
        loaded(&dir);
        let writer = own(&dir, &terms());
        let first = take(&writer, NOW).await;
        let answer = Answer::wordless(Outcome::RefusedToConfirm);
        writer.record_send(first, answer, NOW, 0).await.unwrap();
        for at in [NOW + 5000, NOW + 9000, NOW + days * DAY_MS] {
            ask(&writer, Answer::wordless(Sighting::NotFound), at).await;
        }
        let expected = if days < 29 {
            State::Refused
        } else {
            State::Review
        };
        assert_eq!(state(&dir), expected, "after {days} days");
    }
}

/// Who is exported may be paid from another list: a later run that halts does not send it.
#[tokio::test]
async fn who_was_exported_has_no_second_chance() {
    for is_exported in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        drop(refused(&dir).await);
        let mut owner = held(&dir).await;
        if is_exported {
            owner.keep_exported(&[1, 1], NOW).unwrap();
        }
        let writer = writer_of(owner, &terms());
        writer.excuse(vec![1], NOW).await.unwrap();
        let is_sent = sent_on(&writer, NOW, 9).await.contains(&Some(1));
        assert_eq!(is_sent, !is_exported);
        assert_eq!(is_exported, notes(&dir).contains(&exported()));
        drop(writer);
        assert_eq!(audit(&dir, None).findings, []);
    }
}

fn exported() -> String {
    "exported for another list: it is not sent once more by itself".to_owned()
}

/// The second chance of a packet is over when nobody can ask about its first send any more.
#[tokio::test]
async fn a_second_chance_that_comes_too_late_is_a_persons() {
    for days in [28, 30] {
        let dir = tempfile::tempdir().unwrap();
        let writer = refused(&dir).await;
        writer.excuse(vec![1], NOW).await.unwrap();
        let sent = sent_on(&writer, NOW + days * DAY_MS, 20).await;
        assert_eq!(
            sent.contains(&Some(1)),
            days < 29,
            "after {days} days: {sent:?}"
        );
        assert!(sent.contains(&Some(3)), "the third packet is sent");
        drop(writer);
        assert_eq!(audit(&dir, None).findings, []);
    }
}
