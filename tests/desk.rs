//! What finance gets: workbooks and pages, opened by the programs that finance has.

mod runs;
mod sheets;

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use hongbao::simulator::Settings;
use serde_json::Value;

use crate::support::{Campaign, Case, can_trace, hongbao_under, is_full, openid, say};

/// Whether a program is there; says so if not.
fn has(lane: &str, program: &str, asked: &[&str]) -> bool {
    let ran = Command::new(program)
        .args(asked)
        .stdin(Stdio::null())
        .output();
    let is_there = ran.is_ok_and(|ran| ran.status.success());
    if !is_there {
        say(&format!("SKIPPED {lane}: {program} does not work here"));
    }
    is_there
}

/// Twelve packets with columns of their own, one of them refused, some claimed.
fn finished() -> Campaign {
    let scripted = [(openid(7), "OPENID_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let mut campaign = Campaign::with(12, settings);
    campaign.set("campaign.act_name", "\"<script>alert(1)</script>\"");
    let mut text = String::from("row_key,openid,amount_fen,门店,备注\n");
    for (number, (openid, fen)) in campaign.owed.iter().enumerate() {
        let own = "南山店 <&> _x0041_,=HYPERLINK(1)";
        writeln!(text, "00{number},{openid},{fen},{own}").unwrap();
    }
    campaign.write("recipients.csv", text);
    campaign.run().exits(3);
    campaign
}

fn written(campaign: &Campaign, name: &str, flags: &[&str]) -> String {
    let path = campaign.path(name);
    let out = path.to_str().unwrap();
    let rest = [&["--out", out], flags].concat();
    let ran = campaign.verb("report", &rest).exits(0);
    assert!(
        ran.stderr.contains(name),
        "one line tells it: {}",
        ran.stderr
    );
    out.to_owned()
}

#[test]
fn a_workbook_says_what_the_csv_and_the_status_say() {
    if !has(
        "workbooks in openpyxl",
        "python3",
        &["-c", "import openpyxl"],
    ) {
        return;
    }
    let campaign = finished();
    let book = written(&campaign, "all.xlsx", &["--lang", "zh"]);
    let csv = written(&campaign, "all.csv", &["--lang", "en"]);
    campaign.write("status.json", campaign.status().to_string());
    let compared = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desk/workbook.py"))
        .args([&book, &csv, campaign.path("status.json").to_str().unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&compared.stdout);
    let fault = String::from_utf8_lossy(&compared.stderr);
    assert!(
        compared.status.success() && said.is_empty(),
        "{said}\n{fault}"
    );
}

/// What LibreOffice makes of a file's sheet, as CSV.
fn as_libreoffice_reads(folder: &Path, file: &str, sheet: u32) -> Option<String> {
    let home = tempfile::tempdir().unwrap();
    let form = format!(
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}"
    );
    let ran = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            home.path().display()
        ))
        .args(["--headless", "--convert-to", &form, "--outdir", "read"])
        .arg(file)
        .current_dir(folder)
        // In a shell without a locale no row came out.
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let made = fs::read_dir(folder.join("read")).ok()?.next()?.unwrap();
    let text = fs::read_to_string(made.path()).unwrap();
    fs::remove_dir_all(folder.join("read")).unwrap();
    assert!(ran.status.success(), "{ran:?}");
    Some(text)
}

#[test]
fn a_spreadsheet_keeps_every_digit() {
    if !has("spreadsheets in LibreOffice", "soffice", &["--version"]) {
        return;
    }
    let case = Case::of("12");
    case.verb("run", &[]).exits(0);
    let flags = ["--lang", "zh", "--out", "r.csv"];
    case.verb("report", &flags).exits(0);
    case.verb("report", &["--lang", "zh", "--out", "r.xlsx"])
        .exits(0);
    let english = fs::read_to_string(case.path("case-report.csv")).unwrap();
    let row: Vec<&str> = english.lines().nth(1).unwrap().split(',').collect();
    let (number, listid) = (row[5], row[7]);
    assert_eq!((row[0], listid.len()), ("00123", 31), "{english}");
    for (file, sheet) in [("r.csv", 1), ("r.xlsx", 2)] {
        let read = as_libreoffice_reads(&case.path(""), file, sheet).unwrap();
        let cells = read.lines().nth(1).unwrap().split(',');
        let cells: Vec<&str> = cells.map(|cell| cell.trim_matches(['"', '\t'])).collect();
        for id in ["00123", number, listid] {
            assert!(cells.contains(&id), "{file} lost {id}: {read}");
        }
    }
}

