//! A campaign file and a recipients file in a directory of their own, and the verbs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hongbao::simulator::Settings;
use serde_json::Value;
use tempfile::TempDir;

use super::child::{Child, Ran, hongbao, hongbao_under};
use super::wechat::Wechat;

/// One line of a campaign file: section, key, and the value as TOML has it.
type Keys = BTreeMap<(String, String), String>;

/// Quick for a test, and otherwise as a merchant would have it.
const KEYS: &[(&str, &str)] = &[
    ("campaign.id", "\"lantern\""),
    ("campaign.recipients", "\"recipients.csv\""),
    ("campaign.act_name", "\"猜灯谜\""),
    ("campaign.send_name", "\"天虹百货\""),
    ("campaign.wishing", "\"元宵节快乐\""),
    ("campaign.remark", "\"快来抢\""),
    ("merchant.mch_id", "\"10000098\""),
    // Workbooks have tests of their own.
    ("report.formats", "[\"csv\"]"),
    ("merchant.wxappid", "\"wx8888888888888888\""),
    ("merchant.api_key_file", "\"secrets/api_key\""),
    ("merchant.cert_file", "\"secrets/apiclient_cert.pem\""),
    ("merchant.key_file", "\"secrets/apiclient_key.pem\""),
    ("gateway.mode", "\"live\""),
    ("gateway.ca_file", "\"secrets/ca.pem\""),
    ("gateway.request_timeout_ms", "2000"),
    ("pace.per_second", "0"),
    ("pace.in_flight", "8"),
    ("retry.first_backoff_ms", "100"),
    ("retry.max_backoff_seconds", "1"),
    ("retry.processing_query_after_seconds", "2"),
    ("retry.linger_seconds", "3"),
];

/// The openid of a row that a test made up.
pub(crate) fn openid(row: usize) -> String {
    format!("oTest{row:023}")
}

/// Rows of a recipients file: openid and fen, no two amounts in a row alike.
pub(crate) fn rows(count: usize) -> Vec<(String, u64)> {
    let fen = |row: usize| 100 + u64::try_from(row).unwrap() * 37 % 900;
    (0..count).map(|row| (openid(row), fen(row))).collect()
}

/// A sum as `--confirm-total` wants it.
pub(crate) fn total_yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// A campaign, its files, and WeChat Pay.
pub(crate) struct Campaign {
    dir: TempDir,
    keys: Keys,
    /// The other side of the wire.
    pub(crate) wechat: Wechat,
    /// What is owed: openid and fen.
    pub(crate) owed: Vec<(String, u64)>,
}

impl Campaign {
    /// `count` packets, and a WeChat Pay without faults.
    pub(crate) fn of(count: usize) -> Campaign {
        Campaign::with(count, Settings::default())
    }

    /// `count` packets, and a WeChat Pay with these settings.
    pub(crate) fn with(count: usize, settings: Settings) -> Campaign {
        Campaign::beside(tempfile::tempdir().unwrap(), Wechat::start(settings), count)
    }

    /// As [`Campaign::with`], and WeChat Pay goes on from these books, in `books.jsonl` beside the
    /// campaign file.
    pub(crate) fn with_books(count: usize, settings: Settings, books: &str) -> Campaign {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("books.jsonl");
        fs::write(&file, books).unwrap();
        Campaign::beside(dir, Wechat::open(settings, Some(&file)), count)
    }

    fn beside(dir: TempDir, wechat: Wechat, count: usize) -> Campaign {
        wechat.write_credentials(&dir.path().join("secrets"));
        let mut campaign = Campaign {
            dir,
            keys: Keys::new(),
            wechat,
            owed: Vec::new(),
        };
        for (key, value) in KEYS {
            campaign.insert(key, value);
        }
        let base_url = format!("{:?}", campaign.wechat.base_url());
        campaign.set("gateway.base_url", &base_url);
        campaign.owe(rows(count));
        campaign
    }

    /// Writes a recipients file of these rows.
    pub(crate) fn owe(&mut self, owed: Vec<(String, u64)>) {
        let mut text = String::from("openid,amount_fen\n");
        for (openid, fen) in &owed {
            writeln!(text, "{openid},{fen}").unwrap();
        }
        self.owed = owed;
        self.write("recipients.csv", &text);
    }

