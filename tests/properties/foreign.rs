//! What the fuzz targets judge, for bytes made of nothing, and of the pieces of a reply.

use proptest::prelude::*;

use crate::damage::{damaged, damages};
use crate::{cases, judge};

/// A bill in WeChat Pay's own form.
const BILL: &str = "\u{feff}记账时间,微信支付业务单号,业务类型,收支类型,收支金额(元),业务凭证号\r\n\
    `2026-11-23 20:00:00,`1000041701,`红包,`支出,`1.00,`10000098abcdefghij0123456789\r\n\
    `2026-11-24 20:00:00,`1000041702,`退款,`收入,`0.35,`S1\r\n\
    资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`2.0,`1.0,`0.35,`1.0,`1.0\r\n";

/// What breaks bills in the field.
const FLOW_WORDS: &[&[u8]] = &[
    b"`",
    b",`",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r\n",
    b"-",
    b"0",
    b".00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08\0",
    b"<xml>",
    b"99999999999999",
    b"2026/11/23 20:00",
    "收入".as_bytes(),
    "资金流水总笔数".as_bytes(),
    "（元）".as_bytes(),
];

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

#[test]
fn the_bill_that_is_damaged_is_one() {
    assert!(judge::fund_flow(BILL.as_bytes()));
    assert!(!judge::fund_flow(&BILL.as_bytes()[1..BILL.len() - 9]));
}

proptest! {
    #![proptest_config(cases(128, 200_000))]

    #[test]
    fn no_bytes_break_a_rule(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        judge::reply(&bytes);
        judge::recipients(&bytes);
        judge::config(&bytes);
        judge::words(&bytes);
        judge::fund_flow(&bytes);
    }

    #[test]
    fn a_bill_is_the_same_however_its_bytes_come(damages in damages(FLOW_WORDS)) {
        let bytes = damaged(BILL.as_bytes().to_vec(), &damages);
        prop_assert!(judge::fund_flow(&bytes) || bytes != BILL.as_bytes());
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
