//! Whose a row of a bill is. It is ours if a number in it has the form of this merchant's bill
//! numbers, is one of WeChat Pay's numbers in the ledger, or if it bears a label of the setting;
//! all else is other business of the merchant. Which column carries which number is not published,
//! so each may.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::kept::{FlowMatch, GivenBill};
use super::merge::{About, Merging, RowNews};
use super::scratch::FlowScratch;
use crate::domain::flow::row::{FlowRow, NumberColumn, is_bill_number};
use crate::ledger::columns::fen;
use crate::ledger::read::campaign::CampaignRow;

use super::scratch::direction;

/// So many labels of foreign rows are told apart; a merchant's bill has a dozen.
const LABELS_MAX: usize = 200;

/// Rows that are not about this campaign's packets, and how the others were known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whose {
    /// Rows of other business.
    pub foreign: u64,
    /// The same by label and direction: rows and fen.
    pub by_label: BTreeMap<(String, String, &'static str), (u64, u64)>,
    /// Foreign rows that are called red packets.
    pub called_packets: u64,
    /// Rows about other campaigns of the ledger.
    pub of_others: u64,
    /// Rows about this campaign's packets by the column that told so.
    pub by_column: BTreeMap<NumberColumn, u64>,
    /// Rows of one bill that another one has too.
    pub repeated: u64,
    /// Of each given bill: rows of other business, and of other campaigns.
    pub by_file: Vec<(u64, u64)>,
    /// Rows of bills given before that are over: the given ones tell of the same without them.
    pub ended: u64,
}

/// One pass over the rows.
pub(super) struct Resolving<'a> {
    pub(super) ledger: &'a Connection,
    pub(super) campaign: &'a CampaignRow,
    pub(super) labels: &'a [String],
    pub(super) has_listids: bool,
}

