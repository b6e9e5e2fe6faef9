//! From the document to a [`Campaign`]: defaults, ranges, paths.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::ids::MchId;
use crate::domain::money::Fen;
use crate::domain::packet::Texts;
use crate::domain::text::Field;
use crate::words::{Words, config as words, setup};

use super::campaign::{Campaign, GatewayProxy, GatewaySettings, Merchant, Mode, PaceLimits, Retry};
use super::document::TomlDocument;
use super::error::ConfigFault;
use super::layer::{Names, never_included, read_included};
use super::notify::notify;
use super::places::{self, backups, ledger, simulated};
use super::schedule::windows;
use super::sections;
use super::url::{base_url, gateway_proxy as gateway_proxy_url, is_local};

/// The key that names the included file.
const INCLUDE: &str = "defaults.include";

const NAMES: &Names = &[
    ("defaults", &["include"]),
    (
        "campaign",
        &[
            "id",
            "recipients",
            "act_name",
            "send_name",
            "wishing",
            "remark",
            "scene_id",
            "budget_yuan",
        ],
    ),
    (
        "merchant",
        &["mch_id", "wxappid", "api_key_file", "cert_file", "key_file"],
    ),
    (
        "gateway",
        &[
            "mode",
            "base_url",
            "ca_file",
            "proxy",
            "proxy_auth_file",
            "connect_timeout_ms",
            "request_timeout_ms",
        ],
    ),
    ("caps", sections::CAPS),
    ("approval", sections::APPROVAL),
    ("schedule", super::schedule::KEYS),
    ("notify", super::notify::KEYS),
    ("report", sections::REPORT),
    ("log", sections::LOG),
    ("pace", &["per_second", "per_minute", "in_flight"]),
    (
        "retry",
        &[
            "first_backoff_ms",
            "max_backoff_seconds",
            "processing_query_after_seconds",
            "resend_window_hours",
            "refusal_confirm_seconds",
            "linger_seconds",
        ],
    ),
    ("fund_flow", sections::FUND_FLOW),
    ("ledger", &["path", "backup_dir", "backup_keep"]),
];

const HOUR_SECONDS: u32 = 3_600;
const DAY_SECONDS: u32 = 24 * HOUR_SECONDS;
/// An order may land after its refusal was told, so three questions within a second prove nothing.
const CONFIRM_SECONDS: u32 = 60;
/// Ten minutes: beyond it a worker hangs rather than waits.
const TIMEOUT_MAX_MS: u32 = 600_000;
/// Far above any merchant's limit; a rehearsal may go faster than WeChat Pay.
const PER_SECOND_MAX: u32 = 100_000;

/// Reads the whole text; relative paths are joined to `base`, and those of an included file to its
/// own folder.
pub(super) fn campaign(text: &str, base: &Path) -> Result<Campaign, Vec<ConfigFault>> {
    let shared: String;
    let mut document = TomlDocument::parse(text, base, NAMES)?;
    let included = document.text(INCLUDE, |text| places::path(base, text));
    // Without the file, all that it should say would be missing as well.
    if included.is_none() && document.wants_include() && document.has_faults() {
        return Err(document.into_faults());
    }
    if let Some(path) = &included {
        match read_included(path) {
            Ok(text) => shared = text,
            Err(why) => {
                document.refuse(INCLUDE, why);
                return Err(document.into_faults());
            }
        }
        document.include((&shared, path), NAMES, &never_included())?;
    }
    let campaign = read(&mut document, included);
    let faults = document.into_faults();
    campaign.filter(|_| faults.is_empty()).ok_or(faults)
}

