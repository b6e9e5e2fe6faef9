//! `[schedule]`: from the document to [`Windows`], and back.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use toml::{Table, Value};

use super::document::TomlDocument;
use super::windows::{Hours, Windows};
use crate::words::{Words, schedule as words};

pub(super) const KEYS: &[&str] = &[
    "start_at",
    "not_after",
    "hours",
    "weekdays",
    "skip_dates",
    "timezone",
];

impl Windows {
    /// As `[schedule]` has it.
    pub(super) fn to_table(&self) -> Table {
        let moment = |ms: i64| Timestamp::from_millisecond(ms).map(|at| at.to_string());
        let texts = |texts: Vec<String>| Value::from(texts);
        let hours = self.hours.map(|Hours { from, until }| {
            let time = |time: Time| time.strftime("%H:%M").to_string();
            format!("{}-{}", time(from), time(until))
        });
        let weekdays = self.weekdays.iter().map(|day| name(*day).to_owned());
        let skip_dates = self.skip_dates.iter().map(Date::to_string);
        let mut table = Table::new();
        let moments = [("start_at", self.start_at), ("not_after", self.not_after)];
        for (key, at) in moments {
            if let Some(Ok(at)) = at.map(moment) {
                table.insert(key.to_owned(), at.into());
            }
        }
        if let Some(hours) = hours {
            table.insert("hours".to_owned(), hours.into());
        }
        table.insert("weekdays".to_owned(), texts(weekdays.collect()));
        table.insert("skip_dates".to_owned(), texts(skip_dates.collect()));
        table.insert("timezone".to_owned(), self.zone().into());
        table
    }

    /// The keys of `[schedule]` that keep a run from sending, each with its value in one line.
    #[must_use]
    pub fn limits(&self) -> Vec<(String, String)> {
        let shown = |value: Value| match value {
            Value::String(text) => text,
            Value::Array(texts) => {
                let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
                texts.join(",")
            }
            other => other.to_string(),
        };
        let table = self.to_table().into_iter();
        table
            // Of itself it keeps nobody.
            .filter(|(key, _)| key != "timezone")
            .map(|(key, value)| (key, shown(value)))
            .filter(|(_, shown)| !shown.is_empty())
            .collect()
    }
}

/// Reads `HH:MM`; `24:00` is the midnight that ends the day.
///
/// # Errors
/// Where it is no time of a day.
pub fn time_of_day(text: &str) -> Result<Time, Words> {
    let parts = text.trim().split_once(':').ok_or_else(words::not_a_time)?;
    let number = |digits: &str| match digits.len() {
        1 | 2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse::<i8>().ok(),
        _ => None,
    };
    let time = match (number(parts.0), number(parts.1)) {
        (Some(24), Some(0)) => Some(Time::midnight()),
        (Some(hour), Some(minute)) if parts.1.len() == 2 => Time::new(hour, minute, 0, 0).ok(),
        _ => None,
    };
    time.ok_or_else(words::not_a_time)
}

pub(super) fn windows(document: &mut TomlDocument<'_>) -> Windows {
    let timezone = document.text("schedule.timezone", |text| {
        TimeZone::get(text).map_err(|_| words::timezone())
    });
    let start_at = document.text("schedule.start_at", moment);
    let not_after = document.text("schedule.not_after", moment);
    let hours = document.text("schedule.hours", hours);
    let weekdays = document
        .texts("schedule.weekdays", weekday)
        .unwrap_or_default();
    let skip_dates = document
        .texts("schedule.skip_dates", date)
        .unwrap_or_default();
    let windows = Windows {
        start_at,
        not_after,
        hours,
        weekdays,
        skip_dates: skip_dates.into_iter().collect(),
        timezone: timezone.unwrap_or_else(|| Windows::always().timezone),
    };
    if let (Some(start), Some(end)) = (start_at, not_after)
        && start >= end
    {
        document.refuse("schedule.not_after", words::ends_before());
    } else if not_after.is_some() && windows.next(start_at.unwrap_or(0)).is_none() {
        document.refuse("schedule.not_after", words::never_opens());
    }
    windows
}

fn moment(text: &str) -> Result<i64, Words> {
    let time: Timestamp = text.parse().map_err(|_| words::not_a_moment())?;
    Ok(time.as_millisecond())
}

pub(super) fn hours(text: &str) -> Result<Hours, Words> {
    let (from, until) = text.split_once('-').ok_or_else(words::not_hours)?;
    let (from, until) = (time_of_day(from)?, time_of_day(until)?);
    if from == until && from != Time::midnight() {
        return Err(words::no_hours());
    }
    Ok(Hours { from, until })
}

/// In the order of [`Weekday::to_monday_zero_offset`].
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn weekday(text: &str) -> Result<Weekday, Words> {
    let place = WEEKDAYS.iter().position(|day| *day == text);
    let offset = place.and_then(|place| i8::try_from(place).ok());
    let day = offset.and_then(|offset| Weekday::from_monday_zero_offset(offset).ok());
    day.ok_or_else(words::not_a_weekday)
}

fn name(day: Weekday) -> &'static str {
    let place = usize::try_from(day.to_monday_zero_offset());
    place
        .ok()
        .and_then(|place| WEEKDAYS.get(place))
        .copied()
        .unwrap_or_default()
}

pub(super) fn date(text: &str) -> Result<Date, Words> {
    // A longer text may be a date with a time, of which nothing would be kept.
    let is_date = text.len() == "2027-02-17".len();
    let date = text.parse().ok().filter(|_| is_date);
    date.ok_or_else(words::not_a_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_another_form_are_refused() {
        for text in [
            "8", "8:5", "25:00", "24:01", "12:60", "-1:00", "12:00:00", "", "１2:00",
        ] {
            assert!(time_of_day(text).is_err(), "{text}");
        }
        for text in ["08:00", "08:00-", "08:00-08:00", "a-b"] {
            assert!(hours(text).is_err(), "{text}");
        }
        for text in ["2027-02-30", "2027-02-17T00:00", "17.2.2027"] {
            assert!(date(text).is_err(), "{text}");
        }
        for text in ["2027-02-12T20:00:00", "tomorrow"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }
}
