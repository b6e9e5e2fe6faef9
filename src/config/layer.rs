//! One file of a campaign's settings as it stands: its tree, and where its faults are.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::foreign::{OddSign, instead};
use super::document::source::{NoText, read_text};
use super::error::ConfigFault;
use crate::words::{LibraryText, Words, campaign_file as file, config as words};

/// Sections and their keys.
pub(super) type Names = [(&'static str, &'static [&'static str])];

/// Lines that are not TOML are listed up to this many: one mistake may make each of them so.
const LISTED: usize = 5;

/// A parsed file. Keys are written `section.key`.
pub(super) struct Layer<'t> {
    text: &'t str,
    root: DeTable<'t>,
    /// The included file; `None` for the campaign file itself.
    file: Option<PathBuf>,
    base: PathBuf,
}

impl<'t> Layer<'t> {
    /// Parses the text, whose paths are relative to `base`, and checks its names against `known`:
    /// faults of names leave the rest to be read.
    pub(super) fn parse(
        text: &'t str,
        (file, base): (Option<&Path>, &Path),
        known: &Names,
    ) -> Result<(Self, Vec<ConfigFault>), Vec<ConfigFault>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let layer = Layer {
            text,
            root: root.into_inner(),
            file: file.map(Path::to_owned),
            base: base.to_owned(),
        };
        if errors.is_empty() {
            let faults = layer.name_faults(known);
            return Ok((layer, faults));
        }
        Err(layer.not_toml(&errors))
    }

    /// The other file that it is, or each line that is not TOML: signs that look right, together.
    fn not_toml(&self, errors: &[toml::de::Error]) -> Vec<ConfigFault> {
        if let Some(says) = instead(self.text) {
            return vec![self.fault(None, says)];
        }
        let mut lines: Vec<(usize, &toml::de::Error)> = Vec::new();
        for error in errors {
            let line = self.line_of(error.span().unwrap_or_default());
            if !lines.iter().any(|(before, _)| *before == line) {
                lines.push((line, error));
            }
        }
        let (mut signs, mut faults): (Vec<(OddSign, usize, usize)>, _) = (Vec::new(), Vec::new());
        for (line, error) in lines {
            let text = self.text.lines().nth(line - 1).unwrap_or_default();
            let found = OddSign::in_line(text.trim_start_matches('\u{FEFF}'));
            match found {
                Some(sign) => match signs.iter_mut().find(|(before, ..)| before.is_like(sign)) {
                    Some((_, _, more)) => *more += 1,
                    None => signs.push((sign, line, 0)),
                },
                None => faults.push((line, words::not_toml(LibraryText(error.message())))),
            }
        }
        let further = faults.len().saturating_sub(LISTED);
        faults.truncate(LISTED);
        faults.extend(signs.into_iter().map(|(sign, line, more)| {
            let more = (more > 0).then(|| file::more(more));
            (line, sign.words(more))
        }));
        faults.sort_by_key(|(line, _)| *line);
        let told = faults.into_iter().map(|(line, says)| ConfigFault {
            file: self.file.clone(),
            line: Some(line),
            says,
        });
        let further = (further > 0).then(|| self.fault(None, file::further(further)));
        told.chain(further).collect()
    }

    /// Whether nothing is in it.
    pub(super) fn is_blank(&self) -> bool {
        self.root.is_empty()
    }

    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    pub(super) fn value(&self, key: &str) -> Option<&Spanned<DeValue<'t>>> {
        let (section, name) = key.split_once('.')?;
        match self.root.get(section)?.get_ref() {
            DeValue::Table(table) => table.get(name),
            _ => None,
        }
    }

    /// Where a key or a section is.
    pub(super) fn span(&self, key: &str) -> Option<Range<usize>> {
        match key.split_once('.') {
            Some(_) => self.value(key).map(Spanned::span),
            None => self.root.get(key).map(Spanned::span),
        }
    }

    pub(super) fn fault(&self, span: Option<Range<usize>>, says: Words) -> ConfigFault {
        ConfigFault {
            file: self.file.clone(),
            line: span.map(|span| self.line_of(span)),
            says,
        }
    }

    /// From 1.
    fn line_of(&self, span: Range<usize>) -> usize {
        let text = self.text.as_bytes();
        let before = &text[..span.start.min(text.len())];
        before.split(|byte| *byte == b'\n').count()
    }

    /// Whether it says, rightly or not, that it includes a file: all that it does not say itself
    /// may be there.
    pub(super) fn wants_include(&self) -> bool {
        self.root.iter().any(|(section, value)| {
            let is_meant = |name: &str| name.starts_with("include") || name == "defaults";
            match value.get_ref() {
                DeValue::Table(table) => {
                    let mut keys = table.keys();
                    is_meant(section.get_ref()) || keys.any(|key| is_meant(key.get_ref()))
                }
                _ => is_meant(section.get_ref()),
            }
        })
    }

    fn name_faults(&self, known: &Names) -> Vec<ConfigFault> {
        let mut found = Vec::new();
        for (section, value) in &self.root {
            let name = section.get_ref();
            let keys = known.iter().find(|(known, _)| known == name);
            match (keys, value.get_ref()) {
                (Some((_, keys)), DeValue::Table(table)) => {
                    let unknown = table
                        .keys()
                        .filter(|key| !keys.contains(&key.get_ref().as_ref()));
                    found.extend(
                        unknown.map(|key| (key.span(), unknown_key(name, key.get_ref(), known))),
                    );
                }
                (Some(_), _) => {
                    found.push((section.span(), words::not_a_section(&**name)));
                }
                (None, DeValue::Table(_)) => {
                    let names = known.iter().map(|(name, _)| *name);
                    let hint = suggestion(name, names);
                    found.push((section.span(), words::unknown_section(&**name, hint)));
                }
                (None, _) => found.push((section.span(), unknown_key("", name, known))),
            }
        }
        let found = found.into_iter();
        found
            .map(|(span, says)| self.fault(Some(span), says))
            .collect()
    }
}

