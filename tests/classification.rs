//! What every reply means for every bill: the whole product of HTTP status, sign, echo,
//! `return_code`, `result_code` and code, and of every answer with every condition of a bill.
//!
//! Replies are made as bytes and judged by the real judgement; bills are brought into their
//! condition by real steps. The tables stand in `tests/snapshots`, so that a change of what an
//! answer means shows as a changed line; the other tests hold over the whole product, whatever
//! the tables say. `INSTA_UPDATE=always cargo test --test classification` writes new tables.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "classification/bill.rs"]
mod bill;
#[path = "classification/kinds.rs"]
mod kinds;
#[path = "classification/product.rs"]
mod product;
#[path = "classification/reply.rs"]
mod reply;
#[path = "support/terms.rs"]
mod terms;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use bill::{Condition, words};
use hongbao::domain::bill::Bill;
use hongbao::domain::outcome::{Doubt, Outcome, Sighting, Until};
use hongbao::domain::state::State;
use hongbao::wechat::{hbinfo, redpack};
use kinds::RULES;
use product::Product;
use reply::{AMOUNTS, LISTS, SIGNS, STANDINGS, STATUSES};

type Sends = Product<5, Outcome>;
type Queries<const N: usize> = Product<N, Sighting>;

/// Every reply to a send: status, sign, echo, both codes, `err_code`.
fn sends() -> &'static Sends {
    static SENDS: OnceLock<Sends> = OnceLock::new();
    SENDS.get_or_init(|| {
        let (ours, key) = (reply::frozen(), reply::key());
        let judge = |status, body: &[u8]| redpack::classify(status, body, &ours, &key).verdict;
        let echoes = reply::echoes().into_iter().map(|(name, _)| name).collect();
        let axes = [statuses(), names(SIGNS), echoes, pairs(), codes()];
        Product::new(axes, judged(&send_bodies(), judge))
    })
}

fn send_bodies() -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for sign in 0..SIGNS.len() {
        for (_, echo) in reply::echoes() {
            let receipt = [("send_listid", "1"), ("package", "a=b&c")];
            let rest = [echo, reply::filled(&receipt)].concat();
            bodies.extend(said_in_every_way(&rest, sign));
        }
    }
    bodies
}

/// A reply for every pair of codes with every code, `rest` beside them.
fn said_in_every_way(rest: &reply::Fields, sign: usize) -> Vec<Vec<u8>> {
    let codes = reply::codes();
    let with = |(pair, code)| reply::body(&[reply::said(pair, code), rest.clone()].concat(), sign);
    let all = reply::pairs().into_iter();
    all.flat_map(|pair| codes.iter().map(move |code| (pair, *code)))
        .map(with)
        .collect()
}

/// Every answer to a query by what was said: status, sign, number, both codes, `err_code`.
fn queries_by_code() -> &'static Queries<5> {
    static QUERIES: OnceLock<Queries<5>> = OnceLock::new();
    QUERIES.get_or_init(|| {
        let mut bodies = Vec::new();
        for sign in 0..SIGNS.len() {
            for (_, number) in reply::numbers() {
                let found = [("status", "RECEIVED"), ("total_amount", "100")];
                let rest = [number, reply::filled(&found)].concat();
                bodies.extend(said_in_every_way(&rest, sign));
            }
        }
        let axes = [statuses(), names(SIGNS), numbers(), pairs(), codes()];
        Product::new(axes, judged(&bodies, judge_query))
    })
}

/// Every success of a query: status, sign, number, amount, list, standing.
fn queries_by_standing() -> &'static Queries<6> {
    static QUERIES: OnceLock<Queries<6>> = OnceLock::new();
    QUERIES.get_or_init(|| {
        let mut bodies = Vec::new();
        for sign in 0..SIGNS.len() {
            for (_, number) in reply::numbers() {
                for amount in AMOUNTS {
                    bodies.extend(standing_in_every_way(&number, amount, sign));
                }
            }
        }
        let lists = names(LISTS.map(|(name, _)| name));
        let amounts = names(AMOUNTS.map(amount_name));
        let standings = names(STANDINGS.map(standing_name));
        let axes = [
            statuses(),
            names(SIGNS),
            numbers(),
            amounts,
            lists,
            standings,
        ];
        Product::new(axes, judged(&bodies, judge_query))
    })
}

