//! A property that a program gave a workbook beside its cells.

use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::package::Package;
use super::tag::attribute;

/// Where such properties stand.
const PART: &str = "docProps/custom.xml";

/// The text of the property of this name; `None` where there is none, or no workbook.
pub fn workbook_property(file: impl Read + Seek, name: &str) -> Option<String> {
    let mut package = Package::open(file).ok()?;
    let mut part = package.part(PART).ok()??;
    loop {
        let is_it = match part.next().ok()? {
            Event::Eof => return None,
            Event::Start(tag) if tag.local_name().as_ref() == "property" => {
                attribute(&tag, "name").ok()?.as_deref() == Some(name)
            }
            _ => false,
        };
        if is_it {
            return part.text().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rust_xlsxwriter::{DocProperties, Workbook};

    use super::*;

    #[test]
    fn a_property_is_found_by_its_name() {
        let mut book = Workbook::new();
        let properties = DocProperties::new()
            .set_custom_property("other", "no")
            .set_custom_property("ours", "1 N <&");
        book.set_properties(&properties).add_worksheet();
        let bytes = book.save_to_buffer().unwrap();
        let read = |name| workbook_property(Cursor::new(&bytes), name);
        assert_eq!(read("ours").as_deref(), Some("1 N <&"));
        assert_eq!(read("nobody's"), None);
        assert_eq!(workbook_property(Cursor::new(b"PK no zip"), "ours"), None);
    }
}
