//! The bills of a match: files, and what is downloaded. Each is read to its end before any of it is
//! believed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::clock::beijing_words;
use crate::domain::caps::{begin_of, day_of};
use crate::domain::flow::covered::CoveredDays;
use crate::error::Error;
use crate::fund_flow::{FlowFault, FlowIntake, FlowTotals};
use crate::ledger::{FlowScratch, GivenBill, LedgerError};
use crate::wechat::download::{DownloadFault, Downloaded};
use crate::wechat::fund_flow::{self, FundAccount, NoBill, WantedBill, no_bill};
use crate::words::{Words, bills as words};

use crate::commands::console::unforeseen;
use crate::commands::setup::context::Context;
use crate::commands::setup::gateway::OpenGateway;
use crate::commands::setup::time::beijing_day;

/// As much of a file as is read at once.
const PIECE: usize = 256 * 1024;

/// WeChat Pay advises to fetch a day's bill after ten o'clock of the next.
const MADE_BY_MS: i64 = 10 * 3_600_000;

/// How long a bill that is late is left before it is asked for again.
const LATE_MS: i64 = 30 * 60_000;

/// The bills that were given.
pub(super) struct TakenBills {
    pub(super) scratch: FlowScratch,
    pub(super) covered: CoveredDays,
    pub(super) given: Vec<GivenBill>,
    /// They are all that there is of their days.
    is_instead: bool,
}

/// A bill that is wanted: a day since 1970 in Beijing, and an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct WantedDay {
    pub(super) day: i64,
    pub(super) account: FundAccount,
}

/// Why one bill is not taken.
enum BillStop {
    Flow(FlowFault),
    Ledger(LedgerError),
    Download(DownloadFault),
}

impl From<FlowFault> for BillStop {
    fn from(fault: FlowFault) -> Self {
        BillStop::Flow(fault)
    }
}

impl From<LedgerError> for BillStop {
    fn from(fault: LedgerError) -> Self {
        BillStop::Ledger(fault)
    }
}

impl From<DownloadFault> for BillStop {
    fn from(fault: DownloadFault) -> Self {
        BillStop::Download(fault)
    }
}

impl BillStop {
    fn of(self, name: &str) -> Error {
        match self {
            BillStop::Flow(fault) => Error::Bill(words::refused(name, fault.words())),
            BillStop::Ledger(fault) => Error::Ledger(fault),
            BillStop::Download(DownloadFault::TooLarge) => {
                Error::Bill(words::refused(name, words::too_large()))
            }
            BillStop::Download(DownloadFault::Unreachable(why)) => {
                Error::BillLater(words::unreachable(name, why))
            }
            BillStop::Download(DownloadFault::Status(status @ 500..)) => {
                Error::BillLater(words::status(name, status))
            }
            BillStop::Download(DownloadFault::Status(status)) => {
                Error::BillDenied(words::denied(name, words::http(status)))
            }
        }
    }
}

impl TakenBills {
    pub(super) fn new(is_instead: bool) -> Result<TakenBills, Error> {
        Ok(TakenBills {
            scratch: FlowScratch::new()?,
            covered: CoveredDays::default(),
            given: Vec::new(),
            is_instead,
        })
    }

