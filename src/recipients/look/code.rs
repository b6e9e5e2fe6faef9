//! A number format's code, cut into what it shows.

use super::colour::Colour;

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Digit(char),
    Point,
    Comma,
    Percent,
    Exponent,
    Slash,
    General,
    Date,
    Printed(String),
    Condition(String, f64),
    Letters(Colour),
    /// A blank as wide as a character, a locale.
    Blank,
}

/// The sections of a code.
pub(super) fn sections(code: &str) -> Vec<Vec<Token>> {
    let mut sections = vec![Vec::new()];
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let tail = &rest[c.len_utf8()..];
        let (token, next) = match c {
            ';' => {
                sections.push(Vec::new());
                rest = tail;
                continue;
            }
            '"' => {
                let (text, next) = tail.split_once('"').unwrap_or((tail, ""));
                (Token::Printed(text.to_owned()), next)
            }
            '[' => {
                let (inside, next) = tail.split_once(']').unwrap_or((tail, ""));
                (bracket(inside), next)
            }
            '\\' | '!' => {
                let (one, next) = split_one(tail);
                (Token::Printed(one.to_owned()), next)
            }
            '_' | '*' => (Token::Blank, split_one(tail).1),
            _ => plain(c, rest),
        };
        sections.last_mut().expect("there is one").push(token);
        rest = next;
    }
    sections
}

fn split_one(text: &str) -> (&str, &str) {
    text.split_at(text.chars().next().map_or(0, char::len_utf8))
}

/// A token outside quotes and brackets, and what follows it.
fn plain(c: char, rest: &str) -> (Token, &str) {
    let tail = &rest[c.len_utf8()..];
    let starts = |word: &str| {
        rest.get(..word.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    for word in ["general", "g/通用格式"] {
        if starts(word) {
            return (Token::General, &rest[word.len()..]);
        }
    }
    let token = match c {
        '0' | '#' | '?' => Token::Digit(c),
        '.' => Token::Point,
        ',' => Token::Comma,
        '%' | '‰' => Token::Percent,
        '/' => Token::Slash,
        '@' => Token::General,
        'E' | 'e' if tail.starts_with(['+', '-']) => return (Token::Exponent, &tail[1..]),
        c if "ymdhsegb".contains(c.to_ascii_lowercase()) => Token::Date,
        ' ' => Token::Blank,
        c => Token::Printed(c.to_string()),
    };
    (token, tail)
}

/// Of `[h]`, `[>=100]`, `[$￥-804]`, `[Red]`.
fn bracket(inside: &str) -> Token {
    let is_elapsed = |unit: char| inside.chars().all(|c| c.eq_ignore_ascii_case(&unit));
    if !inside.is_empty() && ['h', 'm', 's'].into_iter().any(is_elapsed) {
        return Token::Date;
    }
    if let Some(currency) = inside.strip_prefix('$') {
        let (sign, locale) = currency.split_once('-').unwrap_or((currency, ""));
        // Yen and yuan have one sign.
        let is_yen = matches!(sign, "¥" | "￥") && locale.ends_with("411");
        return Token::Printed(if is_yen { "JPY" } else { sign }.to_owned());
    }
    let number = inside.trim_start_matches(['<', '>', '=']);
    let sign = &inside[..inside.len() - number.len()];
    match number.trim().parse() {
        Ok(than) if !sign.is_empty() => Token::Condition(sign.to_owned(), than),
        _ => Colour::named(inside).map_or(Token::Blank, Token::Letters),
    }
}
