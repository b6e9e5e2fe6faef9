//! Reading and measuring Rust source, just well enough for the rules of the tree.

use std::path::Path;

/// A file of the tree.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    /// Everything.
    pub(crate) text: String,
    /// What ships: no tests, no comments, every literal empty. Lines stay where they are.
    pub(crate) code: String,
    /// As `code`, with tests in it.
    pub(crate) whole: String,
}

/// A type, and whether only its file sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) is_private: bool,
}

/// A function and its size.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) lines: usize,
    pub(crate) parameters: usize,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
            code: blank(without_tests(text), true),
            whole: blank(text, true),
        }
    }

    /// What ships, comments blank, literals as they are.
    pub(crate) fn statements(&self) -> String {
        blank(without_tests(&self.text), false)
    }

    /// Lines without the tests.
    pub(crate) fn lines(&self) -> usize {
        without_tests(&self.text).lines().count()
    }

    /// The first part of its path under `src`: the module whose imports it counts to.
    pub(crate) fn module(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        let first = inside.split('/').next().unwrap_or(inside);
        first.trim_end_matches(".rs")
    }

    /// The top-level modules it names, by whatever path.
    pub(crate) fn imports(&self) -> Vec<String> {
        let is_root = !self.path.trim_start_matches("src/").contains('/');
        let folders = self.path.matches('/').count() - 1;
        let is_folder_root = self.path.ends_with("/mod.rs");
        let supers = if is_root || is_folder_root {
            folders.max(1)
        } else {
            folders + 1
        };
        let up = "super::".repeat(supers);
        let mut found: Vec<String> = ["crate::", "hongbao::", &up]
            .into_iter()
            .flat_map(|prefix| after(&self.code, prefix))
            .filter(|name| name != self.module() && name != "super")
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Whether what ships names this crate.
    pub(crate) fn names(&self, krate: &str) -> bool {
        is_named(&self.code, krate)
    }

    /// The types that ship and belong to no item.
    pub(crate) fn types(&self) -> Vec<Type> {
        self.code.lines().filter_map(declared).collect()
    }

    /// The functions that ship.
    pub(crate) fn functions(&self) -> Vec<Function> {
        functions(&self.code)
    }
}

/// Whether a path in `code` begins with this crate.
pub(crate) fn is_named(code: &str, krate: &str) -> bool {
    let path = format!("{krate}::");
    let is_start = |at: usize| !code[..at].ends_with(|c: char| is_word(c) || c == ':');
    let used = code.match_indices(&path).any(|(at, _)| is_start(at));
    used || code.contains(&format!("use {krate};"))
}

/// The type that a line declares at its very begin.
fn declared(line: &str) -> Option<Type> {
    let is_private = !line.starts_with("pub");
    let rest = match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ")?.1,
        None => line.strip_prefix("pub ").unwrap_or(line),
    };
    let kinds = ["enum ", "struct ", "trait ", "type ", "union "];
    let name = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    let name = name.chars().take_while(|c| is_word(*c)).collect();
    Some(Type { name, is_private })
}

/// The text up to its own tests; nothing of it where all of it is a test.
pub(crate) fn without_tests(text: &str) -> &str {
    let starts = text.match_indices("#[cfg(test)]\nmod ");
    let inline = starts.map(|(at, _)| at).find(|at| {
        let declared = text[*at..].lines().nth(1).unwrap_or("");
        declared.ends_with('{')
    });
    inline.map_or(text, |at| &text[..at])
}

/// The files that a `mod` under `#[cfg(test)]` names: they do not ship.
pub(crate) fn test_files(path: &str, text: &str) -> Vec<String> {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let stem = Path::new(path).file_stem().unwrap_or_default();
    let folder = if stem == "mod" || stem == "lib" {
        folder.to_owned()
    } else {
        folder.join(stem)
    };
    text.split("#[cfg(test)]\nmod ")
        .skip(1)
        .filter_map(|rest| rest.lines().next()?.strip_suffix(';'))
        .map(|name| folder.join(format!("{name}.rs")).display().to_string())
        .collect()
}

