//! A new folder has a campaign that runs as it is, and nothing of anybody's is written over.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use nix::pty::openpty;
use serde_json::Value;

use crate::support::{Ran, clean, hongbao, program};

fn init(folder: &Path) -> Ran {
    hongbao(&["init", folder.to_str().unwrap()], &[]).wait()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_folder_has_a_campaign_that_runs_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("year/spring-2027");
    let ran = init(&folder).exits(0);
    let file = folder.join("campaign.toml");
    let run = format!("hongbao run {}", file.display());
    assert!(
        ran.stderr.ends_with(&format!("next: {run}\n")),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("merchant number"), "it asked nobody");
    let made = [".gitignore", "campaign.toml", "recipients.csv", "secrets"];
    assert_eq!(names(&folder), made);
    assert_eq!(mode(&folder.join("secrets")), 0o700);
    let ignored = std::fs::read_to_string(folder.join(".gitignore")).unwrap();
    assert!(ignored.contains("\n*-failed.csv\n"), "people stand in it");
    // As it says: the words of the last line, typed.
    let typed: Vec<&str> = run.split(' ').skip(1).collect();
    let ran = hongbao(&typed, &[]).wait().exits(0);
    ran.says(&["campaign spring-2027 (simulator): 10 packets", "  sent "]);
    let plain = hongbao(&["status", file.to_str().unwrap()], &[]).wait();
    assert!(plain.exits(0).stdout.contains("  sent              10"));
    // What a run leaves is nothing to be committed.
    let git = |args: &[&str]| {
        let ended = Command::new("git")
            .arg("-C")
            .arg(&folder)
            .args(args)
            .output();
        String::from_utf8(ended.unwrap().stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    fs::create_dir(folder.join("backups")).unwrap();
    for name in [
        "backups/hongbao.db.backup-20270212T000000.000Z",
        "hongbao.db.version-5-20270212T000000.000Z",
        "hongbao.db.leftover-1",
        "hongbao.db-journal",
        "hongbao.db.told",
        "rejects.csv",
        "rejects-2.csv",
        "result.csv",
        "events.jsonl",
        "claims.csv",
    ] {
        fs::write(folder.join(name), "oLx").unwrap();
    }
    let left = git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(left, "?? .gitignore\n?? campaign.toml\n?? recipients.csv\n");
}

#[test]
fn a_folder_that_holds_anything_is_refused_and_stays_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("a");
    init(&folder).exits(0);
    let file = folder.join("campaign.toml");
    fs::write(&file, "mine").unwrap();
    init(&folder)
        .exits(2)
        .says(&["not an empty folder", "hongbao init DIR"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    init(&file).exits(2).says(&["not an empty folder"]);
    // An empty one, with a name that is no campaign id.
    let folder = dir.path().join(".b");
    fs::create_dir(&folder).unwrap();
    init(&folder).exits(0);
    let text = fs::read_to_string(folder.join("campaign.toml")).unwrap();
    assert!(text.contains("\nid = \"lantern-2026\"\n"));
    if !rustix::process::geteuid().is_root() {
        let shut = dir.path().join("shut");
        fs::create_dir(&shut).unwrap();
        fs::set_permissions(&shut, Permissions::from_mode(0o500)).unwrap();
        init(&shut.join("c")).exits(1).says(&["shut"]);
    }
}

/// `init` on a terminal, with a person who types this: the exit code, and what stood there.
fn typed(folder: &Path, keys: &str) -> (Option<i32>, String) {
    let terminal = openpty(None, None).unwrap();
    let mut child = Command::new(program())
        .args(["init", folder.to_str().unwrap(), "--lang", "en"])
        .stdin(Stdio::from(terminal.slave.try_clone().unwrap()))
        .stderr(Stdio::from(terminal.slave))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut keyboard = File::from(terminal.master);
    let mut screen = keyboard.try_clone().unwrap();
    let reader = thread::spawn(move || {
        let (mut text, mut bytes) = (Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            text.extend(&bytes[..count]);
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    keyboard.write_all(keys.as_bytes()).unwrap();
    let code = child.wait().unwrap().code();
    (code, reader.join().unwrap())
}

#[test]
fn on_a_terminal_it_asks_and_takes_only_what_the_campaign_file_may_have() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("spring");
    let (code, screen) = typed(&folder, "\n123\n1900000109\n\n春节活动\n\n好\n");
    assert_eq!(code, Some(0), "{screen}");
    for told in [
        "part of every bill number [spring]:",
        "a merchant number has 8 to 10 digits",
        "merchant number [10000098]:",
        "sender that recipients see [",
        "next: hongbao run ",
    ] {
        assert!(screen.contains(told), "no {told:?} in:\n{screen}");
    }
    let text = fs::read_to_string(folder.join("campaign.toml")).unwrap();
    for line in [
        "id = \"spring\"",
        "mch_id = \"1900000109\"",
        "wxappid = \"wx8888888888888888\"",
        "act_name = \"春节活动\"",
        "send_name = \"天虹百货\"",
        "wishing = \"好\"",
    ] {
        assert!(
            text.contains(&format!("\n{line}\n")),
            "no {line} in:\n{text}"
        );
    }
    let file = folder.join("campaign.toml");
    hongbao(&["plan", file.to_str().unwrap()], &[])
        .wait()
        .exits(0);
    // The end of the input is an answer, too.
    let folder = dir.path().join("autumn");
    let (code, screen) = typed(&folder, "autumn\n\u{4}");
    assert_eq!(code, Some(2), "{screen}");
    assert!(screen.contains("nothing was written"), "{screen}");
    assert!(!folder.exists());
}

/// What is to be typed next is read by a shell, and what a crontab has, too.
#[test]
fn the_command_to_type_next_is_one_whatever_the_folder_is_called() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("my `camp` of $HOME; it's (1)");
    let program = program();
    let program = program.to_str().unwrap();
    let typed = |line: &str| {
        let mut shell = Command::new("sh");
        clean(&mut shell);
        let ran = shell.args(["-c", line]).output().unwrap();
        assert!(ran.status.success(), "{line}: {ran:?}");
        String::from_utf8(ran.stdout).unwrap() + &String::from_utf8(ran.stderr).unwrap()
    };
    let next = |said: &str| {
        let line = said.lines().rev().find_map(|it| it.strip_prefix("next: "));
        line.unwrap().replace("hongbao ", &format!("{program} "))
    };
    let said = hongbao(&["init", folder.to_str().unwrap()], &[]);
    let said = typed(&next(&said.wait().exits(0).stderr));
    typed(&next(&said));
    let file = folder.join("campaign.toml");
    let file = file.to_str().unwrap();
    let print = hongbao(&["schedule", file, "--print", "cron"], &[]);
    let lines = print.wait().exits(0).stdout;
    let line = lines.lines().rfind(|it| it.contains(" run ")).unwrap();
    let line = line.splitn(6, ' ').last().unwrap();
    assert!(line.starts_with("out=$(/"), "{line}");
    // cron mails what is printed: of a run with nothing to look into, nothing is.
    assert_eq!(typed(&line.replace("\\%", "%")), "");
    let list = hongbao(&["list", "--json", file], &[]).wait().exits(0);
    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    let next = list["campaigns"][0]["next"].as_str().unwrap();
    typed(&next.replace("hongbao ", &format!("{program} ")));
}
