//! SHA-256 digests of ledger rows. `hongbao audit` makes every one again from the rows as they
//! stand.
//!
//! The bytes that are hashed are the kind of row as a text, then each value in the order of its
//! columns: NULL is one byte 0; an integer is 1 and eight bytes, highest first; a text is 2 and a
//! blob 3, each followed by its length as eight bytes, highest first, and its bytes.

use std::sync::LazyLock;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest as _, Sha256};

use crate::domain::bill::{Bill, Confirming};
use crate::domain::packet::Texts;
use crate::ledger::columns::next_word;

/// A whole digest.
pub(in crate::ledger) type Hash = [u8; 32];
/// The first half of one: what tells a row's versions apart, where the chain holds the whole.
pub(in crate::ledger) type Mark = [u8; 16];

/// A bill's frozen columns, in the order of the seal.
pub(in crate::ledger) const FROZEN: &str = "line, row_key, openid, amount_fen, act_name, \
     send_name, wishing, remark, scene_id, extra, generation, mch_billno";
/// How many they are.
pub(in crate::ledger) const FROZEN_WIDTH: usize = 12;

/// A bill's moving columns, those of its receipt, its second chance, another payment and its fate
/// included.
pub(in crate::ledger) const MOVING: &str = "state, confirming, confirming_since, doubt_since, \
     is_window_closed, sends, doubtful_sends, idle_queries, not_found, has_package, next_action, \
     due, first_sent_at, settled_at, err_code, err_code_des, send_listid, package, again.word, \
     to_openid, paid_fen, asked_at, received_at, refunded_at, refunded_fen, reason";
/// How many they are, but for the last eight, which are sealed only where there is anything: older
/// versions had no place for them, and most bills have none.
pub(in crate::ledger) const MOVING_WIDTH: usize = 18;
/// Where they stand.
pub(in crate::ledger) const MOVING_FROM: &str = "bill LEFT JOIN receipt USING (bill) \
     LEFT JOIN again USING (bill) LEFT JOIN paid USING (bill) \
     LEFT JOIN fate USING (bill)";
/// Columns of a fate.
const FATE_WIDTH: usize = 5;

/// Values on their way into a digest.
#[derive(Debug, Clone)]
pub(in crate::ledger) struct Sealing(Vec<u8>);

impl Sealing {
    /// Of one kind of row, so that equal values of two kinds differ.
    pub(in crate::ledger) fn of(kind: &str) -> Self {
        let mut sealing = Sealing(Vec::with_capacity(320));
        sealing.begin(kind);
        sealing
    }

    pub(in crate::ledger) fn begin(&mut self, kind: &str) {
        self.0.clear();
        self.text(Some(kind));
    }

    pub(in crate::ledger) fn int(&mut self, value: Option<i64>) -> &mut Self {
        self.value(value.map_or(ValueRef::Null, ValueRef::Integer))
    }

    pub(in crate::ledger) fn text(&mut self, value: Option<&str>) -> &mut Self {
        let bytes = value.map(str::as_bytes);
        self.value(bytes.map_or(ValueRef::Null, ValueRef::Text))
    }

    pub(in crate::ledger) fn blob(&mut self, value: &[u8]) -> &mut Self {
        self.value(ValueRef::Blob(value))
    }

    /// The `width` columns from `first` on.
    pub(in crate::ledger) fn columns(
        &mut self,
        row: &Row<'_>,
        first: usize,
        width: usize,
    ) -> rusqlite::Result<&mut Self> {
        for index in first..first + width {
            self.value(row.get_ref(index)?);
        }
        Ok(self)
    }

    fn value(&mut self, value: ValueRef<'_>) -> &mut Self {
        let sized = |bytes: &mut Vec<u8>, kind: u8, value: &[u8]| {
            bytes.push(kind);
            bytes.extend((value.len() as u64).to_be_bytes());
            bytes.extend(value);
        };
        match value {
            ValueRef::Null => self.0.push(0),
            ValueRef::Integer(number) => {
                self.0.push(1);
                self.0.extend(number.to_be_bytes());
            }
            ValueRef::Text(text) => sized(&mut self.0, 2, text),
            ValueRef::Blob(blob) => sized(&mut self.0, 3, blob),
            // No column of the ledger holds one; one that does was not written by us.
            ValueRef::Real(number) => sized(&mut self.0, 4, &number.to_be_bytes()),
        }
        self
    }

    /// Puts the digest of what came so far in its place, where that is much.
    pub(in crate::ledger) fn fold(&mut self) {
        if self.0.len() > 64 * 1024 {
            let hash = self.hash();
            self.begin("folded");
            self.blob(&hash);
        }
    }

    /// The bytes that are hashed.
    pub(in crate::ledger) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(in crate::ledger) fn hash(&self) -> Hash {
        digest(&self.0)
    }

    pub(in crate::ledger) fn mark(&self) -> Mark {
        half(&self.hash())
    }
}

