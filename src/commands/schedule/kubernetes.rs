//! Cron jobs of Kubernetes: the samples, filled in for one campaign.

use std::path::{Path, PathBuf};

use super::cron::times;
use super::starts::{DIGEST, StartPlan, marked};
use crate::words::{Lang, schedule as words, typed_word};

const RUN: &str = include_str!("../../../samples/kubernetes/run.yaml");
const ASK: &str = include_str!("../../../samples/kubernetes/reconcile.yaml");
/// The campaign of the samples.
const SAMPLE: &str = "hongbao-lantern";

/// Jobs over one volume, which has the campaign file, the list and the ledger. What is not in
/// their folder is told above each.
pub(super) fn jobs(plan: &StartPlan, lang: Lang) -> String {
    let plan = &StartPlan {
        name: short(&plan.name),
        ..plan.clone()
    };
    let run = format!("run{}", plan.flags);
    let mut runs = String::new();
    for (place, when) in times(&plan.starts).iter().enumerate() {
        let name = match place {
            0 => plan.name.clone(),
            // A job has one expression for its times. No campaign's own name has a dot.
            _ => format!("{}.{}", plan.name, place + 1),
        };
        runs = runs + &job(plan, RUN, &run, Some((&name, when))) + "---\n";
    }
    let ask = job(plan, ASK, "reconcile", None);
    let folder = plan.file.parent().unwrap_or(Path::new("/"));
    let line = |path: &PathBuf| {
        let words = words::outside_folder(path.display(), folder.display());
        format!("# {}\n", words.within(lang))
    };
    let missing: String = plan.outside.iter().map(line).collect();
    let missing = missing + &secret(plan, lang);
    format!("{missing}{runs}{missing}{ask}")
}

/// A cron job's name has 52 characters at most, `-reconcile` or a number with it.
fn short(name: &str) -> String {
    const NAME_MAX: usize = 52 - "-reconcile".len();
    if name.len() <= NAME_MAX {
        return name.to_owned();
    }
    let begin = &name[..NAME_MAX - DIGEST - 1];
    marked(begin.trim_end_matches('-'), name)
}

/// The command that makes the secret of everything that a live run reads from it.
fn secret(plan: &StartPlan, lang: Lang) -> String {
    let own = plan.credentials.iter().map(|(_, name, path)| (name, path));
    let others = plan.others.iter().map(|(name, path)| (name, path));
    let entry = |(name, path): (&String, &PathBuf)| {
        let given = format!("{name}={}", path.display());
        format!(" --from-file={}", typed_word(&given))
    };
    let entries: String = own.chain(others).map(entry).collect();
    if entries.is_empty() {
        return String::new();
    }
    let command = format!("kubectl create secret generic {}{entries}", plan.name);
    format!("# {}\n", words::secret_of(command).within(lang))
}

fn job(plan: &StartPlan, sample: &str, command: &str, run: Option<(&str, &str)>) -> String {
    let mut words = command.split_whitespace();
    let verb = words.next().unwrap_or_default().to_owned();
    let file = plan.file.file_name().unwrap_or_default().to_string_lossy();
    let args = [verb, format!("/campaign/{file}")].into_iter();
    let args: Vec<String> = args
        .chain(words.map(ToOwned::to_owned))
        .map(|arg| format!("{arg:?}"))
        .collect();
    let filled = |key: &str, value: &str| match (key, run) {
        ("schedule", Some((_, when))) => format!("{when:?}"),
        ("name", Some((name, _))) if value == SAMPLE => name.to_owned(),
        ("timeZone", _) => format!("{:?}", plan.zone),
        ("args", _) => format!("[{}]", args.join(", ")),
        ("terminationGracePeriodSeconds", _) => plan.drain_seconds.to_string(),
        ("name" | "claimName" | "secretName", _) => value.replace(SAMPLE, &plan.name),
        _ => value.to_owned(),
    };
    let line = |line: &str| match line.split_once(": ") {
        Some((key, value)) => format!("{key}: {}\n", filled(key.trim_start(), value)),
        None => format!("{line}\n"),
    };
    sample.lines().map(line).collect()
}
