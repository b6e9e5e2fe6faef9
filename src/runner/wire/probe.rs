//! One query about a number that cannot exist, without a ledger: whether a gateway answers.

use crate::domain::ids::MchBillno;
use crate::domain::outcome::Sighting;
use crate::runner::wire::dice::Dice;
use crate::runner::wire::worker::Account;
use crate::wechat::client::Client;
use crate::wechat::hbinfo::{self, QueriedNumber};
use crate::wechat::reply::Exchange;

/// The answer to such a query.
#[derive(Debug, Clone)]
pub struct Probed {
    /// Its meaning; whether it left at all.
    pub sighting: Sighting,
    /// The HTTP status, where there was a reply.
    pub status: Option<u16>,
    /// The reply's `Date`, in seconds of the Unix epoch.
    pub date: Option<i64>,
    /// The code, empty where there was none.
    pub err_code: String,
    /// WeChat Pay's words beside it.
    pub err_code_des: String,
}

/// Asks once, over a connection of its own. Nothing is recorded: the number is nobody's.
pub async fn probe(client: &Client, account: &Account) -> Probed {
    let asked = QueriedNumber {
        mch_id: account.mch_id.clone(),
        wxappid: account.wxappid.clone(),
        mch_billno: MchBillno::of_nothing(&account.mch_id),
        owed: None,
    };
    let nonce = format!("{:032x}", Dice::machine().throw_wide());
    let mut connection = client.connection();
    let exchange = match connection.ready().await {
        Ok(ready) => {
            let body = asked.request(&nonce, &account.key);
            ready.post(hbinfo::PATH, body).await
        }
        Err(cause) => Exchange::NotSent(cause),
    };
    let answer = hbinfo::seen(&exchange, &asked, &account.key);
    let (status, date) = match &exchange {
        Exchange::Reply(reply) => (Some(reply.status), reply.date),
        Exchange::NotSent(_) | Exchange::InDoubt(_) => (None, None),
    };
    Probed {
        sighting: answer.verdict,
        status,
        date,
        err_code: answer.err_code,
        err_code_des: answer.err_code_des,
    }
}