/// Everything is read before anything is given up, so that all faults are noted. Where a value
/// with a default is at fault, the default stands in, and the noted fault refuses the campaign.
fn read(document: &mut TomlDocument<'_>, included: Option<PathBuf>) -> Option<Campaign> {
    let mode = document.text("gateway.mode", mode);
    let id = document.required("campaign.id", sections::campaign_id);
    let recipients = document.required_path("campaign.recipients");
    let texts = texts(document);
    let budget = document.text("campaign.budget_yuan", budget);
    let (caps, approval) = (sections::caps(document), sections::approval(document));
    let merchant = merchant(document, mode);
    let gateway = gateway(document, mode);
    let (pace, windows) = (pace(document), windows(document));
    let retry = retry(document, gateway.as_ref());
    let (labels, left) = (sections::labels(document), sections::left(document));
    let (notify, backups) = (notify(document), backups(document));
    let ledger = ledger(document, (&recipients, &merchant));
    let (id, gateway) = (id?, gateway?);
    let simulator_ledger = simulated(&ledger, ledger.extension());
    Some(Campaign {
        included,
        recipients: recipients?,
        texts: texts?,
        budget,
        caps,
        approval,
        merchant: merchant?,
        pace,
        windows,
        retry,
        fund_flow_labels: labels,
        notify,
        left,
        progress: sections::progress(document),
        report: ledger.with_file_name(format!("{id}-report.csv")),
        simulator_books: simulated(&ledger, Some("jsonl".as_ref())),
        ledger: match gateway.mode {
            Mode::Simulator => simulator_ledger.clone(),
            Mode::Live => ledger.clone(),
        },
        backups,
        simulator_ledger,
        live_ledger: ledger,
        gateway,
        id,
    })
}

fn mode(text: &str) -> Result<Mode, Words> {
    match text {
        "simulator" => Ok(Mode::Simulator),
        "live" => Ok(Mode::Live),
        _ => Err(words::mode()),
    }
}

fn budget(text: &str) -> Result<Fen, Words> {
    match Fen::from_yuan(text) {
        Ok(Fen::ZERO) => Err(words::no_budget()),
        Ok(budget) => Ok(budget),
        Err(fault) => Err(words::budget(fault.words())),
    }
}

fn texts(document: &mut TomlDocument<'_>) -> Option<Texts> {
    let mut required =
        |field: Field| document.required(&campaign_key(field), |text| field.check(text));
    let act_name = required(Field::ActName);
    let send_name = required(Field::SendName);
    let wishing = required(Field::Wishing);
    let remark = required(Field::Remark);
    let scene = Field::SceneId;
    Some(Texts {
        scene_id: document.text(&campaign_key(scene), |text| scene.check(text)),
        act_name: act_name?,
        send_name: send_name?,
        wishing: wishing?,
        remark: remark?,
    })
}

fn campaign_key(field: Field) -> String {
    format!("campaign.{}", field.name())
}

fn merchant(document: &mut TomlDocument<'_>, mode: Option<Mode>) -> Option<Merchant> {
    let mch_id = document.required("merchant.mch_id", MchId::new);
    let wxappid = document.required("merchant.wxappid", wxappid);
    let [api_key_file, cert_file, key_file] = [
        "merchant.api_key_file",
        "merchant.cert_file",
        "merchant.key_file",
    ]
    .map(|key| {
        if mode == Some(Mode::Live) {
            document.required_path(key)
        } else {
            document.optional_path(key)
        }
    });
    Some(Merchant {
        mch_id: mch_id?,
        wxappid: wxappid?,
        api_key_file,
        cert_file,
        key_file,
    })
}

fn wxappid(text: &str) -> Result<String, Words> {
    let is_plain = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.strip_prefix("wx") {
        Some(rest) if rest.len() == 16 && is_plain(rest) => Ok(text.to_owned()),
        _ => Err(words::appid()),
    }
}

