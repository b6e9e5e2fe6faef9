//! The fund-flow bill: what the orders moved in the merchant's account, day by day, in the form
//! that WeChat Pay documents. The rows of red packets are not published; these carry both numbers
//! in the columns where refunds have theirs. A shop's other business stands between them, as in
//! every merchant's bill.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::claims::ClaimRules;
use super::orders::{DAY_MS, Order, OrderStanding, Orders, beijing_day};
use crate::simulator::wire::times;

/// The first line of every bill.
const HEADER: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),\
    账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n";
const SUMMARY: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n";
/// The begin of real bills of trade.
const MARK: char = '\u{feff}';
/// Tells these bills from a merchant's own.
pub const SUBMITTER: &str = "simulator";
/// The balance before the first day.
const OPENING_FEN: u64 = 100_000_000_000;

/// One movement of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct Movement {
    pub(in crate::simulator) at_ms: i64,
    pub(in crate::simulator) is_out: bool,
    pub(in crate::simulator) fen: u64,
    /// WeChat Pay's number of what it is about.
    pub(in crate::simulator) order: String,
    /// The number of the movement itself.
    pub(in crate::simulator) number: String,
    /// The merchant's number.
    pub(in crate::simulator) voucher: String,
    pub(in crate::simulator) labels: [&'static str; 2],
}

impl Movement {
    /// The return of what nobody claimed.
    pub(super) fn back(order: &Order, at_ms: i64) -> Movement {
        Movement {
            at_ms,
            is_out: false,
            fen: order.amount_fen,
            order: order.send_listid.clone(),
            number: format!("{}20", order.send_listid),
            voucher: order.mch_billno.clone(),
            labels: ["微信红包", "红包退回"],
        }
    }
}

/// All that the orders moved until `now_ms`, in its order.
pub(in crate::simulator) fn movements(
    orders: &Orders,
    claims: &ClaimRules,
    now_ms: i64,
) -> Vec<Movement> {
    let mut movements: Vec<Movement> = orders
        .all()
        .values()
        .flat_map(|order| of_order(order, claims))
        .filter(|movement| movement.at_ms <= now_ms)
        .collect();
    sort(&mut movements);
    movements
}

pub(in crate::simulator) fn sort(movements: &mut [Movement]) {
    movements.sort_by(|one, other| (one.at_ms, &one.number).cmp(&(other.at_ms, &other.number)));
}

fn of_order(order: &Order, claims: &ClaimRules) -> Vec<Movement> {
    let OrderStanding::Paid { paid_ms, issued_ms } = order.standing else {
        return Vec::new();
    };
    let listid = |again: u32| match again {
        0 => order.send_listid.clone(),
        _ => order.last_listid(),
    };
    let paid = (0..order.payments).map(|again| Movement {
        at_ms: paid_ms,
        is_out: true,
        fen: order.amount_fen,
        order: listid(again),
        number: format!("{}1{again}", order.send_listid),
        voucher: order.mch_billno.clone(),
        labels: ["微信红包", "现金红包"],
    });
    let is_claimed = claims.claimed_at(&order.mch_billno, issued_ms).is_some();
    let back = (!is_claimed).then(|| Movement::back(order, claims.refunded_at(issued_ms)));
    paid.chain(back).collect()
}

/// The bills of all days with a movement, by their Beijing date as `yyyyMMdd`. The shop's business
/// is that until `now_ms`.
pub(in crate::simulator) fn bills(movements: &[Movement], now_ms: i64) -> BTreeMap<String, String> {
    let mut days: BTreeMap<i64, Vec<Movement>> = BTreeMap::new();
    for movement in movements {
        let day = beijing_day(movement.at_ms);
        days.entry(day).or_default().push(movement.clone());
    }
    let mut balance_fen = OPENING_FEN;
    let mut bills = BTreeMap::new();
    for (day, mut rows) in days {
        let of_the_shop = of_the_shop(day).into_iter();
        rows.extend(of_the_shop.filter(|row| row.at_ms <= now_ms));
        sort(&mut rows);
        let date = times::beijing_date(begin_of(day));
        bills.insert(date, bill(&rows, &mut balance_fen));
    }
    bills
}

/// When a Beijing day begins.
fn begin_of(day: i64) -> i64 {
    day * DAY_MS - 8 * 3_600_000
}

/// A sale, its fee, and a refund of another.
fn of_the_shop(day: i64) -> [Movement; 3] {
    let date = times::beijing_date(begin_of(day));
    let row = |hour: i64, is_out, fen, labels| Movement {
        at_ms: begin_of(day) + hour * 3_600_000,
        is_out,
        fen,
        order: format!("42000023{hour:02}{date}000000{hour:04}"),
        number: format!("76{date}{hour:018}"),
        voucher: format!("SHOP{date}{hour:04}"),
        labels,
    };
    [
        row(10, false, 12_345, ["交易", "交易"]),
        row(11, true, 74, ["交易", "扣除交易手续费"]),
        row(12, true, 500, ["退款", "退款"]),
    ]
}

fn bill(rows: &[Movement], balance_fen: &mut u64) -> String {
    let mut text = format!("{MARK}{HEADER}");
    let (mut came_in, mut went_out) = ((0_u64, 0_u64), (0_u64, 0_u64));
    for row in rows {
        let (way, sum) = if row.is_out {
            *balance_fen = balance_fen.saturating_sub(row.fen);
            ("支出", &mut went_out)
        } else {
            *balance_fen = balance_fen.saturating_add(row.fen);
            ("收入", &mut came_in)
        };
        *sum = (sum.0 + 1, sum.1 + row.fen);
        let [business, kind] = row.labels;
        let cells = [
            times::beijing(row.at_ms),
            row.order.clone(),
            row.number.clone(),
            business.to_owned(),
            kind.to_owned(),
            way.to_owned(),
            yuan(row.fen),
            yuan(*balance_fen),
            SUBMITTER.to_owned(),
            String::new(),
            row.voucher.clone(),
        ];
        write!(text, "`{}\r\n", cells.join(",`")).expect("a String takes any text");
    }
    let (count, counts) = (rows.len(), [came_in, went_out]);
    let [came_in, went_out] = counts.map(|(count, fen)| format!("`{count}.0,`{}", yuan(fen)));
    write!(text, "{SUMMARY}`{count}.0,{came_in},{went_out}\r\n").expect("a String takes any text");
    text
}

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
