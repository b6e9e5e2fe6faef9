//! What a file is that is neither text with rows nor a workbook, by its first bytes.
//!
//! Web back ends export HTML and XML named `.xls`, which Excel opens without a word: for the person
//! at hand it is a list like any other, and the remedy is to save it once.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::fault::form_fault::{FormFault, OtherFile};
use super::notation::of_text;
use crate::words::both;

/// So much of a file is looked at.
pub(super) const HEAD: u64 = 2048;

/// An Excel lock file has 165 bytes.
const LOCK_MAX: u64 = 512;

/// How an old workbook begins that has no container around it, by version: as old PHP exports and
/// instruments write it.
const BIFF: [[u8; 4]; 4] = [
    [0x09, 0x00, 0x04, 0x00],
    [0x09, 0x02, 0x06, 0x00],
    [0x09, 0x04, 0x06, 0x00],
    [0x09, 0x08, 0x08, 0x00],
];

/// Files of which there are several kinds.
const PICTURE: OtherFile = OtherFile::Unrelated(both("a picture", "图片"));
const SOUND: OtherFile = OtherFile::Unrelated(both("a sound", "音频"));
const VIDEO: OtherFile = OtherFile::Unrelated(both("a video", "视频"));
const PROGRAM: OtherFile = OtherFile::Unrelated(both("a program", "程序"));
const FONT: OtherFile = OtherFile::Unrelated(both("a font", "字体文件"));

/// First bytes that are enough to know a file by.
const BINARY: &[(&[u8], OtherFile)] = &[
    (b"%PDF", OtherFile::Source(both("a PDF", " PDF"))),
    (
        b"{\\rtf",
        OtherFile::Source(both("an RTF document", " RTF 文档")),
    ),
    (
        b"\x1F\x8B",
        OtherFile::Archive(both("a gzip archive", " gzip 压缩包")),
    ),
    (
        b"Rar!",
        OtherFile::Archive(both("a RAR archive", " RAR 压缩包")),
    ),
    (
        b"7z\xBC\xAF\x27\x1C",
        OtherFile::Archive(both("a 7z archive", " 7z 压缩包")),
    ),
    (b"\x89PNG", PICTURE),
    (b"\xFF\xD8\xFF", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM\0\0", PICTURE),
    (
        b"SQLite format 3\0",
        OtherFile::Source(both("a database", "数据库")),
    ),
    (
        b"BZh9",
        OtherFile::Archive(both("a bzip2 archive", " bzip2 压缩包")),
    ),
    (
        b"\xFD7zXZ",
        OtherFile::Archive(both("an xz archive", " xz 压缩包")),
    ),
    (
        b"\x28\xB5\x2F\xFD",
        OtherFile::Archive(both("a zstd archive", " zstd 压缩包")),
    ),
    (
        b"RIFF",
        OtherFile::Unrelated(both("a picture or sound", "图片或音频")),
    ),
    (
        b"L\0\0\0\x01\x14\x02",
        OtherFile::Unrelated(both("a shortcut of Windows", " Windows 快捷方式")),
    ),
    (
        b"bplist00",
        OtherFile::Source(both("a property list of macOS", " macOS 属性列表文件")),
    ),
    (
        b"ARROW1",
        OtherFile::Source(both("an Arrow file", " Arrow 文件")),
    ),
    (
        b"\x93NUMPY",
        OtherFile::Source(both("an array of NumPy", " NumPy 数组文件")),
    ),
    (
        b"PAR1",
        OtherFile::Source(both("a Parquet file", " Parquet 文件")),
    ),
    (b"\x7FELF", PROGRAM),
    (b"MZ\x90\0", PROGRAM),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"8BPS", PICTURE),
    (b"\0\0\x01\0", PICTURE),
    (b"ID3", SOUND),
    (b"OggS", SOUND),
    (b"fLaC", SOUND),
    (b"#!AMR", SOUND),
    (b"\x1A\x45\xDF\xA3", VIDEO),
    (b"FLV\x01", VIDEO),
    (b"\x30\x26\xB2\x75", VIDEO),
    (
        b"MSCF",
        OtherFile::Archive(both("a cabinet archive", " CAB 压缩包")),
    ),
    (
        b"\x04\x22\x4D\x18",
        OtherFile::Archive(both("an lz4 archive", " lz4 压缩包")),
    ),
    (
        b"!<arch>",
        OtherFile::Unrelated(both("a package", "软件包")),
    ),
    (b"wOFF", FONT),
    (b"wOF2", FONT),
    (b"OTTO", FONT),
    (
        b"-----BEGIN",
        OtherFile::Unrelated(both("a key or a certificate in PEM", " PEM 密钥或证书")),
    ),
    (
        b"Obj\x01",
        OtherFile::Source(both("an Avro file", " Avro 文件")),
    ),
    (
        b"ORC\n",
        OtherFile::Source(both("an ORC file", " ORC 文件")),
    ),
    (
        b"\x89HDF",
        OtherFile::Source(both("an HDF5 file", " HDF5 文件")),
    ),
    (
        b"\0\x01\0\0Standard ",
        OtherFile::Source(both("an Access database", " Access 数据库")),
    ),
    (
        b"%!PS",
        OtherFile::Source(both("a PostScript document", " PostScript 文档")),
    ),
    (
        b"BEGIN:V",
        OtherFile::Unrelated(both("a vCard or calendar", "通讯录或日历文件")),
    ),
];

