//! A page in one file: nothing is loaded from elsewhere, and nothing on it runs.
//!
//! - `svg`: lines and bars; `charts`: which of them are drawn;
//! - `parts`: what it is made of; `sections`, `codes`, `matched`, `runs`: the tables;
//! - `page`: all of it, in the style of `page.css`.

mod charts;
mod codes;
mod matched;
mod page;
mod parts;
mod runs;
mod sections;
mod svg;

pub use page::html_page;
pub use parts::HtmlPage;
