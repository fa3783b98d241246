//! Days, weeks, months and years of a phone that has been lived with for long.
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
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "small figures"
)]

mod common;

use std::collections::BTreeMap;

use common::server::pocket_and_server;
use common::walker::Walker;
use common::{DAY, MINUTE, MORNING, Pocket, database, sign_in};
use haigou_contract::{ActivityKind, Day, Minute};
use haigou_phone::screens::{Feat, Figures, Period};
use haigou_phone::{BandHost, HistorySource, StepBucket};
use haigou_route::Fix;
use haigou_wearable::{BandId, BandMinute, Host as _};
use proptest::prelude::*;

/// Writes minutes straight into the closed store: day (back from the morning's), minute of the day, kind, steps.
fn fill(pocket: &Pocket, minutes: &[(i64, i64, &str, u32)]) {
    drop(pocket.open());
    let mut store = database(&pocket.file());
    let tx = store.transaction().unwrap();
    {
        let mut insert = tx
            .prepare(
                "INSERT INTO minute (owner, minute, source, activity, kind, steps, covered_ms, distance_m, boot, sure)
                 VALUES ('', ?1, 'motion', '', ?2, ?3, 60000, 0, 'x', 1)",
            )
            .unwrap();
        let today = Day::at(MORNING);
        for (back, minute, kind, steps) in minutes {
            let day = Day::from_number(today.number() - *back as i32);
            let minute = Minute::at(day.start_ms()).0 + minute;
            insert.execute((minute, kind, steps)).unwrap();
        }
    }
    tx.commit().unwrap();
}

#[test]
fn a_year_of_minutes_is_summed_up_once_and_quick_from_then_on() {
    let pocket = Pocket::offline();
    let minutes: Vec<_> = (0..366)
        .flat_map(|back| (400..800).map(move |minute| (back, minute, "passive", 20 + (back % 7) as u32)))
        .collect();
    fill(&pocket, &minutes);
    let all: u64 = minutes.iter().map(|(.., steps)| u64::from(*steps)).sum();
    let phone = pocket.open();
    let history = phone.history();
    let (this, last) = (history.borrow().year.clone(), history.borrow().year.before);
    assert!(this.total.steps() + last.steps() <= all && this.total.steps() + last.steps() > all * 99 / 100);
    assert_eq!(this.days, 61);
    // Nothing but the sums of days is read: without its minutes the past is as it was.
    drop(phone);
    database(&pocket.file())
        .execute_batch("DELETE FROM minute WHERE minute < 29500000; DELETE FROM stale_day;")
        .unwrap();
    let phone = pocket.open();
    assert_eq!(phone.history().borrow().year.before, last);
    assert_eq!(phone.history().borrow().streak.longest, 366);
}

#[tokio::test]
async fn sums_outlive_the_minutes_that_they_were_made_of() {
    let (pocket, _server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    let mut walker = Walker::new(1);
    let id = phone.start_activity(ActivityKind::Walk).unwrap();
    for _ in 0..600 {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
    }
    let steps = u64::from(phone.finish().unwrap().line.summary.steps);
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();
    let walked = Day::at(MORNING);
    // 420 days later its minutes are forgotten, at the sync after the next walk.
    pocket.clock.advance(420 * DAY);
    walker.restart();
    for _ in 0..120 {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
    }
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();
    let day = phone.statistics(Period::Day, walked).unwrap();
    assert_eq!((day.total.walk, day.total.activities), (steps, 1));
    assert!(
        day.bars.iter().all(|bar| bar.figures.steps() == 0),
        "the minutes are forgotten"
    );
    // Deleting the record takes its way, and leaves the steps of the day.
    phone.delete_record(id).unwrap();
    let day = phone.statistics(Period::Day, walked).unwrap();
    assert_eq!(
        (day.total.walk, day.total.activities, day.total.active_ms),
        (steps, 0, 0)
    );
}

#[test]
fn what_comes_to_light_later_changes_the_day_that_it_was_of() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let history = phone.history();
    let yesterday = Day::at(MORNING);
    pocket.clock.advance(DAY);
    phone.tick();
    let steps = || {
        phone.tick();
        history.borrow().month.bars[1].figures.steps()
    };
    assert_eq!(steps(), 0);
    let band = BandId("C8:0F:10:00:00:01".to_owned());
    phone.add_band(band.clone(), "huami", "Band").unwrap();
    let host: BandHost = phone.band_host();
    let minute = |minute: i64, steps| BandMinute {
        minute: Minute(Minute::at(yesterday.start_ms()).0 + minute),
        steps,
        heart_rate: None,
    };
    host.keep(&band, &[minute(600, 100), minute(601, 50)]).unwrap();
    assert_eq!(steps(), 150);
    host.keep(&band, &[minute(600, 110)]).unwrap();
    assert_eq!(steps(), 160);
    let bucket = StepBucket {
        from_ms: yesterday.start_ms(),
        to_ms: yesterday.end_ms(),
        steps: 5_000,
    };
    phone.import_history(HistorySource::HealthKit, &[bucket]).unwrap();
    assert_eq!(steps(), 5_000);
}

