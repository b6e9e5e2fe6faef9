//! Colours of letters and of cells: whether the one can be seen on the other.

/// A colour.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::recipients) enum Colour {
    /// Red, green and blue.
    Rgb([u8; 3]),
    /// One of the workbook's theme, and how much lighter or darker.
    Theme(String, String),
    /// None that is known: a pattern, or the system's.
    Unknown,
}

pub(in crate::recipients) const BLACK: Colour = Colour::Rgb([0; 3]);
pub(in crate::recipients) const WHITE: Colour = Colour::Rgb([255; 3]);

/// Nobody sees a difference of fewer steps, of 255.
const STEPS: u8 = 16;

impl Colour {
    /// One of a list that no workbook has.
    pub(in crate::recipients) fn of_index(index: &str) -> Colour {
        match index {
            "0" | "8" | "64" => BLACK,
            "1" | "9" | "65" => WHITE,
            _ => Colour::Unknown,
        }
    }

    /// The colour that a number format names, as `White` and `Color2`.
    pub(in crate::recipients) fn named(name: &str) -> Option<Colour> {
        let rgb = match name.trim().to_lowercase().as_str() {
            "black" | "color1" | "黑色" | "颜色1" => [0, 0, 0],
            "white" | "color2" | "白色" | "颜色2" => [255, 255, 255],
            "red" | "color3" | "红色" | "颜色3" => [255, 0, 0],
            "green" | "color4" | "绿色" | "颜色4" => [0, 255, 0],
            "blue" | "color5" | "蓝色" | "颜色5" => [0, 0, 255],
            "yellow" | "color6" | "黄色" | "颜色6" => [255, 255, 0],
            "magenta" | "color7" | "洋红色" | "颜色7" => [255, 0, 255],
            "cyan" | "color8" | "青色" | "颜色8" => [0, 255, 255],
            _ => return None,
        };
        Some(Colour::Rgb(rgb))
    }

    /// Whether letters of this colour are seen on the other.
    pub(in crate::recipients) fn is_seen_on(&self, other: &Colour) -> bool {
        match (self, other) {
            (Colour::Rgb(a), Colour::Rgb(b)) => {
                a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) >= STEPS)
            }
            (Colour::Unknown, _) | (_, Colour::Unknown) => true,
            (a, b) => a != b,
        }
    }
}

/// `FFRRGGBB`, where the first two digits are of what shows through, and mean nothing.
pub(in crate::recipients) fn of_hex(text: &str) -> Option<Colour> {
    let digits = text.len().checked_sub(6).and_then(|at| text.get(at..))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some(Colour::Rgb([red, green, blue]))
}

/// The first two colours of every theme are white and black, and the fourth of both is seldom
/// changed.
pub(in crate::recipients) fn of_theme(theme: String, tint: String) -> Colour {
    let plain = match theme.as_str() {
        "0" => WHITE,
        "1" => BLACK,
        _ => return Colour::Theme(theme, tint),
    };
    let is_slight = |tint: f64| tint.abs() < f64::from(STEPS) / 255.0;
    if tint.is_empty() || tint.parse().is_ok_and(is_slight) {
        plain
    } else {
        Colour::Theme(theme, tint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_seen_on_another_colour() {
        let theme = |theme: &str, tint: &str| of_theme(theme.to_owned(), tint.to_owned());
        let hex = |text| of_hex(text).unwrap();
        for (letters, cell, is_seen) in [
            (hex("FFFFFFFF"), WHITE, false),
            (hex("00FFFFFF"), WHITE, false),
            (hex("FFFEFEFE"), WHITE, false),
            (theme("0", ""), WHITE, false),
            (theme("0", "-0.05"), hex("FFFFFF"), false),
            (theme("4", "0.4"), theme("4", "0.4"), false),
            (theme("4", "0.4"), theme("4", ""), true),
            (theme("0", ""), theme("4", ""), true),
            (theme("0", ""), theme("0", "-0.5"), true),
            (hex("FFC00000"), hex("FFC00000"), false),
            (hex("FFFFFFFF"), hex("FF4472C4"), true),
            (hex("FFD9D9D9"), WHITE, true),
            (BLACK, WHITE, true),
            (Colour::Unknown, WHITE, true),
            (BLACK, Colour::Unknown, true),
        ] {
            assert_eq!(
                letters.is_seen_on(&cell),
                is_seen,
                "{letters:?} on {cell:?}"
            );
        }
        assert_eq!(of_hex("abc"), None);
        assert_eq!(of_hex("红红红"), None);
    }
}
