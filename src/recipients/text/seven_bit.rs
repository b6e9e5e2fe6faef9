//! Encodings that write Chinese in ASCII alone, as mail once needed it: read as they stand, every
//! text would be sent in their letters.

/// The name of such an encoding, by the first bytes of a text.
pub(super) fn name(head: &[u8]) -> Option<&'static str> {
    if !head.is_ascii() {
        return None;
    }
    let has = |mark: &[u8]| head.windows(mark.len()).any(|it| it == mark);
    if has(b"\x1B$") || has(b"\x1B(") {
        Some("ISO-2022")
    } else if has(b"~{") && has(b"~}") {
        Some("HZ-GB-2312")
    } else if has_utf7(head) {
        Some("UTF-7")
    } else {
        None
    }
}

/// Two characters: a shorter run may be a word behind a plus, as in `+abc`.
const RUN_MIN: usize = 6;

/// Whether a `+` begins characters of Chinese in base64: `+kdGYnQ-` is 金额.
fn has_utf7(head: &[u8]) -> bool {
    let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let pluses = (0..head.len()).filter(|at| head[*at] == b'+');
    let mut begins = pluses.filter(|at| *at == 0 || !is_base64(&&head[*at - 1]));
    begins.any(|at| {
        let rest = &head[at + 1..];
        let run: Vec<u8> = rest.iter().take_while(is_base64).copied().collect();
        run.len() >= RUN_MIN && run.len() < rest.len() && is_chinese(&run)
    })
}

/// Whether the run is whole units of UTF-16, each a Chinese character or a sign beside them, with
/// nothing but zeros behind.
fn is_chinese(run: &[u8]) -> bool {
    let (mut bits, mut count, mut has_units) = (0_u32, 0, false);
    for byte in run {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 16 {
            count -= 16;
            let unit = bits >> count;
            if !matches!(unit, 0x3000..=0x303F | 0x4E00..=0x9FFF | 0xFF00..=0xFFEF) {
                return false;
            }
            bits &= (1 << count) - 1;
            has_units = true;
        }
    }
    has_units && count < 6 && bits == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_in_ascii_is_known_by_its_marks() {
        for (head, told) in [
            ("openid,+kdGYnQ(+UUM)\n", "UTF-7"),
            ("+dShiNw-openid,+kdGYnQ-\n", "UTF-7"),
            ("openid,wishing\no1,~{9'O2~}\n", "HZ-GB-2312"),
            ("openid,wishing\no1,\u{1B}$B$*\u{1B}(B\n", "ISO-2022"),
        ] {
            assert_eq!(name(head.as_bytes()), Some(told), "{head}");
        }
        for head in [
            "openid,fen\n",
            "openid,phone\no1,+8613800138000\n",
            "openid,wishing\no1,1+1=2 and a+abc, C++ +100\n",
            "openid,wishing\no1,~~~{}~\n",
            "openid,金额\n",
        ] {
            assert_eq!(name(head.as_bytes()), None, "{head}");
        }
    }
}
