//! Memory, open files and CPU of a running process. Where there is no `/proc`, none.

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

/// The CPU time that a process used so far, in seconds.
pub(crate) fn cpu(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name in parentheses; user and system time are fields 14 and 15, in the
    // hundredths of a second that Linux reports to every program.
    let (_, rest) = stat.rsplit_once(") ")?;
    let ticks = rest.split(' ').skip(11).take(2);
    let ticks: u32 = ticks.filter_map(|text| text.parse::<u32>().ok()).sum();
    Some(f64::from(ticks) / 100.0)
}
