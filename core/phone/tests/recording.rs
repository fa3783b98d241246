//! What is fed is recorded: under its minute, for its activity, and nothing that isn't so.
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
use common::{MINUTE, MORNING, Pocket};
use haigou_contract::{ActivityKind, Minute, StepKind, StepSource};
use haigou_phone::screens::LiveState;
use haigou_phone::{BodyProfile, CounterReading, Phone, PhoneError};
use haigou_route::Fix;

/// Feeds a second of walking, as it passes.
fn second(phone: &Phone, pocket: &Pocket, walker: &mut Walker) {
    let samples = walker.walk(1_000);
    pocket.clock.advance(1_000);
    phone.feed_samples(&samples).unwrap();
}

fn walk(phone: &Phone, pocket: &Pocket, walker: &mut Walker, seconds: u32) {
    for _ in 0..seconds {
        second(phone, pocket, walker);
    }
}

fn about(counted: u64, walked: u32) {
    let walked = f64::from(walked);
    assert!(
        (counted as f64 - walked).abs() <= walked * 0.03 + 4.0,
        "{counted} of {walked}"
    );
}

#[test]
fn a_walk_is_counted_minute_by_minute_and_told_from_the_steps_around_it() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(1);
    walk(&phone, &pocket, &mut walker, 120);
    let before = walker.steps;
    let id = phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 300);
    let live = phone.live().borrow().clone();
    assert_eq!(live.state, LiveState::Running);
    let figures = live.activity.unwrap();
    assert_eq!(
        (figures.id, figures.elapsed_ms, figures.active_ms),
        (id, 300_000, 300_000)
    );
    assert!(
        (105..=120).contains(&figures.cadence_spm.unwrap()),
        "{:?}",
        figures.cadence_spm
    );
    let record = phone.finish().unwrap();
    let within = walker.steps - before;
    about(u64::from(record.line.summary.steps), within);
    assert_eq!(record.line.summary.monotonic_ms, Some(300_000));
    assert!(
        record
            .minutes
            .iter()
            .all(|minute| minute.kind == StepKind::Walk && minute.source == StepSource::Motion)
    );
    assert!(
        record
            .minutes
            .iter()
            .any(|minute| minute.interval_cv.is_some_and(|cv| cv > 15))
    );
    walk(&phone, &pocket, &mut walker, 60);
    pocket.clock.advance(10_000);
    phone.tick();
    let today = phone.today().borrow().clone();
    about(today.walk + today.passive, walker.steps);
    assert!(today.passive > 150 && today.run == 0);
}

#[test]
fn steps_in_a_pause_are_passive_and_time_stands_still() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(2);
    phone.start_activity(ActivityKind::Run).unwrap();
    walk(&phone, &pocket, &mut walker, 60);
    phone.pause().unwrap();
    assert_eq!(phone.live().borrow().state, LiveState::Paused);
    let steps = phone.live().borrow().activity.as_ref().unwrap().steps;
    walk(&phone, &pocket, &mut walker, 120);
    phone.resume().unwrap();
    let after = phone.live().borrow().activity.clone().unwrap();
    assert_eq!(
        (after.steps, after.active_ms, after.elapsed_ms),
        (steps, 60_000, 180_000)
    );
    walk(&phone, &pocket, &mut walker, 60);
    let record = phone.finish().unwrap();
    assert_eq!(record.line.summary.active_ms, 120_000);
    let today = phone.today().borrow().clone();
    about(today.run + today.passive, walker.steps);
    assert!(today.run > 0 && today.passive > 100);
}

#[test]
fn a_discarded_activity_leaves_its_steps() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(3);
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 90);
    phone.discard().unwrap();
    let today = phone.today().borrow().clone();
    assert_eq!(today.walk, 0);
    about(today.passive, walker.steps);
    assert!(phone.records().borrow().records.is_empty());
    assert_eq!(phone.live().borrow().state, LiveState::Idle);
}

