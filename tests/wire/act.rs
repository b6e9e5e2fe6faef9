//! From a fault and a true reply to what the server writes, byte by byte.

use super::document::{Action, Document, sign};
use super::fault::{Cut, Fault, Fault as F};
use super::spoil::{another, bomb, cut, gbk, rot13, split_cdata};

/// A step of the server.
#[derive(Debug)]
pub(crate) enum Act {
    /// Writes this.
    Say(Vec<u8>),
    /// Writes this, one byte a second.
    Drip(Vec<u8>),
    /// Writes a gibibyte of blanks, or as much of it as is taken.
    Flood,
    /// The same in chunks.
    FloodInChunks,
    /// Writes this past TLS.
    Bare(&'static [u8]),
    /// Ends TLS and the sending half of TCP, and goes on reading.
    HalfClose,
    /// Ends TLS and TCP.
    Close,
    /// Ends TCP without a word of TLS.
    Cut,
    /// Resets TCP.
    Reset,
    /// Says nothing until the client leaves.
    Hang,
}

/// The most that a client reads, and a gibibyte.
const CAP: usize = 64 * 1024;
pub(crate) const GIBIBYTE: usize = 1 << 30;

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>nginx</title></head>\n\
    <body><center><h1>It works, or does not</h1></center><hr></body></html>\n";

/// A whole reply, as a good gateway gives it.
pub(crate) fn good(document: &Document) -> Vec<u8> {
    ok(document.xml())
}

/// The same, and that the connection ends with it.
pub(crate) fn last(document: &Document) -> Vec<u8> {
    with(OK, "Connection: close\r\n", document.xml())
}

fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    with(OK, "", body)
}

/// A reply with this first line and these further headers, and a length that fits.
fn with(first: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = format!("{headers}Content-Length: {}\r\n", body.as_ref().len());
    framed(first, &length, body)
}

