//! Replies as bytes, one for every point of a product of axes.

use std::sync::Arc;

use hongbao::domain::ids::{MchBillno, MchId, Openid};
use hongbao::domain::money::Fen;
use hongbao::domain::packet::Texts;
use hongbao::wechat::err_code::ErrCode;
use hongbao::wechat::hbinfo::QueriedNumber;
use hongbao::wechat::redpack::Frozen;
use hongbao::wechat::sign;
use secrecy::SecretString;

const BILLNO: &str = "100000985a14ykmoda8k1fdmz9rc";
const OPENID: &str = "oABCdefghijklmnopqrstuvwxyz1";
const MCH_ID: &str = "10000098";
const WXAPPID: &str = "wx8888888888888888";

/// One status of each kind, 200 first. Every status there is has a test of its own.
pub(crate) const STATUSES: [u16; 8] = [200, 100, 204, 302, 400, 404, 500, 503];
/// What `return_code` and `result_code` are given as; an empty one is left out.
pub(crate) const WORDS: [&str; 4] = ["SUCCESS", "FAIL", "", "success"];
/// How a reply is signed.
pub(crate) const SIGNS: [&str; 3] = ["no sign", "right sign", "wrong sign"];
/// What a send's answer repeats of the request.
const ECHO: [(&str, &str); 5] = [
    ("mch_billno", BILLNO),
    ("re_openid", OPENID),
    ("total_amount", "100"),
    ("mch_id", MCH_ID),
    ("wxappid", WXAPPID),
];
/// `total_amount` of a query's answer: ours, none, another.
pub(crate) const AMOUNTS: [&str; 3] = ["100", "", "101"];
/// `status` of a query's answer, and whether a `reason` stands beside it.
pub(crate) const STANDINGS: [(&str, bool); 11] = [
    ("", false),
    ("SENDING", false),
    ("SENDING", true),
    ("SENT", false),
    ("FAILED", false),
    ("FAILED", true),
    ("RECEIVED", false),
    ("RFUND_ING", false),
    ("REFUND", false),
    ("BRAND_NEW", false),
    ("sent", false),
];
/// Lists of who got what, as elements.
pub(crate) const LISTS: [(&str, &str); 6] = [
    ("no list", ""),
    (
        "our entry",
        "<hblist><hbinfo><openid>oABCdefghijklmnopqrstuvwxyz1</openid><amount>100</amount>\
         </hbinfo></hblist>",
    ),
    (
        "our entry, flat",
        "<hblist><openid>oABCdefghijklmnopqrstuvwxyz1</openid><amount>100</amount></hblist>",
    ),
    (
        "another openid",
        "<hblist><hbinfo><openid>someone</openid></hbinfo></hblist>",
    ),
    (
        "another amount",
        "<hblist><hbinfo><amount>101</amount></hbinfo></hblist>",
    ),
    (
        "a second entry",
        "<hblist><hbinfo><amount>100</amount></hbinfo><hbinfo><openid>b</openid></hbinfo></hblist>",
    ),
];

pub(crate) type Fields = Vec<(&'static str, String)>;

pub(crate) fn key() -> SecretString {
    SecretString::from("192006250b4c09247ec02edce69f6a2d")
}

/// The bill that a send's answer should be about.
pub(crate) fn frozen() -> Frozen {
    let text = |text: &str| text.to_owned();
    Frozen {
        mch_id: MchId::new(MCH_ID).unwrap(),
        wxappid: WXAPPID.to_owned(),
        mch_billno: MchBillno::new(BILLNO).unwrap(),
        openid: Openid::new(OPENID).unwrap(),
        amount: Fen::new(100),
        texts: Arc::new(Texts {
            act_name: text("a"),
            send_name: text("s"),
            wishing: text("w"),
            remark: text("r"),
            scene_id: None,
        }),
    }
}

/// The same bill, asked about.
pub(crate) fn asked() -> QueriedNumber {
    let Frozen {
        mch_id,
        wxappid,
        mch_billno,
        openid,
        amount,
        ..
    } = frozen();
    QueriedNumber {
        mch_id,
        wxappid,
        mch_billno,
        owed: Some((openid, amount)),
    }
}

/// Every known code, the two with WeChat Pay's blank in them, and words that are no code.
pub(crate) fn codes() -> Vec<&'static str> {
    let known = ErrCode::ALL.iter().map(|code| code.name());
    let others = [
        "",
        "SUCCESS",
        "0",
        "BRAND_NEW",
        "systemerror",
        "DAY_ OVER_LIMITED",
        "TIME _LIMITED",
    ];
    known.chain(others).collect()
}

