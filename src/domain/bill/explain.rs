//! States in words, for people only.

use std::fmt::{self, Formatter};

use super::state::State;
use crate::words::{Lang, Part, Text, both};

/// A state in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateWords {
    /// Its name for people: in English the one that programs read.
    pub label: Text,
    /// Its meaning.
    pub means: Text,
    /// The remedy for a person.
    pub remedy: Text,
}

impl Part for State {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        self.label().tell(lang, f)
    }
}

impl State {
    /// The state in words.
    #[must_use]
    pub const fn explain(self) -> StateWords {
        let [label, means, remedy] = words(self);
        StateWords {
            label,
            means,
            remedy,
        }
    }

    /// Its name for people, the same wherever it is told.
    #[must_use]
    pub const fn label(self) -> Text {
        self.explain().label
    }

    /// The state of this name, in either language.
    #[must_use]
    pub fn typed(name: &str) -> Option<State> {
        State::named(&name.to_lowercase())
            .or_else(|| State::ALL.into_iter().find(|it| it.label().zh == name))
    }
}

const fn words(state: State) -> [Text; 3] {
    match state {
        State::Ready => [
            both("ready", "待发放"),
            both(
                "its number is fixed, and no send of it is in doubt",
                "单号已确定，没有结果未明的发送",
            ),
            both("run", "执行 run"),
        ],
        State::InFlight => [
            both("in_flight", "发送中"),
            both(
                "a request is recorded: it waits for its turn, or for its answer",
                "请求已落账：正在等待发出，或等待应答",
            ),
            both("wait for the run to end", "等待本次运行结束"),
        ],
        State::InDoubt => [
            both("in_doubt", "结果未明"),
            both(
                "it may have been paid, and WeChat Pay has not said so yet",
                "可能已经付款，但微信支付尚未确认",
            ),
            both(
                "run or reconcile: the same number is sent again or queried; never pay it by \
                 other means",
                "执行 run 或 reconcile：会用原单号重发或查询；切勿以其他方式补发",
            ),
        ],
        State::Processing => [
            both("processing", "处理中"),
            both(
                "WeChat Pay accepted it and is working",
                "微信支付已受理，正在处理",
            ),
            both("reconcile later", "稍后执行 reconcile"),
        ],
        State::Sent => [
            both("sent", "已发放"),
            both("issued, claimable for 24 hours", "已发放，24 小时内可领取"),
            both(
                "nothing; reconcile shows claims",
                "无需处理；reconcile 可查看领取情况",
            ),
        ],
        State::Received => [
            both("received", "已领取"),
            both("claimed by the recipient", "收款人已打开红包并收款"),
            both("nothing", "无需处理"),
        ],
        State::Refunding => [
            both("refunding", "退款中"),
            both(
                "unclaimed, the money is on its way back",
                "未被领取，款项正在退回",
            ),
            both("reconcile later", "稍后执行 reconcile"),
        ],
        State::Refunded => [
            both("refunded", "已退款"),
            both("unclaimed, the money is back", "未被领取，款项已退回"),
            both("nothing", "无需处理"),
        ],
        State::Refused => [
            both("refused", "发放失败（未付款）"),
            both("proven unpaid", "已证实未付款"),
            both(
                "see its err_code, and `hongbao explain refused`",
                "查看错误码，并参阅 `hongbao explain refused`",
            ),
        ],
        State::Withdrawn => [
            both("withdrawn", "已撤回"),
            both(
                "a person took it back before any byte of it was sent; this ledger never sends it",
                "在发出任何数据之前已由人工撤回；本账本不会再发放",
            ),
            both(
                "nothing; to pay it after all, load its row with other content, or the same with \
                 load --bring-back N",
                "无需处理；若仍要发放，请载入内容不同的该行，或以 load --bring-back 数量 载入原内容",
            ),
        ],
        State::Review => [
            both("review", "待人工处理"),
            both(
                "the tool must not decide: parameters clash, or its bounds were reached",
                "工具不得自行判定：参数冲突，或已达到自动处理的上限",
            ),
            both(
                "look into the merchant platform, then `hongbao resolve`",
                "在商户平台核实，然后执行 `hongbao resolve`",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_explained_in_both_languages() {
        for state in State::ALL {
            let words = state.explain();
            words.means.check();
            words.remedy.check();
            words.label.check();
            assert_eq!(words.label.en, state.name());
            assert_eq!(State::typed(words.label.zh), Some(state));
        }
    }
}
