//! What the system and libraries say, in English. A Chinese sentence tells the usual in Chinese and
//! quotes the original behind it, to be looked up.

use std::fmt::{Display, Formatter, Result};

use super::{Lang, Part};

/// A text of a library. In Chinese it begins with the mark that parts it from the sentence before.
pub(crate) struct LibraryText<T>(pub(crate) T);

impl<T: Display> Part for LibraryText<T> {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> Result {
        let original = self.0.to_string();
        match (lang, usual(&original)) {
            (Lang::En, _) => f.write_str(&original),
            (Lang::Zh, Some(usual)) => write!(f, "：{usual}（原文：{original}）"),
            (Lang::Zh, None) => write!(f, "（原文：{original}）"),
        }
    }
}

/// What people meet most, by a part of its English.
const USUAL: &[(&str, &str)] = &[
    ("Connection refused", "连接被拒绝"),
    ("Connection reset", "连接被对方重置"),
    ("Broken pipe", "连接已断开"),
    ("Network is unreachable", "网络不可达"),
    ("No route to host", "无法到达主机"),
    ("time limit", "超时"),
    ("timed out", "超时"),
    ("has no address", "该域名没有地址"),
    ("failed to lookup address", "域名无法解析"),
    ("Name or service not known", "域名无法解析"),
    ("name resolution", "域名无法解析"),
    ("closed before", "请求写出之前连接已关闭"),
    ("connection closed", "连接已关闭"),
    ("not open", "连接未打开"),
    ("UnknownIssuer", "证书的签发机构不受信任"),
    ("NotValidForName", "证书与域名不符"),
    ("NotValidYet", "证书尚未生效"),
    ("Expired", "证书已过期"),
    ("certificate required", "对方要求商户证书"),
    ("No such file", "找不到该文件或目录"),
    ("Permission denied", "没有权限"),
    ("No space left", "磁盘空间不足"),
    ("database or disk is full", "磁盘空间不足"),
    ("Disk quota exceeded", "磁盘配额已用完"),
    ("disk I/O error", "磁盘读写错误"),
    ("Input/output error", "磁盘读写错误"),
    ("Read-only file system", "文件系统为只读"),
    ("readonly database", "账本为只读"),
    ("database is locked", "账本正被占用"),
    ("file is not a database", "这不是账本文件"),
    ("image is malformed", "账本文件已损坏"),
    ("unable to open database", "无法打开账本文件"),
    ("Too many open files", "打开的文件过多"),
];

/// The usual in Chinese.
pub(super) fn usual(text: &str) -> Option<&'static str> {
    let known = USUAL.iter().find(|(en, _)| text.contains(en));
    known.map(|(_, zh)| *zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{in_chinese, in_english};

    #[test]
    fn the_original_stands_behind_its_chinese() {
        let refused = LibraryText("127.0.0.1:1: Connection refused (os error 111)");
        assert_eq!(
            in_chinese(&refused).to_string(),
            "：连接被拒绝（原文：127.0.0.1:1: Connection refused (os error 111)）"
        );
        assert_eq!(in_english(&refused).to_string(), refused.0);
        assert_eq!(in_chinese(&LibraryText("odd")).to_string(), "（原文：odd）");
    }
}
