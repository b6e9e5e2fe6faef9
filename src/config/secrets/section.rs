//! The sections of a PEM file, whatever stands around them: a BOM, comments in any encoding, the
//! attributes that openssl writes, Windows' line breaks.

use zeroize::Zeroizing;

use crate::config::document::encoding::BOM;

/// From -----BEGIN to -----END.
pub(super) struct Section {
    pub(super) label: String,
    /// Whole, in lines of its own and nothing else.
    pub(super) text: Zeroizing<String>,
    /// Whether its lines say so, as keys of the old form do.
    pub(super) is_encrypted: bool,
}

/// Why the frame is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A first or last line that shares its line with something.
    Lines,
    /// A first line without a last one.
    CutOff,
}

/// All of them; none, where nothing looks like one.
pub(super) fn sections(bytes: &[u8]) -> Result<Vec<Section>, Broken> {
    let mut sections = Vec::new();
    let mut open: Option<Section> = None;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = plain(line);
        let is_frame = has(line, b"-----BEGIN ") || has(line, b"-----END ");
        match (
            &mut open,
            label(line, b"-----BEGIN "),
            label(line, b"-----END "),
        ) {
            (None, Some(label), _) => open = Some(Section::begin(label)),
            (Some(section), None, Some(label)) if section.label == label => {
                sections.extend(open.take().map(Section::end));
            }
            (Some(_), Some(_), _) => return Err(Broken::CutOff),
            _ if is_frame => return Err(Broken::Lines),
            (Some(section), None, _) => section.add(line),
            (None, None, _) => {}
        }
    }
    if open.is_some() {
        return Err(Broken::CutOff);
    }
    let looks_like_one = [&b"BEGIN CERTIFICATE"[..], b"PRIVATE KEY-"];
    if sections.is_empty() && looks_like_one.iter().any(|it| has(bytes, it)) {
        return Err(Broken::Lines);
    }
    Ok(sections)
}

impl Section {
    fn begin(label: String) -> Section {
        // Room for a key, so that none of it is left behind where the text would have to move.
        let mut text = Zeroizing::new(String::with_capacity(16 * 1024));
        text.push_str("-----BEGIN ");
        text.push_str(&label);
        text.push_str("-----\n");
        Section {
            label,
            text,
            is_encrypted: false,
        }
    }

    /// A line with a colon is a header; its name is told nowhere.
    fn add(&mut self, line: &[u8]) {
        if line.contains(&b':') {
            self.is_encrypted |= line.starts_with(b"Proc-Type:") && has(line, b"ENCRYPTED");
        } else if !line.is_empty() && !line.starts_with(b"DEK-Info") {
            let plain = line.iter().map(|byte| match byte {
                0x21..=0x7E => char::from(*byte),
                _ => '?',
            });
            self.text.extend(plain);
            self.text.push('\n');
        }
    }

    /// As its label should be: older programs write another one.
    pub(super) fn as_certificate(&self) -> String {
        self.text.replace("X509 CERTIFICATE", "CERTIFICATE")
    }

    fn end(mut self) -> Section {
        self.text.push_str("-----END ");
        self.text.push_str(&self.label);
        self.text.push_str("-----\n");
        self
    }
}

/// The line without the blanks and the BOM around it.
fn plain(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    line.strip_prefix(BOM).unwrap_or(line).trim_ascii()
}

/// What the line begins or ends, if it does that and nothing else.
fn label(line: &[u8], begin: &[u8]) -> Option<String> {
    let label = line.strip_prefix(begin)?.strip_suffix(b"-----")?;
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
    let text = std::str::from_utf8(label).ok()?;
    label.iter().all(is_label).then(|| text.to_owned())
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN CERTIFICATE-----\nAAAA\nBB==\n-----END CERTIFICATE-----\n";

    fn texts(bytes: &[u8]) -> Vec<String> {
        let sections = sections(bytes).unwrap();
        sections.into_iter().map(|it| it.text.to_string()).collect()
    }

    #[test]
    fn what_stands_around_a_section_is_read_over() {
        let gbk = b"\xC3\xDC\xD4\xBF: \xB2\xE2\xCA\xD4\n";
        let forms: [Vec<u8>; 8] = [
            PEM.into(),
            [BOM, PEM.as_bytes()].concat(),
            [gbk, PEM.as_bytes(), gbk].concat(),
            PEM.replace('\n', "\r\n").into(),
            PEM.replace('\n', "\r").into(),
            PEM.replace('\n', " \n\n\t").into(),
            format!("Bag Attributes\n    localKeyID: 01\nsubject=/CN=1\n{PEM}").into(),
            PEM.trim_end().into(),
        ];
        for form in forms {
            assert_eq!(texts(&form), [PEM], "{:?}", String::from_utf8_lossy(&form));
        }
        assert_eq!(
            texts(format!("{PEM}\n# the authority\n{PEM}").as_bytes()),
            [PEM, PEM]
        );
        assert!(texts(b"").is_empty() && texts(b"no\n").is_empty());
    }

    #[test]
    fn a_frame_that_is_not_whole_is_known() {
        let broken = |text: &str| sections(text.as_bytes()).err();
        for text in [
            PEM.replace('\n', " "),
            PEM.replace('\n', ""),
            PEM.replace('\n', "\\n"),
            PEM.replace("-----BEGIN", "----BEGIN"),
            PEM.replace("-----END CERTIFICATE", "-----END RSA PRIVATE KEY"),
            PEM.replace("-----", "—–"),
            format!("{PEM}{}", PEM.replace('\n', " ")),
        ] {
            assert_eq!(broken(&text), Some(Broken::Lines), "{text}");
        }
        for text in [
            PEM.replace("-----END CERTIFICATE-----\n", ""),
            format!("{}{PEM}", PEM.replace("-----END CERTIFICATE-----\n", "")),
        ] {
            assert_eq!(broken(&text), Some(Broken::CutOff), "{text}");
        }
    }

    #[test]
    fn a_key_of_the_old_form_says_that_it_is_encrypted() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: \
                   AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        let sections = sections(key.as_bytes()).unwrap();
        assert!(sections[0].is_encrypted);
        assert!(!sections[0].text.contains("Proc-Type"));
    }
}
