//! The whole page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::parts::HtmlPage;
use super::{charts, codes, matched, runs, sections};
use crate::report::identity::{IDENTITY, identity};
use crate::report::summary::balance::Balance;
use crate::report::summary::facts::ReportFacts;
use crate::words::Lang;
use crate::words::report::{fact, page as words, part};

const STYLE: &str = include_str!("page.css");
/// Nothing is loaded, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The page, as text.
#[must_use]
pub fn html_page(page: &HtmlPage<'_>) -> String {
    let facts = page.facts;
    let lang = facts.lang;
    let code = match lang {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    };
    let standing = &facts.standing;
    let balance = Balance::of(&standing.tally, standing.loaded());
    let name = standing
        .campaign
        .as_ref()
        .map(|row| row.texts.act_name.as_str());
    let title = part::TITLE.within(lang);
    let section = |title: &str, body: Markup| html! { section { h2 { (title) } (body) } };
    html! {
        (DOCTYPE)
        html lang=(code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                meta name=(IDENTITY) content=(identity(page.first));
                title { (title) " · " (standing.id) }
                style { (PreEscaped(STYLE)) }
            }
            body { main {
                header {
                    h1 { (title) }
                    p { (name.unwrap_or(&standing.id)) }
                    (mode(facts))
                    dl {
                        @for (label, value) in facts.lines() {
                            dt { (label.within(lang)) }
                            dd.alarm[ReportFacts::is_alarm(label)] { (value) }
                        }
                    }
                }
                section {
                    h2 { (part::BALANCE.within(lang)) " · " (fact::UNIT.within(lang)) }
                    (sections::balance(lang, &balance))
                    (charts::charts(facts, page.figures, &balance))
                }
                (section(part::DAYS.within(lang), sections::days(page)))
                (section(words::CODES.within(lang), codes::codes(page)))
                (section(words::DOUBTS.within(lang), sections::doubts(page)))
                (section(part::MATCH.within(lang), matched::flow(page)))
                (section(part::RUNS.within(lang), runs::runs(page)))
                (section(words::SIGNATURES.within(lang), sections::signatures(lang)))
            } }
        }
    }
    .into_string()
}

fn mode(facts: &ReportFacts) -> Markup {
    let lang = facts.lang;
    if facts.standing.mode == "live" {
        html! { span.mode { (fact::LIVE.within(lang)) } }
    } else {
        html! { span.mode.alarm { (fact::SIMULATOR.within(lang)) } }
    }
}
