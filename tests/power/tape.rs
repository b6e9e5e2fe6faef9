//! What the program did to its files, in order, read off a trace of `strace -f -y -ttt -xx`.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// One thing that happened, when it began, and in which thread.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) at_ms: i64,
    thread: u64,
    pub(crate) step: Step,
}

/// What happened. Files are named as they were then, from the campaign's directory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// A name appeared, of an empty file.
    Make(String),
    /// Bytes at a place; `None` is the end of the file.
    Write(String, Option<usize>, Vec<u8>),
    Length(String, usize),
    Sync(String),
    SyncFolder,
    Rename(String, String),
    Unlink(String),
    /// Bytes that held a request began to leave.
    Request,
    /// The thread told somebody something: another thread, or who reads stdout and stderr. What
    /// it had written until then it took for durable.
    Told,
}

impl Event {
    /// Whether the ledger's own thread says here that what it wrote is durable.
    pub(crate) fn is_word_of(&self, writer: Option<u64>) -> bool {
        self.step == Step::Told && writer == Some(self.thread)
    }

    /// The thread, if this is a write to the ledger.
    pub(crate) fn writer(&self) -> Option<u64> {
        match &self.step {
            Step::Write(name, ..) if name.starts_with("hongbao.db") => Some(self.thread),
            _ => None,
        }
    }
}

/// Calls that change a file or let somebody know.
pub(crate) const CALLS: &str = "trace=openat,write,writev,pwrite64,fsync,fdatasync,ftruncate,\
     rename,unlink,fallocate,sync_file_range,pwritev,renameat,renameat2,unlinkat,creat,truncate";

/// Everything that processes did one after another.
#[derive(Debug)]
pub(crate) struct Tape {
    folder: String,
    /// Names that are there already.
    known: BTreeSet<String>,
    pub(crate) events: Vec<Event>,
}

impl Tape {
    /// Of the files in this folder, of which none is there yet.
    pub(crate) fn of(folder: &Path) -> Tape {
        Tape {
            folder: folder.to_str().unwrap().to_owned(),
            known: BTreeSet::new(),
            events: Vec::new(),
        }
    }

    /// Goes on with the trace of one process and its threads.
    ///
    /// A change counts from the moment its call returned, a request from the moment its call
    /// began: the order that promises most.
    pub(crate) fn read(&mut self, trace: &str) {
        let mut begun: HashMap<&str, String> = HashMap::new();
        for line in trace.lines() {
            let Some((thread, rest)) = line.split_once(' ') else {
                continue;
            };
            let Some((time, call)) = rest.trim_start().split_once(' ') else {
                continue;
            };
            let Some(call) = whole(&mut begun, thread, call) else {
                continue;
            };
            if let Some(step) = self.step(&call) {
                self.events.push(Event {
                    at_ms: milliseconds(time),
                    thread: thread.parse().unwrap(),
                    step,
                });
            }
        }
    }

    /// What a whole call did; `None` where it failed or is about something else.
    fn step(&mut self, call: &str) -> Option<Step> {
        if is_request(call) {
            return Some(Step::Request);
        }
        let (name, rest) = call.split_once('(')?;
        let (given, answer) = rest.rsplit_once(") = ")?;
        if answer.starts_with('-') {
            return None;
        }
        match name {
            "openat" => self.opened(given, answer),
            "write" | "pwrite64" => self.written(name, given),
            "ftruncate" => Some(Step::Length(self.file(given)?, last_number(given))),
            "fsync" | "fdatasync" if path(given)? == self.folder => Some(Step::SyncFolder),
            "fsync" | "fdatasync" => Some(Step::Sync(self.file(given)?)),
            "rename" | "renameat" => {
                let mut names = quoted(given).map(|name| inside(&name, &self.folder));
                let (from, to) = (names.next()??, names.next()??);
                self.known.remove(&from);
                self.known.insert(to.clone());
                Some(Step::Rename(from, to))
            }
            "unlink" => {
                let name = inside(&quoted(given).next()?, &self.folder)?;
                self.known.remove(&name).then_some(Step::Unlink(name))
            }
            "writev" => None,
            _ => panic!("not understood: {call}"),
        }
    }

