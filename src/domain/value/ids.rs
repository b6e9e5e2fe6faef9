//! The names of things: merchant, campaign, row, recipient, and the bill number made of them.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::words::{Words, english, id as words};

/// Why a text is not the id it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// `mch_id` that is no number of a merchant.
    Merchant,
    /// `campaign.id` that is empty, too long or padded.
    CampaignLength,
    /// `campaign.id` that is no name of a file.
    CampaignName,
    /// No row key.
    RowKeyBlank,
    /// A row key that is too long.
    RowKeyLength,
    /// A row key with a control character.
    RowKeyControl,
    /// No openid.
    OpenidBlank,
    /// An openid with a character that none has.
    OpenidCharacters,
    /// An openid that is too short or too long.
    OpenidLength,
    /// A bill number that is none.
    BillNumber,
}

english!(IdFault);

impl IdFault {
    /// In words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            IdFault::Merchant => words::merchant(),
            IdFault::CampaignLength => words::campaign_length(),
            IdFault::CampaignName => words::campaign_name(),
            IdFault::RowKeyBlank => words::row_key_blank(),
            IdFault::RowKeyLength => words::row_key_length(),
            IdFault::RowKeyControl => words::row_key_control(),
            IdFault::OpenidBlank => words::openid_blank(),
            IdFault::OpenidCharacters => words::openid_characters(),
            IdFault::OpenidLength => words::openid_length(),
            IdFault::BillNumber => words::bill_number(),
        }
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// A merchant number, 8 to 10 digits.
    MchId
}
text_id! {
    /// The name of a campaign in the ledger; part of every bill number and of report file names.
    CampaignId
}
text_id! {
    /// The name of a packet inside its campaign: its own column, else the openid.
    RowKey
}
text_id! {
    /// A recipient, as the mini-program's appid knows them. Shown in full only in reports.
    Openid
}
text_id! {
    /// `mch_billno`: the number under which WeChat Pay pays at most once. 28 of `0-9a-z`.
    MchBillno
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

impl MchId {
    /// # Errors
    /// Where the text is not 8 to 10 ASCII digits.
    pub fn new(text: &str) -> Result<Self, IdFault> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && (8..=10).contains(&text.len()) {
            Ok(MchId(text.to_owned()))
        } else {
            Err(IdFault::Merchant)
        }
    }
}

impl CampaignId {
    /// # Errors
    /// Where the text is empty, above 64 bytes, or cannot be part of a file name.
    pub fn new(text: &str) -> Result<Self, IdFault> {
        if text.is_empty() || text.len() > 64 || text != text.trim() {
            return Err(IdFault::CampaignLength);
        }
        if has_control(text) || text.starts_with('.') || text.contains(['/', '\\']) {
            return Err(IdFault::CampaignName);
        }
        Ok(CampaignId(text.to_owned()))
    }
}

impl RowKey {
    /// # Errors
    /// Where the text is empty, above 128 bytes, or has control characters.
    pub fn new(text: &str) -> Result<Self, IdFault> {
        if text.is_empty() {
            return Err(IdFault::RowKeyBlank);
        }
        if text.len() > 128 {
            return Err(IdFault::RowKeyLength);
        }
        if has_control(text) {
            return Err(IdFault::RowKeyControl);
        }
        Ok(RowKey(text.to_owned()))
    }
}

impl From<&Openid> for RowKey {
    fn from(openid: &Openid) -> Self {
        RowKey(openid.0.clone())
    }
}

impl Openid {
    /// How long every openid is that WeChat gives out today.
    pub const USUAL_LENGTH: usize = 28;

    /// Openids seen in the field have 28 characters of `0-9A-Za-z_-`; WeChat Pay's field takes
    /// 32. The shape is checked, not the length of today.
    ///
    /// # Errors
    /// Where the text is shorter than 16, longer than 32 or has any other character.
    pub fn new(text: &str) -> Result<Self, IdFault> {
        if text.is_empty() {
            return Err(IdFault::OpenidBlank);
        }
        if !text.chars().all(Openid::may_hold) {
            return Err(IdFault::OpenidCharacters);
        }
        if !(16..=32).contains(&text.len()) {
            return Err(IdFault::OpenidLength);
        }
        Ok(Openid(text.to_owned()))
    }

    /// Whether such a character may stand in one.
    #[must_use]
    pub fn may_hold(c: char) -> bool {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
    }

    /// First six and last two characters: enough to find a row, too little to be the person.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}…{}", &self.0[..6], &self.0[self.0.len() - 2..])
    }
}

impl MchBillno {
    /// The one place where a bill number is born: SHA-256 of merchant, campaign, row key and
    /// generation, joined by 0x1F, in base 36, cut to fill 28 characters behind the merchant
    /// number. The same file gives the same numbers on any machine.
    #[must_use]
    pub fn derive(mch_id: &MchId, campaign: &CampaignId, row: &RowKey, generation: u32) -> Self {
        let generation = generation.to_string();
        let hash = base36_sha256(&[&mch_id.0, &campaign.0, &row.0, &generation]);
        MchBillno(format!("{mch_id}{}", &hash[..28 - mch_id.0.len()]))
    }

