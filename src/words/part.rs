//! Values that can be filled into a message.

use std::fmt::{self, Alignment, Arguments, Display, Formatter};
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::path;

use super::foreign::usual;
use super::{Lang, Text, Words};

/// A value that can be filled into a message: most are the same in both languages, and a message
/// inside a message is not. No error type is one, so that none slips in with its English `Display`.
pub trait Part {
    /// Writes it in this language, with the width that is asked for.
    ///
    /// # Errors
    /// Where the writer fails.
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result;
}

/// A part in one language.
pub(super) struct In<'a, T>(pub(super) Lang, pub(super) &'a T);

impl<T: Part> Display for In<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.1.tell(self.0, f)
    }
}

impl Part for Words {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        pad(self.within(lang), f)
    }
}

/// Fills up to the width that is asked for, by the cells of a terminal: a Chinese character has
/// two.
pub(super) fn pad(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let rest = f.width().unwrap_or(0).saturating_sub(cells(text));
    match f.align() {
        Some(Alignment::Right) => write!(f, "{:rest$}{text}", ""),
        Some(Alignment::Left | Alignment::Center) | None => write!(f, "{text}{:rest$}", ""),
    }
}

/// The labels of our tables are ASCII or Chinese, and nothing else is filled up.
pub(crate) fn cells(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A part that may be left out.
impl Part for Option<Words> {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_ref().map_or(Ok(()), |words| words.tell(lang, f))
    }
}

/// The parts of a sentence.
impl Part for Vec<Words> {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        let between = match lang {
            Lang::En => "; ",
            Lang::Zh => "；",
        };
        let parts: Vec<&str> = self.iter().map(|part| part.within(lang)).collect();
        f.write_str(&parts.join(between))
    }
}

impl Part for Text {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        pad(self.within(lang), f)
    }
}

/// The same in both languages.
macro_rules! alike {
    ($($name:ty),+) => {
        $(
            impl $crate::words::Part for $name {
                fn tell(
                    &self,
                    _: $crate::words::Lang,
                    f: &mut std::fmt::Formatter<'_>,
                ) -> std::fmt::Result {
                    std::fmt::Display::fmt(self, f)
                }
            }
        )+
    };
}
pub(crate) use alike;

alike!(&str, String, char, u16, u32, u64, usize, i32, i64);
alike!(Arguments<'_>, path::Display<'_>, SocketAddr);

/// The system speaks its own language; for what people meet most, Chinese stands before it.
impl Part for &Error {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        let chinese = || plain(self.kind()).or_else(|| usual(&self.to_string()));
        match lang {
            Lang::En => write!(f, "{self}"),
            Lang::Zh => write!(f, "{}（原文：{self}）", chinese().unwrap_or("系统错误")),
        }
    }
}

fn plain(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::NotFound => Some("找不到该文件或目录"),
        ErrorKind::PermissionDenied => Some("没有权限"),
        ErrorKind::AlreadyExists => Some("同名文件已存在"),
        ErrorKind::StorageFull => Some("磁盘空间不足"),
        ErrorKind::ReadOnlyFilesystem => Some("文件系统为只读"),
        ErrorKind::IsADirectory => Some("这是目录，不是文件"),
        ErrorKind::NotADirectory => Some("路径中有一段不是目录"),
        ErrorKind::ConnectionRefused => Some("连接被拒绝"),
        ErrorKind::TimedOut => Some("超时"),
        ErrorKind::UnexpectedEof => Some("内容提前结束"),
        ErrorKind::QuotaExceeded => Some("磁盘配额已用完"),
        ErrorKind::AddrInUse => Some("端口已被占用"),
        ErrorKind::InvalidData => Some("不是 UTF-8 文本"),
        _ => None,
    }
}
