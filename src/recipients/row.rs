//! A row: cells under a header become a packet, or every fault of the row is told.

use crate::domain::caps;
use crate::domain::ids::{Openid, RowKey};
use crate::domain::money::Fen;
use crate::domain::packet::{Packet, RowTexts};
use crate::domain::text::Field;

use super::cause::Cause;
use super::faults::{Fault, Faults};
use super::header::{Header, Meaning, Unit};

/// What the campaign says about its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether the campaign has a `scene_id`, which lifts the range of amounts for all rows.
    pub has_scene: bool,
}

/// A packet while its cells are read.
struct Draft<'r> {
    line: u64,
    faults: &'r mut Faults,
    openid: Option<Openid>,
    row_key: Option<RowKey>,
    amount: Option<(Fen, usize)>,
    texts: RowTexts,
    extra: Vec<String>,
}

/// Reads the row on `line`; without a packet, `faults` says why.
pub(super) fn packet(
    header: &Header,
    rules: Rules,
    (line, cells): (u64, &csv::StringRecord),
    faults: &mut Faults,
) -> Option<Packet> {
    let columns = header.names.len();
    if cells.len() != columns {
        let cells = cells.len();
        faults.push(Fault::of_line(line, Cause::CellCount { cells, columns }));
        return None;
    }
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        faults.push(Fault::of_line(line, Cause::BlankRow));
        return None;
    }
    let faults_before = faults.total();
    let mut draft = Draft {
        line,
        faults,
        openid: None,
        row_key: None,
        amount: None,
        texts: RowTexts::default(),
        extra: Vec::new(),
    };
    for (index, cell) in cells.iter().enumerate() {
        let cell = cell.trim();
        if let Err(cause) = draft.take(header.meanings[index], (index, cell)) {
            let fault = Fault::of_cell(line, &header.name(index), cell, cause);
            draft.faults.push(fault);
        }
    }
    draft.check_range(header, rules, cells);
    if draft.faults.total() > faults_before {
        return None;
    }
    draft.packet()
}

impl Draft<'_> {
    fn take(&mut self, meaning: Meaning, (index, cell): (usize, &str)) -> Result<(), Cause> {
        if let Some(control) = cell.chars().find(|c| is_refused(meaning, *c)) {
            return Err(Cause::Control(control));
        }
        match meaning {
            Meaning::Openid => self.openid = Some(Openid::new(cell)?),
            Meaning::RowKey => self.row_key = Some(RowKey::new(cell)?),
            Meaning::Amount(unit) => self.amount = Some((amount(unit, cell)?, index)),
            Meaning::Text(_) | Meaning::Nameless if cell.is_empty() => {}
            Meaning::Text(field) => self.texts.set(field, field.check(cell)?),
            Meaning::Extra => self.extra.push(cell.to_owned()),
            Meaning::Nameless => return Err(Cause::Nameless),
        }
        Ok(())
    }

    /// The range depends on the row's scene, so it is checked after all cells are read. A row
    /// whose scene is at fault is not told about its range: that may be the same fault.
    fn check_range(&mut self, header: &Header, rules: Rules, cells: &csv::StringRecord) {
        let is_scene = |meaning: &Meaning| *meaning == Meaning::Text(Field::SceneId);
        let scene = header.meanings.iter().position(is_scene);
        let has_own = scene.is_some_and(|index| !cells[index].trim().is_empty());
        let Some((amount, index)) = self.amount else {
            return;
        };
        if let Err(cap) = caps::check_amount(amount, rules.has_scene || has_own) {
            let name = &header.name(index);
            let fault = Fault::of_cell(self.line, name, cells[index].trim(), cap.into());
            self.faults.push(fault);
        }
    }

    fn packet(self) -> Option<Packet> {
        let openid = self.openid?;
        Some(Packet {
            line: self.line,
            row_key: self.row_key.unwrap_or_else(|| RowKey::from(&openid)),
            openid,
            amount: self.amount?.0,
            texts: self.texts,
            extra: self.extra,
        })
    }
}

fn amount(unit: Unit, cell: &str) -> Result<Fen, Cause> {
    let amount = match unit {
        Unit::Fen => Fen::from_fen(cell)?,
        Unit::Yuan | Unit::Unnamed => Fen::from_yuan(cell)?,
    };
    if unit == Unit::Unnamed && !cell.contains('.') {
        return Err(Cause::NoUnit);
    }
    if amount == Fen::ZERO {
        return Err(Cause::Zero);
    }
    Ok(amount)
}

/// A cell kept for the reports may have line breaks and tabs; nothing else may.
fn is_refused(meaning: Meaning, c: char) -> bool {
    c.is_control() && !(meaning == Meaning::Extra && matches!(c, '\n' | '\r' | '\t'))
}
