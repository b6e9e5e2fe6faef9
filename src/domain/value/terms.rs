//! Terms fixed when a campaign's first file is loaded, and how much may leave.

use super::caps::Caps;
use super::ids::{CampaignId, MchId};
use super::money::Fen;
use super::packet::Texts;

/// Terms fixed when a campaign's first file is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its name.
    pub id: CampaignId,
    /// The merchant that pays.
    pub mch_id: MchId,
    /// Under which mini-program the openids are known.
    pub wxappid: String,
    /// The texts that recipients see.
    pub texts: Texts,
    /// How much may be loaded in all; not fixed.
    pub budget: Option<Fen>,
    /// How much leaves a day; not fixed.
    pub caps: Caps,
}
