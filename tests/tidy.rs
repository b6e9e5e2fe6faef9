//! The rules of the tree, as tests: who may name whom, how big things may be, and what is
//! written in one place only. Each table is exact: a line that nothing needs any more fails too.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "tidy/house.rs"]
mod house;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/source.rs"]
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use source::{Source, blank, is_named, test_files, without_tests};

/// Who imports whom: `domain <- config <- {recipients, wechat, ledger, simulator, report}
/// <- runner <- commands <- main`, the five apart from each other, but for:
///
/// - `report` imports `ledger`: the rows it puts into words are the ledger's. Types of `domain`
///   in their place would be the same fields under a second name.
/// - `aside` belongs to no layer: it is stderr.
/// - `account` is beside the layers: whose process this is, and what it may not do.
/// - `approval` is beside the layers: signatures, for who approves and for who is to be approved.
/// - `words` belongs to no layer: it is every text in both languages, and knows nobody.
/// - `clock` belongs to no layer: it is the time as a parameter, and how Beijing writes it.
/// - `cli` prints the table of `exit` and the faults of `simulator` in its help, so that neither
///   is written twice.
/// - `notify` is beside `runner` and knows nothing of it: what is told comes from `commands`.
/// - `service` belongs to no layer: it is the system that started this process.
/// - `planted` is asked through its macros, anywhere: without its feature each is a constant.
/// - `error` has one variant a layer, so it names each of them.
const IMPORTS: &[(&str, &[&str])] = &[
    ("account", &["words"]),
    ("approval", &["domain"]),
    ("aside", &["clock", "words"]),
    ("cli", &["aside", "exit", "simulator", "words"]),
    ("clock", &[]),
    (
        "commands",
        &[
            "account",
            "approval",
            "aside",
            "cli",
            "clock",
            "config",
            "domain",
            "error",
            "exit",
            "fund_flow",
            "ledger",
            "notify",
            "recipients",
            "report",
            "runner",
            "service",
            "simulator",
            "wechat",
            "words",
        ],
    ),
    ("config", &["domain", "words"]),
    ("domain", &["words"]),
    (
        "error",
        &[
            "config",
            "exit",
            "ledger",
            "recipients",
            "simulator",
            "wechat",
            "words",
        ],
    ),
    ("exit", &["words"]),
    ("fund_flow", &["domain", "words"]),
    ("guard", &[]),
    ("ledger", &["account", "config", "domain", "words"]),
    ("lib", &[]),
    ("logs", &["aside", "clock", "words"]),
    (
        "main",
        &["aside", "cli", "commands", "exit", "guard", "logs", "words"],
    ),
    (
        "notify",
        &["aside", "clock", "config", "domain", "wechat", "words"],
    ),
    ("planted", &[]),
    ("recipients", &["domain", "words"]),
    ("report", &["clock", "domain", "ledger", "words"]),
    (
        "runner",
        &[
            "aside", "clock", "domain", "guard", "ledger", "service", "wechat", "words",
        ],
    ),
    ("service", &[]),
    ("simulator", &[]),
    ("wechat", &["domain", "words"]),
    ("words", &[]),
];

