//! Distance and calories on real recordings, against what the devices that made them say.
//!
//! The folder is named by `HAIGOU_DATA`; without it, `../shared/data` beside the workspace. In CI it must be there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::{fs::File, io::BufReader, path::PathBuf};

use haigou_route::{Settings, Summary, Tracker, gpx};

const MOST_DISTANCE_ERROR: f64 = 0.015;
const MOST_ENERGY_ERROR: f64 = 0.15;

/// A line of the manifest: file, metres, kilocalories.
struct Truth {
    file: String,
    distance_m: f64,
    kcal: f64,
}

fn tracks() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HAIGOU_DATA")
        .map_or_else(beside, PathBuf::from)
        .join("tracks");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the recordings are missing: {}",
        folder.display()
    );
    eprintln!("left out: no recordings in {}", folder.display());
    None
}

fn manifest(folder: &std::path::Path) -> Vec<Truth> {
    let text = std::fs::read_to_string(folder.join("manifest.csv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (file, distance, kcal) = (column("file"), column("device_distance_m"), column("device_kcal"));
    let truth = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        Truth {
            file: cells[file].to_owned(),
            distance_m: cells[distance].parse().unwrap(),
            kcal: cells[kcal].parse().unwrap(),
        }
    };
    lines.map(truth).collect()
}

fn measure(path: &std::path::Path) -> Summary {
    let recording = gpx::read(BufReader::new(File::open(path).unwrap())).unwrap();
    let mut tracker = Tracker::new(Settings {
        gait: recording.gait,
        ..Settings::default()
    });
    for segment in &recording.segments {
        tracker.break_before(segment[0].t_ms);
        for fix in segment {
            tracker.push(*fix);
        }
    }
    tracker.finish()
}

#[test]
fn agrees_with_the_devices() {
    let Some(folder) = tracks() else { return };
    let truths = manifest(&folder);
    assert!(!truths.is_empty());
    for truth in truths {
        let found = measure(&folder.join(&truth.file));
        let distance = found.distance_m / truth.distance_m - 1.0;
        let energy = found.energy.gross_kcal / truth.kcal - 1.0;
        eprintln!(
            "{}: {:.0} m ({:+.2} %), {:.0} kcal ({:+.1} %), moving {:.0} of {:.0} s, climb {:.0} m, rejected {}",
            truth.file,
            found.distance_m,
            100.0 * distance,
            found.energy.gross_kcal,
            100.0 * energy,
            found.moving_s,
            found.elapsed_s,
            found.ascent_m,
            found.rejected.total(),
        );
        assert!(
            distance.abs() <= MOST_DISTANCE_ERROR,
            "{}: {} m",
            truth.file,
            found.distance_m
        );
        assert!(
            energy.abs() <= MOST_ENERGY_ERROR,
            "{}: {} kcal",
            truth.file,
            found.energy.gross_kcal
        );
    }
}
