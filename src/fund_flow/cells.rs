//! A line as cells.
//!
//! WeChat Pay puts a backtick in front of every cell, so a row of its own is cut where a comma and
//! a backtick meet: a comma inside a remark, or a backtick inside one, cuts nothing. An export, or
//! a bill that a spreadsheet saved again, is cut by the rules of CSV.

use super::fault::FlowCause;

/// In front of every cell of a row.
const TICK: char = '`';

/// The cells of one line; their memory is used again for the next.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: Vec<String>,
    filled: usize,
}

impl Cells {
    /// Becomes this line; whether it has WeChat Pay's own form.
    pub(super) fn read(&mut self, line: &str) -> Result<bool, FlowCause> {
        self.filled = 0;
        if let Some(rest) = line.strip_prefix(TICK) {
            for cell in rest.split(",`") {
                self.next().push_str(cell.trim());
            }
            return Ok(true);
        }
        self.read_csv(line)?;
        for cell in &mut self.cells[..self.filled] {
            let plain = cell.trim().trim_start_matches(TICK);
            if plain.len() < cell.len() {
                *cell = plain.to_owned();
            }
        }
        Ok(false)
    }

    /// All of them.
    pub(super) fn all(&self) -> &[String] {
        &self.cells[..self.filled]
    }

    fn next(&mut self) -> &mut String {
        if self.filled == self.cells.len() {
            self.cells.push(String::new());
        }
        self.filled += 1;
        let cell = &mut self.cells[self.filled - 1];
        cell.clear();
        cell
    }

    fn read_csv(&mut self, line: &str) -> Result<(), FlowCause> {
        let mut rest = line;
        loop {
            let cell = self.next();
            rest = match rest.strip_prefix('"') {
                None => {
                    let end = rest.find(',').unwrap_or(rest.len());
                    cell.push_str(&rest[..end]);
                    &rest[end..]
                }
                Some(quoted) => quoted_cell(quoted, cell).ok_or(FlowCause::Quotes)?,
            };
            rest = match rest.strip_prefix(',') {
                Some(rest) => rest,
                None if rest.trim().is_empty() => return Ok(()),
                None => return Err(FlowCause::Quotes),
            };
        }
    }
}

/// Reads up to the closing quote; what follows it.
fn quoted_cell<'a>(mut quoted: &'a str, cell: &mut String) -> Option<&'a str> {
    loop {
        let end = quoted.find('"')?;
        cell.push_str(&quoted[..end]);
        let rest = &quoted[end + 1..];
        let Some(doubled) = rest.strip_prefix('"') else {
            return Some(rest);
        };
        cell.push('"');
        quoted = doubled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        let mut cells = Cells::default();
        cells.read("`more,`cells,`than,`the,`next").unwrap();
        cells.read(line).unwrap();
        cells.all().to_vec()
    }

    #[test]
    fn a_row_is_cut_where_a_comma_and_a_backtick_meet() {
        assert_eq!(cells("`a,`b`c, d,`,`\te "), ["a", "b`c, d", "", "e"]);
        assert_eq!(cells("`"), [""]);
    }

    #[test]
    fn an_export_is_csv() {
        assert_eq!(cells("a,b ,,c"), ["a", "b", "", "c"]);
        assert_eq!(cells("\"a,1\",\"b\"\"c\",\"\","), ["a,1", "b\"c", "", ""]);
        assert_eq!(cells("\"`a\",\"`b\""), ["a", "b"]);
        assert_eq!(cells(""), [""]);
        for line in ["\"a", "\"a\"b,c", "a,\"b"] {
            let read = Cells::default().read(line);
            assert_eq!(read, Err(FlowCause::Quotes), "{line}");
        }
    }
}
