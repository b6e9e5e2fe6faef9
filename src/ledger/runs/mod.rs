//! Runs on record: each process that spoke to WeChat Pay about a campaign.
//!
//! - `kept`: both rows of each, written and read again.

pub(super) mod kept;
