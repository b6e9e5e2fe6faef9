//! What the fuzz targets judge, for bytes made of nothing, and of the pieces of a reply.

use proptest::prelude::*;

use crate::{cases, judge};

/// The pieces of `tests/fuzz/reply.dict` that are written as they are.
fn pieces() -> Vec<String> {
    let plain = |line: &str| {
        let piece = line.strip_prefix('"')?.strip_suffix('"')?;
        (!piece.contains('\\')).then(|| piece.to_owned())
    };
    let dictionary = include_str!("../fuzz/reply.dict");
    dictionary.lines().filter_map(plain).collect()
}

/// What a reply may repeat: of one of two bills each, or nothing.
fn echo() -> impl Strategy<Value = String> {
    let fields = [
        "<mch_billno>1000009800000000000000000a</mch_billno>",
        "<mch_billno>1000009800000000000000000b</mch_billno>",
        "<re_openid>oABCdefghijklmnopqrstuvwxyz1</re_openid>",
        "<re_openid>oABCdefghijklmnopqrstuvwxyz2</re_openid>",
        "<total_amount>100</total_amount>",
        "<total_amount>101</total_amount>",
        "<status>FAILED</status>",
        "<status>RECEIVED</status>",
    ];
    prop::collection::vec(any::<bool>(), fields.len()).prop_map(move |is_there| {
        let there = fields
            .iter()
            .zip(is_there)
            .filter(|(_, is_there)| *is_there);
        there.map(|(field, _)| *field).collect()
    })
}

proptest! {
    #![proptest_config(cases(128, 200_000))]

    #[test]
    fn no_bytes_break_a_rule(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        judge::reply(&bytes);
        judge::recipients(&bytes);
        judge::config(&bytes);
        judge::words(&bytes);
    }

    #[test]
    fn no_word_is_kept_otherwise_than_it_was_written(
        text in prop_oneof![
            "[0-9a-zA-Z_.,+\\-]{0,40}",
            "[A-Z_ ]{0,24}",
            "PRODUCT_[0-9]{1,2}",
            "[ 红\t\u{fffe}-\u{ffff}]{0,12}",
        ],
    ) {
        judge::words(text.as_bytes());
    }

    #[test]
    fn no_reply_speaks_about_two_bills(
        echo in echo(),
        rest in prop::collection::vec(prop::sample::select(pieces()), 0..3),
    ) {
        let said = "<return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>";
        for rest in [String::new(), rest.concat()] {
            judge::reply(format!("<xml>{said}{echo}{rest}</xml>").as_bytes());
        }
    }
}
