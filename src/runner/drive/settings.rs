//! How a campaign is run.

use std::time::Duration;

use crate::domain::ids::CampaignId;

/// How this campaign is run.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// The campaign.
    pub campaign: CampaignId,
    /// Requests on the wire at most.
    pub in_flight: usize,
    /// How long to wait for what is unresolved.
    pub linger: Duration,
    /// How long after its commit a request's answer is due at the latest.
    pub answer_ms: i64,
}
