//! The XML of API v2: one root `xml` with flat fields, and nothing else.
//!
//! Reading is strict where a lenient reader could be talked into something: DOCTYPE (XXE, as
//! in CVE-2018-13439), entities beyond the five, a field given twice, other encodings, control
//! characters, text outside fields and a document cut short are all refused. A refused reply
//! is doubt, never failure.

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, Event};

/// Replies have about 1 KiB. Far more is no reply.
pub const MAX_BYTES: usize = 64 * 1024;

/// About as many fields as a reply has.
const USUAL: usize = 16;

/// Why some bytes are not a reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct XmlFault(pub String);

/// Names and values in the order of the document, each name once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, String)>);

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The fields directly under the root, unknown ones among them.
    pub fields: Fields,
    /// The entries of `hblist`, nested in `hbinfo` as every sample has them, or flat as some
    /// field tables print them.
    pub hbinfo: Vec<Fields>,
}

impl Fields {
    /// The value of `name`, trimmed; `None` where it is absent or empty.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<&str> {
        let found = self.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty())
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let Fields(pairs) = self;
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn has(&self, name: &str) -> bool {
        self.iter().any(|(known, _)| known == name)
    }

    fn add(&mut self, name: String, value: String) -> Result<(), XmlFault> {
        if self.has(&name) {
            return Err(fault(format!("{name} is given twice")));
        }
        self.0.push((name, value));
        Ok(())
    }
}

/// Writes a request. Every value stands in CDATA, so nothing in it is markup; a `]]>` inside
/// one is split over two.
#[must_use]
pub fn write<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut out = String::with_capacity(1024);
    out.push_str("<xml>");
    for (name, value) in fields {
        for part in ["<", name, "><![CDATA["] {
            out.push_str(part);
        }
        push_cdata(&mut out, value);
        for part in ["]]></", name, ">"] {
            out.push_str(part);
        }
    }
    out.push_str("</xml>");
    out.into_bytes()
}

fn push_cdata(out: &mut String, value: &str) {
    // Hardly any value has one, and looking for three bytes costs more than looking for one.
    if !value.as_bytes().contains(&b']') {
        return out.push_str(value);
    }
    for (index, part) in value.split("]]>").enumerate() {
        if index > 0 {
            out.push_str("]]]]><![CDATA[>");
        }
        out.push_str(part);
    }
}

/// Reads a reply.
///
/// # Errors
/// Where the bytes are anything but one whole document of the shape above.
pub fn parse(bytes: &[u8]) -> Result<Document, XmlFault> {
    if bytes.len() > MAX_BYTES {
        return Err(fault("longer than 64 KiB"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| fault("not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !is_all_xml(text) {
        return Err(fault("a character that XML does not have"));
    }
    let mut reader = Reader::from_str(text);
    let mut builder = Builder::default();
    builder.document.fields.0.reserve(USUAL);
    loop {
        let at_start = reader.buffer_position() == 0;
        match reader
            .read_event()
            .map_err(|error| fault(error.to_string()))?
        {
            Event::Start(tag) => builder.open(tag.name().as_ref())?,
            Event::Empty(tag) => {
                builder.open(tag.name().as_ref())?;
                builder.close()?;
            }
            Event::End(_) => builder.close()?,
            Event::Text(text) => builder.text(&text.xml10_content())?,
            Event::CData(text) => builder.cdata(&text.xml10_content())?,
            Event::GeneralRef(entity) => {
                builder.cdata(resolve(&entity)?.encode_utf8(&mut [0; 4]))?;
            }
            Event::Decl(declaration) if at_start => check_encoding(&declaration)?,
            Event::Decl(_) => return Err(fault("an XML declaration inside the document")),
            Event::DocType(_) => return Err(fault("DOCTYPE is refused")),
            Event::PI(_) => return Err(fault("processing instructions are refused")),
            Event::Comment(_) => {}
            Event::Eof => return builder.finish(),
        }
    }
}

fn fault(what: impl Into<String>) -> XmlFault {
    XmlFault(what.into())
}

/// The `Char` of XML 1.0.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// As [`is_xml`] for each character, by bytes: all of the others but two are single ones. Looks at
/// all of them, which is quicker than to stop at the first.
fn is_all_xml(text: &str) -> bool {
    let is_odd = |byte: u8| (byte < b' ') & !matches!(byte, b'\t' | b'\n' | b'\r');
    let is_any_odd = text.bytes().fold(false, |any, byte| any | is_odd(byte));
    !is_any_odd && !text.contains('\u{fffe}') && !text.contains('\u{ffff}')
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), XmlFault> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(fault("declared to be something else than UTF-8")),
    }
}

/// The five entities of XML and character references; nothing that would need a DTD.
fn resolve(entity: &BytesRef<'_>) -> Result<char, XmlFault> {
    let resolved = entity
        .resolve_char_ref()
        .map_err(|error| fault(error.to_string()))?;
    let resolved = resolved.or(match &**entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    });
    resolved
        .filter(|c| is_xml(*c))
        .ok_or_else(|| fault("an unknown entity"))
}