fn standing_in_every_way(number: &reply::Fields, amount: &str, sign: usize) -> Vec<Vec<u8>> {
    let with = |(list, (status, has_reason)): (&str, (&str, bool))| {
        let reason = if has_reason { "a reason" } else { "" };
        let rest = [
            ("total_amount", amount),
            ("status", status),
            ("reason", reason),
        ];
        let said = reply::said(("SUCCESS", "SUCCESS"), "SUCCESS");
        let fields = [said, number.clone(), reply::filled(&rest)].concat();
        reply::with_list(&fields, sign, list)
    };
    let all = LISTS.into_iter();
    all.flat_map(|(_, list)| STANDINGS.map(|standing| (list, standing)))
        .map(with)
        .collect()
}

fn judge_query(status: u16, body: &[u8]) -> Sighting {
    static ASKED: OnceLock<hbinfo::QueriedNumber> = OnceLock::new();
    let asked = ASKED.get_or_init(reply::asked);
    hbinfo::sighting(status, body, asked, &reply::key()).verdict
}

/// Each body under each status, the status first.
fn judged<A>(bodies: &[Vec<u8>], judge: impl Fn(u16, &[u8]) -> A) -> Vec<A> {
    let mut answers = Vec::new();
    for status in STATUSES {
        answers.extend(bodies.iter().map(|body| judge(status, body)));
    }
    answers
}

fn names<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(Into::into).collect()
}

fn statuses() -> Vec<String> {
    names(STATUSES.map(|status| format!("HTTP {status}")))
}

fn numbers() -> Vec<String> {
    names(reply::numbers().into_iter().map(|(name, _)| name))
}

fn pairs() -> Vec<String> {
    let word = |word: &'static str| if word.is_empty() { "absent" } else { word };
    let pair = |(first, second)| format!("{}/{}", word(first), word(second));
    names(reply::pairs().into_iter().map(pair))
}

fn codes() -> Vec<String> {
    let name = |code: &'static str| if code.is_empty() { "no code" } else { code };
    names(reply::codes().into_iter().map(name))
}

fn amount_name(amount: &str) -> &str {
    match amount {
        "100" => "our amount",
        "" => "no amount",
        _ => "another amount",
    }
}

fn standing_name((status, has_reason): (&str, bool)) -> String {
    match (status, has_reason) {
        ("", _) => "no status".to_owned(),
        (_, true) => format!("{status} with a reason"),
        (_, false) => status.to_owned(),
    }
}

/// An outcome in words; of a doubt only its kind.
fn outcome_words(outcome: &Outcome) -> String {
    let words = match outcome {
        Outcome::Unnamed(said) => return format!("unnamed: {}", outcome_words(said)),
        Outcome::Accepted(receipt) if receipt.package.is_none() => "accepted, no package",
        Outcome::Accepted(_) => "accepted",
        Outcome::Processing => "processing",
        Outcome::Throttled => "throttled",
        Outcome::RefusedWithoutOrder => "refused, no order",
        Outcome::RefusedUnlessKnown => "refused, unless known",
        Outcome::RefusedToConfirm => "refused, to confirm",
        Outcome::Halted => "halted",
        Outcome::Deferred(Until::NextDay) => "deferred to midnight",
        Outcome::Deferred(Until::EightOClock) => "deferred to eight",
        Outcome::Clash => "clash",
        Outcome::NotSent(_) => "not sent",
        Outcome::InDoubt(doubt) => doubt_words(doubt),
    };
    words.to_owned()
}

fn sighting_words(sighting: &Sighting) -> String {
    let words = match sighting {
        Sighting::Sending { has_reason: false } => "seen SENDING",
        Sighting::Sending { has_reason: true } => "seen SENDING with a reason",
        Sighting::Sent => "seen SENT",
        Sighting::Failed => "seen FAILED",
        Sighting::Received => "seen RECEIVED",
        Sighting::Refunding => "seen RFUND_ING",
        Sighting::Refunded => "seen REFUND",
        Sighting::NotFound => "not found",
        Sighting::Expired => "too old to be asked about",
        Sighting::Clash => "clash",
        Sighting::Throttled => "throttled",
        Sighting::Halted => "halted",
        Sighting::NotSent(_) => "not sent",
        Sighting::Unclear(doubt) => doubt_words(doubt),
    };
    words.to_owned()
}

fn doubt_words(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::Timeout
        | Doubt::ConnectionLost(_)
        | Doubt::AnswerCut(_)
        | Doubt::CertificateAlert(_) => "doubt: no reply",
        Doubt::Http(_) => "doubt: HTTP",
        Doubt::Malformed(_) => "doubt: malformed",
        Doubt::Echo(_) => "doubt: echo",
        Doubt::Unnamed => "doubt: names no number",
        Doubt::Sign => "doubt: sign",
        Doubt::SystemError => "doubt: SYSTEMERROR",
        Doubt::UnknownCode => "doubt: unknown code",
        Doubt::ReturnFail => "doubt: FAIL without a code",
        Doubt::Interrupted => "doubt: interrupted",
    }
}

