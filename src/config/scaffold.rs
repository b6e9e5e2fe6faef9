//! The text of a new campaign file: `campaign.example.toml` with other values, so that the example
//! and what `init` writes never differ.

use std::path::Path;

use toml::{Table, Value};

use super::parse::campaign;
use crate::words::Words;

const EXAMPLE: &str = include_str!("../../campaign.example.toml");

/// A key whose value a new campaign is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaffoldKey {
    /// `campaign.id`
    Id,
    /// `merchant.mch_id`
    MchId,
    /// `merchant.wxappid`
    WxAppId,
    /// `campaign.act_name`
    ActName,
    /// `campaign.send_name`
    SendName,
    /// `campaign.wishing`
    Wishing,
}

impl ScaffoldKey {
    /// All of them, in the order of the questions.
    pub const ALL: [ScaffoldKey; 6] = [
        ScaffoldKey::Id,
        ScaffoldKey::MchId,
        ScaffoldKey::WxAppId,
        ScaffoldKey::ActName,
        ScaffoldKey::SendName,
        ScaffoldKey::Wishing,
    ];

    /// Its section and name.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            ScaffoldKey::Id => ("campaign", "id"),
            ScaffoldKey::MchId => ("merchant", "mch_id"),
            ScaffoldKey::WxAppId => ("merchant", "wxappid"),
            ScaffoldKey::ActName => ("campaign", "act_name"),
            ScaffoldKey::SendName => ("campaign", "send_name"),
            ScaffoldKey::Wishing => ("campaign", "wishing"),
        }
    }
}

/// A campaign file under way: at each moment one that would be accepted.
#[derive(Debug, Clone)]
pub struct Scaffold {
    text: String,
}

impl Scaffold {
    /// The example, with this list.
    #[must_use]
    pub fn new(recipients: &str) -> Scaffold {
        Scaffold {
            text: with(EXAMPLE, "recipients", recipients),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: ScaffoldKey) -> String {
        let (section, name) = key.place();
        let file: Table = self.text.parse().unwrap_or_default();
        let value = file.get(section).and_then(|section| section.get(name));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Gives a key another value, if the campaign file may have it.
    ///
    /// # Errors
    /// With what is wrong with it; the value stays as it was.
    pub fn set(&mut self, key: ScaffoldKey, value: &str) -> Result<(), Words> {
        let (_, name) = key.place();
        let text = with(&self.text, name, value);
        let faults = campaign(&text, Path::new("")).err();
        // All else is the example, so that each fault is about this value.
        if let Some(fault) = faults.and_then(|faults| faults.into_iter().next()) {
            return Err(fault.says);
        }
        self.text = text;
        Ok(())
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The text with another value on the one line of this key.
fn with(text: &str, name: &str, value: &str) -> String {
    let begin = format!("{name} = ");
    let line = |line: &str| {
        if line.starts_with(&begin) {
            format!("{begin}{}\n", Value::from(value))
        } else {
            format!("{line}\n")
        }
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Campaign;

    fn read(scaffold: &Scaffold) -> Campaign {
        Campaign::parse(scaffold.text(), Path::new("campaign.toml")).unwrap()
    }

    #[test]
    fn untouched_it_is_the_example_with_another_list() {
        let scaffold = Scaffold::new("recipients.csv");
        let again = with(scaffold.text(), "recipients", "samples/recipients.csv");
        assert_eq!(again, EXAMPLE);
        assert_eq!(read(&scaffold).recipients, Path::new("recipients.csv"));
    }

    #[test]
    fn each_value_is_set_and_nothing_else() {
        for (key, value) in ScaffoldKey::ALL.into_iter().zip([
            "spring-2027",
            "1900000109",
            "wx0123456789abcdef",
            "春节'活动'",
            "\"店\" \\ 一",
            "好",
        ]) {
            let mut scaffold = Scaffold::new("list.csv");
            let before: Vec<String> = scaffold.text().lines().map(str::to_owned).collect();
            scaffold.set(key, value).unwrap();
            assert_eq!(scaffold.value(key), value);
            let after = scaffold.text().lines();
            let changed = before.iter().zip(after).filter(|(was, is)| was != is);
            assert_eq!(changed.count(), 1, "{key:?}");
            read(&scaffold);
        }
    }

    #[test]
    fn a_value_that_the_file_could_not_have_is_refused_with_its_key() {
        let mut scaffold = Scaffold::new("list.csv");
        let before = scaffold.text().to_owned();
        for (key, value, says) in [
            (ScaffoldKey::Id, "a/b", "campaign.id"),
            (ScaffoldKey::MchId, "123", "merchant.mch_id"),
            (ScaffoldKey::WxAppId, "wx1", "merchant.wxappid"),
            (
                ScaffoldKey::SendName,
                "一二三四五六七八九十一",
                "campaign.send_name",
            ),
            (ScaffoldKey::Wishing, " ", "campaign.wishing"),
            (
                ScaffoldKey::ActName,
                "a\nmode = \"live\"",
                "campaign.act_name",
            ),
        ] {
            let fault = scaffold.set(key, value).unwrap_err();
            assert!(fault.en.contains(says), "{fault:?}");
        }
        assert_eq!(scaffold.text(), before);
    }
}