/// The rooms of a folder with folders, left to right: each imports only those left of it, and none
/// of its own column.
const DOORS: &[house::Doors<'_>] = &[
    (
        "src/cli",
        &[
            &[
                "billed",
                "campaign",
                "chinese",
                "claimed",
                "counted",
                "decided",
                "played",
                "reported",
                "scheduled",
                "told",
                "written",
            ],
            &["copied", "followed", "sent"],
            &["manual", "typed"],
        ],
    ),
    (
        "src/commands",
        &[
            &["console"],
            &["setup"],
            &["output"],
            &["finish"],
            &["decide", "keep", "look"],
            &[
                "claims",
                "doctor",
                "load",
                "plan",
                "reconcile",
                "rehearse",
                "reissue",
                "run",
                "schedule",
                "simulate",
            ],
            &["execute"],
        ],
    ),
    ("src/domain", &[&["value"], &["bill"], &["flow", "told"]]),
    (
        "src/ledger",
        &[
            &["columns", "paths", "refusal"],
            &["fault"],
            &["wrapped"],
            &["journal"],
            &["bill"],
            &["open"],
            &["audit", "read", "take"],
            &["flow", "load", "runs"],
            &["decide", "plan", "record"],
            &["copy", "write"],
        ],
    ),
    (
        "src/recipients",
        &[
            &["fault", "forms", "hash", "stamp", "sums"],
            &["escaped", "notation"],
            &["row", "kind"],
            &["look"],
            &["text", "xlsx"],
            &["source", "list"],
            &["specimen"],
            &["reader"],
            &["head", "people", "rejects"],
        ],
    ),
    (
        "src/report",
        &[
            &["bill_break", "columns", "standing"],
            &[
                "claims",
                "csv_report",
                "digest",
                "event_line",
                "identity",
                "input_csv",
                "json_report",
                "summary",
            ],
            &["earlier", "earlier_claims", "html", "xlsx"],
        ],
    ),
    ("src/runner", &[&["health", "rate"], &["wire"], &["drive"]]),
    (
        "src/simulator",
        &[
            &["clock", "error", "wire"],
            &["faults"],
            &["books"],
            &["rules"],
            &["server"],
            &["simulator"],
        ],
    ),
];

/// Crates that have a home, by the paths that may name them.
const FENCES: &[(&str, &[&str])] = &[
    (
        "base64",
        &["src/notify/sign.rs", "src/wechat/client/tunnel.rs"],
    ),
    ("clap", &["src/cli.rs", "src/cli/"]),
    ("clap_complete", &["src/cli/"]),
    ("clap_mangen", &["src/cli/"]),
    ("csv", &["src/recipients/", "src/report/"]),
    (
        "encoding_rs",
        &[
            "src/config/document/source.rs",
            "src/fund_flow/line.rs",
            "src/recipients/",
        ],
    ),
    ("ed25519_dalek", &["src/approval.rs"]),
    (
        "getrandom",
        &[
            "src/approval.rs",
            "src/commands/console.rs",
            "src/ledger/open/home.rs",
            "src/runner/wire/dice.rs",
        ],
    ),
    ("flate2", &["src/fund_flow/", "src/simulator/rules/"]),
    ("governor", &["src/runner/rate/spacing.rs"]),
    ("http_body_util", &["src/wechat/client"]),
    ("hyper", &["src/wechat/client"]),
    ("hyper_util", &["src/wechat/client"]),
    (
        "indicatif",
        &[
            "src/commands/finish/progress.rs",
            "src/commands/look/status.rs",
        ],
    ),
    ("maud", &["src/report/html/"]),
    ("md5", &["src/simulator/", "src/wechat/"]),
    (
        "quick_xml",
        &["src/recipients/xlsx/", "src/simulator/", "src/wechat/"],
    ),
    ("rcgen", &["src/simulator/"]),
    ("reqwest", &["src/notify/", "src/wechat/download.rs"]),
    ("rusqlite", &["src/ledger/"]),
    ("rust_xlsxwriter", &["src/report/xlsx/"]),
    ("rustls", &["src/simulator/", "src/wechat/client"]),
    (
        "tempfile",
        &[
            "src/commands/output/whole.rs",
            "src/commands/rehearse/scratch.rs",
        ],
    ),
    ("tokio_rustls", &["src/simulator/", "src/wechat/client"]),
    ("toml", &["src/config/"]),
    ("tracing_subscriber", &["src/logs.rs"]),
    ("unicode_normalization", &["src/ledger/load/forms.rs"]),
    ("webpki_roots", &["src/wechat/client"]),
    ("zip", &["src/recipients/xlsx/"]),
];

/// What writes to a standard stream by itself, and ends the process where that is gone. In pieces,
/// as below.
const PANICKING: &[&str] = &[
    concat!("eprint", "ln!"),
    concat!("eprint", "!("),
    concat!("print", "ln!"),
    concat!("print", "!("),
];
/// Where stderr itself is named: the one writer, and two that only ask whether it is a terminal.
const STDERR: &[&str] = &[
    "src/aside.rs",
    "src/commands/run/canary.rs",
    "src/commands/finish/progress.rs",
];