    /// Sets a key, as `pace.in_flight`, to a value as TOML has it.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        self.insert(key, value);
        self.write("campaign.toml", self.text());
    }

    fn insert(&mut self, key: &str, value: &str) {
        let (section, name) = key.split_once('.').unwrap();
        let key = (section.to_owned(), name.to_owned());
        self.keys.insert(key, value.to_owned());
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut last = "";
        for ((section, name), value) in &self.keys {
            if section != last {
                writeln!(text, "[{section}]").unwrap();
                last = section;
            }
            writeln!(text, "{name} = {value}").unwrap();
        }
        text
    }

    /// Writes a file beside the campaign file.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    /// A path beside the campaign file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The directory of the campaign file.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// All that is owed.
    pub(crate) fn total_fen(&self) -> u64 {
        self.owed.iter().map(|(_, fen)| fen).sum()
    }

    /// Starts a verb with what follows the campaign file.
    pub(crate) fn start(&self, verb: &str, rest: &[&str]) -> Child {
        self.start_at(verb, rest, &[])
    }

    /// As [`Campaign::start`], with variables of the environment.
    pub(crate) fn start_at(&self, verb: &str, rest: &[&str], variables: &[(&str, &str)]) -> Child {
        let file = self.path("campaign.toml");
        let mut args = vec![verb, file.to_str().unwrap()];
        args.extend(rest);
        hongbao(&args, variables)
    }

    /// Runs a verb to its end.
    pub(crate) fn verb(&self, verb: &str, rest: &[&str]) -> Ran {
        self.start(verb, rest).wait()
    }

    /// Starts a run with real money, as far as the program knows.
    pub(crate) fn start_run(&self) -> Child {
        let total = total_yuan(self.total_fen());
        self.start("run", &["--live", "--confirm-total", &total])
    }

    /// As [`Campaign::start_run`], as the child of a tool.
    pub(crate) fn start_run_under(&self, tool: &[&str]) -> Child {
        let file = self.path("campaign.toml");
        let total = total_yuan(self.total_fen());
        let file = file.to_str().unwrap();
        hongbao_under(tool, &["run", file, "--live", "--confirm-total", &total])
    }

    /// Does a verb as if it were then.
    pub(crate) fn at(&self, now: &str, verb: &str, rest: &[&str]) -> Ran {
        let variables = [("HONGBAO_SIMULATED_NOW", now)];
        self.start_at(verb, rest, &variables).wait()
    }

    /// Nothing was changed but by the program.
    #[track_caller]
    pub(crate) fn is_audited(&self) {
        self.verb("audit", &[]).exits(0);
    }

    /// As [`Campaign::ledger`], as if it were then.
    pub(crate) fn ledger_at(&self, now: &str, action: &str, file: &str) -> Ran {
        let (campaign, file) = (self.path("campaign.toml"), self.path(file));
        let [campaign, file] = [&campaign, &file].map(|path| path.to_str().unwrap());
        let variables = [("HONGBAO_SIMULATED_NOW", now)];
        hongbao(&["ledger", action, campaign, file], &variables).wait()
    }

    /// `hongbao ledger ACTION`, with a file beside the campaign's where it takes one.
    pub(crate) fn ledger(&self, action: &str, file: &str) -> Ran {
        self.ledger_under(&[], action, file)
    }

    /// As [`Campaign::ledger`], as the child of a tool if there is one.
    pub(crate) fn ledger_under(&self, tool: &[&str], action: &str, file: &str) -> Ran {
        let (campaign, file) = (self.path("campaign.toml"), self.path(file));
        let mut args = vec!["ledger", action, campaign.to_str().unwrap()];
        args.extend((action != "adopt").then(|| file.to_str().unwrap()));
        if tool.is_empty() {
            hongbao(&args, &[]).wait()
        } else {
            hongbao_under(tool, &args).wait()
        }
    }

    /// As a person does after a restore who has nothing more to decide.
    pub(crate) fn unpause(&self) {
        self.verb("unpause", &[]).exits(0);
    }

    /// Starts a verb as the child of a tool.
    pub(crate) fn start_under(&self, tool: &[&str], verb: &str) -> Child {
        let file = self.path("campaign.toml");
        hongbao_under(tool, &[verb, file.to_str().unwrap()])
    }

    /// Runs to the end.
    pub(crate) fn run(&self) -> Ran {
        self.start_run().wait()
    }

    /// The document of `status --json`.
    pub(crate) fn status(&self) -> Value {
        let ran = self.verb("status", &["--json"]).exits(0);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// How many packets are loaded; none where `status` finds no campaign.
    pub(crate) fn loaded_rows(&self) -> u64 {
        let ran = self.verb("status", &["--json"]);
        if ran.code == Some(2) {
            return 0;
        }
        let told: Value = serde_json::from_str(&ran.exits(0).stdout).unwrap();
        told["rows"].as_u64().unwrap()
    }

    /// How many packets are in a state, as `status` has it; none before the load.
    pub(crate) fn count(&self, state: &str) -> u64 {
        if self.loaded_rows() == 0 {
            return 0;
        }
        self.status()["states"][state]["count"].as_u64().unwrap()
    }

    /// The rows of the report, by column.
    pub(crate) fn report(&self) -> Vec<BTreeMap<String, String>> {
        let ran = self.verb("report", &[]).exits(0);
        let mut csv = csv::Reader::from_reader(ran.stdout.as_bytes());
        csv.deserialize().map(Result::unwrap).collect()
    }

    /// The report's row of one recipient.
    #[track_caller]
    pub(crate) fn packet(&self, openid: &str) -> BTreeMap<String, String> {
        let is_theirs = |row: &BTreeMap<String, String>| row["openid"] == openid;
        self.report().into_iter().find(is_theirs).unwrap()
    }
}
