//! A part's table: what does not depend on the machine comes first.

use std::fmt;

use super::figure::Figures;

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bar {
    /// It should not be above this.
    AtMost(f64),
    /// It should not be below this.
    AtLeast(f64),
}

/// One line. Columns that have no meaning for it stay empty.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    what: String,
    figure: String,
    spread: String,
    bar: String,
    ours: String,
    reference: String,
}

/// Lines under a title.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    title: String,
    lines: Vec<Line>,
    notes: Vec<String>,
}

impl Bar {
    fn is_met(self, figure: f64) -> bool {
        match self {
            Bar::AtMost(most) => figure <= most,
            Bar::AtLeast(least) => figure >= least,
        }
    }

    /// The bar, and on which side of it the figure is.
    fn verdict(self, figure: f64) -> String {
        let bound = match self {
            Bar::AtMost(most) => format!("<= {most}"),
            Bar::AtLeast(least) => format!(">= {least}"),
        };
        let word = if self.is_met(figure) { "met" } else { "MISSED" };
        format!("{bound} {word}")
    }
}

impl Line {
    /// The median of ratios, and how far they spread.
    pub(crate) fn ratio(what: &str, ratios: &Figures, bar: Bar) -> Line {
        let (least, most) = (ratios.least(), ratios.most());
        Line {
            spread: format!("{least:.2}..{most:.2}"),
            ..Line::figure(what, ratios.median(), bar)
        }
    }

    /// One figure.
    pub(crate) fn figure(what: &str, figure: f64, bar: Bar) -> Line {
        let decimals = match figure {
            whole if whole == 0.0 || whole >= 100.0 => 0,
            some if some >= 0.1 => 2,
            _ => 4,
        };
        Line {
            what: what.to_owned(),
            figure: format!("{figure:.decimals$}"),
            bar: bar.verdict(figure),
            ..Line::default()
        }
    }

    /// Both sides as this machine has them.
    pub(crate) fn sides(mut self, ours: String, reference: String) -> Line {
        self.ours = ours;
        self.reference = reference;
        self
    }

    fn cells(&self) -> [&str; 6] {
        [
            &self.what,
            &self.figure,
            &self.spread,
            &self.bar,
            &self.ours,
            &self.reference,
        ]
    }
}

impl Table {
    /// No lines yet.
    pub(crate) fn new(title: String) -> Table {
        Table {
            title,
            lines: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// At the size of `cargo test` no bar is held against anything.
    pub(crate) fn unjudged(mut self) -> Table {
        for line in &mut self.lines {
            line.bar.clear();
        }
        self.note("small size: nothing here is a measurement");
        self
    }

    /// Adds a sentence under the table.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEAD: [&str; 6] = ["what", "figure", "spread", "bar", "ours", "reference"];
        writeln!(f, "{}", self.title)?;
        let rows = || self.lines.iter().map(Line::cells);
        let width = |column: usize| {
            let cells = rows().map(|cells| cells[column].chars().count());
            cells.chain([HEAD[column].len()]).max().unwrap_or(0)
        };
        let all = (!self.lines.is_empty()).then_some(HEAD);
        for cells in all.into_iter().chain(rows()) {
            let padded = cells.iter().enumerate().map(|(column, cell)| {
                let width = width(column);
                format!("{cell:<width$}")
            });
            let text = padded.collect::<Vec<_>>().join("  ");
            writeln!(f, "  {}", text.trim_end())?;
        }
        self.notes
            .iter()
            .try_for_each(|note| writeln!(f, "  {note}"))
    }
}
