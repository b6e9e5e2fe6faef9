//! How a command ended, as the shell sees it.

use std::process::Termination;

/// Every exit code, with what it means. Exit codes describe the campaign as it stands.
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
    /// 11
    Halted,
    /// 130
    Interrupted,
    /// 143
    Terminated,
}

impl ExitCode {
    /// All of them, in order.
    pub const ALL: [ExitCode; 12] = [
        ExitCode::Done,
        ExitCode::Unexpected,
        ExitCode::Usage,
        ExitCode::SomeRefused,
        ExitCode::SomeUnresolved,
        ExitCode::Limited,
        ExitCode::FileRefused,
        ExitCode::Configuration,
        ExitCode::Held,
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
            ExitCode::Halted => 11,
            ExitCode::Interrupted => 130,
            ExitCode::Terminated => 143,
        }
    }

    /// What it means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            ExitCode::Done => "settled or sent, nothing left to do",
            ExitCode::Unexpected => "unexpected error; the ledger is consistent",
            ExitCode::Usage => "usage",
            ExitCode::SomeRefused => "finished, some packets refused",
            ExitCode::SomeUnresolved => {
                "finished, some packets unresolved (in doubt, processing, review, or sent \
                 without the package that opens them)"
            }
            ExitCode::Limited => "stopped by a limit, window, pause or budget",
            ExitCode::FileRefused => "recipients file refused, nothing written",
            ExitCode::Configuration => "configuration, certificate or key",
            ExitCode::Held => "another run holds the ledger",
            ExitCode::Halted => "halted: a person must act",
            ExitCode::Interrupted => "stopped by SIGINT, resumable",
            ExitCode::Terminated => "stopped by SIGTERM, resumable",
        }
    }

    /// What to do then.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            ExitCode::Done => "look at the report",
            ExitCode::Unexpected => {
                "read the message; run the same command again once its cause is gone"
            }
            ExitCode::Usage => "read the message and `hongbao help VERB`",
            ExitCode::SomeRefused => "see the report's err_code column, and `hongbao explain CODE`",
            ExitCode::SomeUnresolved => {
                "run again later, or `hongbao reconcile`; `hongbao show` tells a packet's story"
            }
            ExitCode::Limited => "run again when the message says",
            ExitCode::FileRefused => "mend the cells that the message names and run again",
            ExitCode::Configuration => "mend the key, file or certificate that the message names",
            ExitCode::Held => "wait for the other run, or stop it",
            ExitCode::Halted => {
                "do what the message says, then `hongbao unpause` and `hongbao run`"
            }
            ExitCode::Interrupted | ExitCode::Terminated => {
                "run again: it goes on where it stopped"
            }
        }
    }

    /// The table that `--help` shows.
    #[must_use]
    pub fn table() -> String {
        let line = |code: &ExitCode| format!("  {:>3}  {}\n", code.code(), code.meaning());
        let lines: String = ExitCode::ALL.iter().map(line).collect();
        format!("Exit codes:\n{lines}")
    }
}

impl Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        self.code().into()
    }
}
