//! On recordings of people, in the folder named by `HAIGOU_DATA`: a phone counts what the algorithms alone count, to the
//! step, although it keeps what sensors deliver on a grid.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small figures"
)]
#![allow(clippy::print_stdout, reason = "a test says why it is left out")]

mod common;
#[path = "../../lab/tests/data/mod.rs"]
mod data;

use std::path::Path;

use common::Pocket;
use haigou_contract::ActivityKind;
use haigou_lab::samples::Samples;
use haigou_lab::score::tasks;
use haigou_motion::{GaitHint, Sample, StepCounter};
use haigou_phone::Clock as _;
use haigou_route::{Fix, Gait, Settings, Tracker};

/// The samples of every recording; those of a phone (100 Hz) also with every other one left out, as the app asks for them.
fn recordings(data: &Path) -> Vec<(String, Vec<Sample>)> {
    let mut all = Vec::new();
    for (folder, thinned) in [("steps", true), ("not-steps", false)] {
        for task in tasks(&data.join(folder).join("manifest.csv"), "file").unwrap() {
            let mut file = Samples::open(&task.file, task.rest).unwrap();
            let samples: Vec<Sample> = std::iter::from_fn(|| file.next_sample().unwrap()).collect();
            if thinned {
                let half = samples.iter().copied().step_by(2).collect();
                all.push((format!("{} at 50 Hz", task.name), half));
            }
            all.push((task.name, samples));
        }
    }
    all
}

/// The steps that the step counter itself makes of the samples.
fn alone(samples: &[Sample]) -> u32 {
    let mut steps = 0;
    let mut counter = StepCounter::new(GaitHint::Auto);
    for sample in samples {
        counter.push(*sample, &mut |_| steps += 1);
    }
    counter.finish(&mut |_| steps += 1);
    steps
}

/// The steps of a walk with a phone that hears them, a fifth of a second at a time.
fn with_a_phone(samples: &[Sample]) -> u32 {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    // Steps are credited from some seconds before they were certain.
    pocket.clock.advance(10_000);
    let began_ms = pocket.clock.mono_ms();
    let begin_us = samples[0].t_us;
    for batch in samples.chunk_by(|a, b| (a.t_us - begin_us) / 200_000 == (b.t_us - begin_us) / 200_000) {
        let due_ms = began_ms + (batch[batch.len() - 1].t_us - begin_us) / 1_000;
        pocket.clock.advance(due_ms - pocket.clock.mono_ms());
        phone.feed_samples(batch).unwrap();
    }
    phone.finish().unwrap().line.summary.steps
}

#[test]
fn a_phone_counts_every_recorded_walk_to_the_step() {
    let Some(data) = data::folder() else { return };
    let mut sum = 0;
    for (name, samples) in recordings(&data) {
        let steps = alone(&samples);
        assert_eq!(with_a_phone(&samples), steps, "{name}");
        sum += steps;
    }
    println!("{sum} steps");
    assert!(sum > 25_000, "{sum}");
}

#[test]
fn a_phone_measures_every_recorded_track_to_the_decimetre() {
    let Some(data) = data::folder() else { return };
    for (name, gait, kind) in [
        ("run1.gpx", Gait::Run, ActivityKind::Run),
        ("run2.gpx", Gait::Run, ActivityKind::Run),
        ("walk1.gpx", Gait::Walk, ActivityKind::Walk),
    ] {
        let file = std::fs::File::open(data.join("tracks").join(name)).unwrap();
        let track = haigou_route::gpx::read(std::io::BufReader::new(file)).unwrap();
        let fixes: Vec<Fix> = track.segments.into_iter().flatten().collect();
        let mut tracker = Tracker::new(Settings {
            gait,
            auto_pause: true,
            ..Settings::default()
        });
        let pocket = Pocket::offline();
        let phone = pocket.open();
        phone.start_activity(kind).unwrap();
        for fix in &fixes {
            tracker.push(*fix);
            let due_ms = fix.t_ms - fixes[0].t_ms + 61_000;
            pocket.clock.advance((due_ms - pocket.clock.mono_ms()).max(0));
            phone.feed_fix(*fix).unwrap();
        }
        let alone = tracker.finish();
        let kept = phone.finish().unwrap().line.summary;
        let apart = (alone.distance_m - kept.distance_m).abs();
        println!("{name}: {} m, {apart} m apart", alone.distance_m);
        assert!(alone.distance_m > 1_000.0 && apart < 0.1, "{name}: {apart} m");
        assert!((alone.ascent_m - kept.ascent_m).abs() < 0.5, "{name}");
    }
}
