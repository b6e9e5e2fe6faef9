//! Number formats: whether a person sees the number that is stored, and what it is said to be.
//!
//! A code is cut into what it shows: placeholders of digits, and texts around them. Only what shows
//! the stored number, digit by digit, is a plain one: 1.88 as `0` is a 2 on the screen, and as
//! `;;;` nothing at all.

use super::code::{Token, sections};
use super::colour::Colour;
pub(in crate::recipients) use super::section::Look;
use super::section::{FormatPart, section};

/// A format code.
#[derive(Debug, Clone, Default)]
pub(in crate::recipients) struct NumberFormat {
    sections: Vec<FormatPart>,
    hides_text: bool,
}

impl NumberFormat {
    /// Of a code.
    pub(in crate::recipients) fn of_code(code: &str) -> NumberFormat {
        let tokens = sections(code);
        let is_default = tokens.len() == 1 && tokens[0].is_empty();
        let mut sections: Vec<FormatPart> = tokens.iter().map(|it| section(it)).collect();
        if is_default {
            sections.clear();
        }
        // The fourth section is of texts.
        let hides_text = tokens
            .get(3)
            .is_some_and(|it| !it.contains(&Token::General));
        NumberFormat {
            sections,
            hides_text,
        }
    }

    /// The built-in formats, as Chinese Excel has them: 27 to 36 and 50 to 58 are dates there.
    pub(in crate::recipients) fn of_id(id: u32) -> NumberFormat {
        NumberFormat::of_code(match id {
            1 => "0",
            2 => "0.00",
            3 | 37 | 38 | 41 => "#,##0",
            4 | 39 | 40 | 43 => "#,##0.00",
            5 | 6 | 42 => "￥#,##0",
            7 | 8 | 44 => "￥#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            12 => "# ?/?",
            13 => "# ??/??",
            14..=22 | 27..=36 | 45..=47 | 50..=58 => "yyyy/m/d",
            48 => "##0.0E+0",
            _ => "",
        })
    }

    /// Whether a text in the cell is not shown, as below `;;;`.
    pub(in crate::recipients) fn hides_text(&self) -> bool {
        self.hides_text
    }

    /// The look that it gives the number.
    pub(in crate::recipients) fn look(&self, number: f64) -> Look {
        if self.sections.is_empty() {
            return Look::Plain;
        }
        let section = self.section(number);
        section.map_or(Look::Other, |section| {
            let is_whole = section.shown.is_whole(number);
            match section.look {
                Look::Date => Look::Date,
                look if is_whole => look,
                _ => Look::Other,
            }
        })
    }

    /// The colour that the number is written in, where the code says one.
    pub(in crate::recipients) fn letters(&self, number: f64) -> Option<&Colour> {
        self.section(number)?.letters.as_ref()
    }

    /// What it prints beside the number where that marks the row as not to be paid.
    pub(in crate::recipients) fn marking(&self, number: f64) -> Option<&str> {
        self.section(number)?.marking.as_deref()
    }