/// The bill after the answer to its send.
fn after_send(condition: &Condition, outcome: &Outcome) -> Bill {
    let mut bill = condition.bill.clone();
    bill.record_send(outcome, &condition.moment, &RULES)
        .unwrap();
    bill
}

/// The bill after the answer to a query about it.
fn after_query(condition: &Condition, sighting: &Sighting) -> Bill {
    let mut bill = condition.bill.clone();
    bill.record_query(sighting, &condition.moment, &RULES)
        .unwrap();
    bill
}

#[test]
fn the_table_of_replies_to_a_send() {
    insta::assert_snapshot!(sends().tree(outcome_words));
}

#[test]
fn the_table_of_answers_to_a_query_by_code() {
    insta::assert_snapshot!(queries_by_code().tree(sighting_words));
}

#[test]
fn the_table_of_answers_to_a_query_by_standing() {
    insta::assert_snapshot!(queries_by_standing().tree(sighting_words));
}

#[test]
fn the_table_of_bills_after_a_send() {
    let (conditions, outcomes) = (bill::sending(), kinds::outcomes());
    let after = |condition| {
        outcomes
            .iter()
            .map(move |it| told(condition, &after_send(condition, it)))
    };
    let answers = conditions.iter().flat_map(after).collect();
    let axes = [
        names(conditions.iter().map(|it| it.name)),
        outcomes.iter().map(outcome_words).collect(),
    ];
    insta::assert_snapshot!(Product::new(axes, answers).tree(String::clone));
}

#[test]
fn the_table_of_bills_after_a_query() {
    let (conditions, sightings) = (bill::asked_about(), kinds::sightings());
    let after = |condition| {
        sightings
            .iter()
            .map(move |it| told(condition, &after_query(condition, it)))
    };
    let answers = conditions.iter().flat_map(after).collect();
    let axes = [
        names(conditions.iter().map(|it| it.name)),
        sightings.iter().map(sighting_words).collect(),
    ];
    insta::assert_snapshot!(Product::new(axes, answers).tree(String::clone));
}

fn told(condition: &Condition, after: &Bill) -> String {
    words(after, condition.moment.now)
}

/// Every outcome that any reply of the product was judged to be, each once.
fn all_outcomes() -> &'static [Outcome] {
    static ALL: OnceLock<Vec<Outcome>> = OnceLock::new();
    ALL.get_or_init(|| distinct(sends().iter().map(|(_, outcome)| outcome)))
}

/// Every sighting that any answer of both products was judged to be, each once.
fn all_sightings() -> &'static [Sighting] {
    static ALL: OnceLock<Vec<Sighting>> = OnceLock::new();
    ALL.get_or_init(|| {
        let by_code = queries_by_code().iter().map(|(_, sighting)| sighting);
        let by_standing = queries_by_standing().iter();
        distinct(by_code.chain(by_standing.map(|(_, sighting)| sighting)))
    })
}

fn distinct<'a, A: Clone + PartialEq + 'a>(all: impl Iterator<Item = &'a A>) -> Vec<A> {
    let mut once = Vec::new();
    for answer in all {
        if !once.contains(answer) {
            once.push(answer.clone());
        }
    }
    once
}

/// So the tables of bills speak of every reply, though they name one of each kind.
#[test]
fn answers_of_one_kind_do_the_same_to_a_bill() {
    let is_doubt = |words: &str| words.starts_with("doubt: ");
    let same = |ours: &str, theirs: &str| ours == theirs || is_doubt(ours) && is_doubt(theirs);
    for condition in bill::sending() {
        for outcome in all_outcomes() {
            let is_kind = |it: &Outcome| same(&outcome_words(it), &outcome_words(outcome));
            let kind = kinds::outcomes().into_iter().find(is_kind).unwrap();
            let (ours, theirs) = (
                after_send(&condition, outcome),
                after_send(&condition, &kind),
            );
            assert_eq!(ours, theirs, "{}: {outcome:?}", condition.name);
        }
    }
    for condition in bill::asked_about() {
        for sighting in all_sightings() {
            let is_kind = |it: &Sighting| same(&sighting_words(it), &sighting_words(sighting));
            let kind = kinds::sightings().into_iter().find(is_kind).unwrap();
            let (ours, theirs) = (
                after_query(&condition, sighting),
                after_query(&condition, &kind),
            );
            assert_eq!(ours, theirs, "{}: {sighting:?}", condition.name);
        }
    }
}

