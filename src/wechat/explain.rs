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
        }
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
            for text in [words.meaning, words.reaction, words.remedy] {
                text.check();
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
