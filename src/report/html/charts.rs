//! The charts of a page, each from the figures of the campaign.

use maud::{Markup, html};

use super::svg::{Frame, columns};
use crate::domain::money::Fen;
use crate::report::summary::balance::{Balance, BalanceLine};
use crate::report::summary::buckets::Buckets;
use crate::report::summary::facts::ReportFacts;
use crate::report::summary::figures::{CLAIM_STEPS, Figures};
use crate::words::{Lang, Text, report::page as words};

/// The charts.
pub(super) fn charts(facts: &ReportFacts, figures: &Figures, balance: &Balance) -> Markup {
    let lang = facts.lang;
    html! {
        div.charts {
            (figure(words::RATE, lang, &rate(facts, figures)))
            (figure(words::LATENCY, lang, &latency(lang, figures)))
            (figure(words::SPENT, lang, &spent(facts, figures)))
            (figure(words::FUNNEL, lang, &funnel(lang, balance)))
            (figure(words::AFTER, lang, &claimed_after(lang, figures)))
        }
    }
}

fn figure(title: Text, lang: Lang, drawn: &Markup) -> Markup {
    html! {
        figure {
            h3 { (title.within(lang)) }
            (drawn)
        }
    }
}

fn nothing(lang: Lang) -> Markup {
    html! { p.soft { (words::NOTHING.within(lang)) } }
}

/// From the begin of the first bucket to the end of the last.
fn span<T>(buckets: &Buckets<T>) -> Option<(i64, i64)> {
    let first = buckets.rows().next()?.0;
    let last = buckets.rows().last()?.0;
    Some((first, last + buckets.width_ms()))
}

fn rate(facts: &ReportFacts, figures: &Figures) -> Markup {
    let lang = facts.lang;
    let Some(span) = span(&figures.sends) else {
        return nothing(lang);
    };
    let rows: Vec<(i64, u64)> = figures
        .sends
        .rows()
        .map(|(at, most)| (at, most.0))
        .collect();
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let limit = facts.per_minute;
    let frame = Frame::new(span, most.max(limit.unwrap_or(0)));
    let drawn = html! {
        (frame.bars(&rows, figures.sends.width_ms()))
        @if let Some(limit) = limit {
            (frame.limit(limit, &format!("{} {limit}", words::LIMIT.within(lang))))
        }
    };
    frame.picture(words::RATE.within(lang), count, &drawn)
}

fn latency(lang: Lang, figures: &Figures) -> Markup {
    let Some(span) = span(&figures.latency) else {
        return nothing(lang);
    };
    let middle = figures.latency.width_ms() / 2;
    let line = |hundredth| -> Vec<(i64, u64)> {
        let rows = figures.latency.rows();
        let row = |(at, it): (i64, &crate::report::summary::latency::Latency)| {
            Some((at + middle, it.percentile(hundredth)?))
        };
        rows.filter_map(row).collect()
    };
    let shares = [(50, "la", "ka"), (95, "lb", "kb"), (99, "lc", "kc")];
    let lines = shares.map(|(share, line_class, key)| (share, line_class, key, line(share)));
    let all = lines.iter().flat_map(|(_, _, _, rows)| rows);
    let frame = Frame::new(span, all.map(|(_, ms)| *ms).max().unwrap_or(0));
    let drawn = html! {
        @for (_, class, _, rows) in &lines {
            @match rows.as_slice() {
                [(at, ms)] => (frame.line(class, &[(at - middle, *ms), (at + middle, *ms)])),
                rows => (frame.line(class, rows)),
            }
        }
    };
    html! {
        (frame.picture(words::LATENCY.within(lang), ms, &drawn))
        div.key {
            @for (share, _, key, _) in &lines {
                @if let Some(all) = figures.all_latency.percentile(*share) {
                    span class=(key) { i {} (format!("P{share} {}", ms(all))) }
                }
            }
        }
    }
}

fn spent(facts: &ReportFacts, figures: &Figures) -> Markup {
    let lang = facts.lang;
    let Some(span) = span(&figures.spent) else {
        return nothing(lang);
    };
    let mut sum = 0;
    let mut rows = vec![(span.0, 0)];
    for (at, fen) in figures.spent.rows() {
        sum += fen.fen();
        rows.push((at + figures.spent.width_ms(), sum));
    }
    let budget = facts.budget.map(Fen::fen);
    let frame = Frame::new(span, sum.max(budget.unwrap_or(0)));
    let drawn = html! {
        (frame.area(&rows))
        (frame.line("la", &rows))
        @if let Some(budget) = budget {
            (frame.limit(budget, &format!("{} {}", words::BUDGET.within(lang), yuan(budget))))
        }
    };
    frame.picture(words::SPENT.within(lang), yuan, &drawn)
}

fn funnel(lang: Lang, balance: &Balance) -> Markup {
    let of = |wanted: &[BalanceLine]| -> u64 {
        let lines = balance.lines.iter();
        let lines = lines.filter(|(line, _)| wanted.contains(line));
        lines.map(|(_, row)| row.count).sum()
    };
    let [unclaimed, claimed, refunding, refunded] = [
        BalanceLine::Unclaimed,
        BalanceLine::Claimed,
        BalanceLine::Refunding,
        BalanceLine::Refunded,
    ];
    let label = |text: Text, count: u64| (text.within(lang).to_owned(), count);
    let rows = [
        label(words::SENT, of(&[unclaimed, claimed, refunding, refunded])),
        label(claimed.label(), of(&[claimed])),
        label(unclaimed.label(), of(&[unclaimed])),
        label(refunded.label(), of(&[refunding, refunded])),
    ];
    columns(words::FUNNEL.within(lang), &rows)
}

fn claimed_after(lang: Lang, figures: &Figures) -> Markup {
    if figures.claimed_after.iter().all(|count| *count == 0) {
        return nothing(lang);
    }
    let name = |step: usize| {
        if step == CLAIM_STEPS - 1 {
            ">24".to_owned()
        } else {
            format!("{}", step * 2 + 2)
        }
    };
    let rows: Vec<(String, u64)> = figures
        .claimed_after
        .iter()
        .enumerate()
        .map(|(step, count)| (name(step), *count))
        .collect();
    columns(words::AFTER.within(lang), &rows)
}

fn count(number: u64) -> String {
    number.to_string()
}

fn ms(number: u64) -> String {
    if number < 1_000 {
        format!("{number} ms")
    } else {
        format!("{}.{} s", number / 1_000, number % 1_000 / 100)
    }
}

/// Yuan, short.
fn yuan(fen: u64) -> String {
    let yuan = fen / 100;
    match yuan {
        0 if fen > 0 => Fen::new(fen).to_string(),
        0..=99_999 => yuan.to_string(),
        100_000..=99_999_999 => format!("{}k", yuan / 1_000),
        _ => format!("{}m", yuan / 1_000_000),
    }
}
