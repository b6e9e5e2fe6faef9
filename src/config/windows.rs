//! When sends may leave: open hours, days and dates. Queries are never held back by them.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::domain::opening::Opening;

/// Beijing's, where WeChat Pay counts its days.
const TIMEZONE: &str = "Asia/Shanghai";
/// How far an opening is looked for: a campaign that never opens within two years never does.
const LOOK_AHEAD_DAYS: usize = 731;

/// When sends may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    /// Nothing is sent before it, in milliseconds of the Unix epoch.
    pub start_at: Option<i64>,
    /// Nothing is sent from then on.
    pub not_after: Option<i64>,
    /// The open hours of a day; `None` for the whole day.
    pub hours: Option<Hours>,
    /// The days of the week on which the hours begin; empty for each.
    pub weekdays: Vec<Weekday>,
    /// The days on which the hours do not begin.
    pub skip_dates: BTreeSet<Date>,
    /// Whose days and hours these are.
    pub timezone: TimeZone,
}

/// Open hours. They end on the next day where the end is not after the begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first minute.
    pub from: Time,
    /// The minute after the last one; midnight for 24:00.
    pub until: Time,
}

impl Windows {
    /// No schedule: open at any time.
    #[must_use]
    pub fn always() -> Windows {
        Windows {
            start_at: None,
            not_after: None,
            hours: None,
            weekdays: Vec::new(),
            skip_dates: BTreeSet::new(),
            timezone: TimeZone::get(TIMEZONE).unwrap_or(TimeZone::UTC),
        }
    }

    /// The opening that holds `at`, or else the first one after it; `None` where none comes any
    /// more. Days that follow each other without a gap are one opening.
    #[must_use]
    pub fn next(&self, at: i64) -> Option<Opening> {
        let at = self.start_at.map_or(at, |start| at.max(start));
        let until = self.not_after.unwrap_or(Opening::NEVER);
        let found = if self.hours.is_none() && self.weekdays.is_empty() {
            self.between_skipped(at)
        } else {
            self.first(at)
        }?;
        let opening = Opening {
            from: self
                .start_at
                .map_or(found.from, |start| found.from.max(start)),
            until: found.until.min(until),
        };
        (opening.from < opening.until && at < opening.until).then_some(opening)
    }

    /// Milliseconds between two moments in which sends may leave.
    #[must_use]
    pub fn open_ms(&self, from: i64, until: i64) -> i64 {
        let (mut sum, mut at) = (0, from);
        while let Some(opening) = self.next(at).filter(|opening| opening.from < until) {
            sum += opening.within(at, until);
            at = opening.until;
            if at >= until {
                break;
            }
        }
        sum
    }

    /// The moment at which `ms` of open time have passed since `from`; `None` where so much never
    /// comes.
    #[must_use]
    pub fn after(&self, from: i64, mut ms: i64) -> Option<i64> {
        let mut at = from;
        loop {
            let opening = self.next(at)?;
            let start = opening.from.max(at);
            if ms <= opening.until - start {
                return Some(start + ms);
            }
            ms -= opening.until - start;
            at = opening.until;
        }
    }

    /// The first time at or after `at` when a clock of the time zone shows `time`.
    #[must_use]
    pub fn next_time(&self, at: i64, time: Time) -> Option<i64> {
        let today = self.date(at)?;
        let days = [
            today,
            today.tomorrow().ok()?,
            today.tomorrow().ok()?.tomorrow().ok()?,
        ];
        days.iter()
            .filter_map(|day| self.moment(*day, time))
            .find(|moment| *moment >= at)
    }

    /// The name of the time zone.
    #[must_use]
    pub fn zone(&self) -> &str {
        self.timezone.iana_name().unwrap_or(TIMEZONE)
    }

    /// Without hours and weekdays only whole days are closed.
    fn between_skipped(&self, at: i64) -> Option<Opening> {
        if self.skip_dates.is_empty() {
            return Some(Opening {
                from: i64::MIN,
                until: Opening::NEVER,
            });
        }
        let mut day = self.date(at)?;
        while self.skip_dates.contains(&day) {
            day = day.tomorrow().ok()?;
        }
        let before = self.skip_dates.range(..day).next_back();
        let after = self.skip_dates.range(day..).next();
        let from = match before {
            Some(skipped) => self.moment(skipped.tomorrow().ok()?, Time::midnight())?,
            None => i64::MIN,
        };
        let until = match after {
            Some(skipped) => self.moment(*skipped, Time::midnight())?,
            None => Opening::NEVER,
        };
        Some(Opening { from, until })
    }

