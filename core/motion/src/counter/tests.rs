#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "made-up numbers are small"
)]

use super::*;
use crate::testing::{Person, minute, sample, sampled, steps_of, swaying};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::TAU;

const STROLL: Person = Person {
    spm: 105.0,
    strength_g: 0.25,
    limp: 0.2,
};

/// How far the count is off, in per cent.
fn error_pct(person: Person, rate_hz: f64, seed: u64) -> f64 {
    let movement = minute(person, rate_hz, seed);
    let truth = f64::from(movement.steps);
    100.0 * (steps_of(&movement.samples).len() as f64 - truth) / truth
}

#[test]
fn walks_from_slow_to_fast_are_counted() {
    for spm in [60.0, 70.0, 80.0, 95.0, 110.0, 125.0, 140.0] {
        for (strength_g, limp) in [(0.12, 0.1), (0.3, 0.0), (0.5, 0.4)] {
            let off = error_pct(
                Person {
                    spm,
                    strength_g,
                    limp,
                },
                100.0,
                1,
            );
            assert!(off.abs() <= 4.0, "{spm} {strength_g} {limp}: {off:.1} %");
        }
    }
}

#[test]
fn runs_up_to_220_a_minute_are_counted_at_any_rate() {
    for spm in [160.0, 175.0, 190.0, 205.0, 220.0] {
        for rate_hz in [20.0, 25.0, 50.0, 100.0, 400.0] {
            let off = error_pct(
                Person {
                    spm,
                    strength_g: 1.6,
                    limp: 0.15,
                },
                rate_hz,
                2,
            );
            assert!(off.abs() <= 4.0, "{spm} at {rate_hz} Hz: {off:.1} %");
        }
    }
}

#[test]
fn ten_samples_a_second_are_enough_for_a_walk() {
    for spm in [70.0, 90.0, 105.0, 120.0] {
        let off = error_pct(Person { spm, ..STROLL }, 10.0, 3);
        assert!(off.abs() <= 5.0, "{spm}: {off:.1} %");
    }
}

#[test]
fn every_step_has_its_gait() {
    for (person, gait) in [
        (STROLL, Gait::Walk),
        (
            Person {
                spm: 130.0,
                strength_g: 0.4,
                limp: 0.1,
            },
            Gait::Walk,
        ),
        (
            Person {
                spm: 160.0,
                strength_g: 1.5,
                limp: 0.1,
            },
            Gait::Run,
        ),
    ] {
        let steps = steps_of(&minute(person, 100.0, 4).samples);
        let right = steps.iter().filter(|step| step.gait == gait).count();
        assert!(right * 10 >= steps.len() * 9, "{right} of {}", steps.len());
    }
}

#[test]
fn stillness_is_no_step() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    assert!(steps_of(&sampled(50.0, 600.0, |_| 1.0 + rng.random_range(-0.03..0.03))).is_empty());
}

/// Steps counted in 100 minutes of a car that bounces on its springs at 1 to 2 Hz and hops on its axles at 12.
fn driven(body_g: f64, axle_g: f64) -> usize {
    let ride = |seed: u64| {
        let mut body = swaying(1.2 + 0.08 * seed as f64, 0.3, body_g, 50.0, seed);
        let mut axle = swaying(12.0, 0.2, axle_g, 50.0, seed + 100);
        steps_of(&sampled(50.0, 600.0, |t| 1.0 + body(t) + axle(t))).len()
    };
    (0..10).map(ride).sum()
}

#[test]
fn a_drive_is_no_walk() {
    let road = driven(0.03, 0.04);
    assert!(road <= 20, "{road} steps in 100 minutes on a road");
    let rough = driven(0.08, 0.1);
    assert!(rough <= 500, "{rough} steps in 100 minutes on a rough track");
}

#[test]
fn a_train_ride_is_no_walk() {
    // Bogies sway at about 1 Hz, joints knock twice whenever an axle pair passes.
    let ride = |seed: u64| {
        let mut sway = swaying(0.9, 0.25, 0.03, 50.0, seed);
        let pass_s = 0.9 + 0.05 * seed as f64;
        let knock = move |t: f64| {
            let since = t % pass_s;
            let hit = |at: f64| {
                if since >= at {
                    (-(since - at) * 40.0).exp()
                } else {
                    0.0
                }
            };
            0.05 * (hit(0.0) + hit(0.12)) * (TAU * 18.0 * t).sin()
        };
        steps_of(&sampled(50.0, 600.0, |t| 1.0 + sway(t) + knock(t))).len()
    };
    let counted: usize = (0..10).map(ride).sum();
    assert!(counted <= 20, "{counted} steps in 100 minutes of train");
}

