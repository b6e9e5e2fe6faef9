//! The set of openids and amounts of a file, told apart from others by 256 bits.

use sha2::{Digest, Sha256};

use crate::domain::packet::Packet;

/// A sum that is the same for the same set in any order.
#[derive(Debug, Default)]
pub(super) struct People([u64; 4]);

impl People {
    /// Adds SHA-256(openid, 0x1F, fen) modulo 2^256.
    pub(super) fn add(&mut self, packet: &Packet) {
        let mut hash = Sha256::new();
        hash.update(packet.openid.as_str());
        hash.update([0x1F]);
        hash.update(packet.amount.fen().to_string());
        let hash: [u8; 32] = hash.finalize().into();
        let mut carry = false;
        for (limb, bytes) in self.0.iter_mut().zip(hash.as_chunks::<8>().0) {
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
