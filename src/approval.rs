//! Signatures of approvals: the only place that knows of keys. An approval is signed with Ed25519;
//! what is signed is [`Statement`], and who may sign stands in the campaign file.

use std::fmt;
use std::io;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::domain::approval::{Approver, SIGNATURE, Statement};
use crate::domain::hex::{hex, unhex};

/// The begin of a secret's file.
const LABEL: &str = "hongbao-approval-key ";

/// The secret half of an approver's key. It is wiped when it is dropped.
pub struct Secret(SigningKey);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn make() -> io::Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(|fault| io::Error::other(fault.to_string()))?;
        Ok(Secret(SigningKey::from_bytes(&seed)))
    }

    /// The text of its file.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(hex(self.0.as_bytes()));
        Zeroizing::new(format!("{LABEL}{}\n", seed.as_str()))
    }

    /// The secret of a file; `None` where the text is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let seed = Zeroizing::new(unhex(text.trim().strip_prefix(LABEL.trim_end())?.trim())?);
        Some(Secret(SigningKey::from_bytes(&seed)))
    }

    /// Its public half.
    #[must_use]
    pub fn approver(&self) -> Approver {
        Approver(self.0.verifying_key().to_bytes())
    }

    /// Signs.
    #[must_use]
    pub fn sign(&self, statement: &Statement<'_>) -> [u8; SIGNATURE] {
        self.0.sign(&statement.bytes()).to_bytes()
    }
}

/// No secret is ever shown.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.approver())
    }
}

/// Whether the approver signed the statement.
#[must_use]
pub fn is_signed(
    approver: &Approver,
    statement: &Statement<'_>,
    signature: &[u8; SIGNATURE],
) -> bool {
    // Strict: no second signature of the same statement, and no key that signs everything.
    VerifyingKey::from_bytes(&approver.0).is_ok_and(|key| {
        let signature = Signature::from_bytes(signature);
        key.verify_strict(&statement.bytes(), &signature).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement<'static> {
        Statement {
            mode: "live",
            campaign: "lantern",
            digest: [1; 32],
            approved_at: 5,
            expires_at: 9,
        }
    }

    #[test]
    fn a_signature_is_of_every_part_and_of_one_key() {
        let secret = Secret::make().unwrap();
        let signature = secret.sign(&statement());
        let holds =
            |statement: &Statement<'_>| is_signed(&secret.approver(), statement, &signature);
        assert!(holds(&statement()));
        for change in [
            |it: &mut Statement<'_>| it.mode = "simulator",
            |it: &mut Statement<'_>| it.campaign = "other",
            |it: &mut Statement<'_>| it.digest[31] ^= 1,
            |it: &mut Statement<'_>| it.approved_at += 1,
            |it: &mut Statement<'_>| it.expires_at += 1,
        ] {
            let mut changed = statement();
            change(&mut changed);
            assert!(!holds(&changed), "{changed:?}");
        }
        let other = Secret::make().unwrap();
        assert!(!is_signed(&other.approver(), &statement(), &signature));
        let mut damaged = signature;
        damaged[40] ^= 1;
        assert!(!is_signed(&secret.approver(), &statement(), &damaged));
    }

    #[test]
    fn a_secret_is_read_back_and_not_shown() {
        let secret = Secret::make().unwrap();
        let text = secret.text();
        let read = Secret::parse(&text).unwrap();
        assert_eq!(read.approver(), secret.approver());
        let seed = text.trim().strip_prefix(LABEL).unwrap();
        assert!(!format!("{secret:?}").contains(seed));
        for wrong in ["", "x", seed, &text[..text.len() - 3]] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
    }

    /// The neutral point as key and as first half of the signature, with nothing as the second:
    /// what a lenient verification takes for a signature of anything.
    #[test]
    fn a_key_that_signs_everything_signs_nothing() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; SIGNATURE];
        signature[0] = 1;
        let lenient = VerifyingKey::from_bytes(&neutral).unwrap();
        let forged = Signature::from_bytes(&signature);
        let taken = ed25519_dalek::Verifier::verify(&lenient, &statement().bytes(), &forged);
        assert!(taken.is_ok());
        assert!(!is_signed(&Approver(neutral), &statement(), &signature));
    }

    /// Test 1 of RFC 8032, section 7.1: the same keys as everybody's.
    #[test]
    fn the_key_of_the_standard_gives_the_standards_public_half() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let secret = Secret::parse(&format!("{LABEL}{seed}\n")).unwrap();
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(secret.approver().to_string(), public);
    }
}