/// Where files are made or named. Whatever a person names is written by `commands/output`; the
/// others know their own names.
const MAKING: &[&str] = &[
    "src/commands/console.rs",
    "src/commands/output/grown.rs",
    "src/commands/output/whole.rs",
    "src/commands/rehearse/child.rs",
    "src/ledger/copy/backup.rs",
    "src/ledger/copy/part.rs",
    "src/ledger/copy/restore.rs",
    "src/ledger/open/connect.rs",
    "src/ledger/open/leftover.rs",
    "src/ledger/open/lock.rs",
    "src/recipients/list.rs",
    "src/recipients/rejects.rs",
    "src/simulator/books/journal.rs",
    "src/simulator/server/certs.rs",
];

/// What `domain` may name: two crates that derive, one that hashes, two for its tests.
const DOMAIN: &[&str] = &["insta", "proptest", "serde", "sha2", "thiserror"];
/// What `domain` may not ask of the standard library.
const IMPURE: &[&str] = &["env", "fs", "io", "net", "process", "thread", "time"];

/// Lines of a file without its tests.
const FILE_LINES: usize = 300;
/// Lines of a file that is named below.
const NAMED_FILE_LINES: usize = 350;
/// The files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[("src/planted.rs", "a list, two lines a mistake")];
/// Lines of a function.
const FUNCTION_LINES: usize = 70;
/// Parameters of a function, without `self`.
const PARAMETERS: usize = 5;
/// Columns of a line.
const COLUMNS: usize = 100;
/// Folders under `src`.
const DEPTH: usize = 2;

/// What the root of the repository holds, beside ignored files.
const TOP: &[&str] = &[
    ".ci",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "campaign.example.toml",
    "samples",
    "src",
    "tests",
];

