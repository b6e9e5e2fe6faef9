//! What a file is that is no list, and the way from it to one.

use crate::words::{Text, Words, form};

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
