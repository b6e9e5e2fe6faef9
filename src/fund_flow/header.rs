//! The columns of a bill, by their names. The brackets of `(元)` are half-width in WeChat Pay's
//! pages and full-width in several copies, and an export has other columns in another order.

use super::fault::FlowCause;

const BOOKED: &str = "记账时间";
const ORDER: &str = "微信支付业务单号";
const MOVEMENT: &str = "资金流水单号";
const BUSINESS: &str = "业务名称";
const KIND: &str = "业务类型";
const DIRECTION: &str = "收支类型";
const AMOUNT: &str = "收支金额(元)";
const VOUCHER: &str = "业务凭证号";

/// Where the columns are that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FlowHeader {
    /// How many there are in all.
    pub(super) width: usize,
    pub(super) booked: usize,
    pub(super) amount: usize,
    /// Without it, a sign tells.
    pub(super) direction: Option<usize>,
    pub(super) voucher: Option<usize>,
    pub(super) order: Option<usize>,
    pub(super) movement: Option<usize>,
    pub(super) business: Option<usize>,
    pub(super) kind: Option<usize>,
}

/// A name as it is compared.
pub(super) fn plain(name: &str) -> String {
    let fold = |c: char| match c {
        '（' => '(',
        '）' => ')',
        _ => c,
    };
    let name = name.chars().filter(|c| !c.is_whitespace() && *c != '`');
    name.map(fold).collect()
}

/// Whether any column of a bill is among these.
pub(super) fn is_header(cells: &[String]) -> bool {
    let known = [BOOKED, ORDER, MOVEMENT, AMOUNT];
    cells
        .iter()
        .any(|cell| known.contains(&plain(cell).as_str()))
}

impl FlowHeader {
    pub(super) fn read(cells: &[String]) -> Result<FlowHeader, FlowCause> {
        let names: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        let find = |name: &str| -> Result<Option<usize>, FlowCause> {
            let mut at = names.iter().enumerate().filter(|(_, it)| *it == name);
            let found = at.next().map(|(at, _)| at);
            match at.next() {
                Some(_) => Err(FlowCause::ColumnTwice(name.to_owned())),
                None => Ok(found),
            }
        };
        let header = FlowHeader {
            width: names.len(),
            booked: find(BOOKED)?.ok_or(FlowCause::NoColumn(BOOKED))?,
            amount: find(AMOUNT)?.ok_or(FlowCause::NoColumn(AMOUNT))?,
            direction: find(DIRECTION)?,
            voucher: find(VOUCHER)?,
            order: find(ORDER)?,
            movement: find(MOVEMENT)?,
            business: find(BUSINESS)?,
            kind: find(KIND)?,
        };
        // Without one of these no row could ever be ours.
        if header.voucher.or(header.order).is_none() {
            return Err(FlowCause::NoColumn(VOUCHER));
        }
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<FlowHeader, FlowCause> {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        FlowHeader::read(&cells)
    }

    #[test]
    fn columns_are_found_by_name_with_either_bracket() {
        let half = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,\
            收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
        let header = read(half).unwrap();
        assert_eq!(
            read(&half.replace('(', "（").replace(')', "）")),
            Ok(header)
        );
        assert_eq!(
            (header.width, header.amount, header.voucher),
            (11, 6, Some(10))
        );
        let export = read("业务凭证号, 收支金额（元） ,记账时间").unwrap();
        assert_eq!(
            (export.booked, export.amount, export.direction),
            (2, 1, None)
        );
    }

    #[test]
    fn what_is_needed_is_named() {
        for (line, cause) in [
            ("业务凭证号,收支金额(元)", FlowCause::NoColumn(BOOKED)),
            ("业务凭证号,记账时间", FlowCause::NoColumn(AMOUNT)),
            (
                "资金流水单号,记账时间,收支金额(元)",
                FlowCause::NoColumn(VOUCHER),
            ),
            (
                "业务凭证号,记账时间,收支金额(元),收支金额（元）",
                FlowCause::ColumnTwice(AMOUNT.to_owned()),
            ),
        ] {
            assert_eq!(read(line), Err(cause), "{line}");
        }
        assert!(!is_header(&[
            "交易时间".to_owned(),
            "公众账号ID".to_owned()
        ]));
        assert!(is_header(&["`记账时间".to_owned()]));
    }
}
