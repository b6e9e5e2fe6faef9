//! A packet with all that the ledger derives from it: made by a thread of its own, so that the one
//! that writes has nothing left to compute.

use std::sync::mpsc::{Receiver, SyncSender};

use sha2::{Digest, Sha256};

use crate::domain::ids::MchBillno;
use crate::domain::packet::{Packet, RowTexts};
use crate::domain::text::Field;
use crate::ledger::bill::number::Numbers;
use crate::ledger::columns::to_sql;
use crate::ledger::journal::seal::{Hash, Sealing};

/// A packet ready to be written: it has no row yet, and nothing was ever sent for it.
#[derive(Debug, Clone)]
pub struct Draft {
    pub(super) packet: Packet,
    pub(super) mch_billno: MchBillno,
    pub(super) person: [u8; 32],
    pub(super) extra: Option<String>,
    pub(super) seal: Hash,
}

/// Makes drafts for one campaign.
#[derive(Debug, Clone)]
pub struct Drafter {
    pub(super) numbers: Numbers,
}

impl Drafter {
    /// The packet with its first number.
    #[must_use]
    pub fn draft(&self, packet: Packet) -> Draft {
        let cells = &packet.extra;
        let has_extra = !cells.is_empty();
        let mch_billno = self.numbers.number(&packet.row_key, 1);
        let extra = has_extra.then(|| serde_json::Value::from(cells.clone()).to_string());
        Draft {
            person: person(&packet),
            seal: seal(&packet, extra.as_deref(), &mch_billno),
            mch_billno,
            extra,
            packet,
        }
    }

    /// The same of all that come, as long as somebody takes the drafts.
    pub fn draft_all(&self, packets: Receiver<Vec<Packet>>, drafts: &SyncSender<Vec<Draft>>) {
        for packets in packets {
            let batch = packets.into_iter().map(|packet| self.draft(packet));
            if drafts.send(batch.collect()).is_err() {
                return;
            }
        }
    }
}

impl Draft {
    /// Whether the row has no texts and no cells of its own.
    pub(super) fn is_plain(&self) -> bool {
        self.extra.is_none() && self.packet.texts == RowTexts::default()
    }
}

/// As [`crate::ledger::journal::seal::frozen`] makes it from the row.
fn seal(packet: &Packet, extra: Option<&str>, mch_billno: &MchBillno) -> Hash {
    let mut sealing = Sealing::of("packet");
    sealing
        .int(Some(line(packet)))
        .text(Some(packet.row_key.as_str()))
        .text(Some(packet.openid.as_str()))
        .int(Some(to_sql(packet.amount)));
    for field in Field::ALL {
        sealing.text(packet.texts.own(field));
    }
    sealing
        .text(extra)
        .int(Some(1))
        .text(Some(mch_billno.as_str()));
    sealing.hash()
}

/// Where the packet stands in its file, for a column.
pub(super) fn line(packet: &Packet) -> i64 {
    i64::try_from(packet.line).unwrap_or(i64::MAX)
}

/// SHA-256(openid, 0x1F, fen).
fn person(packet: &Packet) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(packet.openid.as_str());
    hash.update([0x1F]);
    hash.update(packet.amount.fen().to_string());
    hash.finalize().into()
}

/// The set of openids and amounts of a file, told apart from others by 256 bits: a sum modulo
/// 2^256, the same for the same set in any order.
#[derive(Debug, Default)]
pub(super) struct People([u64; 4]);

impl People {
    pub(super) fn add(&mut self, person: &[u8; 32]) {
        let mut carry = false;
        for (limb, bytes) in self.0.iter_mut().zip(person.as_chunks::<8>().0) {
            let (sum, over) = limb.overflowing_add(u64::from_le_bytes(*bytes));
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = over || over_again;
        }
    }

    /// The sum, lowest byte first.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *chunk = limb.to_le_bytes();
        }
        bytes
    }
}
