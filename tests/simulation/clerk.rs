//! The person who keeps the list: takes packets back, mends what was wrong about them, and loads
//! the list again; and the rules that hold of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use hongbao::domain::ids::{Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::packet::{Packet, RowTexts};
use hongbao::domain::state::State;
use hongbao::ledger::{
    Added, CameAgain, FileFacts, LedgerError, LoadRefusal, LoadRules, Owner, TakeBack,
};
use hongbao::runner::{Shared, ask_before_withdrawing};
use rusqlite::{Connection, Row};

use super::check::{Eyes, rows};
use super::life::terms_of;
use super::plan::Plan;
use super::world::World;

/// How many are asked about at least before so many are taken back.
const ASKED: i64 = 12;
const DAY_MS: i64 = 86_400_000;

/// Takes two of three packets back that wait for their first send, whatever the ledger has to say.
pub(super) async fn withdraw(
    world: &World,
    plan: &Plan,
    shared: &Arc<Shared>,
) -> Result<(), LedgerError> {
    let rows = rows(world).unwrap_or_default();
    let third = i64::try_from(plan.seed % 3).unwrap();
    let waits = |bill: i64, state| state == State::Ready && bill % 3 != third;
    let picked = rows.iter().filter(|row| waits(row.bill, row.state));
    let bills: Vec<i64> = picked.map(|row| row.bill).collect();
    let asked = ask_before_withdrawing(shared, plan.in_flight, &bills).await?;
    world.note(&format!("asked before taking {bills:?} back: {asked:?}"));
    if asked.shut.is_some() || asked.outage.is_some() || asked.unanswered > 0 {
        return Ok(());
    }
    let because = "the list was wrong".to_owned();
    let wanted = TakeBack { bills, because };
    let done = shared
        .writer
        .withdraw(wanted, shared.clock.now_ms())
        .await?;
    world.note(&format!("{done:?}"));
    Ok(())
}

/// A row of the list as it is now.
struct ListRow {
    bill: i64,
    packet: Packet,
    is_withdrawn: bool,
}

/// Every other packet that was taken back gets other content; the list is loaded with all of them,
/// and at times the rest comes back as well.
pub(super) fn mend(
    owner: &mut Owner,
    world: &World,
    plan: &Plan,
    (now, is_whole): (i64, bool),
) -> Result<(), LedgerError> {
    let list = world
        .look(|eyes| read_list(&eyes.conn))
        .unwrap()
        .unwrap_or_default();
    if !list.iter().any(|row| row.is_withdrawn) {
        return Ok(());
    }
    // What WeChat Pay knows stays as it is, and the list is loaded without its change.
    let (mut kept, mut bring_back) = (BTreeSet::new(), is_whole.then_some(0));
    for _ in 0..3 {
        let packets = list.iter().map(|row| mended(row, plan, now, &kept));
        match load_again(owner, plan, packets.collect(), (now, bring_back)) {
            Ok(Ok(came)) => {
                world.note(&format!("mended: {came:?}"));
                if bring_back.is_some() {
                    world.bring_back(came.brought_back);
                }
                return Ok(());
            }
            Ok(Err(known)) => kept.extend(known),
            Err(LedgerError::Refused(LoadRefusal::BringBack { count, .. })) => {
                bring_back = Some(count);
            }
            Err(fault) => return Err(fault),
        }
    }
    world.note("the list is not loaded");
    Ok(())
}

/// The row as it stands in the mended list.
fn mended(row: &ListRow, plan: &Plan, now: i64, kept: &BTreeSet<String>) -> Packet {
    let mut packet = row.packet.clone();
    let key = packet.row_key.as_str();
    if row.is_withdrawn && row.bill % 2 == 0 && !kept.contains(key) {
        if row.bill % 4 == 0 {
            packet.texts.remark = Some(format!("m{now}"));
        } else {
            // As large as somebody else's: no cap is too small for it.
            packet.amount = Fen::new(100 + (packet.amount.fen() + 1) % plan.packets);
        }
    }
    packet
}

fn read_list(conn: &Connection) -> Result<Vec<ListRow>, String> {
    let sql = "SELECT bill, line, row_key, openid, amount_fen, remark, state = 'withdrawn'
         FROM bill WHERE (row_key, generation) IN
           (SELECT row_key, max(generation) FROM bill GROUP BY row_key) ORDER BY line, bill";
    let row = |row: &Row<'_>| {
        let (key, openid): (String, String) = (row.get(2)?, row.get(3)?);
        Ok(ListRow {
            bill: row.get(0)?,
            packet: Packet {
                line: row.get(1)?,
                row_key: RowKey::new(&key).unwrap(),
                openid: Openid::new(&openid).unwrap(),
                amount: Fen::new(row.get(4)?),
                texts: RowTexts {
                    remark: row.get(5)?,
                    ..RowTexts::default()
                },
                extra: Vec::new(),
            },
            is_withdrawn: row.get(6)?,
        })
    };
    let read = || -> rusqlite::Result<Vec<ListRow>> {
        conn.prepare_cached(sql)?.query_map([], row)?.collect()
    };
    read().map_err(|fault| fault.to_string())
}

