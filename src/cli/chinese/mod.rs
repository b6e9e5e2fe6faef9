//! What clap tells, in Chinese. The command line itself is in English; these files have the same
//! texts once more, and a test holds the two together.
//!
//! - `help`: the texts of verbs and options;
//! - `placeholders`: what stands for a value, and the words of clap's own;
//! - `pages`: the same texts for a manual and for a shell;
//! - `fault`: why something cannot be parsed.

mod fault;
mod help;
mod pages;
mod placeholders;

pub(super) use fault::fault;
pub(super) use help::help;
pub(super) use pages::{built, page, script};