#[test]
fn what_is_out_of_turn_is_refused_with_a_code_and_changes_nothing() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    assert_eq!(phone.finish().unwrap_err().code(), "no_activity");
    assert_eq!(phone.pause(), Err(PhoneError::NoActivity));
    assert_eq!(phone.resume(), Err(PhoneError::NoActivity));
    assert_eq!(phone.discard(), Err(PhoneError::NoActivity));
    let id = phone.start_activity(ActivityKind::Walk).unwrap();
    assert_eq!(
        phone.start_activity(ActivityKind::Run),
        Err(PhoneError::ActivityUnderWay)
    );
    assert_eq!(phone.resume(), Err(PhoneError::NotPaused));
    phone.pause().unwrap();
    assert_eq!(phone.pause(), Err(PhoneError::AlreadyPaused));
    assert_eq!(phone.finish().unwrap().line.summary.id, id);
    assert_eq!(
        phone.record(uuid::Uuid::nil()).unwrap_err(),
        PhoneError::NoSuchRecord
    );
    assert_eq!(
        phone.gpx(uuid::Uuid::nil()).unwrap_err(),
        PhoneError::NoSuchRecord
    );
    let heavy = BodyProfile {
        weight_kg: Some(f64::INFINITY),
        ..BodyProfile::default()
    };
    assert_eq!(
        phone.set_body(heavy),
        Err(PhoneError::OutOfBounds { field: "weight_kg" })
    );
    phone.close();
    assert_eq!(phone.start_activity(ActivityKind::Walk), Err(PhoneError::Closed));
    assert_eq!(phone.feed_samples(&[]), Err(PhoneError::Closed));
}

#[test]
fn broken_samples_are_left_out_and_the_others_count() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(4);
    for second in 0..120_u64 {
        let mut samples = walker.walk(1_000);
        samples.swap(3, 17);
        samples.insert(25, samples[25]);
        let broken = [(30, f32::NAN), (40, f32::INFINITY)];
        if second % 4 == 0 {
            for (at, magnitude) in broken {
                samples[at].magnitude_g = magnitude;
            }
            samples[45].t_us = i64::MAX;
        }
        pocket.clock.advance(1_000);
        let fed = phone.feed_samples(&samples);
        let expected = if second % 4 == 0 {
            Err(PhoneError::SamplesInvalid { refused: 3 })
        } else {
            Ok(())
        };
        assert_eq!(fed, expected);
    }
    phone.tick();
    about(phone.today().borrow().passive, walker.steps);
}

#[test]
fn positions_make_distance_minutes_a_route_and_gpx() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(5);
    assert_eq!(
        phone.feed_fix(Fix {
            lat: f64::NAN,
            ..Fix::default()
        }),
        Err(PhoneError::FixInvalid)
    );
    assert_eq!(
        phone.feed_fix(Fix {
            lat: 91.0,
            ..Fix::default()
        }),
        Err(PhoneError::FixInvalid)
    );
    let id = phone.start_activity(ActivityKind::Walk).unwrap();
    for second_no in 0..600_i32 {
        second(&phone, &pocket, &mut walker);
        // 1.4 m/s to the north.
        let lat = 31.2 + f64::from(second_no) * 1.4 / 111_320.0;
        let t_ms = MORNING + i64::from(second_no + 1) * 1_000;
        let fix = Fix {
            t_ms,
            lat,
            lon: 121.5,
            accuracy_m: Some(5.0),
            ..Fix::default()
        };
        phone.feed_fix(fix).unwrap();
    }
    let record = phone.finish().unwrap();
    let summary = &record.line.summary;
    assert!(
        (summary.distance_m - 838.6).abs() < 12.0,
        "{}",
        summary.distance_m
    );
    assert!(summary.kcal_gross > summary.kcal_net && summary.kcal_net > 10.0);
    assert!(
        (summary.top_speed_mps.unwrap() - 1.4).abs() < 0.15,
        "{:?}",
        summary.top_speed_mps
    );
    assert_eq!((summary.positions, summary.mock_positions), (600, 0));
    assert!(!summary.estimated);
    let metres: u32 = record.minutes.iter().filter_map(|minute| minute.distance_m).sum();
    assert!(
        (f64::from(metres) - summary.distance_m).abs() < 8.0,
        "{metres} of {}",
        summary.distance_m
    );
    assert!(record.route.len() >= 2);
    let gpx = phone.gpx(id).unwrap();
    let read = haigou_route::gpx::read(gpx.as_bytes()).unwrap();
    assert_eq!(read.segments.iter().map(Vec::len).sum::<usize>(), 600);
}

