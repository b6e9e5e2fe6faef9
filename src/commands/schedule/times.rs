//! When a campaign's runs start: each quarter of an hour of its open hours. A start that finds the
//! ledger taken, a gateway that is down or a process that died then costs a quarter of an hour and
//! not the day. One that finds nothing to do, nothing open or another run ends at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit, Zoned};

use crate::config::{Hours, Windows};
use crate::domain::caps::DAY_MS;

/// Minutes from one start to the next.
const STEP: i16 = 15;
const MINUTES_OF_AN_HOUR: i16 = 60;
const MINUTES_OF_A_DAY: i16 = 24 * MINUTES_OF_AN_HOUR;
/// When a campaign that is open at any time starts first, and for how many minutes it starts again.
const EXAMPLE: (Time, i16) = (Time::constant(10, 0, 0, 0), 12 * MINUTES_OF_AN_HOUR);
/// How far ahead a change of the clocks is looked for, and how often.
const YEAR_DAYS: i64 = 366;
const LOOK_DAYS: usize = 7;

/// Starts at each of these minutes of these hours of these days. Some may lie before the opening or
/// after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StartTimes {
    /// Empty for every day.
    pub(super) days: BTreeSet<i8>,
    pub(super) hours: BTreeSet<i8>,
    pub(super) minutes: BTreeSet<i8>,
}

/// All starts of a campaign, by the clock of its time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Starts {
    pub(super) each: Vec<StartTimes>,
    /// The first moment of all, where it is none of these.
    pub(super) first: Option<Zoned>,
}

impl Starts {
    /// Those of these open times; a first moment that is over has no start of its own.
    pub(super) fn of(windows: &Windows, now_ms: i64) -> Starts {
        let first = windows.start_at.and_then(|ms| {
            let at = Timestamp::from_millisecond(ms).ok()?;
            whole_minute(&at.to_zoned(windows.timezone.clone()))
        });
        let (from, length) = match windows.hours {
            Some(hours) => (hours.from, length(hours)),
            None if *windows == Windows::always() => EXAMPLE,
            None => (Time::midnight(), MINUTES_OF_A_DAY),
        };
        let days = windows
            .weekdays
            .iter()
            .map(|day| day_number(*day))
            .collect();
        let each = each(minute_of_day(from), length, &days);
        let is_coming = windows.start_at.is_some_and(|at| at > now_ms);
        let is_other = |at: &Zoned| !each.iter().any(|times| times.have(at));
        let first = first.filter(|at| is_coming && is_other(at));
        Starts { each, first }
    }

    /// The same starts by the clock of another zone. Where one of the two changes its clocks, those
    /// of both times; where they do not differ by whole hours, some more.
    pub(super) fn by_clock(&self, (own, other): (&TimeZone, &TimeZone), now_ms: i64) -> Starts {
        let differences = (0..YEAR_DAYS).step_by(LOOK_DAYS).filter_map(|day| {
            let at = Timestamp::from_millisecond(now_ms + day * DAY_MS).ok()?;
            let seconds = |zone: &TimeZone| zone.to_offset(at).seconds();
            i16::try_from((seconds(other) - seconds(own)) / 60).ok()
        });
        let differences: BTreeSet<i16> = differences.collect();
        let mut hours = BTreeMap::<(BTreeSet<i8>, BTreeSet<i8>), BTreeSet<i8>>::new();
        let shifted = differences.iter().flat_map(|ahead| self.shifted(*ahead));
        for times in shifted {
            let key = (times.days, times.minutes);
            hours.entry(key).or_default().extend(times.hours);
        }
        let times = |((days, minutes), hours)| StartTimes {
            days,
            hours,
            minutes,
        };
        Starts {
            each: hours.into_iter().map(times).collect(),
            first: self
                .first
                .as_ref()
                .map(|at| at.with_time_zone(other.clone())),
        }
    }

