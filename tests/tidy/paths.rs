//! Which file a path in Rust source leads to, through every re-export on its way.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, is_word};

/// One name that a `use` brings into a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Used {
    /// As it is called here. A glob counts as its module: no name is found behind one.
    pub(crate) name: String,
    /// As it is written.
    pub(crate) path: Vec<String>,
}

/// A module of the tree.
#[derive(Debug)]
struct Module {
    path: Vec<String>,
    file: String,
    children: Vec<String>,
    used: Vec<Used>,
}

/// The modules of the crate and the files that they stand in.
#[derive(Debug)]
pub(crate) struct Modules {
    by_path: BTreeMap<Vec<String>, Module>,
}

impl Modules {
    pub(crate) fn of(tree: &[Source]) -> Self {
        let mut by_path: BTreeMap<Vec<String>, Module> = BTreeMap::new();
        for source in tree {
            let path = module_path(&source.path);
            let module = Module {
                path: path.clone(),
                file: source.path.clone(),
                children: Vec::new(),
                used: used(&source.code),
            };
            by_path.insert(path, module);
        }
        let all: Vec<Vec<String>> = by_path.keys().cloned().collect();
        for path in all {
            let Some((name, parent)) = path.split_last() else {
                continue;
            };
            if let Some(parent) = by_path.get_mut(parent) {
                parent.children.push(name.clone());
            }
        }
        Modules { by_path }
    }

    /// Every file that a file names, but itself.
    pub(crate) fn imports(&self, source: &Source) -> BTreeSet<String> {
        let Some(module) = self.by_path.get(&module_path(&source.path)) else {
            return BTreeSet::new();
        };
        let written = module.used.iter().map(|it| it.path.clone());
        let inline = paths(&source.code);
        let mut found: BTreeSet<String> = written
            .chain(inline)
            .filter_map(|path| self.leads_to(module, &path))
            .collect();
        found.remove(&source.path);
        found
    }

    /// The file that holds what `path` names, where it is one of this crate.
    fn leads_to(&self, from: &Module, path: &[String]) -> Option<String> {
        Some(self.origin(from, path, 0)?.file.clone())
    }

    /// The module that holds what `rest` names, seen from `module`.
    fn follow<'a>(
        &'a self,
        module: &'a Module,
        rest: &[String],
        depth: usize,
    ) -> Option<&'a Module> {
        let Some(name) = rest.first().filter(|_| depth < 16) else {
            return Some(module);
        };
        let mut child = module.path.clone();
        child.push(name.clone());
        if let Some(child) = self.by_path.get(&child) {
            return self.follow(child, &rest[1..], depth + 1);
        }
        let Some(used) = module.used.iter().find(|it| it.name == *name) else {
            return Some(module);
        };
        let origin = self.origin(module, &used.path, depth + 1)?;
        self.follow(origin, &rest[1..], depth + 1)
    }

    /// The module that holds what `path` names, written in `module`; `None` where it is of
    /// another crate.
    fn origin<'a>(
        &'a self,
        module: &'a Module,
        path: &[String],
        depth: usize,
    ) -> Option<&'a Module> {
        let first = path.first()?.as_str();
        let ups = path.iter().take_while(|it| *it == "super").count();
        let is_child = module.children.iter().any(|it| it == first);
        let (start, rest): (&[String], usize) = match first {
            "crate" | "hongbao" => (&[], 1),
            "self" => (&module.path, 1),
            "super" => (&module.path[..module.path.len().checked_sub(ups)?], ups),
            _ if is_child => (&module.path, 0),
            _ => return None,
        };
        self.follow(self.by_path.get(start)?, &path[rest..], depth)
    }
}

/// `src/a/b.rs` and `src/a/b/mod.rs` are `a`, `b`; `src/lib.rs` is nothing.
fn module_path(file: &str) -> Vec<String> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut path: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|it| it == "mod" || it == "lib") {
        path.pop();
    }
    path
}

/// Every name that a `use` in `code` brings, groups taken apart.
pub(crate) fn used(code: &str) -> Vec<Used> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        if code[..at].ends_with(|c: char| is_word(c) || c == ':') {
            continue;
        }
        let tree = code[at + 4..].split(';').next().unwrap_or("");
        branches(&[], tree.trim(), &mut found);
    }
    found
}

fn branches(before: &[String], tree: &str, found: &mut Vec<Used>) {
    if let Some((head, group)) = tree.split_once('{') {
        let mut path = before.to_vec();
        let names = head.split("::").map(str::trim).filter(|it| !it.is_empty());
        path.extend(names.map(str::to_owned));
        for branch in parts(group.trim_end().trim_end_matches('}')) {
            branches(&path, branch.trim(), found);
        }
        return;
    }
    let (written, alias) = match tree.split_once(" as ") {
        Some((written, alias)) => (written, Some(alias.trim())),
        None => (tree, None),
    };
    let mut path = before.to_vec();
    let names = written.split("::").map(str::trim);
    path.extend(names.filter(|it| !it.is_empty()).map(str::to_owned));
    if path.len() > 1 && path.last().is_some_and(|it| it == "self" || it == "*") {
        path.pop();
    }
    let Some(last) = path.last() else { return };
    let name = alias.unwrap_or(last).to_owned();
    found.push(Used { name, path });
}

/// The branches of a group: split at the commas outside of inner groups.
fn parts(group: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut begin = 0;
    let mut found = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&group[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(&group[begin..]);
    found.retain(|it| !it.trim().is_empty());
    found
}

/// Every path of two names or more that stands in `code`; how far an item is seen is none.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = code[at..].find("::") {
        let start = code[..at + step]
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_word(*c))
            .last();
        let start = start.map_or(at + step, |(start, _)| start);
        let end = code[start..].find(|c: char| !is_word(c) && c != ':');
        let end = end.map_or(code.len(), |length| start + length);
        let path = code[start..end].split("::").map(str::to_owned);
        let path: Vec<String> = path.take_while(|it| !it.is_empty()).collect();
        if path.len() > 1 && !code[..start].ends_with("(in ") {
            found.push(path);
        }
        at = end.max(at + step + 2);
    }
    found
}
