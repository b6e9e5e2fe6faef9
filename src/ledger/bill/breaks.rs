//! Broken proofs.

use super::advance::Key;
use crate::ledger::journal::write_tx::WriteTx;

/// Names of breaks in the journal: two words of WeChat Pay that cannot both be true, or one number
/// that paid twice.
pub(in crate::ledger) const BREAKS: [&str; 10] = [
    "WeChat Pay paid twice under one number",
    "paid by its reply, FAILED by a query",
    "proven unpaid, and now seen paid",
    "taken back by a person, and now seen paid",
    "claimed by one query, refunded by a later one",
    "refunded by one query, claimed by a later one",
    "another claim time",
    "another refund time",
    "another refunded amount",
    "paid by its reply, and another amount or recipient by a query",
];

/// Whether a note tells of one.
pub(in crate::ledger) fn is_break(note: &str) -> bool {
    BREAKS.iter().any(|head| note.starts_with(head))
}

/// Two words of WeChat Pay that cannot both be true are a break: counted once for each bill,
/// and never hidden. Only a row about a request has such words: what a person said of a bill may
/// begin with the same ones.
pub(in crate::ledger) fn count_break(
    tx: &WriteTx<'_>,
    Key { bill, campaign, .. }: Key,
    at: i64,
    words: &str,
) -> rusqlite::Result<()> {
    let changed = tx.execute(
        "UPDATE campaign SET breaks = breaks + 1 WHERE campaign = ?1 AND NOT EXISTS
           (SELECT 1 FROM journal WHERE bill = ?2 AND attempt IS NOT NULL
              AND note LIKE ?3 || '%')",
        (campaign, bill, words.split(':').next()),
    )?;
    if changed == 1 {
        tx.note(campaign, "broken_proof", at, Some(words))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::note;

    #[test]
    fn a_break_is_found_by_the_head_of_its_note() {
        let [twice, failed, paid, withdrawn, back, claimed, ..] = BREAKS;
        assert_eq!(note::double_payment().en, twice);
        assert!(
            note::paid_twice("1", "2")
                .en
                .starts_with(&format!("{twice}:"))
        );
        assert_eq!(note::paid_then_failed().en, failed);
        assert_eq!(note::unpaid_then_paid().en, paid);
        assert_eq!(note::received_then_refunded().en, back);
        assert_eq!(note::refunded_then_received().en, claimed);
        for (note, head) in [
            note::another_claim_time("1", "2"),
            note::another_refund_time("1", "2"),
            note::another_refund("1", "2"),
        ]
        .iter()
        .zip(&BREAKS[6..])
        {
            assert!(note.en.starts_with(&format!("{head}:")), "{head}");
        }
        assert_eq!(note::withdrawn_then_paid().en, withdrawn);
        assert_eq!(note::paid_otherwise().en, BREAKS[9]);
    }
}
