//! Error codes in words: what WeChat Pay prints, what it means, what a person should do.
//!
//! For people only. What hongbao does follows from [`ErrCode::outcome`], so the words cannot
//! say one thing and the code do another.

use super::err_code::ErrCode;
use crate::domain::outcome::{Outcome, Until};
use crate::words::{Text, both};

/// A code in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// WeChat Pay's own text.
    pub official_zh: &'static str,
    /// Its meaning.
    pub meaning: Text,
    /// The reaction of hongbao.
    pub reaction: Text,
    /// The remedy for a person.
    pub remedy: Text,
    /// Whether a packet with this code can be paid after all, and how.
    pub reissue: Text,
}

/// How a packet that was refused with a code may be paid after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// By a reissue, once the cause is gone.
    Reissue,
    /// By another list: what was refused stays so.
    OtherList,
    /// Nobody is refused with the code.
    NotRefused,
}

/// The code, if it is why a packet was refused. Another is only the last error that came before the
/// packet was proven unpaid.
#[must_use]
pub fn refusal(code: &str) -> Option<ErrCode> {
    ErrCode::parse(code).filter(|code| code.way_out() != WayOut::NotRefused)
}

impl ErrCode {
    /// The code in words.
    #[must_use]
    pub fn explain(self) -> Explanation {
        let (official_zh, meaning, remedy) = self.words();
        Explanation {
            official_zh,
            meaning,
            reaction: reaction(&self.outcome()),
            remedy,
            reissue: reissue(&self.outcome()),
        }
    }

    /// How a packet that was refused with it may be paid after all.
    #[must_use]
    pub fn way_out(self) -> WayOut {
        match self.outcome() {
            Outcome::RefusedWithoutOrder => WayOut::OtherList,
            Outcome::RefusedUnlessKnown | Outcome::RefusedToConfirm => WayOut::Reissue,
            Outcome::Accepted(_)
            | Outcome::Processing
            | Outcome::Throttled
            | Outcome::Halted
            | Outcome::Deferred(_)
            | Outcome::Clash
            | Outcome::NotSent(_)
            | Outcome::InDoubt(_)
            | Outcome::Unnamed(_) => WayOut::NotRefused,
        }
    }
}

/// Whether a packet whose send ends like this can be paid after all, and how.
#[must_use]
pub fn reissue(outcome: &Outcome) -> Text {
    match outcome.said() {
        Outcome::RefusedUnlessKnown | Outcome::RefusedToConfirm => both(
            "yes, once the packet is `refused` and the cause is gone: `hongbao reissue \
             CAMPAIGN.toml --code CODE --because TEXT`, then `hongbao run`. WeChat Pay is asked \
             first: under a new number where it says FAILED, else under the same one.",
            "可以，待红包状态为“发放失败（未付款）”且原因排除后：先执行 `hongbao reissue 活动文件 --code CODE \
             --because 说明`，再执行 `hongbao run`。会先查询微信支付：答复 FAILED 的换新单号，否则用原单号。",
        ),
        Outcome::RefusedWithoutOrder => both(
            "a reissue pays the same openid, which would be refused again. `hongbao reissue \
             CAMPAIGN.toml --code CODE --export FILE` writes the refused packets to a list: mend \
             it and load it into another campaign. If the openids are right, mend the cause and \
             give --because TEXT in place of --export.",
            "补发仍发给同一 openid，会再次被拒。`hongbao reissue 活动文件 --code CODE --export 文件` \
             把被拒的红包导出为名单：改正后载入另一个活动。若 openid 无误，请排除原因后以 --because 说明 \
             代替 --export。",
        ),
        Outcome::Halted => both(
            "nothing to reissue: nobody is refused, and the same numbers are sent after `hongbao \
             unpause`. Only what WeChat Pay calls FAILED all the same becomes `refused`, and is \
             reissued with --code CODE.",
            "无需补发：没有人被拒，执行 `hongbao unpause` 后用原单号发放。只有微信支付仍答复 FAILED 的才会\
             变为“发放失败（未付款）”，可用 --code CODE 补发。",
        ),
        Outcome::Throttled | Outcome::Deferred(_) | Outcome::NotSent(_) => both(
            "nothing to reissue: the same number is sent again.",
            "无需补发：会用原单号再次发送。",
        ),
        Outcome::Accepted(_)
        | Outcome::Processing
        | Outcome::Clash
        | Outcome::InDoubt(_)
        | Outcome::Unnamed(_) => both(
            "not while it may have been paid: only a packet that is `refused` is reissued.",
            "可能已付款时不能补发：只有“发放失败（未付款）”的红包才能补发。",
        ),
    }
}

