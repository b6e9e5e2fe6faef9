//! The tables of a page.

use maud::{Markup, html};

use super::parts::HtmlPage;
use crate::clock::beijing_words;
use crate::domain::caps::begin_of;
use crate::domain::money::Fen;
use crate::domain::tally::TallyRow;
use crate::ledger::ReportRow;
use crate::report::summary::balance::{Balance, BalanceLine};
use crate::report::summary::capitals::capitals;
use crate::report::summary::days::{DayMark, DaySum};
use crate::words::report::{balance as balance_words, fact, head, page as words, signature};
use crate::words::{Lang, Text, recall};

/// Digits of a whole number with commas.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn yuan(amount: Fen) -> String {
    let fen = amount.fen();
    format!("{}.{:02}", grouped(fen / 100), fen % 100)
}

/// Where the money is.
pub(super) fn balance(lang: Lang, sum: &Balance) -> Markup {
    let row = |label: Text, row: TallyRow| {
        html! {
            td { (label.within(lang)) }
            td.n { (grouped(row.count)) }
            td.n { (yuan(row.fen)) }
        }
    };
    let (word, class) = if sum.is_even() {
        (balance_words::BALANCED, "n")
    } else {
        (balance_words::UNBALANCED, "n alarm")
    };
    html! {
        (bar(lang, sum))
        table {
            thead { tr {
                th { (head::ITEM.within(lang)) }
                th.n { (head::COUNT.within(lang)) }
                th.n { (head::YUAN.within(lang)) }
            } }
            tbody {
                tr.total { (row(balance_words::OWED, sum.owed)) }
                @for (line, tally) in &sum.lines { tr { (row(line.label(), *tally)) } }
                tr {
                    td { (balance_words::CHECK.within(lang)) }
                    td class=(class) colspan="2" { (word.within(lang)) }
                }
                tr { (row(balance_words::WITHDRAWN, sum.withdrawn)) }
            }
        }
        p { (fact::CAPITALS.within(lang)) " " strong { (capitals(sum.owed.fen)) } }
    }
}

/// The lines as parts of one bar.
fn bar(lang: Lang, sum: &Balance) -> Markup {
    let class = |line: BalanceLine| match line {
        BalanceLine::Claimed => "b",
        BalanceLine::Unclaimed => "a",
        BalanceLine::Refunding | BalanceLine::Refunded => "c",
        BalanceLine::Failed => "e",
        BalanceLine::Unclear => "f",
        BalanceLine::Waiting | BalanceLine::Withdrawn => "d",
    };
    let share = |fen: Fen| {
        let all = sum.owed.fen.fen().max(1);
        u128::from(fen.fen()) * 10_000 / u128::from(all)
    };
    let lines = || sum.lines.iter().filter(|(_, row)| row.fen > Fen::ZERO);
    html! {
        div.bar aria-hidden="true" {
            @for (line, row) in lines() {
                @let part = share(row.fen);
                @let width = format!("{}.{:02}%", part / 100, part % 100);
                svg style=(format!("width:{width}")) viewBox="0 0 1 1" preserveAspectRatio="none" {
                    rect class=(class(*line)) width="1" height="1" {}
                }
            }
        }
        div.key {
            @for (line, _) in lines() {
                span class=(format!("k{}", class(*line))) { i {} (line.label().within(lang)) }
            }
        }
    }
}

