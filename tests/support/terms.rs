//! What campaigns are tried under that a test loads without a file of settings.
#![allow(dead_code, reason = "each test file uses a part of this")]

use hongbao::domain::caps::Caps;
use hongbao::domain::ids::{CampaignId, MchId};
use hongbao::domain::packet::Texts;
use hongbao::domain::policy::RetryRules;
use hongbao::domain::terms::Terms;

/// As the example of a campaign file has them.
pub(crate) const RULES: RetryRules = RetryRules {
    first_backoff_ms: 1000,
    max_backoff_ms: 120_000,
    processing_query_after_ms: 1_200_000,
    resend_window_ms: 86_400_000,
    refusal_confirm_ms: 600_000,
    answer_ms: 25_000,
};

/// A campaign without limits.
pub(crate) fn terms(id: &str) -> Terms {
    let text = |text: &str| text.to_owned();
    Terms {
        id: CampaignId::new(id).unwrap(),
        mch_id: MchId::new("10000098").unwrap(),
        wxappid: text("wx8888888888888888"),
        texts: Texts {
            act_name: text("猜灯谜"),
            send_name: text("天虹"),
            wishing: text("恭喜发财"),
            remark: text("r"),
            scene_id: None,
        },
        budget: None,
        caps: Caps::default(),
    }
}
