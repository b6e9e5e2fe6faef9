//! The section of the matches with fund-flow bills.

use maud::{Markup, html};

use super::parts::HtmlPage;
use super::sections::grouped;
use crate::clock::beijing_words;
use crate::ledger::{FlowBreak, FlowMatch};
use crate::words::Lang;
use crate::words::report::{flow as flow_words, head};

/// The matches that no later one replaced, in counts.
pub(super) fn flow(page: &HtmlPage<'_>) -> Markup {
    let lang = page.facts.lang;
    if page.facts.flow.is_empty() {
        return html! { p.soft { (flow_words::NONE.within(lang)) } };
    }
    html! {
        @for (of, breaks) in &page.facts.flow { (one((of, breaks), lang)) }
    }
}

fn one((of, breaks): (&FlowMatch, &[FlowBreak]), lang: Lang) -> Markup {
    let explained = breaks.iter().filter(|it| it.explained.is_some());
    let sums = [
        (flow_words::MATCHED, of.matched),
        (flow_words::NOT_COVERED, of.not_covered),
        (flow_words::FOREIGN, of.foreign_rows + of.other_rows),
        (flow_words::EXPLAINED, explained.count() as u64),
    ];
    html! {
        p.soft {
            (flow_words::AT.within(lang)) " " (beijing_words(of.at)) " · "
            (flow_words::DAYS.within(lang)) " " (of.days.join(", "))
        }
        table.cards { tbody {
            @for (label, count) in sums {
                tr {
                    td data-is=(flow_words::RESULT.within(lang)) { (label.within(lang)) }
                    td.n data-is=(head::COUNT.within(lang)) { (grouped(count)) }
                }
            }
            @for (kind, count) in &of.breaks {
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
