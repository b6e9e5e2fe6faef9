//! A section of a number format: what is between its semicolons.

use super::code::Token;
use super::colour::Colour;
use crate::recipients::row::cell::half_width;
use crate::recipients::row::currency::prints_other_money;
use crate::recipients::row::says::is_marking;

/// The look of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::recipients) enum Look {
    /// The number itself, perhaps with a currency.
    #[default]
    Plain,
    /// The number itself, said to be yuan.
    Yuan,
    /// The number itself, said to be fen.
    Fen,
    /// The number with a decimal point, even where it is whole.
    Decimal,
    /// A date or a time.
    Date,
    /// The number as money that is not yuan.
    Foreign,
    /// Something else than the number: 1.5 as 150%, 15,000 as 1.5 in 万, 1.88 as 2, 100 as 1.00 by
    /// a point that is only printed, or nothing.
    Other,
}

/// More decimals than a float has show nothing else of it; a code may ask for any number.
const DECIMALS_MAX: usize = 20;

/// What is between the semicolons of a code.
#[derive(Debug, Clone)]
pub(super) struct FormatPart {
    /// Of `[>=100]`: the sign, and the number.
    pub(super) condition: Option<(String, f64)>,
    pub(super) look: Look,
    pub(super) shown: Shown,
    /// The colour of its letters, where it has its own.
    pub(super) letters: Option<Colour>,
    /// What it prints, where that marks the row.
    pub(super) marking: Option<String>,
}

/// How much of the number is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shown {
    /// All of it.
    Whole,
    /// So many decimals.
    Decimals(usize),
    /// So many decimals of its mantissa.
    Mantissa(usize),
}

impl FormatPart {
    pub(super) fn takes(&self, number: f64) -> bool {
        let Some((sign, than)) = &self.condition else {
            return true;
        };
        let order = number.total_cmp(than);
        match sign.as_str() {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "<>" => order.is_ne(),
            _ => order.is_eq(),
        }
    }
}

impl Shown {
    /// Whether nothing of the number is hidden. The noise of a float is told as such elsewhere.
    pub(super) fn is_whole(self, number: f64) -> bool {
        let is_near = |shown: f64| (shown - number).abs() < 1e-7;
        match self {
            Shown::Whole => true,
            Shown::Decimals(count) => {
                let count = count.min(DECIMALS_MAX);
                format!("{number:.count$}").parse().is_ok_and(is_near)
            }
            Shown::Mantissa(count) => {
                let count = count.min(DECIMALS_MAX);
                format!("{number:.count$e}").parse().is_ok_and(is_near)
            }
        }
    }
}

/// Characters that make another amount of the number: units that are not yuan, and a point or a
/// digit that is only printed.
const OTHER_UNITS: &[char] = &[
    '角', '毛', '厘', '十', '百', '千', '万', '亿', '.', '．', '%', '‰',
];

/// Thousands, 万 and millions in letters, each a word of its own.
const SCALES: &[&str] = &["k", "w", "m"];

/// Characters that say yuan.
const YUAN: &[char] = &['元', '￥', '¥'];

/// Words that leave yuan as they are; the longer ones first.
const HARMLESS: &str = "renminbi 人民币 人民幣 红包 紅包 奖励 奖金 佣金 提成 返现 补贴 金额 金額 工资 应发 实发 合计 \
     小计 总计 共计 amount total yuan rmb cny cn 元 圆 圓 块 钱 整 正 共 计 ￥ ¥";

/// Words that say fen; the longer ones first.
const FEN: &str = "分钱 fen 分";

/// What is left of a text that a format prints, without what is known to say yuan, or nothing.
fn unknown(printed: &str, words: &'static str) -> String {
    let half = printed.chars().map(half_width);
    let text = half.collect::<String>().to_lowercase();
    let bare = words.split_ascii_whitespace();
    let bare = bare.fold(text, |text, word| text.replace(word, ""));
    let is_between = |c: char| c.is_whitespace() || "+:()[]【】*'_".contains(c);
    bare.replace(is_between, "")
}

pub(super) fn section(tokens: &[Token]) -> FormatPart {
    let condition = tokens.iter().find_map(|token| match token {
        Token::Condition(sign, than) => Some((sign.clone(), *than)),
        _ => None,
    });
    let letters = tokens.iter().find_map(|token| match token {
        Token::Letters(colour) => Some(colour.clone()),
        _ => None,
    });
    let texts: String = tokens.iter().filter_map(printed).collect();
    let (look, shown) = if tokens.contains(&Token::Date) {
        (Look::Date, Shown::Whole)
    } else if prints_other_money(&texts) {
        (Look::Foreign, Shown::Whole)
    } else {
        of_number(tokens).unwrap_or((Look::Other, Shown::Whole))
    };
    FormatPart {
        condition,
        look,
        shown,
        letters,
        marking: is_marking(&texts).then_some(texts),
    }
}

