//! Counts against the truth, file by file and over all.

use crate::LabError;
use crate::input::Table;
use crate::steps::{self, rounded};
use crate::track;
use haigou_motion::GaitHint;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a manifest's row asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The recording, its place taken from the manifest's.
    pub file: PathBuf,
    /// Its name in the manifest.
    pub name: String,
    /// What was measured by somebody else.
    pub truth: Truth,
    /// The magnitude that stands for 1 g, if the row says so.
    pub rest: Option<f64>,
    /// What the results are summed up by.
    pub group: Option<String>,
}

/// A true figure, and what it is one of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truth {
    /// Steps of a recording of an accelerometer.
    Steps(f64),
    /// Metres of a track.
    Metres(f64),
}

/// A file's result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// Its name in the manifest.
    pub file: String,
    /// The true figure.
    pub truth: f64,
    /// The figure found.
    pub counted: f64,
    /// By how much of the truth it is off: positive if too much was found. `None` where the truth is 0.
    pub error_pct: Option<f64>,
    /// What it is summed up by.
    pub group: Option<String>,
}

/// The results of several files.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Total {
    /// The mean of the errors' sizes, over the files whose truth is not 0; `None` when there is none.
    pub mean_abs_error_pct: Option<f64>,
    /// The largest of the errors' sizes.
    pub worst_pct: Option<f64>,
    /// What was found in files whose truth is 0.
    pub false_steps: f64,
    /// How many files there are.
    pub files: u64,
}

/// The results of a manifest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Over all files.
    #[serde(flatten)]
    pub all: Total,
    /// By group.
    pub groups: BTreeMap<String, Total>,
}

/// Reads a manifest: `file` and `steps`, `distance_m` or `device_distance_m`, perhaps `rest`, and the column that
/// results are summed up by.
///
/// # Errors
/// When it can't be read, lacks a column, or has a truth that is none.
pub fn tasks(manifest: &Path, group_by: &str) -> Result<Vec<Task>, LabError> {
    const METRES: [&str; 2] = ["distance_m", "device_distance_m"];
    let mut table = Table::open_with_texts(manifest)?;
    let file = table.column("file").ok_or_else(|| table.lacks("`file`"))?;
    let steps = table.column("steps");
    let metres = METRES.iter().find_map(|name| table.column(name));
    let (rest, group) = (table.column("rest"), table.column(&group_by.to_lowercase()));
    if steps.is_none() && metres.is_none() {
        return Err(table.lacks("`steps`, nor `distance_m`"));
    }
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let mut tasks = vec![];
    while table.next_row()? {
        let filled = |column: Option<usize>| column.filter(|column| !table.text(*column).is_empty());
        let not_negative = |column: usize| match table.number(column)? {
            truth if truth >= 0.0 => Ok(truth),
            truth => Err(table.invalid(column, &format!("{truth} is negative"))),
        };
        let truth = match (filled(steps), filled(metres)) {
            (Some(column), _) => Truth::Steps(not_negative(column)?),
            (None, Some(column)) => Truth::Metres(not_negative(column)?),
            (None, None) => {
                let column = steps.or(metres).unwrap_or_default();
                return Err(table.invalid(column, "is empty; the true figure is expected"));
            }
        };
        let rest = match filled(rest) {
            Some(column) => Some(positive(&table, column)?),
            None => None,
        };
        let name = table.text(file).to_owned();
        if name.is_empty() {
            return Err(table.invalid(file, "is empty; a file's name is expected"));
        }
        let group = filled(group).map(|column| table.text(column).to_owned());
        tasks.push(Task {
            file: folder.join(&name),
            name,
            truth,
            rest,
            group,
        });
    }
    if tasks.is_empty() {
        Err(LabError::Empty(manifest.to_owned()))
    } else {
        Ok(tasks)
    }
}

fn positive(table: &Table, column: usize) -> Result<f64, LabError> {
    match table.number(column)? {
        rest if rest > 0.0 => Ok(rest),
        rest => Err(table.invalid(column, &format!("{rest} can't stand for 1 g; it must be above 0"))),
    }
}

