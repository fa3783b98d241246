//! The processor time that a process has used, as Linux tells it; zeros elsewhere.

use std::path::Path;

/// Linux counts processor time in hundredths of a second here.
const TICKS_PER_S: f64 = 100.0;

/// Seconds of processor time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Cpu {
    /// Of the whole process.
    pub(super) process_s: f64,
    /// Of its thread named `desk`.
    pub(super) desk_s: f64,
}

impl Cpu {
    /// What a process has used so far.
    pub(super) fn of(process: u32) -> Self {
        let folder = format!("/proc/{process}");
        let threads = std::fs::read_dir(format!("{folder}/task"))
            .into_iter()
            .flatten()
            .flatten();
        let desk = threads
            .filter_map(|thread| used(&thread.path()))
            .find(|(name, _)| name == "desk");
        Self {
            process_s: used(Path::new(&folder)).map_or(0.0, |(_, seconds)| seconds),
            desk_s: desk.map_or(0.0, |(_, seconds)| seconds),
        }
    }

    /// What the process has used since then.
    pub(super) fn since(self, process: u32) -> Self {
        let now = Self::of(process);
        Self {
            process_s: now.process_s - self.process_s,
            desk_s: now.desk_s - self.desk_s,
        }
    }
}

/// The name of a process or thread, and the seconds that it has used.
fn used(folder: &Path) -> Option<(String, f64)> {
    parse(&std::fs::read_to_string(folder.join("stat")).ok()?)
}

/// The name stands in brackets and may hold anything; the 12th and 13th figure after it are user's and system's time.
fn parse(stat: &str) -> Option<(String, f64)> {
    let (before, after) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let mut figures = after.split_whitespace().skip(11);
    let mut ticks = || figures.next()?.parse::<f64>().ok();
    Some((name.to_owned(), (ticks()? + ticks()?) / TICKS_PER_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let stat = "42 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 1 0 0";
        assert_eq!(parse(stat), Some(("a) b (c".to_owned(), 4.0)));
        assert_eq!(parse("nonsense"), None);
    }
}
