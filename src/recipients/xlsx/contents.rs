//! The parts of a workbook, as it lists them.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::{BrokenWorkbook, broken};
use super::package::Package;
use super::tag::attribute;

/// A workbook has seldom more sheets than fit on its bar; a file may claim any number.
const SHEETS_MAX: usize = 1_000;

/// The parts of a workbook that matter.
pub(super) struct Contents {
    /// Name and part of each visible worksheet.
    pub(super) sheets: Vec<(String, String)>,
    /// Names of the hidden ones, but for those that programs hide from people.
    pub(super) hidden: Vec<String>,
    pub(super) strings: String,
    pub(super) styles: String,
    /// Whether days are counted from 1904, as on old Macs.
    pub(super) is_1904: bool,
}

/// One part names another.
struct Relation {
    kind: String,
    target: String,
}

impl Contents {
    pub(super) fn read(package: &mut Package<impl Read + Seek>) -> Result<Self, BrokenWorkbook> {
        if let Some(what) = package.other() {
            return Err(BrokenWorkbook::NoWorkbook(what));
        }
        let workbook = relations(package, "")?
            .into_values()
            .find(|it| it.kind.ends_with("/officeDocument"))
            .map_or_else(|| "xl/workbook.xml".to_owned(), |it| it.target);
        let relations = relations(package, &workbook)?;
        let of_kind = |kind: &str, usual: &str| {
            let found = relations.values().find(|it| it.kind.ends_with(kind));
            found.map_or_else(|| usual.to_owned(), |it| it.target.clone())
        };
        let mut contents = Contents {
            sheets: Vec::new(),
            hidden: Vec::new(),
            strings: of_kind("/sharedStrings", "xl/sharedStrings.xml"),
            styles: of_kind("/styles", "xl/styles.xml"),
            is_1904: false,
        };
        let mut part = package.must(&workbook)?;
        loop {
            match part.next()? {
                Event::Eof => break,
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "workbookPr" => {
                        let day = attribute(&tag, "date1904")?;
                        contents.is_1904 = day.is_some_and(|it| it == "1" || it == "true");
                    }
                    "sheet" if contents.sheets.len() < SHEETS_MAX => {
                        let state = attribute(&tag, "state")?.unwrap_or_default();
                        let id = attribute(&tag, "id")?.unwrap_or_default();
                        let is_visible = state.is_empty() || state == "visible";
                        let found = relations
                            .get(&id)
                            .filter(|it| it.kind.ends_with("/worksheet"));
                        let Some(relation) = found else { continue };
                        let name = attribute(&tag, "name")?.unwrap_or_default();
                        if is_visible {
                            contents.sheets.push((name, relation.target.clone()));
                        } else if state == "hidden" && contents.hidden.len() < SHEETS_MAX {
                            contents.hidden.push(name);
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if contents.sheets.is_empty() {
            return Err(broken("it has no visible worksheet"));
        }
        Ok(contents)
    }
}

impl Contents {
    /// Name and part of the visible sheet that is meant by this name.
    pub(super) fn sheet(&self, name: &str) -> Result<(&str, &str), BrokenWorkbook> {
        let names: Vec<&str> = self.sheets.iter().map(|(name, _)| name.as_str()).collect();
        let Some(index) = meant(&names, name) else {
            if let Some(index) = meant(&self.hidden, name) {
                return Err(BrokenWorkbook::Hidden(quoted(&self.hidden[index..=index])));
            }
            return Err(BrokenWorkbook::NoSheet {
                name: name.to_owned(),
                sheets: quoted(&names),
            });
        };
        let (name, part) = &self.sheets[index];
        Ok((name, part))
    }
}

/// Names of sheets, for a person.
pub(super) fn quoted<N: AsRef<str>>(names: &[N]) -> String {
    let names = names.iter().map(|name| format!("{:?}", name.as_ref()));
    names.collect::<Vec<_>>().join(", ")
}

/// Which of the names is meant by one that a person wrote: the very one, or else the only one that
/// differs in nothing but case and the blanks around it.
pub(super) fn meant<N: AsRef<str>>(names: &[N], name: &str) -> Option<usize> {
    let folded = |name: &str| name.trim().to_lowercase();
    let fitting = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let names = (0..).zip(names);
        let found = names.filter(|(_, known)| fits(known.as_ref()));
        found.map(|(index, _)| index).collect()
    };
    let mut found = fitting(&|known| known == name);
    if found.is_empty() {
        found = fitting(&|known| folded(known) == folded(name));
    }
    found.first().copied().filter(|_| found.len() == 1)
}

/// The part with the comments of a sheet, where it has any.
pub(super) fn comments_of(
    package: &mut Package<impl Read + Seek>,
    sheet: &str,
) -> Result<Option<String>, BrokenWorkbook> {
    let mut relations = relations(package, sheet)?.into_values();
    let found = relations.find(|it| it.kind.ends_with("/comments"));
    Ok(found.map(|it| it.target))
}

/// The relations of `part`, by id; of the whole package where `part` is empty.
fn relations(
    package: &mut Package<impl Read + Seek>,
    part: &str,
) -> Result<HashMap<String, Relation>, BrokenWorkbook> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let mut relations = HashMap::new();
    let Some(mut part) = package.part(&format!("{folder}/_rels/{file}.rels"))? else {
        return Ok(relations);
    };
    loop {
        match part.next()? {
            Event::Eof => return Ok(relations),
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let of = |name| Ok(attribute(&tag, name)?.unwrap_or_default());
                let target = resolve(folder, &of("Target")?);
                let kind = of("Type")?;
                relations.insert(of("Id")?, Relation { kind, target });
            }
            _ => {}
        }
    }
}

/// A target as a part's name.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(parts.pop()),
            "." | "" => {}
            step => parts.push(step),
        }
    }
    parts.join("/")
}

/// Names of its visible worksheets; `None` where it is no workbook.
pub(in crate::recipients) fn sheet_names(file: impl Read + Seek) -> Option<Vec<String>> {
    let mut package = Package::open(file).ok()?;
    let sheets = Contents::read(&mut package).ok()?.sheets;
    Some(sheets.into_iter().map(|(name, _)| name).collect())
}

/// The one of these names that is meant by one that a person wrote.
pub(in crate::recipients) fn meant_sheet<'n>(names: &'n [String], name: &str) -> Option<&'n str> {
    meant(names, name).map(|index| names[index].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_the_one_of_the_very_name_or_the_only_one_alike() {
        let names = ["名单 ", "名单", "List", "a", "A ", "b", "b"];
        for (name, index) in [
            ("名单", Some(1)),
            ("名单 ", Some(0)),
            (" 名单", None),
            ("list ", Some(2)),
            ("a", Some(3)),
            ("A", None),
            ("b", None),
            ("x", None),
        ] {
            assert_eq!(meant(&names, name), index, "{name:?}");
        }
    }

    #[test]
    fn targets_are_resolved_beside_their_part() {
        for (folder, target, name) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            (
                "xl",
                "/xl/worksheets/sheet1.xml",
                "xl/worksheets/sheet1.xml",
            ),
            ("xl/a", "../b.xml", "xl/b.xml"),
            ("", "./xl/workbook.xml", "xl/workbook.xml"),
            ("", "../../x", "x"),
        ] {
            assert_eq!(resolve(folder, target), name);
        }
    }
}
