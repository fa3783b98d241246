//! What a position costs.

use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;

use haigou_route::{Fix, Settings, Tracker, gpx};
use haigou_simulator::{What, people};

use crate::figure::Report;
use crate::repeat::ns_per_item;
use crate::{Effort, Failed, data};

const BENCH: &str = "track";

pub(crate) fn run(effort: Effort, report: &mut Report) -> Result<(), Failed> {
    let simulated = simulated();
    let ns = ns_per_item(effort, || measure(&simulated));
    report.add(BENCH, "simulated: a position", ns, "ns", None)?;
    let recorded = recorded()?;
    if recorded.is_empty() {
        report.say("no recordings (HAIGOU_DATA): tracks are measured on simulated ones alone")?;
        return Ok(());
    }
    let ns = ns_per_item(effort, || measure(&recorded));
    report.add(BENCH, "recorded: a position", ns, "ns", None)?;
    Ok(())
}

/// Measures all tracks; says how many positions that were.
fn measure(tracks: &[Vec<Fix>]) -> u64 {
    let mut positions = 0;
    for track in tracks {
        let mut tracker = Tracker::new(Settings::default());
        for fix in track {
            black_box(tracker.push(*fix));
            positions += 1;
        }
        black_box(tracker.finish());
    }
    positions
}

fn simulated() -> Vec<Vec<Fix>> {
    let roles = [people::morning_walker(1), people::runner(2), people::hiker(3)];
    roles
        .map(|role| {
            let heard = role.simulate();
            heard
                .filter_map(|event| match event.what {
                    What::Fix(fix) => Some(fix),
                    _ => None,
                })
                .collect()
        })
        .into()
}

fn recorded() -> Result<Vec<Vec<Fix>>, Failed> {
    let mut tracks = Vec::new();
    for file in data::recorded("tracks", ".gpx")? {
        let recording = gpx::read(BufReader::new(File::open(file)?))?;
        tracks.push(recording.segments.concat());
    }
    Ok(tracks)
}