/// Words that are not left behind. In pieces, so that this file is not its own first fault.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files under `folder` whose name ends so, from the root, sorted.
fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                let text = fs::read_to_string(&path).unwrap();
                let inside = path.strip_prefix(root()).unwrap();
                found.push((inside.to_str().unwrap().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    found
}

/// Every source file that ships.
fn tree() -> Vec<Source> {
    let all = files("src", "rs");
    let tests: Vec<String> = all
        .iter()
        .flat_map(|(path, text)| test_files(path, text))
        .collect();
    let ships = |(path, _): &&(String, String)| !tests.contains(path);
    all.iter()
        .filter(ships)
        .map(|(path, text)| Source::new(path, text))
        .collect()
}

#[track_caller]
fn none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// The import table that the tree has, as far as it differs from the one above.
fn import_faults(tree: &[Source], table: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree {
        let row = table.iter().find(|(module, _)| *module == file.module());
        let allowed = row.map_or(&[][..], |(_, allowed)| *allowed);
        let strange = file
            .imports()
            .into_iter()
            .filter(|it| !allowed.contains(&it.as_str()));
        faults.extend(strange.map(|it| format!("{} imports {it}", file.path)));
    }
    for (module, allowed) in table {
        let of_module: Vec<&Source> = tree.iter().filter(|it| it.module() == *module).collect();
        if of_module.is_empty() {
            faults.push(format!("{module} is in the table and not in the tree"));
        }
        let is_used = |name: &str| {
            of_module
                .iter()
                .any(|it| it.imports().iter().any(|i| i == name))
        };
        let idle = allowed.iter().filter(|name| !is_used(name));
        faults.extend(idle.map(|name| format!("{module} does not import {name} any more")));
    }
    faults
}

#[test]
fn imports_go_one_way() {
    none(
        "see IMPORTS in tests/tidy.rs",
        &import_faults(&tree(), IMPORTS),
    );
}

fn house_faults() -> Vec<String> {
    let tree = tree();
    let graph = house::graph(&tree);
    let circles = house::circles(&graph).into_iter();
    // A macro's file and its parts are one thing.
    let circles = circles.filter(|it| !it.iter().all(|path| path.starts_with("src/words")));
    let circles = circles.map(|it| format!("a circle: {}", it.join(" ")));
    let paths: Vec<String> = files("src", "rs").into_iter().map(|(it, _)| it).collect();
    let mut faults = house::door_faults(&tree, &graph, DOORS);
    faults.extend(circles);
    faults.extend(house::full_folders(&paths));
    faults.extend(house::busy_roots(&tree));
    faults.extend(house::unlisted(&tree));
    faults
}

#[test]
fn the_house_has_walls_and_doors() {
    none("see DOORS in tests/tidy.rs", &house_faults());
}

#[test]
fn a_type_has_a_name_of_its_own() {
    none("two types with one name", &house::shared_names(&tree()));
}

fn fence_faults(tree: &[Source], fences: &[(&str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    for (krate, homes) in fences {
        let naming: Vec<&str> = tree
            .iter()
            .filter(|it| it.names(krate))
            .map(|it| it.path.as_str())
            .collect();
        let is_home = |path: &&&str| homes.iter().any(|home| path.starts_with(home));
        let outside = naming.iter().filter(|path| !is_home(path));
        faults.extend(outside.map(|path| format!("{path} names {krate}")));
        let idle = homes
            .iter()
            .filter(|home| !naming.iter().any(|path| path.starts_with(**home)));
        faults.extend(idle.map(|home| format!("{home} does not name {krate} any more")));
    }
    faults
}

#[test]
fn a_fenced_crate_is_named_at_home_only() {
    none(
        "see FENCES in tests/tidy.rs",
        &fence_faults(&tree(), FENCES),
    );
}

/// The names under a heading of `Cargo.toml`, as code writes them.
fn dependencies(manifest: &str, heading: &str) -> Vec<String> {
    let section = manifest
        .split(&format!("\n[{heading}]\n"))
        .nth(1)
        .unwrap_or("");
    let section = section.split("\n[").next().unwrap_or("");
    let name = |line: &str| Some(line.split_once(" = ")?.0.to_owned());
    let names = section
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(name);
    names
        .map(|name| {
            if name == "md-5" {
                "md5".to_owned()
            } else {
                name.replace('-', "_")
            }
        })
        .collect()
}

#[test]
fn every_dependency_is_used() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let shipped = tree();
    let idle = dependencies(&manifest, "dependencies").into_iter();
    let idle: Vec<String> = idle
        .filter(|it| !shipped.iter().any(|file| file.names(it)))
        .collect();
    none("in Cargo.toml and named by nothing under src", &idle);
    let all: Vec<_> = files("src", "rs")
        .into_iter()
        .chain(files("tests", "rs"))
        .collect();
    let is_used = |it: &String| all.iter().any(|(_, text)| is_named(text, it));
    let idle = dependencies(&manifest, "dev-dependencies").into_iter();
    let idle: Vec<String> = idle.filter(|it| !is_used(it)).collect();
    none("a dev-dependency that no test names", &idle);
}

/// Everything impure that a file of `domain` names, its tests included.
fn impure(file: &Source, crates: &[String]) -> Vec<String> {
    let foreign = crates.iter().filter(|it| !DOMAIN.contains(&it.as_str()));
    let std = IMPURE.iter().map(|it| format!("std::{it}"));
    let named = foreign
        .cloned()
        .chain(std)
        .filter(|it| is_named(&file.whole, it));
    named
        .map(|it| format!("{} names {it}", file.path))
        .collect()
}

#[test]
fn domain_is_pure() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut crates = dependencies(&manifest, "dependencies");
    crates.extend(dependencies(&manifest, "dev-dependencies"));
    let tree = tree();
    let domain = tree.iter().filter(|it| it.module() == "domain");
    let found: Vec<String> = domain.flat_map(|file| impure(file, &crates)).collect();
    none("no clock, dice, I/O, tokio or SQL in domain", &found);
}

/// Files over the limit, and exceptions that are none any more.
fn long_files(tree: &[Source], named: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree {
        let is_named = named.iter().any(|(path, _)| *path == file.path);
        let limit = if is_named {
            NAMED_FILE_LINES
        } else {
            FILE_LINES
        };
        let lines = file.lines();
        if lines > limit {
            faults.push(format!("{} has {lines} lines, at most {limit}", file.path));
        } else if is_named && lines <= FILE_LINES {
            faults.push(format!("{} needs no exception any more", file.path));
        }
    }
    faults
}

#[test]
fn files_are_short() {
    none("without tests", &long_files(&tree(), LONG_FILES));
}

fn big_functions(tree: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree {
        for it in file.functions() {
            let name = format!("{}: {}", file.path, it.name);
            if it.lines > FUNCTION_LINES {
                faults.push(format!("{name} has {} lines", it.lines));
            }
            if it.parameters > PARAMETERS {
                faults.push(format!("{name} has {} parameters", it.parameters));
            }
        }
    }
    faults
}

#[test]
fn functions_are_short_and_take_little() {
    none(
        "lines, and parameters without self",
        &big_functions(&tree()),
    );
}

#[test]
fn lines_and_folders_are_not_deep() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let wide = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.chars().count() > COLUMNS);
        faults.extend(wide.map(|(at, _)| format!("{path}:{} is wide", at + 1)));
        if path.starts_with("src/") && path.matches('/').count() > DEPTH + 1 {
            faults.push(format!("{path} is deep"));
        }
    }
    none("columns and folders", &faults);
}

