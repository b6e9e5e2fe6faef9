//! An approval, and whether it covers today's payments. The signature itself is made and verified
//! elsewhere.

use std::fmt;

use super::caps::CLOCKS_DIFFER_MS;
use super::hex::{hex, unhex};
use super::money::Fen;
use crate::words::{Words, alike, approval as words, english};

/// Bytes of a signature.
pub const SIGNATURE: usize = 64;

/// An approver, named by the public half of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approver(pub [u8; 32]);

alike!(Approver);

impl fmt::Display for Approver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex(&self.0))
    }
}

impl Approver {
    /// A public key as the campaign file has it; `None` where it is not 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text).map(Approver)
    }
}

/// The payments, as an approver sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Of the campaign, its texts and caps, and every packet.
    pub digest: [u8; 32],
    /// Of the campaign, its texts and caps alone.
    pub terms: [u8; 32],
    /// Packets.
    pub rows: u64,
    /// Their money.
    pub total: Fen,
    /// Their numbers: more than packets, where some were reissued.
    pub numbers: u64,
}

/// The signed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The ledger's mode: a rehearsal's approval pays nobody.
    pub mode: &'a str,
    /// The campaign.
    pub campaign: &'a str,
    /// Of what is to be paid.
    pub digest: [u8; 32],
    /// When it was signed.
    pub approved_at: i64,
    /// Until when it is good.
    pub expires_at: i64,
}

impl Statement<'_> {
    /// The bytes that are signed, a line for each part: no part has control characters.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let Statement { mode, campaign, .. } = self;
        let (digest, from, until) = (hex(&self.digest), self.approved_at, self.expires_at);
        format!("hongbao approval 1\n{mode}\n{campaign}\n{digest}\n{from}\n{until}\n").into_bytes()
    }
}

/// An approval as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The approved payments.
    pub content: Content,
    /// When.
    pub approved_at: i64,
    /// Until when it is good.
    pub expires_at: i64,
    /// By whom.
    pub approver: Approver,
    /// Their signature of the statement.
    pub signature: [u8; SIGNATURE],
}

impl Approval {
    /// The signed text.
    #[must_use]
    pub fn statement<'a>(&self, mode: &'a str, campaign: &'a str) -> Statement<'a> {
        Statement {
            mode,
            campaign,
            digest: self.content.digest,
            approved_at: self.approved_at,
            expires_at: self.expires_at,
        }
    }

    /// As one line.
    #[must_use]
    pub fn line(&self) -> String {
        let Content {
            digest,
            terms,
            rows,
            total,
            numbers,
        } = self.content;
        let (digest, terms, signature) = (hex(&digest), hex(&terms), hex(&self.signature));
        format!(
            "digest={digest} terms={terms} rows={rows} fen={} numbers={numbers} from={} until={} \
             approver={} signature={signature}",
            total.fen(),
            self.approved_at,
            self.expires_at,
            self.approver
        )
    }

    /// Parses the output of [`Approval::line`]; `None` for anything else.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut value = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
        let content = Content {
            digest: unhex(value("digest")?)?,
            terms: unhex(value("terms")?)?,
            rows: value("rows")?.parse().ok()?,
            total: Fen::new(value("fen")?.parse().ok()?),
            numbers: value("numbers")?.parse().ok()?,
        };
        Some(Approval {
            content,
            approved_at: value("from")?.parse().ok()?,
            expires_at: value("until")?.parse().ok()?,
            approver: Approver::parse(value("approver")?)?,
            signature: unhex(value("signature")?)?,
        })
    }

    /// When its time is over, where one is good for `valid_ms` at the most.
    #[must_use]
    pub fn ends_at(&self, valid_ms: i64) -> i64 {
        let longest = self.approved_at.saturating_add(valid_ms);
        self.expires_at.min(longest)
    }

    /// Whether it is good for what is to be paid now.
    ///
    /// # Errors
    /// Where it is not, and why.
    pub fn check(&self, today: &Today<'_>) -> Result<(), Stale> {
        let was = self.content;
        if !today.listed.contains(&self.approver) {
            return Err(Stale::Stranger(self.approver));
        }
        if !today.is_signed(self) {
            return Err(Stale::Unsigned(self.approver));
        }
        if self.approved_at > today.now.saturating_add(CLOCKS_DIFFER_MS) {
            return Err(Stale::Early);
        }
        if today.now >= self.ends_at(today.valid_ms) {
            return Err(Stale::Expired);
        }
        let is = today.content;
        if was.digest == is.digest {
            return Ok(());
        }
        Err(if (was.rows, was.total) != (is.rows, is.total) {
            Stale::Rows {
                was: (was.rows, was.total),
                is: (is.rows, is.total),
            }
        } else if was.numbers != is.numbers {
            Stale::Numbers(is.numbers.saturating_sub(was.numbers))
        } else if was.terms != is.terms {
            Stale::Terms
        } else {
            Stale::Packets
        })
    }
}

/// The facts that an approval is compared with.
pub struct Today<'a> {
    /// The payments.
    pub content: Content,
    /// The approvers.
    pub listed: &'a [Approver],
    /// How long an approval is good at the most.
    pub valid_ms: i64,
    /// Now.
    pub now: i64,
    /// Whether the approval's signature is its approver's.
    pub verify: &'a dyn Fn(&Approval) -> bool,
}

impl Today<'_> {
    fn is_signed(&self, approval: &Approval) -> bool {
        (self.verify)(approval)
    }
}

