//! Whole days, honest and otherwise.

use haigou_route::distance_m;
use haigou_simulator::{Event, Place, What, people, people::Role, replay};

const HONEST: [fn(u64) -> Role; 6] = [
    people::morning_walker,
    people::runner,
    people::commuter,
    people::stroller,
    people::hiker,
    people::restarter,
];

fn metres(line: &[Place]) -> f64 {
    line.iter()
        .zip(line.iter().skip(1))
        .map(|(a, b)| distance_m((a.lat, a.lon), (b.lat, b.lon)))
        .sum()
}

fn counter_growth(role: Role) -> u64 {
    let readings = role.simulate().filter_map(|event| match event.what {
        What::Counter(reading) => Some(reading.raw),
        _ => None,
    });
    let (first, last) = readings.fold((None, 0), |(first, _), raw| (first.or(Some(raw)), raw));
    last - first.unwrap_or(last)
}

#[test]
fn strides_and_speeds_are_human() {
    for seed in 0..5 {
        for role in HONEST {
            let truth = role(seed).truth();
            let stride = truth.distance_m / truth.steps as f64;
            let speed = truth.distance_m / truth.active_s;
            assert!((0.45..1.4).contains(&stride), "{stride} m");
            assert!((0.6..4.0).contains(&speed), "{speed} m/s");
            assert!(truth.steps > 1_500 && truth.steps < 15_000, "{truth:?}");
        }
    }
}

#[test]
fn the_drawn_route_is_as_long_as_the_way_taken() {
    for role in [
        people::morning_walker(3),
        people::runner(3),
        people::driver(3),
        people::commuter(3),
    ] {
        let truth = role.truth();
        let line = metres(&role.route(5.0));
        let taken = truth.distance_m + truth.ridden_m;
        assert!((line / taken - 1.0).abs() < 0.01, "{line} {taken}");
    }
}

#[test]
fn positions_are_as_wrong_as_they_say() {
    let role = people::morning_walker(11);
    let (plan, person, seed) = (role.plan.clone(), role.person, role.seed);
    let (mut within, mut all, mut walked_m) = (0, 0, 0.0);
    for event in haigou_simulator::Simulation::new(plan, person, seed) {
        match event.what {
            What::Step(step) => walked_m += step.length_m,
            What::Fix(fix) => {
                let real = role.plan.way.at(walked_m);
                let off = distance_m((real.lat, real.lon), (fix.lat, fix.lon));
                all += 1;
                within += i32::from(off <= fix.accuracy_m.unwrap() + 0.8);
            }
            _ => {}
        }
    }
    let share = f64::from(within) / f64::from(all);
    assert!(all > 3_000 && (0.5..0.95).contains(&share), "{share} of {all}");
}

#[test]
fn built_in_counters_count_walks_and_are_fooled_by_cradles() {
    let walk = people::morning_walker(5);
    let truth = walk.truth().steps as f64;
    let counted = counter_growth(walk) as f64;
    assert!((counted / truth - 1.0).abs() < 0.02, "{counted} of {truth}");

    let cradle = people::shaker(5);
    assert_eq!(cradle.truth().steps, 0);
    assert!(counter_growth(cradle) > 12_000);
    assert_eq!(counter_growth(people::driver(5)), 0);
}

#[test]
fn two_phones_in_one_pocket_hear_the_same_steps_through_other_noise() {
    let hear = |nth| -> (Vec<i64>, Vec<f32>) {
        let (mut steps, mut samples) = (Vec::new(), Vec::new());
        for event in people::stroller(8).simulate_phone(nth).take(20_000) {
            match event.what {
                What::Step(_) => steps.push(event.t_ms),
                What::Sample(sample) => samples.push(sample.magnitude_g),
                _ => {}
            }
        }
        (steps, samples)
    };
    let ((steps, samples), (other_steps, other_samples)) = (hear(0), hear(1));
    assert!(steps.iter().zip(&other_steps).all(|(a, b)| a == b) && steps.len() > 300);
    assert_ne!(samples, other_samples);
}

#[test]
fn mock_positions_say_so_and_run_straight() {
    let fixes: Vec<_> = people::mock_cyclist(2)
        .simulate()
        .filter_map(|event| match event.what {
            What::Fix(fix) => Some(fix),
            _ => None,
        })
        .collect();
    assert!(fixes.iter().all(|fix| fix.mock));
    let legs = fixes
        .windows(2)
        .map(|pair| distance_m((pair[0].lat, pair[0].lon), (pair[1].lat, pair[1].lon)));
    assert!(legs.into_iter().all(|metres| (metres - 4.5).abs() < 0.01));
}

#[test]
fn a_clock_that_is_set_leaves_the_monotonic_clock_alone() {
    let events: Vec<Event> = people::clock_turner(4).simulate().collect();
    let jumps: Vec<i64> = events
        .windows(2)
        .map(|pair| (pair[1].wall_ms - pair[0].wall_ms) - (pair[1].mono_ms - pair[0].mono_ms))
        .filter(|jump| jump.abs() > 1)
        .map(|jump| (jump + jump.signum()) / 1000)
        .collect();
    assert_eq!(jumps, [-3600, 90_000]);
}

#[test]
fn a_restarted_phone_counts_from_zero() {
    let mut boots = people::restarter(4)
        .simulate()
        .filter_map(|event| match event.what {
            What::Counter(reading) => Some(reading),
            _ => None,
        });
    let after = boots.find(|reading| reading.boot == 1).unwrap();
    assert!(after.raw < 50, "{after:?}");
}

#[test]
fn a_replay_is_the_same_recording_on_later_clocks() {
    let day_ms = 86_400_000;
    let heard = || people::stroller(6).simulate().take(5_000);
    let honest: Vec<Event> = heard()
        .filter(|event| !matches!(event.what, What::Step(_)))
        .collect();
    let again: Vec<Event> = replay(heard(), day_ms).collect();
    assert_eq!(honest.len(), again.len());
    for (old, new) in honest.iter().zip(&again) {
        assert_eq!(old.wall_ms + day_ms, new.wall_ms);
        if let (What::Sample(a), What::Sample(b)) = (old.what, new.what) {
            assert_eq!(a.magnitude_g.to_bits(), b.magnitude_g.to_bits());
            assert_eq!(a.t_us + day_ms * 1000, b.t_us);
        }
    }
}

#[test]
fn another_day_is_the_same_person_walking_anew() {
    let monday = people::morning_walker(9);
    let tuesday = monday.clone().on_day(1_772_467_200_000);
    assert_eq!(tuesday.plan.start_ms - monday.plan.start_ms, 86_400_000);
    assert_eq!(tuesday.person, monday.person);
    assert_ne!(tuesday.truth(), monday.truth());
    assert!((tuesday.truth().distance_m / monday.truth().distance_m - 1.0).abs() < 0.01);
}
