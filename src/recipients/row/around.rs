//! What keeps a cell from being an amount, as the person who wrote it sees it: words, signs and
//! numbers around the one that is meant.

use crate::domain::money::MoneyFault;

use super::cell::{half_width, is_digits, takes_no_place};
use super::currency::prints_other_money;
use super::says::is_marking;
use crate::recipients::fault::amount_fault::AmountFault;
use crate::recipients::fault::cause::Cause;

pub(super) const YUAN_SIGNS: [char; 2] = ['￥', '¥'];

/// The cell in half-width characters, without those that take no place, and without the guard that
/// people put before a number to keep it as text.
pub(super) fn visible(cell: &str) -> String {
    let seen = cell.chars().filter(|c| !takes_no_place(*c));
    let half: String = seen.map(half_width).collect();
    let half = half.trim().trim_start_matches(['\'', '`', '‘', '’']);
    half.trim().to_owned()
}

/// What keeps the cell from being an amount, as a person sees it; `fault` where nothing else does.
pub(super) fn in_the_way(cell: &str, fault: MoneyFault) -> Cause {
    let text = visible(cell);
    let is_digit = |c: char| c.is_ascii_digit();
    let is_marked = |c: char| YUAN_SIGNS.contains(&c) || c == '元' || c.is_whitespace();
    let bare = text.trim_start_matches(YUAN_SIGNS).trim_start();
    let bare = bare.strip_suffix('元').unwrap_or(bare).trim_end();
    if !bare.is_empty() && bare.chars().all(|c| is_dash(c) || is_marked(c) || c == '/') {
        return AmountFault::Dash.into();
    }
    if text.starts_with('=') {
        return Cause::Formula;
    }
    if is_sheet_error(&text) {
        return Cause::SheetError;
    }
    let inside = bare.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let is_number = |text: &str| {
        text.contains(is_digit) && text.chars().all(|c| is_digit(c) || matches!(c, '.' | ','))
    };
    if inside.is_some_and(|text| is_number(text.trim_matches(is_marked))) {
        return AmountFault::Brackets.into();
    }
    let unsigned = bare.trim_matches(|c| is_dash(c) || is_marked(c));
    if is_number(unsigned) && (bare.starts_with(is_dash) || bare.ends_with(is_dash)) {
        return MoneyFault::Negative.into();
    }
    if is_range(bare) {
        return AmountFault::Range.into();
    }
    if is_date(bare) {
        return Cause::Date;
    }
    if let Some(mark) = thousands_mark(bare) {
        return AmountFault::Thousands(mark, bare.replace(mark, "").replace(',', ".")).into();
    }
    match numbers(bare).as_slice() {
        [] if bare.is_empty() => fault.into(),
        [] => MoneyFault::NotANumber.into(),
        _ if is_number(bare) || fault == MoneyFault::Exponent && is_exponent(bare) => fault.into(),
        [number] => with_words(&text, number).into(),
        [_, ..] => match separator(bare) {
            Some(c) if is_point(bare, c) => AmountFault::Point(c, bare.replace(c, ".")).into(),
            Some(c) => AmountFault::Beside(c.to_string()).into(),
            None => apart(&text).unwrap_or(AmountFault::Several).into(),
        },
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '−' | '\u{2010}'..='\u{2015}' | '─' | 'ー')
}

/// What spreadsheets write into a text for a formula that failed.
pub(super) fn is_sheet_error(text: &str) -> bool {
    let errors = [
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!",
    ];
    let is_overflow = text.len() > 1 && text.bytes().all(|byte| byte == b'#');
    errors.iter().any(|error| text.eq_ignore_ascii_case(error)) || is_overflow
}

/// What stands for an empty cell, or for a formula that failed, is no text and no key.
pub(in crate::recipients) fn check_value(text: &str) -> Result<(), Cause> {
    const EMPTY: [&str; 13] = [
        "null",
        "(null)",
        "<null>",
        "[null]",
        "none",
        "nil",
        "nan",
        "nat",
        "<na>",
        "n/a",
        "\\n",
        "undefined",
        "[object object]",
    ];
    if text.len() > 15 || !text.is_ascii() || text.is_empty() {
        return Ok(());
    }
    if is_sheet_error(text) {
        return Err(Cause::SheetError);
    }
    let is_empty = EMPTY.iter().any(|it| text.eq_ignore_ascii_case(it));
    if is_empty {
        Err(Cause::NoValue)
    } else {
        Ok(())
    }
}

/// `1e3`, `1.5E+02`.
fn is_exponent(text: &str) -> bool {
    let Some((mantissa, power)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !power.is_empty() && is_digits(mantissa) && is_digits(power)
}

/// The numbers in a text, with their points and commas.
fn numbers(text: &str) -> Vec<&str> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let parts = parts.filter(|part| part.contains(|c: char| c.is_ascii_digit()));
    parts.collect()
}

/// A text without its only number and the mark of yuan, as the person who wrote it sees it.
fn beside(text: &str, number: &str) -> String {
    let (before, behind) = text.split_once(number).unwrap_or((text, ""));
    let before = before.trim_start_matches(YUAN_SIGNS).trim();
    let behind = behind.trim();
    let behind = behind.strip_prefix('元').unwrap_or(behind).trim_start();
    let rest = [before, behind].into_iter().filter(|it| !it.is_empty());
    rest.collect::<Vec<_>>().join(" ")
}

