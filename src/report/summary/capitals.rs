//! An amount in the capital numerals of Chinese bills, which nobody alters with a stroke.

use crate::domain::money::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
/// Units of whole yuan, the largest first.
const UNITS: [(u64, char); 5] = [
    (100_000_000, '亿'),
    (10_000, '万'),
    (1_000, '仟'),
    (100, '佰'),
    (10, '拾'),
];

/// As the rules for filling in bills have it: 壹万零贰元叁角整.
pub(in crate::report) fn capitals(amount: Fen) -> String {
    let fen = amount.fen();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = String::new();
    if yuan > 0 || (jiao, fen) == (0, 0) {
        text += &whole(yuan);
        text.push('元');
    }
    if jiao > 0 {
        text.push(digit(jiao));
        text.push('角');
    } else if fen > 0 && yuan > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.push(digit(fen));
        text.push('分');
    } else {
        text.push('整');
    }
    text
}

/// A whole number.
fn whole(number: u64) -> String {
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| number >= *unit) else {
        return digit(number).into();
    };
    let (high, low) = (number / unit, number % unit);
    let mut text = whole(high);
    text.push(name);
    if low > 0 {
        // A place that is skipped is told, and so is a zero before 万 and 亿.
        if low < unit / 10 || (unit >= 10_000 && high % 10 == 0) {
            text.push('零');
        }
        text += &whole(low);
    }
    text
}

/// One digit.
fn digit(digit: u64) -> char {
    usize::try_from(digit).map_or('零', |at| DIGITS[at % DIGITS.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_on_bills() {
        for (fen, text) in [
            (0, "零元整"),
            (1, "壹分"),
            (10, "壹角整"),
            (11, "壹角壹分"),
            (100, "壹元整"),
            (105, "壹元零伍分"),
            (1_230, "壹拾贰元叁角整"),
            (140_950, "壹仟肆佰零玖元伍角整"),
            (600_714, "陆仟零柒元壹角肆分"),
            (10_700_053, "壹拾万零柒仟元伍角叁分"),
            (1_000_000, "壹万元整"),
            (1_000_200, "壹万零贰元整"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (100_000_000_000_000, "壹万亿元整"),
            (10_000_000_100, "壹亿零壹元整"),
            (
                123_456_789_012,
                "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分",
            ),
        ] {
            assert_eq!(capitals(Fen::new(fen)), text, "{fen}");
        }
    }
}
