//! The claims of the program's own report about a packet.

use serde::Deserialize;

use crate::domain::state::State;

/// A row of the report in JSON, as far as it claims something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Claim {
    pub(super) row_key: String,
    pub(super) openid: String,
    pub(super) amount_fen: u64,
    pub(super) state: String,
    pub(super) mch_billno: String,
    pub(super) send_listid: Option<String>,
    pub(super) attempts: u64,
    pub(super) err_code: Option<String>,
}

impl Claim {
    /// The state; `None` for a word that is none.
    pub(super) fn state(&self) -> Option<State> {
        State::named(&self.state)
    }
}