    fn section(&self, number: f64) -> Option<&FormatPart> {
        let numbers = &self.sections[..self.sections.len().min(3)];
        if numbers.iter().any(|section| section.condition.is_some()) {
            return numbers.iter().find(|section| section.takes(number));
        }
        let index = match numbers.len() {
            3 if number == 0.0 => 2,
            2 | 3 if number < 0.0 => 1,
            _ => 0,
        };
        numbers.get(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(code: &str, number: f64) -> Look {
        NumberFormat::of_code(code).look(number)
    }

    #[test]
    fn dates_are_told_from_money() {
        for code in [
            "yyyy/m/d",
            "m\"月\"d\"日\"",
            "[h]:mm",
            "[$-804]yyyy\"年\"m\"月\"",
            "h:mm AM/PM",
            "[$-411]ge.m.d",
        ] {
            assert_eq!(look(code, 46_027.0), Look::Date, "{code}");
        }
    }

    #[test]
    fn what_shows_the_number_is_plain() {
        for code in [
            "",
            "General",
            "G/通用格式",
            "[DBNum1]General",
            "[DBNum2][$-804]General",
            "[DBNum1][$-804]0.###",
            "@",
            "0.0#",
            "#",
            "[Red]#,##0_);(#,##0)",
            "000000",
            "0.00E+00",
            "##0.0E+0",
            "[>100]0;[<=100]0.##",
        ] {
            let number = if code == "0.0#" { 18.8 } else { 188.0 };
            let wanted = if code == "0.0#" {
                Look::Decimal
            } else {
                Look::Plain
            };
            assert_eq!(look(code, number), wanted, "{code}");
        }
        for code in [
            "0.00",
            "#,##0.00_);[Red](#,##0.00)",
            "￥#,##0.00",
            "_ * #,##0.00_ ;_ * \\-#,##0.00_ ",
            "\"红包: \"0.00\" yuan\"",
            "0.00\"元\"",
            "[$￥-804]#,##0.00",
            "[$-804]0.00",
            "0.00;;;",
            ".00",
        ] {
            assert_eq!(look(code, 1.88), Look::Decimal, "{code}");
        }
        for code in [
            "0\"元\"",
            "[$¥-804]#,##0",
            "￥0",
            "General\"元\"",
            "[DBNum2]General\"元整\"",
            "0\" CNY\"\"元\"",
        ] {
            assert_eq!(look(code, 188.0), Look::Yuan, "{code}");
        }
        for code in ["0\"分\"", "0\" fen\"", "0\" Fen \"", "General\"分钱\""] {
            assert_eq!(look(code, 188.0), Look::Fen, "{code}");
        }
    }

    #[test]
    fn a_code_of_any_length_is_read() {
        let zeros = "0".repeat(70_000);
        for (code, wanted) in [
            (format!("0.{zeros}E+00"), Look::Plain),
            (format!("{zeros}.0E+00"), Look::Plain),
            (format!("0.{zeros}"), Look::Decimal),
        ] {
            assert_eq!(look(&code, 1.88), wanted, "{}", &code[..2]);
        }
    }

    #[test]
    fn what_shows_something_else_is_told() {
        for (code, number) in [
            ("0%", 1.88),
            ("0.00%", 1.88),
            ("0!.0,\"万\"", 15_000.0),
            ("0.00,", 1_880.0),
            ("#,##0,,", 188.0),
            ("#,##0,;-#,##0,", 188.0),
            ("0,.00", 188.0),
            ("0\\.00", 188.0),
            ("0\".\"00", 188.0),
            ("0!.00", 188.0),
            ("[DBNum2][$-804]0", 1.88),
            ("0\"K元\"", 188.0),
            ("0\"K\"", 188.0),
            ("0", 1.88),
            ("#,##0", 188.5),
            ("0\"元\"", 1.88),
            ("0.0", 1.88),
            ("0.00", 1.885),
            ("0.00E+00", 12_345.0),
            ("# ?/?", 1.88),
            (";;;", 1.88),
            (";;", 1.88),
            ("\"\"", 1.88),
            ("\"已付\"", 1.88),
            ("0.00;;", -1.88),
            ("\"1\"0", 88.0),
            ("10", 8.0),
            ("0-00", 188.0),
            ("[=1.88]\"一元\";0.00", 1.88),
            ("[>100]0;0.00", 188.5),
            ("[>100]0.00;[<1]0.00", 1.88),
            ("-0.00", 1.88),
            ("(0.00)", 1.88),
            ("\\-0.00;0.00", 1.88),
            ("￥-0.00", 1.88),
            ("\"(\"￥0.00\")\"", 1.88),
            ("0.00-", 1.88),
            ("_(* (#,##0.00)", 1.88),
            ("-General", 188.0),
            ("\"day\" 0", 188.0),
            ("#,##0.00\\d", 1.88),
            ("0\"¢\"", 188.0),
            ("0\" cents\"", 188.0),
            ("0\" jiao\"", 18.0),
            ("0\"萬\"", 2.0),
            ("0\"佰\"", 2.0),
            ("0\"仟\"", 2.0),
            ("0\"拾元\"", 2.0),
            ("0\"億\"", 2.0),
            ("0\" wan\"", 2.0),
            ("0\" thousand\"", 2.0),
            ("0\" mil\"", 2.0),
            ("0\"bn\"", 2.0),
            ("\"扣\"0.00", 2.0),
            ("\"退\"0.00", 2.0),
            ("\"负\"0.00", 2.0),
            ("0\"倍\"", 2.0),
            ("0\"折\"", 2.0),
            ("0\"成\"", 2.0),
            ("0\"份\"", 2.0),
            ("0\"个\"", 2.0),
            ("0\"点\"", 2.0),
            ("0\"豆\"", 2.0),
            ("0\"元/人\"", 2.0),
            ("\"约\"0", 2.0),
            ("\"≤\"0", 2.0),
            ("\"奖金-\"0.00", 2.0),
        ] {
            assert_eq!(look(code, number), Look::Other, "{code}");
        }
        for (code, number) in [
            ("[$$-409]#,##0.00", 1.88),
            ("[$HK$-C04]0.00", 1.88),
            ("[$USD] 0.00", 1.88),
            ("$0.00", 1.88),
            ("[$USD]", 1.88),
            ("0.00\" EUR\"", 1.88),
            ("#,##0.00\"美元\"", 1.88),
            ("\"港币\"0.00", 1.88),
            ("[$JP¥-411]0", 188.0),
            ("[$¥-411]#,##0", 188.0),
            ("[$￥-D010411]0.00", 1.88),
            ("[$₩-412]0", 188.0),
        ] {
            assert_eq!(look(code, number), Look::Foreign, "{code}");
        }
        assert_eq!(look("[>100]0;0.00", 1.88), Look::Decimal);
        assert_eq!(look("[Red][<0]0.00;0.00", 1.88), Look::Decimal);
    }

    #[test]
    fn what_a_code_prints_beside_a_number_may_mark_its_row() {
        let of = |code: &str| NumberFormat::of_code(code);
        for (code, marking) in [
            ("0.00\"(已付)\"", Some("(已付)")),
            ("\"作废\"0.00", Some("作废")),
            ("0.00\" 不发\"", Some(" 不发")),
            ("General\" paid\"", Some(" paid")),
            ("0.00\"元\"", None),
            ("0.00;\"作废\"0.00", None),
            ("", None),
        ] {
            assert_eq!(of(code).marking(1.88), marking, "{code}");
        }
        for (code, colour) in [
            ("[White]0.00", "White"),
            ("[Color2]0.00", "white"),
            ("0.00;[White]0.00", ""),
            ("[Red]0.00", "red"),
        ] {
            let wanted = Colour::named(colour);
            assert_eq!(of(code).letters(1.88), wanted.as_ref(), "{code}");
        }
    }

    #[test]
    fn a_text_that_is_not_shown_is_known() {
        for (code, hides) in [
            (";;;", true),
            ("0;0;0;\"***\"", true),
            ("0.00;-0.00;0;@", false),
            ("0;;;@\"!\"", false),
            (";;", false),
            ("@", false),
            ("", false),
        ] {
            assert_eq!(NumberFormat::of_code(code).hides_text(), hides, "{code}");
        }
    }
}
