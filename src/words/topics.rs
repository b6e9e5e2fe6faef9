//! Pages that `explain` shows: what a person looks up about one subject, a file a language.

use super::{Text, both};

/// A subject with a page of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Topic {
    /// The topic's name on the command line.
    pub(crate) name: &'static str,
    /// Its subject, in one line.
    pub(crate) about: Text,
    /// The page, in lines of at most 80 cells.
    pub(crate) page: Text,
}

/// A topic by the name of its files, and what it is about in both languages.
macro_rules! topic {
    ($name:literal, $en:literal, $zh:literal) => {
        Topic {
            name: $name,
            about: both($en, $zh),
            page: both(
                include_str!(concat!("topics/", $name, ".en.txt")).trim_ascii_end(),
                include_str!(concat!("topics/", $name, ".zh.txt")).trim_ascii_end(),
            ),
        }
    };
}

/// Every topic, in the order of a campaign.
pub(crate) const TOPICS: &[Topic] = &[
    topic!(
        "columns",
        "the columns of the recipients file and of the report",
        "名单文件和报表的各列"
    ),
    topic!(
        "caps",
        "daily caps: what counts, and what waits for the next day",
        "每日上限：如何计数，哪些红包等到次日"
    ),
    topic!(
        "approval",
        "how an approver signs what may be paid",
        "审批人如何对付款计划签名"
    ),
    topic!("states", "the states of a packet", "红包的各种状态"),
    topic!(
        "refused",
        "refused packets, and how to pay them after all",
        "被拒的红包，以及如何补发"
    ),
    topic!(
        "claims",
        "how recipients open their packets in the mini-program",
        "收款人如何在小程序中打开红包"
    ),
    topic!(
        "fund-flow",
        "the merchant's fund-flow bill, and what does not agree with it",
        "商户的资金账单，以及不一致之处"
    ),
    topic!(
        "events",
        "what programs read: a campaign's moves, and the end of a verb",
        "供程序读取的内容：红包变动，以及命令的结果"
    ),
    topic!(
        "notify",
        "who is told of a run: robots, webhook, dead-man ping",
        "运行的通知：机器人、webhook 与存活检测"
    ),
    topic!("exit-codes", "the exit codes", "各退出码"),
    topic!(
        "standby",
        "a copy of the ledger on another machine, and how it goes on",
        "另一台机器上的账本副本，以及如何用它继续"
    ),
    topic!(
        "simulator",
        "the simulator and its faults",
        "模拟器及其故障"
    ),
    topic!(
        "environment",
        "environment variables, languages and streams",
        "环境变量、语言与输出"
    ),
];

#[cfg(test)]
mod tests {
    use super::super::part::cells;
    use super::*;

    #[test]
    fn a_page_is_told_in_both_languages_and_fits_a_terminal() {
        for topic in TOPICS {
            topic.about.check();
            topic.page.check();
            let lines = topic.page.en.lines().chain(topic.page.zh.lines());
            for line in lines {
                assert!(cells(line) <= 80, "{}: {line}", topic.name);
                assert_eq!(line.trim_end(), line, "{}", topic.name);
            }
        }
    }

    /// Verbs and options are the same in both languages; what stands for a value is not.
    #[test]
    fn both_pages_name_the_same_commands() {
        let is_command = |line: &&str| line.starts_with("hongbao ");
        let is_typed = |word: &&str| word.starts_with("--") || !word.contains(char::is_uppercase);
        let typed = |line: &str| {
            let words = line.split_whitespace().filter(is_typed);
            words
                .filter(|word| word.is_ascii())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        for topic in TOPICS {
            let [en, zh] = [topic.page.en, topic.page.zh].map(|page| {
                let lines = page.lines().filter(|line| line.starts_with("  "));
                let lines = lines.map(str::trim_start).filter(is_command);
                lines.map(typed).collect::<Vec<_>>()
            });
            assert_eq!(en, zh, "{}", topic.name);
        }
    }
}