#[test]
fn a_cradle_shaker_is_no_walk() {
    for hz in [1.6, 1.8, 2.0, 2.3] {
        for strength_g in [0.15, 0.4, 1.0] {
            let mut rng = ChaCha8Rng::seed_from_u64(6);
            let swing = |t: f64| strength_g * ((TAU * hz * t).sin() + 0.2 * (2.0 * TAU * hz * t).sin());
            let steps = steps_of(&sampled(50.0, 120.0, |t| {
                (1.0 + swing(t) + rng.random_range(-0.01..0.01)).abs()
            }));
            assert!(steps.len() <= 10, "{hz} Hz, {strength_g} g: {}", steps.len());
        }
    }
}

#[test]
fn regularity_tells_people_from_machines() {
    let mut counter = StepCounter::new(GaitHint::Auto);
    for sample in minute(STROLL, 100.0, 7).samples {
        counter.push(sample, &mut |_| ());
    }
    let regularity = counter.take_regularity().unwrap();
    assert!(regularity.intervals > 80, "{regularity:?}");
    assert!(
        (15..150).contains(&regularity.interval_cv_permille),
        "{regularity:?}"
    );
    assert!((50..400).contains(&regularity.peak_cv_permille), "{regularity:?}");
    assert_eq!(counter.take_regularity(), None);
}

#[test]
fn cadence_gait_and_confidence_are_there_while_moving_only() {
    let movement = minute(STROLL, 50.0, 8);
    let mut counter = StepCounter::new(GaitHint::Auto);
    for sample in &movement.samples[..50 * 40] {
        counter.push(*sample, &mut |_| ());
    }
    assert!(
        (counter.cadence_spm().unwrap() - 105.0).abs() < 4.0,
        "{:?}",
        counter.cadence_spm()
    );
    assert_eq!(counter.gait(), Some(Gait::Walk));
    assert!(counter.confidence() > 0.7);
    for i in 0..50 * 20 {
        counter.push(sample(40.0 + f64::from(i) / 50.0, 1.0), &mut |_| ());
    }
    assert_eq!((counter.cadence_spm(), counter.gait()), (None, None));
    assert!(counter.confidence() <= 0.0);
}

#[test]
fn a_gap_ends_a_series_and_keeps_its_steps() {
    let movement = minute(STROLL, 50.0, 9);
    let whole = steps_of(&movement.samples).len();
    let mut gapped = movement.samples;
    gapped.drain(50 * 30..50 * 40);
    let kept = steps_of(&gapped).len();
    // The steps in the gap, and at most two on either side of it.
    assert!((17..=21).contains(&(whole - kept)), "{whole} - {kept}");
}

#[test]
fn what_happened_to_the_samples_is_told() {
    let mut samples = minute(STROLL, 50.0, 10).samples;
    samples.insert(100, samples[99]);
    samples.insert(200, samples[150]);
    samples.insert(
        300,
        Sample {
            t_us: samples[300].t_us,
            magnitude_g: f32::NAN,
        },
    );
    let mut counter = StepCounter::new(GaitHint::Auto);
    let mut steps = 0;
    for sample in &samples {
        counter.push(*sample, &mut |_| steps += 1);
    }
    counter.finish(&mut |_| steps += 1);
    let stats = counter.stats();
    assert_eq!(
        (stats.samples, stats.unreadable, stats.repeated),
        (samples.len() as u64, 1, 1)
    );
    assert_eq!(
        (stats.late, stats.doubtful, stats.recordings, stats.steps),
        (1, 0, 1, steps)
    );
}

#[test]
fn counting_goes_on_after_a_pause() {
    let movement = minute(STROLL, 50.0, 11);
    let mut counter = StepCounter::new(GaitHint::Auto);
    let mut steps = 0_u32;
    for round in 0..2 {
        for sample in &movement.samples {
            let t_us = sample.t_us + round * 3_600_000_000;
            counter.push(Sample { t_us, ..*sample }, &mut |_| steps += 1);
        }
        counter.finish(&mut |_| steps += 1);
    }
    assert!(
        steps.abs_diff(2 * movement.steps) <= 6,
        "{steps} of {}",
        2 * movement.steps
    );
}

#[test]
fn a_damaged_or_foreign_state_is_refused() {
    let saved = StepCounter::new(GaitHint::Run).save();
    assert_eq!(StepCounter::restore(&[]), Err(crate::RestoreError::Damaged));
    assert_eq!(
        StepCounter::restore(&[9, 1, 2]),
        Err(crate::RestoreError::Version(9))
    );
    assert_eq!(
        StepCounter::restore(&saved[..saved.len() - 1]),
        Err(crate::RestoreError::Damaged)
    );
    for at in 1..saved.len() {
        let mut damaged = saved.clone();
        damaged[at] ^= 0x10;
        assert_eq!(
            StepCounter::restore(&damaged),
            Err(crate::RestoreError::Damaged),
            "byte {at}"
        );
    }
}

