//! The process is killed at any moment, and goes on exactly where it was.
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

mod common;

use common::walker::Walker;
use common::{MORNING, Pocket, database};
use haigou_contract::ActivityKind;
use haigou_phone::BodyProfile;
use haigou_phone::screens::HeartZones;
use haigou_route::Fix;
use proptest::prelude::*;

const SECONDS: u32 = 150;

/// Minute, whether it is of the activity, steps, milliseconds listened, metres.
type Row = (i64, bool, u32, u32, f64);

/// What comes of a walk: its rows, steps, time, positions, and the heart's zones.
type Walked = (Vec<Row>, u32, i64, u32, Option<HeartZones>);

/// Walks for a while, killed after the named seconds, and gives back what is in the store.
fn walk(kills: &[u32]) -> Walked {
    let pocket = Pocket::offline();
    let mut phone = pocket.open();
    let body = BodyProfile {
        max_heart_rate: Some(180),
        ..BodyProfile::default()
    };
    phone.set_body(body).unwrap();
    let mut walker = Walker::new(9);
    for second in 0..SECONDS {
        if second == 30 {
            phone.start_activity(ActivityKind::Walk).unwrap();
        }
        let samples = walker.walk(1_000);
        pocket.clock.advance(1_000);
        phone.feed_samples(&samples).unwrap();
        phone
            .feed_heart_rate(100 + u16::try_from(second / 10).unwrap())
            .unwrap();
        let lat = 31.2 + f64::from(second) * 1.4 / 111_320.0;
        let t_ms = MORNING + i64::from(second + 1) * 1_000;
        phone
            .feed_fix(Fix {
                t_ms,
                lat,
                lon: 121.5,
                accuracy_m: Some(4.0),
                ..Fix::default()
            })
            .unwrap();
        // What was fed in the last second may be lost; a tick stores it.
        phone.tick();
        if kills.contains(&second) {
            drop(phone);
            phone = pocket.open();
        }
    }
    let record = phone.finish().unwrap();
    phone.close();
    drop(phone);
    let rows = database(&pocket.file())
        .prepare(
            "SELECT minute, activity <> '', steps, covered_ms, distance_m FROM minute ORDER BY minute, 2",
        )
        .unwrap()
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let summary = record.line.summary;
    (
        rows,
        summary.steps,
        summary.active_ms,
        summary.positions,
        record.zones,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_killed_walk_is_the_same_walk(kills in prop::collection::vec(0..SECONDS, 1..12)) {
        prop_assert_eq!(walk(&kills), walk(&[]));
    }
}

#[test]
fn without_a_tick_at_most_two_seconds_are_lost() {
    let pocket = Pocket::offline();
    let mut walker = Walker::new(10);
    let mut phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    for second in 0..300 {
        // Five batches a second, as a phone delivers them.
        for _ in 0..5 {
            pocket.clock.advance(200);
            phone.feed_samples(&walker.walk(200)).unwrap();
        }
        if second % 60 == 59 {
            drop(phone);
            phone = pocket.open();
        }
    }
    let steps = phone.finish().unwrap().line.summary.steps;
    let lost = walker.steps.abs_diff(steps);
    assert!(lost <= 5 * 4 + 4, "{lost} of {}", walker.steps);
}

#[test]
fn a_restart_of_the_phone_within_an_activity_is_no_time_in_motion() {
    let pocket = Pocket::offline();
    let mut walker = Walker::new(11);
    let phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    let walk = |phone: &haigou_phone::Phone, walker: &mut Walker| {
        for _ in 0..60 {
            pocket.clock.advance(1_000);
            phone.feed_samples(&walker.walk(1_000)).unwrap();
        }
    };
    walk(&phone, &mut walker);
    drop(phone);
    pocket.clock.reboot(600_000);
    walker.restart();
    let phone = pocket.open();
    walk(&phone, &mut walker);
    let summary = phone.finish().unwrap().line.summary;
    assert_eq!((summary.active_ms, summary.monotonic_ms), (120_000, None));
    assert_eq!(summary.ended_ms - summary.started_ms, 720_000);
    assert!(
        walker.steps.abs_diff(summary.steps) <= 12,
        "{} of {}",
        summary.steps,
        walker.steps
    );
}
