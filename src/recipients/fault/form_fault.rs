//! Why a file is no list before a row of it is read: its encoding, its kind, its sheets.

use super::place::shown;
use crate::words::{LibraryText, Text, Words, both, english, form, recipients as words};

/// Why no row can be read from a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// An encoding that no spreadsheet writes, by its name.
    Encoding(&'static str),
    /// A byte order mark that says another encoding than the text behind it has.
    Mark {
        /// What the mark says.
        mark: &'static str,
        /// In bytes.
        length: usize,
        /// What the text is.
        text: &'static str,
        /// Whether such a text is read.
        is_read: bool,
    },
    /// UTF-16 up to a broken place.
    DamagedUtf16,
    /// Something else than a table.
    NoTable(OtherFile),
    /// The small file beside one that somebody has open.
    LockFile,
    /// A workbook of before 2007.
    OldWorkbook,
    /// A workbook with a password.
    Password,
    /// A zip that no workbook can be read from.
    Workbook(String),
    /// More than one visible sheet has cells.
    SeveralSheets(String),
    /// The list may be on one of these sheets, which are hidden.
    HiddenSheets(Box<str>),
    /// No visible sheet has the name that was asked for.
    NoSheet {
        /// That name.
        name: Box<str>,
        /// The names that there are.
        sheets: Box<str>,
    },
    /// A sheet was asked for, and the file is a text.
    NoSheets,
    /// Neither UTF-8 nor GB18030; the fault's line is the first that is not UTF-8.
    NotText {
        /// The first line that is not GB18030.
        gb18030_line: u64,
        /// The encoding that it was likelier written in, and the first of it in that.
        likelier: Option<(&'static str, Box<str>)>,
    },
    /// Text that is UTF-8 up to a broken place.
    DamagedUtf8,
    /// A text that the program which wrote the list had read in a wrong encoding.
    Misread {
        /// What it was.
        was: Box<str>,
        /// How many there are.
        count: u64,
    },
    /// A whole row in one cell.
    RowInCell,
    /// A row that is separated by another sign than its header.
    Separator(char),
    /// GB18030 but for a place that is UTF-8 beyond doubt.
    MixedText,
    /// All that is beyond ASCII reads well as UTF-8 and as GB18030.
    Utf8OrGb18030,
}

english!(FormFault);

impl FormFault {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            FormFault::Encoding(name) => form::encoding(*name),
            FormFault::Mark {
                mark,
                length,
                text,
                is_read: true,
            } => form::mark(*mark, *text, length + 1),
            FormFault::Mark { mark, text, .. } => form::mark_of_unread(*mark, *text),
            FormFault::NoTable(what) => what.words(),
            FormFault::LockFile => form::lock_file(),
            FormFault::OldWorkbook => words::old_workbook(),
            FormFault::Password => form::password(),
            FormFault::Workbook(detail) => words::workbook(LibraryText(detail)),
            FormFault::SeveralSheets(names) => words::several_sheets(names.as_str()),
            FormFault::HiddenSheets(names) => form::hidden_sheets(&**names),
            FormFault::NoSheet { name, sheets } => form::no_sheet(&**name, &**sheets),
            FormFault::NoSheets => form::no_sheets(),
            FormFault::NotText {
                likelier: Some((name, text)),
                ..
            } => words::not_text_but(*name, shown(text)),
            FormFault::NotText { gb18030_line, .. } => words::not_text(*gb18030_line),
            FormFault::Misread { was, count } => form::misread(&**was, *count),
            FormFault::RowInCell => form::row_in_cell(),
            FormFault::Separator('\t') => form::separator_tab(),
            FormFault::Separator(sign) => form::separator(*sign),
            FormFault::DamagedUtf8 => words::damaged_utf8(),
            FormFault::MixedText => form::mixed_text(),
            FormFault::Utf8OrGb18030 => form::utf8_or_gb18030(),
            FormFault::DamagedUtf16 => words::damaged_utf16(),
        }
    }

    /// The kind that these faults are counted under.
    pub(super) fn group(&self) -> Text {
        match self {
            FormFault::NotText { .. }
            | FormFault::DamagedUtf8
            | FormFault::MixedText
            | FormFault::Utf8OrGb18030
            | FormFault::DamagedUtf16
            | FormFault::Mark { .. }
            | FormFault::Encoding(_) => both("not a CSV text", "不是 CSV 文本"),
            FormFault::Misread { .. } => {
                both("text read in a wrong encoding", "文字曾按错误编码读取")
            }
            FormFault::Separator(_) | FormFault::RowInCell => both("wrong delimiter", "分隔符有误"),
            FormFault::NoTable(_) | FormFault::LockFile => {
                both("neither CSV nor .xlsx", "既不是 CSV 也不是 .xlsx")
            }
            FormFault::OldWorkbook | FormFault::Password | FormFault::Workbook(_) => both(
                "not an .xlsx workbook that can be read",
                "不是可读取的 .xlsx 工作簿",
            ),
            FormFault::SeveralSheets(_) => {
                both("more than one sheet has cells", "不止一个工作表有内容")
            }
            FormFault::HiddenSheets(_) => both("hidden sheet", "工作表被隐藏"),
            FormFault::NoSheet { .. } | FormFault::NoSheets => {
                both("no sheet of that name", "没有指定的工作表")
            }
        }
    }
}

/// A file that is no list, by its name. Its class says what leads to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherFile {
    /// Excel and WPS open it as a sheet: it is saved once in a form that is read.
    Sheet(Text),
    /// It may have the list in it, and no program for sheets opens it as one: a document, the data
    /// of a program.
    Source(Text),
    /// The list may be packed in it.
    Archive(Text),
    /// No list is in it.
    Unrelated(Text),
}

impl OtherFile {
    /// What it is.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            OtherFile::Sheet(name)
            | OtherFile::Source(name)
            | OtherFile::Archive(name)
            | OtherFile::Unrelated(name) => name,
        }
    }

    /// What it is, and what to do.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            OtherFile::Sheet(name) => form::no_table(name),
            OtherFile::Source(name) => form::source(name),
            OtherFile::Archive(name) => form::archive(name),
            OtherFile::Unrelated(name) => form::no_list(name),
        }
    }
}