    /// A number that this tool never derives, well-formed, to ask WeChat Pay about nothing.
    #[must_use]
    pub fn of_nothing(mch_id: &MchId) -> Self {
        MchBillno(format!("{mch_id:0<28}"))
    }

    /// A number as stored or typed.
    ///
    /// # Errors
    /// Where it is not 1 to 28 ASCII letters and digits.
    pub fn new(text: &str) -> Result<Self, IdFault> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_plain && (1..=28).contains(&text.len()) {
            Ok(MchBillno(text.to_owned()))
        } else {
            Err(IdFault::BillNumber)
        }
    }

    /// `nonce_str` of every send of this bill: fixed, so that a resend says the same to the byte.
    #[must_use]
    pub fn nonce(&self) -> String {
        base36_sha256(&["nonce", &self.0])[..32].to_owned()
    }
}

/// SHA-256 of the parts joined by 0x1F, as a big-endian integer in 50 base-36 digits.
fn base36_sha256(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            hash.update([0x1F]);
        }
        hash.update(part.as_bytes());
    }
    base36(hash.finalize().into())
}

/// Long division by 36^6, six digits a round: the largest power whose remainder, shifted by 32
/// bits, still fits in 64.
fn base36(hash: [u8; 32]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    const ROUND: u64 = 36u64.pow(6);
    let mut limbs = [0u32; 8];
    for (limb, bytes) in limbs.iter_mut().zip(hash.as_chunks::<4>().0) {
        *limb = u32::from_be_bytes(*bytes);
    }
    let mut text = [b'0'; 54];
    for chunk in text.rchunks_exact_mut(6) {
        let mut rest = 0u64;
        let highest = limbs
            .iter()
            .position(|limb| *limb > 0)
            .unwrap_or(limbs.len());
        for limb in &mut limbs[highest..] {
            let value = (rest << 32) | u64::from(*limb);
            *limb = u32::try_from(value / ROUND).expect("the rest is below 36^6 < 2^32");
            rest = value % ROUND;
        }
        for digit in chunk.iter_mut().rev() {
            let index = usize::try_from(rest % 36).expect("below 36");
            *digit = DIGITS[index];
            rest /= 36;
        }
    }
    text[4..].iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derive(mch_id: &str, campaign: &str, row: &str, generation: u32) -> String {
        let mch_id = MchId::new(mch_id).unwrap();
        let campaign = CampaignId::new(campaign).unwrap();
        let row = RowKey::new(row).unwrap();
        MchBillno::derive(&mch_id, &campaign, &row, generation).to_string()
    }

    /// Recomputed with another implementation: see the numbers in the commit that pinned them.
    #[test]
    fn the_bill_number_is_pinned() {
        assert_eq!(
            derive("10000098", "lantern-2026", "oABC", 1),
            "100000985a14ykmoda8k1fdmz9rc"
        );
        assert_eq!(
            derive("1234567890", "春节", "行-7", 2),
            "12345678900wi6djoho1tg5qksdh"
        );
        let number = MchBillno("100000985a14ykmoda8k1fdmz9rc".to_owned());
        assert_eq!(number.nonce(), "31sbzi1bw6phedvn9hpoh46sg6cctmk5");
    }

    #[test]
    fn the_extremes_of_base_36_are_right() {
        assert_eq!(base36([0; 32]), "0".repeat(50));
        let max = "6dp5qcb22im238nr3wvp0ic7q99w035jmy2iw7i6n43d37jtof";
        assert_eq!(base36([0xff; 32]), max);
    }

    #[test]
    fn a_number_of_nothing_is_well_formed() {
        let mch_id = MchId::new("10000098").unwrap();
        assert_eq!(
            MchBillno::of_nothing(&mch_id).as_str(),
            "1000009800000000000000000000"
        );
    }

    #[test]
    fn ids_of_the_wrong_shape_are_refused() {
        assert!(MchId::new("1234567").is_err() && MchId::new("12345678x").is_err());
        for id in ["", " a", "a/b", ".hidden", "a\u{1f}b"] {
            assert!(CampaignId::new(id).is_err(), "{id:?}");
        }
        for openid in [
            "",
            "short",
            "oABC defgh ijklmnopq",
            "用户用户用户用户用户",
            &"o".repeat(33),
        ] {
            assert!(Openid::new(openid).is_err(), "{openid:?}");
        }
        assert!(RowKey::new("a\tb").is_err());
    }

    #[test]
    fn a_masked_openid_does_not_tell_the_person() {
        let openid = Openid::new("oABCdefghijklmnopqrstuvwxyz1").unwrap();
        assert_eq!(openid.masked(), "oABCde…z1");
    }
}
