//! A campaign back into the text of a campaign file.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use toml::{Table, Value};

use super::campaign::{Backups, Campaign, GatewaySettings, Mode};

impl Campaign {
    /// The campaign file that [`Campaign::parse`] reads as this campaign, paths as they are. A
    /// path that is not UTF-8 cannot be written in TOML: it comes out as no file that exists.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut file = Table::new();
        file.insert("campaign".to_owned(), self.campaign().into());
        file.insert("merchant".to_owned(), self.merchant().into());
        file.insert("gateway".to_owned(), gateway(&self.gateway).into());
        file.insert("caps".to_owned(), self.caps().into());
        file.insert("approval".to_owned(), self.approval().into());
        file.insert("schedule".to_owned(), self.windows.to_table().into());
        file.insert("pace".to_owned(), self.pace().into());
        file.insert("retry".to_owned(), self.retry().into());
        let labels = self
            .fund_flow_labels
            .iter()
            .map(|it| Value::from(it.as_str()));
        let labels = labels.collect::<Vec<_>>().into();
        file.insert("fund_flow".to_owned(), table([("labels", labels)]).into());
        let formats = self.left.iter().map(|format| Value::from(format.name()));
        let formats = formats.collect::<Vec<_>>().into();
        file.insert("report".to_owned(), table([("formats", formats)]).into());
        let seconds = seconds(self.progress);
        let log = table([("progress_seconds", seconds)]);
        file.insert("log".to_owned(), log.into());
        file.insert("notify".to_owned(), self.notify.to_table().into());
        let ledger = path(&self.live_ledger);
        let mut ledger = table([("path", ledger)]);
        if let Some(Backups { dir, keep }) = &self.backups {
            ledger.insert("backup_dir".to_owned(), path(dir));
            ledger.insert("backup_keep".to_owned(), i64::from(keep.get()).into());
        }
        file.insert("ledger".to_owned(), ledger.into());
        file.to_string()
    }

    fn campaign(&self) -> Table {
        let texts = &self.texts;
        let mut campaign = table([
            ("id", self.id.as_str().into()),
            ("recipients", path(&self.recipients)),
            ("act_name", texts.act_name.as_str().into()),
            ("send_name", texts.send_name.as_str().into()),
            ("wishing", texts.wishing.as_str().into()),
            ("remark", texts.remark.as_str().into()),
        ]);
        let scene = texts.scene_id.as_deref().map(Value::from);
        let budget = self.budget.map(|budget| Value::from(budget.to_string()));
        campaign.extend(known([("scene_id", scene), ("budget_yuan", budget)]));
        campaign
    }

    fn merchant(&self) -> Table {
        let merchant = &self.merchant;
        let mut table = table([
            ("mch_id", merchant.mch_id.as_str().into()),
            ("wxappid", merchant.wxappid.as_str().into()),
        ]);
        table.extend(known([
            ("api_key_file", merchant.api_key_file.as_deref().map(path)),
            ("cert_file", merchant.cert_file.as_deref().map(path)),
            ("key_file", merchant.key_file.as_deref().map(path)),
        ]));
        table
    }

    fn caps(&self) -> Table {
        let caps = &self.caps;
        table([
            ("max_packet_yuan", caps.max_packet.to_string().into()),
            ("openid_per_day", i64::from(caps.openid_packets).into()),
            ("openid_yuan_per_day", caps.openid_fen.to_string().into()),
            (
                "merchant_yuan_per_day",
                caps.merchant_fen.to_string().into(),
            ),
            ("once_per_days", i64::from(caps.once_per_days).into()),
        ])
    }

    fn approval(&self) -> Table {
        let approval = &self.approval;
        let approvers = approval.approvers.iter().map(ToString::to_string);
        table([
            ("required", approval.is_required.into()),
            (
                "approvers",
                approvers.map(Value::from).collect::<Vec<_>>().into(),
            ),
            (
                "valid_hours",
                whole(approval.valid.as_secs() / 3_600).into(),
            ),
        ])
    }

    fn pace(&self) -> Table {
        let limit = |limit: Option<NonZeroU32>| limit.map_or(0, NonZeroU32::get).into();
        table([
            ("per_second", limit(self.pace.per_second)),
            ("per_minute", limit(self.pace.per_minute)),
            ("in_flight", self.pace.in_flight.get().into()),
        ])
    }

    fn retry(&self) -> Table {
        let retry = &self.retry;
        let hours = Value::from(whole(retry.resend_window.as_secs() / 3_600));
        table([
            ("first_backoff_ms", ms(retry.first_backoff)),
            ("max_backoff_seconds", seconds(retry.max_backoff)),
            (
                "processing_query_after_seconds",
                seconds(retry.processing_query_after),
            ),
            ("resend_window_hours", hours),
            ("refusal_confirm_seconds", seconds(retry.refusal_confirm)),
            ("linger_seconds", seconds(retry.linger)),
        ])
    }
}