#[test]
fn a_chinese_report_is_known_again_and_read_again() {
    let case = Case::of("12");
    case.verb("run", &[]).exits(0);
    for (flags, has_tab) in [(&[][..], true), (&["--raw"], false)] {
        let rest = [&["--lang", "zh", "--out", "r.csv"], flags].concat();
        case.verb("report", &rest).exits(0);
        let text = fs::read_to_string(case.path("r.csv")).unwrap();
        assert_eq!(text.contains("\n\t00123,\toR4k"), has_tab, "{text}");
        // States have names for people, and codes for programs.
        let state = if has_tab { "已发放" } else { "sent" };
        assert!(text.contains(&format!(",{state},")), "{text}");
    }
    // The same people under the same keys: nothing new.
    let text = fs::read_to_string(case.path("list.csv")).unwrap();
    fs::write(case.path("tabs.csv"), text.replace("00123,", "\t00123,\t")).unwrap();
    let ran = case.verb("load", &["tabs.csv", "--check"]).exits(0);
    assert!(!ran.stderr.contains("00123\\t"), "{}", ran.stderr);
}

#[test]
fn a_run_leaves_both_reports_and_writes_nothing_where_nothing_changed() {
    let case = Case::of("12");
    let names = ["case-report.csv", "case-report.xlsx"];
    let at = |time: &str, verb: &str| {
        let mut command = case.command(verb, &[]);
        let ran = command.env("HONGBAO_SIMULATED_NOW", time).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        let stdout = String::from_utf8(ran.stdout).unwrap();
        let last: Vec<&str> = stdout.lines().rev().take(2).collect();
        assert_eq!(last, [names[1], names[0]], "{stdout}");
        names.map(|name| fs::metadata(case.path(name)).unwrap().modified().unwrap())
    };
    let first = at("2026-11-23T20:00:00+08:00", "run");
    assert_eq!(at("2026-11-23T20:01:00+08:00", "run"), first);
    let later = at("2026-11-25T20:00:00+08:00", "reconcile");
    assert!(
        later[0] > first[0] && later[1] > first[1],
        "it was claimed or flowed back"
    );
    // A missing one is made again, and the other one stays.
    fs::remove_file(case.path(names[1])).unwrap();
    let again = at("2026-11-25T20:02:00+08:00", "run");
    assert!(again[0] == later[0] && again[1] > later[1]);
    // Somebody's file is kept, whatever was paid.
    fs::write(case.path(names[1]), "PK mine").unwrap();
    let ran = case.verb("run", &[]).exits(2);
    assert!(ran.stderr.contains("case-report.xlsx"), "{}", ran.stderr);
    assert_eq!(fs::read(case.path(names[1])).unwrap(), b"PK mine");
    let text = fs::read_to_string(case.path("campaign.toml")).unwrap();
    fs::write(
        case.path("campaign.toml"),
        text + "[report]\nformats = [\"csv\"]\n",
    )
    .unwrap();
    case.verb("run", &[]).exits(0);
}

#[test]
fn the_name_of_a_file_says_its_format_and_a_folder_gets_several() {
    let campaign = finished();
    let begins = |name: &str| fs::read(campaign.path(name)).unwrap()[..2].to_vec();
    for (name, begin) in [
        ("a.xlsx", b"PK"),
        ("a.html", b"<!"),
        ("a.json", b"[\n"),
        ("a.csv", b"ro"),
    ] {
        written(&campaign, name, &[]);
        written(&campaign, name, &[]);
        assert_eq!(begins(name), begin, "{name}");
    }
    let out = campaign.path("a.xlsx");
    let flags = ["--format", "html", "--out", out.to_str().unwrap()];
    let ran = campaign.verb("report", &flags).exits(2);
    ran.says(&["says another format than --format html"]);
    let folder = campaign.path("for finance");
    fs::create_dir(&folder).unwrap();
    let out = folder.to_str().unwrap();
    let formats = ["--format", "html", "--format", "csv", "--out", out];
    campaign.verb("report", &formats).exits(0);
    assert!(folder.join("lantern-report.html").exists());
    assert!(folder.join("lantern-report.csv").exists());
    campaign
        .verb("report", &formats[..4])
        .exits(2)
        .says(&["--out DIR"]);
}

