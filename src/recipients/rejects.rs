//! The rows at fault in a file of their own, each with its place and its reason: what to mend in
//! the list, which is then loaded again. A file of this form is read as a list too, of these rows.
//!
//! The file has the encoding, the mark, the delimiter and the line ends of the one that was
//! refused; the rows of a sheet become CSV in UTF-8 with a mark, which spreadsheets open right.
//! What would be a formula there has a guard, and an id or amount that only the sheet shows to be
//! wrong is left blank.
//! It is made by reading the refused file once more, so that no refusal is kept in memory for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::fault::cause::Cause;
use super::fault::error::RecipientsError;
use super::fault::faults::{Fault, SEPARATOR};
use super::hash::sha256_of;
use super::list::ListFile;
use super::reader::PacketReader;
use super::row::cell::CellKind;
use super::row::header::Header;
use super::row::meaning::{Meaning, REASON, check_kind};
use super::row::packet::{ReadStep, RowRules};
use super::source::Source;
use super::text::encoder::Encoder;
use super::text::encoding::Charset;
use crate::domain::text::guarded;
use crate::words::Lang;

/// The name, as the first of them has it.
const REJECTS: &str = "rejects.csv";

/// Files of this name that may stand in one folder.
const NAMES_MAX: u32 = 99;

/// The result of the writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejects {
    /// Where.
    pub path: PathBuf,
    /// Rows in it, without the header.
    pub rows: u64,
}

/// Rows that were found at fault after they were read, each with its reason.
#[derive(Debug)]
pub struct Late {
    reasons: BTreeMap<u64, String>,
    lang: Lang,
}

/// Reasons that are remembered: a person who sees more corrects the cause and not the rows.
const LATE_MAX: usize = 100_000;

impl Late {
    /// None yet; reasons are written in this language.
    #[must_use]
    pub fn new(lang: Lang) -> Late {
        let reasons = BTreeMap::new();
        Late { reasons, lang }
    }

    /// Whether a row may be missing.
    fn is_full(&self) -> bool {
        self.reasons.len() >= LATE_MAX
    }

    /// Remembers the fault of a row.
    pub fn push(&mut self, fault: &Fault) {
        if let Some(row) = fault.place.row()
            && !self.is_full()
        {
            let lang = self.lang;
            self.reasons
                .entry(row)
                .or_insert_with(|| fault.within(lang));
        }
    }
}

