//! Requests as XML: one root `<xml>`, flat fields, no DOCTYPE.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::fields::BodyFields;
pub use super::fields::WireFields;

/// The request is not XML of the documented shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct NotAFlatDocument;

/// Reads a request body.
///
/// A DOCTYPE, nesting, a repeated field and text between fields are all refused: the real
/// gateway's clients have no reason to send them, and ours must not rely on mercy.
pub(in crate::simulator) fn read(body: &[u8]) -> Result<BodyFields<'_>, NotAFlatDocument> {
    let text = std::str::from_utf8(body).map_err(|_| NotAFlatDocument)?;
    plain(text).map_or_else(|| any(text).map(BodyFields::from), Ok)
}

/// The form that nearly every request has, each value in one CDATA or free of markup: read here,
/// since a parser takes ten times as long. `None` for any other form, right or wrong.
fn plain(text: &str) -> Option<BodyFields<'_>> {
    let mut rest = text.strip_prefix("<xml>")?;
    let pairs = std::iter::from_fn(|| {
        rest = rest.trim_start_matches([' ', '\n']);
        if let Some(after) = rest.strip_prefix("</xml>")
            && after.bytes().all(|byte| byte == b'\n')
        {
            return None;
        }
        let pair = next_pair(rest);
        Some(pair.map(|(pair, after)| {
            rest = after;
            pair
        }))
    });
    BodyFields::of(pairs)
}

/// The field at the begin of a text, and what is behind it.
fn next_pair(text: &str) -> Option<((&str, &str), &str)> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let rest = text.strip_prefix('<')?;
    let (name, after) = rest.split_at(rest.bytes().position(|byte| !is_name(byte))?);
    let after = after.strip_prefix('>')?;
    let (value, after) = match after.strip_prefix("<![CDATA[") {
        // No value has a bracket but one that holds the end of CDATA or the like.
        Some(value) => {
            let (value, after) = value.split_at(value.find(']')?);
            (value, after.strip_prefix("]]>")?)
        }
        None => after.split_at(after.find(['<', '>', '&', ']'])?),
    };
    let after = after.strip_prefix("</")?.strip_prefix(name)?;
    let after = after.strip_prefix('>')?;
    let is_usual = !name.is_empty() && !value.contains('\r');
    is_usual.then_some(((name, value), after))
}

/// Any form.
fn any(text: &str) -> Result<WireFields, NotAFlatDocument> {
    let mut reader = Reader::from_str(text);
    let mut document = UnfinishedFields::default();
    loop {
        match reader.read_event().map_err(|_| NotAFlatDocument)? {
            Event::Start(tag) => document.open(tag.name().as_ref())?,
            Event::Empty(tag) => {
                document.open(tag.name().as_ref())?;
                document.close()?;
            }
            Event::End(_) => document.close()?,
            Event::Text(text) => document.write(&text.xml10_content())?,
            Event::CData(text) => document.write(&text.xml10_content())?,
            Event::GeneralRef(reference) => document.write(&resolve(&reference)?)?,
            Event::DocType(_) | Event::PI(_) => return Err(NotAFlatDocument),
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => return document.finish(),
        }
    }
}

/// The fields read so far. `depth` counts the open elements: 1 is the root, 2 a field.
#[derive(Default)]
struct UnfinishedFields {
    fields: WireFields,
    depth: usize,
    name: String,
    value: String,
    is_over: bool,
}

impl UnfinishedFields {
    fn open(&mut self, name: &str) -> Result<(), NotAFlatDocument> {
        match self.depth {
            0 if name == "xml" && !self.is_over => {}
            1 => {
                name.clone_into(&mut self.name);
                self.value.clear();
            }
            _ => return Err(NotAFlatDocument),
        }
        self.depth += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), NotAFlatDocument> {
        if self.depth == 2 {
            let (name, value) = (self.name.clone(), self.value.clone());
            if self.fields.insert(name, value).is_some() {
                return Err(NotAFlatDocument);
            }
        }
        self.is_over = self.depth == 1;
        self.depth = self.depth.checked_sub(1).ok_or(NotAFlatDocument)?;
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), NotAFlatDocument> {
        if self.depth == 2 {
            self.value.push_str(text);
            Ok(())
        } else if text.trim().is_empty() {
            Ok(())
        } else {
            Err(NotAFlatDocument)
        }
    }

    fn finish(self) -> Result<WireFields, NotAFlatDocument> {
        if self.is_over {
            Ok(self.fields)
        } else {
            Err(NotAFlatDocument)
        }
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, NotAFlatDocument> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| NotAFlatDocument)? {
        return Ok(character.to_string());
    }
    let text = match reference.xml10_content().as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(NotAFlatDocument),
    };
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdata_escapes_and_plain_text_are_read_alike() {
        let body = "<xml>\n<a><![CDATA[1&2]]></a><b>1&amp;2</b><c/><d>x&#x4E2D;]]&gt;</d>\n</xml>";
        let fields = any(body).unwrap();
        assert_eq!(read(body.as_bytes()), Ok(BodyFields::from(fields.clone())));
        assert_eq!(fields["a"], "1&2");
        assert_eq!(fields["b"], "1&2");
        assert_eq!(fields["c"], "");
        assert_eq!(fields["d"], "x中]]>");
    }

    proptest::proptest! {
        #[test]
        fn a_plain_form_is_read_as_a_parser_reads_it(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..12),
        ) {
            let text = format!("<xml>{}</xml>", pieces.concat());
            if let Some(fields) = plain(&text) {
                assert_eq!(Ok(fields), any(&text).map(BodyFields::from), "{text}");
            }
        }
    }

    const PIECES: &[&str] = &[
        "<a><![CDATA[",
        "]]></a>",
        "<b><![CDATA[x]]></b>",
        "<c_1><![CDATA[]]></c_1>",
        "]",
        "]]>",
        "<![CDATA[>",
        "1",
        "红",
        "\n",
        " ",
        "\r",
        "\t",
        "\0",
        "&",
        "&amp;",
        "<",
        ">",
        "</a>",
        "<a>",
        "<1><![CDATA[y]]></1>",
        "<e>7</e>",
        "<f>",
        "</f>",
        "<g></g>",
        "</xml>",
        "<xml>",
        "<!-- -->",
        "<d/>",
        "<A><![CDATA[z\n]]></A>",
    ];

    #[test]
    fn the_form_of_a_request_is_read_without_a_parser() {
        let fields = crate::simulator::testing::send_fields("n1", "oA", 100);
        let body = crate::simulator::testing::body(&fields, "key");
        let text = String::from_utf8(body).unwrap();
        assert_eq!(plain(&text), any(&text).ok().map(BodyFields::from));
        assert_eq!(plain(&text).unwrap().iter().count(), fields.len() + 1);
    }

    #[test]
    fn what_is_not_a_flat_document_is_refused() {
        for body in [
            "",
            "<xml>",
            "<xml><a>1</xml>",
            "<xml><a><b>1</b></a></xml>",
            "<xml><a>1</a><a>2</a></xml>",
            "<xml>text<a>1</a></xml>",
            "<html></html>",
            "<xml></xml><xml></xml>",
            "<!DOCTYPE xml [<!ENTITY e \"x\">]><xml><a>&e;</a></xml>",
            "<xml><a>&unknown;</a></xml>",
            "{\"a\": 1}",
        ] {
            assert_eq!(read(body.as_bytes()), Err(NotAFlatDocument), "{body}");
        }
        assert_eq!(read(b"<xml><a>\xff</a></xml>"), Err(NotAFlatDocument));
    }
}
