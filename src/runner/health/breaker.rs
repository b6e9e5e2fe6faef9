//! Recognises what is wrong with the set-up as a whole, behind single answers. Pure.

use tokio::time::Instant;

use super::halt::{
    Halt, certificate_halt, dates_halt, http_halt, merchant_halt, proxy_halt, refusal_halt,
    return_fail_halt,
};
use super::streak::Streak;
use super::symptom::Symptom;
use crate::domain::bill::Action;
use crate::ledger::Said;
use crate::words::{Words, halt as words};

/// Answers of HTTP 4xx, or FAIL without a code, in a row that halt.
const SETUP_IN_A_ROW: u32 = 3;
/// Requests in a row without a usable answer after which a run that ends calls the gateway gone.
const FAILING_IN_A_ROW: u32 = 3;
/// Requests in a row without a usable answer that drop the pool to one probe.
const DOWN_IN_A_ROW: u32 = 10;

/// The gateway gives no usable answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runner) struct Outage {
    /// Whether sends fail.
    pub(in crate::runner) hits_sends: bool,
    /// Whether queries fail.
    pub(in crate::runner) hits_queries: bool,
    /// The last failure in words.
    pub(in crate::runner) evidence: Words,
}

impl Outage {
    pub(in crate::runner) fn hits_everything(&self) -> bool {
        self.hits_sends && self.hits_queries
    }
}

/// Counts what answers say in a row.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    http_setup: u32,
    return_fail: u32,
    proxy_denied: u32,
    down: Down,
    streak: Streak,
    /// Code and words of the last refusal of a recipient.
    refused: (String, String),
}

/// Failures in a row, sends and queries apart: where one of them works, the other need not.
#[derive(Debug, Default)]
struct Down {
    sends: Failures,
    queries: Failures,
    /// Of either kind.
    all: Failures,
    evidence: Option<Words>,
}

/// Failures since the last usable answer. What hangs from before that one came says nothing of the
/// time after it, however late it ends.
#[derive(Debug, Default)]
struct Failures {
    count: u32,
    answered: Option<Instant>,
}

impl Failures {
    fn note(&mut self, symptom: &Symptom, began: Instant) {
        let is_old = self.answered.is_some_and(|answered| began < answered);
        match symptom {
            Symptom::Hung(_) if is_old => {}
            failed if failed.is_down() => self.count += 1,
            _ => (self.count, self.answered) = (0, Some(Instant::now())),
        }
    }
}

impl Breaker {
    /// Takes the answer of a request that began then into account.
    pub(in crate::runner) fn note(
        &mut self,
        action: Action,
        symptom: &Symptom,
        began: Instant,
    ) -> Option<Halt> {
        self.count(action, symptom, began);
        match symptom {
            Symptom::Merchant { code, words } => Some(merchant_halt(code, words)),
            Symptom::Certificate(detail) => Some(certificate_halt(detail)),
            Symptom::Dates(dates) => Some(dates_halt(dates)),
            Symptom::HttpSetup(status) if self.http_setup >= SETUP_IN_A_ROW => {
                Some(http_halt(*status, self.http_setup))
            }
            Symptom::ReturnFail(words) if self.return_fail >= SETUP_IN_A_ROW => {
                Some(return_fail_halt(SETUP_IN_A_ROW, words))
            }
            Symptom::ProxyDenied(status, _) if self.proxy_denied >= SETUP_IN_A_ROW => {
                Some(proxy_halt(*status, self.proxy_denied))
            }
            Symptom::Refused { bill, code, words } => {
                self.refused = (code.clone(), words.clone());
                let sign = self.streak.refuse(*bill, code)?;
                Some(refusal_halt(sign, code, words))
            }
            Symptom::Accepted
            | Symptom::HttpSetup(_)
            | Symptom::ReturnFail(_)
            | Symptom::ProxyDenied(..)
            | Symptom::Down(_)
            | Symptom::Hung(_)
            | Symptom::Throttled
            | Symptom::Other
            | Symptom::NotBegun => None,
        }
    }