fn gateway(document: &mut TomlDocument<'_>, mode: Option<Mode>) -> Option<GatewaySettings> {
    let mode = match mode {
        None if document.has("gateway.mode") => return None,
        mode => mode.unwrap_or(Mode::Simulator),
    };
    let connect_ms = document.number("gateway.connect_timeout_ms", 5_000, 1..=TIMEOUT_MAX_MS);
    let request_ms = document.number("gateway.request_timeout_ms", 15_000, 1..=TIMEOUT_MAX_MS);
    let ca_file = document.optional_path("gateway.ca_file");
    let base_url = document.text("gateway.base_url", base_url);
    Some(GatewaySettings {
        mode,
        base_url: base_url.unwrap_or_else(|| "https://api.mch.weixin.qq.com".to_owned()),
        ca_file,
        proxy: gateway_proxy(document),
        connect_timeout: Duration::from_millis(connect_ms.into()),
        request_timeout: Duration::from_millis(request_ms.into()),
    })
}

/// A user and a password without a proxy would look as if one were used.
fn gateway_proxy(document: &mut TomlDocument<'_>) -> Option<GatewayProxy> {
    let url = document.text("gateway.proxy", gateway_proxy_url);
    let auth_file = document.optional_path("gateway.proxy_auth_file");
    let is_none = matches!(url, Some(None)) || !document.has("gateway.proxy");
    if auth_file.is_some() && is_none {
        document.refuse("gateway.proxy_auth_file", setup::proxy_auth_alone());
    }
    let url = url.flatten()?;
    Some(GatewayProxy { url, auth_file })
}

fn pace(document: &mut TomlDocument<'_>) -> PaceLimits {
    let per_second = document.number("pace.per_second", 25, 0..=PER_SECOND_MAX);
    let per_minute = 60 * per_second;
    let per_minute = document.number("pace.per_minute", per_minute, 0..=60 * PER_SECOND_MAX);
    let in_flight = document.number("pace.in_flight", 16, 1..=256);
    PaceLimits {
        per_second: NonZeroU32::new(per_second),
        per_minute: NonZeroU32::new(per_minute),
        in_flight: NonZeroU32::new(in_flight).unwrap_or(NonZeroU32::MIN),
    }
}

