//! What must hold for any bytes. The fuzz targets and `tests/properties.rs` share it, so that it
//! is built and run with every test.
#![allow(dead_code, reason = "each target uses one of them")]

use std::cell::Cell;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use hongbao::config::{Campaign, ConfigError};
use hongbao::domain::flow::row::{Direction, FlowRow};
use hongbao::domain::ids::{CampaignId, MchBillno, MchId, Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::Outcome;
use hongbao::domain::outcome::Sighting as S;
use hongbao::domain::packet::Texts;
use hongbao::domain::state::State;
use hongbao::domain::text::Field;
use hongbao::fund_flow::{FlowFault, FlowIntake, FlowTotals};
use hongbao::recipients::{PacketReader, RecipientsError, RowRules};
use hongbao::wechat::err_code::ErrCode;
use hongbao::wechat::hbinfo::{self, QueriedNumber};
use hongbao::wechat::redpack::{self, Frozen};
use hongbao::wechat::xml;
use secrecy::SecretString;

/// The bill that `tests/fuzz/reply.dict` speaks of, or another.
fn frozen(mch_billno: &str, openid: &str, fen: u64) -> Frozen {
    let text = |text: &str| text.to_owned();
    Frozen {
        mch_id: MchId::new("10000098").expect("eight digits"),
        wxappid: text("wx8888888888888888"),
        mch_billno: MchBillno::new(mch_billno).expect("letters and digits"),
        openid: Openid::new(openid).expect("28 letters and digits"),
        amount: Fen::new(fen),
        texts: Arc::new(Texts {
            act_name: text("a"),
            send_name: text("s"),
            wishing: text("w"),
            remark: text("r"),
            scene_id: None,
        }),
    }
}

fn asked(frozen: &Frozen) -> QueriedNumber {
    QueriedNumber {
        mch_id: frozen.mch_id.clone(),
        wxappid: frozen.wxappid.clone(),
        mch_billno: frozen.mch_billno.clone(),
        owed: Some((frozen.openid.clone(), frozen.amount)),
    }
}

/// No reply speaks about two bills, and what is read can be written and read again.
pub(crate) fn reply(bytes: &[u8]) {
    let key = SecretString::from("192006250b4c09247ec02edce69f6a2d");
    let ours = frozen(
        "1000009800000000000000000a",
        "oABCdefghijklmnopqrstuvwxyz1",
        100,
    );
    let other = frozen(
        "1000009800000000000000000b",
        "oABCdefghijklmnopqrstuvwxyz2",
        101,
    );
    let is_paid = |bill| {
        let verdict = redpack::classify(200, bytes, bill, &key).verdict;
        matches!(verdict, Outcome::Accepted(_))
    };
    assert!(
        !(is_paid(&ours) && is_paid(&other)),
        "one reply pays two bills"
    );
    let is_settled = |bill| {
        let verdict = hbinfo::sighting(200, bytes, &asked(bill), &key).verdict;
        matches!(
            verdict,
            S::Sent | S::Failed | S::Received | S::Refunding | S::Refunded
        )
    };
    assert!(
        !(is_settled(&ours) && is_settled(&other)),
        "one answer settles two bills"
    );
    if let Ok(document) = xml::parse(bytes) {
        for (name, value) in document.fields.iter() {
            let again = xml::parse(&xml::write([("a", value)])).expect("what is written is read");
            assert_eq!(again.fields.filled("a").unwrap_or(""), value, "{name}");
        }
    }
}

/// A file is read whole, with its amounts in their range and their sum, or refused with a reason.
pub(crate) fn recipients(bytes: &[u8]) {
    match read(bytes) {
        Ok((rows, total, summary)) => {
            assert_eq!((summary.rows, summary.total.fen()), (rows, total));
            assert!(rows > 0);
        }
        Err(RecipientsError::Refused(faults)) => {
            assert!(!faults.is_empty() && !faults.to_string().is_empty());
        }
        Err(fault) => panic!("bytes gave {fault}"),
    }
}

fn read(bytes: &[u8]) -> Result<(u64, u64, hongbao::recipients::Summary), RecipientsError> {
    let mut reader = PacketReader::new(Cursor::new(bytes.to_vec()), RowRules::default())?;
    let (mut rows, mut total) = (0, 0);
    while let Some(packet) = reader.next_packet()? {
        let fen = packet.amount.fen();
        assert!((100..=20_000).contains(&fen), "{packet:?}");
        rows += 1;
        total += fen;
    }
    Ok((rows, total, reader.finish()?))
}

/// A text is understood, or refused with lines that it has.
pub(crate) fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().count() + 1;
    match Campaign::parse(&text, Path::new("campaign.toml")) {
        Ok(campaign) => assert!(campaign.texts.act_name.len() <= 31),
        Err(ConfigError::Refused { faults, .. }) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let is_there = fault.line.is_none_or(|line| (1..=lines).contains(&line));
                assert!(
                    is_there && !fault.says.en.is_empty(),
                    "{fault:?} of {lines} lines"
                );
            }
        }
        Err(other) => panic!("a text gave {other}"),
    }
}

