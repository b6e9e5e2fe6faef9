//! A row: cells under a header become a packet, or every fault of the row is told.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::domain::caps;
use crate::domain::ids::{Openid, RowKey};
use crate::domain::money::Fen;
use crate::domain::packet::{Packet, RowTexts};
use crate::domain::text::{Field, has_lost, turns, unguarded};

use super::amount::{NoAmount, amount, in_other_unit, is_short_number, split_amount, whole_number};
use super::around::check_value;
use super::cell::{CellKind, Row, is_text_formula, takes_no_place};
use super::header::Header;
use super::id::{self, is_phone};
use super::meaning::{Meaning, Unit, check_kind};
use super::shape::check_shape;
use crate::recipients::escaped::before_latin;
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::Fault;
use crate::recipients::fault::findings::Findings;
use crate::recipients::fault::other_unit::{NoUnit, OtherUnit};
use crate::recipients::fault::place::shown;

/// The campaign's rules about its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowRules {
    /// Whether the campaign has a `scene_id`, which lifts the range of amounts for all rows.
    pub has_scene: bool,
    /// The largest packet, where the campaign has a cap of its own.
    pub max_packet: Option<Fen>,
}

/// The result of reading a row.
#[expect(
    clippy::large_enum_variant,
    reason = "one is made at a time, and a box for each would cost every row"
)]
pub(in crate::recipients) enum ReadStep {
    /// A packet.
    Packet(Packet),
    /// Faults, which were collected; or the total row.
    Nothing,
    /// There is no row left.
    End,
}

/// A packet while its cells are read.
struct RowDraft<'r> {
    header: &'r Header,
    row: &'r Row,
    findings: &'r mut Findings,
    openid: Option<Openid>,
    row_key: Option<RowKey>,
    amount: Option<(Fen, usize)>,
    texts: RowTexts,
    extra: Vec<String>,
    is_refused: bool,
}

/// Reads a row; without a packet, the faults say why.
pub(in crate::recipients) fn packet(
    header: &Header,
    rules: RowRules,
    row: &Row,
    findings: &mut Findings,
) -> Option<Packet> {
    if let Err(fault) = check_shape(header, row) {
        findings.faults.push(fault);
        return None;
    }
    if let Some((index, cause)) = split_amount(header, row) {
        let fault = Fault::of_cell(
            header.layout.cell(row.line, index),
            &row.cells[index],
            cause,
        );
        findings.faults.push(fault);
        return None;
    }
    let mut draft = RowDraft {
        header,
        row,
        findings,
        openid: None,
        row_key: None,
        amount: None,
        texts: RowTexts::default(),
        extra: Vec::new(),
        is_refused: false,
    };
    for (index, cell) in row.cells.iter().enumerate() {
        if let Err(cause) = draft.take(index, cell) {
            draft.refuse(index, cause);
        }
    }
    draft.check_range(rules);
    draft.check_currency();
    draft.packet()
}

