//! A row of a fund-flow bill: one movement of money in one account of the merchant.

use crate::domain::money::Fen;
use crate::words::{Text, flow as words};

/// Characters of a bill number of ours: the merchant's number and the rest of base36.
const NUMBER_LENGTH: usize = 28;

/// WeChat Pay's numbers have 28 digits and more; a placeholder is short.
const LEAST_DIGITS: usize = 12;
/// As many digits of a number a spreadsheet keeps.
const EXACT_DIGITS: usize = 15;
/// So many zeros stand at no number's end.
const MANY_ZEROS: usize = 10;

/// Whether money came in or went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Direction {
    /// 收入
    In,
    /// 支出
    #[default]
    Out,
}

impl Direction {
    /// Both of them.
    pub const ALL: [Direction; 2] = [Direction::In, Direction::Out];

    /// As the bill writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Direction::In => "收入",
            Direction::Out => "支出",
        }
    }

    /// As JSON and the ledger write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
        }
    }
}

/// A column that may hold a number of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberColumn {
    /// 业务凭证号: generally the merchant's own number.
    Voucher,
    /// 微信支付业务单号: WeChat Pay's number of the order.
    Order,
    /// 资金流水单号: the number of the movement.
    Movement,
}

impl NumberColumn {
    /// All of them, the likeliest first.
    pub const ALL: [NumberColumn; 3] = [
        NumberColumn::Voucher,
        NumberColumn::Order,
        NumberColumn::Movement,
    ];

    /// As the bill's header has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            NumberColumn::Voucher => "业务凭证号",
            NumberColumn::Order => "微信支付业务单号",
            NumberColumn::Movement => "资金流水单号",
        }
    }

    /// For a person.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            NumberColumn::Voucher => words::VOUCHER,
            NumberColumn::Order => words::ORDER,
            NumberColumn::Movement => words::MOVEMENT,
        }
    }
}

/// A row of the bill. Which column carries which number of a red packet is not published, so each
/// is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowRow {
    /// Where it stands in its file.
    pub line: u64,
    /// When the balance changed, in milliseconds of the Unix epoch.
    pub booked_at: i64,
    /// 业务凭证号
    pub voucher: String,
    /// 微信支付业务单号
    pub order: String,
    /// 资金流水单号
    pub movement: String,
    /// 业务名称
    pub business: String,
    /// 业务类型
    pub kind: String,
    /// Which way.
    pub direction: Direction,
    /// How much.
    pub amount: Fen,
}

impl FlowRow {
    /// The number in this column; empty for none.
    #[must_use]
    pub fn number(&self, column: NumberColumn) -> &str {
        match column {
            NumberColumn::Voucher => &self.voucher,
            NumberColumn::Order => &self.order,
            NumberColumn::Movement => &self.movement,
        }
    }

    /// The first number that it has; empty for none.
    #[must_use]
    pub fn first_number(&self) -> &str {
        let mut numbers = NumberColumn::ALL.into_iter().map(|it| self.number(it));
        numbers.find(|number| !number.is_empty()).unwrap_or("")
    }

    /// Whether it bears one of these labels.
    #[must_use]
    pub fn bears(&self, labels: &[String]) -> bool {
        let is_it = |label: &String| *label == self.business || *label == self.kind;
        labels.iter().any(is_it)
    }

    /// Whether its labels say that it is about a red packet. It does not make it ours: the merchant
    /// may send others.
    #[must_use]
    pub fn is_called_packet(&self) -> bool {
        self.business.contains("红包") || self.kind.contains("红包")
    }
}

/// Whether a number has the form of this merchant's bill numbers. Digits alone behind the merchant
/// are the form that WeChat Pay recommends, and other programs use: of ours, one in ten thousand
/// million has no letter.
#[must_use]
pub fn is_bill_number(number: &str, mch_id: &str) -> bool {
    let Some(rest) = number.strip_prefix(mch_id) else {
        return false;
    };
    number.len() == NUMBER_LENGTH
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number of a movement or an order as far as it tells it from all others; empty where it does
/// not: where there is none, where it is a placeholder, and where a spreadsheet rounded it.
#[must_use]
pub fn exact_number(number: &str) -> &str {
    let zeros = number.len() - number.trim_end_matches('0').len();
    let is_whole = number.len() >= LEAST_DIGITS
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && zeros < number.len().saturating_sub(EXACT_DIGITS).max(MANY_ZEROS);
    if is_whole { number } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_ours_by_its_form() {
        let ours = "10000098abcdefghij0123456789";
        assert!(is_bill_number(ours, "10000098"));
        assert!(!is_bill_number(ours, "10000099"));
        assert!(!is_bill_number(&ours[1..], "0000098"));
        assert!(!is_bill_number(&format!("{ours}0"), "10000098"));
        assert!(!is_bill_number("10000098abcdefghij012345678-", "10000098"));
        assert!(!is_bill_number("10000098红红红红红红0", "10000098"));
        assert!(!is_bill_number("", "10000098"));
        // As the merchant's other programs number: merchant, date, and ten digits.
        assert!(!is_bill_number(
            "1230000109202611230000000017",
            "1230000109"
        ));
    }

    #[test]
    fn a_number_that_many_movements_share_tells_none_of_them() {
        let whole = "1000050301202611230000000042000";
        assert_eq!(exact_number(whole), whole);
        for shared in [
            "",
            "-",
            "0",
            "0000",
            "1.00005E+30",
            "1000050301202610000000000000000",
        ] {
            assert_eq!(exact_number(shared), "", "{shared}");
        }
    }

    #[test]
    fn a_label_of_the_setting_is_compared_whole() {
        let row = FlowRow {
            business: "现金红包".to_owned(),
            kind: "红包退回".to_owned(),
            ..FlowRow::default()
        };
        let bears = |label: &str| row.bears(&[label.to_owned()]);
        assert!(bears("现金红包") && bears("红包退回") && !bears("红包") && !bears(""));
        assert!(row.is_called_packet());
        assert!(!FlowRow::default().is_called_packet());
        assert!(!FlowRow::default().bears(&[]));
    }
}
