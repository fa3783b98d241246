//! Phone, bands and the system's own stores are one count, before and after the server was told.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "tests stop where they must not go on"
)]

mod common;

use std::sync::Arc;

use common::server::pocket_and_server;
use common::{DAY, HOUR, MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::{ActivityKind, Minute, StepSource};
use haigou_phone::{Clock as _, CounterReading, HistorySource, Phone, PhoneError, StepBucket};
use haigou_wearable::{BandId, BandMinute, Host as _, Reading};

fn band(phone: &Arc<Phone>, name: &str) -> BandId {
    let id = BandId(name.to_owned());
    phone.add_band(id.clone(), "huami", name).unwrap();
    id
}

fn kept(minute: i64, steps: u16) -> BandMinute {
    BandMinute {
        minute: Minute(Minute::at(MORNING).0 + minute),
        steps,
        heart_rate: Some(90),
    }
}

fn today(phone: &Phone) -> u64 {
    phone.tick();
    let today = phone.today().borrow().clone();
    today.walk + today.run + today.passive
}

/// The phone's own counter goes up by so many steps in the next minute.
fn walk_a_minute(pocket: &Pocket, phone: &Phone, raw: &mut u64, steps: u64) {
    pocket.clock.advance(MINUTE);
    *raw += steps;
    let reading = CounterReading {
        boot_id: pocket.clock.boot_id(),
        raw: *raw,
        mono_ms: pocket.clock.mono_ms(),
    };
    phone.feed_counter_reading(reading).unwrap();
}

async fn sync(phone: &Arc<Phone>) {
    let report = phone.sync_now().await.unwrap();
    assert_eq!((report.left, report.refused, report.stopped), (0, 0, None));
}

#[tokio::test]
async fn a_bands_memory_corrects_what_was_sent_and_counts_once() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    let id = band(&phone, "one");
    let mut raw = 1_000;
    walk_a_minute(&pocket, &phone, &mut raw, 0);
    // The phone hears forty steps a minute of a hundred: it's in a bag.
    for _ in 0..10 {
        walk_a_minute(&pocket, &phone, &mut raw, 40);
    }
    pocket.clock.advance(2 * MINUTE);
    sync(&phone).await;
    assert_eq!(server.total(), 400);
    // The band was out of reach and catches up now.
    let host = phone.band_host();
    let minutes: Vec<BandMinute> = (1..11).map(|minute| kept(minute, 100)).collect();
    let cursor = host.cursor(&id);
    assert!(cursor < minutes[0].minute);
    host.keep(&id, &minutes).unwrap();
    assert_eq!(host.cursor(&id), kept(11, 0).minute);
    // Twice is once.
    host.keep(&id, &minutes).unwrap();
    assert_eq!(today(&phone), 1_000);
    sync(&phone).await;
    assert_eq!((server.total(), server.book().corrections), (1_000, 10));
    assert!(server.book().minutes.values().all(|(_, times)| *times == 1));
    sync(&phone).await;
    assert_eq!(server.book().corrections, 10, "said once");
}

#[tokio::test]
async fn a_bands_counter_is_heard_over_kills_and_its_memory_takes_its_place() {
    let pocket = Pocket::offline();
    let mut phone = pocket.open();
    let id = band(&phone, "one");
    let steps = |total| Reading::Steps {
        total,
        distance_m: None,
        kcal: None,
    };
    phone.band_host().heard(&id, steps(5_000));
    for second in 1..=600_u32 {
        pocket.clock.advance(1_000);
        phone.band_host().heard(&id, steps(5_000 + second * 2));
        if second % 150 == 0 {
            // Killed, a few times with something in memory.
            phone = {
                drop(phone);
                pocket.open()
            };
        }
    }
    phone.band_host().heard(&id, steps(6_200));
    assert_eq!(today(&phone), 1_200);
    let line = phone.bands().borrow().bands[0].clone();
    assert_eq!(
        (line.steps_today, line.heard_ms),
        (1_200, Some(MORNING + 600_000))
    );
    let minutes: Vec<BandMinute> = (0..10).map(|minute| kept(minute, 121)).collect();
    phone.band_host().keep(&id, &minutes).unwrap();
    assert_eq!(today(&phone), 1_210);
    phone.band_host().heard(&id, steps(6_200));
    assert_eq!(today(&phone), 1_210);
}

