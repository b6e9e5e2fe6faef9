//! A campaign of the real program against the server of one case.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::case::Case;
use super::document::{API_KEY, MCH_ID, WXAPPID};
use super::pki::Pki;
use super::server::Server;
use crate::support::{Ran, hongbao, in_memory, rows, total_yuan};

/// A directory with a campaign file and all that it names.
pub(crate) struct Campaign {
    dir: TempDir,
    total: String,
    /// The most memory that a process of it had, in KiB.
    pub(crate) peak_kib: u64,
}

impl Campaign {
    pub(crate) fn of(case: &Case, server: &Server) -> Campaign {
        let dir = in_memory();
        Pki::shared().write(&dir.path().join("secrets"), API_KEY);
        let owed = rows(case.packets.len());
        let mut text = String::from("openid,amount_fen\n");
        for (openid, fen) in &owed {
            writeln!(text, "{openid},{fen}").unwrap();
        }
        std::fs::write(dir.path().join("recipients.csv"), text).unwrap();
        let campaign = Campaign {
            dir,
            total: total_yuan(owed.iter().map(|(_, fen)| fen).sum()),
            peak_kib: 0,
        };
        campaign.write(case, server);
        campaign
    }

    /// A door is given up after two seconds; everything else is waited for.
    fn write(&self, case: &Case, server: &Server) {
        let request_timeout_ms = if case.is_slow() { 4_000 } else { 20_000 };
        let text = format!(
            "[campaign]\nid = \"wire\"\nrecipients = \"recipients.csv\"\nact_name = \"猜灯谜\"\n\
             send_name = \"天虹百货\"\nwishing = \"元宵节快乐\"\nremark = \"快来抢\"\n\
             [merchant]\nmch_id = \"{MCH_ID}\"\nwxappid = \"{WXAPPID}\"\n\
             api_key_file = \"secrets/api_key\"\ncert_file = \"secrets/apiclient_cert.pem\"\n\
             key_file = \"secrets/apiclient_key.pem\"\n\
             [gateway]\nmode = \"live\"\nbase_url = \"https://{}\"\nca_file = \"secrets/ca.pem\"\n\
             connect_timeout_ms = 5000\nrequest_timeout_ms = {request_timeout_ms}\n\
             [pace]\nper_second = 0\nin_flight = {}\n\
             [retry]\nfirst_backoff_ms = 20\nmax_backoff_seconds = 1\n\
             processing_query_after_seconds = 1\nlinger_seconds = {}\n",
            server.address,
            case.in_flight,
            if case.door.is_some() { 4 } else { 40 },
        );
        std::fs::write(self.file(), text).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("campaign.toml")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.dir.path().join("hongbao.db")
    }

    /// Loads the recipients.
    pub(crate) fn load(&mut self) -> Ran {
        self.verb("load", &[])
    }

    /// Runs to the end.
    pub(crate) fn run(&mut self) -> Ran {
        let total = self.total.clone();
        self.verb("run", &["--live", "--confirm-total", &total])
    }

    pub(crate) fn verb(&mut self, verb: &str, rest: &[&str]) -> Ran {
        let file = self.file();
        let mut args = vec![verb, file.to_str().unwrap()];
        args.extend(rest);
        let mut child = hongbao(&args, &[]);
        while !child.is_over() {
            let peak = child.peak_kib().unwrap_or(0);
            self.peak_kib = self.peak_kib.max(peak);
            std::thread::sleep(Duration::from_millis(10));
        }
        child.wait()
    }
}