#[test]
fn a_missing_folder_is_made_for_its_owner_alone() {
    let campaign = finished();
    let folder = campaign.path("made");
    let out = folder.to_str().unwrap();
    let formats = ["--format", "html", "--format", "csv", "--out", out];
    let ran = campaign.verb("report", &formats).exits(0);
    ran.says(&[
        "made the folder",
        "lantern-report.html",
        "lantern-report.csv",
    ]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("lantern-report.html")), 0o600);
    let typed = format!("{}/", campaign.path("typed").display());
    campaign.verb("report", &["--out", &typed]).exits(0);
    for name in [
        "lantern-report.csv",
        "lantern-report.xlsx",
        "lantern-failed.csv",
    ] {
        assert!(campaign.path("typed").join(name).exists(), "{name}");
    }
    // A name that may be a file's stays one, and no tree is made.
    let out = campaign.path("plain");
    campaign
        .verb("report", &["--out", out.to_str().unwrap()])
        .exits(0);
    assert!(out.is_file());
    let deep = campaign.path("no").join("such/");
    campaign
        .verb("report", &["--out", deep.to_str().unwrap()])
        .exits(1);
    assert!(!campaign.path("no").exists());
    // What the campaign uses is refused in a folder as elsewhere.
    let uses = campaign.path("uses");
    fs::create_dir(&uses).unwrap();
    let list = uses.join("lantern-report.csv");
    fs::copy(campaign.path("recipients.csv"), &list).unwrap();
    let mut campaign = campaign;
    campaign.set("campaign.recipients", "\"uses/lantern-report.csv\"");
    let out = uses.to_str().unwrap();
    let flags = ["--format", "csv", "--force", "--out", out];
    campaign
        .verb("report", &flags)
        .exits(2)
        .says(&["the recipients file"]);
    assert_eq!(
        fs::read(&list).unwrap(),
        fs::read(campaign.path("recipients.csv")).unwrap()
    );
}

#[test]
fn what_failed_is_a_list_with_advice_that_a_load_reads() {
    let campaign = finished();
    let folder = campaign.path("out");
    fs::create_dir(&folder).unwrap();
    let flags = ["--out", folder.to_str().unwrap()];
    campaign.verb("report", &flags).exits(0);
    let failed = folder.join("lantern-failed.csv");
    let text = fs::read_to_string(&failed).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[0],
        "\u{feff}row_key,openid,amount_yuan,门店,备注,reject_reason"
    );
    // A tab keeps a spreadsheet from dropping the noughts; a load drops it.
    let begins = format!("\t007,{},", openid(7));
    assert!(
        rows[1].starts_with(&begins) && rows[1].contains("OPENID_ERROR"),
        "{text}"
    );
    assert!(
        rows[1].contains(",'=HYPERLINK(1),"),
        "no spreadsheet runs it: {text}"
    );
    assert_eq!(rows.len(), 2);
    // Somebody may be mending it: it stays, and the others are made again.
    fs::write(&failed, text.replace("007,", "907,")).unwrap();
    campaign.verb("report", &flags).exits(0);
    assert!(fs::read_to_string(&failed).unwrap().contains("907,"));
    let list = failed.to_str().unwrap();
    let told = campaign.verb("load", &[list, "--check"]).stderr;
    assert!(
        told.contains("columns ignored: `reject_reason`\n"),
        "{told}"
    );
    assert_eq!(told.matches("reject_reason").count(), 1, "{told}");
}

#[test]
fn states_pick_rows_of_every_format_that_has_rows() {
    let campaign = finished();
    let flags = ["--state", "refused", "review", "--format", "csv"];
    let csv = campaign.verb("report", &flags).exits(0).stdout;
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.contains(&openid(7)));
    for whole in ["xlsx", "html"] {
        let flags = ["--state", "refused", "--format", whole, "--out", "part"];
        campaign
            .verb("report", &flags)
            .exits(2)
            .says(&["of the whole campaign"]);
    }
    let flags = ["--format", "json", "--state", "sent"];
    let json = campaign.verb("report", &flags).exits(0).stdout;
    let rows: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(rows.len(), 11);
    let flags = ["--state", "paid"];
    campaign
        .verb("report", &flags)
        .exits(2)
        .says(&["no state is called `paid`", "refused"]);
}