/// The reaction of hongbao to a send that ends like this.
#[must_use]
pub fn reaction(outcome: &Outcome) -> Text {
    match outcome.said() {
        Outcome::Accepted(_) => both(
            "Counts the packet as sent and keeps what opens it.",
            "把红包记为已发放，并保存打开它所需的 package。",
        ),
        Outcome::Processing => both(
            "Waits, then queries the number; does not send it again.",
            "等待后查询该单号，不会再次发送。",
        ),
        Outcome::Throttled => both(
            "Slows down and sends the same number again: no order was made.",
            "放慢速度，用原单号重发：并未生成订单。",
        ),
        Outcome::RefusedWithoutOrder => both(
            "Refuses the packet at once, unless an earlier send of it is in doubt.",
            "立即把红包记为被拒，除非它此前有一次发送结果未明。",
        ),
        Outcome::RefusedUnlessKnown => both(
            "Queries the number, and calls the packet refused where WeChat Pay does not know it.",
            "查询一次该单号，若微信支付没有此单号，则把红包记为被拒。",
        ),
        Outcome::RefusedToConfirm => both(
            "Queries the number until WeChat Pay says FAILED, and only then calls it refused.",
            "持续查询该单号，直到微信支付答复 FAILED 才记为被拒。",
        ),
        Outcome::Halted => both(
            "Halts the campaign; nobody is refused, and the number stays.",
            "停止整个活动；不拒绝任何人，单号不变。",
        ),
        Outcome::Deferred(Until::NextDay) => both(
            "Stops until the next day; the number stays.",
            "暂停至次日；单号不变。",
        ),
        Outcome::Deferred(Until::EightOClock) => both(
            "Stops until 8:00; the number stays.",
            "暂停至早上 8:00；单号不变。",
        ),
        Outcome::Clash => both(
            "Queries the number; without a payment, leaves it to a person.",
            "查询该单号；若查不到付款，则交由人工处理。",
        ),
        Outcome::NotSent(_) => both(
            "Sends the same number again: nothing had left.",
            "用原单号重发：请求并未发出。",
        ),
        Outcome::InDoubt(_) | Outcome::Unnamed(_) => both(
            "Holds the packet in doubt: same number again, or a query; never a new number.",
            "视为结果未明：用原单号重发或查询，绝不换单号。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_in_full() {
        for code in ErrCode::ALL {
            let words = code.explain();
            assert!(!words.official_zh.is_ascii(), "{code:?}");
            for text in [words.meaning, words.reaction, words.remedy, words.reissue] {
                text.check();
                for word in ["CAMPAIGN.toml", "TEXT", "FILE", "`refused`"] {
                    assert!(!text.zh.contains(word), "{code:?}: {}", text.zh);
                }
            }
        }
    }

    #[test]
    fn the_reaction_is_told_by_what_the_code_does() {
        for code in ErrCode::ALL {
            let told = code.explain().reaction.en;
            for (word, outcome) in [
                ("Halts", Outcome::Halted),
                ("Refuses", Outcome::RefusedWithoutOrder),
                ("does not know it", Outcome::RefusedUnlessKnown),
                ("FAILED", Outcome::RefusedToConfirm),
                ("Slows down", Outcome::Throttled),
                ("next day", Outcome::Deferred(Until::NextDay)),
                ("8:00", Outcome::Deferred(Until::EightOClock)),
                ("Waits", Outcome::Processing),
                ("to a person", Outcome::Clash),
            ] {
                assert_eq!(told.contains(word), code.outcome() == outcome, "{code:?}");
            }
            let is_doubt = matches!(code.outcome(), Outcome::InDoubt(_));
            assert_eq!(told.contains("in doubt:"), is_doubt, "{code:?}");
        }
    }

    #[test]
    fn no_remedy_speaks_of_a_new_number_where_money_may_have_moved() {
        for code in ErrCode::ALL {
            if matches!(code.outcome(), Outcome::InDoubt(_) | Outcome::Processing) {
                assert!(!code.explain().remedy.en.contains("reissue"), "{code:?}");
            }
        }
    }
}
