//! The small steps on the way of a packet, one by one: `cargo bench --bench small`.
//!
//! `cargo test` makes each step once.
#![allow(clippy::unwrap_used, reason = "a bench may stop at the first surprise")]

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::time::Duration;

use divan::counter::ItemsCount;
use divan::{Bencher, Divan, black_box};
use std::sync::Arc;

use hongbao::domain::bill::Bill;
use hongbao::domain::ids::{CampaignId, MchBillno, MchId, Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Outcome, Receipt, Sighting};
use hongbao::domain::packet::Texts;
use hongbao::domain::policy::{Moment, RetryRules};
use hongbao::domain::state::State;
use hongbao::recipients::{ListFile, PacketReader, RowRules};
use hongbao::runner::Pace;
use hongbao::wechat::hbinfo::{self, QueriedNumber};
use hongbao::wechat::redpack::{self, Frozen};
use secrecy::SecretString;

/// Rows of the recipients file that is read.
const ROWS: usize = 10_000;
/// Packets for which a pace is asked.
const PACKETS: u32 = 50;

const NUMBER: &str = "1000009820261123000000000001";
const OPENID: &str = "oR4k2v5JRtpBk5x2LzlNEOIo__fZ";

/// As WeChat Pay words a payment.
const PAID: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[发放成功]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[发放成功]]></err_code_des>
<mch_billno><![CDATA[1000009820261123000000000001]]></mch_billno>
<mch_id><![CDATA[10000098]]></mch_id>
<wxappid><![CDATA[wx8888888888888888]]></wxappid>
<re_openid><![CDATA[oR4k2v5JRtpBk5x2LzlNEOIo__fZ]]></re_openid>
<total_amount>258</total_amount>
<send_listid><![CDATA[1000041701202611230000000000001]]></send_listid>
<package><![CDATA[sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672&ver=8&\
sign=4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3967a1c3dfe1d256811445a4abda2d9cfa4a9\
b377a829258bd00d90313c6c346f2349fe5d&mchid=10000098&appid=wx8888888888888888]]></package>
</xml>";

/// As WeChat Pay words the answer about a packet that somebody claimed.
const CLAIMED: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[OK]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[OK]]></err_code_des>
<mch_billno><![CDATA[1000009820261123000000000001]]></mch_billno>
<mch_id><![CDATA[10000098]]></mch_id>
<detail_id><![CDATA[1000041701202611230000000000001]]></detail_id>
<status><![CDATA[RECEIVED]]></status>
<send_type><![CDATA[API]]></send_type>
<hb_type><![CDATA[NORMAL]]></hb_type>
<total_num>1</total_num>
<total_amount>258</total_amount>
<send_time><![CDATA[2026-11-23 21:16:26]]></send_time>
<hblist>
<hbinfo>
<openid><![CDATA[oR4k2v5JRtpBk5x2LzlNEOIo__fZ]]></openid>
<amount>258</amount>
<rcv_time><![CDATA[2026-11-23 21:20:00]]></rcv_time>
</hbinfo>
</hblist>
</xml>";

fn main() {
    // What `cargo test` hands on is meant for the standard harness; divan refuses part of it.
    if std::env::args().any(|word| word == "--bench") {
        divan::main();
    } else {
        Divan::default().test_benches();
    }
}

fn key() -> SecretString {
    SecretString::from("192006250b4c09247ec02edce69f6a2d")
}

fn mch_id() -> MchId {
    MchId::new("10000098").unwrap()
}

fn frozen() -> Frozen {
    Frozen {
        mch_id: mch_id(),
        wxappid: "wx8888888888888888".to_owned(),
        mch_billno: MchBillno::new(NUMBER).unwrap(),
        openid: Openid::new(OPENID).unwrap(),
        amount: Fen::new(258),
        texts: Arc::new(Texts {
            act_name: "猜灯谜抢红包活动".to_owned(),
            send_name: "天虹百货".to_owned(),
            wishing: "感谢您参加猜灯谜活动，祝您元宵节快乐！".to_owned(),
            remark: "猜越多得越多，快来抢！".to_owned(),
            scene_id: None,
        }),
    }
}

fn asked() -> QueriedNumber {
    QueriedNumber {
        mch_id: mch_id(),
        wxappid: "wx8888888888888888".to_owned(),
        mch_billno: MchBillno::new(NUMBER).unwrap(),
        owed: Some((Openid::new(OPENID).unwrap(), Fen::new(258))),
    }
}

