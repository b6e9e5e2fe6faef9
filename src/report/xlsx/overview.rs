//! The sheet that is signed: the campaign, where its money is, what happened on each day, and
//! room for signatures.

use std::io::Result;

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet};

use super::cells::{self, written};
use super::{charts, looks};
use crate::domain::tally::TallyRow;
use crate::report::summary::balance::Balance;
use crate::report::summary::capitals::capitals;
use crate::report::summary::days::{DayMark, DaySum, DaySums};
use crate::report::summary::facts::ReportFacts;
use crate::words::Text;
use crate::words::report::{balance, fact, head, part, signature};

/// Columns of the sheet, the last one the mark of a day.
const LAST: u16 = 9;
/// Where the second of two facts in a row stands.
const RIGHT: u16 = 4;
/// The most characters of a fact that leaves room for another.
const SHORT: usize = 40;
const WIDTHS: [u16; 10] = [24, 13, 16, 13, 16, 13, 16, 16, 13, 18];

/// The sheet under way, from above to below.
struct Overview<'a> {
    sheet: &'a mut Worksheet,
    facts: &'a ReportFacts,
    /// The next row.
    row: u32,
}

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, facts: &ReportFacts, days: &DaySums) -> Result<()> {
    let name = part::SUMMARY.within(facts.lang);
    written(sheet.set_name(name))?;
    looks::lay_out(sheet, name, facts.lang);
    sheet.set_screen_gridlines(false);
    for (column, width) in (0..).zip(WIDTHS) {
        written(sheet.set_column_width(column, width))?;
    }
    let mut page = Overview {
        sheet,
        facts,
        row: 0,
    };
    page.head()?;
    page.balance()?;
    page.days(days)?;
    page.signatures()
}

