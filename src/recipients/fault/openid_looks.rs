//! Openids that look otherwise than the others of their list: shorter or longer, in capitals alone
//! or without any, or with another beginning.

use std::collections::BTreeMap;

use super::faults::FirstPlaces;
use super::place::Place;
use crate::domain::ids::Openid;
use crate::words::{Lang, Words, faults as words, rows};

/// All openids of an appid begin with the same characters: so many.
const BEGIN: usize = 6;
/// Of fewer rows nobody knows which beginning is the usual one.
const ROWS_MIN: u64 = 10;
/// Beginnings that are counted one by one.
const BEGINS_MAX: usize = 16;

/// An openid without a capital is one in a million: in a list of this many rows for each it may be
/// chance.
const BY_CHANCE: u64 = 10_000;

/// What openids look like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OpenidLooks {
    rows: u64,
    lengths: BTreeMap<usize, FirstPlaces>,
    begins: Vec<([u8; BEGIN], FirstPlaces)>,
    /// Those in capitals alone: not even the `o` at the begin is a small letter.
    upper: FirstPlaces,
    /// Those without a capital.
    lower: FirstPlaces,
    /// Those that do not begin with `o`, which are none: digits alone, appids, and others.
    none: [FirstPlaces; 3],
}

impl OpenidLooks {
    pub(super) fn push(&mut self, openid: &str, place: impl Fn() -> Place) {
        self.rows += 1;
        self.lengths
            .entry(openid.len())
            .or_default()
            .push_with(&place);
        let mut begin = [0; BEGIN];
        begin
            .iter_mut()
            .zip(openid.bytes())
            .for_each(|(at, byte)| *at = byte);
        match self.begins.iter_mut().find(|(it, _)| *it == begin) {
            Some((_, seen)) => seen.push_with(&place),
            None => self.first_of(begin, &place),
        }
        let has = |is_it: fn(&u8) -> bool| openid.bytes().any(|byte| is_it(&byte));
        // In capitals alone it is told as that.
        let is_upper = openid.starts_with('O') && !has(u8::is_ascii_lowercase);
        if !openid.starts_with('o') && !is_upper {
            let kind = match openid {
                _ if openid.bytes().all(|byte| byte.is_ascii_digit()) => 0,
                _ if openid.starts_with("wx") => 1,
                _ => 2,
            };
            self.none[kind].push_with(&place);
        }
        match (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase)) {
            (true, false) => self.upper.push_with(&place),
            (false, true) if openid.len() == Openid::USUAL_LENGTH => self.lower.push_with(&place),
            _ => {}
        }
    }

    /// Counts one with a beginning that none had before.
    fn first_of(&mut self, begin: [u8; BEGIN], place: impl Fn() -> Place) {
        if self.begins.len() < BEGINS_MAX {
            let mut seen = FirstPlaces::default();
            seen.push_with(place);
            self.begins.push((begin, seen));
        }
    }

    /// How many there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// What is odd.
    pub(super) fn odd(&self, lang: Lang) -> Vec<Words> {
        let mut told = self.odd_lengths(lang);
        let (upper, lower) = (&self.upper, &self.lower);
        told.extend((upper.count > 0).then(|| words::upper(upper.count, upper.places(lang))));
        let is_chance = lower.count <= self.rows / BY_CHANCE;
        told.extend((!is_chance).then(|| words::lower(lower.count, lower.places(lang))));
        let kinds = [rows::digits(), rows::appid(), rows::other_id()];
        let none = self
            .none
            .iter()
            .zip(kinds)
            .filter(|(seen, _)| seen.count > 0);
        told.extend(none.map(|(seen, what)| rows::no_openids(seen.count, what, seen.places(lang))));
        told.extend(self.odd_begins(lang));
        told
    }

    /// Openids that are shorter or longer than others: a character was lost in copying.
    fn odd_lengths(&self, lang: Lang) -> Vec<Words> {
        let rank = |(length, seen): &(&usize, &FirstPlaces)| {
            (**length == Openid::USUAL_LENGTH, seen.count, **length)
        };
        let Some((usual, _)) = self.lengths.iter().max_by_key(rank) else {
            return Vec::new();
        };
        let is_only = self.lengths.len() == 1 && *usual != Openid::USUAL_LENGTH;
        if is_only && self.rows > 1 {
            return vec![rows::all_odd(*usual, Openid::USUAL_LENGTH)];
        }
        let odd = self.lengths.iter().filter(|(length, _)| *length != usual);
        let told = odd.map(|(length, seen)| match seen.count {
            1 => words::odd_openid(*length, *usual, seen.places(lang)),
            count => words::odd_openids(count, *length, *usual, seen.places(lang)),
        });
        told.collect()
    }

    /// Openids that begin otherwise than most: they may be of another appid.
    fn odd_begins(&self, lang: Lang) -> Option<Words> {
        let (usual, seen) = self.begins.iter().max_by_key(|(_, seen)| seen.count)?;
        let others = self.rows - seen.count;
        if self.rows < ROWS_MIN || others == 0 {
            return None;
        }
        if seen.count <= others {
            return self.two_begins();
        }
        let mut first = self.begins.iter().filter(|(begin, _)| begin != usual);
        let (_, place) = first.next()?;
        let usual = String::from_utf8_lossy(usual).into_owned();
        Some(words::odd_begins(others, usual, place.places(lang)))
    }

    /// Two beginnings that most of the list shares, without a majority of one.
    fn two_begins(&self) -> Option<Words> {
        let mut begins: Vec<_> = self.begins.iter().collect();
        begins.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.count));
        let [(a, first), (b, second), ..] = begins.as_slice() else {
            return None;
        };
        let is_most = (first.count + second.count) * 4 >= self.rows * 3;
        let text = |begin: &[u8; BEGIN]| String::from_utf8_lossy(begin).into_owned();
        let is_told = is_most && second.count > 1;
        is_told.then(|| rows::two_begins(first.count, text(a), second.count, text(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(openids: impl Iterator<Item = String>) -> Vec<String> {
        let mut looks = OpenidLooks::default();
        for (line, openid) in (2..).zip(openids) {
            looks.push(&openid, || Place::line(line));
        }
        let odd = looks.odd(Lang::En);
        odd.into_iter().map(|words| words.en).collect()
    }

    fn openid(begin: &str, n: usize, length: usize) -> String {
        format!("{begin}{n:0width$}aA", width = length - begin.len() - 2)
    }

    #[test]
    fn a_list_whose_openids_are_all_of_another_length_is_told() {
        let of = |length| told((0..3).map(move |n| openid("oAbCdE", n, length)));
        assert_eq!(of(Openid::USUAL_LENGTH), Vec::<String>::new());
        let [cut] = &of(24)[..] else { panic!() };
        assert!(cut.contains("every openid has 24 characters"), "{cut}");
    }

    #[test]
    fn what_is_certainly_no_openid_is_named() {
        for (openid, what) in [
            ("4200001234202611291234567800", "digits alone"),
            ("wxd930ea5d5a258f4f", "appid"),
            ("xR4k2v5pTyGJMuHbEL31IeL2HPcB", "another id"),
        ] {
            let told = told([openid.to_owned()].into_iter());
            assert!(told[0].contains("not begin with `o`"), "{told:?}");
            assert!(told[0].contains(what), "{told:?}");
        }
    }

    #[test]
    fn two_beginnings_that_share_a_list_are_told() {
        let of = |first: usize, second: usize, strange: usize| {
            let (length, all) = (Openid::USUAL_LENGTH, first + second);
            let begins = move |n| match n {
                n if n < first => "oAbCdE".to_owned(),
                n if n < all => "oXyZ12".to_owned(),
                n => format!("o{n:05}"),
            };
            told((0..all + strange).map(move |n| openid(&begins(n), n, length)))
        };
        let [two] = &of(10, 10, 0)[..] else { panic!() };
        assert!(two.contains("10 openids begin with `oAbCdE`"), "{two}");
        assert!(two.contains("10 with `oXyZ12`"), "{two}");
        // Without a majority there must be two that most share.
        assert_eq!(of(4, 4, 8), Vec::<String>::new());
        assert_eq!(of(0, 0, 12), Vec::<String>::new());
    }
}
