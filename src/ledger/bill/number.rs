//! The numbers of a campaign's packets: the only caller of [`MchBillno::derive`].

use crate::domain::ids::{CampaignId, IdFault, MchBillno, MchId, RowKey};
use crate::domain::terms::Terms;

/// The common part of one campaign's numbers.
#[derive(Debug, Clone)]
pub(in crate::ledger) struct Numbers {
    mch_id: MchId,
    campaign: CampaignId,
}

impl Numbers {
    /// Of a campaign that is being loaded.
    pub(in crate::ledger) fn of(terms: &Terms) -> Self {
        Numbers {
            mch_id: terms.mch_id.clone(),
            campaign: terms.id.clone(),
        }
    }

    /// Of a campaign as its row names it.
    pub(in crate::ledger) fn of_row(mch_id: &str, campaign: &str) -> Result<Self, IdFault> {
        Ok(Numbers {
            mch_id: MchId::new(mch_id)?,
            campaign: CampaignId::new(campaign)?,
        })
    }

    /// The packet's number of this generation, from 1.
    pub(in crate::ledger) fn number(&self, row_key: &RowKey, generation: u32) -> MchBillno {
        MchBillno::derive(&self.mch_id, &self.campaign, row_key, generation)
    }
}

impl Terms {
    /// Whether a packet of the campaign with this row key has this number in this generation.
    #[must_use]
    pub fn is_number(&self, row_key: &str, generation: u32, number: &str) -> bool {
        let numbers = Numbers::of(self);
        let row_key = RowKey::new(row_key);
        row_key.is_ok_and(|key| numbers.number(&key, generation).as_str() == number)
    }
}
