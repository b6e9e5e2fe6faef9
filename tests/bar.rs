//! The progress bar stays in its place, in either language and on a narrow terminal too.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;

use nix::pty::{Winsize, openpty};

use crate::support::{Campaign, program, total_yuan};

/// A live run on a terminal of so many columns: what it wrote there.
fn run_at(columns: u16, lang: &str) -> String {
    let mut campaign = Campaign::of(30);
    campaign.set("pace.per_second", "10");
    campaign.set("pace.in_flight", "2");
    let total = total_yuan(campaign.total_fen());
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let terminal = openpty(Some(&size), None).unwrap();
    let mut child = Command::new(program())
        .arg("run")
        .arg(campaign.path("campaign.toml"))
        .args(["--live", "--confirm-total", &total, "--lang", lang])
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stderr(Stdio::from(terminal.slave))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut screen = File::from(terminal.master);
    let reader = thread::spawn(move || {
        let (mut text, mut bytes) = (Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            text.extend(&bytes[..count]);
        }
        String::from_utf8(text).unwrap()
    });
    assert_eq!(child.wait().unwrap().code(), Some(0));
    reader.join().unwrap()
}

/// The rows of a terminal after this was written to it.
struct Screen {
    columns: usize,
    rows: Vec<Vec<char>>,
    at: (usize, usize),
    /// The most bars that were seen at once, and how often one was drawn.
    bars: (usize, usize),
}

impl Screen {
    fn after(text: &str, columns: usize) -> Screen {
        let mut screen = Screen {
            columns,
            rows: vec![vec![' '; columns]],
            at: (0, 0),
            bars: (0, 0),
        };
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\u{1B}' => {
                    let mut code = String::new();
                    chars.next();
                    for c in chars.by_ref() {
                        code.push(c);
                        if c.is_ascii_alphabetic() {
                            break;
                        }
                    }
                    screen.obey(&code);
                }
                '\r' => screen.at.1 = 0,
                '\n' => screen.down(),
                c => screen.write(c),
            }
        }
        screen
    }

    fn obey(&mut self, code: &str) {
        let (count, kind) = code.split_at(code.len() - 1);
        let count: usize = count.parse().unwrap_or(1);
        let (row, column) = self.at;
        match kind {
            "A" => self.at.0 = row.saturating_sub(count),
            "K" if code == "2K" => self.rows[row].fill(' '),
            "K" => self.rows[row][column.min(self.columns - 1)..].fill(' '),
            _ => {}
        }
    }

    fn down(&mut self) {
        self.at.0 += 1;
        while self.rows.len() <= self.at.0 {
            self.rows.push(vec![' '; self.columns]);
        }
    }

    fn write(&mut self, c: char) {
        let width = if c.is_ascii() || c == '█' || c == '░' {
            1
        } else {
            2
        };
        if self.at.1 + width > self.columns {
            self.down();
            self.at.1 = 0;
        }
        let (row, column) = self.at;
        self.rows[row][column] = c;
        self.at.1 += width;
        if c == '/' {
            self.bars.1 += 1;
        }
        let is_bar = |row: &&Vec<char>| row.iter().collect::<String>().contains("/30 ");
        let bars = self.rows.iter().filter(is_bar).count();
        self.bars.0 = self.bars.0.max(bars);
    }
}

#[test]
fn the_bar_is_drawn_again_in_its_place() {
    for columns in [80, 40] {
        for (lang, packets) in [("en", "packets"), ("zh", "个红包")] {
            let told = run_at(columns, lang);
            assert!(told.contains(packets), "{told}");
            let screen = Screen::after(&told, columns.into());
            assert!(screen.bars.1 > 5, "hardly drawn: {told:?}");
            assert_eq!(screen.bars.0, 1, "{lang} at {columns} columns: {told:?}");
            let left = screen.rows.iter().flatten().any(|c| *c == '█');
            assert!(!left, "the bar is left behind: {told:?}");
        }
    }
}