    /// Reads a file to its end.
    pub(super) fn take_file(&mut self, context: &Context, path: &Path) -> Result<(), Error> {
        let name = path.display().to_string();
        let unread = |fault: &std::io::Error| Error::Bill(words::unreadable(name.as_str(), fault));
        let mut file = File::open(path).map_err(|fault| unread(&fault))?;
        let before = self.scratch.begin_bill()?;
        let scratch = &mut self.scratch;
        let mut intake = FlowIntake::new(|row| Ok::<(), BillStop>(scratch.add(row)?));
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => {
                    let taken = intake.push(&piece[..read]);
                    taken.map_err(|stop| stop.of(&name))?;
                }
                Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(unread(&fault)),
            }
        }
        let done = intake.finish(None).map_err(|stop| stop.of(&name))?;
        self.note(context, (&name, before), (done, None))
    }

    /// Downloads a bill and reads it to its end.
    pub(super) async fn fetch(
        &mut self,
        context: &Context,
        gateway: &OpenGateway,
        wanted: WantedDay,
    ) -> Result<(), Error> {
        let date = date_of(wanted.day);
        let name = format!("{date} {}", wanted.account.name());
        let merchant = &context.campaign.merchant;
        let bill = WantedBill {
            mch_id: merchant.mch_id.clone(),
            appid: merchant.wxappid.clone(),
            date: date.replace('-', ""),
            account: wanted.account,
        };
        let body = bill.request(&unforeseen()?, gateway.key());
        let downloader = gateway.downloader()?;
        let before = self.scratch.begin_bill()?;
        let scratch = &mut self.scratch;
        let mut intake = FlowIntake::new(|row| Ok::<(), BillStop>(scratch.add(row)?));
        let came = downloader.post(fund_flow::PATH, body, |piece| intake.push(piece));
        let done = match came.await.map_err(|stop| stop.of(&name))? {
            Downloaded::Bill(digest) => {
                let done = intake.finish(digest.as_deref());
                done.map_err(|stop| stop.of(&name))?
            }
            Downloaded::Text(body) => {
                drop(intake);
                is_empty_day(context, (&name, wanted.day), &body)?;
                (FlowTotals::default(), String::new())
            }
        };
        self.note(context, (&name, before), (done, Some(wanted)))
    }

    /// Keeps what was given, and tells it. Of a bill that was given before, its rows, those after
    /// `before`, are forgotten.
    fn note(
        &mut self,
        context: &Context,
        (name, before): (&str, i64),
        ((totals, sha256), wanted): ((FlowTotals, String), Option<WantedDay>),
    ) -> Result<(), Error> {
        let mut given = self.given.iter().filter(|_| totals.rows > 0);
        if let Some(same) = given.find(|given| given.sha256 == sha256) {
            context.tell(&words::same_bill(name, same.name.as_str()));
            return Ok(self.scratch.forget_after(before)?);
        }
        let day = wanted.map(|wanted| wanted.day);
        if let (Some(day), Some((first, last))) = (day, totals.days)
            && !(first..=last).contains(&day)
        {
            let (first, last) = (date_of(first), date_of(last));
            let why = words::of_other_days(first, last);
            return Err(Error::Bill(words::refused(name, why)));
        }
        // A bill that is asked for is of its day; a row at midnight may say the next.
        let days = day.map(|day| (day, day)).or(totals.days);
        if self.is_instead && days.is_none() {
            return Err(Error::Bill(words::refused(name, words::of_no_day())));
        }
        if let Some((first, last)) = days {
            self.covered.add_all(first, last);
        }
        let days = days.map(|(first, last)| (date_of(first), date_of(last)));
        context.tell(&match &days {
            Some((first, last)) if totals.rows > 0 => {
                words::read(name, totals.rows, first.as_str(), last.as_str())
            }
            Some(_) | None => words::nothing_moved(name),
        });
        if totals.rows > 0 && !totals.is_checked {
            context.tell(&words::unchecked(name));
        }
        self.given.push(GivenBill {
            name: name.to_owned(),
            sha256,
            rows: totals.rows,
            days,
            is_checked: totals.is_checked,
            account: wanted.map(|wanted| wanted.account.name().to_owned()),
            is_instead: self.is_instead,
            span: totals.span,
        });
        Ok(())
    }
}

/// Whether there is no bill because nothing moved; else why there is none.
fn is_empty_day(context: &Context, (name, day): (&str, i64), body: &[u8]) -> Result<(), Error> {
    let now = context.clock.now_ms();
    let made_by = begin_of(day + 1) + MADE_BY_MS;
    let again = if now < made_by {
        made_by
    } else {
        now + LATE_MS
    };
    let later = |why: Words| Error::BillLater(words::later(name, why, beijing_words(again)));
    match no_bill(body) {
        NoBill::None if now < made_by => Err(later(words::not_made())),
        NoBill::None => Ok(()),
        NoBill::Creating => Err(later(words::not_made())),
        NoBill::Later(why) => Err(Error::BillLater(words::unreachable(name, why))),
        NoBill::Refused(why) => Err(Error::BillDenied(words::denied(name, why))),
        NoBill::Page => Err(Error::Bill(words::refused(name, words::page()))),
    }
}

/// `2026-11-23`
pub(super) fn date_of(day: i64) -> String {
    let mut words = beijing_words(begin_of(day));
    words.truncate("2026-11-23".len());
    words
}

/// The day of a date as it was typed, `2026-11-23` or `20261123`, which must be over.
pub(super) fn day_typed(context: &Context, typed: &str) -> Result<i64, Error> {
    let day = beijing_day(typed).ok_or_else(|| Error::Usage(words::no_date(typed)))?;
    if day >= day_of(context.clock.now_ms()) {
        return Err(Error::Usage(words::not_over(date_of(day))));
    }
    Ok(day)
}
