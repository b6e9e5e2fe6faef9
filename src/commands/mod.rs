//! One file a verb; each reads from top to bottom like its section of the README.
//!
//! - `console`: stdout and stderr; `output`: every file that a person names;
//! - `setup`, `finish`: how a verb begins and ends;
//! - `look`, `decide`, `keep`: verbs that only look, by which a person decides, that write files;
//! - `load`, `plan`, `rehearse`, `run`, `reconcile`, `reissue`, `simulate`: the way of the money;
//! - `claims`: what opens packets, with `export`, `verify`, who signs, and what cannot be opened;
//! - `doctor`: whether a campaign can be run from here; `schedule`: the files that start its runs;
//! - `execute`: from what was typed to its verb.
#![allow(clippy::print_stdout, reason = "stdout carries the result only")]

mod claims;
mod console;
mod decide;
mod doctor;
mod execute;
mod finish;
mod keep;
mod load;
mod look;
mod output;
mod plan;
mod reconcile;
mod rehearse;
mod reissue;
mod run;
mod schedule;
mod setup;
mod simulate;

pub use execute::execute;