#[test]
fn the_phones_counter_fills_what_the_app_did_not_hear_and_is_never_added() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(6);
    let reading = |raw: u64| CounterReading {
        boot_id: "boot-1".to_owned(),
        raw,
        mono_ms: haigou_phone::Clock::mono_ms(pocket.clock.as_ref()),
    };
    phone.feed_counter_reading(reading(10_000)).unwrap();
    // Ten minutes: the app listens to the first five; the counter hears 100 steps in each.
    walk(&phone, &pocket, &mut walker, 300);
    pocket.clock.advance(300_000);
    let heard = u64::from(walker.steps);
    phone.feed_counter_reading(reading(10_000 + heard + 500)).unwrap();
    assert_eq!(
        phone.feed_counter_reading(reading(1_000_000_000)),
        Ok(()),
        "no time has passed"
    );
    pocket.clock.advance(MINUTE);
    assert_eq!(
        phone.feed_counter_reading(reading(1_000_000_000)),
        Err(PhoneError::ReadingImplausible)
    );
    phone.tick();
    let today = phone.today().borrow().clone();
    about(today.passive, walker.steps + 500);
    phone.close();
    drop(phone);
    let db = common::database(&pocket.file());
    let spread: Vec<u32> = db
        .prepare("SELECT steps FROM minute WHERE source = 'counter' AND minute >= ?1 ORDER BY minute")
        .unwrap()
        .query_map([Minute::at(MORNING).0 + 5], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(spread.len(), 5);
    assert!(
        spread.iter().all(|steps| (98..=104).contains(steps)),
        "{spread:?}"
    );
}

#[test]
fn an_activity_across_midnight_gives_each_day_its_minutes() {
    let pocket = Pocket::offline();
    // 23:58 in Shanghai.
    pocket.clock.set_wall(MORNING + 16 * common::HOUR - 2 * MINUTE);
    let phone = pocket.open();
    let mut walker = Walker::new(7);
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 300);
    let record = phone.finish().unwrap();
    let today = phone.today().borrow().clone();
    let day = today.day;
    let after: u32 = record
        .minutes
        .iter()
        .filter(|m| m.minute.day() == day)
        .map(|m| m.steps)
        .sum();
    let before: u32 = record
        .minutes
        .iter()
        .filter(|m| m.minute.day() == day.previous())
        .map(|m| m.steps)
        .sum();
    assert!(before > 150 && after > 250, "{before} {after}");
    assert_eq!(today.walk, u64::from(after));
}

#[test]
fn without_positions_distance_and_calories_are_estimated_and_said_to_be() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(8);
    let tall = BodyProfile {
        height_cm: Some(180),
        weight_kg: Some(80.0),
        ..BodyProfile::default()
    };
    phone.set_body(tall).unwrap();
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 600);
    phone.tick();
    let live = phone.live().borrow().activity.clone().unwrap();
    assert!(live.estimated && live.distance_m > 0.0 && live.kcal_gross > 0.0);
    assert!(
        live.average_pace_s_per_km
            .is_some_and(|pace| (600.0..900.0).contains(&pace))
    );
    let record = phone.finish().unwrap();
    let summary = &record.line.summary;
    let metres = f64::from(summary.steps) * 0.414 * 1.80;
    assert!((summary.distance_m - metres).abs() < 1.0, "{summary:?}");
    // ACSM: 3.5 mL a minute and 0.1 mL a metre, per kilogram; a litre of oxygen is 5 kcal.
    let kcal = (3.5 * 10.0 + 0.1 * metres) * 80.0 / 200.0;
    assert!(
        (summary.kcal_gross - kcal).abs() < kcal * 0.03,
        "{} of {kcal}",
        summary.kcal_gross
    );
    assert!(summary.estimated && summary.positions == 0);
    assert!(
        record.minutes.iter().all(|minute| minute.distance_m.is_none()),
        "minutes prove"
    );
}

#[test]
fn a_tunnel_is_estimated_and_positions_win() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(9);
    phone.start_activity(ActivityKind::Walk).unwrap();
    let mut lat = 31.2;
    for second_no in 0..1_800_i64 {
        second(&phone, &pocket, &mut walker);
        lat += 1.4 / 111_320.0;
        // Ten minutes in the middle are a tunnel: more than the track bridges.
        if !(600..1_200).contains(&second_no) {
            let t_ms = MORNING + (second_no + 1) * 1_000;
            let fix = Fix {
                t_ms,
                lat,
                lon: 121.5,
                accuracy_m: Some(5.0),
                ..Fix::default()
            };
            phone.feed_fix(fix).unwrap();
        }
    }
    let record = phone.finish().unwrap();
    let summary = &record.line.summary;
    let tunnel = f64::from(walker.steps) / 3.0 * 0.414 * 1.70;
    assert!(
        (summary.distance_m - 1_680.0 - tunnel).abs() < 40.0,
        "{} {tunnel}",
        summary.distance_m
    );
    assert!(summary.estimated);
    let by_position: u32 = record.minutes.iter().filter_map(|minute| minute.distance_m).sum();
    assert!((1_640..=1_720).contains(&by_position), "{by_position}");
}