#[tokio::test]
async fn a_phone_on_the_shelf_runs_with_the_band() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let id = band(&phone, "one");
    phone.start_activity(ActivityKind::Run).unwrap();
    let heard = |total| {
        phone.band_host().heard(
            &id,
            Reading::Steps {
                total,
                distance_m: None,
                kcal: None,
            },
        );
    };
    heard(0);
    for second in 1..=300_u32 {
        pocket.clock.advance(1_000);
        heard(second * 8 / 3);
        // The phone listens, and lies still.
        let samples: Vec<_> = (0..50)
            .map(|n| haigou_motion::Sample {
                t_us: pocket.clock.mono_ms() * 1_000 - (50 - n) * 20_000,
                magnitude_g: 1.0,
            })
            .collect();
        phone.feed_samples(&samples).unwrap();
    }
    phone.tick();
    let live = phone.live().borrow().activity.clone().unwrap();
    assert_eq!(live.steps, 800);
    assert!(live.estimated && live.distance_m > 500.0, "{}", live.distance_m);
    let record = phone.finish().unwrap();
    let steps: u32 = record.minutes.iter().map(|minute| minute.steps).sum();
    assert_eq!(steps, 800);
    assert!(
        record
            .minutes
            .iter()
            .all(|minute| minute.source == StepSource::Band)
    );
}

#[test]
fn a_bucket_over_midnight_is_one_bucket() {
    let phone = Pocket::new("http://127.0.0.1:9").open();
    // Shanghai's midnight is eight hours before the morning.
    let bucket = |steps| StepBucket {
        from_ms: MORNING - 9 * HOUR,
        to_ms: MORNING - 7 * HOUR,
        steps,
    };
    let taken = |steps| {
        phone
            .import_history(HistorySource::HealthKit, &[bucket(steps)])
            .unwrap()
    };
    // The second has more after midnight only.
    assert_eq!([taken(500), taken(500), taken(501)], [1, 0, 1]);
}

#[tokio::test]
async fn seven_days_of_history_fill_what_nobody_heard() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    let hour = |days: i64, hour: i64, steps| StepBucket {
        from_ms: MORNING - days * DAY + hour * HOUR,
        to_ms: MORNING - days * DAY + (hour + 1) * HOUR,
        steps,
    };
    let week: Vec<StepBucket> = (1..=7)
        .flat_map(|day| [hour(day, 0, 2_000), hour(day, 9, 3_100)])
        .collect();
    assert_eq!(phone.import_history(HistorySource::Pedometer, &week).unwrap(), 14);
    assert_eq!(
        phone.import_history(HistorySource::Pedometer, &week).unwrap(),
        0,
        "known"
    );
    // The same days, as another store has them.
    let days: Vec<StepBucket> = (1..=7)
        .map(|day| StepBucket {
            from_ms: MORNING - 8 * HOUR - day * DAY,
            to_ms: MORNING - 8 * HOUR - (day - 1) * DAY,
            steps: 5_150,
        })
        .collect();
    assert_eq!(phone.import_history(HistorySource::HealthKit, &days).unwrap(), 7);
    sync(&phone).await;
    assert_eq!(server.total(), 7 * 5_150);
    assert!(
        server
            .book()
            .minutes
            .values()
            .all(|(minute, _)| minute.steps <= 220)
    );
    // Today's bucket grows; what was sent stays, what is new is added once.
    for (hours, steps) in [(1, 500), (2, 900), (3, 900)] {
        pocket.clock.advance(HOUR);
        let bucket = StepBucket {
            from_ms: MORNING - 8 * HOUR,
            to_ms: MORNING + 16 * HOUR,
            steps,
        };
        phone
            .import_history(HistorySource::HealthConnect, &[bucket])
            .unwrap();
        sync(&phone).await;
        assert_eq!(
            server.total(),
            7 * 5_150 + u64::from(steps),
            "after {hours} hours"
        );
    }
    assert!(server.book().minutes.values().all(|(_, times)| *times == 1));
    let broken = [
        StepBucket {
            from_ms: 5,
            to_ms: 5,
            steps: 0,
        },
        StepBucket {
            from_ms: 0,
            to_ms: 60_000,
            steps: 5_000,
        },
        StepBucket {
            from_ms: i64::MIN,
            to_ms: i64::MAX,
            steps: 1,
        },
    ];
    for bucket in broken {
        let refused = phone.import_history(HistorySource::HealthKit, &[bucket]);
        assert_eq!(refused, Err(PhoneError::OutOfBounds { field: "buckets" }));
    }
}