/// Rows as bad sensors deliver them.
fn any_row() -> impl Strategy<Value = (i64, f32)> {
    let wild = (any::<i64>(), any::<f32>());
    prop_oneof![20 => (-40_000_i64..80_000, 0.0_f32..3.0), 1 => (-5_000_000_i64..5_000_000, 0.5_f32..1.5), 1 => wild]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_restored_counter_goes_on_bit_by_bit(
        spm in 60.0..200.0_f64, rate_hz in 10.0..120.0_f64, seed: u64, cut in 0.0..1.0_f64,
    ) {
        let movement = minute(Person { spm, strength_g: 0.4, limp: 0.2 }, rate_hz, seed);
        let cut = (movement.samples.len() as f64 * cut) as usize;
        let mut whole = StepCounter::new(GaitHint::Auto);
        let mut steps = vec![];
        for sample in &movement.samples[..cut] {
            whole.push(*sample, &mut |_| ());
        }
        let saved = whole.save();
        prop_assert!(saved.len() < 3_072, "{}", saved.len());
        let mut restored = StepCounter::restore(&saved).unwrap();
        let mut steps_after = vec![];
        for sample in &movement.samples[cut..] {
            whole.push(*sample, &mut |step| steps.push(step));
            restored.push(*sample, &mut |step| steps_after.push(step));
        }
        whole.finish(&mut |step| steps.push(step));
        restored.finish(&mut |step| steps_after.push(step));
        prop_assert_eq!(steps, steps_after);
        prop_assert_eq!(restored.save(), whole.save());
    }

    #[test]
    fn any_rows_at_all_give_steps_in_order(rows in prop::collection::vec(any_row(), 0..3_000)) {
        let mut counter = StepCounter::new(GaitHint::Auto);
        let mut now = 0_i64;
        let mut last: Option<i64> = None;
        for (passed_us, magnitude_g) in rows {
            now = now.wrapping_add(passed_us);
            let recordings = counter.stats().recordings;
            let mut times = vec![];
            counter.push(Sample { t_us: now, magnitude_g }, &mut |step| times.push(step.t_us));
            for t_us in times {
                prop_assert!(last.is_none_or(|last| t_us > last));
                last = Some(t_us);
            }
            if counter.stats().recordings != recordings {
                last = None;
            }
        }
        let stats = counter.stats();
        prop_assert!(stats.unreadable + stats.repeated + stats.late + stats.doubtful <= stats.samples);
    }
}

// A sample, the same each time: among many more minutes there is one that passes for a machine's.
#[test]
fn jitter_and_lost_rows_change_little() {
    for seed in 0..100 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let movement = minute(STROLL, 50.0, seed);
        let (jitter_s, lost) = (rng.random_range(0.0..0.008), rng.random_range(0.0..0.2));
        let rough: Vec<_> = movement
            .samples
            .iter()
            .filter_map(|s| {
                let t_us = s.t_us + seconds_us(rng.random_range(-1.0..1.0) * jitter_s);
                (rng.random_range(0.0..1.0) >= lost).then_some(Sample { t_us, ..*s })
            })
            .collect();
        let off = steps_of(&rough).len().abs_diff(movement.steps as usize);
        assert!(off <= 4, "seed {seed}: {off} of {}", movement.steps);
    }
}

/// A bump of a step's length, `height_g` high, at each of the times.
fn bumps(seconds: f64, times: &[(f64, f64)]) -> Vec<Sample> {
    sampled(50.0, seconds, |t| {
        let bump = |&(at, height_g): &(f64, f64)| height_g * (-((t - at) / 0.1).powi(2)).exp();
        1.0 + times.iter().map(bump).sum::<f64>()
    })
}

/// Twenty steps from the tenth second on, of slightly uneven length.
fn twenty_steps() -> Vec<(f64, f64)> {
    (0..20)
        .map(|i| {
            (
                10.0 + 0.55 * f64::from(i) + 0.02 * (2.1 * f64::from(i)).sin(),
                0.4,
            )
        })
        .collect()
}

#[test]
fn the_first_weak_steps_of_a_series_belong_to_it() {
    let mut times = twenty_steps();
    let without = steps_of(&bumps(26.0, &times)).len();
    times.splice(0..0, [(8.95, 0.25), (9.45, 0.3)]);
    let with = steps_of(&bumps(26.0, &times));
    assert_eq!(with.len(), without + 2);
    assert!(
        with.first()
            .is_some_and(|step| (step.t_us - 8_950_000).abs() < 300_000)
    );
}

#[test]
fn one_jerk_after_standing_still_is_no_step() {
    let mut times = twenty_steps();
    let without = steps_of(&bumps(26.0, &times)).len();
    times.push((22.7, 0.6));
    assert_eq!(steps_of(&bumps(23.5, &times)).len(), without);
}
