//! The progress bar stays in its place, in either language and on a narrow terminal too.

use std::fs::File;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use nix::pty::{Winsize, openpty};

use crate::support::{Campaign, for_each_at_once, program, total_yuan, until};

/// A process on a terminal, and what it writes there.
struct OnTerminal {
    child: Child,
    reader: JoinHandle<String>,
}

impl OnTerminal {
    /// Starts it with the terminal as its stdout or its stderr.
    fn start(columns: u16, args: &[&str], is_stdout: bool) -> OnTerminal {
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let terminal = openpty(Some(&size), None).unwrap();
        let mut command = Command::new(program());
        command.args(args).env("TERM", "xterm").stdin(Stdio::null());
        let to = Stdio::from(terminal.slave);
        let command = if is_stdout {
            command.stdout(to).stderr(Stdio::null())
        } else {
            command.stdout(Stdio::null()).stderr(to)
        };
        let child = command.spawn().unwrap();
        let mut screen = File::from(terminal.master);
        let reader = thread::spawn(move || {
            let (mut text, mut bytes) = (Vec::new(), [0; 4096]);
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                text.extend(&bytes[..count]);
            }
            String::from_utf8(text).unwrap()
        });
        OnTerminal { child, reader }
    }

    /// What it wrote until it ended well.
    fn written(mut self) -> String {
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.reader.join().unwrap()
    }
}

/// A live run on a terminal of so many columns, and a status that watches it on another: what they
/// wrote there.
fn run_at(columns: u16, lang: &str) -> [String; 2] {
    let mut campaign = Campaign::of(30);
    campaign.set("pace.per_second", "10");
    campaign.set("pace.in_flight", "2");
    campaign.verb("load", &[]).exits(0);
    let total = total_yuan(campaign.total_fen());
    let path = campaign.path("campaign.toml").display().to_string();
    let run = ["run", &path, "--live", "--confirm-total", &total];
    let run = OnTerminal::start(columns, &[&run, &["--lang", lang][..]].concat(), false);
    until("it is under way", || {
        campaign.wechat.books().paid_packets > 2
    });
    let status = ["status", &path, "--watch", "--lang", lang];
    let status = OnTerminal::start(columns, &status, true);
    [run, status].map(OnTerminal::written)
}

/// The rows of a terminal after this was written to it.
struct Screen {
    columns: usize,
    rows: Vec<Vec<char>>,
    at: (usize, usize),
    /// What a drawing has once.
    mark: &'static str,
    /// The most drawings that were seen at once.
    at_once: usize,
}

impl Screen {
    fn after(text: &str, columns: usize, mark: &'static str) -> Screen {
        let mut screen = Screen {
            columns,
            rows: vec![vec![' '; columns]],
            at: (0, 0),
            mark,
            at_once: 0,
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
        self.at_once = self.at_once.max(self.drawings());
    }

    fn drawings(&self) -> usize {
        let is_one = |row: &&Vec<char>| row.iter().collect::<String>().contains(self.mark);
        self.rows.iter().filter(is_one).count()
    }
}

#[test]
fn a_bar_and_a_watched_status_are_drawn_again_in_their_place_until_the_run_ends() {
    let sizes = [(80, "en"), (40, "en"), (80, "zh"), (40, "zh")];
    for_each_at_once(sizes, |(columns, lang)| {
        let [bar, status] = run_at(columns, lang);
        let packets = if lang == "en" { "packets" } else { "个红包" };
        assert!(bar.contains(packets), "{bar}");
        let screen = Screen::after(&bar, columns.into(), "/30 ");
        assert!(bar.matches("/30 ").count() > 5, "hardly drawn: {bar:?}");
        assert_eq!(screen.at_once, 1, "{lang} at {columns} columns: {bar:?}");
        let left = screen.rows.iter().flatten().any(|c| *c == '█');
        assert!(!left, "the bar is left behind: {bar:?}");

        let screen = Screen::after(&status, columns.into(), "lantern");
        let about = format!("{lang} at {columns} columns: {status:?}");
        assert_eq!(screen.at_once, 1, "{about}");
        assert_eq!(screen.drawings(), 1, "the table stays: {about}");
        let looks: Vec<&str> = status.split("lantern").collect();
        assert!(looks.len() > 3, "it is drawn anew: {about}");
        let [watched, rate, last] = match lang {
            "en" => ["through, ", "/s  ", "30 packets"],
            _ => ["已处理 ", "/秒  剩余 ", "30 个红包"],
        };
        for look in &looks[2..looks.len() - 1] {
            assert!(look.contains(watched) && look.contains(rate), "{about}");
            assert!(!look.contains("  0.0/"), "{about}");
        }
        let end = looks[looks.len() - 1];
        assert!(end.contains(last) && !end.contains(watched), "{about}");
    });
}