#[test]
fn a_payment_is_believed_only_whole_and_about_this_bill() {
    for (point, outcome) in sends().iter() {
        let [status, sign, echo, said, _] = point;
        let is_whole = matches!(echo, "whole echo" | "no mch_id" | "no wxappid");
        let is_paid = is_whole && status == "HTTP 200" && sign != "wrong sign";
        let expected = is_paid && said == "SUCCESS/SUCCESS";
        assert_eq!(
            matches!(outcome, Outcome::Accepted(_)),
            expected,
            "{point:?}"
        );
    }
    let ours = reply::frozen();
    for (echo, others) in reply::all_echoes() {
        let names: Vec<&str> = echo.iter().map(|(name, _)| *name).collect();
        let is_whole = ["mch_billno", "re_openid", "total_amount"]
            .iter()
            .all(|it| names.contains(it));
        let said = reply::said(("SUCCESS", "SUCCESS"), "");
        let body = reply::body(&[said, echo.clone()].concat(), 0);
        let verdict = redpack::classify(200, &body, &ours, &reply::key()).verdict;
        let is_accepted = matches!(verdict, Outcome::Accepted(_));
        assert_eq!(is_accepted, is_whole && others == 0, "{echo:?}");
    }
}

#[test]
fn an_answer_with_another_status_a_wrong_sign_or_another_echo_is_doubt() {
    for (point, outcome) in sends().iter() {
        let [status, sign, echo, ..] = point;
        if status != "HTTP 200" || sign == "wrong sign" || echo.starts_with("another") {
            assert!(
                matches!(outcome, Outcome::InDoubt(_)),
                "{point:?} {outcome:?}"
            );
        }
    }
    let is_strange = |status: &str, sign: &str, number: &str| {
        status != "HTTP 200" || sign == "wrong sign" || number.starts_with("another")
    };
    for (point, sighting) in queries_by_code().iter() {
        if is_strange(point[0], point[1], point[2]) {
            assert!(
                matches!(sighting, Sighting::Unclear(_)),
                "{point:?} {sighting:?}"
            );
        }
    }
    for (point, sighting) in queries_by_standing().iter() {
        if is_strange(point[0], point[1], point[2]) {
            assert!(
                matches!(sighting, Sighting::Unclear(_)),
                "{point:?} {sighting:?}"
            );
        }
    }
}

#[test]
fn no_status_but_200_says_anything() {
    let whole = reply::echoes().swap_remove(0).1;
    let replies = [
        ("SUCCESS", ""),
        ("FAIL", "OPENID_ERROR"),
        ("FAIL", "FREQ_LIMIT"),
    ];
    for (word, code) in replies {
        let body = reply::body(
            &[reply::said(("SUCCESS", word), code), whole.clone()].concat(),
            1,
        );
        for status in (0..=999).filter(|status| *status != 200) {
            let verdict = redpack::classify(status, &body, &reply::frozen(), &reply::key()).verdict;
            assert_eq!(verdict, Outcome::InDoubt(Doubt::Http(status)));
        }
    }
    let failed = reply::filled(&[("status", "FAILED")]);
    let number = reply::numbers().swap_remove(0).1;
    let said = reply::said(("SUCCESS", "SUCCESS"), "");
    let body = reply::body(&[said, number, failed].concat(), 1);
    assert_eq!(judge_query(200, &body), Sighting::Failed);
    for status in (0..=999).filter(|status| *status != 200) {
        assert_eq!(
            judge_query(status, &body),
            Sighting::Unclear(Doubt::Http(status))
        );
    }
}

/// Two of the codes are also written without their blank.
#[test]
fn a_code_that_no_document_of_red_packets_names_is_doubt() {
    let strange = ["no code", "SUCCESS", "0", "BRAND_NEW", "systemerror"];
    let foreign = [
        "NOT_FOUND",
        "REQ_PARAM_XML_ERR",
        "REQ_PARAM_XML_MISS",
        "OVER_LIMIT",
        "268458547",
    ];
    for (point, outcome) in sends().iter() {
        let [.., said, code] = point;
        if said != "SUCCESS/SUCCESS" && (strange.contains(&code) || foreign.contains(&code)) {
            assert!(
                matches!(outcome, Outcome::InDoubt(_)),
                "{point:?} {outcome:?}"
            );
        }
    }
    for (point, sighting) in queries_by_code().iter() {
        let [.., said, code] = point;
        if said != "SUCCESS/SUCCESS" && strange.contains(&code) {
            assert!(
                matches!(sighting, Sighting::Unclear(_)),
                "{point:?} {sighting:?}"
            );
        }
    }
}

