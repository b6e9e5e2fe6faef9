//! Ledgers of campaigns that were sent long ago. All SQL about the ledger's own tables is here
//! and in `aged.sql`.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use super::place::{Place, Side};
use super::recipients::Recipients;
use super::shell::Shell;
use super::wanted::Wanted;

/// The cells of the CSV report, as SQL makes them.
pub(crate) const REPORT_CELLS: &str = "\
    SELECT row_key, openid, amount_fen,
      printf('%d.%02d', amount_fen / 100, amount_fen % 100) AS amount_yuan,
      state, mch_billno, generation, send_listid, sends AS attempts, err_code, err_code_des,
      strftime('%Y-%m-%dT%H:%M:%S+08:00', first_sent_at / 1000, 'unixepoch', '+8 hours')
        AS first_sent_at,
      strftime('%Y-%m-%dT%H:%M:%S+08:00', settled_at / 1000, 'unixepoch', '+8 hours')
        AS settled_at,
      strftime('%Y-%m-%dT%H:%M:%S+08:00', received_at / 1000, 'unixepoch', '+8 hours')
        AS received_at,
      strftime('%Y-%m-%dT%H:%M:%S+08:00', refunded_at / 1000, 'unixepoch', '+8 hours')
        AS refunded_at,
      refunded_fen, reason,
      strftime('%Y-%m-%dT%H:%M:%S+08:00', asked_at / 1000, 'unixepoch', '+8 hours')
        AS asked_at,
      paid_fen, to_openid AS paid_openid
    FROM bill LEFT JOIN receipt USING (bill) LEFT JOIN fate USING (bill)
      LEFT JOIN paid USING (bill) ORDER BY bill";

/// The columns behind them, as they are kept.
pub(crate) const REPORT_COLUMNS: &str = "\
    SELECT row_key, openid, amount_fen, state, mch_billno, send_listid, sends, err_code,
      err_code_des, first_sent_at, settled_at, received_at, refunded_at, refunded_fen, reason,
      asked_at, paid_fen, to_openid
    FROM bill LEFT JOIN receipt USING (bill) LEFT JOIN fate USING (bill)
      LEFT JOIN paid USING (bill) ORDER BY bill";

/// The fund-flow bill of all that was paid, as the merchant platform may export it.
pub(crate) const BILL: &str = "\
    SELECT strftime('%Y-%m-%d %H:%M:%S', first_sent_at / 1000, 'unixepoch', '+8 hours')
        AS 记账时间,
      printf('30%026d', bill) AS 资金流水单号, send_listid AS 微信支付业务单号,
      mch_billno AS 业务凭证号,
      printf('-%d.%02d', amount_fen / 100, amount_fen % 100) AS \"收支金额（元）\", '' AS 备注
    FROM bill LEFT JOIN receipt USING (bill) ORDER BY mch_billno";

/// The cheapest question about a campaign.
pub(crate) const ANY_CAMPAIGN: &str = "SELECT id FROM campaign LIMIT 1";

/// A loaded campaign.
pub(crate) struct Aged {
    /// Its directory.
    pub(crate) place: Place,
    /// Its file, which must stay.
    pub(crate) recipients: Recipients,
}

/// When they were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// Between two days ago and one day ago: none can be opened any more.
    TwoDays,
    /// In the last hours: each can be opened.
    Today,
}

impl Aged {
    /// Loads `rows` packets.
    pub(crate) fn load(wanted: &Wanted, rows: u32, side: &Side) -> Aged {
        let recipients = Recipients::write(&wanted.dir(), rows % 10_000, rows);
        let place = Place::new(&wanted.dir(), &recipients, side, "");
        place.verb("load").exits(0);
        Aged { place, recipients }
    }

    /// Makes all but the last `due` of them sent, long ago.
    pub(crate) fn send(&self, shell: &Shell, due: u32) {
        self.send_since(shell, due, Since::TwoDays);
    }

    /// Makes all but the last `due` of them sent.
    pub(crate) fn send_since(&self, shell: &Shell, due: u32, since: Since) {
        let (age, span) = match since {
            Since::TwoDays => (172_800_000, 86_400_000),
            Since::Today => (72_000_000, 64_800_000),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut script = String::new();
        for (name, value) in [
            ("due", u128::from(due)),
            ("now", now.as_millis()),
            ("age", age),
            ("span", span),
        ] {
            writeln!(script, ".parameter set :{name} {value}").unwrap();
        }
        script += include_str!("aged.sql");
        shell.ask(&self.place.ledger(), &script);
        let sent = u64::from(self.recipients.count - due);
        assert_eq!(self.place.count("sent"), sent);
        assert_eq!(self.place.count("ready"), u64::from(due));
    }
}