/// The signed body of a send.
#[divan::bench]
fn request_of_a_send(bencher: Bencher) {
    let (frozen, key) = (frozen(), key());
    bencher.bench_local(|| black_box(&frozen).request(&key));
}

/// The signed body of a query.
#[divan::bench]
fn request_of_a_query(bencher: Bencher) {
    let (asked, key) = (asked(), key());
    let nonce = asked.mch_billno.nonce();
    bencher.bench_local(|| black_box(&asked).request(&nonce, &key));
}

/// From the bytes of a reply to what it means for the bill.
#[divan::bench]
fn reply_to_a_send(bencher: Bencher) {
    let (frozen, key) = (frozen(), key());
    let judge = || redpack::classify(200, black_box(PAID.as_bytes()), &frozen, &key);
    assert!(matches!(judge().verdict, Outcome::Accepted(_)));
    bencher.bench_local(judge);
}

/// The same for a query.
#[divan::bench]
fn reply_to_a_query(bencher: Bencher) {
    let (asked, key) = (asked(), key());
    let judge = || hbinfo::sighting(200, black_box(CLAIMED.as_bytes()), &asked, &key);
    assert!(matches!(judge().verdict, Sighting::Received));
    bencher.bench_local(judge);
}

/// The number of a packet, made when it is loaded.
#[divan::bench]
fn number_of_a_packet(bencher: Bencher) {
    let campaign = CampaignId::new("lantern-2026").unwrap();
    let (mch_id, row) = (mch_id(), RowKey::new(OPENID).unwrap());
    bencher.bench_local(|| MchBillno::derive(&mch_id, &campaign, black_box(&row), 1));
}

/// A recipients file from disk, every cell checked.
#[divan::bench]
fn rows_of_a_recipients_file(bencher: Bencher) {
    let mut text = String::from("row_key,openid,amount_yuan,门店\n");
    for row in 0..ROWS {
        writeln!(text, "L{row:08},oBench{row:022},2.58,天虹百货南山店").unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let mut reader =
            PacketReader::open(&ListFile::at(file.path()).unwrap(), RowRules::default()).unwrap();
        while let Some(packet) = reader.next_packet().unwrap() {
            black_box(packet);
        }
        let summary = reader.finish().unwrap();
        assert_eq!(summary.rows, ROWS as u64);
    });
}

/// A bill from its first send to its acceptance: two moves of the state machine and the policy.
#[divan::bench]
fn life_of_a_bill(bencher: Bencher) {
    let rules = RetryRules {
        first_backoff_ms: 1_000,
        max_backoff_ms: 120_000,
        processing_query_after_ms: 1_200_000,
        resend_window_ms: 86_400_000,
        refusal_confirm_ms: 600_000,
        answer_ms: 25_000,
    };
    let accepted = Outcome::Accepted(Receipt {
        send_listid: "1000041701202611230000000000001".to_owned(),
        package: Some("sendid=242e8abd".to_owned()),
    });
    bencher.bench_local(|| {
        let mut bill = Bill::new(black_box(0));
        bill.dispatch(1_000).unwrap();
        bill.record_send(&accepted, &Moment::at(1_200), &rules)
            .unwrap();
        assert_eq!(bill.state, State::Sent);
        bill
    });
}

/// What the pace takes of a packet's time, in a minute that holds so many requests already: the
/// same however many they are.
#[divan::bench(args = [100, 10_000, 1_000_000])]
fn pace_of_a_packet(bencher: Bencher, sent: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().build().unwrap();
    let age = |n| Duration::from_secs(30) * (sent - n) / sent;
    let recent: Vec<Duration> = (0..sent).map(age).collect();
    let per_minute = NonZeroU32::new(sent + PACKETS + 1);
    let per_second = NonZeroU32::new(u32::MAX);
    bencher
        .counter(ItemsCount::new(PACKETS))
        .with_inputs(|| {
            let pace = Pace::new(per_second, per_minute, &recent);
            // What left the second while all that was put in is let go of once, not now.
            runtime.block_on(pace.permit());
            pace
        })
        .bench_local_values(|pace| {
            runtime.block_on(async {
                for _ in 0..PACKETS {
                    let permit = pace.permit().await;
                    pace.arrived(permit);
                    black_box(pace.room(Duration::from_secs(2)));
                }
            });
            pace
        });
}
