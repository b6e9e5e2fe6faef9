//! A check, for a person and for a program.

use serde_json::{Value, json};

use crate::words::{Lang, Text, Words, both, doctor as words};

/// The checks, by the names that programs know them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CheckName {
    Campaign,
    Recipients,
    Credentials,
    Certificate,
    Ledger,
    Lock,
    Approval,
    Pause,
    Disk,
    Backups,
    Report,
    Limits,
    Schedule,
    Proxy,
    Name,
    Tcp,
    Tls,
    MutualTls,
    Answer,
    Signature,
    Clock,
    Notify,
}

impl CheckName {
    /// All of them, in the order of the list.
    pub(super) const ALL: [CheckName; 22] = [
        CheckName::Campaign,
        CheckName::Recipients,
        CheckName::Credentials,
        CheckName::Certificate,
        CheckName::Ledger,
        CheckName::Lock,
        CheckName::Approval,
        CheckName::Pause,
        CheckName::Disk,
        CheckName::Backups,
        CheckName::Report,
        CheckName::Limits,
        CheckName::Schedule,
        CheckName::Proxy,
        CheckName::Name,
        CheckName::Tcp,
        CheckName::Tls,
        CheckName::MutualTls,
        CheckName::Answer,
        CheckName::Signature,
        CheckName::Clock,
        CheckName::Notify,
    ];

    const fn id(self) -> &'static str {
        match self {
            CheckName::Campaign => "campaign",
            CheckName::Recipients => "recipients",
            CheckName::Credentials => "credentials",
            CheckName::Certificate => "certificate",
            CheckName::Ledger => "ledger",
            CheckName::Lock => "lock",
            CheckName::Approval => "approval",
            CheckName::Pause => "pause",
            CheckName::Disk => "disk",
            CheckName::Backups => "backups",
            CheckName::Report => "report",
            CheckName::Limits => "limits",
            CheckName::Schedule => "schedule",
            CheckName::Proxy => "proxy",
            CheckName::Name => "dns",
            CheckName::Tcp => "tcp",
            CheckName::Tls => "tls",
            CheckName::MutualTls => "mutual_tls",
            CheckName::Answer => "answer",
            CheckName::Signature => "signature",
            CheckName::Clock => "clock",
            CheckName::Notify => "notify",
        }
    }

    const fn name(self) -> Text {
        match self {
            CheckName::Campaign => both("campaign", "活动文件"),
            CheckName::Recipients => both("list", "名单"),
            CheckName::Credentials => both("credentials", "商户凭证"),
            CheckName::Certificate => both("certificate", "商户证书"),
            CheckName::Ledger => both("ledger", "账本"),
            CheckName::Lock => both("lock", "账本锁"),
            CheckName::Approval => both("approval", "审批"),
            CheckName::Pause => both("pause", "暂停"),
            CheckName::Disk => both("disk", "磁盘"),
            CheckName::Backups => both("backups", "账本备份"),
            CheckName::Report => both("report", "报表"),
            CheckName::Limits => both("limits", "限额"),
            CheckName::Schedule => both("schedule", "时段"),
            CheckName::Proxy => both("proxy", "代理"),
            CheckName::Name => both("DNS", "域名解析"),
            CheckName::Tcp => both("TCP", "网络连接"),
            CheckName::Tls => both("TLS", "TLS 握手"),
            CheckName::MutualTls => both("mutual TLS", "双向 TLS"),
            CheckName::Answer => both("answer", "应答"),
            CheckName::Signature => both("signature", "签名"),
            CheckName::Clock => both("clock", "时钟"),
            CheckName::Notify => both("notify", "通知"),
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CheckResult {
    Fine,
    Warn,
    Fail,
}

/// A check, what it found, and what to do.
#[derive(Debug, Clone)]
pub(super) struct Check {
    name: CheckName,
    result: CheckResult,
    found: Words,
    remedy: Option<Words>,
}

impl Check {
    pub(super) fn fine(name: CheckName, found: Words) -> Check {
        Check {
            name,
            result: CheckResult::Fine,
            found,
            remedy: None,
        }
    }

    pub(super) fn warn(name: CheckName, found: Words, remedy: Words) -> Check {
        Check {
            name,
            result: CheckResult::Warn,
            found,
            remedy: Some(remedy),
        }
    }

    pub(super) fn fail(name: CheckName, found: Words, remedy: Words) -> Check {
        Check {
            result: CheckResult::Fail,
            ..Check::warn(name, found, remedy)
        }
    }

    /// Left out, since an earlier check failed: that one has the remedy.
    pub(super) fn left_out(name: CheckName) -> Check {
        Check {
            result: CheckResult::Warn,
            ..Check::fine(name, words::not_checked())
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.result == CheckResult::Fail
    }

    pub(super) fn lines(&self) -> Vec<Words> {
        let (name, found) = (self.name.name(), self.found.clone());
        let line = match self.result {
            CheckResult::Fine => words::fine(name, found),
            CheckResult::Warn => words::warn(name, found),
            CheckResult::Fail => words::fail(name, found),
        };
        let remedy = self.remedy.clone().map(words::remedy);
        [Some(line), remedy].into_iter().flatten().collect()
    }
}

/// All checks as one document.
pub(super) fn document(checks: &[Check], lang: Lang) -> Value {
    let check = |check: &Check| {
        let remedy = check.remedy.as_ref();
        json!({
            "name": check.name.id(),
            "result": match check.result {
                CheckResult::Fine => "ok",
                CheckResult::Warn => "warn",
                CheckResult::Fail => "fail",
            },
            "found": check.found.within(lang),
            "remedy": remedy.map(|remedy| remedy.within(lang)),
        })
    };
    json!({"checks": checks.iter().map(check).collect::<Vec<_>>()})
}
