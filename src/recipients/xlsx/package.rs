//! The zip around a workbook.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::broken::{BrokenWorkbook, broken};
use super::part::XmlPart;
use crate::recipients::fault::form_fault::OtherFile;
use crate::words::both;

/// Parts by name. The names of parts are the same in any case.
pub(super) struct Package<R: Read + Seek> {
    zip: ZipArchive<R>,
    indexes: HashMap<String, usize>,
}

/// A part as it comes out of the zip.
pub(super) type PartOf<'z, R> = XmlPart<BufReader<ZipFile<'z, R>>>;

impl<R: Read + Seek> Package<R> {
    pub(super) fn open(source: R) -> Result<Self, BrokenWorkbook> {
        let zip = ZipArchive::new(source).map_err(broken)?;
        let mut indexes = HashMap::new();
        for index in 0..zip.len() {
            let name = zip.name_for_index(index);
            let name = name.and_then(Result::ok).unwrap_or_default();
            let name = name.replace('\\', "/").to_ascii_lowercase();
            if indexes.insert(name.clone(), index).is_some() {
                return Err(broken(format!("the part {name:?} is there twice")));
            }
        }
        Ok(Package { zip, indexes })
    }

    /// What it is, where it is known to be no workbook of XML parts.
    pub(super) fn other(&self) -> Option<OtherFile> {
        let has = |name: &str| self.indexes.contains_key(name);
        if has("xl/workbook.bin") {
            Some(OtherFile::Sheet(both(
                "a binary workbook (.xlsb)",
                "二进制工作簿（.xlsb）",
            )))
        } else if has("mimetype") && has("content.xml") {
            Some(OtherFile::Sheet(both(
                "an OpenDocument file (.ods)",
                "OpenDocument 文件（.ods）",
            )))
        } else if has("word/document.xml") {
            Some(OtherFile::Source(both("a Word document", " Word 文档")))
        } else if has("ppt/presentation.xml") {
            Some(OtherFile::Source(both("a presentation", "演示文稿")))
        } else if has("index/document.iwa") || has("index.zip") {
            Some(OtherFile::Source(both(
                "a sheet of Apple Numbers",
                " Apple Numbers 表格",
            )))
        } else if self
            .indexes
            .keys()
            .any(|name| name.rsplit('.').next() == Some("xml"))
        {
            None
        } else {
            Some(OtherFile::Archive(both("a zip archive", " zip 压缩包")))
        }
    }

    /// Opens a part; `None` where there is none of this name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<PartOf<'_, R>>, BrokenWorkbook> {
        let name = name.trim_start_matches('/').to_ascii_lowercase();
        let Some(index) = self.indexes.get(&name) else {
            return Ok(None);
        };
        let file = self.zip.by_index(*index).map_err(broken)?;
        Ok(Some(XmlPart::new(&name, BufReader::new(file))))
    }

    /// Opens a part that a workbook cannot be without.
    pub(super) fn must(&mut self, name: &str) -> Result<PartOf<'_, R>, BrokenWorkbook> {
        self.part(name)?
            .ok_or_else(|| broken(format!("it has no part {name:?}")))
    }

    pub(super) fn into_source(self) -> R {
        self.zip.into_inner()
    }
}
