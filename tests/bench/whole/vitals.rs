//! Memory and open files of a running process, over time. Where there is no `/proc`, none.

use std::fs;
use std::time::Duration;

use super::figure::{Figures, number};

/// One look.
#[derive(Debug, Clone, Copy)]
struct Look {
    at: Duration,
    rss_mib: f64,
    files: f64,
}

/// Every look so far, in order.
#[derive(Debug, Default)]
pub(crate) struct Vitals(Vec<Look>);

impl Vitals {
    /// Looks at a process; one that has just ended has nothing to show.
    pub(crate) fn look(&mut self, process: u32, at: Duration) {
        let folder = format!("/proc/{process}");
        let status = fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = resident.and_then(|text| text.trim().strip_suffix(" kB")?.parse().ok());
        let files = fs::read_dir(format!("{folder}/fd")).map_or(0, Iterator::count);
        if let Some(kib) = kib
            && files > 0
        {
            self.0.push(Look {
                at,
                rss_mib: number(kib) / 1024.0,
                files: number(files as u64),
            });
        }
    }

    /// Least and most in each of so many parts of the time.
    pub(crate) fn slices(&self, count: u32) -> Vec<String> {
        let Some(last) = self.0.last() else {
            return vec!["memory and open files: not known here".to_owned()];
        };
        let length = last.at / count + Duration::from_millis(1);
        let slice = |index: u32| {
            let (from, to) = (length * index, length * (index + 1));
            let looks = self.0.iter().filter(|look| look.at >= from && look.at < to);
            let looks: Vec<&Look> = looks.collect();
            (!looks.is_empty()).then(|| {
                let rss = Figures::of(looks.iter().map(|look| look.rss_mib));
                let files = Figures::of(looks.iter().map(|look| look.files));
                format!(
                    "until {:>7.1} s: memory {:>5.1}..{:>5.1} MiB, open files {:>3}..{:>3}",
                    to.as_secs_f64(),
                    rss.least(),
                    rss.most(),
                    files.least(),
                    files.most()
                )
            })
        };
        (0..count).filter_map(slice).collect()
    }
}