/// Both codes in all their combinations, in this order.
pub(crate) fn pairs() -> Vec<(&'static str, &'static str)> {
    let each = |first| WORDS.map(|second| (first, second));
    WORDS.into_iter().flat_map(each).collect()
}

/// What a send's answer may repeat: all, nothing, all but one, and one of them another.
pub(crate) fn echoes() -> Vec<(String, Fields)> {
    let whole: Fields = ECHO.map(|(name, value)| (name, value.to_owned())).into();
    let mut echoes = vec![
        ("whole echo".to_owned(), whole.clone()),
        ("no echo".to_owned(), Vec::new()),
    ];
    for (at, (name, _)) in ECHO.iter().enumerate() {
        let mut without = whole.clone();
        without.remove(at);
        echoes.push((format!("no {name}"), without));
    }
    for (at, (name, _)) in ECHO.iter().enumerate() {
        let mut other = whole.clone();
        "another".clone_into(&mut other[at].1);
        echoes.push((format!("another {name}"), other));
    }
    echoes
}

/// Every way of the five to be ours, absent or another's: the fields, and how many are another's.
pub(crate) fn all_echoes() -> Vec<(Fields, usize)> {
    let mut all: Vec<(Fields, usize)> = vec![(Vec::new(), 0)];
    for (name, value) in ECHO {
        let with = |(fields, others): &(Fields, usize), value: &str, other| {
            let mut fields = fields.clone();
            fields.push((name, value.to_owned()));
            (fields, others + other)
        };
        let each = |so_far: &(Fields, usize)| {
            [
                with(so_far, value, 0),
                so_far.clone(),
                with(so_far, "another", 1),
            ]
        };
        all = all.iter().flat_map(each).collect();
    }
    all
}

/// What a query's answer may repeat of the number and the merchant.
pub(crate) fn numbers() -> Vec<(&'static str, Fields)> {
    let ours = || ("mch_billno", BILLNO.to_owned());
    let merchant = || ("mch_id", MCH_ID.to_owned());
    let another = |name| (name, "another".to_owned());
    vec![
        ("our number", vec![ours(), merchant()]),
        ("our number alone", vec![ours()]),
        ("no number", vec![merchant()]),
        ("neither", Vec::new()),
        ("another number", vec![another("mch_billno"), merchant()]),
        ("another merchant", vec![ours(), another("mch_id")]),
    ]
}

/// The two codes and the third.
pub(crate) fn said((first, second): (&'static str, &'static str), code: &str) -> Fields {
    filled(&[
        ("return_code", first),
        ("result_code", second),
        ("err_code", code),
    ])
}

/// These fields, those that are empty left out.
pub(crate) fn filled(fields: &[(&'static str, &str)]) -> Fields {
    let filled = fields.iter().filter(|(_, value)| !value.is_empty());
    filled
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect()
}

/// The reply of these fields, signed as `SIGNS[sign]` says.
pub(crate) fn body(fields: &Fields, sign: usize) -> Vec<u8> {
    with_list(fields, sign, "")
}

/// As [`body`], with a list at the end, which no sign takes in.
pub(crate) fn with_list(fields: &Fields, sign: usize, list: &str) -> Vec<u8> {
    let pairs = || fields.iter().map(|(name, value)| (*name, value.as_str()));
    let right = || sign::sign(pairs(), &key());
    let mut xml = String::from("<xml>");
    for (name, value) in pairs() {
        xml.extend(["<", name, "><![CDATA[", value, "]]></", name, ">"]);
    }
    match SIGNS[sign] {
        "right sign" => xml.extend(["<sign>", right().as_str(), "</sign>"]),
        "wrong sign" => {
            let wrong: String = right().chars().rev().collect();
            xml.extend(["<sign>", wrong.as_str(), "</sign>"]);
        }
        _ => {}
    }
    xml += list;
    xml += "</xml>";
    xml.into_bytes()
}
