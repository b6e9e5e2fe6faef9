//! A campaign that must be approved: its plan, and how soon an approved run sends.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::place::{Place, program};
use super::recipients::Recipients;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;
use super::watch::Watch;

const BAR_PLAN: f64 = 10.0;
const BAR_PLAN_MIB: f64 = 64.0;
const BAR_SEND: f64 = 30.0;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let rows = wanted.rows(10_000_000);
    let recipients = Recipients::write(&wanted.dir(), 3, rows);
    let watch = Watch::start(wanted);
    let place = Place::new(&wanted.dir(), &recipients, &watch.side(), "");
    let key = place.path("key");
    let approvers = approvers(&key);
    place.add(&format!("[approval]\nrequired = true\n{approvers}"));
    place.verb("load").exits(0);
    let plan = place.verb_with("plan", &["--json"]).exits(0);
    let digest = digest(&fs::read_to_string(place.path("stdout")).unwrap());
    let words = ["--key", key.to_str().unwrap(), "--digest", &digest];
    place.verb_with("approve", &words).exits(0);
    let first = watch.first_of(&place);
    let mut table = Table::new(format!("approved: {rows} packets, none sent yet"));
    table.line(Line::figure(
        "plan, s",
        plan.seconds(),
        Bar::AtMost(BAR_PLAN),
    ));
    let peak = plan.peak_mib();
    table.line(Line::figure(
        "plan, peak in MiB",
        peak,
        Bar::AtMost(BAR_PLAN_MIB),
    ));
    let what = "an approved run, s until its first send";
    table.line(Line::figure(what, first.send, Bar::AtMost(BAR_SEND)));
    table
}

/// Makes a key; gives the line of the campaign file that lets its holder approve.
fn approvers(key: &Path) -> String {
    let mut command = Command::new(program());
    let made = command.args(["approve", "--keygen"]).arg(key).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap()
}

/// The digest of what is to be paid.
fn digest(plan: &str) -> String {
    let plan: Value = serde_json::from_str(plan).unwrap();
    plan["digest"].as_str().unwrap().to_owned()
}