#[test]
fn personal_records_come_from_the_way_and_not_from_wheels() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let history = phone.history();
    let mut walker = Walker::new(2);
    let mut t_ms = MORNING;
    let mut go = |kind, seconds: i64, mps: f64, on_foot: bool| {
        phone.start_activity(kind).unwrap();
        for second in 0..seconds {
            pocket.clock.advance(1_000);
            t_ms += 1_000;
            let samples = if on_foot {
                walker.walk(1_000)
            } else {
                walker.rest(1_000)
            };
            phone.feed_samples(&samples).unwrap();
            let fix = Fix {
                t_ms,
                lat: 31.2 + second as f64 * mps / 110_852.0,
                lon: 121.5,
                accuracy_m: Some(4.0),
                ..Fix::default()
            };
            phone.feed_fix(fix).unwrap();
        }
        phone.finish().unwrap().line.summary
    };
    let best = |feat| {
        phone.tick();
        let screen = history.borrow();
        let record = screen.personal.iter().find(|record| record.feat == feat);
        record.map(|record| (record.value, record.activity))
    };
    let walk = go(ActivityKind::Walk, 900, 1.3, true);
    let (fastest, whose) = best(Feat::Fastest1Km).unwrap();
    assert!((fastest - 1_000.0 / 1.3).abs() < 12.0, "{fastest} s");
    assert_eq!(whose, Some(walk.id));
    assert_eq!(best(Feat::Fastest5Km), None);
    // A bus goes further and faster, without steps.
    go(ActivityKind::Run, 1_000, 7.0, false);
    assert_eq!(
        best(Feat::LongestDistance),
        Some((walk.distance_m, Some(walk.id)))
    );
    assert_eq!(best(Feat::Fastest1Km), Some((fastest, whose)));
    let quick = go(ActivityKind::Walk, 800, 1.6, true);
    assert_eq!(best(Feat::Fastest1Km).unwrap().1, Some(quick.id));
    assert_eq!(best(Feat::MostSteps).map(|(_, activity)| activity), Some(None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// However minutes lie, and in whatever order they come: each is in the sums of its day, week, month and year, once.
    #[test]
    fn every_minute_is_in_its_sums_once(
        minutes in prop::collection::btree_map((0_i64..70, 0_i64..1_440), (0_usize..3, 1_u32..200), 1..120),
        more in prop::collection::btree_map((0_i64..70, 0_i64..1_440), (0_usize..3, 1_u32..200), 1..60),
        back in 0_i64..70,
    ) {
        const KINDS: [&str; 3] = ["walk", "run", "passive"];
        let pocket = Pocket::offline();
        let rows = |minutes: &BTreeMap<(i64, i64), (usize, u32)>| -> Vec<_> {
            minutes.iter().map(|(&(day, minute), &(kind, steps))| (day, minute, KINDS[kind], steps)).collect()
        };
        fill(&pocket, &rows(&minutes));
        // Some of it was summed up before the rest came.
        let _ = pocket.open().history();
        let more: BTreeMap<_, _> = more.into_iter().filter(|(at, _)| !minutes.contains_key(at)).collect();
        fill(&pocket, &rows(&more));
        let phone = pocket.open();
        let today = Day::at(MORNING);
        let day = Day::from_number(today.number() - back as i32);
        for period in [Period::Day, Period::Week, Period::Month, Period::Year] {
            let found = phone.statistics(period, day).unwrap();
            let within = |number: i64| {
                let day = Day::from_number(today.number() - number as i32);
                found.first <= day && day <= found.last
            };
            let sum = |wanted: usize| -> u64 {
                minutes.iter().chain(&more)
                    .filter(|((day, _), (kind, _))| within(*day) && *kind == wanted)
                    .map(|(_, (_, steps))| u64::from(*steps)).sum()
            };
            prop_assert_eq!((found.total.walk, found.total.run, found.total.passive), (sum(0), sum(1), sum(2)));
            let bars: u64 = found.bars.iter().map(|bar| bar.figures.steps()).sum();
            prop_assert_eq!(bars, found.total.steps());
            let Figures { distance_m, estimated_m, .. } = found.total;
            prop_assert!((distance_m - estimated_m).abs() < 1e-6);
        }
    }
}