/// Comments become blanks, and literals too if asked; lines stay where they are.
pub(crate) fn blank(text: &str, has_empty_literals: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let before = out.chars().next_back();
        let (length, is_literal) = token(rest, before);
        let piece = &rest[..length.max(first.len_utf8())];
        if length == 0 || (is_literal && !has_empty_literals) {
            out.push_str(piece);
        } else {
            let kept = |c: char| if c == '\n' { '\n' } else { ' ' };
            out.extend(piece.chars().map(kept));
        }
        rest = &rest[piece.len()..];
    }
    out
}

/// How many bytes of a comment or literal begin here, and whether it is a literal.
fn token(rest: &str, before: Option<char>) -> (usize, bool) {
    let to = |end: &str, skip: usize| {
        rest[skip..]
            .find(end)
            .map_or(rest.len(), |at| skip + at + end.len())
    };
    if rest.starts_with("//") {
        return (to("\n", 0) - 1, false);
    }
    if rest.starts_with("/*") {
        return (to("*/", 2), false);
    }
    let is_raw = rest.starts_with("r\"") || rest.starts_with("r#");
    if is_raw && !before.is_some_and(is_word) {
        let hashes = rest[1..].bytes().take_while(|b| *b == b'#').count();
        if rest[1 + hashes..].starts_with('"') {
            return (to(&format!("\"{}", "#".repeat(hashes)), 2 + hashes), true);
        }
    }
    if rest.starts_with('"') {
        return (escaped(rest, '"'), true);
    }
    let is_char = rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'');
    if rest.starts_with('\'') && is_char {
        return (escaped(rest, '\''), true);
    }
    (0, false)
}

/// The length of a literal that ends with `quote`.
fn escaped(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    rest.len()
}

fn functions(code: &str) -> Vec<Function> {
    let starts = code.match_indices("fn ");
    let starts = starts.filter(|(at, _)| !code[..*at].ends_with(is_word));
    starts
        .filter_map(|(at, _)| function(&code[at + 3..]))
        .collect()
}

/// The function whose name begins here; `None` for a type like `fn (u8)` or one without a body.
fn function(code: &str) -> Option<Function> {
    let name: String = code.chars().take_while(|c| is_word(*c)).collect();
    let open = parameters_at(code).filter(|_| !name.is_empty())?;
    let close = open + closing(&code[open..])?;
    let body = close + code[close..].find(['{', ';'])?;
    if !code[body..].starts_with('{') {
        return None;
    }
    let end = body + closing(&code[body..])?;
    Some(Function {
        name,
        lines: code[..end].matches('\n').count() + 1,
        parameters: parameters(&code[open + 1..close]),
    })
}

/// Where the parenthesis of the parameters opens: after the generics.
fn parameters_at(code: &str) -> Option<usize> {
    let mut angles = 0;
    let mut before = ' ';
    for (at, c) in code.char_indices() {
        match c {
            '<' => angles += 1,
            '>' if before != '-' => angles -= 1,
            '(' if angles == 0 => return Some(at),
            '{' | ';' => return None,
            _ => {}
        }
        before = c;
    }
    None
}

/// Where the bracket that begins `code` is closed.
fn closing(code: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// How many parameters stand here; `self` is none.
fn parameters(list: &str) -> usize {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for c in list.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        before = c;
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let is_parameter = |part: &&String| {
        let name = part.split(':').next().unwrap_or("");
        !name.trim().is_empty() && !name.split_whitespace().any(|word| word.ends_with("self"))
    };
    parts.iter().filter(is_parameter).count()
}

/// Every identifier that follows `prefix`, where the prefix begins a path.
fn after(code: &str, prefix: &str) -> Vec<String> {
    let is_start = |at: usize| !code[..at].ends_with(|c: char| is_word(c) || c == ':');
    let starts = code.match_indices(prefix).filter(|(at, _)| is_start(*at));
    let named = |(at, _): (usize, &str)| -> String {
        let rest = &code[at + prefix.len()..];
        let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
        if rest.starts_with('{') {
            "{a group}".to_owned()
        } else {
            name
        }
    };
    starts.map(named).filter(|name| !name.is_empty()).collect()
}

pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