/// Whether a minus or brackets stand around the number, as for a negative one.
fn is_negative(tokens: &[Token]) -> bool {
    let is_number =
        |token: &Token| matches!(token, Token::Digit(_) | Token::General | Token::Point);
    let text = |tokens: &[Token]| -> String { tokens.iter().filter_map(printed).collect() };
    let Some(first) = tokens.iter().position(is_number) else {
        return false;
    };
    let last = tokens.iter().rposition(is_number).unwrap_or(first);
    let (before, behind) = (text(&tokens[..first]), text(&tokens[last + 1..]));
    let is_minus = |text: &str| matches!(unknown(text, HARMLESS).as_str(), "-" | "−" | "–" | "—");
    let bare = |text: &str| text.replace(YUAN, "").trim().to_owned();
    is_minus(&before)
        || is_minus(&behind)
        || bare(&before).ends_with(['(', '（']) && bare(&behind).starts_with([')', '）'])
}

/// How the number is shown; `None` where it is another one, or none at all.
fn of_number(tokens: &[Token]) -> Option<(Look, Shown)> {
    let printed: String = tokens.iter().filter_map(printed).collect();
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let words = printed.to_lowercase();
    let mut words = words.split(|c: char| !c.is_alphabetic() || !c.is_ascii());
    if is_negative(tokens)
        || printed.contains(OTHER_UNITS)
        || printed.contains(is_digit)
        || words.any(|word| SCALES.contains(&word))
        || tokens.contains(&Token::Percent)
    {
        return None;
    }
    let is_fen = !unknown(&printed, "").is_empty() && unknown(&printed, FEN).is_empty();
    let unit = match (is_fen, printed.contains(YUAN)) {
        (true, _) => Look::Fen,
        (false, true) => Look::Yuan,
        (false, false) => Look::Plain,
    };
    // A person is told of a row that is marked.
    if unit != Look::Fen && !unknown(&printed, HARMLESS).is_empty() && !is_marking(&printed) {
        return None;
    }
    if tokens.contains(&Token::General) {
        return Some((unit, Shown::Whole));
    }
    let is_place = |token: &Token| matches!(token, Token::Digit(_));
    let first = tokens.iter().position(is_place)?;
    let last = tokens.iter().rposition(is_place)?;
    let first = if first > 0 && tokens[first - 1] == Token::Point {
        first - 1
    } else {
        first
    };
    let inside = &tokens[first..=last];
    let is_cut = |token: &Token| matches!(token, Token::Printed(text) if !text.trim().is_empty());
    let is_fraction = inside.contains(&Token::Slash);
    let points = inside
        .iter()
        .filter(|token| **token == Token::Point)
        .count();
    if inside.iter().any(is_cut) || points > 1 || scales(tokens, last) || scales_inside(inside) {
        return None;
    }
    if is_fraction {
        return Some((unit, Shown::Decimals(0)));
    }
    let (mantissa, exponent) = match inside.iter().position(|it| *it == Token::Exponent) {
        Some(at) => (&inside[..at], true),
        None => (inside, false),
    };
    let point = mantissa.iter().position(|it| *it == Token::Point);
    let places = |tokens: &[Token]| tokens.iter().filter(|it| is_place(it)).count();
    let decimals = point.map_or(0, |at| places(&mantissa[at..]));
    if exponent {
        let before = places(&mantissa[..point.unwrap_or(mantissa.len())]);
        return Some((unit, Shown::Mantissa(decimals + before.saturating_sub(1))));
    }
    let has_point = point.is_some_and(|at| mantissa.get(at + 1) == Some(&Token::Digit('0')));
    let look = match unit {
        Look::Plain | Look::Yuan if has_point => Look::Decimal,
        unit => unit,
    };
    Some((look, Shown::Decimals(decimals)))
}

fn printed(token: &Token) -> Option<&str> {
    match token {
        Token::Printed(text) => Some(text),
        _ => None,
    }
}

/// Whether a comma stands behind the last place: it divides by a thousand.
fn scales(tokens: &[Token], last: usize) -> bool {
    tokens.get(last + 1) == Some(&Token::Comma)
}

/// Whether a comma stands before the point.
fn scales_inside(inside: &[Token]) -> bool {
    let commas = inside.chunk_by(|a, b| (*a == Token::Comma) == (*b == Token::Comma));
    let mut pieces = commas.peekable();
    while let Some(piece) = pieces.next() {
        let is_before_place = |next: &&[Token]| matches!(next[0], Token::Digit(_));
        if piece[0] == Token::Comma && !pieces.peek().is_some_and(is_before_place) {
            return true;
        }
    }
    false
}
