//! The rooms of the tree: which folder may import which, and that no files import in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::Modules;
use super::source::Source;

/// Files a folder.
const FILES: usize = 15;

/// Files by the files that they import.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// A folder with rooms: its columns, left to right, each a list of the files and folders in it.
pub(crate) type Doors<'a> = (&'a str, &'a [&'a [&'a str]]);

pub(crate) fn graph(tree: &[Source]) -> Graph {
    let modules = Modules::of(tree);
    let row = |file: &Source| (file.path.clone(), modules.imports(file));
    tree.iter().map(row).collect()
}

/// The folder of a file.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The file or folder that `path` belongs to, as `folder` sees it: `None` where it is elsewhere.
fn entry<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    let inside = path.strip_prefix(folder)?.strip_prefix('/')?;
    let first = inside.split('/').next().unwrap_or(inside);
    Some(first.trim_end_matches(".rs"))
}

/// Every folder that has a folder with a `mod.rs` in it: these have doors. `src` has the table of
/// imports.
fn with_rooms(tree: &[Source]) -> BTreeSet<&str> {
    let rooms = tree.iter().filter_map(|it| it.path.strip_suffix("/mod.rs"));
    rooms.map(folder).filter(|it| *it != "src").collect()
}

/// What differs from the table: imports to the right or inside a column, files and folders that
/// have no place in it, and places that nothing has.
pub(crate) fn door_faults(tree: &[Source], graph: &Graph, table: &[Doors<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for room in with_rooms(tree) {
        let Some((_, columns)) = table.iter().find(|(it, _)| *it == room) else {
            faults.push(format!("{room} has folders and no doors"));
            continue;
        };
        faults.extend(strangers(tree, room, columns));
        for (from, imports) in graph {
            for to in imports {
                faults.extend(closed_door(room, columns, from, to));
            }
        }
    }
    for (room, _) in table {
        if !with_rooms(tree).contains(room) {
            faults.push(format!("{room} has doors and no folders"));
        }
    }
    faults
}

fn strangers(tree: &[Source], room: &str, columns: &[&[&str]]) -> Vec<String> {
    let entries = tree.iter().filter_map(|it| entry(room, &it.path));
    let entries: BTreeSet<&str> = entries.filter(|it| *it != "mod").collect();
    let listed: BTreeSet<&str> = columns.iter().flat_map(|it| it.iter().copied()).collect();
    let unlisted = entries.difference(&listed);
    let unlisted = unlisted.map(|it| format!("{room}/{it} has no place in its doors"));
    let missing = listed.difference(&entries);
    let missing = missing.map(|it| format!("{room}/{it} has a place in the doors and is not"));
    unlisted.chain(missing).collect()
}

/// The import `from` to `to`, if both are in the room and no door leads from one to the other.
fn closed_door(room: &str, columns: &[&[&str]], from: &str, to: &str) -> Option<String> {
    let (here, there) = (entry(room, from)?, entry(room, to)?);
    if here == there || here == "mod" {
        return None;
    }
    let column = |name: &str| columns.iter().position(|it| it.contains(&name));
    if there == "mod" {
        return Some(format!("{from} imports {room}/mod.rs"));
    }
    let (from_column, to_column) = (column(here)?, column(there)?);
    let is_open = to_column < from_column;
    (!is_open).then(|| format!("{from} imports {to}: no door from {here} to {there}"))
}

/// Every set of files that import each other, directly or by others, sorted.
pub(crate) fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|file| (file.as_str(), reached(graph, file)))
        .collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (file, to) in &reach {
        if !to.contains(file) {
            continue;
        }
        let back = to.iter().filter(|it| {
            reach
                .get(**it)
                .is_some_and(|its_reach| its_reach.contains(file))
        });
        found.insert(back.map(|it| (*it).to_owned()).collect());
    }
    found.into_iter().collect()
}

/// Every file that `file` imports, directly or by others.
fn reached<'a>(graph: &'a Graph, file: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut left: Vec<&str> = graph[file].iter().map(String::as_str).collect();
    while let Some(next) = left.pop() {
        if found.insert(next) {
            left.extend(graph.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    found
}

/// Folders with too many files, outside the shelf of words.
pub(crate) fn full_folders(paths: &[String]) -> Vec<String> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        *files.entry(folder(path)).or_default() += 1;
    }
    let full = files.into_iter();
    let full = full.filter(|(folder, count)| *count > FILES && *folder != "src/words");
    full.map(|(folder, count)| format!("{folder} has {count} files, at most {FILES}"))
        .collect()
}

