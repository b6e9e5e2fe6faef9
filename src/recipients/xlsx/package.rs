//! The zip around a workbook.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::broken::{BrokenWorkbook, broken};
use super::part::XmlPart;

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
