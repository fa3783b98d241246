//! What a sample costs.

use std::hint::black_box;

use haigou_lab::samples::Samples;
use haigou_motion::{GaitHint, Sample, StepCounter};
use haigou_simulator::{Phone, What, people};

use crate::figure::{Goal, Report};
use crate::repeat::ns_per_item;
use crate::{Effort, Failed, data};

const BENCH: &str = "steps";

pub(crate) fn run(effort: Effort, report: &mut Report) -> Result<(), Failed> {
    measure(effort, report, "simulated at 100 Hz", &simulated())?;
    let recorded = recorded()?;
    if recorded.is_empty() {
        report.say("no recordings (HAIGOU_DATA): steps are measured on simulated walks alone")?;
        return Ok(());
    }
    measure(effort, report, "recorded at about 100 Hz", &recorded)
}

fn measure(effort: Effort, report: &mut Report, case: &str, walks: &[Vec<Sample>]) -> Result<(), Failed> {
    let samples: usize = walks.iter().map(Vec::len).sum();
    let ns = ns_per_item(effort, || count(walks));
    let allocated = allocation_counter::measure(|| {
        black_box(count(walks));
    });
    let per_sample = allocated.count_total as f64 / samples.max(1) as f64;
    report.add(
        BENCH,
        format!("{case}: a sample"),
        ns,
        "ns",
        Some(Goal::Below(1_000.0)),
    )?;
    report.add(
        BENCH,
        format!("{case}: allocations"),
        per_sample,
        "per sample",
        Some(Goal::AtMost(0.0)),
    )?;
    Ok(())
}

/// Counts the steps of all walks; says how many samples that were.
fn count(walks: &[Vec<Sample>]) -> u64 {
    let mut samples = 0;
    for walk in walks {
        let mut counter = StepCounter::new(GaitHint::Auto);
        for sample in walk {
            counter.push(*sample, &mut |step| {
                black_box(step);
            });
        }
        counter.finish(&mut |step| {
            black_box(step);
        });
        samples += counter.stats().samples;
    }
    samples
}

fn simulated() -> Vec<Vec<Sample>> {
    let phone = Phone {
        rate_hz: Some(100),
        ..Phone::default()
    };
    let roles = [people::morning_walker(1), people::runner(2), people::commuter(3)];
    roles
        .map(|role| {
            let heard = role.with_phone(phone).simulate();
            heard
                .filter_map(|event| match event.what {
                    What::Sample(sample) => Some(sample),
                    _ => None,
                })
                .collect()
        })
        .into()
}

fn recorded() -> Result<Vec<Vec<Sample>>, Failed> {
    let mut walks = Vec::new();
    for file in data::recorded("steps", ".csv.gz")? {
        let mut recording = Samples::open(&file, None)?;
        let mut walk = Vec::new();
        while let Some(sample) = recording.next_sample()? {
            walk.push(sample);
        }
        walks.push(walk);
    }
    Ok(walks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simulated_walks_come_at_100_hz_and_have_steps() {
        for walk in simulated() {
            let (first, last) = (walk.first().unwrap(), walk.last().unwrap());
            let seconds = (last.t_us - first.t_us) as f64 / 1e6;
            let rate = walk.len() as f64 / seconds;
            assert!((90.0..110.0).contains(&rate), "{rate}");
            let mut counter = StepCounter::new(GaitHint::Auto);
            walk.iter().for_each(|sample| counter.push(*sample, &mut |_| {}));
            assert!(counter.stats().steps > 1_000);
        }
    }
}
