//! Comments of the files that the program writes for people: they stand in the samples in English,
//! and in `comments.txt` in Chinese.

use super::Lang;

/// `= ` and the words of a comment, then its Chinese lines.
const COMMENTS: &str = include_str!("comments.txt");

/// The text with its comments in this language. One that has no Chinese stays as it is.
pub(crate) fn commented(text: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return text.to_owned();
    }
    let mut told = String::with_capacity(text.len());
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines() {
        if is_comment(line) {
            comment.push(line);
        } else {
            tell(&mut told, &comment);
            comment.clear();
            told += line;
            told.push('\n');
        }
    }
    tell(&mut told, &comment);
    told
}

fn tell(told: &mut String, comment: &[&str]) {
    let chinese = chinese(comment);
    let first = comment.first().copied().unwrap_or_default();
    let indent = &first[..first.len() - first.trim_start().len()];
    if chinese.is_empty() {
        told.extend(comment.iter().flat_map(|line| [line, "\n"]));
    }
    for line in chinese {
        for part in [indent, "# ", line, "\n"] {
            told.push_str(part);
        }
    }
}

/// Whether it is for people, and no setting that may be switched on, nor the edge of a file.
fn is_comment(line: &str) -> bool {
    let Some(says) = line.trim_start().strip_prefix('#') else {
        return false;
    };
    let says = says.trim_start();
    let name = says
        .split(" = ")
        .next()
        .filter(|name| name.len() < says.len());
    let is_setting = name.is_some_and(|name| !name.contains(' '));
    !is_setting && !says.starts_with("====")
}

fn chinese(comment: &[&str]) -> Vec<&'static str> {
    let words = |line: &&str| line.trim_start().trim_start_matches('#').trim().to_owned();
    let says: Vec<String> = comment.iter().map(words).collect();
    let says = says.join(" ");
    let mut lines = COMMENTS
        .lines()
        .skip_while(|line| line.strip_prefix("= ") != Some(&says));
    lines.next();
    lines.take_while(|line| !line.starts_with("= ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 6] = [
        include_str!("../../campaign.example.toml"),
        include_str!("../../samples/crontab"),
        include_str!("../../samples/kubernetes/run.yaml"),
        include_str!("../../samples/kubernetes/reconcile.yaml"),
        include_str!("../../samples/systemd/hongbao@.timer"),
        include_str!("../../samples/systemd/hongbao-reconcile@.timer"),
    ];

    /// The lines that a program reads, those that may be switched on among them.
    fn settings(text: &str) -> Vec<&str> {
        text.lines().filter(|line| !is_comment(line)).collect()
    }

    #[test]
    fn every_comment_has_its_chinese_and_every_setting_stays() {
        for file in FILES {
            // What stands above the first section of a unit is not printed.
            let file = file.find("[Unit]").map_or(file, |at| &file[at..]);
            let told = commented(file, Lang::Zh);
            assert_eq!(settings(&told), settings(file));
            for line in told.lines().filter(|line| is_comment(line)) {
                assert!(
                    !line.is_ascii(),
                    "no Chinese in src/words/comments.txt: {line}"
                );
            }
            assert_eq!(commented(file, Lang::En), file);
        }
    }
}
