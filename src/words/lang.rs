//! The two languages, and which one is spoken.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// Our own variable, then those of the system in the order that it heeds them itself.
const VARIABLES: [&str; 4] = ["HONGBAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

impl Lang {
    /// Both of them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// Its name, as it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The typed language, or else that of the first variable that is set and not empty. English,
    /// where nothing names Chinese.
    #[must_use]
    pub fn decide(typed: Option<Lang>, variable: impl Fn(&str) -> Option<String>) -> Lang {
        let said = || VARIABLES.into_iter().find_map(said_by(&variable));
        typed.unwrap_or_else(|| said().map_or(Lang::En, |locale| Lang::of_locale(&locale)))
    }

    /// `zh`, `zh_CN.UTF-8` and `zh-Hans` are Chinese.
    fn of_locale(locale: &str) -> Lang {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or("");
        if language.eq_ignore_ascii_case("zh") {
            Lang::Zh
        } else {
            Lang::En
        }
    }
}

fn said_by(variable: &impl Fn(&str) -> Option<String>) -> impl Fn(&str) -> Option<String> {
    move |name| variable(name).filter(|said| !said.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(typed: Option<Lang>, set: &[(&str, &str)]) -> Lang {
        Lang::decide(typed, |name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, said)| (*said).to_owned())
        })
    }

    #[test]
    fn what_is_typed_comes_before_our_variable_and_that_before_the_locale() {
        let chinese = [("HONGBAO_LANG", "zh"), ("LC_ALL", "de_DE.UTF-8")];
        assert_eq!(decided(None, &chinese), Lang::Zh);
        assert_eq!(decided(Some(Lang::En), &chinese), Lang::En);
        let english = [("HONGBAO_LANG", "en"), ("LANG", "zh_CN.UTF-8")];
        assert_eq!(decided(None, &english), Lang::En);
        assert_eq!(decided(Some(Lang::Zh), &english), Lang::Zh);
    }

    #[test]
    fn the_locale_is_the_first_variable_that_says_anything() {
        for (set, lang) in [
            (&[("LANG", "zh_CN.UTF-8")][..], Lang::Zh),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "zh-Hans")], Lang::Zh),
            (&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], Lang::En),
            (&[("LC_MESSAGES", "en_US"), ("LANG", "zh_TW")], Lang::En),
            (&[("LANG", "ZH")], Lang::Zh),
            (&[("LANG", "zhuang")], Lang::En),
            (&[], Lang::En),
        ] {
            assert_eq!(decided(None, set), lang, "{set:?}");
        }
    }
}
