//! The faults of a recipients file: where, which value, why; counted and listed.

use std::collections::BTreeMap;
use std::fmt;

use super::cause::Cause;

/// How many faults are listed with their places. Every one is counted; a person who sees a
/// thousand corrects the cause and not the lines.
pub const LISTED_MAX: usize = 1_000;

/// Longest value shown, in characters: an openid fits.
const SHOWN_MAX: usize = 40;

/// One fault of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line where the row begins, from 1; `None` for a fault of the whole file.
    pub line: Option<u64>,
    /// The column as the header names it; `None` for a fault of the whole row.
    pub column: Option<String>,
    /// The cell, shortened, with control characters escaped; `None` where no cell is at fault.
    pub value: Option<String>,
    /// Why.
    pub cause: Cause,
}

impl Fault {
    /// A fault of the whole file.
    #[must_use]
    pub fn of_file(cause: Cause) -> Self {
        Fault {
            line: None,
            column: None,
            value: None,
            cause,
        }
    }

    /// A fault of a whole line.
    #[must_use]
    pub fn of_line(line: u64, cause: Cause) -> Self {
        Fault {
            line: Some(line),
            ..Fault::of_file(cause)
        }
    }

    /// A fault of one cell; `value` is shortened and escaped here.
    #[must_use]
    pub fn of_cell(line: u64, column: &str, value: &str, cause: Cause) -> Self {
        Fault {
            column: Some(shown(column)),
            value: Some(shown(value)),
            ..Fault::of_line(line, cause)
        }
    }
}

/// The value fit for a terminal: nothing in it can move the cursor or turn the writing around.
fn shown(value: &str) -> String {
    let mut text = String::new();
    for c in value.chars().take(SHOWN_MAX) {
        match c {
            '"' | '\'' | '\\' => text.push(c),
            _ => text.extend(c.escape_debug()),
        }
    }
    if value.chars().nth(SHOWN_MAX).is_some() {
        text.push('…');
    }
    text
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            if let Some(column) = &self.column {
                write!(f, ", {column}")?;
            }
            if let Some(value) = &self.value {
                write!(f, " `{value}`")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}", self.cause)
    }
}

/// All faults of a file: each counted, the first [`LISTED_MAX`] listed in the order of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    counts: BTreeMap<&'static str, u64>,
    listed: Vec<Fault>,
}

impl Faults {
    /// Adds a fault, found here or by the ledger.
    pub fn push(&mut self, fault: Fault) {
        *self.counts.entry(fault.cause.group()).or_default() += 1;
        if self.listed.len() < LISTED_MAX {
            self.listed.push(fault);
        }
    }

    /// Adds faults that were found beside these, so that all stand in the order of lines.
    pub fn merge(&mut self, others: Faults) {
        for (group, count) in others.counts {
            *self.counts.entry(group).or_default() += count;
        }
        self.listed.extend(others.listed);
        self.listed.sort_by_key(|fault| fault.line);
        self.listed.truncate(LISTED_MAX);
    }

    /// Whether the file is without fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many there are, listed or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many there are of each group, the most frequent first.
    #[must_use]
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        let mut counts: Vec<_> = self.counts.iter().map(|(&g, &n)| (g, n)).collect();
        counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        counts
    }

    /// The first [`LISTED_MAX`].
    #[must_use]
    pub fn listed(&self) -> &[Fault] {
        &self.listed
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Faults::default();
        faults.push(fault);
        faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        let noun = if total == 1 { "error" } else { "errors" };
        writeln!(f, "{total} {noun}, nothing was written")?;
        for (group, count) in self.counts() {
            writeln!(f, "  {count} × {group}")?;
        }
        for fault in &self.listed {
            writeln!(f, "{fault}")?;
        }
        let unlisted = total - self.listed.len() as u64;
        if unlisted > 0 {
            writeln!(f, "and {unlisted} more")?;
        }
        f.write_str("correct the file, then give the same command again")
    }
}