/// The open elements, and the text read so far.
#[derive(Default)]
struct Builder {
    document: Document,
    open: Vec<String>,
    value: String,
    is_done: bool,
}

impl Builder {
    /// Deeper than `xml`, `hblist`, `hbinfo` and a field no reply goes.
    fn open(&mut self, name: &str) -> Result<(), XmlFault> {
        let is_known_place = match (self.open.len(), self.open.last().map(String::as_str)) {
            (0, _) => name == "xml" && !self.is_done,
            (1, _) | (2, Some("hblist")) | (3, Some("hbinfo")) => true,
            _ => false,
        };
        if !is_known_place {
            return Err(fault(format!("<{name}> where no such element belongs")));
        }
        if self.open.len() == 2 && name == "hbinfo" {
            self.document.hbinfo.push(Fields::default());
        }
        self.check_blank()?;
        self.open.push(name.to_owned());
        Ok(())
    }

    /// Character data; between elements only blanks.
    fn text(&mut self, text: &str) -> Result<(), XmlFault> {
        if self.open.is_empty() && !text.trim_matches(is_blank).is_empty() {
            return Err(fault("text outside the document"));
        }
        self.value.push_str(text);
        Ok(())
    }

    /// Character data that may only stand inside an element.
    fn cdata(&mut self, text: &str) -> Result<(), XmlFault> {
        if self.open.is_empty() {
            return Err(fault("text outside the document"));
        }
        self.value.push_str(text);
        Ok(())
    }

    fn check_blank(&mut self) -> Result<(), XmlFault> {
        if self.value.trim_matches(is_blank).is_empty() {
            self.value.clear();
            return Ok(());
        }
        Err(fault("text between fields"))
    }

    fn close(&mut self) -> Result<(), XmlFault> {
        let Some(name) = self.open.pop() else {
            return Err(fault("an end tag without its start"));
        };
        match (self.open.len(), name.as_str()) {
            (0, _) => {
                self.check_blank()?;
                self.is_done = true;
            }
            (1, "hblist") => {
                self.check_blank()?;
                self.document.fields.add(name, String::new())?;
            }
            (2, "hbinfo") => self.check_blank()?,
            (depth, _) => {
                let value = self.value.trim_matches(is_blank).to_owned();
                self.value.clear();
                self.field(depth, name, value)?;
            }
        }
        Ok(())
    }

    /// A finished field under `depth` open elements.
    fn field(&mut self, depth: usize, name: String, value: String) -> Result<(), XmlFault> {
        if depth == 1 {
            return self.document.fields.add(name, value);
        }
        let list = &mut self.document.hbinfo;
        // A flat list has no element around an entry: a name that comes again begins the next.
        let begins = depth == 2 && list.last().is_none_or(|entry| entry.has(&name));
        if begins {
            list.push(Fields::default());
        }
        match list.last_mut() {
            Some(entry) => entry.add(name, value),
            None => Err(fault("an entry outside its list")),
        }
    }