/// Loads the list, or gives the row keys of those that may not be changed.
fn load_again(
    owner: &mut Owner,
    plan: &Plan,
    packets: Vec<Packet>,
    (now, bring_back): (i64, Option<u64>),
) -> Result<Result<CameAgain, Vec<String>>, LedgerError> {
    let rules = LoadRules {
        is_live: true,
        bring_back,
        ..LoadRules::default()
    };
    let mut loading = owner.begin_load(&terms_of(plan), plan.each > 1, &rules, now)?;
    let drafter = loading.drafter();
    let drafts: Vec<_> = packets
        .into_iter()
        .map(|packet| drafter.draft(packet))
        .collect();
    let mut known = Vec::new();
    loading.add(&drafts, |packet, added| {
        if matches!(added, Added::Differs { .. }) {
            known.push(packet.row_key.to_string());
        }
    })?;
    if !known.is_empty() {
        return Ok(Err(known));
    }
    loading.seal(|twice| panic!("{twice:?}"))?;
    let mut sha256 = [0; 32];
    sha256[..8].copy_from_slice(&now.to_be_bytes());
    loading.finish(&FileFacts {
        sha256,
        extra: Vec::new(),
        stamp: None,
    })?;
    let came = loading.came_again();
    loading.commit()?;
    Ok(Ok(came))
}

/// Sent, and taken back all the same.
const TAKEN_FROM_THE_WIRE: &str = "SELECT mch_billno FROM bill JOIN journal AS taken USING (bill)
    WHERE taken.event = 'withdrawn' AND EXISTS (SELECT 1 FROM journal AS sent JOIN attempt
      ON sent.bill = taken.bill AND sent.attempt = attempt.attempt AND sent.seq < taken.seq
        AND action = 'send' AND answer IS NOT 'not_sent')";

/// Taken back, and sent before it was loaded again or brought back; but for the package of what
/// another ledger paid.
const SENT_AFTERWARDS: &str = "SELECT mch_billno FROM bill JOIN journal AS sent USING (bill)
    WHERE sent.event IN ('dispatched', 'resent') AND sent.state_from <> 'sent'
      AND 'withdrawn' = (SELECT event FROM journal AS last
        WHERE last.bill = sent.bill AND last.seq < sent.seq
          AND event IN ('withdrawn', 'frozen_anew', 'brought_back')
        ORDER BY seq DESC LIMIT 1)";

/// Fewer are asked about than must be, of what one process takes back. Among those that it asks
/// about are some that were on the wire, which stay whatever is said of them.
const TAKEN_UNASKED: &str = "SELECT min(bill) FROM journal AS taken WHERE event = 'withdrawn'
    GROUP BY epoch HAVING min(count(*), ?1) > (SELECT count(DISTINCT asked.bill)
      FROM journal AS asked JOIN attempt USING (attempt)
      WHERE asked.epoch = taken.epoch AND action = 'query'
        AND answer NOT IN ('not_sent', 'throttled', 'halted', 'unclear') AND asked.seq <
        (SELECT min(seq) FROM journal WHERE event = 'withdrawn' AND epoch = taken.epoch))";

/// Taken back within 29 days, and not asked about for a day by the end of a reconciliation.
const FORGOTTEN: &str = "SELECT mch_billno FROM bill
    WHERE state = 'withdrawn' AND coalesce(first_sent_at, settled_at) > ?1 - 29 * ?2
      AND coalesce(first_sent_at, settled_at) < ?1
      AND NOT EXISTS (SELECT 1 FROM attempt
        WHERE attempt.bill = bill.bill AND committed_at > ?1 - ?2)";

/// Holds at any time.
pub(super) fn holds(world: &World, eyes: &Eyes) -> Result<(), String> {
    let conn = &eyes.conn;
    none("sent, and taken back:", text(conn, TAKEN_FROM_THE_WIRE)?)?;
    none("taken back, and sent:", text(conn, SENT_AFTERWARDS)?)?;
    let unasked = first(conn, TAKEN_UNASKED, [ASKED], |row| row.get::<_, i64>(0))?;
    none(
        "taken back unasked: bill",
        unasked.map(|bill| bill.to_string()),
    )?;
    let sql = "SELECT count(*) FROM journal WHERE event = 'brought_back'";
    let count: u64 = first(conn, sql, [], |row| row.get(0))?.unwrap_or(0);
    if count > world.brought_back() {
        return Err(format!("{count} packets came back, and nobody said so"));
    }
    Ok(())
}

/// A reconciliation that began at `since` asked about every packet that was taken back.
pub(super) fn were_asked(world: &World, since: i64) -> Result<(), String> {
    let found =
        world.look(|eyes| first(&eyes.conn, FORGOTTEN, [since, DAY_MS], |row| row.get(0)))?;
    none("nobody asked about what was taken back:", found.flatten())
}

fn text(conn: &Connection, sql: &str) -> Result<Option<String>, String> {
    first(conn, sql, [], |row| row.get(0))
}

fn first<T, const N: usize>(
    conn: &Connection,
    sql: &str,
    values: [i64; N],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, String> {
    let found = || -> rusqlite::Result<Option<T>> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        rows.next()?.map(read).transpose()
    };
    found().map_err(|fault| fault.to_string())
}

fn none(says: &str, found: Option<String>) -> Result<(), String> {
    found.map_or(Ok(()), |which| Err(format!("{says} {which}")))
}
