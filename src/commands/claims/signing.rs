//! The signer of claim parameters: this program, or the backend.

use std::cell::Cell;

use secrecy::SecretString;
use serde_json::Value;

use crate::commands::console::unforeseen;
use crate::commands::setup::context::Context;
use crate::config::{Mode, SecretSources, Secrets};
use crate::error::Error;
use crate::ledger::ClaimRow;
use crate::report::{SIGNED, UNSIGNED, claim_object};
use crate::simulator::Settings;
use crate::wechat::jsapi::{OpenParameters, Signer, encoded};

/// The key that signs, if one does.
pub(super) enum Signing {
    Signed(Signer, Nonces),
    Unsigned,
}

impl Signing {
    /// In simulator mode the simulator's key signs, and no file of the merchant's is read.
    pub(super) fn of(context: &Context, is_unsigned: bool) -> Result<Signing, Error> {
        if is_unsigned {
            return Ok(Signing::Unsigned);
        }
        Ok(Signing::Signed(signer(context)?, Nonces::new()?))
    }

    /// The names of what [`Signing::parameters`] gives.
    pub(super) fn names(&self) -> &'static [&'static str] {
        match self {
            Signing::Signed(..) => &SIGNED,
            Signing::Unsigned => &UNSIGNED,
        }
    }

    /// Makes the claim parameters. Signed ones get a fresh time stamp and nonce.
    pub(super) fn parameters(&self, claim: &ClaimRow, now: i64) -> Parameters {
        match self {
            Signing::Signed(signer, nonces) => {
                let at_s = now.div_euclid(1000);
                Parameters::Signed(signer.open(&claim.package, at_s, &nonces.next()))
            }
            Signing::Unsigned => Parameters::Unsigned(encoded(&claim.package)),
        }
    }

    pub(super) fn object(&self, claim: &ClaimRow, (now, end): (i64, i64)) -> Value {
        claim_object(&self.parameters(claim, now).fields(), claim, end)
    }
}

/// Nonces of which none comes twice: chance for the process, and a number for each. Chance for each
/// of a million would cost a tenth of the export.
pub(super) struct Nonces {
    process: String,
    used: Cell<u64>,
}

impl Nonces {
    fn new() -> Result<Nonces, Error> {
        Ok(Nonces {
            process: unforeseen().map_err(Error::Io)?,
            used: Cell::new(0),
        })
    }

    fn next(&self) -> String {
        let used = self.used.get() + 1;
        self.used.set(used);
        format!("{}{used:016x}", self.process)
    }
}

/// The claim parameters of one packet.
pub(super) enum Parameters {
    Signed(OpenParameters),
    Unsigned(String),
}

impl Parameters {
    pub(super) fn fields(&self) -> Vec<(&'static str, &str)> {
        match self {
            Parameters::Signed(open) => {
                let values = [
                    open.time_stamp.as_str(),
                    &open.nonce_str,
                    &open.package,
                    open.sign_type,
                    &open.pay_sign,
                ];
                SIGNED.into_iter().zip(values).collect()
            }
            Parameters::Unsigned(package) => UNSIGNED.into_iter().zip([package.as_str()]).collect(),
        }
    }
}

/// The campaign's key, for its mini-program. The simulator's in simulator mode.
pub(super) fn signer(context: &Context) -> Result<Signer, Error> {
    let campaign = &context.campaign;
    let key: SecretString = match campaign.gateway.mode {
        Mode::Live => {
            let sources = SecretSources::from_env();
            campaign.check_credentials(&sources)?;
            Secrets::api_key(&campaign.merchant, &sources)?
        }
        Mode::Simulator => Settings::default().api_key.into(),
    };
    Ok(Signer {
        wxappid: campaign.merchant.wxappid.clone(),
        key,
    })
}
