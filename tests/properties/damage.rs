//! Chance damage of a text: what a truncated download, a bad editor or a flipped bit does.

use proptest::prelude::*;

/// One change of some bytes, at a place given as a share of their length.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// A byte is another one.
    Replace(u16, u8),
    /// Something stands where nothing did.
    Insert(u16, Vec<u8>),
    /// Up to so many bytes are gone.
    Delete(u16, u8),
    /// Everything after this is gone.
    Cut(u16),
    /// Up to so many bytes stand there twice.
    Repeat(u16, u8),
}

/// Up to six changes, in which some of `words` appear.
pub(crate) fn damages(words: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<Damage>> {
    let word = prop::sample::select(words).prop_map(<[u8]>::to_vec);
    let damage = prop_oneof![
        any::<(u16, u8)>().prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<u16>(), word).prop_map(|(at, word)| Damage::Insert(at, word)),
        any::<(u16, u8)>().prop_map(|(at, count)| Damage::Delete(at, count % 40)),
        any::<u16>().prop_map(Damage::Cut),
        any::<(u16, u8)>().prop_map(|(at, count)| Damage::Repeat(at, count % 80)),
    ];
    prop::collection::vec(damage, 0..6)
}

pub(crate) fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        let len = bytes.len();
        let place = |share: u16| usize::from(share) * len / 65_536;
        let range = |share, count: u8| place(share)..len.min(place(share) + usize::from(count));
        match damage {
            Damage::Replace(at, byte) if len > 0 => bytes[place(*at)] = *byte,
            Damage::Replace(..) => {}
            Damage::Insert(at, word) => {
                bytes.splice(place(*at)..place(*at), word.iter().copied());
            }
            Damage::Delete(at, count) => {
                bytes.drain(range(*at, *count));
            }
            Damage::Cut(at) => bytes.truncate(place(*at)),
            Damage::Repeat(at, count) => {
                let part = bytes[range(*at, *count)].to_vec();
                bytes.splice(place(*at)..place(*at), part);
            }
        }
    }
    bytes
}