/// What is taken for a name, a number or an amount is kept as it was written.
pub(crate) fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    assert!(State::named(text).is_none_or(|state| state.name() == text));
    assert!(MchId::new(text).is_ok_and(|id| id.as_str() == text) || MchId::new(text).is_err());
    if let Ok(number) = MchBillno::new(text) {
        assert!(number.as_str() == text && number.nonce().len() == 32);
    }
    if let Ok(openid) = Openid::new(text) {
        assert!(openid.as_str() == text && openid.masked() != text);
    }
    if let (Ok(campaign), Ok(row)) = (CampaignId::new(text), RowKey::new(text)) {
        let mch_id = MchId::new("10000098").expect("eight digits");
        let number = MchBillno::derive(&mch_id, &campaign, &row, 1);
        assert_eq!(MchBillno::new(number.as_str()), Ok(number));
    }
    if let Ok(fen) = Fen::from_yuan(text) {
        assert_eq!(Fen::from_yuan(&fen.to_string()), Ok(fen));
    }
    if let Ok(fen) = Fen::from_fen(text) {
        assert_eq!(Fen::from_fen(&fen.fen().to_string()), Ok(fen));
    }
    for field in Field::ALL {
        if let Ok(checked) = field.check(text) {
            assert!(checked.len() <= field.max_bytes() && field.check(&checked) == Ok(checked));
        }
    }
    if let Some(code) = ErrCode::parse(text) {
        assert_eq!(text.replace(' ', ""), code.name());
    }
}

/// A fund-flow bill in pieces of this size: what its rows add up to by its own account and by ours.
fn bill(bytes: &[u8], size: usize) -> Result<(FlowTotals, [(u64, Fen); 2]), FlowFault> {
    let sums = [Cell::new((0, Fen::ZERO)), Cell::new((0, Fen::ZERO))];
    let mut intake = FlowIntake::new(|row: &FlowRow| {
        let sum = &sums[usize::from(row.direction == Direction::Out)];
        let (count, fen) = sum.get();
        sum.set((
            count + 1,
            fen.checked_add(row.amount).expect("it was counted"),
        ));
        Ok::<(), FlowFault>(())
    });
    for piece in bytes.chunks(size) {
        intake.push(piece)?;
    }
    let (totals, _) = intake.finish(None)?;
    Ok((totals, sums.map(Cell::into_inner)))
}

/// A bill has the same rows, or the same fault, however its bytes come, and adds up to its rows.
/// Whether it is one.
pub(crate) fn fund_flow(bytes: &[u8]) -> bool {
    let whole = bill(bytes, bytes.len().max(1));
    if let Ok((totals, [came_in, went_out])) = &whole {
        assert_eq!((&totals.came_in, &totals.went_out), (came_in, went_out));
        assert_eq!(totals.rows, came_in.0 + went_out.0);
    }
    // Of what is packed a fault may show earlier or later.
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        for size in [1, 7] {
            assert_eq!(bill(bytes, size), whole, "in pieces of {size}");
        }
    }
    whole.is_ok()
}
