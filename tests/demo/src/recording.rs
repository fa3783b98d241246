//! Real recordings of an accelerometer, played as if somebody walked now.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use haigou_lab::input::Table;
use haigou_lab::samples::Samples;
use haigou_motion::Sample;

use crate::Failed;

/// Between two recordings.
const PAUSE_US: i64 = 10_000;

/// The folder with recordings, if there is one: `HAIGOU_DATA`, else beside the project.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder =
        std::env::var_os("HAIGOU_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let steps = folder.join("steps");
    steps.is_dir().then_some(steps)
}

/// Samples to be played, and the steps that were really made meanwhile.
pub(crate) struct Playing {
    pub(crate) samples: Vec<Sample>,
    pub(crate) steps: u64,
}

/// A recording with its truth.
struct Piece {
    samples: Vec<Sample>,
    steps: u64,
}

/// The samples of recordings one after the other, over and over and each as a whole, with times that go on, until
/// `length_us` is reached.
pub(crate) fn play(folder: &Path, files: &[&str], length_us: i64) -> Result<Playing, Failed> {
    let truths = truths(&folder.join("manifest.csv"))?;
    let mut pieces = Vec::new();
    for &file in files {
        let mut recording = Samples::open(&folder.join(file), None)?;
        let mut samples = Vec::new();
        while let Some(sample) = recording.next_sample()? {
            samples.push(sample);
        }
        let steps = *truths
            .get(file)
            .ok_or_else(|| format!("{file} isn't in the recordings' manifest"))?;
        pieces.push(Piece { samples, steps });
    }
    let mut playing = Playing {
        samples: Vec::new(),
        steps: 0,
    };
    let mut now_us = 0;
    for piece in pieces
        .iter()
        .cycle()
        .take_while(|piece| !piece.samples.is_empty())
    {
        let began_us = piece.samples.first().map_or(0, |sample| sample.t_us);
        let ended_us = piece.samples.last().map_or(0, |sample| sample.t_us);
        let later = |sample: &Sample| Sample {
            t_us: sample.t_us - began_us + now_us,
            ..*sample
        };
        playing.samples.extend(piece.samples.iter().map(later));
        playing.steps += piece.steps;
        now_us += ended_us - began_us + PAUSE_US;
        if now_us >= length_us {
            break;
        }
    }
    Ok(playing)
}

/// The steps of each recording, by its file's name.
fn truths(manifest: &Path) -> Result<HashMap<String, u64>, Failed> {
    let mut table = Table::open_with_texts(manifest)?;
    let (file, steps) = (table.column("file"), table.column("steps"));
    let (Some(file), Some(steps)) = (file, steps) else {
        return Err(format!("{} lacks `file` or `steps`", manifest.display()).into());
    };
    let mut truths = HashMap::new();
    while table.next_row()? {
        truths.insert(table.text(file).to_owned(), table.text(steps).parse()?);
    }
    Ok(truths)
}
