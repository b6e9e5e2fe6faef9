//! The ten ways in which ledger and bill differ.

use std::collections::BTreeMap;

use crate::words::{Text, both};

/// A disagreement of ledger and bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakKind {
    /// Two movements or more paid one packet.
    PaidTwice,
    /// Another amount was paid, or came back, than the ledger says.
    AmountDiffers,
    /// A movement of ours that the ledger knows no payment for.
    MissingInLedger,
    /// Money came back for a packet that the ledger never paid, or that was claimed.
    RefundWithoutSend,
    /// Paid by the bills, and WeChat Pay's answers do not say so, or say otherwise, so far.
    PaidInDoubt,
    /// Paid on a day that the bills cover, and in none of them.
    MissingInBill,
    /// Given back on a day that the bills cover, and in none of them.
    RefundMissing,
    /// Money came back, WeChat Pay's answers never said so, and it answers no longer.
    RefundUnconfirmed,
    /// Booked two days after or later.
    Late,
    /// Booked a day before the ledger sent it, or earlier.
    Early,
}

/// The breaks that stand: how many numbers have one of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandingBreaks {
    /// By their kind, the grave ones first; at least so many, where there are very many.
    pub counts: BTreeMap<BreakKind, u64>,
    /// A packet of the ledger's with a grave one, by its number.
    pub grave: Option<String>,
    /// Breaks that a person explained: they are not among the counts.
    pub explained: u64,
}

impl StandingBreaks {
    /// Whether money moved that the ledger cannot account for.
    #[must_use]
    pub fn are_grave(&self) -> bool {
        self.counts.keys().any(|kind| kind.is_grave())
    }

    /// `paid_twice 1, late 2`; empty for none.
    #[must_use]
    pub fn told(&self) -> String {
        let kind = |(kind, count): (&BreakKind, &u64)| format!("{} {count}", kind.name());
        let kinds: Vec<String> = self.counts.iter().map(kind).collect();
        kinds.join(", ")
    }
}

impl BreakKind {
    /// All of them, the grave ones first.
    pub const ALL: [BreakKind; 10] = [
        BreakKind::PaidTwice,
        BreakKind::AmountDiffers,
        BreakKind::MissingInLedger,
        BreakKind::RefundWithoutSend,
        BreakKind::PaidInDoubt,
        BreakKind::MissingInBill,
        BreakKind::RefundMissing,
        BreakKind::RefundUnconfirmed,
        BreakKind::Late,
        BreakKind::Early,
    ];

