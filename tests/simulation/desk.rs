//! The person at the desk: rules on what is theirs to decide, having seen the merchant platform.

use hongbao::config::Mode;
use hongbao::domain::state::State;
use hongbao::ledger::{LedgerError, Owner, Verdict};

use super::check::rows;
use super::life::RULES;
use super::world::World;

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

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(fault: LedgerError) -> String {
    fault.to_string()
}
