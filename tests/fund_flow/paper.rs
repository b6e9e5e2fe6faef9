//! A fund-flow bill that a test writes, in both of its forms.

use std::fmt::Write as _;

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct PaperRow {
    pub(crate) at_ms: i64,
    pub(crate) order: String,
    pub(crate) movement: String,
    pub(crate) voucher: String,
    pub(crate) fen: u64,
    pub(crate) is_in: bool,
    pub(crate) labels: [&'static str; 2],
}

/// A bill.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paper {
    pub(crate) rows: Vec<PaperRow>,
}

pub(crate) fn beijing_day(at_ms: i64) -> i64 {
    (at_ms + 8 * 3_600_000).div_euclid(86_400_000)
}

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn time(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms + 8 * 3_600_000).unwrap();
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl Paper {
    /// A payment of a packet, now.
    pub(crate) fn out(&mut self, order: &str, voucher: &str, fen: u64) {
        self.add(order, voucher, fen, false, ["现金红包", "红包"]);
    }

    pub(crate) fn add(
        &mut self,
        order: &str,
        voucher: &str,
        fen: u64,
        is_in: bool,
        labels: [&'static str; 2],
    ) {
        // Each movement of one packet and one way has a number, whatever bill it stands in.
        let movement = format!("3{}{order}{voucher}", u8::from(is_in));
        let (order, voucher) = (order.to_owned(), voucher.to_owned());
        self.rows.push(PaperRow {
            at_ms: jiff::Timestamp::now().as_millisecond(),
            order,
            movement,
            voucher,
            fen,
            is_in,
            labels,
        });
    }

    /// As WeChat Pay gives it.
    pub(crate) fn text(&self) -> String {
        let mut text = "\u{feff}记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,\
            收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n"
            .to_owned();
        let sum = |is_in: bool| {
            let rows = self.rows.iter().filter(|row| row.is_in == is_in);
            let fen: u64 = rows.clone().map(|row| row.fen).sum();
            format!("`{}.0,`{}", rows.count(), yuan(fen))
        };
        for row in &self.rows {
            let way = if row.is_in { "收入" } else { "支出" };
            write!(
                text,
                "`{},`{},`{},`{},`{},`{way},`{},`1.00,`x,`a, b`c,`{}\r\n",
                time(row.at_ms),
                row.order,
                row.movement,
                row.labels[0],
                row.labels[1],
                yuan(row.fen),
                row.voucher
            )
            .unwrap();
        }
        let (count, came_in, went_out) = (self.rows.len(), sum(true), sum(false));
        text + "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n"
            + &format!("`{count}.0,{came_in},{went_out}\r\n")
    }

    /// As the merchant platform may export it: other columns, signs, no summary.
    pub(crate) fn export(&self) -> String {
        let mut text =
            "记账时间,资金流水单号,微信支付业务单号,业务凭证号,收支金额（元）,备注\n".to_owned();
        for row in &self.rows {
            let sign = if row.is_in { "" } else { "-" };
            let (time, yuan) = (time(row.at_ms), yuan(row.fen));
            let PaperRow {
                order,
                movement,
                voucher,
                ..
            } = row;
            writeln!(
                text,
                "{time},{movement},{order},{voucher},{sign}{yuan},\"a,b\""
            )
            .unwrap();
        }
        text
    }
}
