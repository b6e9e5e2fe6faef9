//! A live campaign in a directory of its own, and the verbs of the real program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::recipients::Recipients;
use super::stopwatch::{Used, measure};

/// Where the program is.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hongbao"))
}

/// A campaign's directory.
pub(crate) struct Place {
    dir: TempDir,
    total_yuan: String,
}

/// What a campaign needs of the other side.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    /// Where the gateway listens; loading needs none that does.
    pub(crate) base_url: String,
    /// Where its credentials are.
    pub(crate) secrets: PathBuf,
}

impl Side {
    /// No gateway at all.
    pub(crate) fn nobody() -> Side {
        Side {
            base_url: "https://127.0.0.1:1".to_owned(),
            secrets: PathBuf::from("/nowhere"),
        }
    }
}

impl Place {
    /// Writes the campaign file; `more` are lines of TOML, the first of them
    /// under `[gateway]`.
    pub(crate) fn new(dir: &Path, recipients: &Recipients, side: &Side, more: &str) -> Place {
        let dir = tempfile::tempdir_in(dir).unwrap();
        let (list, url, secrets) = (
            recipients.path.display(),
            &side.base_url,
            side.secrets.display(),
        );
        let text = format!(
            "[campaign]\nid = \"bench\"\nrecipients = \"{list}\"\nact_name = \"猜灯谜抢红包活动\"\n\
             send_name = \"天虹百货\"\nwishing = \"感谢您参加猜灯谜活动，祝您元宵节快乐！\"\n\
             remark = \"猜越多得越多，快来抢！\"\n\
             [merchant]\nmch_id = \"10000098\"\nwxappid = \"wx8888888888888888\"\n\
             api_key_file = \"{secrets}/api_key\"\ncert_file = \"{secrets}/apiclient_cert.pem\"\n\
             key_file = \"{secrets}/apiclient_key.pem\"\n\
             [caps]\nmerchant_yuan_per_day = \"1000000000.00\"\n\
             [pace]\nper_second = 0\nper_minute = 0\nin_flight = 32\n\
             [gateway]\nmode = \"live\"\nbase_url = \"{url}\"\nca_file = \"{secrets}/ca.pem\"\n\
             {more}"
        );
        fs::write(dir.path().join("campaign.toml"), text).unwrap();
        Place {
            dir,
            total_yuan: recipients.total_yuan(),
        }
    }

    /// Gives a number of the campaign file another value.
    pub(crate) fn set(&self, name: &str, number: u32) {
        let text = fs::read_to_string(self.file()).unwrap();
        let lines = text.lines().map(|line| match line.split_once(" = ") {
            Some((key, _)) if key == name => format!("{name} = {number}\n"),
            _ => format!("{line}\n"),
        });
        fs::write(self.file(), lines.collect::<String>()).unwrap();
    }

    /// Adds a section to the campaign file.
    pub(crate) fn add(&self, section: &str) {
        let text = fs::read_to_string(self.file()).unwrap();
        fs::write(self.file(), text + section).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("campaign.toml")
    }

    /// The ledger.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.path("hongbao.db")
    }

    /// A path beside the campaign file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The words of a verb; `run` gets the ones that pay.
    fn words<'a>(&'a self, verb: &'a str, file: &'a str) -> Vec<&'a str> {
        let mut words = vec![verb, file];
        if verb == "run" {
            words.extend(["--live", "--confirm-total", &self.total_yuan]);
        }
        words
    }

    /// Runs a verb to its end, stdout into the file `stdout` beside the campaign.
    pub(crate) fn verb(&self, verb: &str) -> Used {
        self.verb_with(verb, &[])
    }

    /// As [`Place::verb`], with these words behind it.
    pub(crate) fn verb_with(&self, verb: &str, rest: &[&str]) -> Used {
        let file = self.file();
        let mut words = self.words(verb, file.to_str().unwrap());
        words.extend(rest);
        measure(program(), &words, None, Some(&self.path("stdout")))
    }

    /// The command of a verb, not started.
    pub(crate) fn command(&self, verb: &str) -> Command {
        let file = self.file();
        let mut command = Command::new(program());
        command.env("HONGBAO_LANG", "en");
        command.args(self.words(verb, file.to_str().unwrap()));
        command
    }

    /// The document of `status --json`.
    pub(crate) fn status(&self) -> Value {
        let ran = self.command("status").arg("--json").output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    /// How many packets are in a state.
    pub(crate) fn count(&self, state: &str) -> u64 {
        self.status()["states"][state]["count"].as_u64().unwrap()
    }

    /// Bytes of the ledger with everything beside it.
    pub(crate) fn ledger_bytes(&self) -> u64 {
        let files = ["hongbao.db", "hongbao.db-wal"].map(|name| self.path(name));
        let sizes = files.iter().filter_map(|path| fs::metadata(path).ok());
        sizes.map(|it| it.len()).sum()
    }
}