/// Root files of folders that do more than name and re-export.
pub(crate) fn busy_roots(tree: &[Source]) -> Vec<String> {
    let roots = tree.iter().filter(|it| it.path.ends_with("/mod.rs"));
    let busy = roots.filter(|it| !it.functions().is_empty());
    busy.map(|it| format!("{} has a function", it.path))
        .collect()
}

/// Files and folders that the doc of their `mod.rs` does not name.
pub(crate) fn unlisted(tree: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for root in tree.iter().filter(|it| it.path.ends_with("/mod.rs")) {
        let doc = root.text.lines().filter_map(|it| it.strip_prefix("//!"));
        let doc: String = doc.collect::<Vec<_>>().join(" ");
        let named = doc.split('`').skip(1).step_by(2);
        let named: BTreeSet<&str> = named.flat_map(str::split_whitespace).collect();
        let entries = tree
            .iter()
            .filter_map(|it| entry(folder(&root.path), &it.path));
        let entries: BTreeSet<&str> = entries.filter(|it| *it != "mod").collect();
        let missing = entries.difference(&named);
        faults.extend(missing.map(|it| format!("{} does not say what {it} is", root.path)));
    }
    faults
}

/// Names that more than one type has, unless each is private to its file: a search for a name
/// finds one type.
pub(crate) fn shared_names(tree: &[Source]) -> Vec<String> {
    let mut by_name: BTreeMap<String, Vec<(&str, bool)>> = BTreeMap::new();
    for file in tree {
        for it in file.types() {
            let at = (file.path.as_str(), it.is_private);
            by_name.entry(it.name).or_default().push(at);
        }
    }
    let is_shared = |(_, at): &(String, Vec<(&str, bool)>)| {
        at.len() > 1 && at.iter().any(|(_, is_private)| !is_private)
    };
    let shared = by_name.into_iter().filter(is_shared);
    let told = |(name, at): (String, Vec<(&str, bool)>)| {
        let files: Vec<&str> = at.into_iter().map(|(file, _)| file).collect();
        format!("{name} is in {}", files.join(", "))
    };
    shared.map(told).collect()
}

/// Each rule on something planted: it must find it, and nothing else.
mod checks {
    use super::super::paths::used;
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Vec<Source> {
        let source = |(path, text): &(&str, &str)| Source::new(path, text);
        files.iter().map(source).collect()
    }

    /// A house of two rooms, and what `x` and `y` of them import.
    fn house(x: &str, y: &str) -> Vec<Source> {
        tree(&[
            ("src/lib.rs", "mod a; pub mod b;"),
            ("src/a/mod.rs", "mod x; mod c; mod d; pub use c::Y as K;"),
            ("src/a/x.rs", x),
            (
                "src/a/c/mod.rs",
                "mod y; mod z; pub(super) use y::{Y, f}; pub use z::*;",
            ),
            ("src/a/c/y.rs", y),
            ("src/a/c/z.rs", "pub struct Z;"),
            ("src/a/d/mod.rs", "mod w; pub use w::W;"),
            ("src/a/d/w.rs", "pub struct W;"),
            ("src/b.rs", ""),
        ])
    }

    fn of(found: &Graph, file: &str) -> Vec<String> {
        found[file].iter().cloned().collect()
    }

    #[test]
    fn an_import_leads_to_its_file_by_any_path() {
        for path in [
            "use crate::a::c::Y;",
            "use super::c::{Y};",
            "fn g() { super::c::f() }",
            "use super::super::a::c::{self as here, y::{Y}};",
        ] {
            let found = graph(&house(path, ""));
            assert!(
                of(&found, "src/a/x.rs").contains(&"src/a/c/y.rs".to_owned()),
                "{path}"
            );
        }
        for path in [
            "use crate::a::d::W;",
            "use super::super::d::W;",
            "// d\nuse super::super::d::w;",
        ] {
            assert_eq!(
                of(&graph(&house("", path)), "src/a/c/y.rs"),
                ["src/a/d/w.rs"],
                "{path}"
            );
        }
        let other = "pub(in crate::a) use std::fmt; // super::super::d::W
                     const A: &str = \"crate::a::d::W\";";
        assert_eq!(of(&graph(&house("", other)), "src/a/c/y.rs"), [""; 0]);
    }

    #[test]
    fn a_use_is_taken_apart() {
        let found = used("pub(crate) use a::{b, c::{self, d as e}, f::*};\nlet reuse = 1;");
        let found: Vec<String> = found
            .iter()
            .map(|it| format!("{}={}", it.name, it.path.join("::")))
            .collect();
        assert_eq!(found, ["b=a::b", "c=a::c", "e=a::c::d", "f=a::f"]);
    }