    fn count(&mut self, action: Action, symptom: &Symptom, began: Instant) {
        if *symptom == Symptom::NotBegun {
            return;
        }
        let one_more = |count: u32, is_so: bool| if is_so { count + 1 } else { 0 };
        self.http_setup = one_more(self.http_setup, matches!(symptom, Symptom::HttpSetup(_)));
        self.return_fail = one_more(self.return_fail, matches!(symptom, Symptom::ReturnFail(_)));
        let is_denied = matches!(symptom, Symptom::ProxyDenied(..));
        self.proxy_denied = one_more(self.proxy_denied, is_denied);
        self.down.all.note(symptom, began);
        let down = match action {
            Action::Send => &mut self.down.sends,
            Action::Query => &mut self.down.queries,
        };
        down.note(symptom, began);
        match symptom {
            Symptom::Accepted => self.streak.accept(),
            failed => {
                if let Some(evidence) = failed.failure() {
                    self.down.evidence = Some(evidence.clone());
                }
            }
        }
    }

    /// The outage, where so much failed in a row that only one probe at a time should try.
    pub(in crate::runner) fn outage(&self) -> Option<Outage> {
        let hits_sends = self.down.sends.count >= DOWN_IN_A_ROW;
        let hits_queries = self.down.queries.count >= DOWN_IN_A_ROW;
        (hits_sends || hits_queries).then(|| Outage {
            hits_sends,
            hits_queries,
            evidence: self.down.evidence.clone().unwrap_or_else(words::no_answer),
        })
    }

    /// The last failure, where the last few requests all failed.
    pub(in crate::runner) fn failing(&self) -> Option<Words> {
        let evidence = self.down.evidence.clone();
        evidence.filter(|_| self.down.all.count >= FAILING_IN_A_ROW)
    }

    /// Takes what was said to first sends before this process began.
    pub(in crate::runner) fn remember(&mut self, said: Said) -> Option<Halt> {
        let code = match &said {
            Said::Refused(_, code) => code.clone(),
            Said::Accepted => String::new(),
        };
        let sign = self.streak.remember(said)?;
        Some(refusal_halt(sign, &code, ""))
    }

    /// The words beside this code, where the last refusal had it.
    pub(in crate::runner) fn told(&self, code: &str) -> &str {
        let (last, words) = &self.refused;
        if last == code { words } else { "" }
    }

