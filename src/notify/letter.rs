//! A message or a ping in the form of each target, and whether its answer says that it arrived.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::event::EventKind;
use super::sign;
use crate::config::NotifyKind;
use crate::words::{Words, notify as words};

/// What a WeCom robot takes, in bytes of UTF-8; the others take more.
const TEXT_MAX: usize = 2048;

/// A message in words and as a document.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) event: EventKind,
    pub(super) text: String,
    pub(super) document: Value,
}

/// A request that is ready to leave. Its address is a secret.
pub(super) struct Letter {
    pub(super) url: Url,
    pub(super) body: Vec<u8>,
    pub(super) content_type: &'static str,
    /// `X-Hongbao-Signature`.
    pub(super) signature: Option<String>,
}

impl Letter {
    fn json(url: Url, document: &Value) -> Letter {
        Letter {
            url,
            body: document.to_string().into_bytes(),
            content_type: "application/json; charset=utf-8",
            signature: None,
        }
    }

    /// A step of a run, added to the path: whatever query the address has stays.
    pub(super) fn ping(mut url: Url, step: &str, body: &str) -> Letter {
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(step);
        }
        Letter {
            url,
            body: body.as_bytes().to_vec(),
            content_type: "text/plain; charset=utf-8",
            signature: None,
        }
    }

    /// The message, signed now.
    pub(super) fn message(
        (kind, mut url, secret): (NotifyKind, Url, Option<&SecretString>),
        told: &Told,
        mention: &[String],
        now_ms: i64,
    ) -> Letter {
        let secret = secret.map_or("", ExposeSecret::expose_secret);
        let mention = if told.event.wants_somebody() {
            mention
        } else {
            &[]
        };
        match kind {
            NotifyKind::Wecom => Letter::json(url, &wecom(&told.text, mention)),
            NotifyKind::Dingtalk => {
                let sign = sign::dingtalk(secret, now_ms);
                url.query_pairs_mut()
                    .append_pair("timestamp", &now_ms.to_string())
                    .append_pair("sign", &sign);
                Letter::json(url, &dingtalk(&told.text, mention))
            }
            NotifyKind::Feishu => {
                let now = now_ms.div_euclid(1000);
                let mut document = json!({
                    "timestamp": now.to_string(),
                    "sign": sign::feishu(secret, now),
                });
                document["msg_type"] = "text".into();
                document["content"] = json!({"text": feishu(&told.text, mention)});
                Letter::json(url, &document)
            }
            NotifyKind::Webhook | NotifyKind::Ping => {
                let mut request = Letter::json(url, &told.document);
                let now = now_ms.div_euclid(1000);
                request.signature = Some(sign::webhook(secret, now, &request.body));
                request
            }
        }
    }
}

/// `all`, mobile numbers, and ids. Feishu's begin with `ou_` and mean nothing to the others, which
/// know no other form of theirs.
struct Mentioned<'a> {
    is_all: bool,
    mobiles: Vec<&'a str>,
    members: Vec<&'a str>,
    of_feishu: Vec<&'a str>,
}

impl Mentioned<'_> {
    fn of(mention: &[String]) -> Mentioned<'_> {
        let is_mobile = |text: &str| {
            let digits = text.strip_prefix('+').unwrap_or(text);
            digits.len() >= 8 && digits.bytes().all(|it| it.is_ascii_digit() || it == b'-')
        };
        let (mut mobiles, mut members, mut of_feishu) = (Vec::new(), Vec::new(), Vec::new());
        for who in mention.iter().map(String::as_str) {
            match who {
                "all" => {}
                _ if who.starts_with("ou_") => of_feishu.push(who),
                _ if is_mobile(who) => mobiles.push(who),
                _ => members.push(who),
            }
        }
        Mentioned {
            is_all: mention.iter().any(|who| who == "all"),
            mobiles,
            members,
            of_feishu,
        }
    }
}

/// Plain text, in which nothing is markup, whatever a campaign is called.
fn wecom(text: &str, mention: &[String]) -> Value {
    let mut who = Mentioned::of(mention);
    if who.is_all {
        who.members.push("@all");
    }
    json!({"msgtype": "text", "text": {
        "content": within(text, TEXT_MAX),
        "mentioned_list": who.members,
        "mentioned_mobile_list": who.mobiles,
    }})
}

