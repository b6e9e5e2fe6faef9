//! The person at the desk: rules on what is theirs to decide, having seen the merchant platform,
//! and wants new numbers for what was refused.

use std::sync::Arc;

use hongbao::config::Mode;
use hongbao::domain::state::State;
use hongbao::ledger::{LedgerError, Owner, Verdict, Wanted};
use hongbao::runner::{Shared, reissue as reissue_all};

use super::check::rows;
use super::life::{RULES, nth};
use super::plan::Plan;
use super::world::World;

/// How long after its commit a request's answer is due: so long it may wait to leave, and then for
/// an answer.
pub(super) const ANSWER_MS: i64 = 15_000;

/// Rules truly on every packet that may be a person's; the ledger says which is not.
pub(super) fn rule(world: &World) -> Result<(), String> {
    let (now, books) = (world.true_ms(), world.books());
    let mut owner = Owner::open(&world.ledger(), Mode::Live, now).map_err(told)?;
    for row in rows(world)? {
        if !matches!(row.state, State::Review | State::InDoubt) {
            continue;
        }
        let booked = books.orders.get(&row.mch_billno);
        let verdict = Verdict {
            is_paid: booked.is_some_and(|booked| booked.order.is_paid()),
            because: "seen on the merchant platform".to_owned(),
            at: now,
        };
        match owner.resolve(row.bill, &verdict, &RULES) {
            Ok(_) => world.excuse(&row.mch_billno),
            Err(LedgerError::NotForAPerson(_)) => {}
            Err(fault) => return Err(told(fault)),
        }
    }
    Ok(())
}

/// Wants a new number for every refused packet; the program says which is free. What half of them
/// were refused for is mended first.
pub(super) async fn reissue(
    world: &World,
    plan: &Plan,
    shared: &Arc<Shared>,
) -> Result<(), LedgerError> {
    let rows = rows(world).unwrap_or_default();
    let refused = || rows.iter().filter(|row| row.state == State::Refused);
    for row in refused().filter(|row| nth(&row.openid).is_multiple_of(2)) {
        world.mend(&row.openid);
    }
    let wanted = Wanted {
        bills: refused().map(|row| row.bill).collect(),
        because: "they asked".to_owned(),
        since: shared.clock.now_ms(),
        answer_ms: ANSWER_MS,
        pay_again: Vec::new(),
    };
    let renewed = reissue_all(shared, plan.in_flight, wanted).await?;
    world.note(&format!("{renewed:?}"));
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(fault: LedgerError) -> String {
    fault.to_string()
}
