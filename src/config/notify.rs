//! `[notify]`: who is told of a run, and the files with the addresses, which are secrets.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::{Table, Value};

use super::campaign::{NotifyKind, NotifySettings, TargetFiles};
use super::document::TomlDocument;
use super::places::path;
use super::secrets::{SecretSources, notify_root, open_bits, read_line};
use super::url::{is_notify_url, proxy};
use crate::words::{Lang, Text, Words, both, notify as words};

pub(super) const KEYS: &[&str] = &[
    "wecom_url_file",
    "dingtalk_url_file",
    "dingtalk_secret_file",
    "feishu_url_file",
    "feishu_secret_file",
    "webhook_url_file",
    "webhook_secret_file",
    "ping_url_file",
    "lang",
    "mention",
    "proxy",
    "ca_file",
];

/// A secret that signs needs some length; the shortest of a robot has 22 characters.
const SECRET_MIN: usize = 16;

/// A target's address and secret.
#[derive(Debug, Clone)]
pub struct TargetSecrets {
    /// What is there.
    pub kind: NotifyKind,
    /// Its address, checked.
    pub url: SecretString,
    /// The secret that signs.
    pub secret: Option<SecretString>,
}

impl NotifyKind {
    /// All of them, in order.
    pub const ALL: [NotifyKind; 5] = [
        NotifyKind::Wecom,
        NotifyKind::Dingtalk,
        NotifyKind::Feishu,
        NotifyKind::Webhook,
        NotifyKind::Ping,
    ];

    /// As messages and programs name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            NotifyKind::Wecom => "wecom",
            NotifyKind::Dingtalk => "dingtalk",
            NotifyKind::Feishu => "feishu",
            NotifyKind::Webhook => "webhook",
            NotifyKind::Ping => "ping",
        }
    }

    const fn url_key(self) -> &'static str {
        match self {
            NotifyKind::Wecom => "notify.wecom_url_file",
            NotifyKind::Dingtalk => "notify.dingtalk_url_file",
            NotifyKind::Feishu => "notify.feishu_url_file",
            NotifyKind::Webhook => "notify.webhook_url_file",
            NotifyKind::Ping => "notify.ping_url_file",
        }
    }

    /// `None`: its address is all that it has.
    const fn secret_key(self) -> Option<&'static str> {
        match self {
            NotifyKind::Wecom | NotifyKind::Ping => None,
            NotifyKind::Dingtalk => Some("notify.dingtalk_secret_file"),
            NotifyKind::Feishu => Some("notify.feishu_secret_file"),
            NotifyKind::Webhook => Some("notify.webhook_secret_file"),
        }
    }

    const fn url_name(self) -> Text {
        match self {
            NotifyKind::Wecom => both("address of the WeCom robot", "企业微信机器人地址"),
            NotifyKind::Dingtalk => both("address of the DingTalk robot", "钉钉机器人地址"),
            NotifyKind::Feishu => both("address of the Feishu robot", "飞书机器人地址"),
            NotifyKind::Webhook => both("address of the webhook", "webhook 地址"),
            NotifyKind::Ping => both("address of the dead-man ping", "存活检测地址"),
        }
    }

    const fn secret_name(self) -> Text {
        match self {
            NotifyKind::Dingtalk => both("secret of the DingTalk robot", "钉钉机器人密钥"),
            NotifyKind::Feishu => both("secret of the Feishu robot", "飞书机器人密钥"),
            NotifyKind::Webhook | NotifyKind::Wecom | NotifyKind::Ping => {
                both("secret of the webhook", "webhook 密钥")
            }
        }
    }
}

impl NotifySettings {
    /// As `[notify]` has it.
    pub(super) fn to_table(&self) -> Table {
        let mut table = Table::new();
        let mut insert = |key: &str, value: Value| {
            let name = key.split_once('.').map_or(key, |(_, name)| name);
            table.insert(name.to_owned(), value);
        };
        let text = |path: &Path| Value::from(path.to_string_lossy().into_owned());
        for TargetFiles {
            kind,
            url_file,
            secret_file,
        } in &self.targets
        {
            insert(kind.url_key(), text(url_file));
            if let (Some(key), Some(file)) = (kind.secret_key(), secret_file) {
                insert(key, text(file));
            }
        }
        insert("lang", self.lang.name().into());
        insert("mention", self.mention.clone().into());
        if let Some(proxy) = &self.proxy {
            insert("proxy", proxy.as_str().into());
        }
        if let Some(file) = &self.ca_file {
            insert("ca_file", text(file));
        }
        table
    }
}

impl NotifySettings {
    /// The further root that it trusts, in PEM.
    ///
    /// # Errors
    /// Where the file cannot be read or is none of certificates.
    pub fn root(&self) -> Result<Option<String>, Words> {
        self.ca_file.as_deref().map(notify_root).transpose()
    }
}

impl TargetFiles {
    /// Reads both files.
    ///
    /// # Errors
    /// Where one is missing, open to others, or holds something else. What it holds is never told.
    pub fn read(&self, sources: &SecretSources) -> Result<TargetSecrets, Words> {
        let kind = self.kind;
        let (path, url) = line_of(&self.url_file, sources, (kind.url_name(), kind.url_key()))?;
        if !is_notify_url(&url) {
            return Err(words::url(kind.url_name(), path.display()));
        }
        let mut secret = None;
        if let (Some(file), Some(key)) = (&self.secret_file, kind.secret_key()) {
            let (path, line) = line_of(file, sources, (kind.secret_name(), key))?;
            let is_one = line.len() >= SECRET_MIN && line.bytes().all(|it| it.is_ascii_graphic());
            if !is_one {
                return Err(words::secret(kind.secret_name(), path.display()));
            }
            secret = Some(line.into());
        }
        Ok(TargetSecrets {
            kind,
            url: url.into(),
            secret,
        })
    }
}

