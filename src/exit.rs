//! How a command ended, as the shell sees it.

use std::process::Termination;

use crate::words::{Lang, Text, both};

/// Every exit code, with what it means. Exit codes describe the campaign as it stands.
///
/// Where several are true of it, the gravest is told: 11, then 4, 10, 5, 3. So 4 beats 5: packets
/// that a limit of the run or a daily cap holds back do not hide one whose result is not known. A
/// run that was stopped from outside says so first: 130 and 143 after a signal, 5 after a pause, a
/// limit of WeChat Pay's or the end of its time. Only 11 comes before these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// 0
    Done,
    /// 1
    Unexpected,
    /// 2
    Usage,
    /// 3
    SomeRefused,
    /// 4
    SomeUnresolved,
    /// 5
    Limited,
    /// 6
    FileRefused,
    /// 7
    Configuration,
    /// 8
    Held,
    /// 9
    NotApproved,
    /// 10
    Unreachable,
    /// 11
    Halted,
    /// 130
    Interrupted,
    /// 143
    Terminated,
}

impl ExitCode {
    /// All of them, in order.
    pub const ALL: [ExitCode; 14] = [
        ExitCode::Done,
        ExitCode::Unexpected,
        ExitCode::Usage,
        ExitCode::SomeRefused,
        ExitCode::SomeUnresolved,
        ExitCode::Limited,
        ExitCode::FileRefused,
        ExitCode::Configuration,
        ExitCode::Held,
        ExitCode::NotApproved,
        ExitCode::Unreachable,
        ExitCode::Halted,
        ExitCode::Interrupted,
        ExitCode::Terminated,
    ];

    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            ExitCode::Done => 0,
            ExitCode::Unexpected => 1,
            ExitCode::Usage => 2,
            ExitCode::SomeRefused => 3,
            ExitCode::SomeUnresolved => 4,
            ExitCode::Limited => 5,
            ExitCode::FileRefused => 6,
            ExitCode::Configuration => 7,
            ExitCode::Held => 8,
            ExitCode::NotApproved => 9,
            ExitCode::Unreachable => 10,
            ExitCode::Halted => 11,
            ExitCode::Interrupted => 130,
            ExitCode::Terminated => 143,
        }
    }

    /// Its meaning.
    #[must_use]
    pub const fn meaning(self) -> Text {
        match self {
            ExitCode::Done => both("done, nothing to look into", "已完成，没有需要处理的事项"),
            ExitCode::Unexpected => both(
                "unexpected error; the ledger is consistent",
                "意外错误；账本仍然一致",
            ),
            ExitCode::Usage => both("usage", "命令用法有误"),
            ExitCode::SomeRefused => {
                both("finished, some packets refused", "已结束，部分红包发放失败")
            }
            ExitCode::SomeUnresolved => both(
                "finished, some packets unresolved (in doubt, processing, review, not settled \
                 after 25 days, or sent without the package that opens them)",
                "已结束，部分红包结果待确认（结果未明、处理中、待人工处理、逾 25 天未完结，或已发放但缺少\
                 打开它的 package）",
            ),
            ExitCode::Limited => both(
                "stopped by a limit, window, pause or budget: packets wait to be sent",
                "因限额、时段、暂停或预算而停止：还有红包等待发放",
            ),
            ExitCode::FileRefused => both(
                "recipients file or fund-flow bill refused, nothing written",
                "名单文件或资金账单有误，已拒绝，未写入任何内容",
            ),
            ExitCode::Configuration => {
                both("configuration, certificate or key", "配置、证书或密钥有误")
            }
            ExitCode::Held => both("another run holds the ledger", "账本正被另一次运行占用"),
            ExitCode::NotApproved => both(
                "the plan is stale or not approved; nothing was sent",
                "计划已变动或未获批准；未发送任何请求",
            ),
            ExitCode::Unreachable => both(
                "the gateway cannot be reached; nothing is in doubt",
                "无法连接网关；没有结果待确认的红包",
            ),
            ExitCode::Halted => both("halted: a person must act", "已中止：需要人工处理"),
            ExitCode::Interrupted => both("stopped by SIGINT, resumable", "被 SIGINT 停止，可继续"),
            ExitCode::Terminated => both(
                "stopped by SIGTERM or SIGHUP, resumable",
                "被 SIGTERM 或 SIGHUP 停止，可继续",
            ),
        }
    }

    /// The remedy.
    #[must_use]
    pub const fn advice(self) -> Text {
        match self {
            ExitCode::Done => both("look at the report", "查看结果报表"),
            ExitCode::Unexpected => both(
                "read the message; run the same command again once its cause is gone",
                "阅读提示信息；排除原因后再次执行同一命令",
            ),
            ExitCode::Usage => both(
                "read the message and `hongbao help VERB`",
                "阅读提示信息和 `hongbao help VERB`",
            ),
            ExitCode::SomeRefused => both(
                "see the report's err_code column, and `hongbao explain CODE`",
                "查看报表的 err_code 列，并用 `hongbao explain 错误码` 查询含义",
            ),
            ExitCode::SomeUnresolved => both(
                "run again later, or `hongbao reconcile`; `hongbao show` tells a packet's story",
                "稍后再次运行，或执行 `hongbao reconcile`；`hongbao show` 可查看单个红包的经过",
            ),
            ExitCode::Limited => both(
                "run again when the message says",
                "按提示信息给出的时间再次运行",
            ),
            ExitCode::FileRefused => both(
                "mend the cells that the message names, or download the bill again, and run again",
                "改正提示信息列出的单元格，或重新下载账单，然后再次运行",
            ),
            ExitCode::Configuration => both(
                "mend the key, file or certificate that the message names",
                "改正提示信息指出的密钥、文件或证书",
            ),
            ExitCode::Held => both(
                "wait for the other run, or stop it",
                "等待另一次运行结束，或将其停止",
            ),
            ExitCode::NotApproved => both(
                "look at `hongbao plan`, let an approver `hongbao approve` it, and run again",
                "查看 `hongbao plan`，由审批人执行 `hongbao approve`，然后再次运行",
            ),
            ExitCode::Unreachable => both(
                "look at the network, gateway.base_url and `hongbao doctor`, then run again: it \
                 goes on where it stopped",
                "检查网络、gateway.base_url，并执行 `hongbao doctor`，然后再次运行：从停下的地方继续",
            ),
            ExitCode::Halted => both(
                "do what the message says. Where `hongbao status` says that the campaign halted, \
                 `hongbao unpause` and `hongbao run` go on afterwards; breaks of a fund-flow bill, \
                 or of what WeChat Pay said, are looked at one by one with `hongbao show`",
                "按提示信息处理。若 `hongbao status` 显示活动已中止，处理后执行 `hongbao unpause` 和 \
                 `hongbao run` 继续；资金账单的差异或微信支付前后矛盾的说法，请用 `hongbao show` 逐个核对",
            ),
            ExitCode::Interrupted | ExitCode::Terminated => both(
                "run again: it goes on where it stopped",
                "再次运行：从停下的地方继续",
            ),
        }
    }

    /// The table that `--help` shows.
    #[must_use]
    pub fn table(lang: Lang) -> String {
        let line = |code: &ExitCode| {
            let meaning = code.meaning().within(lang);
            format!("  {:>3}  {meaning}\n", code.code())
        };
        let lines: String = ExitCode::ALL.iter().map(line).collect();
        let head = both("Exit codes:", "退出码：").within(lang);
        format!("{head}\n{lines}")
    }
}

impl Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        self.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_explained_in_both_languages() {
        for code in ExitCode::ALL {
            code.meaning().check();
            code.advice().check();
        }
    }
}
