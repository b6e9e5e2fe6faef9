//! The parts and what they share.

mod aged;
mod approved;
mod audit;
mod bare;
mod desk;
mod figure;
mod gateway;
mod growth;
mod lean;
mod loading;
mod memory;
mod pace;
mod peer;
mod peers;
mod place;
mod recipients;
mod report;
mod resume;
mod sending;
mod shell;
mod simulator;
mod soak;
mod startup;
mod stopwatch;
mod table;
mod vitals;
mod wanted;
mod watch;

use std::process::ExitCode;

use table::Table;
use wanted::{Answer, Wanted};

/// A part: its name, what it measures, and how.
struct Part {
    name: &'static str,
    about: &'static str,
    /// Whether it runs only where it is named.
    is_long: bool,
    run: fn(&Wanted) -> Table,
}

const PARTS: &[Part] = &[
    Part {
        name: "startup",
        about: "from nothing to the help text, and the size of the program",
        is_long: false,
        run: startup::run,
    },
    Part {
        name: "sending",
        about: "packets a second and CPU, beside a loop that only signs, posts and reads",
        is_long: false,
        run: sending::run,
    },
    Part {
        name: "simulator",
        about: "CPU a request of the built-in simulator, beside the lean gateway",
        is_long: false,
        run: simulator::run,
    },
    Part {
        name: "loading",
        about: "a recipients file, beside the sqlite3 shell's import",
        is_long: false,
        run: loading::run,
    },
    Part {
        name: "memory",
        about: "the peak of each verb",
        is_long: false,
        run: memory::run,
    },
    Part {
        name: "report",
        about: "the report of what was sent, beside the sqlite3 shell",
        is_long: false,
        run: report::run,
    },
    Part {
        name: "desk",
        about: "the workbook, the page, the match with a fund-flow bill, and claims",
        is_long: false,
        run: desk::run,
    },
    Part {
        name: "growth",
        about: "load, report, status and resuming by the size of the campaign",
        is_long: false,
        run: growth::run,
    },
    Part {
        name: "resume",
        about: "until the first send, and status, with ten million rows in the ledger",
        is_long: false,
        run: resume::run,
    },
    Part {
        name: "approved",
        about: "the plan of ten million packets, and how soon an approved run sends the first",
        is_long: true,
        run: approved::run,
    },
    Part {
        name: "pace",
        about: "CPU a packet of a short and a long campaign, for each way to set the pace",
        is_long: true,
        run: pace::run,
    },
    Part {
        name: "soak",
        about: "campaigns under faults and kills, and both sides' books in the end",
        is_long: true,
        run: soak::run,
    },
    Part {
        name: "peers",
        about: "the same packets by scripts on public SDKs, and what each side misstates",
        is_long: true,
        run: peers::run,
    },
];

/// Runs what is asked for. Three first words are for this program's own children.
pub(crate) fn main(words: Vec<String>) -> ExitCode {
    match words.first().map(String::as_str) {
        Some("bare") => return bare::main(&words[1..]),
        Some("lean") => return lean::main(&words[1..]),
        Some("stopwatch") => return stopwatch::main(&words[1..]),
        _ => {}
    }
    let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
    match Wanted::parse(words, &names) {
        Answer::Run(wanted) => run(&wanted),
        Answer::List => list(": benchmark"),
        Answer::Help => {
            println!("{}", wanted::HELP);
            help();
        }
        Answer::Fault(fault) => {
            eprintln!("error: {fault}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn run(wanted: &Wanted) {
    for part in PARTS {
        if wanted.has(part.name, part.is_long) {
            let table = (part.run)(wanted);
            let table = if wanted.is_full {
                table
            } else {
                table.unjudged()
            };
            println!("{table}");
        }
    }
}

fn list(after: &str) {
    for part in PARTS {
        println!("{}{after}", part.name);
    }
}

fn help() {
    for part in PARTS {
        println!("  {:<10} {}", part.name, part.about);
    }
}