/// The digest of the bytes of one row.
pub(in crate::ledger) fn digest(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// The first half of a digest.
fn half(hash: &Hash) -> Mark {
    let mut mark = [0; 16];
    mark.copy_from_slice(&hash[..16]);
    mark
}

/// Everything that a request about a bill says, but for its sign: what is fixed about the bill, and
/// what is fixed about its campaign. What else is on the wire follows from these.
#[derive(Debug, Clone, Copy)]
pub(in crate::ledger) struct RequestSeal {
    pub(in crate::ledger) packet: Hash,
    pub(in crate::ledger) terms: Hash,
}

impl RequestSeal {
    /// Into the mark of the request.
    pub(super) fn seal(&self, sealing: &mut Sealing) {
        if !planted!(DigestLeavesOutOpenid) {
            sealing.blob(&self.packet);
        }
        sealing.blob(&self.terms);
    }
}

/// The seal of a campaign's frozen terms that its requests carry.
pub(in crate::ledger) fn terms_seal(mch_id: &str, wxappid: &str, texts: &Texts) -> Hash {
    let mut sealing = Sealing::of("terms");
    sealing
        .text(Some(mch_id))
        .text(Some(wxappid))
        .text(Some(&texts.act_name))
        .text(Some(&texts.send_name))
        .text(Some(&texts.wishing))
        .text(Some(&texts.remark))
        .text(texts.scene_id.as_deref());
    sealing.hash()
}

/// As [`terms_seal`], of the campaign as it stands.
pub(in crate::ledger) fn campaign_terms(
    conn: &Connection,
    campaign: i64,
) -> rusqlite::Result<Hash> {
    let sql = "SELECT mch_id, wxappid, act_name, send_name, wishing, remark, scene_id
         FROM campaign WHERE campaign = ?1";
    conn.prepare_cached(sql)?.query_row([campaign], |row| {
        Ok(Sealing::of("terms").columns(row, 0, 7)?.hash())
    })
}

/// Put together once.
static SAID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT campaign, {FROZEN} FROM bill WHERE bill = ?1"));

/// The content of a request about the bill as it stands, and its campaign; `None` where it is gone.
pub(in crate::ledger) fn packet_said(
    conn: &Connection,
    bill: i64,
) -> rusqlite::Result<Option<(i64, Hash)>> {
    conn.prepare_cached(&SAID)?
        .query_row([bill], |row| Ok((row.get(0)?, frozen(row, 1)?)))
        .optional()
}

/// The short form that a bill's own column holds, checked before each request about it.
pub(in crate::ledger) fn short(hash: &Hash) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(bytes)
}

/// The digest of what is fixed about a bill: the [`FROZEN`] columns from `first` on.
pub(in crate::ledger) fn frozen(row: &Row<'_>, first: usize) -> rusqlite::Result<Hash> {
    let mut sealing = Sealing::of("packet");
    Ok(sealing.columns(row, first, FROZEN_WIDTH)?.hash())
}

/// The digest of what changes about a bill: the [`MOVING`] columns from `first` on.
pub(in crate::ledger) fn moving(row: &Row<'_>, first: usize) -> rusqlite::Result<Mark> {
    let mut sealing = Sealing::of("bill");
    sealing.columns(row, first, MOVING_WIDTH)?;
    // Only where there is something: most bills have the mark that they always had.
    let (again, paid) = (first + MOVING_WIDTH, first + MOVING_WIDTH + 1);
    if row.get_ref(again)? != ValueRef::Null {
        sealing.columns(row, again, 1)?;
    }
    if row.get_ref(paid + 1)? != ValueRef::Null {
        sealing.columns(row, paid, 2)?;
    }
    let fate = paid + 2;
    if row.get_ref(fate)? != ValueRef::Null {
        sealing.columns(row, fate, FATE_WIDTH)?;
    }
    Ok(sealing.mark())
}

/// Columns of a bill that the state machine does not use.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::ledger) struct BillExtras<'a> {
    pub(in crate::ledger) settled_at: Option<i64>,
    pub(in crate::ledger) err_code: Option<&'a str>,
    pub(in crate::ledger) err_code_des: Option<&'a str>,
    pub(in crate::ledger) send_listid: Option<&'a str>,
    pub(in crate::ledger) package: Option<&'a str>,
}

/// The mark that [`bill_mark`] would read back of a bill that was just written.
pub(in crate::ledger) fn written(bill: &Bill, rest: &BillExtras<'_>) -> Mark {
    let number = |count: u32| Some(i64::from(count));
    let is = |flag: bool| Some(i64::from(flag));
    let mut sealing = Sealing::of("bill");
    sealing
        .text(Some(bill.state.name()))
        .text(bill.confirming.map(Confirming::name))
        .int(bill.confirming_since)
        .int(bill.doubt_since)
        .int(is(bill.is_window_closed))
        .int(number(bill.sends))
        .int(number(bill.doubtful_sends))
        .int(number(bill.idle_queries))
        .int(number(bill.not_found))
        .int(is(bill.has_package))
        .text(next_word(bill))
        .int(bill.next.map(|next| next.due))
        .int(bill.first_sent)
        .int(rest.settled_at)
        .text(rest.err_code)
        .text(rest.err_code_des)
        .text(rest.send_listid)
        .text(rest.package);
    if let Some(again) = bill.again {
        sealing.text(Some(again.name()));
    }
    sealing.mark()
}

/// Put together once.
static BILL_MARK: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {MOVING} FROM {MOVING_FROM} WHERE bill = ?1"));

/// The bill as it stands now.
pub(in crate::ledger) fn bill_mark(conn: &Connection, bill: i64) -> rusqlite::Result<Mark> {
    conn.prepare_cached(&BILL_MARK)?
        .query_row([bill], |row| moving(row, 0))
}

/// A campaign and its files as they stand now, but for how far the first sends have come: the
/// bills tell that.
pub(in crate::ledger) fn campaign_mark(conn: &Connection, campaign: i64) -> rusqlite::Result<Mark> {
    let mut sealing = Sealing::of("campaign");
    for sql in [
        "SELECT * FROM campaign WHERE campaign = ?1",
        "SELECT file, campaign, sha256, people, rows, fen, loaded_at, extra, stamp, first_bill,
           last_bill, seal FROM file WHERE campaign = ?1 ORDER BY file",
    ] {
        let mut statement = conn.prepare_cached(sql)?;
        let width = statement.column_count();
        let mut rows = statement.query([campaign])?;
        while let Some(row) = rows.next()? {
            sealing.columns(row, 0, width)?;
        }
    }
    Ok(sealing.mark())
}