    #[test]
    fn a_door_opens_to_the_left_only() {
        let doors: &[Doors<'_>] = &[("src/a", &[&["d"], &["c"], &["x"]])];
        let faults = |x, y, doors| {
            let tree = house(x, y);
            door_faults(&tree, &graph(&tree), doors)
        };
        let (x, y) = ("use super::c::Y;", "use crate::a::d::W;");
        assert_eq!(faults(x, y, doors), [""; 0]);
        let right = faults("", "use super::super::x::X;", doors);
        assert_eq!(
            right,
            ["src/a/c/y.rs imports src/a/x.rs: no door from c to x"]
        );
        let root = faults("", "use super::super::T;", doors);
        assert_eq!(root, ["src/a/c/y.rs imports src/a/mod.rs"]);
        let inside: &[Doors<'_>] = &[("src/a", &[&["c", "d"], &["x"]])];
        let found = faults(x, y, inside);
        assert_eq!(
            found,
            ["src/a/c/y.rs imports src/a/d/w.rs: no door from c to d"]
        );
        let wrong: &[Doors<'_>] = &[("src/a", &[&["c"], &["x", "e"]]), ("src/b", &[])];
        let found = faults("", "", wrong);
        let expected = [
            "src/a/d has no place in its doors",
            "src/a/e has a place in the doors and is not",
            "src/b has doors and no folders",
        ];
        assert_eq!(found, expected);
        assert_eq!(faults("", "", &[]), ["src/a has folders and no doors"]);
    }

    #[test]
    fn a_circle_is_found_through_a_re_export() {
        let tree = house("use super::c::Y;", "use super::super::d::W;");
        assert_eq!(circles(&graph(&tree)), Vec::<Vec<String>>::new());
        let tree = house("use super::c::Y;", "use super::z::Z;\nuse crate::a::x::X;");
        assert_eq!(circles(&graph(&tree)), [["src/a/c/y.rs", "src/a/x.rs"]]);
        let child = [
            ("src/p.rs", "mod q;\nfn f() { q::g() }"),
            ("src/p/q.rs", "use super::f;"),
        ];
        assert_eq!(
            circles(&graph(&tree_of_lib(&child))),
            [["src/p.rs", "src/p/q.rs"]]
        );
    }

    fn tree_of_lib(files: &[(&str, &str)]) -> Vec<Source> {
        let mut all = tree(&[("src/lib.rs", "mod p;")]);
        all.extend(tree(files));
        all
    }

    #[test]
    fn a_folder_is_not_full_and_its_root_is_a_list() {
        let paths: Vec<String> = (0..15).map(|at| format!("src/a/{at}.rs")).collect();
        assert_eq!(full_folders(&paths), [""; 0]);
        let more: Vec<String> = (0..16).map(|at| format!("src/a/{at}.rs")).collect();
        assert_eq!(full_folders(&more), ["src/a has 16 files, at most 15"]);
        let roots = [
            ("src/a/mod.rs", "mod b;\npub use b::B;"),
            ("src/c/mod.rs", "fn f() {}"),
        ];
        assert_eq!(busy_roots(&tree(&roots)), ["src/c/mod.rs has a function"]);
    }

    #[test]
    fn a_folder_lists_its_files() {
        let files = [
            (
                "src/a/mod.rs",
                "//! - `b`: one; `c\n//! d`: two.\nmod b; // `e`",
            ),
            ("src/a/b.rs", ""),
            ("src/a/c.rs", ""),
            ("src/a/d/x.rs", ""),
            ("src/a/e.rs", ""),
            ("src/f.rs", ""),
        ];
        assert_eq!(
            unlisted(&tree(&files)),
            ["src/a/mod.rs does not say what e is"]
        );
    }

    #[test]
    fn a_type_name_is_found_in_two_files() {
        let files = [
            (
                "src/a.rs",
                "pub(in crate::b) struct X<T>(T);\nenum P {}\nimpl I for X {\n    type E = u8;\n}",
            ),
            (
                "src/b.rs",
                "struct X;\ntype P = u8;\n// pub struct Q;\npub struct Q;",
            ),
            (
                "src/c.rs",
                "pub trait Y {\n    type E;\n}\n#[cfg(test)]\nmod tests {\n    struct Q;\n}",
            ),
        ];
        assert_eq!(shared_names(&tree(&files)), ["X is in src/a.rs, src/b.rs"]);
    }
}