#[test]
fn only_one_code_ever_refuses_at_once() {
    let refusing: BTreeSet<&str> = sends()
        .iter()
        .filter(|(_, outcome)| **outcome == Outcome::RefusedWithoutOrder)
        .map(|([.., code], _)| code)
        .collect();
    assert_eq!(Vec::from_iter(refusing), ["OPENID_ERROR"]);
    for condition in bill::sending() {
        for outcome in all_outcomes() {
            let is_refused = after_send(&condition, outcome).state == State::Refused;
            let is_first = condition.bill.state == State::InFlight && condition.moment.has_accepted;
            let expected = is_first && *outcome == Outcome::RefusedWithoutOrder;
            assert_eq!(is_refused, expected, "{}: {outcome:?}", condition.name);
        }
    }
}

#[test]
fn a_send_clears_no_doubt_but_by_payment_and_unpays_nothing() {
    for condition in bill::sending() {
        for outcome in all_outcomes() {
            let (before, after) = (&condition.bill, after_send(&condition, outcome));
            let name = condition.name;
            let allowed: &[State] = match before.state {
                State::InFlight => &State::ALL,
                State::Sent => &[State::Sent],
                _ => &[State::InDoubt, State::Processing, State::Sent],
            };
            assert!(allowed.contains(&after.state), "{name}: {outcome:?}");
            let is_paid = matches!(outcome, Outcome::Accepted(_)) || before.state == State::Sent;
            assert_eq!(after.state == State::Sent, is_paid, "{name}: {outcome:?}");
            let was_doubted = before.doubt_since.is_some();
            assert!(
                !was_doubted || after.doubt_since == before.doubt_since,
                "{name}: {outcome:?}"
            );
        }
    }
}

#[test]
fn a_query_refuses_only_where_every_attempt_was_refused_and_frees_only_a_closed_window() {
    for condition in bill::asked_about() {
        for sighting in all_sightings() {
            let (before, after) = (&condition.bill, after_query(&condition, sighting));
            let is_new = after.state == State::Refused && before.state != State::Refused;
            let is_unfound = *sighting == Sighting::NotFound && before.doubt_since.is_none();
            assert!(!is_new || is_unfound, "{}: {sighting:?}", condition.name);
            let stays = matches!(sighting, Sighting::Unclear(_) | Sighting::Clash);
            let is_kept = [before.state, State::Review].contains(&after.state);
            assert!(!stays || is_kept, "{}: {sighting:?}", condition.name);
            assert!(
                !before.state.is_paid() || after.state.is_paid(),
                "{}",
                condition.name
            );
            let is_freed = after.state == State::Ready;
            let may_free = condition.name == "in doubt, window closed";
            assert!(!is_freed || may_free, "{}", condition.name);
        }
    }
}

#[test]
fn what_is_open_always_has_a_next_step_and_what_is_settled_none() {
    let sent = bill::sending().into_iter().flat_map(|condition| {
        let all = all_outcomes().iter();
        all.map(move |it| {
            (
                format!("{}: {it:?}", condition.name),
                after_send(&condition, it),
            )
        })
    });
    let seen = bill::asked_about().into_iter().flat_map(|condition| {
        let all = all_sightings().iter();
        all.map(move |it| {
            (
                format!("{}: {it:?}", condition.name),
                after_query(&condition, it),
            )
        })
    });
    for (name, bill) in sent.chain(seen) {
        let expected = match bill.state {
            State::Ready | State::InDoubt | State::Processing => true,
            // Past its window nothing fetches the package any more.
            State::Sent if !bill.has_package => continue,
            _ => false,
        };
        assert_eq!(bill.next.is_some(), expected, "{name}: {bill:?}");
    }
}

/// `err_code_des`, `return_msg` and `reason` are for people.
#[test]
fn no_text_decides_anything() {
    let texts = [
        "发放成功",
        "SUCCESS",
        "FAILED",
        "红包发放失败,请更换单号再重试",
        "NOT_FOUND",
    ];
    let whole = reply::echoes().swap_remove(0).1;
    for pair in reply::pairs() {
        for code in reply::codes() {
            let said = [reply::said(pair, code), whole.clone()].concat();
            let verdict = |fields: &reply::Fields| {
                let body = reply::body(fields, 0);
                let sent = redpack::classify(200, &body, &reply::frozen(), &reply::key());
                (sent.verdict, judge_query(200, &body))
            };
            let plain = verdict(&said);
            for text in texts {
                let words = reply::filled(&[("return_msg", text), ("err_code_des", text)]);
                assert_eq!(
                    verdict(&[said.clone(), words].concat()),
                    plain,
                    "{pair:?} {code} {text}"
                );
            }
        }
    }
}
