//! One or many, in English: `{count} packet‹s› ‹was|were› sent` is told as `1 packet was sent`, or
//! as `2 packets were sent`. Chinese knows no plural, and its texts have no such marks.
//!
//! A mark with `s` alone, or with two nouns, as in `‹query/queries›`, goes by the number right
//! before it; `‹/›` only says that the number counts. A mark with two verbs, as in `‹is|are›`, goes
//! by the last number that counted.

/// The text with each of its marks decided.
pub(crate) fn counted(text: String) -> String {
    if !text.contains('‹') {
        return text;
    }
    let mut is_one = false;
    decided(&text, |told, mark| {
        if !mark.contains('|') {
            is_one = ends_with_one(told);
        }
        is_one
    })
}

/// A template as it is told of many.
pub(crate) fn of_many(template: &str) -> String {
    decided(template, |_, _| false)
}

/// Each mark in the form that `is_one` says of the text before it and the mark itself.
fn decided(text: &str, mut is_one: impl FnMut(&str, &str) -> bool) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('‹') {
        told.push_str(before);
        let Some((mark, after)) = behind.split_once('›') else {
            told.push('‹');
            rest = behind;
            continue;
        };
        let (one, many) = mark.split_once(['/', '|']).unwrap_or(("", mark));
        told.push_str(if is_one(&told, mark) { one } else { many });
        rest = after;
    }
    told + rest
}

/// Whether the number before the last words is 1, and no part of a larger one or of an amount.
fn ends_with_one(text: &str) -> bool {
    let before = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || " -\n".contains(c));
    let other = before.strip_suffix('1');
    other.is_some_and(|other| {
        !other.ends_with(|c: char| c.is_ascii_alphanumeric() || ".,-".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_as_one_and_everything_else_as_many() {
        for (text, told) in [
            ("1 packet‹s› ‹was|were› sent", "1 packet was sent"),
            ("0 packet‹s› ‹was|were› sent", "0 packets were sent"),
            ("21 packet‹s› wait", "21 packets wait"),
            ("1.01 packet‹s›, 1,1 packet‹s›", "1.01 packets, 1,1 packets"),
            ("a: 1 refused packet‹s›", "a: 1 refused packet"),
            (
                "     1 ‹query/queries›; 2 ‹query/queries›",
                "     1 query; 2 queries",
            ),
            (
                "1 packet‹s› of 2.00 yuan of lantern-2 ‹waits|wait›",
                "1 packet of 2.00 yuan of lantern-2 waits",
            ),
            ("1‹/› of 3 ‹is|are› refused", "1 of 3 is refused"),
            ("x-1 packet‹s›, packet‹s›", "x-1 packets, packets"),
            ("a ‹ b", "a ‹ b"),
        ] {
            assert_eq!(counted(text.to_owned()), told);
        }
        assert_eq!(of_many("{n} packet‹s› ‹is|are›"), "{n} packets are");
    }
}