    /// The first opening by hours and weekdays that is not over at `at`. Yesterday's may reach
    /// over midnight.
    fn first(&self, at: i64) -> Option<Opening> {
        let first = self.date(at)?.yesterday().ok()?;
        let days = first.series(1.day()).take(LOOK_AHEAD_DAYS);
        let mut found: Option<Opening> = None;
        for day in days {
            let Some(next) = self.of_day(day) else {
                continue;
            };
            match &mut found {
                Some(opening) if next.from <= opening.until => {
                    opening.until = next.until.max(opening.until);
                }
                Some(opening) if opening.until > at => break,
                _ => found = Some(next),
            }
        }
        found.filter(|opening| opening.until > at)
    }

    fn of_day(&self, day: Date) -> Option<Opening> {
        let is_open = self.weekdays.is_empty() || self.weekdays.contains(&day.weekday());
        if !is_open || self.skip_dates.contains(&day) {
            return None;
        }
        let (from, until) = match self.hours {
            Some(hours) => (hours.from, hours.until),
            None => (Time::midnight(), Time::midnight()),
        };
        let last = if until > from {
            day
        } else {
            day.tomorrow().ok()?
        };
        let opening = Opening {
            from: self.moment(day, from)?,
            until: self.moment(last, until)?,
        };
        // A change of the clocks may leave nothing of it.
        Some(opening).filter(|opening| opening.from < opening.until)
    }

    fn date(&self, at: i64) -> Option<Date> {
        let at = Timestamp::from_millisecond(at).ok()?;
        Some(at.to_zoned(self.timezone.clone()).date())
    }