/// WeChat Pay closes an unissued order after 24 hours, so no window is longer.
fn retry(document: &mut TomlDocument<'_>, gateway: Option<&GatewaySettings>) -> Retry {
    let first_ms = document.number("retry.first_backoff_ms", 1_000, 1..=HOUR_SECONDS * 1_000);
    let max = document.number("retry.max_backoff_seconds", 120, 1..=DAY_SECONDS);
    let processing = "retry.processing_query_after_seconds";
    let processing = document.number(processing, 1_200, 0..=DAY_SECONDS);
    let window_hours = document.number("retry.resend_window_hours", 24, 1..=24);
    let confirm = document.number("retry.refusal_confirm_seconds", 600, 1..=DAY_SECONDS);
    let linger = document.number("retry.linger_seconds", 120, 0..=7 * DAY_SECONDS);
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    let retry = Retry {
        first_backoff: Duration::from_millis(first_ms.into()),
        max_backoff: seconds(max),
        processing_query_after: seconds(processing),
        resend_window: seconds(window_hours * HOUR_SECONDS),
        refusal_confirm: seconds(confirm),
        linger: seconds(linger),
    };
    if retry.max_backoff < retry.first_backoff {
        document.refuse("retry.max_backoff_seconds", words::backoff());
    }
    let is_far = gateway.is_some_and(|it| it.mode == Mode::Live && !is_local(&it.base_url));
    if is_far && confirm < CONFIRM_SECONDS {
        let why = words::confirm(CONFIRM_SECONDS);
        document.refuse("retry.refusal_confirm_seconds", why);
    }
    retry
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::config::ConfigError;

    const EXAMPLE: &str = include_str!("../../campaign.example.toml");
    const LEAST: &str = r#"
[campaign]
id = "a"
recipients = "r.csv"
act_name = "活动"
send_name = "店"
wishing = "好"
remark = "快"
[merchant]
mch_id = "10000098"
wxappid = "wx8888888888888888"
"#;

    fn parse(text: &str) -> Result<Campaign, ConfigError> {
        Campaign::parse(text, Path::new("dir/c.toml"))
    }

    fn faults(text: &str) -> Vec<String> {
        let Err(ConfigError::Refused { faults, .. }) = parse(text) else {
            panic!("not refused: {text}");
        };
        let told = |fault: ConfigFault| match fault.line {
            Some(line) => format!("{line}: {}", fault.says.en),
            None => fault.says.en,
        };
        faults.into_iter().map(told).collect()
    }

    #[test]
    fn the_example_has_every_key_once_and_its_defaults() {
        let keys = NAMES.iter().flat_map(|(_, keys)| *keys);
        let text = keys.fold(EXAMPLE.to_owned(), |text, key| {
            text.replace(&format!("\n# {key} ="), &format!("\n{key} ="))
        });
        let document: toml::Table = text.parse().unwrap();
        for (section, keys) in NAMES {
            let table = document[*section].as_table().unwrap();
            let written: BTreeSet<_> = table.keys().map(String::as_str).collect();
            assert_eq!(written, keys.iter().copied().collect(), "[{section}]");
        }
        let example = parse(EXAMPLE).unwrap();
        let least = parse(LEAST).unwrap();
        assert_eq!(example.gateway, least.gateway);
        assert_eq!((example.pace, example.retry), (least.pace, least.retry));
        assert_eq!(example.caps, least.caps);
        assert_eq!(example.windows, least.windows);
        assert_eq!(example.approval, least.approval);
        assert_eq!(example.left, least.left);
        assert_eq!(example.progress, least.progress);
        assert_eq!(example.notify, least.notify);
        assert_eq!(example.ledger, least.ledger);
        assert_eq!((example.backups, &least.backups), (None, &None));
        assert_eq!(example.budget, Some(Fen::new(100_000)));
        assert_eq!((least.budget, &least.texts.scene_id), (None, &None));
        assert_eq!(
            parse(&text.replace("include =", "# include ="))
                .unwrap()
                .texts
                .scene_id
                .as_deref(),
            Some("PRODUCT_8")
        );
    }

    #[test]
    fn a_refusal_is_not_final_before_its_order_may_have_landed() {
        let with = |seconds: u32, mode: &str, url: &str| {
            let text = EXAMPLE
                .replace(
                    "confirm_seconds = 600",
                    &format!("confirm_seconds = {seconds}"),
                )
                .replace("mode = \"simulator\"", &format!("mode = \"{mode}\""))
                .replace("https://api.mch.weixin.qq.com", url);
            parse(&text).map(|campaign| campaign.retry.refusal_confirm.as_secs())
        };
        let (theirs, ours) = ("https://api.mch.weixin.qq.com", "https://127.0.0.1:8443");
        for (seconds, mode, url) in [
            (60, "live", theirs),
            (1, "live", ours),
            (1, "simulator", theirs),
        ] {
            assert_eq!(with(seconds, mode, url).unwrap(), u64::from(seconds));
        }
        for (seconds, mode, url) in [
            (59, "live", theirs),
            (0, "live", theirs),
            (0, "live", ours),
            (0, "simulator", theirs),
        ] {
            let fault = with(seconds, mode, url).unwrap_err().to_string();
            assert!(fault.contains("refusal_confirm_seconds"), "{fault}");
        }
    }

    #[test]
    fn paths_are_relative_to_the_campaign_file() {
        let campaign = parse(EXAMPLE).unwrap();
        let path = |text: &str| PathBuf::from(text);
        assert_eq!(campaign.recipients, path("dir/samples/recipients.csv"));
        assert_eq!(
            campaign.merchant.key_file,
            Some(path("dir/secrets/apiclient_key.pem"))
        );
        assert_eq!(campaign.gateway.ca_file, None);
        assert_eq!(campaign.ledger, path("dir/hongbao.simulator.db"));
        assert_eq!(
            campaign.simulator_books,
            path("dir/hongbao.simulator.jsonl")
        );
        assert_eq!(campaign.report, path("dir/lantern-2026-report.csv"));
        let live = parse(&EXAMPLE.replace("\"simulator\"", "\"live\"")).unwrap();
        assert_eq!(live.gateway.mode, Mode::Live);
        assert_eq!(live.ledger, path("dir/hongbao.db"));
        let bare = LEAST.to_owned() + "[ledger]\npath = \"/var/lib/books\"\n";
        let bare = parse(&bare).unwrap();
        assert_eq!(bare.ledger, path("/var/lib/books.simulator"));
        assert_eq!(bare.simulator_books, path("/var/lib/books.simulator.jsonl"));
        assert_eq!(bare.report, path("/var/lib/a-report.csv"));
    }

    #[test]
    fn a_missing_limit_per_minute_follows_the_one_per_second() {
        for (section, per_second, per_minute) in [
            ("", 25, 1_500),
            ("[pace]\nper_second = 7\n", 7, 420),
            ("[pace]\nper_second = 0\n", 0, 0),
            ("[pace]\nper_second = 7\nper_minute = 0\n", 7, 0),
        ] {
            let pace = parse(&(LEAST.to_owned() + section)).unwrap().pace;
            assert_eq!(pace.per_second, NonZeroU32::new(per_second));
            assert_eq!(pace.per_minute, NonZeroU32::new(per_minute));
        }
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        assert_eq!(
            faults("[campaign]\nid = \"a\"\n"),
            [
                "`merchant.mch_id` is missing: write `mch_id = \"…\"` under [merchant]",
                "`merchant.wxappid` is missing: write `wxappid = \"…\"` under [merchant]",
                "1: `campaign.act_name` is missing: write `act_name = \"…\"` under [campaign]",
                "1: `campaign.recipients` is missing: write `recipients = \"…\"` under [campaign]",
                "1: `campaign.remark` is missing: write `remark = \"…\"` under [campaign]",
                "1: `campaign.send_name` is missing: write `send_name = \"…\"` under [campaign]",
                "1: `campaign.wishing` is missing: write `wishing = \"…\"` under [campaign]",
            ]
        );
        let live = LEAST.to_owned() + "[gateway]\nmode = \"live\"\n";
        let missing = faults(&live);
        assert_eq!(missing.len(), 3);
        assert_eq!(
            missing[0],
            "9: `merchant.api_key_file` is missing: write `api_key_file = \"…\"` under [merchant]"
        );
    }

    #[test]
    fn every_malformed_value_is_told_with_its_line_and_what_is_expected() {
        for (section, told) in [
            (
                "[pace]\nper_second = \"25\"",
                "13: `pace.per_second` must be a whole number, not string",
            ),
            (
                "[pace]\nper_second = 2.5",
                "13: `pace.per_second` must be a whole number, not float",
            ),
            (
                "[pace]\nper_second = -1",
                "13: `pace.per_second` must be from 0 to 100000",
            ),
            (
                "[pace]\n\nin_flight = 0",
                "14: `pace.in_flight` must be from 1 to 256",
            ),
            (
                "[pace]\nin_flght = 1",
                "13: unknown key `in_flght` in [pace]: did you mean `in_flight`?",
            ),
            ("[pace]\nzebra = 1", "13: unknown key `zebra` in [pace]"),
            (
                "[pace]\nlinger_seconds = 1",
                "13: unknown key `linger_seconds` in [pace]: it belongs under [retry]",
            ),
            (
                "[pase]\nin_flight = 1",
                "12: unknown section [pase]: did you mean `pace`?",
            ),
            (
                "[[pace]]\nin_flight = 1",
                "12: `pace` must be a section: write [pace]",
            ),
            (
                "[retry]\nresend_window_hours = 25",
                "13: `retry.resend_window_hours` must be from 1 to 24",
            ),
            (
                "[retry]\nmax_backoff_seconds = 1\nfirst_backoff_ms = 2000",
                "13: `retry.max_backoff_seconds` is below `first_backoff_ms`: raise it",
            ),
            (
                "[gateway]\nmode = \"test\"",
                "13: `gateway.mode`: write \"simulator\" or \"live\"",
            ),
            (
                "[gateway]\nbase_url = \"http://x\"",
                "13: `gateway.base_url`: only https, as `https://api.mch.weixin.qq.com`",
            ),
            (
                "[gateway]\nrequest_timeout_ms = 0",
                "13: `gateway.request_timeout_ms` must be from 1 to 600000",
            ),
            (
                "[ledger]\npath = \"\"",
                "13: `ledger.path`: the path is blank",
            ),
            (
                "[ledger]\npath = \"x.simulator.db\"",
                "13: `ledger.path`: a name that ends in `.simulator` is reserved for rehearsals: \
                 choose another",
            ),
        ] {
            assert_eq!(faults(&format!("{LEAST}{section}\n")), [told]);
        }
    }

    #[test]
    fn every_malformed_campaign_or_merchant_is_told() {
        for (from, to, told) in [
            (
                "id = \"a\"",
                "id = \"a/b\"",
                "3: `campaign.id`: a campaign id names files: no control characters, no slashes, \
                 no leading point",
            ),
            (
                "\"店\"",
                "\"一二三四五六七八九十一\"",
                "6: `campaign.send_name`: send_name has 33 bytes of UTF-8, at most 31 are allowed",
            ),
            ("\"好\"", "\" \"", "7: `campaign.wishing`: wishing is blank"),
            (
                "\"快\"",
                "\"快\"\nbudget_yuan = 1000.0",
                "9: `campaign.budget_yuan` must be a string in quotes, as \"1000.00\", not float",
            ),
            (
                "\"快\"",
                "\"快\"\nbudget_yuan = \"1.001\"",
                "9: `campaign.budget_yuan`: more than two decimals: the smallest unit is \
                 0.01 yuan; write yuan, as \"1000.00\"",
            ),
            (
                "\"快\"",
                "\"快\"\nscene_id = \"9\"",
                "9: `campaign.scene_id`: scene_id is one of PRODUCT_1 to PRODUCT_8",
            ),
            (
                "\"10000098\"",
                "10000098",
                "10: `merchant.mch_id` must be a string in quotes, not integer",
            ),
            (
                "\"10000098\"",
                "\"123\"",
                "10: `merchant.mch_id`: a merchant number has 8 to 10 digits",
            ),
            (
                "\"wx8888888888888888\"",
                "\"wx888\"",
                "11: `merchant.wxappid`: an appid is `wx` and 16 letters and digits",
            ),
        ] {
            assert_eq!(faults(&LEAST.replace(from, to)), [told]);
        }
    }

    #[test]
    fn what_is_not_toml_is_told_with_its_line() {
        let told = faults("[campaign]\nid = \n");
        assert!(told[0].starts_with("2: not TOML: "), "{told:?}");
        let error = parse("x = 1\n").unwrap_err().to_string();
        assert!(
            error.contains("\ndir/c.toml:1: unknown key `x` outside a section"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]a-z_=\"0-9\n.#红 ]{0,120}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_value_makes_it_panic(
            values in prop::collection::vec("[-+0-9a-fxe_.\"'\\[\\]{}红]{0,24}", 34),
        ) {
            let mut text = String::new();
            let mut values = values.iter();
            for (section, keys) in NAMES {
                let _ = writeln!(text, "[{section}]");
                for (key, value) in keys.iter().zip(&mut values) {
                    let _ = writeln!(text, "{key} = {value}");
                }
            }
            let _ = parse(&text);
        }
    }
}