/// A disk that takes nothing more: the writer of workbooks panics there.
#[test]
fn a_workbook_that_cannot_be_written_ends_with_an_exit_code_and_no_file() {
    if !can_trace("a full disk under a workbook") {
        return;
    }
    let campaign = finished();
    for when in [1, 3, 6] {
        let inject = format!("inject=write,pwrite64:error=ENOSPC:when={when}+");
        let child = hongbao_under(
            &["strace", "-f", "-o", "/dev/null", "-e", &inject],
            &[
                "report",
                campaign.path("campaign.toml").to_str().unwrap(),
                "--out",
                campaign.path("full.xlsx").to_str().unwrap(),
            ],
        );
        child.wait().exits(1);
        assert!(!campaign.path("full.xlsx").exists());
    }
}

/// What a page may not have: anything that would be fetched or run.
const FOREIGN: [&str; 7] = [
    "http:", "https:", "src=", "@import", "url(", "<script", "<link",
];

#[test]
fn a_page_loads_nothing_shows_nobody_whole_and_is_escaped() {
    let campaign = finished();
    for lang in ["en", "zh"] {
        let name = format!("{lang}.html");
        let page = fs::read_to_string(written(&campaign, &name, &["--lang", lang])).unwrap();
        for foreign in FOREIGN {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains(&openid(7)), "nobody is named");
        assert!(page.contains("OPENID_ERROR"), "{page}");
        let head = campaign.status()["journal"]["head"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(page.contains(&head), "tied to the journal's head");
    }
}

/// Measures the page: a script that its own policy would not let run is put into a copy, and the
/// copy into a frame, since no window is as narrow as a telephone.
const MEASURE: &str = "<script>const far=[...document.querySelectorAll('main *')];\
    parent.postMessage('w='+document.documentElement.scrollWidth+' i='+innerWidth+' out='\
    +far.filter(e=>e.getBoundingClientRect().right>innerWidth+1).length+' svg='\
    +document.querySelectorAll('svg *').length,'*')</script></body>";
const FRAME: &str = "<title></title><script>onmessage=it=>{document.title=it.data}</script>";

fn measured(folder: &Path, page: &str, width: u32) -> String {
    let (head, rest) = page.split_once("<meta http-equiv").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let copy = format!("{head}{}", rest.replace("</body>", MEASURE));
    fs::write(folder.join("copy.html"), copy).unwrap();
    let frame = format!("{FRAME}<iframe src=copy.html width={width} height=20000 frameborder=0>");
    fs::write(folder.join("frame.html"), frame).unwrap();
    let flags = [
        "--dump-dom",
        "--hide-scrollbars",
        "--virtual-time-budget=4000",
    ];
    let dumped = chromium(folder, &flags, "frame.html");
    let (_, title) = dumped.split_once("<title>").unwrap();
    title.split_once("</title>").unwrap().0.to_owned()
}

fn chromium(folder: &Path, flags: &[&str], page: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let ran = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .arg("--disable-background-networking")
        .arg(format!("--user-data-dir={}", home.path().display()))
        .args(flags)
        .arg(format!("file://{}", folder.join(page).display()))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

#[test]
fn a_page_fits_a_telephone_a_desk_and_a_sheet_of_paper() {
    if !has("pages in Chromium", "chromium", &["--version"]) {
        return;
    }
    let counts = if is_full() {
        vec![200, 20_000]
    } else {
        vec![200]
    };
    for count in counts {
        let mut campaign = Campaign::of(count);
        campaign.set("pace.per_second", "0");
        campaign.run().exits(0);
        for lang in ["en", "zh"] {
            let name = format!("{count}-{lang}.html");
            let page = fs::read_to_string(written(&campaign, &name, &["--lang", lang])).unwrap();
            assert!(page.len() < 2_000_000);
            for width in [390, 1_100] {
                let title = measured(campaign.dir(), &page, width);
                let (told, svg) = title.rsplit_once(" svg=").unwrap();
                assert_eq!(told, format!("w={width} i={width} out=0"), "{name}");
                let drawn: u32 = svg.parse().unwrap();
                assert!(drawn > 20, "{name}: {drawn} things are drawn");
            }
            let out = "--print-to-pdf=page.pdf";
            chromium(campaign.dir(), &[out, "--no-pdf-header-footer"], &name);
            let printed = fs::read(campaign.path("page.pdf")).unwrap();
            assert!(printed.starts_with(b"%PDF") && printed.len() > 5_000);
            fs::remove_file(campaign.path("page.pdf")).unwrap();
        }
    }
}