/// By day.
pub(super) fn days(page: &HtmlPage<'_>) -> Markup {
    let lang = page.facts.lang;
    let days = &page.figures.days;
    let heads = head::BY_DAY;
    let row = |name: &str, day: &DaySum, mark: Option<DayMark>| {
        let (word, class) = match mark {
            Some(DayMark::Odd) => (head::ODD.within(lang), "alarm"),
            Some(DayMark::Open) => (head::IN_TIME.within(lang), "soft"),
            Some(DayMark::Settled) | None => ("", ""),
        };
        let sums = [day.sent, day.claimed, day.refunded];
        let cells = sums.map(|sum| [grouped(sum.count), yuan(sum.fen)]);
        let counts = [day.open, day.unclear].map(|sum| grouped(sum.count));
        let cells = cells.into_iter().flatten().chain(counts);
        html! {
            tr {
                td data-is=(heads[0].within(lang)) { (name) }
                @for (cell, head) in cells.zip(&heads[1..]) {
                    td.n data-is=(head.within(lang)) { (cell) }
                }
                td class=(class) data-is=(head::MARK.within(lang)) { (word) }
            }
        }
    };
    html! {
        table.cards {
            thead { tr {
                @for (at, head) in heads.iter().enumerate() {
                    th.n[(1..9).contains(&at)] { (head.within(lang)) }
                }
            } }
            tbody {
                @for (day, sum) in days.rows() {
                    @let date = beijing_words(begin_of(day));
                    (row(date.get(..10).unwrap_or_default(), sum,
                        Some(sum.mark(day, page.facts.written_at))))
                }
                @if days.undated != DaySum::default() {
                    (row(head::UNDATED.within(lang), &days.undated, None))
                }
            }
        }
    }
}

/// Packets that are not clear, and contradictions of WeChat Pay.
pub(super) fn doubts(page: &HtmlPage<'_>) -> Markup {
    let lang = page.facts.lang;
    let broken = &page.facts.standing.broken;
    if page.open.is_empty() && broken.is_empty() {
        return html! { p.soft { (words::NO_DOUBTS.within(lang)) } };
    }
    let [number, openid, amount, state, since] = [
        words::NUMBER,
        words::OPENID,
        head::YUAN,
        words::STATE,
        words::SINCE,
    ]
    .map(|head| head.within(lang));
    html! {
        @if !broken.is_empty() {
            ul {
                @for (number, what) in broken {
                    li.wide {
                        span.alarm { (words::BREAK.within(lang)) } " " (number) " "
                        (recall(what).within(lang))
                    }
                }
            }
        }
        @if !page.open.is_empty() {
            table.cards {
                thead { tr {
                    th { (number) }
                    th { (openid) }
                    th.n { (amount) }
                    th { (state) }
                    th { (since) }
                } }
                tbody {
                    @for row in page.open {
                        tr {
                            td.wide data-is=(number) { (row.mch_billno) }
                            td.wide data-is=(openid) { (shown_openid(page, row)) }
                            td.n data-is=(amount) { (yuan(row.amount)) }
                            td data-is=(state) { (page.state(row.state)) }
                            td data-is=(since) {
                                (row.first_sent_at.map(beijing_words).unwrap_or_default())
                            }
                        }
                    }
                }
            }
            @if page.is_cut() { p.soft { (words::MORE.within(lang)) } }
        }
    }
}

/// An openid, of which only as much is shown as its owner needs to know it.
fn shown_openid(page: &HtmlPage<'_>, row: &ReportRow) -> String {
    if page.is_full {
        return row.openid.clone();
    }
    let characters: Vec<char> = row.openid.chars().collect();
    let (begin, end) = (4.min(characters.len()), characters.len().saturating_sub(4));
    let part = |part: &[char]| part.iter().collect::<String>();
    format!(
        "{}…{}",
        part(&characters[..begin]),
        part(&characters[end.max(begin)..])
    )
}

/// Three people, a date each, and room for a seal.
pub(super) fn signatures(lang: Lang) -> Markup {
    let who = [
        signature::PREPARED,
        signature::REVIEWED,
        signature::APPROVED,
    ];
    html! {
        div.sign {
            @for who in who {
                div {
                    p { (who.within(lang)) }
                    p { (signature::DATE.within(lang)) }
                }
            }
            div.seal { (signature::SEAL.within(lang)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(yuan(Fen::new(123_456)), "1,234.56");
    }
}