    fn finish(self) -> Result<Document, XmlFault> {
        if self.is_done && self.open.is_empty() {
            Ok(self.document)
        } else {
            Err(fault("the document is cut short"))
        }
    }
}

/// The white space of XML, which is less than Unicode's.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(xml: &str) -> Option<String> {
        parse(xml.as_bytes())
            .unwrap()
            .fields
            .filled("a")
            .map(str::to_owned)
    }

    fn refused(xml: impl AsRef<[u8]>) -> String {
        parse(xml.as_ref()).unwrap_err().0
    }

    fn pairs(fields: &Fields) -> Vec<(&str, &str)> {
        fields.iter().collect()
    }

    #[test]
    fn bytes_tell_the_characters_of_xml() {
        for c in (0..=0x3100)
            .chain(0xd700..0x11000)
            .filter_map(char::from_u32)
        {
            let text = format!("<xml>{c}");
            assert_eq!(is_all_xml(&text), is_xml(c), "{:x}", u32::from(c));
        }
        assert!(!is_all_xml("\u{1}\u{2}"));
    }

    #[test]
    fn a_request_is_flat_cdata() {
        let xml = write([("a", "x & <y>"), ("b", "]]>"), ("c", "")]);
        let expected = "<xml><a><![CDATA[x & <y>]]></a>\
            <b><![CDATA[]]]]><![CDATA[>]]></b><c><![CDATA[]]></c></xml>";
        assert_eq!(String::from_utf8(xml).unwrap(), expected);
    }

    #[test]
    fn text_cdata_and_references_are_one_value() {
        assert_eq!(value("<xml><a>1</a></xml>").unwrap(), "1");
        assert_eq!(
            value("<xml><a> \n x&amp;&#x7ea2;&lt; </a></xml>").unwrap(),
            "x&红<"
        );
        let five = "<xml><a>&amp;&lt;&gt;&quot;&apos;</a></xml>";
        assert_eq!(value(five).unwrap(), "&<>\"'");
        let split = "<xml><a><![CDATA[one]]><!-- c --><![CDATA[ two]]> three</a></xml>";
        assert_eq!(value(split).unwrap(), "one two three");
    }

    #[test]
    fn an_empty_field_is_not_filled() {
        for xml in [
            "<xml><a/></xml>",
            "<xml><a></a></xml>",
            "<xml><a><![CDATA[ ]]></a></xml>",
        ] {
            assert_eq!(value(xml), None, "{xml}");
        }
        assert_eq!(value("<xml/>"), None);
    }

    #[test]
    fn utf8_is_read_with_and_without_mark_and_declaration() {
        assert_eq!(value("\u{feff}<xml><a>红</a></xml>").unwrap(), "红");
        let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><a>红</a></xml>\n";
        assert_eq!(value(declared).unwrap(), "红");
        let marked = format!("\u{feff}{declared}");
        assert_eq!(value(&marked).unwrap(), "红");
    }

    #[test]
    fn other_encodings_are_refused() {
        let gbk = "<?xml version=\"1.0\" encoding=\"GBK\"?><xml><a>1</a></xml>";
        assert_eq!(refused(gbk), "declared to be something else than UTF-8");
        assert_eq!(refused(b"<xml><a>\xba\xec</a></xml>"), "not UTF-8");
        assert_eq!(refused(b"\xff\xfe<\0x\0"), "not UTF-8");
    }

    #[test]
    fn doctype_and_entities_are_refused() {
        let external =
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><a>&e;</a></xml>";
        assert_eq!(refused(external), "DOCTYPE is refused");
        let bomb = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>\
            <xml><a>&b;</a></xml>";
        assert_eq!(refused(bomb), "DOCTYPE is refused");
        assert_eq!(refused("<xml><a>&e;</a></xml>"), "an unknown entity");
        for reference in [
            "&#0;",
            "&#x0;",
            "&#xFFFE;",
            "&#xD800;",
            "&#x110000;",
            "&;",
            "&#;",
        ] {
            let xml = format!("<xml><a>{reference}</a></xml>");
            assert!(parse(xml.as_bytes()).is_err(), "{reference}");
        }
        refused("<xml><?php x?></xml>");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("<xml>{}{}</xml>", "<a>".repeat(5000), "</a>".repeat(5000));
        assert_eq!(refused(deep), "<a> where no such element belongs");
        refused("<xml><hblist><hbinfo><openid><b/></openid></hbinfo></hblist></xml>");
        refused("<xml><a><hbinfo>1</hbinfo></a></xml>");
    }

    #[test]
    fn a_field_given_twice_is_refused() {
        assert_eq!(refused("<xml><a>1</a><a>1</a></xml>"), "a is given twice");
        refused("<xml><hblist/><hblist/></xml>");
        refused("<xml><hblist><hbinfo><a>1</a><a>2</a></hbinfo></hblist></xml>");
    }

    #[test]
    fn what_is_no_whole_document_is_refused() {
        let others = [
            "",
            " ",
            "OK",
            "<html></html>",
            "<xml>",
            "<xml><a>",
            "<xml></a></xml>",
            "<xml></xml",
            "<xml></xml><xml></xml>",
            "<xml></xml>x",
            "x<xml></xml>",
            "<xml>x<a/></xml>",
            "<xml><a/>x</xml>",
            "<xml></xml></xml>",
            "<xml><![CDATA[x]]></xml>",
            "<a/>",
            "<xml><a>1</b></xml>",
            "<xml><hblist>x</hblist></xml>",
            "&amp;<xml/>",
            "<xml/><?xml version=\"1.0\"?>",
            "<![CDATA[ ]]><xml/>",
        ];
        for xml in others {
            assert!(parse(xml.as_bytes()).is_err(), "{xml:?}");
        }
        refused("<xml><a>\0</a></xml>");
        refused("<xml><a>\u{8}</a></xml>");
        refused("<xml><a>\u{fffe}</a></xml>");
    }

    #[test]
    fn more_than_64_kib_is_refused() {
        let fill = |bytes: usize| format!("<xml><a>{}</a></xml>", "x".repeat(bytes - 18));
        assert!(parse(fill(MAX_BYTES).as_bytes()).is_ok());
        assert_eq!(refused(fill(MAX_BYTES + 1)), "longer than 64 KiB");
        assert_eq!(MAX_BYTES, 65_536);
    }

    #[test]
    fn the_list_is_read_nested_and_flat() {
        let nested = "<xml><hblist>\n<hbinfo><openid>A</openid><amount>1</amount></hbinfo>\
            <hbinfo><openid>B</openid></hbinfo> <hbinfo/></hblist><x>1</x></xml>";
        let document = parse(nested.as_bytes()).unwrap();
        let entries: Vec<_> = document.hbinfo.iter().map(pairs).collect();
        assert_eq!(
            entries,
            [
                vec![("openid", "A"), ("amount", "1")],
                vec![("openid", "B")],
                vec![]
            ]
        );
        assert_eq!(document.fields.filled("x"), Some("1"));
        let flat =
            "<xml><hblist><openid>A</openid><amount>1</amount><openid>B</openid></hblist></xml>";
        let document = parse(flat.as_bytes()).unwrap();
        let entries: Vec<_> = document.hbinfo.iter().map(pairs).collect();
        assert_eq!(
            entries,
            [
                vec![("openid", "A"), ("amount", "1")],
                vec![("openid", "B")]
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(text in "[<>&\"'\\]!\\[a-z 红包🧧;#]{0,40}") {
            let text = text.trim();
            let document = parse(&write([("a", text), ("b", "]]>")])).unwrap();
            prop_assert_eq!(document.fields.filled("a").unwrap_or(""), text);
            prop_assert_eq!(document.fields.filled("b"), Some("]]>"));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn no_markup_makes_it_panic(
            text in "(<|>|/|xml|a|hblist|hbinfo|&|;|#|!|\\[|\\]|CDATA|\\?| |=|\"|-){0,60}",
        ) {
            let _ = parse(text.as_bytes());
        }
    }
}