    fn file(&self, given: &str) -> Option<String> {
        inside(&path(given)?, &self.folder)
    }

    /// A name that appears here; one that was there already is only opened.
    fn opened(&mut self, given: &str, answer: &str) -> Option<Step> {
        let name = self.file(answer)?;
        if !given.contains("O_CREAT") {
            return None;
        }
        let is_new = self.known.insert(name.clone());
        assert!(is_new || !given.contains("O_TRUNC"), "emptied: {name}");
        is_new.then_some(Step::Make(name))
    }

    fn written(&self, call: &str, given: &str) -> Option<Step> {
        let is_output = given.starts_with("1<") || given.starts_with("2<");
        if is_output || !path(given)?.starts_with('/') {
            return Some(Step::Told);
        }
        let at = (call == "pwrite64").then(|| last_number(given));
        Some(Step::Write(self.file(given)?, at, bytes(given)))
    }
}

/// A call with its answer, put together where other threads came between. A request stands for
/// itself as soon as it begins.
fn whole<'a>(begun: &mut HashMap<&'a str, String>, thread: &'a str, call: &str) -> Option<String> {
    if let Some(first) = call.strip_suffix(" <unfinished ...>") {
        begun.insert(thread, first.to_owned());
        return is_request(first).then(|| first.to_owned());
    }
    if !call.starts_with("<... ") {
        return Some(call.to_owned());
    }
    let first = begun.remove(thread)?;
    let (_, rest) = call.split_once("resumed>")?;
    (!is_request(&first)).then(|| first + rest)
}

fn milliseconds(time: &str) -> i64 {
    let (seconds, rest) = time.split_once('.').unwrap();
    seconds.parse::<i64>().unwrap() * 1000 + rest[..3].parse::<i64>().unwrap()
}

/// A record of TLS that holds data, and more of it than an alert does. A handshake's data comes
/// behind other records.
fn is_request(call: &str) -> bool {
    let given = call.split("[{iov_base=\"\\x17\\x03\\x03").nth(1);
    let size = given.and_then(|given| given.split("iov_len=").nth(1));
    let size = size.and_then(|size| size.split('}').next()?.parse().ok());
    call.starts_with("writev(") && size.is_some_and(|size: u64| size > 200)
}

/// A file's name from `folder`, unless it is elsewhere, deleted, or shared memory, which a power
/// loss always takes and SQLite then makes anew.
fn inside(path: &str, folder: &str) -> Option<String> {
    let name = path.strip_prefix(folder)?.strip_prefix('/')?;
    let is_ours = !name.contains('/') && !name.ends_with("-shm") && !name.contains("(deleted)");
    (is_ours && name != "trace").then(|| name.to_owned())
}

/// What stands in the first `<…>`: the path of a descriptor.
fn path(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('<')?;
    let (path, _) = rest.split_once('>')?;
    Some(String::from_utf8_lossy(&unescaped(path)).into_owned())
}

/// The strings of a call.
fn quoted(given: &str) -> impl Iterator<Item = String> {
    let strings = given.split('"').skip(1).step_by(2);
    strings.map(|text| String::from_utf8_lossy(&unescaped(text)).into_owned())
}

/// The data of a write.
fn bytes(given: &str) -> Vec<u8> {
    let text = given.split('"').nth(1).unwrap_or("");
    assert!(!given.contains("\"..."), "the trace cut data off");
    unescaped(text)
}

fn last_number(given: &str) -> usize {
    given.rsplit(", ").next().unwrap().parse().unwrap()
}

/// `\x2f` and so on; anything else stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if let [b'\\', b'x', high, low, after @ ..] = rest {
            let digits = [*high, *low];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}
