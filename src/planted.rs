//! The test build's own defects: each is one mistake that a programmer might make, switched on at
//! run time, so that `tests/planted.rs` can show that the simulation finds it. It is also told
//! there which moves of [`State::on`](crate::domain::state::State::on) were met.
//!
//! Without the feature `planted`, which no shipped build has, every question here is a constant:
//! nothing of it is left in the program.

/// Asks whether this defect is planted on this thread. `false` in every build but the tests' own.
macro_rules! planted {
    ($bug:ident) => {
        $crate::planted::is_planted($crate::planted::Bug::$bug)
    };
}

/// Tells the tests which event met which state.
macro_rules! met {
    ($state:expr, $event:expr) => {
        $crate::planted::met($state.name(), $event.name())
    };
}

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $bug:ident,)+) => {
        /// A mistake that can be planted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Bug {
            $($(#[doc = $doc])+ $bug,)+
        }

        impl Bug {
            /// All of them.
            #[cfg(feature = "planted")]
            pub const ALL: &[Bug] = &[$(Bug::$bug,)+];

            /// Its effect, in a sentence.
            #[cfg(feature = "planted")]
            #[must_use]
            pub fn describe(self) -> &'static str {
                match self {
                    $(Bug::$bug => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

bugs! {
    /// A resend goes out under another number.
    NewNumberOnRetry,
    /// NOT_FOUND counts as a proof that nothing was paid.
    NotFoundIsFailure,
    /// A refusal of a resend settles a number in doubt.
    LaterNoClearsDoubt,
    /// The first byte leaves before the attempt is durable.
    IntentAfterSend,
    /// The writer answers before COMMIT.
    AnswersBeforeCommit,
    /// A COMMIT that failed is taken for one that worked.
    GoesOnAfterCommitError,
    /// The package is not kept.
    LostPackage,
    /// A package that a resend brings is not kept.
    PackageKeptFromFirstSendOnly,
    /// The texts of the campaign file go on the wire in place of the frozen ones.
    TextsOfToday,
    /// A campaign file with other texts than the frozen ones is taken.
    ChangedTextsTaken,
    /// A lock that another process holds is taken over.
    RescueByTime,
    /// Nobody looks whether the lock is still ours.
    LockNotLookedAt,
    /// The writer does not look whether another process took the ledger.
    EpochUnchecked,
    /// A code nobody has heard of counts as a refusal.
    UnknownCodeIsFailure,
    /// A reply to a send counts whatever bill it is about.
    EchoUnchecked,
    /// A reply to a query counts whatever bill it is about.
    AnotherBillsSighting,
    /// SUCCESS counts as payment where the reply names no bill.
    EchoNotNeeded,
    /// A status counts where the reply names no bill.
    SightingOfNoBill,
    /// An answer to a send counts though it names no number.
    UnnamedBelieved,
    /// A query goes over any connection, and NOT_FOUND counts though it may be another's answer.
    UndecidingNotFoundDecides,
    /// A connection that brought somebody else's answer is used again.
    ForeignConnectionKept,
    /// A number's second request goes over the connection of its first.
    SameConnectionTwice,
    /// A reply with a wrong sign counts.
    SignUnchecked,
    /// HTTP 5xx counts as a refusal.
    HttpErrorIsRefusal,
    /// A reply that cannot be read counts as a refusal.
    GarbageIsRefusal,
    /// SYSTEMERROR counts as a refusal.
    SystemErrorIsRefusal,
    /// A request without an answer in time counts as not sent.
    TimeoutIsNotSent,
    /// A request whose connection broke counts as not sent.
    LostConnectionIsNotSent,
    /// PROCESSING counts as payment.
    ProcessingIsPaid,
    /// PROCESSING is sent again after a second.
    ProcessingResentAtOnce,
    /// A query's word on a claim or a refund is replaced by a later one's.
    FateOverwritten,
    /// A packet that is not settled after 25 days is not named.
    DayTwentyFiveUnnamed,
    /// A run asks about what was sent before, whatever waits to be sent.
    FollowTakesASlot,
    /// A run asks about what was sent before more than once an hour.
    FollowTooOften,
    /// A query's SENDING counts as payment.
    SendingIsSent,
    /// A query's SENDING with a reason counts as FAILED.
    LandedIsFailed,
    /// FREQ_LIMIT counts as a refusal of the recipient.
    ThrottledIsRefusal,
    /// Packets are sent after the open time of the schedule.
    SendsAfterClosing,
    /// Nobody slows down after FREQ_LIMIT.
    ThrottledGoesOn,
    /// An empty balance refuses the next packet.
    HaltRefusesPeople,
    /// A merchant-wide code does not stop the run.
    HaltGoesOn,
    /// A daily limit does not stop the run.
    DeferredGoesOn,
    /// A refusal that may have left an order is final at once.
    RefusalNotConfirmed,
    /// A refused resend of a paid packet makes it unpaid.
    PaidThenRefused,
    /// A number in doubt is sent again without a bound.
    UnboundedResends,
    /// A number is sent again after its window.
    WindowIgnored,
    /// A number is sent again within a second.
    NoRest,
    /// Permits are granted at once.
    NoPace,
    /// The pace does not know what the process before sent.
    PaceForgetsTheLastRun,
    /// The pace takes the ages of requests from a clock that was set since.
    WindowTrustsSteppedClock,
    /// A request is as old as a clock says that stands still while the machine sleeps.
    StaleBySleepingClock,
    /// An attempt left open by a dead process counts as not sent.
    RecoverLeavesNoDoubt,
    /// An attempt left open by a dead process stays open.
    RecoverForgets,
    /// A request under way when the run stops counts as not sent.
    CancelledIsNotSent,
    /// An outcome that comes when the run has stopped is dropped.
    CancelledIsForgotten,
    /// A bill with an open attempt is taken again.
    TakenTwice,
    /// Two packets taken together get each other's recipient.
    PeopleSwapped,
    /// Two packets taken together get each other's amount.
    AmountsSwapped,
    /// A counter does not follow its bills.
    CountersNotMoved,
    /// A move is not written to the journal.
    JournalSkipped,
    /// Nobody compares the clock with the ledger or the gateway.
    ClockJumpIgnored,
    /// A running process does not see that it was paused.
    PauseIgnored,
    /// A daily cap holds nobody back.
    CapsIgnored,
    /// The caps do not know what the process before sent.
    CapsForgetTheLastRun,
    /// A packet put off by the merchant's trouble or a limit counts on the day of its first try for
    /// ever.
    PutOffKeepsItsDay,
    /// Another ledger's payment of today counts for nothing.
    SeenPaymentNotInCaps,
    /// Another ledger's possible payment of today counts for nothing until it is asked about.
    UnaskedNotInCaps,
    /// Numbers that another ledger sent are sent as if new.
    RememberedIsSent,
    /// A packet that the earlier process sent is sent again without a question.
    LastStartIsTrusted,
    /// A packet that another ledger may have sent goes because a question of 31 days later finds
    /// nothing.
    LateAnswerFrees,
    /// Whoever heard nothing about a refused packet's own number asks about the next one alone.
    OwnNumberPassedOver,
    /// What a ledger that was lost paid just before is unknown, and so unpaid.
    FreshNotFoundBelieved,
    /// A ledger that was lost is taken to have written until its loss was noticed.
    LostLedgerIsNew,
    /// The window of a packet is told from a clock that was ahead, whatever WeChat Pay says.
    OwnClockTrusted,
    /// An order that is too old to be asked about is taken for a number that nobody knows.
    ExpiredIsUnknown,
    /// A refused packet stays proven unpaid though WeChat Pay has an order of its number.
    KnownStaysRefused,
    /// A number that is PROCESSING, and then unknown, is sent as often as that happens.
    ProcessingSentForEver,
    /// A packet that was owed a second send has it though a person called it unpaid since.
    RuledUnpaidSentAgain,
    /// `FAILED` about a number that was given up, and paid after all, opens it again.
    FailedReopensGivenUp,
    /// What a copy calls refused stays so where no question reaches what came after the copy.
    UnreachedStaysRefused,
    /// A packet that another ledger paid, nobody says when, is sent again for its package.
    AgeOfAnothersGuessed,
    /// FAILED is final though another ledger may have given the packet the next number.
    FailedIsFinal,
    /// A new number is sent before anybody asked WeChat Pay about it.
    NewNumberUnasked,
    /// FAILED counts for a new number however early it comes.
    ReissuedTooEarly,
    /// Nobody asks any more about a number that was given up.
    OldNumberForgotten,
    /// NOT_FOUND counts as FAILED for a new number.
    ReissuedByNotFound,
    /// A number that was given up is sent again once it turns out to be paid.
    OldNumberResent,
    /// A new number is sent although the one before it turned out to be paid.
    NewNumberKept,
    /// The journal's mark of a request leaves out the openid.
    DigestLeavesOutOpenid,
    /// A packet is not compared with what was approved when it is sent.
    ApprovedNotComparedAtTake,
    /// Another payment in place of the debt is neither kept nor counted.
    AnotherPaymentNotBooked,
    /// Triggers that somebody else put into the ledger run in our connections.
    TriggersOn,
    /// A ledger with a second name is run under both.
    SecondLinkAllowed,
    /// A packet that is refused while the set-up is wrong stays refused.
    StreakRefusesPeople,
    /// A packet is sent again however often it is refused.
    SecondRefusalResent,
    /// Refusals between acceptances are never too many.
    ShareNotCounted,
    /// A run in which everybody is refused ends as any other.
    NobodyAcceptedGoesOn,
    /// Another payment in place of the debt counts as the debt.
    AnotherPaymentIsOurs,
    /// A copy of the ledger is taken for the ledger.
    CopyUnnoticed,
    /// A copy is put beside what the ledger before it left.
    RestoreKeepsWal,
    /// A packet that may have been on the wire is taken back.
    SentIsTakenBack,
    /// A list that is loaded again brings back what was taken back, unasked.
    UnchangedComesBack,
    /// A packet that was taken back and has other content now goes out under the next number.
    FrozenUnderNextNumber,
    /// Nobody asks whether those who are refused were paid under their next numbers.
    RefusedUnasked,
    /// Nobody asks about what is taken back.
    WithdrawnUnasked,
    /// Nobody asks any more about what was taken back.
    WithdrawnForgotten,
    /// A packet that is frozen anew counts with the money that it had.
    FrozenAnewKeepsSum,
    /// Two payments of one packet in the bill count as one.
    PaidTwiceIsOnce,
    /// The amounts of ledger and bill are not compared.
    FlowAmountsNotCompared,
    /// A movement under a number of ours that the ledger does not have is other business.
    StrangeNumberIsForeign,
    /// A refund of a packet that was claimed, or never paid, is no break.
    RefundOfNothingTaken,
    /// A paid packet that no bill of its day has is passed over.
    MissingInBillPassedOver,
    /// A refund that no bill of its day has is passed over.
    RefundMissingPassedOver,
    /// However late a movement is booked, it is in time.
    LateIsInTime,
    /// A day of which no bill was given counts as one with nothing on it.
    UncoveredDayIsEmpty,
    /// Bills are matched without those given before.
    EarlierBillsForgotten,
    /// A row that an earlier bill had is another movement.
    RowGivenAgainIsNew,
    /// A whole bill takes the place of another account's.
    OtherAccountReplaced,
    /// Every row with a number in it is ours.
    ForeignIsOurs,
    /// A resend says on the wire which try it is.
    ResendDiffers,
    /// What a proxy answers to CONNECT is taken for the gateway's reply.
    ProxyAnswerIsReply,
    /// A log names a recipient.
    OpenidInLog,
    /// A log names the key.
    KeyInLog,
}

#[cfg(not(feature = "planted"))]
pub(crate) const fn is_planted(_: Bug) -> bool {
    false
}

#[cfg(not(feature = "planted"))]
pub(crate) const fn met(_state: &'static str, _event: &'static str) {}

#[cfg(feature = "planted")]
pub use seams::{Met, plant, take_met};
#[cfg(feature = "planted")]
pub(crate) use seams::{is_planted, met};

#[cfg(feature = "planted")]
mod seams {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use crate::planted::Bug;

    /// How often each event met each state.
    pub type Met = BTreeMap<(&'static str, &'static str), u64>;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
        static MET: RefCell<Met> = const { RefCell::new(Met::new()) };
    }

    /// Plants a defect on this thread, in place of the one before.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    pub(crate) fn is_planted(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }

    pub(crate) fn met(state: &'static str, event: &'static str) {
        MET.with_borrow_mut(|met| *met.entry((state, event)).or_default() += 1);
    }

    /// The mistakes met on this thread since the last call.
    #[must_use]
    pub fn take_met() -> Met {
        MET.take()
    }
}
