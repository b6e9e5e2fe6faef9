//! A campaign of the real program against that gateway, and the comparison of both books.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use tempfile::TempDir;

use super::gateway::Gateway;
use crate::support::{Ran, hongbao, rows, total_yuan};
use crate::wire::pki::Pki;

/// An answer is due seven seconds after the commit; little is waited for.
pub(crate) const QUICK: &str = "[gateway]\nmode = \"live\"\nca_file = \"secrets/ca.pem\"\n\
    connect_timeout_ms = 1000\nrequest_timeout_ms = 1000\nbase_url = ADDRESS\n\
    [pace]\nper_second = 0\nin_flight = 4\n\
    [retry]\nfirst_backoff_ms = 100\nmax_backoff_seconds = 1\nprocessing_query_after_seconds = 1\n\
    refusal_confirm_seconds = 5\nlinger_seconds = 12\n";
/// As a merchant has it who sets nothing.
pub(crate) const DEFAULTS: &str = "[gateway]\nmode = \"live\"\nca_file = \"secrets/ca.pem\"\n\
    base_url = ADDRESS\n";

const API_KEY: &str = "192006250b4c09247ec02edce69f6a2d";

pub(crate) struct Campaign {
    dir: TempDir,
    total: String,
}

impl Campaign {
    pub(crate) fn of(packets: usize, gateway: &Gateway, settings: &str) -> Campaign {
        let dir = tempfile::tempdir().unwrap();
        Pki::shared().write(&dir.path().join("secrets"), API_KEY);
        let owed = rows(packets);
        let mut text = String::from("openid,amount_fen\n");
        for (openid, fen) in &owed {
            writeln!(text, "{openid},{fen}").unwrap();
        }
        std::fs::write(dir.path().join("recipients.csv"), text).unwrap();
        let address = format!("\"https://{}\"", gateway.address);
        let text = format!(
            "[campaign]\nid = \"strays\"\nrecipients = \"recipients.csv\"\nact_name = \"猜灯谜\"\n\
             send_name = \"天虹百货\"\nwishing = \"元宵节快乐\"\nremark = \"快来抢\"\n\
             [merchant]\nmch_id = \"10000098\"\nwxappid = \"wx8888888888888888\"\n\
             api_key_file = \"secrets/api_key\"\ncert_file = \"secrets/apiclient_cert.pem\"\n\
             key_file = \"secrets/apiclient_key.pem\"\n{}",
            settings.replace("ADDRESS", &address)
        );
        let campaign = Campaign {
            dir,
            total: total_yuan(owed.iter().map(|(_, fen)| fen).sum()),
        };
        std::fs::write(campaign.file(), text).unwrap();
        campaign
    }

    pub(crate) fn set_in_flight(&self, in_flight: usize) {
        let text = std::fs::read_to_string(self.file()).unwrap();
        let text = text.replace("in_flight = 4", &format!("in_flight = {in_flight}"));
        std::fs::write(self.file(), text).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("campaign.toml")
    }

    pub(crate) fn run(&self) -> Ran {
        self.verb("run", &["--live", "--confirm-total", &self.total])
    }

    /// Asks for new numbers for all that are refused; what the program said.
    pub(crate) fn reissue(&self) -> Option<Ran> {
        let rows = self.report().into_iter();
        let refused: Vec<_> = rows.filter(|row| row["state"] == "refused").collect();
        let total: u64 = refused
            .iter()
            .map(|row| row["amount_fen"].parse::<u64>().unwrap())
            .sum();
        let total = total_yuan(total);
        let mut args: Vec<&str> = refused
            .iter()
            .map(|row| row["mch_billno"].as_str())
            .collect();
        if args.is_empty() {
            return None;
        }
        args.extend(["--because", "a test", "--confirm-total", &total]);
        Some(self.verb("reissue", &args))
    }

    fn report(&self) -> Vec<BTreeMap<String, String>> {
        let told = self.verb("report", &[]).stdout;
        let mut csv = csv::Reader::from_reader(told.as_bytes());
        csv.deserialize().map(Result::unwrap).collect()
    }

    pub(crate) fn verb(&self, verb: &str, rest: &[&str]) -> Ran {
        let file = self.file();
        let mut args = vec![verb, file.to_str().unwrap()];
        args.extend(rest);
        hongbao(&args, &[]).wait()
    }

    /// Packets by state.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        let told = self.verb("status", &["--json"]).stdout;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        let states = told["states"].as_object().unwrap();
        let count = |(state, told): (&String, &serde_json::Value)| {
            (state.clone(), told["count"].as_u64().unwrap())
        };
        states.iter().map(count).collect()
    }

    /// Nobody is paid twice, and what the ledger calls paid, unpaid or never sent is so.
    pub(crate) fn agrees(&self, gateway: &Gateway, case: &str) {
        let orders = gateway.orders();
        let mut paid: BTreeMap<&str, u32> = BTreeMap::new();
        for order in orders.values() {
            *paid.entry(&order.openid).or_default() += 1;
        }
        let twice: Vec<_> = paid.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "paid twice: {twice:?} {case}");
        for row in self.report() {
            let is_paid = orders.contains_key(&row["mch_billno"]);
            let is_so = match row["state"].as_str() {
                "sent" => is_paid,
                "refused" | "ready" => !is_paid,
                _ => true,
            };
            assert!(is_so, "paid: {is_paid}, {row:?} {case}");
        }
    }
}
