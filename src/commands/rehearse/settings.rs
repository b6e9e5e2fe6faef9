//! The user's campaign as it is played: the same people, amounts and texts, but a ledger and a
//! gateway of the rehearsal's own, and without the long waits.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use crate::config::{ApprovalRules, Backups, Campaign, GatewayProxy, GatewaySettings, LeftFormat};
use crate::config::{Merchant, Mode, NotifySettings, PaceLimits, Retry, Windows};
use crate::simulator::{FaultRates, Settings};

/// Longer than any answer of a gateway in the same process takes, even on a busy machine.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Some retries fit into a second.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(1);
const PROCESSING_QUERY_AFTER: Duration = Duration::from_secs(1);
const REFUSAL_CONFIRM: Duration = Duration::from_secs(2);
/// A gateway that never answers usably is given up after this.
const LINGER: Duration = Duration::from_secs(10);
/// How long the gateway says that it is still at work.
const WORK_SECONDS: u32 = 1;

/// A setting of the campaign file that is another one in the rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) key: String,
    pub(super) yours: String,
    pub(super) played: String,
}

/// The campaign to be played in `folder`. No wait is longer than the user's own.
pub(super) fn played(yours: &Campaign, folder: &Path, base_url: String) -> Campaign {
    let file = |name: &str| folder.join(name);
    let retry = &yours.retry;
    Campaign {
        recipients: file("recipients.csv"),
        // Nobody reads a workbook of a rehearsal.
        left: vec![LeftFormat::Csv],
        merchant: Merchant {
            api_key_file: Some(file("api_key")),
            cert_file: Some(file("apiclient_cert.pem")),
            key_file: Some(file("apiclient_key.pem")),
            ..yours.merchant.clone()
        },
        gateway: GatewaySettings {
            mode: Mode::Live,
            base_url,
            ca_file: Some(file("ca.pem")),
            proxy: None,
            connect_timeout: yours.gateway.connect_timeout.min(CONNECT_TIMEOUT),
            request_timeout: yours.gateway.request_timeout.min(REQUEST_TIMEOUT),
        },
        // No real money is paid, and nobody signs for a scratch ledger.
        approval: ApprovalRules {
            is_required: false,
            ..yours.approval.clone()
        },
        pace: PaceLimits {
            per_second: None,
            per_minute: None,
            in_flight: yours.pace.in_flight,
        },
        retry: Retry {
            first_backoff: retry.first_backoff.min(FIRST_BACKOFF),
            max_backoff: retry.max_backoff.min(MAX_BACKOFF),
            processing_query_after: retry.processing_query_after.min(PROCESSING_QUERY_AFTER),
            refusal_confirm: retry.refusal_confirm.min(REFUSAL_CONFIRM),
            linger: retry.linger.min(LINGER),
            ..*retry
        },
        // A rehearsal does not wait for the hour of the campaign.
        windows: Windows::always(),
        backups: None,
        // It is played in live mode, and is nobody's news.
        notify: NotifySettings {
            targets: Vec::new(),
            ..yours.notify.clone()
        },
        ledger: file("hongbao.db"),
        live_ledger: file("hongbao.db"),
        report: file("report.csv"),
        ..yours.clone()
    }
}

/// The other side: this merchant's, quick, and as faulty as asked for.
pub(super) fn gateway(yours: &Campaign, faults: FaultRates, seed: u64) -> Settings {
    let timeout = yours.gateway.request_timeout.min(REQUEST_TIMEOUT);
    let late = timeout + Duration::from_millis(500);
    Settings {
        mch_id: Some(yours.merchant.mch_id.to_string()),
        wxappid: Some(yours.merchant.wxappid.clone()),
        scenes_allowed: true,
        faults,
        seed,
        processing_seconds: WORK_SECONDS,
        landing_seconds: WORK_SECONDS,
        late_ms: u64::try_from(late.as_millis()).unwrap_or(u64::MAX),
        ..Settings::default()
    }
}