fn stream_faults(tree: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree {
        let code = &file.code;
        let is_home = STDERR.contains(&file.path.as_str());
        let panicking = PANICKING.iter().filter(|word| code.contains(**word));
        faults.extend(panicking.map(|word| format!("{} has {word}", file.path)));
        let mut named = code.match_indices(concat!("std", "err()"));
        let is_word = |at: usize| code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if named.any(|(at, _)| !is_word(at)) != is_home {
            faults.push(format!("{}: see STDERR in tests/tidy.rs", file.path));
        }
    }
    faults
}

#[test]
fn nothing_that_is_only_told_ends_the_process() {
    none("tell by src/aside.rs", &stream_faults(&tree()));
}

#[test]
fn files_are_made_in_few_places() {
    let tree = tree();
    let forms = [
        "File::create",
        "fs::write(",
        "fs::copy(",
        ".create(true)",
        ".create_new(true)",
        "fs::rename(",
        "hard_link(",
        "tempfile_in(",
    ];
    let makes = |file: &&Source| forms.iter().any(|form| file.code.contains(form));
    let making = tree.iter().filter(makes);
    let making: Vec<&str> = making.map(|file| file.path.as_str()).collect();
    assert_eq!(making, MAKING);
}

fn unfinished(path: &str, text: &str) -> Vec<String> {
    let left = UNFINISHED.iter().filter(|word| text.contains(**word));
    left.map(|word| format!("{path} says {word}")).collect()
}

/// Lints switched off without a reason.
fn unreasoned(path: &str, text: &str) -> Vec<String> {
    let code = blank(text, true);
    let mut faults = Vec::new();
    for word in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
        for (at, _) in code.match_indices(word) {
            let attribute = code[at..].split(")]").next().unwrap_or("");
            if !attribute.contains("reason =") {
                faults.push(format!("{path}: {word}…)] without a reason"));
            }
        }
    }
    faults
}

#[test]
fn nothing_is_left_behind_and_every_exception_has_a_reason() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        faults.extend(unfinished(&path, &text));
        faults.extend(unreasoned(&path, &text));
    }
    none("unfinished or unreasoned", &faults);
}

/// Whether a statement writes `bill.state`.
fn writes_state(code: &str) -> bool {
    let flat = code.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.split("UPDATE bill ").skip(1).any(|rest| {
        let statement = rest.split('"').next().unwrap_or("");
        let set = statement.split(" WHERE ").next().unwrap_or("");
        let set = set.trim_start_matches("SET ");
        set.split(',')
            .any(|part| part.trim_start().starts_with("state ="))
    })
}

/// The files whose shipping code, literals included, contains `words`.
fn saying(tree: &[Source], words: &str) -> Vec<String> {
    let says = |file: &&Source| file.statements().contains(words);
    tree.iter()
        .filter(says)
        .map(|file| file.path.clone())
        .collect()
}

#[test]
fn a_state_is_written_in_one_place() {
    let tree = tree();
    let writing = tree.iter().filter(|file| writes_state(&file.statements()));
    let writing: Vec<&str> = writing.map(|file| file.path.as_str()).collect();
    assert_eq!(writing, ["src/ledger/bill/advance.rs"]);
    assert_eq!(
        saying(&tree, "INSERT INTO bill "),
        ["src/ledger/load/rows.rs"]
    );
    let birth = tree
        .iter()
        .find(|file| file.path == "src/ledger/load/rows.rs")
        .unwrap();
    let births = birth.statements();
    let births: Vec<&str> = births.split("INSERT INTO bill ").skip(1).collect();
    let is_plain = |birth: &&str| !birth.split("VALUES").next().unwrap().contains("state");
    assert!(
        births.iter().all(is_plain),
        "the schema says how a bill begins"
    );
}

