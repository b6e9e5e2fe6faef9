//! What starts a campaign by the clock: the files under `samples/`, and what `schedule --print`
//! makes of them.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hongbao::exit::ExitCode;

use crate::support::{Campaign, hongbao, program, say};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn sample(name: &str) -> String {
    fs::read_to_string(samples().join(name)).unwrap()
}

/// The settings of a unit or a line of YAML that are for every campaign.
fn common(text: &str) -> BTreeSet<String> {
    const OWN: [&str; 14] = [
        "#",
        "Description=",
        "ExecStart=",
        "EnvironmentFile=",
        "LoadCredential=",
        "StateDirectory=",
        "ReadWritePaths=",
        "TimeoutStopSec=",
        "OnCalendar=",
        "name: hongbao-",
        "claimName: ",
        "secretName: ",
        "terminationGracePeriodSeconds: ",
        "args: ",
    ];
    let lines = text.lines().map(str::trim);
    let is_common = |line: &&str| !OWN.iter().any(|own| line.starts_with(own));
    let of_time = ["schedule: ", "timeZone: "];
    lines
        .filter(is_common)
        .filter(|line| !of_time.iter().any(|own| line.starts_with(own)))
        .map(ToOwned::to_owned)
        .collect()
}

/// The values of a setting.
fn values(text: &str, key: &str) -> BTreeSet<u8> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(key));
    let numbers = line
        .unwrap_or_default()
        .split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

fn printed(campaign: &Campaign, system: &str) -> String {
    campaign
        .verb("schedule", &["--print", system])
        .exits(0)
        .stdout
}

/// The units of a text that `schedule` printed, in a folder of their own.
fn cut(units: &str, into: &Path) -> Vec<PathBuf> {
    let parts = units.split("\n# ==== ").skip(1);
    let write = |part: &str| {
        let (name, text) = part.split_once('\n').unwrap();
        fs::write(into.join(name), text).unwrap();
        into.join(name)
    };
    parts.map(write).collect()
}

#[test]
fn what_is_printed_is_the_samples() {
    let campaign = Campaign::of(2);
    campaign.verb("load", &[]).exits(0);
    let units = tempfile::tempdir().unwrap();
    let files = cut(&printed(&campaign, "systemd"), units.path());
    assert_eq!(files.len(), 4);
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let of = name.replace("hongbao-lantern-reconcile", "hongbao-reconcile@");
        let of = of.replace("hongbao-lantern", "hongbao@");
        let sample = sample(&format!("systemd/{of}"));
        let printed = fs::read_to_string(&path).unwrap();
        assert_eq!(common(&printed), common(&sample), "{name}");
        let keys = printed.matches("LoadCredential=").count();
        assert_eq!(
            keys,
            if name.ends_with("service") { 3 } else { 0 },
            "{name}"
        );
    }
    let jobs = printed(&campaign, "k8s");
    let (run, ask) = jobs.split_once("---\n").unwrap();
    assert_eq!(common(run), common(&sample("kubernetes/run.yaml")));
    assert_eq!(common(ask), common(&sample("kubernetes/reconcile.yaml")));
    let same = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with('#'));
        lines.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(same(&printed(&campaign, "cron")), same(&sample("crontab")));
}

/// The samples, the table of `explain exit-codes` and the program's own codes say the same.
#[test]
fn each_exit_code_is_in_the_table_and_the_samples_follow_it() {
    for lang in ["en", "zh"] {
        let said = hongbao(&["explain", "exit-codes", "--lang", lang], &[]);
        let said = said.wait().exits(0).stdout;
        let (success, again) = if lang == "en" {
            ("success", "again")
        } else {
            ("成功", "重试")
        };
        let mut known: Vec<u8> = Vec::new();
        let [mut clean, mut restarted, mut given_up] = [const { BTreeSet::<u8>::new() }; 3];
        for line in said.lines() {
            let Some(row) = line.strip_prefix("  ").filter(|row| !row.starts_with(' ')) else {
                continue;
            };
            let mut cells = row.split("  ").filter(|cell| !cell.is_empty());
            let codes = cells.next().unwrap().split(' ').map(str::parse::<u8>);
            let Ok(codes) = codes.collect::<Result<Vec<u8>, _>>() else {
                continue;
            };
            let (systemd, k8s) = (cells.next().unwrap(), cells.next().unwrap().trim());
            known.extend(&codes);
            if systemd.trim() == success {
                clean.extend(&codes);
            } else if systemd.contains(again) {
                restarted.extend(&codes);
            }
            if k8s.contains("not tried again") || k8s.contains("不重试") {
                given_up.extend(&codes);
            }
        }
        known.sort_unstable();
        let all = ExitCode::ALL.map(ExitCode::code).to_vec();
        assert_eq!(known, all, "{said}");
        for unit in ["hongbao@.service", "hongbao-reconcile@.service"] {
            let unit = sample(&format!("systemd/{unit}"));
            let mut success = values(&unit, "SuccessExitStatus=");
            success.insert(0);
            assert_eq!(clean, success);
            assert_eq!(restarted, values(&unit, "RestartForceExitStatus="));
        }
        for job in ["run", "reconcile"] {
            let job = sample(&format!("kubernetes/{job}.yaml"));
            assert_eq!(given_up, values(&job, "values: "));
            assert!(job.contains("concurrencyPolicy: Forbid\n"));
        }
    }
}