/// Every setting that is played otherwise than it stands in the campaign file, but for the mode,
/// the address and the paths: these are the rehearsal's own.
pub(super) fn changes(yours: &Campaign, played: &Campaign) -> Vec<Change> {
    let ms = |wait: Duration| wait.as_millis().to_string();
    let seconds = |wait: Duration| wait.as_secs().to_string();
    let pace = |pace: Option<NonZeroU32>| {
        pace.map_or_else(|| "no limit".to_owned(), |pace| pace.to_string())
    };
    let row = |key, show: &dyn Fn(&Campaign) -> String| Change {
        key: String::from(key),
        yours: show(yours),
        played: show(played),
    };
    let rows = [
        row("gateway.connect_timeout_ms", &|it| {
            ms(it.gateway.connect_timeout)
        }),
        row("gateway.request_timeout_ms", &|it| {
            ms(it.gateway.request_timeout)
        }),
        row("pace.per_second", &|it| pace(it.pace.per_second)),
        row("pace.per_minute", &|it| pace(it.pace.per_minute)),
        row("retry.first_backoff_ms", &|it| ms(it.retry.first_backoff)),
        row("retry.max_backoff_seconds", &|it| {
            seconds(it.retry.max_backoff)
        }),
        row("retry.processing_query_after_seconds", &|it| {
            seconds(it.retry.processing_query_after)
        }),
        row("retry.refusal_confirm_seconds", &|it| {
            seconds(it.retry.refusal_confirm)
        }),
        row("retry.linger_seconds", &|it| seconds(it.retry.linger)),
        row("approval.required", &|it| {
            it.approval.is_required.to_string()
        }),
        row("report.formats", &|it| {
            listed(it.left.iter().map(|it| it.name()))
        }),
        row("notify", &|it| {
            listed(it.notify.targets.iter().map(|it| it.kind.name()))
        }),
        row("gateway.proxy", &proxy),
        row("ledger.backup_dir", &backups),
    ];
    let differs = |change: &Change| change.yours != change.played;
    let closed = yours.windows.limits();
    let open = closed.into_iter().map(|(key, limit)| Change {
        key: format!("schedule.{key}"),
        yours: limit,
        played: NONE.to_owned(),
    });
    rows.into_iter().filter(differs).chain(open).collect()
}

/// A setting that is not there.
const NONE: &str = "none";

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return NONE.to_owned();
    }
    names.join(",")
}

fn proxy(it: &Campaign) -> String {
    let proxy = it.gateway.proxy.as_ref();
    proxy.map_or_else(|| NONE.to_owned(), |GatewayProxy { url, .. }| url.clone())
}

fn backups(it: &Campaign) -> String {
    let dir = it.backups.as_ref();
    dir.map_or_else(
        || NONE.to_owned(),
        |Backups { dir, .. }| dir.display().to_string(),
    )
}

/// The key by which no run sends anything any more at this time, if there is one.
pub(super) fn is_over_by(yours: &Campaign, now_ms: i64) -> Option<&'static str> {
    let windows = &yours.windows;
    let key = windows
        .not_after
        .map_or("[schedule]", |_| "schedule.not_after");
    windows.next(now_ms).is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../campaign.example.toml");

    fn example(edit: impl Fn(&str) -> String) -> Campaign {
        Campaign::parse(&edit(EXAMPLE), Path::new("/home/anna/lantern.toml")).unwrap()
    }

    #[test]
    fn nothing_of_the_users_is_named_by_what_is_played() {
        for mode in ["simulator", "live"] {
            let edit = |text: &str| text.replace("\"simulator\"", &format!("{mode:?}"));
            let yours = example(edit);
            let played = played(&yours, Path::new("/scratch"), "https://127.0.0.1:1".into());
            assert!(!played.to_toml().contains("/home/anna"));
            let read = Campaign::parse(&played.to_toml(), Path::new("/scratch/a.toml")).unwrap();
            assert_eq!(read.texts, yours.texts);
            assert_eq!((read.id, read.budget), (yours.id, yours.budget));
            assert_eq!(read.ledger, Path::new("/scratch/hongbao.db"));
            assert_eq!(read.merchant.mch_id, yours.merchant.mch_id);
        }
    }

    #[test]
    fn every_changed_setting_is_told_and_no_other() {
        let yours = example(|text| text.replace("linger_seconds = 120", "linger_seconds = 3"));
        let played = played(&yours, Path::new("/scratch"), String::new());
        let told = changes(&yours, &played);
        let of = |key| told.iter().find(|change| change.key == key);
        let pace = of("pace.per_second").unwrap();
        assert_eq!(
            (pace.yours.as_str(), pace.played.as_str()),
            ("25", "no limit")
        );
        assert_eq!(
            of("retry.linger_seconds"),
            None,
            "it is short enough as it is"
        );
        assert_eq!(changes(&played, &played), []);
    }

    #[test]
    fn an_approval_a_schedule_a_proxy_and_backups_are_not_played_and_told() {
        let yours = example(|text| {
            let text = text.replace("required = false", "required = true");
            let approver = format!("approvers = [\"{}\"]", "ab".repeat(32));
            text.replace("approvers = []", &approver)
                .replace("# not_after", "not_after")
                .replace("# hours", "hours")
                .replace("\n# proxy = ", "\nproxy = ")
                .replace("# backup_dir", "backup_dir")
        });
        assert!(yours.approval.is_required && yours.windows.hours.is_some());
        assert!(yours.backups.is_some() && yours.gateway.proxy.is_some());
        let played = played(&yours, Path::new("/scratch"), String::new());
        assert!(!played.approval.is_required, "nobody could approve it");
        let told = changes(&yours, &played);
        for key in [
            "approval.required",
            "schedule.not_after",
            "schedule.hours",
            "gateway.proxy",
            "ledger.backup_dir",
            "report.formats",
        ] {
            assert!(told.iter().any(|change| change.key == key), "{key}");
        }
        let end = yours.windows.not_after.unwrap();
        assert_eq!(is_over_by(&yours, end - 86_400_000), None);
        assert_eq!(is_over_by(&yours, end), Some("schedule.not_after"));
    }
}