#[test]
fn the_journal_is_written_in_one_place() {
    let tree = tree();
    assert_eq!(
        saying(&tree, "INSERT INTO journal"),
        ["src/ledger/journal/chain.rs"]
    );
    assert_eq!(
        saying(&tree, "INSERT INTO ledger"),
        ["src/ledger/journal/chain.rs"]
    );
}

/// A log may stand still with its reader, and nobody else writes to the ledger meanwhile.
#[test]
fn nothing_is_logged_while_the_ledger_is_written() {
    let logging = saying(&tree(), "tracing::");
    let in_ledger = logging
        .iter()
        .filter(|path| path.starts_with("src/ledger/"));
    let in_ledger: Vec<&String> = in_ledger.collect();
    // Between two transactions.
    assert_eq!(in_ledger, ["src/ledger/write/writer_thread.rs"]);
}

#[test]
fn a_number_is_born_in_one_place() {
    assert_eq!(
        saying(&tree(), "MchBillno::derive("),
        ["src/ledger/bill/number.rs"]
    );
}

#[test]
fn nothing_is_told_past_the_words_in_both_languages() {
    let tree = tree();
    let names_aside = |file: &&Source| file.imports().iter().any(|it| it == "aside");
    let telling = tree.iter().filter(names_aside);
    let telling: Vec<&str> = telling.map(|file| file.path.as_str()).collect();
    // Besides the one way to tell: what was typed, and wrong, a line for programs, the error that a
    // command ends with, logs, what a signal is answered with, and a message that did not arrive.
    let known = [
        "src/cli/told.rs",
        "src/cli/typed.rs",
        "src/commands/console.rs",
        "src/commands/execute.rs",
        "src/commands/finish/progress.rs",
        "src/logs.rs",
        "src/main.rs",
        "src/notify/notifier.rs",
        "src/runner/health/stop.rs",
    ];
    assert_eq!(telling, known);
    for form in ["say(format!", "say(\"", "println!(\""] {
        let saying = saying(&tree, form).into_iter();
        let past: Vec<String> = saying
            .filter(|path| !known.contains(&path.as_str()))
            .collect();
        none(form, &past);
    }
}

#[test]
fn only_a_worker_speaks_to_the_gateway() {
    let tree = tree();
    assert_eq!(saying(&tree, ".post(path"), ["src/runner/wire/exchange.rs"]);
    let outside = |path: &String| !path.starts_with("src/wechat/client");
    let naming: Vec<String> = saying(&tree, "client::")
        .into_iter()
        .filter(outside)
        .collect();
    // Besides: what stops a command, who builds the client, who hands connections out, the query
    // of `doctor` about a number that cannot exist, and the TLS set-ups for bills and messages.
    let known = [
        "src/commands/setup/gateway.rs",
        "src/error.rs",
        "src/notify/post.rs",
        "src/runner/wire/exchange.rs",
        "src/runner/wire/lines.rs",
        "src/runner/wire/probe.rs",
        "src/runner/wire/worker.rs",
        "src/wechat/download.rs",
    ];
    assert_eq!(naming, known);
}

/// Entries of the root that are neither known nor ignored, and known ones that are missing.
fn top_faults(entries: &[String], ignored: &str) -> Vec<String> {
    let is_ignored = |name: &String| {
        ignored.lines().any(|line| match line.strip_prefix('/') {
            Some(exact) => name == exact,
            None => name.ends_with(line.trim_start_matches('*')),
        })
    };
    let is_known = |name: &String| name == ".git" || TOP.contains(&name.as_str());
    let strange = entries
        .iter()
        .filter(|name| !is_known(name) && !is_ignored(name));
    let strange = strange.map(|name| format!("{name} does not belong here"));
    let missing = TOP
        .iter()
        .filter(|name| !entries.iter().any(|entry| entry == *name));
    strange
        .chain(missing.map(|name| format!("{name} is missing")))
        .collect()
}