    /// The answers to first sends.
    pub(in crate::runner) fn streak(&self) -> &Streak {
        &self.streak
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::outcome::{Answer, Outcome};
    use crate::words::wire;

    /// Of a request that began now, too.
    fn note(breaker: &mut Breaker, action: Action, symptom: &Symptom) -> Option<Halt> {
        breaker.note(action, symptom, Instant::now())
    }

    fn refused(code: &str) -> Symptom {
        Symptom::Refused {
            bill: 7,
            code: code.to_owned(),
            words: String::new(),
        }
    }

    fn halts_after(symptom: &Symptom) -> Option<u32> {
        let mut breaker = Breaker::default();
        (1..=20).find(|_| note(&mut breaker, Action::Send, symptom).is_some())
    }

    #[test]
    fn each_kind_of_broken_set_up_halts_after_its_count() {
        let merchant = Symptom::Merchant {
            code: "NOTENOUGH".to_owned(),
            words: String::new(),
        };
        assert_eq!(halts_after(&merchant), Some(1));
        assert_eq!(halts_after(&Symptom::Certificate(String::new())), Some(1));
        assert_eq!(halts_after(&Symptom::HttpSetup(400)), Some(3));
        assert_eq!(halts_after(&Symptom::ReturnFail(String::new())), Some(3));
        let denied = |status| Symptom::ProxyDenied(status, wire::proxy_refused(status));
        assert_eq!(halts_after(&denied(403)), Some(3));
        assert_eq!(halts_after(&denied(407)), Some(3));
        assert_eq!(halts_after(&refused("NO_AUTH")), Some(5));
        assert_eq!(halts_after(&refused("PARAM_ERROR")), Some(5));
        assert_eq!(halts_after(&refused("OPENID_ERROR")), Some(10));
        assert_eq!(halts_after(&Symptom::Down(wire::timeout())), None);
        assert_eq!(halts_after(&Symptom::Other), None);
    }

    #[test]
    fn an_acceptance_between_refusals_shows_that_the_set_up_is_right() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            for _ in 0..4 {
                assert_eq!(note(&mut breaker, Action::Send, &refused("NO_AUTH")), None);
            }
            assert_eq!(note(&mut breaker, Action::Send, &Symptom::Accepted), None);
        }
    }

    #[test]
    fn ten_failures_in_a_row_leave_one_probe_until_an_answer_comes() {
        let mut breaker = Breaker::default();
        for _ in 0..9 {
            breaker.note(
                Action::Send,
                &Symptom::Down(wire::timeout()),
                Instant::now(),
            );
        }
        assert_eq!(breaker.outage(), None);
        breaker.note(
            Action::Send,
            &Symptom::Down(wire::http(502_u16)),
            Instant::now(),
        );
        assert_eq!(breaker.outage().unwrap().evidence.en, "HTTP status 502");
        note(&mut breaker, Action::Send, &Symptom::Other);
        assert_eq!(breaker.outage(), None);
    }

    #[test]
    fn a_few_failures_with_nothing_after_them_are_called_so() {
        let mut breaker = Breaker::default();
        for action in [Action::Send, Action::Query, Action::Send] {
            assert_eq!(breaker.failing(), None);
            note(&mut breaker, action, &Symptom::Down(wire::timeout()));
        }
        assert_eq!(breaker.failing(), Some(wire::timeout()));
        note(&mut breaker, Action::Query, &Symptom::Other);
        assert_eq!(breaker.failing(), None);
    }

    /// Requests that hang end one after the other, long after those that were answered.
    #[test]
    fn what_hangs_from_before_an_answer_is_no_sign_of_what_came_after() {
        let mut breaker = Breaker::default();
        let began = Instant::now();
        let late = Symptom::Hung(wire::timeout());
        note(&mut breaker, Action::Query, &Symptom::Other);
        for _ in 0..40 {
            breaker.note(Action::Query, &late, began);
        }
        assert_eq!((breaker.outage(), breaker.failing()), (None, None));
        for _ in 0..10 {
            note(&mut breaker, Action::Query, &late);
        }
        assert!(breaker.outage().unwrap().hits_queries);
        // Answers of the other kind say nothing of this one.
        note(&mut breaker, Action::Send, &Symptom::Accepted);
        assert!(breaker.outage().unwrap().hits_queries);
    }

    #[test]
    fn queries_that_work_do_not_hide_sends_that_fail() {
        let mut breaker = Breaker::default();
        for _ in 0..10 {
            breaker.note(
                Action::Send,
                &Symptom::Down(wire::http(404_u16)),
                Instant::now(),
            );
            note(&mut breaker, Action::Query, &Symptom::Other);
        }
        let outage = breaker.outage().unwrap();
        assert!(outage.hits_sends && !outage.hits_queries);
    }

    #[test]
    fn a_refused_resend_of_a_number_in_doubt_says_nothing_about_the_set_up() {
        let answer = Answer::wordless(Outcome::RefusedToConfirm);
        assert_eq!(Symptom::of_send(&answer, None), Symptom::Other);
        assert!(matches!(
            Symptom::of_send(&answer, Some(7)),
            Symptom::Refused { bill: 7, .. }
        ));
    }

    #[test]
    fn what_was_never_begun_breaks_no_row() {
        let mut breaker = Breaker::default();
        note(&mut breaker, Action::Send, &Symptom::HttpSetup(400));
        note(&mut breaker, Action::Send, &Symptom::HttpSetup(400));
        note(&mut breaker, Action::Send, &Symptom::NotBegun);
        assert!(note(&mut breaker, Action::Send, &Symptom::HttpSetup(400)).is_some());
    }

    #[test]
    fn a_halt_names_cause_evidence_and_remedy() {
        let symptom = Symptom::Merchant {
            code: "SIGN_ERROR".to_owned(),
            words: "签名错误".to_owned(),
        };
        let halt = note(&mut Breaker::default(), Action::Send, &symptom).unwrap();
        assert!(
            halt.cause.en.starts_with("SIGN_ERROR: "),
            "{:?}",
            halt.cause
        );
        assert_eq!(halt.evidence.en, "SIGN_ERROR: 签名错误");
        assert!(!halt.remedy.en.is_empty() && halt.remedy.en != halt.remedy.zh);
    }

    #[test]
    fn a_log_has_a_code_and_no_words_of_a_reply() {
        let refused = Symptom::Refused {
            bill: 1,
            code: "OPENID_ERROR".to_owned(),
            words: "oABCde1234567890123456789xyz".to_owned(),
        };
        assert_eq!(refused.logged(), ("refused", "OPENID_ERROR"));
    }
}