    /// By a clock that is so many minutes ahead.
    fn shifted(&self, ahead: i16) -> Vec<StartTimes> {
        let each = self.each.iter().flat_map(|times| {
            let minutes = times
                .minutes
                .iter()
                .map(|minute| to_i8((i16::from(*minute) + ahead).rem_euclid(MINUTES_OF_AN_HOUR)));
            let minutes: BTreeSet<i8> = minutes.collect();
            let moments = times.hours.iter().flat_map(|hour| {
                let begin = i16::from(*hour) * MINUTES_OF_AN_HOUR + ahead;
                [begin, begin + MINUTES_OF_AN_HOUR - 1]
            });
            by_day(moments, &times.days, &minutes)
        });
        each.collect()
    }
}

impl StartTimes {
    fn have(&self, at: &Zoned) -> bool {
        (self.days.is_empty() || self.days.contains(&day_number(at.weekday())))
            && self.hours.contains(&at.hour())
            && self.minutes.contains(&at.minute())
    }
}

/// The starts of an opening that begins at this minute of these days and has this length.
fn each(from: i16, length: i16, days: &BTreeSet<i8>) -> Vec<StartTimes> {
    let starts = (0..length).step_by(STEP.unsigned_abs().into());
    let starts: Vec<i16> = starts.map(|after| from + after).collect();
    let minutes = starts.iter().map(|at| to_i8(at % MINUTES_OF_AN_HOUR));
    let minutes = minutes.collect();
    by_day(starts.into_iter(), days, &minutes)
}

/// The hours of these minutes, apart for the day itself and for the ones before and after it. Where
/// every day has them, they are one.
fn by_day(
    moments: impl Iterator<Item = i16>,
    days: &BTreeSet<i8>,
    minutes: &BTreeSet<i8>,
) -> Vec<StartTimes> {
    let moments: BTreeSet<(i16, i8)> = moments
        .map(|at| {
            let hour = at.rem_euclid(MINUTES_OF_A_DAY) / MINUTES_OF_AN_HOUR;
            (at.div_euclid(MINUTES_OF_A_DAY), to_i8(hour))
        })
        .collect();
    let later: BTreeSet<i16> = match days.len() {
        0 => BTreeSet::from([0]),
        _ => moments.iter().map(|(day, _)| *day).collect(),
    };
    let times = |later: i16| StartTimes {
        days: days
            .iter()
            .map(|day| to_i8((i16::from(*day) + later).rem_euclid(7)))
            .collect(),
        hours: moments
            .iter()
            .filter(|(day, _)| days.is_empty() || *day == later)
            .map(|(_, hour)| *hour)
            .collect(),
        minutes: minutes.clone(),
    };
    later.into_iter().map(times).collect()
}

/// A start within the minute before would find nothing open.
fn whole_minute(at: &Zoned) -> Option<Zoned> {
    let minute = at.round(Unit::Minute).ok()?;
    if minute < *at {
        return minute.checked_add(1.minute()).ok();
    }
    Some(minute)
}

/// In minutes; hours that end where they begin are refused.
fn length(hours: Hours) -> i16 {
    let length = minute_of_day(hours.until) - minute_of_day(hours.from);
    (length + MINUTES_OF_A_DAY - 1) % MINUTES_OF_A_DAY + 1
}

fn minute_of_day(time: Time) -> i16 {
    i16::from(time.hour()) * MINUTES_OF_AN_HOUR + i16::from(time.minute())
}

/// From Sunday on, as cron counts.
fn day_number(day: Weekday) -> i8 {
    day.to_sunday_zero_offset()
}

/// A minute, an hour or a day of the week.
fn to_i8(small: i16) -> i8 {
    i8::try_from(small).unwrap_or_default()
}

/// Numbers with those that follow each other as a range: `0,8-11`.
pub(super) fn ranges(numbers: &BTreeSet<i8>, (to, width): (&str, usize)) -> String {
    let mut ranges: Vec<(i8, i8)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let range = |(first, last): &(i8, i8)| {
        if first == last {
            format!("{first:0width$}")
        } else {
            format!("{first:0width$}{to}{last:0width$}")
        }
    };
    let ranges: Vec<String> = ranges.iter().map(range).collect();
    ranges.join(",")
}