/// Files right under `tests` that no binary of the manifest has, by themselves or as a module of
/// `tests/scenarios.rs`.
fn unplayed(paths: &[&str], manifest: &str, scenarios: &str) -> Vec<String> {
    let is_played = |path: &str, name: &str| {
        let has = |key: &str| manifest.contains(&format!("\n{key} = \"{path}\"\n"));
        has("path") || has("build") || scenarios.contains(&format!("\nmod {name};\n"))
    };
    let name = |path: &str| {
        let name = path.strip_prefix("tests/")?.strip_suffix(".rs")?;
        (!name.contains('/') && !is_played(path, name)).then(|| name.to_owned())
    };
    let names = paths.iter().filter_map(|path| name(path));
    names
        .map(|name| format!("nothing plays tests/{name}.rs: add `mod {name};`"))
        .collect()
}

#[test]
fn every_file_of_tests_is_played() {
    let files = files("tests", "rs");
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    none(
        "tests/scenarios.rs, or [[test]] in Cargo.toml",
        &unplayed(&paths, &read("Cargo.toml"), &read("tests/scenarios.rs")),
    );
}

#[test]
fn the_root_holds_what_its_owner_set() {
    let entries = fs::read_dir(root()).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let entries: Vec<String> = entries.map(|entry| name(&entry.unwrap().path())).collect();
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap();
    none(
        "the root of the repository",
        &top_faults(&entries, &ignored),
    );
}

/// Each check, on something planted: it must find it, and nothing else.
mod checks {
    use super::*;

    fn file(path: &str, text: &str) -> Vec<Source> {
        vec![Source::new(path, text)]
    }

    #[test]
    fn find_an_import_by_any_path() {
        let table: &[(&str, &[&str])] = &[("ledger", &["domain", "clock"])];
        let text =
            "use crate::domain::x;\n// use crate::wechat::y;\nfn f() { super::super::cli::z() }\n";
        assert_eq!(
            import_faults(&file("src/ledger/load.rs", text), table),
            [
                "src/ledger/load.rs imports cli",
                "ledger does not import clock any more"
            ]
        );
        let grouped = file("src/ledger.rs", "use crate::{domain, clock};");
        assert_eq!(
            import_faults(&grouped, table)[0],
            "src/ledger.rs imports {a group}"
        );
    }

    #[test]
    fn find_a_crate_outside_its_fence() {
        let fences: &[(&str, &[&str])] = &[("csv", &["src/report/"])];
        let used = file("src/cli.rs", "fn f() { csv::Reader::new() }");
        let faults = [
            "src/cli.rs names csv",
            "src/report/ does not name csv any more",
        ];
        assert_eq!(fence_faults(&used, fences), faults);
        let not = "use csv_report::A; use super::csv::B; // csv::C\nconst D: &str = \"csv::E\";";
        assert_eq!(fence_faults(&file("src/cli.rs", not), fences).len(), 1);
        let tested = "#[cfg(test)]\nmod tests {\n    use csv::Reader;\n}\n";
        assert_eq!(fence_faults(&file("src/cli.rs", tested), fences).len(), 1);
    }

    #[test]
    fn find_a_clock_in_domain() {
        let domain = Source::new(
            "src/domain/a.rs",
            "use std::time::Instant;\nuse tokio::net;\n",
        );
        let crates = ["tokio".to_owned(), "sha2".to_owned()];
        let names = |it: &str| format!("src/domain/a.rs names {it}");
        assert_eq!(
            impure(&domain, &crates),
            [names("tokio"), names("std::time")]
        );
    }

    #[test]
    fn count_lines_without_tests() {
        let tests = "#[cfg(test)]\nmod tests {\n}\n";
        let long = "\n".repeat(301) + tests;
        assert_eq!(long_files(&file("src/a.rs", &long), &[]).len(), 1);
        assert_eq!(
            long_files(&file("src/a.rs", &long), &[("src/a.rs", "")]).len(),
            0
        );
        let short = "\n".repeat(300) + tests;
        assert_eq!(long_files(&file("src/a.rs", &short), &[]).len(), 0);
        assert_eq!(
            long_files(&file("src/a.rs", &short), &[("src/a.rs", "")]).len(),
            1
        );
        assert_eq!(
            without_tests("a\n#[cfg(test)]\nmod tests;\nb\n")
                .lines()
                .count(),
            4
        );
        let named = test_files("src/a.rs", "#[cfg(test)]\nmod tests;\n");
        assert_eq!(named, ["src/a/tests.rs"]);
        assert_eq!(
            test_files("src/b/mod.rs", "#[cfg(test)]\nmod c;\n"),
            ["src/b/c.rs"]
        );
    }

