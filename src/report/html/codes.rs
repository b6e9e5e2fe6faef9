//! Why packets failed, and what to do.

use maud::{Markup, html};

use super::parts::HtmlPage;
use super::sections::{grouped, yuan};
use crate::domain::flow::breaks::BreakKind;
use crate::domain::tally::TallyRow;
use crate::report::summary::facts::{Advice, BILLED};
use crate::words::report::{head, page as words};

/// The refused by code, each with advice: first those that a fund-flow bill calls paid.
fn refused_by_code<'p>(page: &HtmlPage<'p>) -> Vec<(&'p str, TallyRow, Advice)> {
    let none = words::NO_CODE.within(page.facts.lang);
    let billed = page.figures.refused_and_billed;
    let name = BreakKind::MissingInLedger.name();
    let first = (billed.count > 0).then_some((name, billed, BILLED));
    let others = page.figures.refused.iter().map(|(code, row)| {
        let advice = (page.facts.advice)(code);
        (if code.is_empty() { none } else { code }, *row, advice)
    });
    first.into_iter().chain(others).collect()
}

/// Why packets failed, and what to do.
pub(super) fn codes(page: &HtmlPage<'_>) -> Markup {
    let lang = page.facts.lang;
    let rows = refused_by_code(page);
    if rows.is_empty() {
        return html! { p.soft { (words::NONE_FAILED.within(lang)) } };
    }
    let heads = [
        words::CODE,
        head::COUNT,
        head::YUAN,
        head::MEANING,
        head::REMEDY,
    ];
    let [code_head, count_head, yuan_head, meaning_head, remedy_head] =
        heads.map(|head| head.within(lang));
    html! {
        table.cards {
            thead { tr {
                th { (code_head) }
                th.n { (count_head) }
                th.n { (yuan_head) }
                th { (meaning_head) }
                th { (remedy_head) }
            } }
            tbody {
                @for (code, row, advice) in &rows {
                    tr {
                        td.wide data-is=(code_head) { (code) }
                        td.n data-is=(count_head) { (grouped(row.count)) }
                        td.n data-is=(yuan_head) { (yuan(row.fen)) }
                        td data-is=(meaning_head) { (advice.meaning.within(lang)) }
                        td data-is=(remedy_head) { (advice.remedy.within(lang)) }
                    }
                }
            }
        }
    }
}