/// Says what the file is, where it is known to be no list; `head` are its first bytes.
pub(super) fn no_table(head: &[u8]) -> Option<FormFault> {
    let known = BINARY.iter().find(|(first, _)| head.starts_with(first));
    if let Some((_, name)) = known {
        return Some(FormFault::NoTable(*name));
    }
    if let Some(name) = inside(head) {
        return Some(FormFault::NoTable(name));
    }
    // Before dBASE, whose versions are numbers like these.
    if BIFF.iter().any(|first| head.starts_with(first)) {
        return Some(FormFault::OldWorkbook);
    }
    if is_dbf(head) {
        return Some(FormFault::NoTable(OtherFile::Sheet(both(
            "a dBASE table (.dbf)",
            " dBASE 表（.dbf）",
        ))));
    }
    if is_sylk(head) {
        return Some(FormFault::NoTable(OtherFile::Sheet(both(
            "a SYLK sheet",
            " SYLK 表格",
        ))));
    }
    // UTF-16 has zeros in between.
    let is_seen = |byte: &u8| *byte != 0 && !matches!(byte, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF);
    let text: Vec<u8> = head.iter().copied().filter(is_seen).collect();
    let text = text.trim_ascii_start().to_ascii_lowercase();
    of_text(&text).map(FormFault::NoTable)
}

/// Files that are known by what stands a little further on.
fn inside(head: &[u8]) -> Option<OtherFile> {
    if head.get(257..262) == Some(b"ustar") {
        return Some(OtherFile::Archive(both("a tar archive", " tar 压缩包")));
    }
    if head.get(4..8) != Some(b"ftyp") {
        return None;
    }
    Some(match head.get(8..11) {
        Some(b"hei" | b"hev" | b"mif" | b"msf" | b"avi") => PICTURE,
        Some(b"M4A" | b"M4B") => SOUND,
        _ => VIDEO,
    })
}

/// Whether it is a SYLK sheet, whose lines are records: a letter, and fields that have one too. A
/// list may begin with `ID;Phone` as well.
fn is_sylk(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"ID;P") else {
        return false;
    };
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let is_record = |line: &[u8]| {
        matches!(line, [b'B' | b'C' | b'F' | b'O' | b'P', b';', field, ..]
            if field.is_ascii_uppercase())
    };
    rest.first().is_some_and(is_break) || rest.split(is_break).skip(1).any(is_record)
}

/// Whether it is a table of dBASE: a version, a date, and fields of 32 bytes each up to a CR.
/// FoxPro has room for a name behind them.
fn is_dbf(head: &[u8]) -> bool {
    let Some([version, _, 1..=12, 1..=31, _, _, _, _, a, b]) = head.first_chunk() else {
        return false;
    };
    let behind = match version {
        0x03 | 0x83 | 0x8B | 0xF5 => 0,
        0x30..=0x32 => 263,
        _ => return false,
    };
    let size = usize::from(u16::from_le_bytes([*a, *b])).saturating_sub(behind);
    size > 32 && size % 32 == 1 && head.get(size - 1) == Some(&b'\r')
}

/// Whether it is the file beside one that is open, by its name and its size.
pub(super) fn is_lock_file(path: &Path, size: u64) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_named = name.starts_with("~$") || name.starts_with(".~");
    is_named && size <= LOCK_MAX
}