    /// A time that a change of the clocks leaves out is the same time after it.
    fn moment(&self, day: Date, time: Time) -> Option<i64> {
        let zoned = day.to_datetime(time).to_zoned(self.timezone.clone()).ok()?;
        Some(zoned.timestamp().as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::schedule::{date, hours, time_of_day};

    const HOUR: i64 = 3_600_000;

    fn at(text: &str) -> i64 {
        format!("{text}:00+08:00")
            .parse::<Timestamp>()
            .unwrap()
            .as_millisecond()
    }

    fn open(windows: &Windows, now: &str) -> Option<(i64, i64)> {
        windows
            .next(at(now))
            .map(|opening| (opening.from, opening.until))
    }

    fn of_hours(text: &str) -> Windows {
        Windows {
            hours: Some(hours(text).unwrap()),
            ..Windows::always()
        }
    }

    /// 2027-02-12 is a Friday.
    const FRIDAY: &str = "2027-02-12T";
    const SATURDAY: &str = "2027-02-13T";
    const MONDAY: &str = "2027-02-15T";

    fn on(day: &str, time: &str) -> String {
        format!("{day}{time}")
    }

    #[test]
    fn without_a_schedule_it_is_always_open() {
        let opening = Windows::always().next(0).unwrap();
        assert!(opening.holds(i64::MIN) && opening.holds(Opening::NEVER - 1));
        assert_eq!(Windows::always().open_ms(5, 12), 7);
    }

    #[test]
    fn hours_of_a_day_open_and_close_to_the_minute() {
        let windows = of_hours("08:00-23:30");
        let today = (at("2027-02-12T08:00"), at("2027-02-12T23:30"));
        let tomorrow = (at("2027-02-13T08:00"), at("2027-02-13T23:30"));
        for now in ["00:00", "07:59", "08:00", "23:29"] {
            assert_eq!(open(&windows, &on(FRIDAY, now)), Some(today), "{now}");
        }
        for now in ["23:30", "23:59"] {
            assert_eq!(open(&windows, &on(FRIDAY, now)), Some(tomorrow), "{now}");
        }
        let opening = windows.next(at("2027-02-12T08:00")).unwrap();
        assert!(opening.holds(today.0) && !opening.holds(today.0 - 1));
        assert!(opening.holds(today.1 - 1) && !opening.holds(today.1));
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_begin_on() {
        let windows = Windows {
            weekdays: vec![Weekday::Friday],
            ..of_hours("22:00-02:00")
        };
        let night = (at("2027-02-12T22:00"), at("2027-02-13T02:00"));
        assert_eq!(open(&windows, &on(FRIDAY, "12:00")), Some(night));
        assert_eq!(open(&windows, &on(SATURDAY, "01:59")), Some(night));
        let next = (at("2027-02-19T22:00"), at("2027-02-20T02:00"));
        assert_eq!(open(&windows, &on(SATURDAY, "02:00")), Some(next));
    }

    #[test]
    fn days_that_follow_each_other_are_one_opening() {
        let windows = Windows {
            weekdays: vec![Weekday::Friday, Weekday::Saturday],
            ..Windows::always()
        };
        let weekend = (at("2027-02-12T00:00"), at("2027-02-14T00:00"));
        assert_eq!(open(&windows, &on(SATURDAY, "20:00")), Some(weekend));
        let all_day = of_hours("00:00-24:00");
        let opening = all_day.next(at("2027-02-12T10:00")).unwrap();
        assert!(opening.until - opening.from > 300 * 24 * HOUR);
    }

    #[test]
    fn skipped_dates_are_closed_with_and_without_hours() {
        let skip_dates: BTreeSet<Date> = ["2027-02-13", "2027-02-14"]
            .map(|day| date(day).unwrap())
            .into();
        let by_hours = Windows {
            skip_dates: skip_dates.clone(),
            ..of_hours("08:00-20:00")
        };
        let monday = (at("2027-02-15T08:00"), at("2027-02-15T20:00"));
        assert_eq!(open(&by_hours, &on(FRIDAY, "20:00")), Some(monday));
        let whole_days = Windows {
            skip_dates,
            ..Windows::always()
        };
        let before = whole_days.next(at("2027-02-12T23:59")).unwrap();
        assert_eq!(before.until, at("2027-02-13T00:00"));
        let after = whole_days.next(at("2027-02-13T10:00")).unwrap();
        assert_eq!(after.from, at("2027-02-15T00:00"));
        assert!(after.holds(at(&on(MONDAY, "00:00"))));
    }

    #[test]
    fn nothing_opens_before_the_start_or_from_the_end_on() {
        let windows = Windows {
            start_at: Some(at("2027-02-12T09:30")),
            not_after: Some(at("2027-02-13T10:00")),
            ..of_hours("08:00-12:00")
        };
        let first = (at("2027-02-12T09:30"), at("2027-02-12T12:00"));
        assert_eq!(open(&windows, "2026-12-01T00:00"), Some(first));
        let last = (at("2027-02-13T08:00"), at("2027-02-13T10:00"));
        assert_eq!(open(&windows, "2027-02-12T12:00"), Some(last));
        assert_eq!(open(&windows, "2027-02-13T10:00"), None);
        assert_eq!(open(&windows, "2027-02-14T09:00"), None);
    }

    #[test]
    fn open_time_is_counted_over_closed_nights() {
        let windows = of_hours("08:00-10:00");
        let (from, until) = (at("2027-02-12T09:00"), at("2027-02-14T09:30"));
        assert_eq!(windows.open_ms(from, until), 4 * HOUR + HOUR / 2);
        let after = windows.after(from, 2 * HOUR);
        assert_eq!(after, Some(at("2027-02-13T09:00")));
        assert_eq!(windows.after(from, HOUR), Some(at("2027-02-12T10:00")));
    }

    #[test]
    fn a_missing_hour_of_a_summer_time_closes_nothing_for_ever() {
        let windows = Windows {
            timezone: TimeZone::get("America/New_York").unwrap(),
            ..of_hours("02:30-03:30")
        };
        // 2:30 does not exist on 2027-03-14: the clocks go from 2:00 to 3:00.
        let night = "2027-03-14T00:00:00-05:00".parse::<Timestamp>().unwrap();
        let next = "2027-03-15T02:30:00-04:00".parse::<Timestamp>().unwrap();
        let opening = windows.next(night.as_millisecond()).unwrap();
        assert_eq!(opening.from, next.as_millisecond());
        assert_eq!(opening.until - opening.from, HOUR);
    }

    #[test]
    fn a_time_of_day_is_found_today_or_tomorrow() {
        let windows = Windows::always();
        let time = time_of_day("23:30").unwrap();
        let tonight = windows.next_time(at("2027-02-12T20:00"), time);
        assert_eq!(tonight, Some(at("2027-02-12T23:30")));
        let tomorrow = windows.next_time(at("2027-02-12T23:31"), time);
        assert_eq!(tomorrow, Some(at("2027-02-13T23:30")));
    }

    proptest! {
        /// Every opening holds a moment, and the time right after it is not open.
        #[test]
        fn an_opening_is_whole(
            from in 0_i8..24, until in 0_i8..24, days in 0_u8..128, now in 0_i64..(800 * 24 * 60)
        ) {
            prop_assume!(from != until);
            let weekdays = (0..7).filter(|day| days & (1 << day) != 0);
            let weekdays = weekdays.map(|day| Weekday::from_monday_zero_offset(day).unwrap());
            let hours = format!("{from}:00-{until}:00");
            let windows = Windows { weekdays: weekdays.collect(), ..of_hours(&hours) };
            let now = at("2027-01-01T00:00") + now * 60_000;
            let opening = windows.next(now).unwrap();
            prop_assert!(opening.from < opening.until && now < opening.until);
            for inside in [opening.from.max(now), opening.until - 1] {
                prop_assert_eq!(windows.next(inside), Some(opening));
            }
            let next = windows.next(opening.until).unwrap();
            prop_assert!(next.from > opening.until);
        }
    }
}