/// One number, and words or signs that say what it is.
fn with_words(text: &str, number: &str) -> AmountFault {
    let beside = beside(text, number);
    let is_of = |list: &str| {
        list.split_whitespace()
            .any(|word| word == beside.to_lowercase())
    };
    let ends_in = |list: &str| list.split_whitespace().any(|word| beside.ends_with(word));
    if let Some(yuan) = jiao(number).filter(|_| is_of("角 毛 角钱 毛钱")) {
        AmountFault::Apart(yuan)
    } else if is_marking(&beside) {
        AmountFault::Marked(beside)
    } else if prints_other_money(&beside) {
        AmountFault::Foreign(beside)
    } else if is_of("万 千 百 亿 w k m 万元 千元 百元 萬 仟 佰") {
        AmountFault::Scaled(beside)
    } else if ends_in("% ‰ 折 倍 成 ％") {
        AmountFault::Share(beside)
    } else if is_of("份 个 個 次 张 張 人 件 笔 包") {
        AmountFault::Counted(beside)
    } else {
        AmountFault::Beside(beside)
    }
}

/// A number of jiao in yuan.
fn jiao(number: &str) -> Option<String> {
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let is_whole = is_digits(whole) && tenths.len() == 1 && is_digits(tenths);
    let jiao: u32 = whole.parse().ok().filter(|_| is_whole)?;
    let yuan = format!("{}.{}{tenths}", jiao / 10, jiao % 10);
    Some(
        yuan.strip_suffix('0')
            .map_or_else(|| yuan.clone(), str::to_owned),
    )
}

/// `5元5角`, `1元88分`, `1块8` as one number of yuan.
fn apart(text: &str) -> Option<AmountFault> {
    let text = text.trim_start_matches(YUAN_SIGNS).trim_start();
    let (yuan, rest) = text.split_once(['元', '块'])?;
    let one = |text: &str| (text.len() == 1 && is_digits(text)).then(|| text.to_owned());
    let cents = match (rest.split_once(['角', '毛']), rest.strip_suffix('分')) {
        (Some((jiao, "")), _) => one(jiao)? + "0",
        (Some((jiao, fen)), _) => one(jiao)? + &one(fen.strip_suffix('分')?)?,
        (None, Some(fen)) if fen.len() == 2 && is_digits(fen) => fen.to_owned(),
        (None, Some(fen)) => "0".to_owned() + &one(fen)?,
        (None, None) => one(rest).filter(|_| text.contains('块'))? + "0",
    };
    is_digits(yuan).then(|| AmountFault::Apart(format!("{yuan}.{cents}")))
}

/// Whether the one sign in it is meant as a point. Some stand between factors, but not before fen.
fn is_point(text: &str, sign: char) -> bool {
    let has_fen = text.rsplit(sign).next().map(str::len) == Some(2);
    matches!(sign, '。' | '｡') || has_fen && "·•・'’‘´`".contains(sign)
}

/// The one sign between two numbers, as in `1。88`.
fn separator(text: &str) -> Option<char> {
    let mut others = text.chars().filter(|c| !c.is_ascii_digit());
    let first = others.next()?;
    let is_sign = !first.is_alphanumeric() && !first.is_whitespace() && first != '.';
    (is_sign && others.next().is_none()).then_some(first)
}

/// `10-20`, `1.5~2.5`, `5至10元`: two numbers, and between them what stands in a range. Some are
/// also dates, as `1-5` is; nobody can know.
fn is_range(text: &str) -> bool {
    let number = |text: &str| {
        let text = text.trim();
        let text = text.strip_suffix('元').unwrap_or(text).trim_end();
        let text = text.trim_start_matches(YUAN_SIGNS).trim_start();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let is_between =
        |c: char| is_dash(c) && c != '_' || matches!(c, '~' | '〜' | '/' | '至' | '到');
    let mut parts = text.split(is_between);
    let two = (parts.next(), parts.next(), parts.next());
    matches!(two, (Some(from), Some(to), None) if number(from) && number(to))
}

/// `1 888.00`, `1'888`, `1_888`: what stands between groups of three digits.
fn thousands_mark(text: &str) -> Option<char> {
    let whole = text.split_once(['.', ',']).map_or(text, |(whole, _)| whole);
    let mark = whole.chars().find(|c| !c.is_ascii_digit())?;
    let is_mark = mark.is_whitespace() || matches!(mark, '\'' | '’' | '‘' | '´' | '`' | '_');
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let is_grouped = is_mark
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && is_digits(group));
    is_grouped.then_some(mark)
}

/// `2026/1/5`, `1月5日`, `5-Jan`: what spreadsheets make of `1.5` and its like.
fn is_date(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let mut parts = text.split(['/', '-', '年', '月', '日', ':', ' ']);
    let is_part = |part: &str| {
        let is_word = part.len() >= 3 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        part.is_empty() || part.bytes().all(|byte| byte.is_ascii_digit()) || is_word
    };
    let is_split = text.contains(['/', '-', '年', '月', '日', ':']);
    starts && is_split && parts.all(is_part)
}