#[test]
fn a_missed_run_is_not_made_up_for_and_a_missed_reconciliation_is() {
    assert!(sample("systemd/hongbao@.timer").contains("\nPersistent=no\n"));
    assert!(sample("systemd/hongbao-reconcile@.timer").contains("\nPersistent=yes\n"));
    for unit in ["hongbao@.service", "hongbao-reconcile@.service"] {
        assert!(sample(&format!("systemd/{unit}")).contains("\nType=notify\n"));
    }
}

/// A live campaign whose files are all in folders beside its own, by paths through the parent, and
/// of which somebody is told.
fn through_parents() -> Campaign {
    let mut campaign = Campaign::of(1);
    let own = campaign.dir().file_name().unwrap().to_str().unwrap();
    let own = format!("../{own}");
    for (key, file) in [
        ("ledger.path", "shared/hongbao.db"),
        ("ledger.backup_dir", "kept"),
        ("merchant.api_key_file", "secrets/api_key"),
        ("merchant.cert_file", "secrets/apiclient_cert.pem"),
        ("merchant.key_file", "secrets/apiclient_key.pem"),
        ("notify.feishu_url_file", "told/feishu_url"),
        ("notify.feishu_secret_file", "told/feishu_secret"),
    ] {
        campaign.set(key, &format!("\"{own}/{file}\""));
    }
    fs::create_dir(campaign.path("shared")).unwrap();
    campaign.verb("load", &[]).exits(0);
    campaign
}

/// A sandbox leaves a folder with `..` out, and its ledger is read-only. What is told to somebody
/// is a secret of the unit, too.
#[test]
fn units_name_folders_and_secrets_without_a_way_through_a_parent() {
    let campaign = through_parents();
    let units = printed(&campaign, "systemd");
    let dir = campaign.dir().canonicalize().unwrap();
    let dir = dir.display();
    for line in [
        format!("ReadWritePaths={dir}/shared {dir}/kept\n"),
        format!("LoadCredential=api_key:{dir}/secrets/api_key\n"),
        format!("LoadCredential=apiclient_key.pem:{dir}/secrets/apiclient_key.pem\n"),
        format!("LoadCredential=feishu_url:{dir}/told/feishu_url\n"),
        format!("LoadCredential=feishu_secret:{dir}/told/feishu_secret\n"),
    ] {
        assert_eq!(units.matches(&line).count(), 2, "{line} in:\n{units}");
    }
    assert!(!units.contains("/.."), "{units}");
}

/// systemd's own check, of the samples with the built program in its place, and of what is printed.
#[test]
fn systemd_takes_the_units() {
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        say("systemd's check of the units: skipped, systemd-analyze is not installed");
        return;
    }
    let campaign = through_parents();
    let folder = tempfile::tempdir().unwrap();
    let mut units = cut(&printed(&campaign, "systemd"), folder.path());
    for entry in fs::read_dir(samples().join("systemd")).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let text = text.replace("/usr/local/bin/hongbao", program().to_str().unwrap());
        let name = entry.file_name().into_string().unwrap();
        fs::write(folder.path().join(&name), text).unwrap();
        units.push(folder.path().join(name.replace('@', "@lantern")));
        fs::copy(folder.path().join(&name), units.last().unwrap()).unwrap();
    }
    assert_eq!(units.len(), 8);
    let mut verify = Command::new("systemd-analyze");
    let verified = verify
        .args(["verify", "--man=no"])
        .args(&units)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && told.is_empty(), "{told}");
    for unit in units
        .iter()
        .filter(|unit| unit.extension().unwrap() == "service")
    {
        let mut security = Command::new("systemd-analyze");
        let options = ["security", "--offline=yes", "--threshold=25", "--no-pager"];
        let exposed = security.args(options).arg(unit).output().unwrap();
        let told = String::from_utf8_lossy(&exposed.stdout);
        assert!(exposed.status.success(), "{}: {told}", unit.display());
    }
}

/// The files outside `src` that its files take in, as seen from the root.
fn included(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(included(&path));
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let taken = text.split("include_str!(\"").skip(1);
        let taken = taken.filter_map(|rest| rest.split('"').next());
        let depth = path.components().rev().skip(1);
        let depth = depth.take_while(|part| part.as_os_str() != "src").count();
        let out = "../".repeat(depth + 1);
        found.extend(
            taken
                .filter_map(|it| it.strip_prefix(&out))
                .map(str::to_owned),
        );
    }
    found
}

/// The image is made of what is here, and runs as nobody.
#[test]
fn the_dockerfile_copies_what_is_there() {
    let text = sample("Dockerfile");
    let root = samples().parent().unwrap().to_owned();
    for line in text.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let from: Vec<&str> = line.split(' ').collect();
        for source in &from[..from.len() - 1] {
            let is_of_the_build = from[0].starts_with("--from");
            assert!(is_of_the_build || root.join(source).exists(), "{line}");
        }
    }
    // What the sources of the program take in from beside them is copied too.
    let copied = |path: &str| {
        let mut lines = text.lines().filter(|line| line.starts_with("COPY "));
        lines.any(|line| line.split(' ').any(|word| word == path))
    };
    for taken in included(&root.join("src")) {
        let top = taken.split('/').next().unwrap();
        assert!(copied(top), "{taken} is not in the image's source");
    }
    for line in [
        "FROM scratch",
        "USER 65532:65532",
        "ENTRYPOINT [\"/hongbao\"]",
    ] {
        assert!(text.lines().any(|it| it == line), "no {line:?}");
    }
    assert!(text.contains("-C target-feature=+crt-static"));
    assert!(text.contains("--target x86_64-unknown-linux-gnu"));
}