/// Why an approval is not good, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// There is none.
    Nobody,
    /// Its key is not in the campaign file.
    Stranger(Approver),
    /// The signature is not its approver's, or of something else.
    Unsigned(Approver),
    /// It is from a time that has not come.
    Early,
    /// Its time is over.
    Expired,
    /// There are other packets.
    Rows {
        /// How many were approved, and their money.
        was: (u64, Fen),
        /// The packets and money at hand.
        is: (u64, Fen),
    },
    /// So many packets got a new number.
    Numbers(u64),
    /// Texts or caps.
    Terms,
    /// A packet's recipient, amount or texts.
    Packets,
}

english!(Stale);

impl Stale {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Stale::Nobody => words::nobody(),
            Stale::Stranger(approver) => words::stranger(*approver),
            Stale::Unsigned(approver) => words::unsigned(*approver),
            Stale::Early => words::early(),
            Stale::Expired => words::expired(),
            Stale::Rows { was, is } => words::rows(was.0, was.1, is.0, is.1),
            Stale::Numbers(count) => words::numbers(*count),
            Stale::Terms => words::terms(),
            Stale::Packets => words::packets(),
        }
    }

    /// Whether a listed approver really signed: of several reasons the one to be told.
    #[must_use]
    pub fn is_of_approver(&self) -> bool {
        !matches!(
            self,
            Stale::Nobody | Stale::Stranger(_) | Stale::Unsigned(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;
    const APPROVER: Approver = Approver([7; 32]);

    fn content() -> Content {
        Content {
            digest: [1; 32],
            terms: [2; 32],
            rows: 10,
            total: Fen::new(5000),
            numbers: 10,
        }
    }

    fn approval() -> Approval {
        Approval {
            content: content(),
            approved_at: 0,
            expires_at: 24 * HOUR_MS,
            approver: APPROVER,
            signature: [3; SIGNATURE],
        }
    }

    /// Ten hours later.
    fn check(approval: &Approval, content: Content) -> Result<(), Stale> {
        check_at(approval, content, (10 * HOUR_MS, 24 * HOUR_MS))
    }

    fn check_at(
        approval: &Approval,
        content: Content,
        (now, valid_ms): (i64, i64),
    ) -> Result<(), Stale> {
        let today = Today {
            content,
            listed: &[Approver([9; 32]), APPROVER],
            valid_ms,
            now,
            verify: &|approval| approval.signature == [3; SIGNATURE],
        };
        approval.check(&today)
    }

    #[test]
    fn an_approval_is_good_for_exactly_what_was_approved() {
        assert_eq!(check(&approval(), content()), Ok(()));
        let other = |change: fn(&mut Content)| {
            let mut content = content();
            content.digest = [8; 32];
            change(&mut content);
            check(&approval(), content).unwrap_err()
        };
        assert_eq!(other(|_| ()), Stale::Packets);
        assert_eq!(other(|it| it.terms = [0; 32]), Stale::Terms);
        assert_eq!(other(|it| it.numbers = 12), Stale::Numbers(2));
        assert!(matches!(other(|it| it.rows = 11), Stale::Rows { .. }));
        let more = |it: &mut Content| it.total = Fen::new(5001);
        assert!(matches!(other(more), Stale::Rows { .. }));
    }

    #[test]
    fn only_a_listed_key_that_signed_counts() {
        let stranger = Approval {
            approver: Approver([4; 32]),
            ..approval()
        };
        let told = check(&stranger, content());
        assert_eq!(told, Err(Stale::Stranger(stranger.approver)));
        let unsigned = Approval {
            signature: [4; SIGNATURE],
            ..approval()
        };
        assert_eq!(check(&unsigned, content()), Err(Stale::Unsigned(APPROVER)));
    }

    #[test]
    fn of_several_reasons_one_about_a_real_signature_is_told() {
        let rows = (1, Fen::new(100));
        for why in [
            Stale::Early,
            Stale::Expired,
            Stale::Rows {
                was: rows,
                is: rows,
            },
            Stale::Numbers(1),
            Stale::Terms,
            Stale::Packets,
        ] {
            assert!(why.is_of_approver(), "{why}");
        }
        for why in [
            Stale::Nobody,
            Stale::Stranger(APPROVER),
            Stale::Unsigned(APPROVER),
        ] {
            assert!(!why.is_of_approver(), "{why}");
        }
    }

    #[test]
    fn an_approval_ends_and_the_campaign_file_may_end_it_sooner() {
        let at = |now, valid| check_at(&approval(), content(), (now, valid));
        assert_eq!(at(24 * HOUR_MS - 1, 24 * HOUR_MS), Ok(()));
        assert_eq!(at(24 * HOUR_MS, 48 * HOUR_MS), Err(Stale::Expired));
        assert_eq!(at(2 * HOUR_MS, 2 * HOUR_MS), Err(Stale::Expired));
        assert_eq!(at(-CLOCKS_DIFFER_MS, 24 * HOUR_MS), Ok(()));
        assert_eq!(at(-CLOCKS_DIFFER_MS - 1, 24 * HOUR_MS), Err(Stale::Early));
    }

    #[test]
    fn what_is_signed_names_every_part() {
        let statement = approval();
        let statement = statement.statement("live", "c");
        let digest = "01".repeat(32);
        let wanted = format!("hongbao approval 1\nlive\nc\n{digest}\n0\n86400000\n");
        assert_eq!(statement.bytes(), wanted.into_bytes());
    }

    #[test]
    fn a_line_is_read_back_and_nothing_else_is() {
        let approval = approval();
        let line = approval.line();
        assert_eq!(Approval::parse(&line), Some(approval));
        for wrong in [
            "",
            "digest=1",
            &line.replace("rows=10", "rows=x"),
            &line[1..],
        ] {
            assert_eq!(Approval::parse(wrong), None, "{wrong}");
        }
    }
}