/// The text of a file without the blanks around it. A credential of its name goes first.
fn line_of(
    file: &Path,
    sources: &SecretSources,
    named: (Text, &'static str),
) -> Result<(PathBuf, String), Words> {
    let credential = sources.credential(file.file_name());
    let bits = open_bits(credential.is_some());
    let path = credential.unwrap_or_else(|| file.to_owned());
    let line = read_line(&path, named, bits)?;
    Ok((path, line.to_string()))
}

pub(super) fn notify(document: &mut TomlDocument<'_>) -> NotifySettings {
    let kinds = NotifyKind::ALL.into_iter();
    let targets = kinds.filter_map(|kind| target(document, kind)).collect();
    let mention = document.texts("notify.mention", member);
    NotifySettings {
        targets,
        lang: document.text("notify.lang", lang).unwrap_or(Lang::Zh),
        mention: mention.unwrap_or_default(),
        proxy: document.text("notify.proxy", proxy),
        ca_file: document.optional_path("notify.ca_file"),
    }
}

fn target(document: &mut TomlDocument<'_>, kind: NotifyKind) -> Option<TargetFiles> {
    let file = |document: &mut TomlDocument<'_>, key: &str| {
        let base = document.base_of(key).to_owned();
        document.text(key, |text| {
            if text.contains("://") {
                return Err(words::no_path());
            }
            path(&base, text)
        })
    };
    let url_key = kind.url_key();
    let url_file = file(document, url_key);
    let Some(secret_key) = kind.secret_key() else {
        return Some(TargetFiles {
            kind,
            url_file: url_file?,
            secret_file: None,
        });
    };
    let secret_file = file(document, secret_key);
    match (document.has(url_key), document.has(secret_key)) {
        (true, false) => document.refuse(url_key, words::pair(url_key, secret_key)),
        (false, true) => document.refuse(secret_key, words::pair(secret_key, url_key)),
        (true, true) | (false, false) => {}
    }
    Some(TargetFiles {
        kind,
        url_file: url_file?,
        secret_file: Some(secret_file?),
    })
}

fn lang(text: &str) -> Result<Lang, Words> {
    let lang = Lang::ALL.into_iter().find(|lang| lang.name() == text);
    lang.ok_or_else(words::lang)
}

/// Nothing that could be markup of a robot.
fn member(text: &str) -> Result<String, Words> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._@+-".contains(&byte);
    if text.is_empty() || text.len() > 64 || !text.bytes().all(is_plain) {
        return Err(words::mention());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;

    use super::*;

    fn put(path: &Path, text: &str, mode: u32) {
        fs::write(path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn files(dir: &Path) -> TargetFiles {
        TargetFiles {
            kind: NotifyKind::Feishu,
            url_file: dir.join("feishu_url"),
            secret_file: Some(dir.join("feishu_secret")),
        }
    }

    const URL: &str = "https://open.feishu.cn/open-apis/bot/v2/hook/11112222";
    const SECRET: &str = "abcdefghijklmnopqrstuv";

    #[test]
    fn a_target_is_read_from_private_files_and_credentials_go_first() {
        let (dir, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let sources = SecretSources::default();
        put(&dir.path().join("feishu_url"), &format!("{URL}\n"), 0o600);
        put(&dir.path().join("feishu_secret"), SECRET, 0o400);
        let read = files(dir.path()).read(&sources).unwrap();
        assert_eq!(read.url.expose_secret(), URL);
        assert_eq!(read.secret.as_ref().unwrap().expose_secret(), SECRET);
        let shown = format!("{read:?}");
        assert!(
            !shown.contains("11112222") && !shown.contains(SECRET),
            "{shown}"
        );
        let other = credentials.path().join("feishu_url");
        put(&other, "http://127.0.0.1:1/other", 0o440);
        let sources = SecretSources {
            api_key: None,
            credentials: Some(credentials.path().to_owned()),
        };
        let read = files(dir.path()).read(&sources).unwrap();
        assert_eq!(read.url.expose_secret(), "http://127.0.0.1:1/other");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_and_not_what_is_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let url = dir.path().join("feishu_url");
        put(&dir.path().join("feishu_secret"), SECRET, 0o600);
        let told = || {
            let fault = files(dir.path()).read(&SecretSources::default());
            let fault = fault.unwrap_err().en;
            assert!(
                !fault.contains("11112222") && !fault.contains(SECRET),
                "{fault}"
            );
            fault
        };
        assert!(
            told().contains("set `notify.feishu_url_file`"),
            "{}",
            told()
        );
        put(&url, URL, 0o644);
        assert!(told().contains("chmod 600"), "{}", told());
        put(&url, &format!("{URL}\n{URL}"), 0o600);
        assert!(told().contains("one https address"), "{}", told());
        put(&url, &URL.replace("https", "http"), 0o600);
        assert!(told().contains("one https address"), "{}", told());
        put(&url, URL, 0o600);
        put(&dir.path().join("feishu_secret"), "short", 0o600);
        assert!(told().contains("at least 16 characters"), "{}", told());
        // The secret in the place of its path.
        let files = TargetFiles {
            secret_file: Some(dir.path().join(SECRET)),
            ..files(dir.path())
        };
        let fault = files.read(&SecretSources::default()).unwrap_err().en;
        assert!(!fault.contains(SECRET), "{fault}");
    }
}