/// As [`with`], but with no length of its own.
fn framed(first: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("{first}\r\nServer: nginx\r\nContent-Type: text/plain\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

const OK: &str = "HTTP/1.1 200 OK";

impl Fault {
    /// What the server does after the whole request.
    pub(crate) fn acts(self, document: &Document) -> Vec<Act> {
        if let Some(body) = self.body(document) {
            return vec![Act::Say(ok(body))];
        }
        if let Some(reply) = self.reply(document) {
            return if self.keeps_alive() {
                vec![Act::Say(reply)]
            } else {
                vec![Act::Say(reply), Act::Close]
            };
        }
        self.connection(document)
    }

    /// Whether the odd frame has an end of its own.
    fn keeps_alive(self) -> bool {
        matches!(
            self,
            F::Html(_)
                | F::Worded(_)
                | F::InformedFirst(_)
                | F::ChunksOfOneByte
                | F::ChunkExtensions
                | F::ChunkTrailers
                | F::ChunkedWithALength
                | F::Gzip
                | F::NoReason
                | F::OnlyLineFeeds
                | F::TwoLengths
                | F::TooManyHeaders
        )
    }

    fn connection(self, document: &Document) -> Vec<Act> {
        let good = good(document);
        let half = good[..good.len() / 2].to_vec();
        let long = |length: usize| {
            let length = format!("Content-Length: {length}\r\n");
            Act::Say(framed(OK, &length, document.xml()))
        };
        let chunked = || Act::Say(framed(OK, "Transfer-Encoding: chunked\r\n", ""));
        match self {
            F::ResetDuringTheRequest | F::ResetAfterTheRequest => vec![Act::Reset],
            F::ClosedWithoutAReply => vec![Act::Close],
            F::CutWithoutAReply => vec![Act::Cut],
            F::HalfClosedWithoutAReply => vec![Act::HalfClose],
            F::HalfClosedInTheReply => vec![Act::Say(half), Act::HalfClose],
            F::HalfClosedAfterTheReply => vec![Act::Say(good), Act::HalfClose],
            F::ResetInTheReply => vec![Act::Say(half), Act::Reset],
            F::NoTlsInTheReply => vec![Act::Say(half), Act::Bare(b"HTTP/1.1 200 OK\r\n\r\n")],
            F::ClosedAfterTheReply => vec![Act::Say(good), Act::Close],
            F::ResetAfterTheReply => vec![Act::Say(good), Act::Reset],
            F::ASecondReply => {
                let more = Document::new(document.action, document.says, &another(&document.about));
                vec![Act::Say([good, ok(more.xml())].concat())]
            }
            F::Silence => vec![Act::Hang],
            F::OneByteASecond => vec![Act::Drip(good)],
            F::LengthTooLong => vec![long(document.xml().len() + 100), Act::Close],
            F::LengthTooLongAndSilence => vec![long(document.xml().len() + 1), Act::Hang],
            F::LengthTooShort => vec![long(document.xml().len() - 7)],
            F::GibibyteAnnounced => vec![long(GIBIBYTE), Act::Flood],
            F::GibibyteInChunks => vec![chunked(), Act::FloodInChunks],
            F::GibibyteUntilClosed => vec![Act::Say(framed(OK, "", "")), Act::Flood],
            F::InformedOnly(100) => vec![Act::Say(informed(100)), Act::Hang],
            F::InformedOnly(status) => vec![Act::Say(informed(status)), Act::Close],
            F::CutAt(at, Cut::Closed) => vec![Act::Say(cut(&good, at)), Act::Close],
            F::CutAt(at, Cut::Reset) => vec![Act::Say(cut(&good, at)), Act::Reset],
            other => panic!("{other:?} has no script"),
        }
    }

    /// A reply whose frame is odd.
    fn reply(self, document: &Document) -> Option<Vec<u8>> {
        let xml = document.xml();
        let length = format!("Content-Length: {}\r\n", xml.len());
        let chunked = |body: String| framed(OK, "Transfer-Encoding: chunked\r\n", body);
        let one = format!("{:x}\r\n{xml}\r\n", xml.len());
        Some(match self {
            F::TwoLengths => framed(OK, &format!("{length}Content-Length: 7\r\n"), xml),
            F::LengthNegative => framed(OK, "Content-Length: -1\r\n", xml),
            F::LengthNoNumber => framed(OK, "Content-Length: 0x200\r\n", xml),
            F::NoLength => framed(OK, "", xml),
            F::Html(status) => page(status),
            F::Worded(status) => with(&format!("HTTP/1.1 {status} Odd"), "", xml),
            F::InformedFirst(status) => [informed(status), good(document)].concat(),
            F::ChunksOfOneByte => {
                let byte = |byte: &u8| [b"1\r\n".as_slice(), &[*byte], b"\r\n"].concat();
                let bytes: Vec<u8> = xml.as_bytes().iter().flat_map(byte).collect();
                let body = [&bytes[..], b"0\r\n\r\n"].concat();
                framed(OK, "Transfer-Encoding: chunked\r\n", body)
            }
            F::ChunkExtensions => chunked(format!(
                "{:X};a=\"b\";c\r\n{xml}\r\n000;d\r\n\r\n",
                xml.len()
            )),
            F::ChunkTrailers => chunked(format!("{one}0\r\nmch_billno: 1\r\nSign: 2\r\n\r\n")),
            F::ChunkedWithALength => {
                let headers = "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n";
                framed(OK, headers, format!("{one}0\r\n\r\n"))
            }
            F::ChunkSizeNoNumber => chunked(format!("zz\r\n{xml}\r\n0\r\n\r\n")),
            F::ChunkSizeTooLarge => chunked(format!("fffffffffffffffff\r\n{xml}\r\n0\r\n\r\n")),
            F::ChunkCutShort => chunked(format!("{:x}\r\n{xml}", xml.len() + 50)),
            F::ChunkWithoutItsEnd => chunked(format!("{:x}\r\n{xml}0\r\n\r\n", xml.len())),
            F::NoLastChunk => chunked(one),
            F::UnknownTransferCoding => framed(OK, "Transfer-Encoding: rot13\r\n", rot13(&xml)),
            F::Gzip => with(
                OK,
                "Content-Encoding: gzip\r\n",
                b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
            ),
            F::Http10 => format!("HTTP/1.0 200 OK\r\nServer: old\r\n\r\n{xml}").into_bytes(),
            F::NoReason => with("HTTP/1.1 200 ", "", xml),
            F::OnlyLineFeeds => format!("HTTP/1.1 200 OK\n{length}\n{xml}")
                .replace('\r', "")
                .into_bytes(),
            F::Http2 => with("HTTP/2.0 200 OK", "", xml),
            F::NoHead => xml.into_bytes(),
            F::NoHttp => b"\0\x01\x02 not a word of HTTP\r\n\r\n".to_vec(),
            F::TooManyHeaders => with(OK, &"X-A: a\r\n".repeat(500), xml),
            F::HeaderTooLong => with(OK, &format!("X-A: {}\r\n", "a".repeat(1 << 20)), xml),
            F::NulInAHeader => with(OK, "X-A: a\0b\r\n", xml),
            F::CutAt(at, Cut::UntilClosed) => framed(OK, "", cut(xml.as_bytes(), at)),
            _ => return None,
        })
    }

    /// A document that is odd, in a good frame.
    fn body(self, document: &Document) -> Option<Vec<u8>> {
        let xml = document.xml();
        let declared = |doctype: &str, xml: &str| {
            format!("<?xml version=\"1.0\"?>\n{doctype}\n{xml}").into_bytes()
        };
        let in_front = |what: &str| xml.replacen("<xml>", &format!("<xml>{what}"), 1);
        Some(match self {
            F::EmptyBody => Vec::new(),
            F::Page => PAGE.into(),
            F::Json => br#"{"code":"SUCCESS","message":"OK"}"#.to_vec(),
            F::ByteOrderMark => format!("\u{feff}{xml}").into_bytes(),
            F::Utf16 => xml.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            F::Gbk => [
                b"<?xml version=\"1.0\" encoding=\"GBK\"?>".as_slice(),
                &gbk(&xml),
            ]
            .concat(),
            F::GbkUndeclared => gbk(&xml),
            F::AtTheCap => in_front(&" ".repeat(CAP - xml.len())).into_bytes(),
            F::OverTheCap => in_front(&" ".repeat(CAP + 1 - xml.len())).into_bytes(),
            F::SplitCdata => split_cdata(&xml).into_bytes(),
            F::Comments => xml.replace("]]></", "]]><!-- < & ]]> --></").into_bytes(),
            F::DocumentType => declared("<!DOCTYPE xml>", &xml),
            F::ExternalEntity => {
                let entity = "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
                declared(entity, &in_front("<note>&e;</note>"))
            }
            F::EntityBomb => declared(&bomb(), &in_front("<note>&e9;</note>")),
            F::ProcessingInstruction => in_front("<?php exit ?>").into_bytes(),
            F::DeepNesting => in_front(&"<a>".repeat(100_000)).into_bytes(),
            F::DeepNestingBelowTheCap => {
                let deep = ("<a>".repeat(9_000), "</a>".repeat(9_000));
                in_front(&format!("{}{}", deep.0, deep.1)).into_bytes()
            }
            F::ControlCharacter => in_front("<note>\u{1}</note>").into_bytes(),
            F::TwoRoots => format!("{xml}{xml}").into_bytes(),
            F::TextBehindTheRoot => format!("{xml} and more").into_bytes(),
            F::AnotherRoot => xml.replace("xml>", "root>").into_bytes(),
            F::CutAt(at, Cut::Fitting) => cut(xml.as_bytes(), at),
            _ => return self.fields(document).map(|told| told.xml().into_bytes()),
        })
    }

    /// A good document that says something odd.
    fn fields(self, document: &Document) -> Option<Document> {
        let mut told = document.clone();
        let other = another(&told.about);
        match self {
            F::NoSign => {}
            F::EmptySign => told.push("sign", ""),
            F::RightSign => told.push("sign", &document.sign()),
            F::WrongSign => told.push("sign", &"0123456789ABCDEF".repeat(2)),
            F::SignOfOtherFields => told.push("sign", &sign(&document.fields[1..])),
            F::UnknownFields => {
                told.push("trace_id", "08a5-77");
                told.push("note", "a<b>&amp;");
            }
            F::AFieldTwice => told.push("return_code", "SUCCESS"),
            F::TheNumberTwice => {
                let number = ("mch_billno".to_owned(), other.number);
                told.fields.insert(0, number);
            }
            F::AnotherNumber => told.set("mch_billno", &other.number),
            F::AnotherOpenid if told.action == Action::Query => {
                let list = "<hbinfo><openid>oOther</openid><amount>1</amount></hbinfo>";
                told.push("hblist", list);
            }
            F::AnotherOpenid => told.set("re_openid", &other.openid),
            F::AnotherAmount => told.set("total_amount", &other.fen.to_string()),
            F::AnotherMerchant => told.set("mch_id", "10000099"),
            F::NoEcho => told.remove(&["mch_billno", "re_openid", "total_amount"]),
            F::UnknownCode => {
                told.set("result_code", "FAIL");
                told.set("err_code", "BRAND_NEW_CODE");
            }
            _ => return None,
        }
        Some(told)
    }
}

/// A page of HTML where a reply should be. A redirect leads to a place that must stay unasked.
fn page(status: u16) -> Vec<u8> {
    let location = if (300..400).contains(&status) {
        "Location: /elsewhere\r\n"
    } else {
        ""
    };
    let first = format!("HTTP/1.1 {status} Page");
    let html = PAGE.replace("text/plain", "text/html");
    with(&first, location, html)
}

fn informed(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} Wait\r\nLink: </style.css>\r\n\r\n").into_bytes()
}
