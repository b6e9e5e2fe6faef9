//! Lines and bars over time, as vector graphics without a script.

use std::fmt::Write;

use maud::{Markup, html};

use crate::clock::beijing_words;
use crate::domain::caps::DAY_MS;

/// The picture, in its own units: as wide as a telephone, so that its text is read there.
const WIDTH: i64 = 400;
const HEIGHT: i64 = 190;
const LEFT: i64 = 52;
const RIGHT: i64 = 8;
const TOP: i64 = 14;
const BOTTOM: i64 = 24;

/// Where a chart's numbers stand on it.
pub(super) struct Frame {
    from: i64,
    until: i64,
    most: u64,
}

impl Frame {
    /// For times from `from` until `until` and numbers up to `most`.
    pub(super) fn new((from, until): (i64, i64), most: u64) -> Frame {
        Frame {
            from,
            until: until.max(from + 1),
            most: rounded(most.max(1)),
        }
    }

    fn x(&self, at: i64) -> i64 {
        let part = i128::from(at - self.from) * i128::from(WIDTH - LEFT - RIGHT);
        let x = part / i128::from(self.until - self.from);
        LEFT + i64::try_from(x).unwrap_or(0)
    }

    fn y(&self, number: u64) -> i64 {
        let part = u128::from(number.min(self.most)) * u128::from(FALL);
        let y = i64::try_from(part / u128::from(self.most)).unwrap_or(0);
        HEIGHT - BOTTOM - y
    }

    /// A bar of this width for each time and number.
    pub(super) fn bars(&self, rows: &[(i64, u64)], width_ms: i64) -> Markup {
        html! {
            @for (at, number) in rows {
                @let (left, top) = (self.x(*at), self.y(*number));
                @let right = self.x((at + width_ms).min(self.until));
                @let (wide, tall) = ((right - left).max(1), HEIGHT - BOTTOM - top);
                rect.a x=(left) y=(top) width=(wide) height=(tall) {}
            }
        }
    }

    /// A line through all of them.
    pub(super) fn line(&self, class: &str, rows: &[(i64, u64)]) -> Markup {
        let path = self.path(rows);
        html! { path class=(class) d=(path) {} }
    }

    /// The area under such a line.
    pub(super) fn area(&self, rows: &[(i64, u64)]) -> Markup {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return html! {};
        };
        let (floor, path) = (HEIGHT - BOTTOM, self.path(rows));
        let path = format!("{path}V{floor}H{}Z", self.x(first.0));
        debug_assert!(last.0 >= first.0, "times come in order");
        html! { path.area d=(path) {} }
    }

    fn path(&self, rows: &[(i64, u64)]) -> String {
        let mut path = String::new();
        for (index, (at, number)) in rows.iter().enumerate() {
            let word = if index == 0 { 'M' } else { 'L' };
            // Into a string, which takes it.
            let _ = write!(path, "{word}{} {}", self.x(*at), self.y(*number));
        }
        path
    }

    /// A dashed line across, with its name.
    pub(super) fn limit(&self, number: u64, name: &str) -> Markup {
        let y = self.y(number);
        html! {
            path.limit d=(format!("M{LEFT} {y}H{}", WIDTH - RIGHT)) {}
            text x=(WIDTH - RIGHT) y=(y - 4) text-anchor="end" { (name) }
        }
    }

    /// The whole picture: what is drawn, with axes, under a name.
    pub(super) fn picture(&self, name: &str, shown: fn(u64) -> String, drawn: &Markup) -> Markup {
        let box_of_it = format!("0 0 {WIDTH} {HEIGHT}");
        let floor = HEIGHT - BOTTOM;
        html! {
            svg viewBox=(box_of_it) role="img" aria-label=(name) {
                @for number in [0, self.most / 2, self.most] {
                    @let y = self.y(number);
                    path.axis d=(format!("M{LEFT} {y}H{}", WIDTH - RIGHT)) {}
                    text x=(LEFT - 6) y=(y + 4) text-anchor="end" { (shown(number)) }
                }
                (drawn)
                text x=(LEFT) y=(floor + 16) { (self.time(self.from)) }
                text x=(WIDTH - RIGHT) y=(floor + 16) text-anchor="end" { (self.time(self.until)) }
            }
        }
    }

    /// As much of a time as tells it from the others.
    fn time(&self, at: i64) -> String {
        let words = beijing_words(at);
        let is_short = self.until - self.from < DAY_MS;
        let part = if is_short {
            words.get(11..16)
        } else {
            words.get(5..16)
        };
        part.unwrap_or_default().to_owned()
    }
}

/// As far as a number can rise.
const FALL: u64 = 152;
const _: () = assert!(HEIGHT - TOP - BOTTOM == 152, "bars reach the top");

/// The next number that reads well: 1, 2 or 5 and zeros.
fn rounded(number: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [2, 5, 10] {
            let round = unit.saturating_mul(step);
            if round >= number || round == u64::MAX {
                return round;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Bars side by side, each with a name below and its number above.
pub(super) fn columns(name: &str, rows: &[(String, u64)]) -> Markup {
    let most = rows.iter().map(|(_, number)| *number).max();
    let most = rounded(most.unwrap_or(0).max(1));
    let count = i64::try_from(rows.len()).unwrap_or(1).max(1);
    let width = (WIDTH - 2 * RIGHT) / count;
    let tall = |number: u64| {
        let tall = u128::from(number) * u128::from(FALL) / u128::from(most);
        i64::try_from(tall).unwrap_or(0)
    };
    let floor = HEIGHT - BOTTOM;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(name) {
            path.axis d=(format!("M{RIGHT} {floor}H{}", WIDTH - RIGHT)) {}
            @for (index, (label, number)) in (0..).zip(rows) {
                @let (left, tall) = (RIGHT + index * width, tall(*number));
                rect.b x=(left + 2) y=(floor - tall) width=((width - 4).max(1)) height=(tall) {}
                text x=(left + width / 2) y=(floor + 15) text-anchor="middle" { (label) }
                @if *number > 0 {
                    text x=(left + width / 2) y=(floor - tall - 3) text-anchor="middle" { (number) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_a_number_that_reads_well() {
        for (number, round) in [(1, 2), (3, 5), (9, 10), (101, 200), (u64::MAX, u64::MAX)] {
            assert_eq!(rounded(number), round);
        }
    }

    #[test]
    fn nothing_is_drawn_outside_the_picture() {
        let frame = Frame::new((0, 1_000), 90);
        assert_eq!((frame.x(0), frame.x(1_000)), (LEFT, WIDTH - RIGHT));
        assert_eq!((frame.y(0), frame.y(100)), (HEIGHT - BOTTOM, TOP));
        assert_eq!(frame.y(u64::MAX), TOP);
        let frame = Frame::new((i64::MIN / 2, i64::MAX / 2), u64::MAX);
        assert!((LEFT..=WIDTH - RIGHT).contains(&frame.x(0)));
    }
}
