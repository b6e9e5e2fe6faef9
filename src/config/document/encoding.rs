//! Bytes that are no UTF-8, and the mark in front of those that are.

/// What some editors write in front of a text.
pub(in crate::config) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// UTF-16 under its name, whether it says so in front or has a zero byte at every other place, as
/// Latin text in it does.
pub(in crate::config) fn utf_16(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Some("UTF-16"),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(64)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|it| **it == 0);
    let (even, odd) = (zeros(0).count(), zeros(1).count());
    let most = head.len() / 2;
    match most {
        0..=1 => None,
        _ if odd * 4 >= most * 3 && even == 0 => Some("UTF-16LE"),
        _ if even * 4 >= most * 3 && odd == 0 => Some("UTF-16BE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bytes_a_character_are_known_with_and_without_their_mark() {
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(bytes).collect()
        };
        assert_eq!(
            utf_16(&wide("\u{FEFF}[a]", u16::to_le_bytes)),
            Some("UTF-16")
        );
        assert_eq!(
            utf_16(&wide("\u{FEFF}[a]", u16::to_be_bytes)),
            Some("UTF-16")
        );
        assert_eq!(
            utf_16(&wide("-----BEGIN", u16::to_le_bytes)),
            Some("UTF-16LE")
        );
        assert_eq!(
            utf_16(&wide("-----BEGIN", u16::to_be_bytes)),
            Some("UTF-16BE")
        );
        for none in ["", "a", "[campaign]", "红包", "a\0b"] {
            assert_eq!(utf_16(none.as_bytes()), None, "{none:?}");
        }
        assert_eq!(utf_16(&[0; 64]), None);
    }
}