/// What an OLE2 file is, by the names of its streams; they are UTF-16 in the file.
pub(super) fn of_ole(source: &mut (impl Read + Seek)) -> io::Result<FormFault> {
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let (password, document) = (wide("EncryptedPackage"), wide("WordDocument"));
    source.seek(SeekFrom::Start(0))?;
    let mut cause = FormFault::OldWorkbook;
    let mut window = Vec::new();
    loop {
        // A name may lie across two pieces.
        let kept = window.len().saturating_sub(password.len());
        window.drain(..kept);
        let read = source.by_ref().take(64 * 1024).read_to_end(&mut window)?;
        let has = |name: &[u8]| window.windows(name.len()).any(|it| it == name);
        if has(&password) {
            return Ok(FormFault::Password);
        }
        if has(&document) {
            cause = FormFault::NoTable(OtherFile::Source(both("a Word document", " Word 文档")));
        }
        if read == 0 {
            return Ok(cause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(head: &[u8]) -> Option<&'static str> {
        no_table(head).map(|cause| match cause {
            FormFault::NoTable(what) => what.name().en,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn files_that_are_no_lists_are_known() {
        let utf16 = |text: &str| -> Vec<u8> {
            let marked = format!("\u{FEFF}{text}");
            marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
        };
        for (head, what) in [
            (&b"<html><table>"[..], "an HTML page"),
            (b"\xEF\xBB\xBF\r\n<!DOCTYPE html>", "an HTML page"),
            (b"<TABLE border=1>", "an HTML page"),
            (b"<meta charset=gbk><table>", "an HTML page"),
            (&utf16("<html>"), "an HTML page"),
            (b"<?xml version='1.0'?><html xmlns=''>", "an HTML page"),
            (
                b"<?xml?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
                "an XML 2003 sheet",
            ),
            (b"<?xml version='1.0'?><rows/>", "XML"),
            (b"[{\"openid\": 1}]", "JSON"),
            (b" [\r\n  {", "JSON"),
            (b"{\"data\": []}", "JSON"),
            (b"[]", "JSON"),
            (b"%PDF-1.4", "a PDF"),
            (b"{\\rtf1\\ansi", "an RTF document"),
            (
                b"MIME-Version: 1.0\r\nX-Document-Type: Workbook",
                "a web archive (MHTML)",
            ),
            (b"\x1F\x8B\x08", "a gzip archive"),
            (b"BZh91AY&SY", "a bzip2 archive"),
            (b"\xFD7zXZ\0", "an xz archive"),
            (b"\x28\xB5\x2F\xFD\x04", "a zstd archive"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "a picture or sound"),
            (b"L\0\0\0\x01\x14\x02\0", "a shortcut of Windows"),
            (
                &[b"list.csv".as_slice(), &[0; 249], b"ustar\x0000"].concat(),
                "a tar archive",
            ),
            (b"\0\0\0\x20ftypisom", "a video"),
            (b"\0\0\0\x18ftypmp42", "a video"),
            (b"\0\0\0\x18ftypheic", "a picture"),
            (b"\0\0\0\x18ftypavif", "a picture"),
            (b"\0\0\0\x18ftypM4A ", "a sound"),
            (b"ID3\x04\0", "a sound"),
            (b"MZ\x90\0\x03", "a program"),
            (
                b"-----BEGIN CERTIFICATE-----",
                "a key or a certificate in PEM",
            ),
            (b"TABLE\r\n0,1\r\n\"S\"\r\n", "a DIF sheet"),
            (
                &[
                    b"\x03\x7A\x0B\x1C\x03\0\0\0\x41\0".as_slice(),
                    &[0; 54],
                    b"\r",
                ]
                .concat(),
                "a dBASE table (.dbf)",
            ),
            (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "a SYLK sheet"),
            (b"ID;PSCALC3\nC;X1;Y1;K\"openid\"\n", "a SYLK sheet"),
            (b"ID;P\nC;Y1;X1", "a SYLK sheet"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid",
                "a pointer of Git LFS",
            ),
            (b"INSERT INTO t (openid) VALUES", "SQL"),
            (b"-- MySQL dump 10.13", "SQL"),
            (b"+------+----+\n| openid |", "a table drawn with lines"),
            ("┌──┬──┐".as_bytes(), "a table drawn with lines"),
            (b"- openid: o1\n  fen: 100\n", "YAML"),
        ] {
            assert_eq!(name(head), Some(what), "{}", head.escape_ascii());
        }
        for head in [
            "openid,fen",
            "ID;openid;fen",
            "ID;Phone;openid;fen\r\nC;13800138000;oAAAAAAAAAAAAAAAAAAAAAAAAAA1;100\r\n",
            "ID;PHONE;openid;fen",
            "[openid],fen",
            "<openid>,fen",
            "{a},b",
            "inserted,openid,fen",
            "- a list -,openid: x",
            "+1,openid",
            "",
        ] {
            assert_eq!(name(head.as_bytes()), None, "{head}");
        }
    }

    #[test]
    fn what_lies_beside_an_open_list_is_known_by_its_name() {
        for (path, size, is_it) in [
            ("/x/~$list.xlsx", 165, true),
            (".~lock.list.xlsx#", 83, true),
            (".~list.xlsx", 165, true),
            ("~$list.xlsx", 9_000, false),
            ("list.xlsx", 165, false),
        ] {
            assert_eq!(is_lock_file(Path::new(path), size), is_it, "{path}");
        }
    }

    #[test]
    fn an_ole_file_is_told_by_its_streams() {
        let ole = |name: &str| {
            let mut bytes = vec![0; 64 * 1024 - 7];
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes.resize(200 * 1024, 1);
            of_ole(&mut io::Cursor::new(bytes)).unwrap()
        };
        assert_eq!(ole("EncryptedPackage"), FormFault::Password);
        assert_eq!(ole("Workbook"), FormFault::OldWorkbook);
        assert!(matches!(ole("WordDocument"), FormFault::NoTable(_)));
    }
}