impl Task {
    /// Counts or measures the file.
    ///
    /// # Errors
    /// When the file can't be used.
    pub fn score(&self) -> Result<Scored, LabError> {
        let (truth, counted) = match self.truth {
            Truth::Steps(truth) => (
                truth,
                steps::count(&self.file, self.rest, GaitHint::Auto)?.steps as f64,
            ),
            Truth::Metres(truth) => (truth, track::measure(&self.file, None)?.distance_m),
        };
        let error_pct = (truth > 0.0).then(|| rounded(100.0 * (counted - truth) / truth, 3));
        Ok(Scored {
            file: self.name.clone(),
            truth,
            counted,
            error_pct,
            group: self.group.clone(),
        })
    }
}

impl Summary {
    /// Sums up.
    #[must_use]
    pub fn of(results: &[Scored]) -> Self {
        let mut groups: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
        for result in results {
            if let Some(group) = &result.group {
                groups.entry(group.clone()).or_default().push(result);
            }
        }
        let groups = groups
            .into_iter()
            .map(|(name, of)| (name, Total::of(of.into_iter())))
            .collect();
        Self {
            all: Total::of(results.iter()),
            groups,
        }
    }
}

impl Total {
    fn of<'a>(results: impl Iterator<Item = &'a Scored>) -> Self {
        let (mut total, mut sum, mut with_truth) = (Self::default(), 0.0, 0.0);
        for result in results {
            total.files += 1;
            match result.error_pct.map(f64::abs) {
                Some(error) => {
                    sum += error;
                    with_truth += 1.0;
                    total.worst_pct = Some(total.worst_pct.map_or(error, |worst| worst.max(error)));
                }
                None => total.false_steps += result.counted,
            }
        }
        total.mean_abs_error_pct = (with_truth > 0.0).then(|| rounded(sum / with_truth, 3));
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Task>, LabError> {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("manifest.csv");
        std::fs::write(&manifest, text).unwrap();
        tasks(&manifest, "group")
    }

    #[test]
    fn a_manifest_is_read_with_its_labels() {
        let tasks =
            read("who,file,steps,rest,group\n\"Li, Mei\",a.csv,120,22000,hand\nBo,b.csv,0,,\n").unwrap();
        assert_eq!(tasks[0].name, "a.csv");
        assert_eq!(
            (tasks[0].truth, tasks[0].rest),
            (Truth::Steps(120.0), Some(22_000.0))
        );
        assert_eq!(
            (tasks[0].group.as_deref(), tasks[1].group.as_deref()),
            (Some("hand"), None)
        );
        assert_eq!((tasks[1].truth, tasks[1].rest), (Truth::Steps(0.0), None));
        assert!(tasks[0].file.is_absolute());
    }

    #[test]
    fn a_distance_is_a_truth_too() {
        for column in ["distance_m", "device_distance_m"] {
            let tasks = read(&format!("file,{column}\nrun.gpx,14332.3\n")).unwrap();
            assert_eq!(tasks[0].truth, Truth::Metres(14_332.3));
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, said) in [
            ("file,steps\n", "is empty"),
            ("name,steps\na,1\n", "no column `file`"),
            ("file,count\na,1\n", "no column `steps`"),
            ("file,steps\na,-1\n", "line 2, field `steps`: -1 is negative"),
            (
                "file,steps\na,many\n",
                "line 2, field `steps`: \"many\" is not a number",
            ),
            ("file,steps\na,\n", "line 2, field `steps`: is empty"),
            ("file,steps\n,7\n", "line 2, field `file`: is empty"),
            (
                "file,steps,rest\na,7,0\n",
                "line 2, field `rest`: 0 can't stand for 1 g",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }

    #[test]
    fn files_without_steps_count_as_false_steps_only() {
        let result = |truth: f64, counted: f64, group: &str| Scored {
            file: "a".into(),
            truth,
            counted,
            error_pct: (truth > 0.0).then(|| 100.0 * (counted - truth) / truth),
            group: Some(group.into()),
        };
        let summary = Summary::of(&[
            result(100.0, 98.0, "hand"),
            result(200.0, 212.0, "bag"),
            result(0.0, 7.0, "bag"),
        ]);
        assert_eq!(summary.all.mean_abs_error_pct, Some(4.0));
        assert_eq!(summary.all.worst_pct, Some(6.0));
        assert!((summary.all.false_steps - 7.0).abs() < 1e-9);
        assert_eq!(summary.groups["hand"].mean_abs_error_pct, Some(2.0));
        assert_eq!(
            (summary.groups["bag"].files, summary.groups["bag"].worst_pct),
            (2, Some(6.0))
        );
        assert_eq!(Summary::of(&[]).all, Total::default());
    }
}