    #[test]
    fn count_lines_and_parameters_of_a_function() {
        let body = "    let c = '{'; // {\n".repeat(69);
        let text = format!(
            "fn long<F: Fn(u8) -> u8>(&mut self, a: (u8, u8), b: [F; 2]) {{\n{body}}}\n\
             fn six(a: u8, b: u8, c: u8, d: u8, e: u8, f: A<u8, u8>,) -> fn(u8) {{ g }}\n\
             trait T {{ fn none(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8); }}\n"
        );
        let tree = file("src/a.rs", &text);
        let found: Vec<_> = tree[0]
            .functions()
            .into_iter()
            .map(|it| (it.lines, it.parameters))
            .collect();
        assert_eq!(found, [(71, 2), (1, 6)]);
        let faults = [
            "src/a.rs: long has 71 lines",
            "src/a.rs: six has 6 parameters",
        ];
        assert_eq!(big_functions(&tree), faults);
    }

    #[test]
    fn find_what_is_left_behind() {
        assert_eq!(unfinished("a", concat!("// TO", "DO: later")).len(), 1);
        assert_eq!(unfinished("a", "// done").len(), 0);
        assert_eq!(unreasoned("a", "#[allow(dead_code)]\nfn f() {}").len(), 1);
        assert_eq!(
            unreasoned("a", "#![expect(\n  x,\n  reason = \"y\"\n)]").len(),
            0
        );
    }

    #[test]
    fn find_a_written_state() {
        assert!(writes_state(
            "\"UPDATE bill SET due = ?1,\n   state = ?2 WHERE bill = ?3\""
        ));
        assert!(!writes_state(
            "\"UPDATE bill SET package = ?1 WHERE state = 'sent'\""
        ));
        let comment = Source::new("a", "// UPDATE bill SET state = 1\nconst A: &str = \"x\";");
        assert!(!writes_state(&comment.statements()));
    }

    #[test]
    fn find_a_test_that_nothing_plays() {
        let paths = ["tests/a.rs", "tests/b.rs", "tests/c.rs", "tests/c/d.rs"];
        let found = unplayed(&paths, "[[test]]\npath = \"tests/a.rs\"\n", "\nmod b;\n");
        assert_eq!(found, ["nothing plays tests/c.rs: add `mod c;`"]);
    }

    #[test]
    fn find_a_stray_file() {
        let mut entries: Vec<String> = TOP.iter().map(ToString::to_string).collect();
        entries.extend(["target", "a.db", ".git"].map(str::to_owned));
        let ignored = "/target\n*.db\n";
        assert_eq!(top_faults(&entries, ignored), [""; 0]);
        entries.extend(["notes.md", "old.target"].map(str::to_owned));
        entries.retain(|name| name != "LICENSE");
        let faults = [
            "notes.md does not belong here",
            "old.target does not belong here",
            "LICENSE is missing",
        ];
        assert_eq!(top_faults(&entries, ignored), faults);
    }

    #[test]
    fn blank_comments_and_literals_in_place() {
        let text = "a /* b */ \"c\\\"d\" 'e' r#\"f\"g\"# 'static // h\ni";
        assert_eq!(
            blank(text, true).split_whitespace().collect::<Vec<_>>(),
            ["a", "'static", "i"]
        );
        assert!(blank(text, false).contains("\"c\\\"d\" 'e' r#\"f\"g\"# 'static"));
    }

    #[test]
    fn read_the_manifest() {
        let manifest = "[package]\nname = \"x\"\n\n[dependencies]\n# why = \"y\"\nmd-5 = \"1\"\n\
                        b-c = { a = 1 }\n\n[lints.rust]\nz = \"w\"\n";
        assert_eq!(dependencies(manifest, "dependencies"), ["md5", "b_c"]);
        assert_eq!(dependencies(manifest, "dev-dependencies"), [""; 0]);
    }
}