/// Waits for no pipe and reads no device.
pub(super) fn read_included(path: &Path) -> Result<String, Words> {
    let unread = |why: &io::Error| words::unincluded(path.display(), why);
    let facts = fs::metadata(path).map_err(|why| unread(&why))?;
    if facts.is_dir() {
        return Err(words::includes_folder(path.display()));
    }
    if !facts.is_file() {
        return Err(words::includes_device(path.display()));
    }
    read_text(path).map_err(|why| match why {
        NoText::Fault(why) => unread(&why),
        NoText::Is(line, says) => {
            let line = line.map_or_else(String::new, |line| format!(":{line}"));
            let place = format!("{}{line}", path.display());
            words::value("defaults.include", words::included(place, says))
        }
    })
}

/// What campaigns cannot share. Two of one id would be one campaign, and one list two payouts.
pub(super) fn never_included() -> [(&'static str, Words); 3] {
    [
        ("defaults", words::includes_once()),
        ("campaign.id", words::not_shared("campaign.id")),
        (
            "campaign.recipients",
            words::not_shared("campaign.recipients"),
        ),
    ]
}

fn unknown_key(section: &str, key: &str, known: &Names) -> Words {
    let home = known.iter().find(|(_, keys)| keys.contains(&key));
    let hint = if let Some((home, _)) = home {
        Some(words::belongs(*home))
    } else {
        let own = known.iter().find(|(name, _)| *name == section);
        let keys = own.map_or(&[][..], |(_, keys)| keys);
        suggestion(key, keys.iter().copied())
    };
    match section {
        "" => words::stray_key(key, hint),
        section => words::unknown_key(key, section, hint),
    }
}

/// The likeliest name, if one is likely: 0.75 takes a swapped, lost or doubled letter and a
/// missing unit, and not another word of the same length.
fn suggestion(name: &str, known: impl Iterator<Item = &'static str>) -> Option<Words> {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), known);
    known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| words::did_you_mean(known))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use crate::config::{Campaign, ConfigError};

    /// What a campaign file of one merchant keeps for itself.
    const OWN: &str = r#"
[defaults]
include = "../merchant.toml"
[campaign]
id = "a"
recipients = "list.csv"
act_name = "活动"
remark = "快"
[pace]
in_flight = 4
"#;
    const SHARED: &str = r#"
[campaign]
send_name = "店"
wishing = "好"
[merchant]
mch_id = "10000098"
wxappid = "wx8888888888888888"
api_key_file = "secrets/api_key"
[pace]
per_second = 7
in_flight = 9
[caps]
openid_per_day = 2
[schedule]
hours = "08:00-23:30"
[ledger]
path = "books.db"
"#;

    struct Folder(TempDir);

    impl Folder {
        fn of(shared: &str) -> Folder {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir(dir.path().join("spring")).unwrap();
            fs::write(dir.path().join("merchant.toml"), shared).unwrap();
            Folder(dir)
        }

        fn read(&self, own: &str) -> Result<Campaign, ConfigError> {
            Campaign::parse(own, &self.0.path().join("spring/campaign.toml"))
        }

        /// Its faults, with the folder left out.
        fn told(&self, own: &str) -> Vec<String> {
            let fault = self.read(own).unwrap_err().to_string();
            let folder = format!("{}/", self.0.path().display());
            let lines = fault.replace(&folder, "");
            lines.lines().skip(1).map(str::to_owned).collect()
        }
    }

    #[test]
    fn what_the_campaign_does_not_say_the_included_file_says_relative_to_itself() {
        let folder = Folder::of(SHARED);
        let campaign = folder.read(OWN).unwrap();
        let shared = folder.0.path().join("spring/..");
        assert_eq!(campaign.texts.send_name, "店");
        assert_eq!(
            campaign.merchant.api_key_file,
            Some(shared.join("secrets/api_key"))
        );
        assert_eq!(campaign.live_ledger, shared.join("books.db"));
        assert_eq!(campaign.recipients, folder.0.path().join("spring/list.csv"));
        assert_eq!(campaign.included, Some(shared.join("merchant.toml")));
        assert_eq!(campaign.caps.openid_packets, 2);
        assert!(campaign.windows.hours.is_some());
        // Key by key: the section of one does not hide that of the other.
        assert_eq!(campaign.pace.per_second.unwrap().get(), 7);
        assert_eq!(campaign.pace.in_flight.get(), 4);
    }

    #[test]
    fn a_path_of_the_campaign_is_relative_to_the_campaign() {
        let own =
            OWN.to_owned() + "[merchant]\napi_key_file = \"mine\"\n[ledger]\npath = \"x.db\"\n";
        let folder = Folder::of(SHARED);
        let campaign = folder.read(&own).unwrap();
        let spring = folder.0.path().join("spring");
        assert_eq!(campaign.merchant.api_key_file, Some(spring.join("mine")));
        assert_eq!(campaign.live_ledger, spring.join("x.db"));
        let without = SHARED.replace("[ledger]\npath = \"books.db\"\n", "");
        let campaign = Folder::of(&without).read(OWN).unwrap();
        assert!(campaign.live_ledger.ends_with("spring/hongbao.db"));
    }

    #[test]
    fn a_fault_names_the_file_and_the_line_that_has_it() {
        let file = "spring/../merchant.toml";
        for (from, to, told) in [
            (
                "per_second = 7",
                "per_secnd = 7",
                "10: unknown key `per_secnd` in [pace]: did you mean `per_second`?",
            ),
            (
                "[caps]",
                "[cups]",
                "12: unknown section [cups]: did you mean `caps`?",
            ),
            (
                "\"10000098\"",
                "\"12\"",
                "6: `merchant.mch_id`: a merchant number has 8 to 10 digits",
            ),
            (
                "[ledger]",
                "[defaults]\ninclude = \"x.toml\"\n[ledger]",
                "16: an included file includes no other: move its settings here",
            ),
            (
                "[campaign]",
                "[campaign]\nid = \"b\"",
                "3: `campaign.id` is each campaign's own: move it to the campaign file",
            ),
            (
                "[campaign]",
                "[campaign]\nrecipients = \"b.csv\"",
                "3: `campaign.recipients` is each campaign's own: move it to the campaign file",
            ),
        ] {
            let folder = Folder::of(&SHARED.replace(from, to));
            assert_eq!(folder.told(OWN), [format!("{file}:{told}")]);
        }
        let folder = Folder::of("[merchant]\nmch_id = \n");
        let told = folder.told(OWN);
        assert!(
            told[0].starts_with(&format!("{file}:2: not TOML: ")),
            "{told:?}"
        );
        // Of two files, each fault by its own.
        let folder = Folder::of(&SHARED.replace("per_second = 7", "per_second = -1"));
        let told = folder.told(&OWN.replace("in_flight = 4", "in_flight = 0"));
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with("spring/campaign.toml:10: "), "{told:?}");
        assert!(told[1].starts_with(&format!("{file}:10: ")), "{told:?}");
    }

    #[test]
    fn a_file_that_is_none_is_refused_and_nothing_else_is_told() {
        let folder = Folder::of(SHARED);
        for (name, says) in [
            ("gone.toml", "cannot read"),
            ("..", ".. is a folder: name the file in it"),
            ("", "the path is blank"),
            (" ", "the path is blank"),
        ] {
            let told = folder.told(&OWN.replace("../merchant.toml", name));
            assert_eq!(told.len(), 1, "{told:?}");
            let begin = "spring/campaign.toml:3: `defaults.include`: ";
            assert!(
                told[0].starts_with(begin) && told[0].contains(says),
                "{told:?}"
            );
        }
        let told = folder.told(&OWN.replace("\"../merchant.toml\"", "[\"a\", \"b\"]"));
        assert!(told[0].contains("must be a string in quotes"), "{told:?}");
        let folder = Folder::of("[defaults]\ninclude = \"/dev/null\"\n");
        let told = folder.told(&OWN.replace("../merchant.toml", "/dev/null"));
        assert!(told[0].contains("a pipe or a device"), "{told:?}");
    }

    /// Without the file that it would be, everything is missing, which is no cause.
    #[test]
    fn an_include_that_is_not_one_is_all_that_is_told() {
        for (from, to, says) in [
            (
                "include =",
                "includes =",
                "3: unknown key `includes` in [defaults]: did you mean `include`?",
            ),
            (
                "[defaults]",
                "[default]",
                "2: unknown section [default]: did you mean `defaults`?",
            ),
            (
                "[defaults]\n",
                "",
                "2: unknown key `include` outside a section",
            ),
        ] {
            let told = Folder::of(SHARED).told(&OWN.replace(from, to));
            let begin = format!("spring/campaign.toml:{says}");
            assert!(told.len() == 1 && told[0].starts_with(&begin), "{told:?}");
        }
        // Of an included one, too: the second file is where the rest is.
        let folder = Folder::of("[defaults]\ninclude = \"more.toml\"\n");
        let told = folder.told(OWN);
        let says = "spring/../merchant.toml:1: an included file includes no other";
        assert!(told.len() == 1 && told[0].starts_with(says), "{told:?}");
    }
}