fn gateway(gateway: &GatewaySettings) -> Table {
    let mode = match gateway.mode {
        Mode::Simulator => "simulator",
        Mode::Live => "live",
    };
    let mut written = table([
        ("mode", mode.into()),
        ("base_url", gateway.base_url.as_str().into()),
        ("connect_timeout_ms", ms(gateway.connect_timeout)),
        ("request_timeout_ms", ms(gateway.request_timeout)),
    ]);
    let proxy = gateway.proxy.as_ref();
    let auth_file = proxy.and_then(|it| it.auth_file.as_deref());
    written.extend(known([
        ("ca_file", gateway.ca_file.as_deref().map(path)),
        ("proxy", proxy.map(|it| it.url.as_str().into())),
        ("proxy_auth_file", auth_file.map(path)),
    ]));
    written
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    let entries = entries.into_iter();
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// The entries that have a value: an absent key and an empty one are not the same.
fn known<const N: usize>(entries: [(&str, Option<Value>); N]) -> Table {
    let entries = entries.into_iter();
    entries
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

fn path(path: &Path) -> Value {
    path.to_string_lossy().into_owned().into()
}

fn seconds(duration: Duration) -> Value {
    whole(duration.as_secs()).into()
}

fn ms(duration: Duration) -> Value {
    whole(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)).into()
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../campaign.example.toml");

    fn read(text: &str) -> Campaign {
        Campaign::parse(text, Path::new("/of/nobody/campaign.toml")).unwrap()
    }

    #[test]
    fn what_is_written_is_read_as_the_same_campaign() {
        let scene = EXAMPLE.replace("# scene_id", "scene_id");
        let live = scene.replace("mode = \"simulator\"", "mode = \"live\"");
        let live = live.replace("ca_file = \"\"", "ca_file = \"ca.pem\"");
        let quoted = live.replace("天虹百货", "\\\"天虹\\\" \\\\ 'x'");
        let unbound = EXAMPLE.replace("budget_yuan = ", "# budget_yuan = ");
        let unpaced = unbound.replace("per_second = 25", "per_second = 0");
        let labelled = EXAMPLE.replace("labels = []", "labels = [\"现金红包\", \"x\"]");
        let told = EXAMPLE.replace("mention = []", "mention = [\"all\", \"13800000000\"]");
        let told = told
            .replace("\n# proxy = ", "\nproxy = ")
            .replace("\n# proxy_auth", "\nproxy_auth")
            .replace("# ping_url", "ping_url")
            .replace("# ca_file", "ca_file");
        let told = told.replace("# dingtalk_", "dingtalk_");
        for text in [&told, &labelled, EXAMPLE, &scene, &live, &quoted, &unpaced] {
            let campaign = read(text);
            assert_eq!(read(&campaign.to_toml()), campaign);
        }
    }

    #[test]
    fn what_is_written_of_a_campaign_with_an_included_file_is_the_whole_of_both() {
        let dir = tempfile::tempdir().unwrap();
        let shared = "[pace]\nper_second = 3\n[gateway]\nca_file = \"ca.pem\"\n";
        std::fs::write(dir.path().join("merchant.toml"), shared).unwrap();
        let text = EXAMPLE
            .replace(
                "# include = \"../merchant.toml\"",
                "include = \"merchant.toml\"",
            )
            .replace("per_second = 25\n", "")
            .replace("ca_file = \"\"\n", "");
        let campaign = Campaign::parse(&text, &dir.path().join("campaign.toml")).unwrap();
        assert_eq!(campaign.pace.per_second.map(NonZeroU32::get), Some(3));
        let alone = Campaign {
            included: None,
            ..campaign.clone()
        };
        assert_eq!(read(&campaign.to_toml()), alone);
    }
}