impl Overview<'_> {
    fn within(&self, text: Text) -> &'static str {
        text.within(self.facts.lang)
    }

    fn head(&mut self) -> Result<()> {
        written(self.sheet.set_row_height(0, 30))?;
        let title = self.within(part::TITLE);
        self.text(0, title, &looks::title())?;
        self.row += 1;
        let mut is_right = false;
        for (label, value) in self.facts.lines() {
            let is_long = value.chars().count() > SHORT;
            if is_right && is_long {
                self.row += 1;
                is_right = false;
            }
            let column = if is_right { RIGHT } else { 0 };
            self.text(column, self.within(label), &looks::muted())?;
            let look = looks::shown(looks::TEXT);
            let look = if ReportFacts::is_alarm(label) {
                look.set_font_color(looks::ALARM).set_bold()
            } else {
                look
            };
            self.text(column + 1, &value, &look)?;
            // Two short ones share a row.
            is_right = !is_right && !is_long;
            self.row += u32::from(!is_right);
        }
        self.row += 1 + u32::from(is_right);
        Ok(())
    }

    /// Where the money is, a line each, and a picture beside it.
    fn balance(&mut self) -> Result<()> {
        let standing = &self.facts.standing;
        let sum = Balance::of(&standing.tally, standing.loaded());
        let top = self.row;
        self.text(0, self.within(part::BALANCE), &looks::section())?;
        let right = looks::muted().set_align(FormatAlign::Right);
        self.text(2, self.within(fact::UNIT), &right)?;
        self.row += 1;
        self.header([head::ITEM, head::COUNT, head::YUAN])?;
        let bold = looks::boxed().set_bold();
        self.money(self.within(balance::OWED), sum.owed, &bold)?;
        let first = self.row;
        for (line, row) in &sum.lines {
            self.money(self.within(line.label()), *row, &looks::boxed())?;
        }
        let last = self.row - 1;
        let (word, color) = if sum.is_even() {
            (balance::BALANCED, Color::Automatic)
        } else {
            (balance::UNBALANCED, looks::ALARM)
        };
        let check = bold.clone().set_font_color(color);
        self.text(0, self.within(balance::CHECK), &looks::boxed())?;
        let right = check.set_align(FormatAlign::Right);
        written(self.sheet.merge_range(self.row, 1, self.row, 2, "", &right))?;
        self.text(1, self.within(word), &right)?;
        self.row += 1;
        self.money(
            self.within(balance::WITHDRAWN),
            sum.withdrawn,
            &looks::boxed(),
        )?;
        self.text(0, self.within(fact::CAPITALS), &looks::boxed())?;
        let amount = capitals(sum.owed.fen);
        written(
            self.sheet
                .merge_range(self.row, 1, self.row, 2, "", &bold.set_text_wrap()),
        )?;
        self.text(1, &amount, &looks::boxed().set_bold().set_text_wrap())?;
        written(self.sheet.set_row_height(self.row, 32))?;
        charts::balance(self.sheet, self.facts.lang, top, (first, last))?;
        self.row += 2;
        Ok(())
    }

    fn days(&mut self, days: &DaySums) -> Result<()> {
        self.text(0, self.within(part::DAYS), &looks::section())?;
        self.row += 1;
        self.header(head::BY_DAY)?;
        written(self.sheet.set_row_height(self.row - 1, 32))?;
        let first = self.row;
        let date = looks::boxed().set_num_format(looks::DAY);
        for (day, row) in days.rows() {
            let date = date.clone().set_align(FormatAlign::Left);
            let at = cells::day(day);
            written(self.sheet.write_number_with_format(self.row, 0, at, &date))?;
            self.day(row, Some(row.mark(day, self.facts.written_at)))?;
        }
        let last = self.row.saturating_sub(1);
        if days.undated != DaySum::default() {
            self.text(0, self.within(head::UNDATED), &looks::boxed())?;
            self.day(&days.undated, None)?;
        }
        self.row += 1;
        if last >= first {
            charts::days(self.sheet, self.facts.lang, self.row, (first, last))?;
            self.row += charts::ROWS;
        }
        Ok(())
    }

    fn day(&mut self, day: &DaySum, mark: Option<DayMark>) -> Result<()> {
        let rows = [day.sent, day.claimed, day.refunded];
        for (column, row) in (1..).step_by(2).zip(rows) {
            self.count(column, row.count, &looks::boxed())?;
            self.yuan(column + 1, row, &looks::boxed())?;
        }
        self.count(LAST - 2, day.open.count, &looks::boxed())?;
        self.count(LAST - 1, day.unclear.count, &looks::boxed())?;
        let (word, color) = match mark {
            Some(DayMark::Odd) => (self.within(head::ODD), looks::ALARM),
            Some(DayMark::Open) => (self.within(head::IN_TIME), Color::Automatic),
            Some(DayMark::Settled) | None => ("", Color::Automatic),
        };
        let look = looks::boxed().set_font_color(color);
        self.text(LAST, word, &look.set_align(FormatAlign::Center))?;
        self.row += 1;
        Ok(())
    }

    /// Three people, a date each, and room for a seal.
    fn signatures(&mut self) -> Result<()> {
        let signers = [
            (0, signature::PREPARED),
            (2, signature::REVIEWED),
            (4, signature::APPROVED),
        ];
        let (line, date) = (self.row, self.row + 1);
        let boxed = looks::boxed().set_align(FormatAlign::Top);
        for (column, who) in signers {
            for (row, text) in [(line, who), (date, signature::DATE)] {
                written(self.sheet.set_row_height(row, 34))?;
                let text = format!("{}: ", self.within(text));
                let right = column + 1;
                written(
                    self.sheet
                        .merge_range(row, column, row, right, &text, &boxed),
                )?;
            }
        }
        let seal = self.within(signature::SEAL);
        let (left, right) = (LAST - 2, LAST);
        written(
            self.sheet
                .merge_range(line, left, date, right, seal, &boxed),
        )?;
        written(self.sheet.set_print_area(0, 0, date, LAST))?;
        Ok(())
    }

    fn header<const N: usize>(&mut self, texts: [Text; N]) -> Result<()> {
        for (column, text) in (0..).zip(texts) {
            self.text(column, self.within(text), &looks::boxed_header())?;
        }
        self.row += 1;
        Ok(())
    }

    fn money(&mut self, label: &str, row: TallyRow, look: &Format) -> Result<()> {
        self.text(0, label, look)?;
        self.count(1, row.count, look)?;
        self.yuan(2, row, look)?;
        self.row += 1;
        Ok(())
    }

    fn count(&mut self, column: u16, count: u64, look: &Format) -> Result<()> {
        let look = look.clone().set_num_format(looks::NUMBER);
        let count = cells::number(count);
        written(
            self.sheet
                .write_number_with_format(self.row, column, count, &look),
        )?;
        Ok(())
    }

    fn yuan(&mut self, column: u16, row: TallyRow, look: &Format) -> Result<()> {
        let look = look.clone().set_num_format(looks::YUAN);
        let yuan = cells::yuan(row.fen);
        written(
            self.sheet
                .write_number_with_format(self.row, column, yuan, &look),
        )?;
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str, look: &Format) -> Result<()> {
        let text = cells::clipped(text);
        written(
            self.sheet
                .write_string_with_format(self.row, column, text, look),
        )?;
        Ok(())
    }
}