/// Whoever is called has to stand in the text too.
fn dingtalk(text: &str, mention: &[String]) -> Value {
    let who = Mentioned::of(mention);
    let called = who.mobiles.iter().chain(&who.members);
    let called: Vec<String> = called.map(|who| format!("@{who}")).collect();
    let line = if called.is_empty() { "" } else { "\n" };
    json!({"msgtype": "text", "text": {
        "content": format!("{text}{line}{}", called.join(" ")),
    }, "at": {
        "atMobiles": who.mobiles,
        "atUserIds": who.members,
        "isAtAll": who.is_all,
    }})
}

/// Its text has one kind of tag, which a campaign's name must not make.
fn feishu(text: &str, mention: &[String]) -> String {
    let text = text.replace('<', "＜");
    let who = Mentioned::of(mention);
    let all = who.is_all.then_some("all");
    let tags = all.into_iter().chain(who.of_feishu);
    let tags = tags.map(|who| format!("<at user_id=\"{who}\"></at>"));
    let lines: Vec<String> = std::iter::once(text).chain(tags).collect();
    lines.join("\n")
}

/// The whole lines of a text that fit.
fn within(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for line in text.lines() {
        if kept.len() + line.len() < most {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// A robot answers 200 to what it refuses, too: the code in its answer says which.
pub(super) fn verdict(kind: NotifyKind, body: &[u8]) -> Result<(), Words> {
    let keys = match kind {
        NotifyKind::Wecom | NotifyKind::Dingtalk => &["errcode"][..],
        NotifyKind::Feishu => &["code", "StatusCode"],
        NotifyKind::Webhook | NotifyKind::Ping => return Ok(()),
    };
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    let code = answer.and_then(|it| keys.iter().find_map(|key| it.get(key)?.as_i64()));
    match code {
        Some(0) => Ok(()),
        Some(code) => Err(words::code(code)),
        None => Err(words::not_a_robot()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention() -> Vec<String> {
        let who = ["all", "13800000000", "zhang.san", "ou_18eac8"];
        who.map(str::to_owned).to_vec()
    }

    #[test]
    fn each_robot_calls_those_that_it_can_know() {
        let wecom = wecom("a", &mention());
        assert_eq!(
            wecom["text"]["mentioned_list"],
            json!(["zhang.san", "@all"])
        );
        assert_eq!(
            wecom["text"]["mentioned_mobile_list"],
            json!(["13800000000"])
        );
        let dingtalk = dingtalk("a", &mention());
        assert_eq!(dingtalk["text"]["content"], "a\n@13800000000 @zhang.san");
        assert_eq!(dingtalk["at"]["isAtAll"], true);
        let feishu = feishu("<at user_id=\"all\">", &mention());
        let (text, tags) = feishu.split_once('\n').unwrap();
        assert!(!text.contains('<'), "{text}");
        assert!(
            tags.contains("\"all\"") && tags.contains("ou_18eac8"),
            "{tags}"
        );
        assert!(!tags.contains("zhang"), "{tags}");
    }

    #[test]
    fn an_answer_of_200_with_a_code_is_a_refusal() {
        let is_well = |kind, body: &str| verdict(kind, body.as_bytes()).is_ok();
        assert!(is_well(NotifyKind::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#));
        assert!(!is_well(NotifyKind::Wecom, r#"{"errcode":45009}"#));
        assert!(!is_well(NotifyKind::Dingtalk, r#"{"errcode":310000}"#));
        assert!(is_well(NotifyKind::Feishu, r#"{"code":0,"msg":"success"}"#));
        assert!(is_well(NotifyKind::Feishu, r#"{"StatusCode":0}"#));
        assert!(!is_well(NotifyKind::Feishu, r#"{"code":19021}"#));
        assert!(!is_well(NotifyKind::Feishu, "<html>"));
        assert!(is_well(NotifyKind::Webhook, ""));
    }

    #[test]
    fn a_step_of_a_ping_stands_in_the_path_and_a_query_stays() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (base, pinged) in [
            ("https://hc-ping.com/u-u", "https://hc-ping.com/u-u/start"),
            ("https://hc-ping.com/u-u/", "https://hc-ping.com/u-u/start"),
            (
                "http://127.0.0.1:1/k/s?create=1",
                "http://127.0.0.1:1/k/s/start?create=1",
            ),
        ] {
            let request = Letter::ping(url(base), "start", "");
            assert_eq!(request.url.as_str(), pinged);
        }
    }

    #[test]
    fn a_long_text_loses_whole_lines_only() {
        let long = "红".repeat(700);
        let text = format!("a\n{long}\nb");
        assert_eq!(within(&text, TEXT_MAX), "a\nb\n");
    }
}