    /// As JSON and the ledger write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            BreakKind::PaidTwice => "paid_twice",
            BreakKind::AmountDiffers => "amount_differs",
            BreakKind::MissingInLedger => "missing_in_ledger",
            BreakKind::RefundWithoutSend => "refund_without_send",
            BreakKind::PaidInDoubt => "paid_in_doubt",
            BreakKind::MissingInBill => "missing_in_bill",
            BreakKind::RefundMissing => "refund_missing",
            BreakKind::RefundUnconfirmed => "refund_unconfirmed",
            BreakKind::Late => "late",
            BreakKind::Early => "early",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<BreakKind> {
        BreakKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether money moved that the ledger cannot account for: a person must act. The others may
    /// be mended by another day's bill.
    #[must_use]
    pub const fn is_grave(self) -> bool {
        match self {
            BreakKind::PaidTwice
            | BreakKind::AmountDiffers
            | BreakKind::MissingInLedger
            | BreakKind::RefundWithoutSend => true,
            BreakKind::PaidInDoubt
            | BreakKind::MissingInBill
            | BreakKind::RefundMissing
            | BreakKind::RefundUnconfirmed
            | BreakKind::Late
            | BreakKind::Early => false,
        }
    }

    /// Whether the bills tell of a payment that the ledger does not count, or that it came back:
    /// the packet is sent under no number.
    #[must_use]
    pub const fn is_of_unpaid(self) -> bool {
        matches!(
            self,
            BreakKind::MissingInLedger | BreakKind::PaidInDoubt | BreakKind::RefundWithoutSend
        )
    }

    /// Its meaning.
    #[must_use]
    pub const fn meaning(self) -> Text {
        match self {
            BreakKind::PaidTwice => both(
                "the bill has two payments or more of one packet",
                "账单中同一红包有两笔或以上的支出",
            ),
            BreakKind::AmountDiffers => both(
                "the bill has another amount than the ledger",
                "账单金额与账本不一致",
            ),
            BreakKind::MissingInLedger => both(
                "a movement of ours that the ledger knows no payment for",
                "属于本商户红包的流水，但账本中没有对应的付款",
            ),
            BreakKind::RefundWithoutSend => both(
                "money came back for a packet that was never paid, or that was claimed",
                "未曾发放或已被领取的红包出现退款",
            ),
            BreakKind::PaidInDoubt => both(
                "the bill has its payment, and what became of it is not known from WeChat Pay's \
                 answers",
                "账单中已付款，而微信支付的答复尚未说明结果",
            ),
            BreakKind::MissingInBill => both(
                "paid on a day that the bills cover, and in none of them",
                "已付款且当日账单已提供，但账单中没有该笔",
            ),
            BreakKind::RefundMissing => both(
                "given back on a day that the bills cover, and in none of them",
                "已退款且当日账单已提供，但账单中没有该笔退款",
            ),
            BreakKind::RefundUnconfirmed => both(
                "the bill has its refund; no answer told of it, and WeChat Pay answers about it no \
                 longer",
                "账单中有其退款；但微信支付的答复从未提及，且该单号已过可查询期限",
            ),
            BreakKind::Late => both("booked two days after or later", "入账时间晚两天或以上"),
            BreakKind::Early => both(
                "booked on a day before the ledger sent it",
                "入账日期早于账本的发放日期",
            ),
        }
    }

    /// The remedy, where the ledger has the packet (`is_known`) or knows nothing of its number.
    #[must_use]
    pub const fn advice(self, is_known: bool) -> Text {
        match self {
            BreakKind::MissingInLedger if is_known => both(
                "WeChat Pay called it unpaid, and the bill says that it was paid: pay it by no \
                 other number, and ask WeChat Pay's support with this one; `hongbao show \
                 CAMPAIGN.toml NUMBER` tells its requests",
                "微信支付答复其未付款，而账单显示已付款：请勿用其他单号再付，并凭该单号联系微信支付客服；\
                 `hongbao show 活动文件 单号` 可查看其全部请求",
            ),
            BreakKind::PaidTwice | BreakKind::AmountDiffers => both(
                "look at both movements in the merchant platform and ask WeChat Pay's support with \
                 their numbers; `hongbao show CAMPAIGN.toml NUMBER` tells the packet's requests. \
                 Where the money is accounted for: `hongbao resolve CAMPAIGN.toml NUMBER \
                 --explained`",
                "在商户平台核对相关流水，并凭单号联系微信支付客服；`hongbao show 活动文件 单号` \
                 可查看该红包的全部请求。款项已有说明时：`hongbao resolve 活动文件 单号 --explained`",
            ),
            BreakKind::MissingInLedger => both(
                "find out which program of the merchant made this number; if it was hongbao, this \
                 ledger is not the newest: `hongbao ledger adopt CAMPAIGN.toml`",
                "查明是商户的哪个程序使用了该单号；若是 hongbao，则本账本不是最新的：`hongbao ledger adopt 活动文件`",
            ),
            BreakKind::RefundWithoutSend => both(
                "ask about the packet: `hongbao reconcile CAMPAIGN.toml`, then `hongbao show`",
                "先查询该红包：`hongbao reconcile 活动文件`，再 `hongbao show`",
            ),
            BreakKind::PaidInDoubt => both(
                "ask about it: `hongbao reconcile CAMPAIGN.toml`; where WeChat Pay answers no \
                 longer: `hongbao resolve CAMPAIGN.toml NUMBER --paid`",
                "请先查询：`hongbao reconcile 活动文件`；若微信支付已不再应答：\
                 `hongbao resolve 活动文件 单号 --paid`",
            ),
            BreakKind::MissingInBill | BreakKind::RefundMissing => both(
                "give the bill of the other account (basic, operation) and of the next day as well",
                "请一并提供另一账户（基本账户、运营账户）和次日的账单",
            ),
            BreakKind::RefundUnconfirmed => both(
                "book it as refunded, by the bill: WeChat Pay tells of a number for 30 days, and \
                 the ledger keeps its last answer; `hongbao reconcile CAMPAIGN.toml` within that \
                 time asks",
                "请按账单记为已退款：微信支付只在 30 天内可查询，账本保留其最后一次答复；\
                 在期限内执行 `hongbao reconcile 活动文件` 即可查询",
            ),
            BreakKind::Late => both(
                "nothing is lost; the balance of the days between does not agree",
                "款项没有丢失；其间几天的余额不一致",
            ),
            BreakKind::Early => both(
                "find out who paid it then: another ledger of this campaign, or a clock that was \
                 wrong; `hongbao show CAMPAIGN.toml NUMBER` tells the \
                 packet's requests",
                "查明当时是谁付的款：本活动的另一个账本，或时钟有误；`hongbao show 活动文件 单号` 可查看该红包的全部请求",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_name_and_its_words_in_both_languages() {
        for kind in BreakKind::ALL {
            assert_eq!(BreakKind::named(kind.name()), Some(kind));
            kind.meaning().check();
            kind.advice(true).check();
            kind.advice(false).check();
        }
        assert_eq!(BreakKind::named("lost"), None);
    }

    #[test]
    fn what_only_another_bill_can_mend_is_not_grave() {
        let grave = BreakKind::ALL.into_iter().filter(|kind| kind.is_grave());
        let grave: Vec<&str> = grave.map(BreakKind::name).collect();
        assert_eq!(
            grave,
            [
                "paid_twice",
                "amount_differs",
                "missing_in_ledger",
                "refund_without_send"
            ]
        );
    }
}
