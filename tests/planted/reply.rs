//! What a reply alone shows, where another rule holds in a whole campaign.

use std::sync::Arc;

use hongbao::domain::bill::Bill;
use hongbao::domain::fate::Fate;
use hongbao::domain::ids::{MchBillno, MchId, Openid};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Doubt, Outcome, Sighting};
use hongbao::domain::packet::Texts;
use hongbao::domain::rules::{Moment, Provable};
use hongbao::domain::state::{Event, State};
use hongbao::wechat::hbinfo::{self, QueriedNumber};
use hongbao::wechat::redpack::{self, Frozen};
use hongbao::wechat::reply::{Exchange, Reply};

use crate::terms::RULES;

const NUMBER: &str = "100000985a14ykmoda8k1fdmz9rc";

fn refused(code: &str, inner: &str) -> Vec<u8> {
    format!(
        "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>\
         <err_code>{code}</err_code>{inner}</xml>"
    )
    .into_bytes()
}

fn asked() -> QueriedNumber {
    QueriedNumber {
        mch_id: MchId::new("10000098").unwrap(),
        wxappid: "wx8888888888888888".to_owned(),
        mch_billno: MchBillno::new(NUMBER).unwrap(),
        owed: None,
    }
}

/// A code nobody has heard of leaves doubt, though it names the number.
pub(super) fn an_unknown_code_is_doubt() -> Result<(), String> {
    let text = |text: &str| text.to_owned();
    let frozen = Frozen {
        mch_id: MchId::new("10000098").unwrap(),
        wxappid: text("wx8888888888888888"),
        mch_billno: MchBillno::new(NUMBER).unwrap(),
        openid: Openid::new("oABCdefghijklmnopqrstuvwxyz1").unwrap(),
        amount: Fen::new(100),
        texts: Arc::new(Texts {
            act_name: text("a"),
            send_name: text("s"),
            wishing: text("w"),
            remark: text("r"),
            scene_id: None,
        }),
    };
    let body = refused("BRAND_NEW", &format!("<mch_billno>{NUMBER}</mch_billno>"));
    let verdict = redpack::classify(200, &body, &frozen, &"key".into()).verdict;
    match verdict {
        Outcome::InDoubt(_) => Ok(()),
        verdict => Err(format!("a code nobody has heard of is {verdict:?}")),
    }
}

/// NOT_FOUND that names nobody, behind another answer, decides nothing.
pub(super) fn an_unnamed_not_found_decides_nothing() -> Result<(), String> {
    let reply = Exchange::Reply(Reply {
        status: 200,
        body: refused("NOT_FOUND", ""),
        date: None,
        is_first: false,
    });
    match hbinfo::seen(&reply, &asked(), &"key".into()).verdict {
        Sighting::NotFound => Err("anybody's NOT_FOUND decides".to_owned()),
        _ => Ok(()),
    }
}

/// NOT_FOUND of an order that is too old to be asked about says that there is one.
pub(super) fn an_order_too_old_to_tell_of_is_known() -> Result<(), String> {
    let named =
        format!("<err_code_des>单据查询超过有效期</err_code_des><mch_billno>{NUMBER}</mch_billno>");
    match hbinfo::sighting(200, &refused("NOT_FOUND", &named), &asked(), &"key".into()).verdict {
        Sighting::Expired => Ok(()),
        verdict => Err(format!("an order that is too old is {verdict:?}")),
    }
}

/// A packet whose refusal left no order, says the ledger, and WeChat Pay has one.
pub(super) fn an_order_of_who_is_refused_is_for_a_person() -> Result<(), String> {
    let sending = Sighting::Sending { has_reason: true };
    let mut bill = Bill::new(0);
    let moved = bill
        .dispatch(0)
        .and_then(|_| bill.record_send(&Outcome::RefusedWithoutOrder, &accepted(), &RULES))
        .and_then(|_| bill.record_query(&sending, &accepted(), &RULES));
    match moved {
        Ok(_) if bill.state == State::Review => Ok(()),
        moved => Err(format!("called {}: {moved:?}", bill.state)),
    }
}

