//! How long a packet can be opened.

/// A packet that nobody opened flows back so long after it was issued.
pub const OPEN_MS: i64 = 24 * 60 * 60 * 1000;

/// When a packet was issued, as far as a ledger can know: a send whose answer was lost may have
/// issued it, or only the one that brought the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Issued {
    /// Not before.
    pub from: i64,
    /// Not after.
    pub until: i64,
}

impl Issued {
    /// When it lapses; `None` where it has. The earliest moment counts as long as it is ahead: who
    /// is told too early is told in time. After that the packet may still be open until the latest.
    #[must_use]
    pub fn expires_at(self, now: i64) -> Option<i64> {
        let ends = [self.from, self.until.max(self.from)].map(|at| at.saturating_add(OPEN_MS));
        ends.into_iter().find(|end| *end > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_lapses_a_day_after_it_was_issued() {
        let issued = Issued {
            from: 1000,
            until: 1000,
        };
        let end = 1000 + OPEN_MS;
        assert_eq!(issued.expires_at(1000), Some(end));
        assert_eq!(issued.expires_at(end - 1), Some(end));
        assert_eq!(issued.expires_at(end), None);
    }

    #[test]
    fn where_two_sends_may_have_issued_it_the_earlier_end_is_told_and_the_later_one_counts() {
        let issued = Issued {
            from: 1000,
            until: 9000,
        };
        assert_eq!(issued.expires_at(999 + OPEN_MS), Some(1000 + OPEN_MS));
        assert_eq!(issued.expires_at(1000 + OPEN_MS), Some(9000 + OPEN_MS));
        assert_eq!(issued.expires_at(9000 + OPEN_MS), None);
    }
}