impl RowDraft<'_> {
    fn take(&mut self, index: usize, cell: &str) -> Result<(), Cause> {
        let meaning = self.header.meanings[index];
        let text = cell.trim();
        if meaning == Meaning::Reason {
            return Ok(());
        }
        // A formula that comes to nothing is a blank cell.
        let kind = match text {
            "" => CellKind::Text,
            _ if meaning == Meaning::RowKey && is_short_number(text) => CellKind::Text,
            _ => self.row.kind(index),
        };
        if meaning == Meaning::Openid && is_phone(text) {
            return Err(Cause::Phone);
        }
        check_kind(meaning, kind)?;
        if meaning != Meaning::Extra && is_text_formula(text) {
            return Err(Cause::Formula);
        }
        if let Some(control) = text.chars().find(|c| is_refused(meaning, *c)) {
            if let Some(was) = before_latin(cell) {
                self.is_refused = true;
                let place = self.header.layout.cell(self.row.line, index);
                self.findings.misread(place, text, was);
                return Ok(());
            }
            return Err(Cause::Control(control));
        }
        if matches!(meaning, Meaning::Text(_) | Meaning::RowKey) {
            check_value(text)?;
        }
        match meaning {
            Meaning::Openid => self.openid = Some(self.openid(index, cell)?),
            Meaning::RowKey => self.row_key = Some(RowKey::new(&self.id(index, cell)?)?),
            Meaning::Amount(unit) => self.amount = self.amount(unit, index, (text, kind))?,
            Meaning::Text(_) | Meaning::Nameless if text.is_empty() => {}
            Meaning::Text(field) => self.texts.set(field, field.check(unguarded(text))?),
            Meaning::Extra => self.extra.push(unguarded(text).to_owned()),
            Meaning::Nameless if index == 0 && is_short_number(text) => {
                self.findings.notices.counted_row();
            }
            Meaning::Nameless => return Err(Cause::Nameless),
            Meaning::Reason => {}
        }
        Ok(())
    }

    fn openid(&mut self, index: usize, cell: &str) -> Result<Openid, Cause> {
        if id::is_quoted(cell) {
            return Err(Cause::QuotedId);
        }
        let id = self.id(index, cell)?;
        let other = || id::other_letter(&id).map(Cause::OtherLetter);
        Openid::new(&id).map_err(|fault| other().unwrap_or_else(|| fault.into()))
    }

    /// The id without guards and without what nobody sees, which is told.
    fn id<'c>(&mut self, index: usize, cell: &'c str) -> Result<Cow<'c, str>, Cause> {
        let (id, removed) = id::clean(cell);
        id::check_whole(&id)?;
        if has_lost(&id) {
            return Err(Cause::Lost);
        }
        for c in removed.into_iter().collect::<BTreeSet<_>>() {
            let place = self.header.layout.cell(self.row.line, index);
            self.findings.notices.invisible(c, &place);
        }
        Ok(id)
    }

    /// The amount; without one where the column does not say of what it is a number, which is told
    /// once for all rows.
    fn amount(
        &mut self,
        unit: Unit,
        index: usize,
        (text, kind): (&str, CellKind),
    ) -> Result<Option<(Fen, usize)>, Cause> {
        let place = || self.header.layout.cell(self.row.line, index);
        if !text.is_ascii() {
            let removed: BTreeSet<char> = text.chars().filter(|c| takes_no_place(*c)).collect();
            for c in removed {
                self.findings.notices.invisible(c, &place());
            }
        }
        match amount(unit, text, kind) {
            Ok(amount) => {
                if unit == Unit::Unnamed && text.contains('.') {
                    self.with_point(amount, text);
                }
                Ok(Some((amount, index)))
            }
            Err(NoAmount::Fault(cause)) => Err(cause),
            Err(NoAmount::NoUnit { as_yuan, as_fen }) => {
                self.is_refused = true;
                let layout = &self.header.layout;
                self.findings.without_unit(|| NoUnit {
                    value: shown(text),
                    place: layout.row(self.row.line),
                    as_yuan,
                    as_fen,
                    count: 0,
                });
                Ok(None)
            }
        }
    }

    fn with_point(&mut self, as_yuan: Fen, text: &str) {
        let whole = text.strip_suffix(".0").and_then(whole_number);
        let place = self.header.layout.row(self.row.line);
        self.findings.with_point(whole.map(|as_fen| NoUnit {
            value: shown(text),
            place,
            as_yuan,
            as_fen,
            count: 0,
        }));
    }

    fn refuse(&mut self, index: usize, cause: Cause) {
        self.is_refused = true;
        let place = self.header.layout.cell(self.row.line, index);
        let fault = Fault::of_cell(place, self.row.cells[index].trim(), cause);
        self.findings.faults.push(fault);
    }

    /// The range depends on the row's scene, so it is checked after all cells are read. A row
    /// whose scene is at fault is not told about its range: that may be the same fault.
    fn check_range(&mut self, rules: RowRules) {
        let scene = self.header.find(Meaning::Text(Field::SceneId));
        let has_own = scene.is_some_and(|index| !self.row.cells[index].trim().is_empty());
        let Some((amount, index)) = self.amount else {
            return;
        };
        let checked = caps::check_amount(amount, rules.has_scene || has_own)
            .and_then(|()| caps::check_packet(amount, rules.max_packet));
        self.findings.amount();
        let Err(cap) = checked else {
            return;
        };
        let (_, unit) = self.header.amount();
        let in_other = in_other_unit(amount, unit).filter(|other| {
            caps::check_amount(*other, rules.has_scene || has_own).is_ok()
                && caps::check_packet(*other, rules.max_packet).is_ok()
        });
        if in_other.is_none() {
            return self.refuse(index, cap.into());
        }
        self.is_refused = true;
        let place = self.header.layout.cell(self.row.line, index);
        let value = self.row.cells[index].trim();
        let fault = Fault::of_cell(place, value, cap.into());
        let layout = &self.header.layout;
        self.findings.of_other_unit(fault, || OtherUnit {
            is_fen: unit == Unit::Fen,
            place: layout.row(self.row.line),
            first: (shown(value), amount),
            count: 0,
        });
    }

    /// An amount of another money is none of yuan.
    fn check_currency(&mut self) {
        if let Some((index, cause)) = self.header.currencies.other(&self.row.cells) {
            self.refuse(index, cause);
        }
    }

    fn packet(self) -> Option<Packet> {
        if self.is_refused {
            return None;
        }
        let openid = self.openid?;
        Some(Packet {
            line: self.row.line,
            row_key: self.row_key.unwrap_or_else(|| RowKey::from(&openid)),
            openid,
            amount: self.amount?.0,
            texts: self.texts,
            extra: self.extra,
        })
    }
}

/// A cell kept for the reports may have line breaks and tabs; nothing else may. A tab before an
/// id is a guard, and is gone with the blanks around it.
fn is_refused(meaning: Meaning, c: char) -> bool {
    // A number with one does not read as it is written.
    if matches!(meaning, Meaning::Openid | Meaning::Amount(_)) && turns(c) {
        return true;
    }
    c.is_control() && !(meaning == Meaning::Extra && matches!(c, '\n' | '\r' | '\t'))
}
