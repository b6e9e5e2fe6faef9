//! A plan as one JSON document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::beijing;
use crate::domain::hex::hex;
use crate::domain::opening::Opening;
use crate::ledger::{Above, Facts, PaidBefore, Schedule};

use super::planned::{Plan, date, texts};
use crate::commands::setup::approval::PlannedApproval;
use crate::commands::setup::check::above_default;
use crate::commands::setup::context::Context;
use crate::commands::setup::met;

pub(super) fn document(context: &Context, plan: &Plan) -> Value {
    let schedule = &plan.preview.schedule;
    let facts = &plan.preview.facts;
    json!({
        "campaign": context.campaign.id.as_str(),
        "mode": context.campaign.gateway.mode.name(),
        "digest": hex(&plan.preview.digests.whole),
        "texts": texts(context).into_iter().collect::<BTreeMap<_, _>>(),
        "caps": caps(context),
        "rows": plan.all.count,
        "total_fen": plan.all.fen.fen(),
        "total_yuan": plan.all.fen.to_string(),
        "file_changed": plan.is_changed,
        "columns": (!plan.columns.is_empty()).then_some(&plan.columns),
        "to_send": {"count": plan.to_send.count, "fen": plan.to_send.fen.fen()},
        "seconds": plan.seconds,
        "finish_at": beijing(plan.finish_at),
        "days": days(schedule),
        "held_back": held_back(schedule),
        "is_merchant_capped": schedule.is_merchant_capped,
        "above_default": above_default(context),
        "too_large": schedule.too_large,
        "later": schedule.later,
        "left_out": schedule.left_out,
        "opening": opening(context),
        "people": facts.people,
        "people_with_several": facts.several,
        "most_of_one": facts.most,
        "amounts": amounts(facts),
        "past": paid_before(&plan.preview.paid_before),
        "obstacle": plan.obstacle.as_ref().map(|obstacle| &obstacle.why),
        "approval": plan.approval.as_ref().map(approval),
        "next": plan.next.first(),
        "or": plan.next.others(),
    })
}

fn caps(context: &Context) -> Value {
    let caps = &context.campaign.caps;
    json!({
        "max_packet_fen": caps.max_packet.fen(),
        "openid_per_day": caps.openid_packets,
        "openid_fen_per_day": caps.openid_fen.fen(),
        "merchant_fen_per_day": caps.merchant_fen.fen(),
        "once_per_days": caps.once_per_days,
    })
}

/// `null` where none is required.
fn approval(approval: &PlannedApproval) -> Value {
    let (state, words, approver, until) = match approval {
        PlannedApproval::WhenLive => ("when_live", None, None, None),
        PlannedApproval::NotLoaded => ("not_loaded", None, None, None),
        PlannedApproval::Missing(why, _) => ("missing", Some(why), None, None),
        PlannedApproval::Good(approver, until) => ("good", None, Some(approver), Some(*until)),
    };
    json!({
        "state": state,
        "because": words,
        "approver": approver.map(ToString::to_string),
        "until": until.map(beijing),
    })
}

/// The open time that a run would begin in; `null` where none comes any more.
fn opening(context: &Context) -> Value {
    let opening = context.campaign.windows.next(context.clock.now_ms());
    let moment = |at: i64| (at > 0 && at < Opening::NEVER).then(|| beijing(at));
    opening.map_or(
        Value::Null,
        |opening| json!({"from": moment(opening.from), "until": moment(opening.until)}),
    )
}

fn days(schedule: &Schedule) -> Vec<Value> {
    let days = schedule.days.iter();
    days.map(|day| json!({"date": date(day), "rows": day.rows, "fen": day.fen.fen()}))
        .collect()
}

fn held_back(schedule: &Schedule) -> Vec<Value> {
    let held = schedule.held.iter();
    held.map(|above| {
        let named = above.people.iter().take(Above::NAMED);
        let people: Vec<&String> = named.collect();
        json!({"cap": above.cap.key(), "rows": above.rows, "people": people})
    })
    .collect()
}

fn amounts(facts: &Facts) -> Vec<Value> {
    let amounts = facts.amounts.iter();
    amounts
        .map(|(fen, rows)| json!({"fen": fen.fen(), "rows": rows}))
        .collect()
}

fn paid_before(paid_before: &PaidBefore) -> Value {
    let twins = paid_before.met.by.iter();
    let twins = twins.filter(|met| met.same.is_some());
    let also_under: Vec<&str> = twins.map(|met| met.campaign.as_str()).collect();
    json!({
        "also_under": also_under,
        "met": met::document(&paid_before.met),
        "paid_lately": {
            "days": paid_before.days,
            "people": paid_before.lately.people,
            "rows": paid_before.lately.rows,
        },
    })
}
