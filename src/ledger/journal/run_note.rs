//! The two rows of the journal that a run writes: one before its first request, one when it has
//! ended. A process that was killed wrote the first alone.
//!
//! The account in the first is what the system says of the process, not what somebody typed. It
//! tells accounts apart, and no people who share one; who can write to the ledger can write any
//! name, so that what proves a person's consent is the signature of an approval. Of a person no
//! more is kept than that: no host, address, terminal or full name.

/// The journal's names for the begin of a run, and its end.
pub(in crate::ledger) const RUN_BEGUN: &str = "run_begun";
pub(in crate::ledger) const RUN_ENDED: &str = "run_ended";

/// What is known of a run when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunBegin {
    /// The verb that was typed.
    pub verb: String,
    /// The program's version.
    pub version: String,
    /// The system's account.
    pub who: String,
}

impl RunBegin {
    /// The note of the first row.
    pub(in crate::ledger) fn note(&self) -> String {
        format!("{} {} {}", self.verb, self.version, self.who)
    }

    /// The run that such a note tells of.
    pub(in crate::ledger) fn parse(note: &str) -> Option<Self> {
        let mut words = note.splitn(3, ' ').map(str::to_owned);
        Some(RunBegin {
            verb: words.next()?,
            version: words.next()?,
            who: words.next()?,
        })
    }
}

/// The note of the second row: the first one's place in the journal, and the exit code.
pub(in crate::ledger) fn end_note(begun: i64, exit: u8) -> String {
    format!("{begun} {exit}")
}

/// The run that such a note ends, and its exit code.
pub(in crate::ledger) fn parse_end(note: &str) -> Option<(i64, u8)> {
    let (begun, exit) = note.split_once(' ')?;
    Some((begun.parse().ok()?, exit.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_runs_are_read_as_they_were_written() {
        for who in ["lin(1000)", "lin(1000)→root(0)", "a b(7)", ""] {
            let begin = RunBegin {
                verb: "run".to_owned(),
                version: "0.1.0".to_owned(),
                who: who.to_owned(),
            };
            assert_eq!(RunBegin::parse(&begin.note()), Some(begin));
        }
        assert_eq!(parse_end(&end_note(12, 143)), Some((12, 143)));
        for broken in ["", "12", "12 256", "x 0"] {
            assert_eq!(parse_end(broken), None, "{broken}");
        }
        assert_eq!(RunBegin::parse("run 0.1.0"), None);
    }
}
