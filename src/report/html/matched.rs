//! The section of the last match with the fund-flow bill.

use maud::{Markup, html};

use super::parts::HtmlPage;
use super::sections::grouped;
use crate::clock::beijing_words;
use crate::words::report::{flow as flow_words, head};

/// The last match with the fund-flow bill, in counts.
pub(super) fn flow(page: &HtmlPage<'_>) -> Markup {
    let lang = page.facts.lang;
    let Some((last, _)) = &page.facts.flow else {
        return html! { p.soft { (flow_words::NONE.within(lang)) } };
    };
    let sums = [
        (flow_words::MATCHED, last.matched),
        (flow_words::NOT_COVERED, last.not_covered),
        (flow_words::FOREIGN, last.foreign_rows + last.other_rows),
    ];
    html! {
        p.soft {
            (flow_words::AT.within(lang)) " " (beijing_words(last.at)) " · "
            (flow_words::DAYS.within(lang)) " " (last.days.join(", "))
        }
        table.cards { tbody {
            @for (label, count) in sums {
                tr {
                    td data-is=(flow_words::RESULT.within(lang)) { (label.within(lang)) }
                    td.n data-is=(head::COUNT.within(lang)) { (grouped(count)) }
                }
            }
            @for (kind, count) in &last.breaks {
                tr {
                    td data-is=(flow_words::RESULT.within(lang)) {
                        span.alarm { (kind.name()) } " " (kind.meaning().within(lang))
                    }
                    td.n data-is=(head::COUNT.within(lang)) { (grouped(*count)) }
                }
            }
        } }
    }
}
