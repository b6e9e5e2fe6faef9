//! The section of the runs.

use maud::{Markup, html};

use super::parts::HtmlPage;
use super::sections::{grouped, yuan};
use crate::clock::beijing_words;
use crate::domain::tally::TallyRow;
use crate::ledger::RecordedRun;
use crate::words::report::{page as words, run as run_words};

/// Runs that a page lists, the newest.
const LISTED: usize = 100;

/// Each run, the oldest first: when, by whom, how it ended, and what it sent.
pub(super) fn runs(page: &HtmlPage<'_>) -> Markup {
    let lang = page.facts.lang;
    let (runs, sums) = (&page.facts.runs, &page.figures.runs);
    if runs.is_empty() && sums.elsewhere.count == 0 {
        return html! { p.soft { (run_words::NONE.within(lang)) } };
    }
    let skipped = runs.len().saturating_sub(LISTED);
    let listed = || runs.iter().zip(&sums.sent).skip(skipped);
    let heads = [
        run_words::BEGUN,
        run_words::ENDED,
        run_words::VERB,
        run_words::WHO,
        run_words::VERSION,
        run_words::RESULT,
        run_words::SENT,
        run_words::SENT_YUAN,
    ]
    .map(|head| head.within(lang));
    html! {
        table.cards {
            thead { tr {
                @for (at, head) in heads.iter().enumerate() { th.n[at > 5] { (head) } }
            } }
            tbody {
                @for (run, sent) in listed() { (row(page, run, *sent, &heads)) }
                @if sums.elsewhere.count > 0 {
                    tr {
                        td colspan="6" data-is=(heads[5]) { (run_words::ELSEWHERE.within(lang)) }
                        td.n data-is=(heads[6]) { (grouped(sums.elsewhere.count)) }
                        td.n data-is=(heads[7]) { (yuan(sums.elsewhere.fen)) }
                    }
                }
            }
        }
        @if skipped > 0 { p.soft { (words::MORE.within(lang)) } }
        p.soft { (run_words::WORTH.within(lang)) }
    }
}

fn row(page: &HtmlPage<'_>, run: &RecordedRun, sent: TallyRow, heads: &[&str; 8]) -> Markup {
    let (exit, result) = page.facts.ended(run);
    html! {
        tr {
            td data-is=(heads[0]) { (beijing_words(run.at)) }
            td data-is=(heads[1]) { (run.end.map(|(at, _)| beijing_words(at)).unwrap_or_default()) }
            td data-is=(heads[2]) { (run.begin.verb) }
            td.wide data-is=(heads[3]) { (run.begin.who) }
            td data-is=(heads[4]) { (run.begin.version) }
            @if let Some(code) = exit {
                td data-is=(heads[5]) { (code) " · " (result) }
            } @else {
                td.alarm data-is=(heads[5]) { (result) }
            }
            td.n data-is=(heads[6]) { (grouped(sent.count)) }
            td.n data-is=(heads[7]) { (yuan(sent.fen)) }
        }
    }
}
