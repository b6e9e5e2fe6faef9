//! Mistakes that no seed meets, since no campaign of the simulation is approved, and nobody there
//! adds a trigger or loses the ledger but not its side files: each is shown by a scene of its own,
//! which holds without the mistake.

use hongbao::planted::{Bug, plant};
use tokio::runtime::Builder;

use crate::{bill, copied, follow, proxy, reply, scene};

/// Whether a scene of its own shows the mistake, and how; `None` where there is no such scene.
pub(super) fn shown(bug: Bug) -> Option<Result<(), String>> {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    plant(Some(bug));
    let shown = match bug {
        Bug::ApprovedNotComparedAtTake => {
            Some(runtime.block_on(scene::no_stranger_is_paid_where_an_approval_is_needed()))
        }
        Bug::UnknownCodeIsFailure => Some(reply::an_unknown_code_is_doubt()),
        Bug::UndecidingNotFoundDecides => Some(reply::an_unnamed_not_found_decides_nothing()),
        Bug::ExpiredIsUnknown => Some(reply::an_order_too_old_to_tell_of_is_known()),
        Bug::KnownStaysRefused => Some(reply::an_order_of_who_is_refused_is_for_a_person()),
        Bug::ProcessingSentForEver => Some(reply::what_is_processing_is_not_sent_for_ever()),
        Bug::FailedReopensGivenUp => Some(reply::what_was_given_up_is_not_opened_by_failed()),
        Bug::RuledUnpaidSentAgain => Some(reply::what_a_person_called_unpaid_is_not_sent()),
        Bug::LostLedgerIsNew => {
            let asked = copied::what_a_lost_ledger_sent_long_ago_is_not_sent();
            Some(runtime.block_on(asked))
        }
        Bug::OwnClockTrusted => Some(reply::what_was_sent_by_a_clock_ahead_is_as_old_as_it_is()),
        Bug::AgeOfAnothersGuessed => {
            Some(reply::who_was_paid_by_another_ledger_is_not_sent_again())
        }
        Bug::FateOverwritten => Some(reply::a_claim_stays_as_it_was_told()),
        Bug::FollowTakesASlot => Some(follow::played(follow::no_send_waits_for_a_follow_up())),
        Bug::FollowTooOften => Some(follow::played(
            follow::nobody_is_asked_about_twice_within_an_hour(),
        )),
        Bug::DayTwentyFiveUnnamed => {
            Some(follow::played(follow::what_is_open_after_25_days_is_named()))
        }
        Bug::PaidTwiceIsOnce
        | Bug::FlowAmountsNotCompared
        | Bug::StrangeNumberIsForeign
        | Bug::RefundOfNothingTaken
        | Bug::MissingInBillPassedOver
        | Bug::RefundMissingPassedOver
        | Bug::LateIsInTime
        | Bug::UncoveredDayIsEmpty
        | Bug::ForeignIsOurs => Some(follow::played(
            bill::each_break_of_the_bill_is_found_as_what_it_is(),
        )),
        Bug::EarlierBillsForgotten | Bug::RowGivenAgainIsNew | Bug::OtherAccountReplaced => {
            Some(follow::played(bill::bills_given_apart_are_seen_together()))
        }
        Bug::RestoreKeepsWal => Some(copied::a_wal_that_is_left_is_kept_apart()),
        Bug::AnotherPaymentNotBooked => Some(runtime.block_on(scene::another_payment_is_counted())),
        Bug::UnaskedNotInCaps => {
            Some(runtime.block_on(copied::what_nobody_asked_about_is_in_the_caps()))
        }
        Bug::SeenPaymentNotInCaps => Some(runtime.block_on(async {
            copied::what_is_paid_after_all_is_in_the_caps().await?;
            copied::what_another_ledger_paid_is_in_the_caps().await
        })),
        Bug::RefusedUnasked => {
            let asked = copied::the_next_number_of_who_is_refused_is_asked_about();
            Some(runtime.block_on(asked))
        }
        Bug::OwnNumberPassedOver => {
            let asked = copied::the_own_number_of_who_is_refused_is_asked_about();
            Some(runtime.block_on(asked))
        }
        Bug::FreshNotFoundBelieved => {
            let asked = copied::what_a_lost_ledger_paid_last_is_not_unknown_at_once();
            Some(runtime.block_on(asked))
        }
        Bug::LateAnswerFrees => Some(runtime.block_on(async {
            copied::what_no_question_reaches_is_not_taken_back().await?;
            copied::what_no_question_reaches_is_not_sent().await
        })),
        Bug::UnreachedStaysRefused => {
            Some(runtime.block_on(copied::what_no_question_reaches_is_not_unpaid()))
        }
        Bug::ProxyAnswerIsReply => Some(proxy::what_a_proxy_says_is_no_reply()),
        Bug::TriggersOn => Some(runtime.block_on(scene::triggers_do_nothing(""))),
        _ => None,
    };
    plant(None);
    shown
}