/// Writes the rows of the list that are at fault, or that `late` names, beside it; `None` where the
/// file cannot be read row by row to its end, or where not all of `late` are known. A file that
/// is there already is never written to.
///
/// # Errors
/// Where the file cannot be read again, or the rejects cannot be written.
pub fn write_rejects(
    list: &ListFile,
    rules: RowRules,
    late: &Late,
) -> Result<Option<Rejects>, RecipientsError> {
    if late.is_full() {
        return Ok(None);
    }
    let reader = match PacketReader::open(list, rules) {
        Ok(reader) => reader,
        Err(RecipientsError::Refused(_)) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let (path, out) = create(&list.beside(REJECTS))?;
    let written = copy(reader, late, Encoder::new(out));
    match written {
        Ok(rows) if rows > 0 => Ok(Some(Rejects {
            path: the_first_alike(path)?,
            rows,
        })),
        other => {
            fs::remove_file(&path)?;
            other.map(|_| None)
        }
    }
}

/// `rejects.csv` beside the file, or the next name that nobody has.
fn create(file: &Path) -> io::Result<(PathBuf, File)> {
    for number in 1..=NAMES_MAX {
        let path = name(file, number);
        // Private: openids are nobody else's business.
        match File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
        {
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {}
            Err(fault) => {
                let words = format!("{}: {fault}", path.display());
                return Err(io::Error::new(fault.kind(), words));
            }
            Ok(out) => return Ok((path, out)),
        }
    }
    let words = format!("{} and 98 more are there", name(file, 1).display());
    Err(io::Error::new(io::ErrorKind::AlreadyExists, words))
}

fn name(file: &Path, number: u32) -> PathBuf {
    let number = if number == 1 {
        String::new()
    } else {
        format!("-{number}")
    };
    file.with_file_name(format!("rejects{number}.csv"))
}

/// A file refused twice for the same has one file of rejects; a fifo of its name is not read.
fn the_first_alike(path: PathBuf) -> io::Result<PathBuf> {
    let sha256 = sha256_of(&path)?;
    let others = (1..=NAMES_MAX).map(|number| name(&path, number));
    for other in others.take_while(|other| *other != path) {
        let is_file = fs::metadata(&other).is_ok_and(|facts| facts.is_file());
        if is_file && sha256_of(&other).is_ok_and(|it| it == sha256) {
            fs::remove_file(&path)?;
            return Ok(other);
        }
    }
    Ok(path)
}

/// Gives the rows at fault to `out`: how many. None where the reading ended before the file.
fn copy(mut reader: PacketReader, late: &Late, out: Encoder) -> Result<u64, RecipientsError> {
    let mut sheet = RejectsSheet::new(out, &reader, late.lang);
    sheet.write(&reader, REASON)?;
    let mut rows = 0;
    loop {
        let step = reader.read_alone()?;
        if matches!(step, ReadStep::End) {
            break;
        }
        let lang = late.lang;
        let late = late.reasons.get(&reader.line()).into_iter().cloned();
        let found = reader.faults().listed().iter();
        let found = found.filter(|it| is_of_row(it, reader.line()));
        let reasons: Vec<String> = found.map(|it| it.within(lang)).chain(late).collect();
        if !reasons.is_empty() {
            sheet.write(&reader, &reasons.join(SEPARATOR.within(lang)))?;
            rows += 1;
        }
    }
    if reader.source().fatal().is_some() {
        return Ok(0);
    }
    sheet.out.flush()?;
    Ok(rows)
}

/// A total that is wrong is mended in the file itself, and so is an earlier row.
fn is_of_row(fault: &Fault, line: u64) -> bool {
    fault.place.row().is_none_or(|row| row == line)
        && !matches!(
            fault.cause,
            Cause::TotalDiffers { .. }
                | Cause::TotalPeople { .. }
                | Cause::TotalFormula
                | Cause::TotalBlank
                | Cause::AfterTotal
        )
}

/// Writes rows the way their file has them.
struct RejectsSheet {
    out: Encoder,
    delimiter: u8,
    end: &'static str,
    /// The column of an older reason, which the new one replaces.
    reason: Option<usize>,
}

impl RejectsSheet {
    fn new(mut out: Encoder, reader: &PacketReader, lang: Lang) -> RejectsSheet {
        let (delimiter, end) = match reader.source() {
            Source::Text(rows) => {
                let records = rows.records();
                out.charset = rows.encoding().charset;
                // Reasons in Chinese are read right by a spreadsheet only with a mark.
                let is_bare = lang == Lang::Zh && out.charset == Charset::Utf8;
                out.has_mark = rows.encoding().mark > 0 || is_bare;
                let end = if records.has_cr() { "\r\n" } else { "\n" };
                (records.delimiter(), end)
            }
            Source::Sheet(_) => {
                out.has_mark = true;
                (b',', "\r\n")
            }
        };
        RejectsSheet {
            out,
            delimiter,
            end,
            reason: reader.header().find(Meaning::Reason),
        }
    }

    /// Writes the row that was read last, and one cell more. As it stands in its text, where that
    /// can be: a row that cannot be cut into cells has no other form.
    fn write(&mut self, reader: &PacketReader, reason: &str) -> io::Result<()> {
        let row = reader.row();
        let delimiter = char::from(self.delimiter);
        let mut line = match reader.source() {
            Source::Text(rows)
                if !row.is_fitted && !self.has_older(reader.header(), row.cells.len()) =>
            {
                String::from_utf8_lossy(rows.records().raw()).into_owned()
            }
            Source::Text(_) | Source::Sheet(_) => {
                let cells = row.cells.iter().enumerate();
                let kept = cells.filter(|(index, _)| Some(*index) != self.reason);
                let kept = kept.map(|(index, cell)| {
                    let is_lost = is_lost(reader, index);
                    let cell = if is_lost { "" } else { cell };
                    quoted(&as_text(reader, cell, index), delimiter)
                });
                let kept: Vec<String> = kept.collect();
                kept.join(delimiter.encode_utf8(&mut [0; 4]))
            }
        };
        line.push(delimiter);
        line.push_str(&quoted(reason, delimiter));
        line.push_str(self.end);
        self.out.write(&line)
    }

    fn has_older(&self, header: &Header, cells: usize) -> bool {
        self.reason.is_some() && cells == header.len()
    }
}

/// Whether only the sheet says what is wrong with an id or an amount: as text it would pass. It is
/// left blank, and refused until somebody fills it in.
fn is_lost(reader: &PacketReader, index: usize) -> bool {
    let meaning = reader.header().meanings.get(index).copied();
    let meaning = meaning.unwrap_or(Meaning::Nameless);
    let is_needed = matches!(
        meaning,
        Meaning::Openid | Meaning::RowKey | Meaning::Amount(_)
    );
    is_needed && check_kind(meaning, reader.row().kind(index)).is_err()
}

/// The cell as it stands in a file: a text of a sheet that would be a formula there has a guard.
fn as_text<'c>(reader: &PacketReader, cell: &'c str, index: usize) -> Cow<'c, str> {
    let is_of_sheet = matches!(reader.source(), Source::Sheet(_));
    let is_text = reader.row().kind(index) == CellKind::Text;
    if is_of_sheet && is_text {
        guarded(cell)
    } else {
        Cow::Borrowed(cell)
    }
}

fn quoted(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