impl Resolving<'_> {
    /// Sorts every row into bookings of packets, strange numbers, and what is only counted: those
    /// of the bills given before, and then the new ones.
    pub(super) fn run(
        &mut self,
        scratch: &FlowScratch,
        (before, given): (&[FlowMatch], &[GivenBill]),
    ) -> rusqlite::Result<Whose> {
        let mut merging = Merging::new(self.ledger, scratch);
        for of in before {
            merging.begin(&of.bills, false)?;
            let sql = "SELECT booked_at, direction, fen, voucher, wx_order, movement, business,
                 kind, file, is_ours FROM flow_row WHERE flow_match = ?1 ORDER BY flow_row";
            let mut statement = self.ledger.prepare_cached(sql)?;
            let mut rows = statement.query([of.flow_match])?;
            let mut row = FlowRow::default();
            while let Some(found) = rows.next()? {
                read(&mut row, found)?;
                let about = match self.about(&row, scratch)? {
                    // It was ours when it was given.
                    About::Nothing if found.get(9)? => {
                        About::Strange(row.first_number().to_owned())
                    }
                    about => about,
                };
                merging.add(&about, (&row, found.get(8)?))?;
            }
            merging.end()?;
        }
        merging.begin(given, true)?;
        let mut whose = self.given(scratch, &mut merging, given.len())?;
        whose.ended = merging.end()?;
        Ok(whose)
    }

    fn given(
        &mut self,
        scratch: &FlowScratch,
        merging: &mut Merging<'_>,
        files: usize,
    ) -> rusqlite::Result<Whose> {
        let mut whose = Whose {
            by_file: vec![(0, 0); files],
            ..Whose::default()
        };
        let sql = "SELECT booked_at, direction, fen, voucher, wx_order, movement, business, kind,
               file, raw
             FROM raw ORDER BY raw";
        let mut statement = scratch.conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut row = FlowRow::default();
        while let Some(found) = rows.next()? {
            read(&mut row, found)?;
            let file: i64 = found.get(8)?;
            let about = self.about(&row, scratch)?;
            let added = merging.add(&about, (&row, file))?;
            let of_file = usize::try_from(file - 1).ok();
            let of_file = of_file.and_then(|place| whose.by_file.get_mut(place));
            match (&about, of_file) {
                (About::OtherCampaign, Some(counts)) => counts.1 += 1,
                (About::Nothing, Some(counts)) => counts.0 += 1,
                _ => {}
            }
            whose.count(&about, added, &row);
            let is_ours = matches!(about, About::Packet(..) | About::Strange(_));
            // A number may become known later, and a label be set.
            let may_be = matches!(about, About::Nothing) && row.is_called_packet();
            if (is_ours || may_be) && added != RowNews::Known {
                let sql = "INSERT INTO ours VALUES (?1, ?2)";
                let raw: i64 = found.get(9)?;
                let mut keep = scratch.conn.prepare_cached(sql)?;
                keep.execute((raw, is_ours))?;
            }
        }
        Ok(whose)
    }

    fn about(&mut self, row: &FlowRow, scratch: &FlowScratch) -> rusqlite::Result<About> {
        let mut strange = None;
        for column in NumberColumn::ALL {
            let number = row.number(column);
            if !is_bill_number(number, &self.campaign.mch_id) {
                continue;
            }
            match self.bill_of(number)? {
                Some(bill) => return self.in_campaign(bill, column),
                None => strange = strange.or_else(|| Some(number.to_owned())),
            }
        }
        if !self.has_listids {
            self.gather_listids(scratch)?;
        }
        for column in NumberColumn::ALL {
            let sql = "SELECT bill FROM listid WHERE send_listid = ?1";
            let bill = scratch
                .conn
                .prepare_cached(sql)?
                .query_row([row.number(column)], |row| row.get(0))
                .optional()?;
            if let Some(bill) = bill {
                return self.in_campaign(bill, column);
            }
        }
        Ok(match strange {
            Some(_) if planted!(StrangeNumberIsForeign) => About::Nothing,
            Some(number) => About::Strange(number),
            None if row.bears(self.labels) || planted!(ForeignIsOurs) => {
                About::Strange(row.first_number().to_owned())
            }
            None => About::Nothing,
        })
    }

    fn bill_of(&self, number: &str) -> rusqlite::Result<Option<i64>> {
        let sql = "SELECT bill FROM bill WHERE mch_billno = ?1";
        let mut statement = self.ledger.prepare_cached(sql)?;
        statement.query_row([number], |row| row.get(0)).optional()
    }

    fn in_campaign(&self, bill: i64, column: NumberColumn) -> rusqlite::Result<About> {
        let sql = "SELECT campaign FROM bill WHERE bill = ?1";
        let mut statement = self.ledger.prepare_cached(sql)?;
        let campaign: i64 = statement.query_row([bill], |row| row.get(0))?;
        Ok(if campaign == self.campaign.campaign {
            About::Packet(bill, column)
        } else {
            About::OtherCampaign
        })
    }

    /// WeChat Pay's numbers, of all campaigns: the ledger has no index of them. Not before a row
    /// needs it, and where each row has a number of ours, none does.
    fn gather_listids(&mut self, scratch: &FlowScratch) -> rusqlite::Result<()> {
        self.has_listids = true;
        let sql = "SELECT send_listid, bill FROM receipt WHERE send_listid IS NOT NULL";
        let mut statement = self.ledger.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let sql = "INSERT OR IGNORE INTO listid VALUES (?1, ?2)";
            let listid: String = row.get(0)?;
            let bill: i64 = row.get(1)?;
            scratch.conn.prepare_cached(sql)?.execute((listid, bill))?;
        }
        Ok(())
    }
}

impl Whose {
    fn count(&mut self, about: &About, added: RowNews, row: &FlowRow) {
        let is_repeated = added == RowNews::Repeated;
        match about {
            About::Packet(_, column) => {
                *self.by_column.entry(*column).or_default() += u64::from(!is_repeated);
                self.repeated += u64::from(is_repeated);
            }
            About::Strange(_) => self.repeated += u64::from(is_repeated),
            About::OtherCampaign => self.of_others += 1,
            About::Nothing => self.count_foreign(row),
        }
    }

    fn count_foreign(&mut self, row: &FlowRow) {
        self.foreign += 1;
        self.called_packets += u64::from(row.is_called_packet());
        let label = (row.business.clone(), row.kind.clone(), row.direction.name());
        let is_room = self.by_label.len() < LABELS_MAX || self.by_label.contains_key(&label);
        let label = if is_room {
            label
        } else {
            ("…".to_owned(), "…".to_owned(), row.direction.name())
        };
        let (rows, fen) = self.by_label.entry(label).or_default();
        *rows += 1;
        *fen = fen.saturating_add(row.amount.fen());
    }
}

fn read(row: &mut FlowRow, found: &Row<'_>) -> rusqlite::Result<()> {
    row.booked_at = found.get(0)?;
    row.direction = direction(found.get_ref(1)?.as_str()?);
    row.amount = fen(found, 2)?;
    for (text, index) in [
        (&mut row.voucher, 3),
        (&mut row.order, 4),
        (&mut row.movement, 5),
        (&mut row.business, 6),
        (&mut row.kind, 7),
    ] {
        text.clear();
        text.push_str(found.get_ref(index)?.as_str()?);
    }
    Ok(())
}