/// A number that is PROCESSING, and twenty minutes later unknown, again and again.
pub(super) fn what_is_processing_is_not_sent_for_ever() -> Result<(), String> {
    let mut bill = Bill::new(0);
    for send in 0..8 {
        let (now, later) = (send * 1_200_000, (send + 1) * 1_200_000);
        let moved = bill
            .dispatch(now)
            .and_then(|_| bill.record_send(&Outcome::Processing, &Moment::at(now), &RULES))
            .and_then(|_| bill.record_query(&Sighting::NotFound, &Moment::at(later), &RULES));
        if moved.is_err() || !bill.may_send(later, &RULES) {
            return match bill.sends {
                8 => Ok(()),
                sends => Err(format!("sent {sends} times: {moved:?}")),
            };
        }
    }
    Err(format!("after eight sends {bill:?}"))
}

/// A number that was given up for a later one, and is a person's since somebody was paid under it:
/// `FAILED` must not open it, for no question would ever end its doubt.
pub(super) fn what_was_given_up_is_not_opened_by_failed() -> Result<(), String> {
    for (provable, expected) in [
        (Provable::Nothing, State::Review),
        (Provable::Either, State::InDoubt),
    ] {
        let mut bill = Bill::new(0);
        bill.state = State::Review;
        let moment = Moment {
            provable,
            ..accepted()
        };
        let moved = bill.record_query(&Sighting::Failed, &moment, &RULES);
        if moved.is_err() || bill.state != expected {
            return Err(format!("{provable:?}: {moved:?}, {bill:?}"));
        }
    }
    Ok(())
}

/// A refusal that was excused, so that the packet is owed a second send, or may be excused later;
/// and a person's word after that.
pub(super) fn what_a_person_called_unpaid_is_not_sent() -> Result<(), String> {
    for between in [
        &[Event::Excused, Event::GivenUp, Event::RuledUnpaid][..],
        &[Event::Excused, Event::RuledUnpaid],
        &[Event::GivenUp, Event::RuledUnpaid],
    ] {
        let mut bill = Bill::new(0);
        let mut moved = bill
            .dispatch(0)
            .and_then(|_| bill.record_send(&Outcome::RefusedToConfirm, &accepted(), &RULES));
        for event in between {
            moved = moved.and_then(|_| match event {
                Event::Excused => bill.excuse(false),
                _ => bill.apply(*event, &accepted(), &RULES).map(|()| *event),
            });
        }
        let is_resent = bill.is_owed_again() || bill.is_excusable();
        if moved.is_err() || bill.state != State::Refused || is_resent {
            return Err(format!("after {between:?}: {moved:?}, {bill:?}"));
        }
    }
    Ok(())
}

fn accepted() -> Moment {
    Moment {
        has_accepted: true,
        ..Moment::at(0)
    }
}

/// A packet that was given up before this ledger sent it, and is seen paid, nobody says when.
pub(super) fn who_was_paid_by_another_ledger_is_not_sent_again() -> Result<(), String> {
    let moment = Moment::at(0);
    let mut bill = Bill::new(0);
    let moved = bill
        .apply(Event::GivenUp, &moment, &RULES)
        .and_then(|()| bill.record_query(&Sighting::Sent, &moment, &RULES));
    match moved {
        Ok(_) if bill.state == State::Sent && !bill.may_send(0, &RULES) => Ok(()),
        moved => Err(format!("sent again: {moved:?}, {bill:?}")),
    }
}

/// A packet was sent by a clock that was a month ahead; a month later that day comes.
pub(super) fn what_was_sent_by_a_clock_ahead_is_as_old_as_it_is() -> Result<(), String> {
    const MONTH: i64 = 30 * 86_400_000;
    let mut bill = Bill::new(MONTH);
    let seen = Moment {
        send_time: Some(0),
        ..Moment::at(MONTH)
    };
    let moved = bill
        .dispatch(MONTH)
        .and_then(|_| {
            bill.record_send(
                &Outcome::InDoubt(Doubt::Timeout),
                &Moment::at(MONTH),
                &RULES,
            )
        })
        .and_then(|_| bill.record_query(&Sighting::Sent, &seen, &RULES));
    match moved {
        Ok(_) if bill.state == State::Sent && !bill.may_send(MONTH, &RULES) => Ok(()),
        moved => Err(format!("sent again: {moved:?}, {bill:?}")),
    }
}

/// A claim that a later answer has at another time stays where it was.
pub(super) fn a_claim_stays_as_it_was_told() -> Result<(), String> {
    let at = |at| Fate {
        received_at: Some(at),
        ..Fate::default()
    };
    let mut fate = at(1);
    let otherwise = fate.learn(&at(2), Fen::new(100));
    if fate == at(1) && otherwise.is_some() {
        return Ok(());
    }
    Err(format!("claimed at 1, and then {fate:?}: {otherwise:?}"))
}
