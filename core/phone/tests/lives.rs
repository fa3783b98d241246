//! People of the simulator with the phone in their pocket: what is uploaded is what they walked.
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

use std::ops::Range;

use common::life::{live, pass_until};
use common::server::{Server, pocket_and_server};
use common::walker::Walker;
use common::{HOUR, MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::{ActivityKind, StepSource};
use haigou_phone::{Clock as _, CounterReading};
use haigou_simulator::people::{self, Role};
use haigou_simulator::{Leg, Phone, Place, Plan, Way, minutes};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const MIDNIGHT: i64 = MORNING - 8 * HOUR;
const ALIVE: Range<i64> = 0..0;

/// What came of a day.
#[derive(Debug)]
struct Outcome {
    /// Steps that were really made.
    made: u64,
    /// Steps that were uploaded as the app's own, and as the phone's counter's.
    motion: u64,
    counter: u64,
    /// The most in a minute.
    most: u32,
    /// Steps of the activities.
    recorded: u32,
}

impl Outcome {
    fn off(&self) -> u64 {
        (self.motion + self.counter).abs_diff(self.made)
    }
}

/// Lives through a role; the app is dead for a while.
async fn day(role: Role, kind: Option<ActivityKind>, dead: Range<i64>) -> Outcome {
    let mut pocket = Pocket::new("http://127.0.0.1:1");
    pocket.clock.set_wall(MIDNIGHT + 5 * HOUR);
    let server = Server::start(pocket.clock.clone()).await;
    pocket.url.clone_from(&server.url);
    let mut phone = Some(pocket.open());
    sign_in(phone.as_ref().unwrap()).await;
    let made = live(&pocket, &mut phone, role.on_day(MIDNIGHT), kind, dead);
    pass_until(&pocket, MIDNIGHT + 23 * HOUR + 50 * MINUTE);
    let report = phone.as_ref().unwrap().sync_now().await.unwrap();
    assert_eq!((report.left, report.stopped), (0, None));
    let book = server.book();
    assert!(book.minutes.values().all(|(_, times)| *times == 1));
    assert_eq!(book.too_early, 0);
    let sum = |source| {
        let by = book
            .minutes
            .values()
            .filter(|(minute, _)| minute.source == source);
        by.map(|(minute, _)| u64::from(minute.steps)).sum()
    };
    Outcome {
        made,
        motion: sum(StepSource::Motion),
        counter: sum(StepSource::Counter),
        most: book
            .minutes
            .values()
            .map(|(minute, _)| minute.steps)
            .max()
            .unwrap_or(0),
        recorded: book.activities.values().map(|activity| activity.steps).sum(),
    }
}

/// A walk of 40 minutes, at 07:00.
fn walk(seed: u64) -> Role {
    let mut role = people::morning_walker(seed);
    role.plan = Plan::new(
        Way::loop_from(Place::new(31.2, 121.5), 1_500.0, seed),
        [Leg::walk(1.3, minutes(40.0))],
    )
    .at_hour(7.0);
    role
}

#[tokio::test]
async fn a_cradle_fools_the_phones_counter_and_earns_nothing() {
    let day = day(people::mock_cyclist(3), Some(ActivityKind::Run), ALIVE).await;
    assert!(day.motion + day.counter <= 30, "{day:?}");
    assert!(day.recorded <= 30, "{day:?}");
}

#[tokio::test]
async fn an_app_that_is_dead_for_twenty_minutes_is_told_by_the_counter() {
    for kind in [None, Some(ActivityKind::Walk)] {
        let day = day(walk(4), kind, 10 * MINUTE + 20_000..30 * MINUTE + 45_000).await;
        assert!(day.off() * 100 <= day.made * 2, "{day:?}");
        assert!(day.counter * 100 >= day.made * 45, "{day:?}");
        assert!(day.most <= 130, "{day:?}");
        assert!(
            kind.is_none() || u64::from(day.recorded) == day.motion + day.counter,
            "{day:?}"
        );
    }
}

#[tokio::test]
async fn an_app_that_hears_no_samples_is_told_by_the_counter() {
    let deaf = walk(5).with_phone(Phone {
        rate_hz: None,
        ..Phone::default()
    });
    let day = day(deaf, None, ALIVE).await;
    assert!(day.motion == 0 && day.off() * 100 <= day.made * 2, "{day:?}");
}

#[tokio::test]
async fn an_app_that_is_killed_and_opened_at_once_loses_a_second() {
    let at = 17 * MINUTE + 300;
    let day = day(walk(6), Some(ActivityKind::Walk), at..at + 100).await;
    assert!(day.off() <= 6, "{day:?}");
}

/// An hour on foot, with the app killed, activities, late samples and syncs at any moment.
async fn restless_hour(seed: u64) {
    let (pocket, server) = pocket_and_server().await;
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut walker = Walker::new(seed);
    let mut phone = Some(pocket.open());
    sign_in(phone.as_ref().unwrap()).await;
    // The app is dead, and samples wait in the sensor, until these seconds.
    let (mut dead_to, mut late_to) = (0, 0);
    let (mut waiting, mut running) = (Vec::new(), false);
    for second in 0..3_600 {
        pocket.clock.advance(1_000);
        let samples = walker.walk(1_000);
        if second < dead_to {
            continue;
        }
        let app = phone.get_or_insert_with(|| pocket.open());
        waiting.extend(samples);
        if second >= late_to {
            app.feed_samples(&waiting).unwrap();
            waiting.clear();
        }
        if second % 10 == 0 {
            let raw = u64::from(walker.steps);
            let (boot_id, mono_ms) = (pocket.clock.boot_id(), pocket.clock.mono_ms());
            let reading = CounterReading {
                boot_id,
                raw,
                mono_ms,
            };
            app.feed_counter_reading(reading).unwrap();
        }
        match dice.random_range(0..400) {
            0..8 => assert_eq!(app.sync_now().await.unwrap().left, 0),
            8..10 => late_to = second + dice.random_range(1..100),
            10..12 => {
                dead_to = second + dice.random_range(0..300);
                waiting.clear();
            }
            12..16 if running => running = app.finish().is_err(),
            12..16 => running = app.start_activity(ActivityKind::Walk).is_ok(),
            _ => {}
        }
        if second < dead_to {
            phone = None;
        }
    }
    let app = phone.get_or_insert_with(|| pocket.open());
    app.feed_samples(&waiting).unwrap();
    let _ = app.finish();
    pocket.clock.advance(3 * MINUTE);
    assert_eq!(app.sync_now().await.unwrap().left, 0);
    let book = server.book();
    let twice: Vec<_> = book.minutes.values().filter(|(_, times)| *times > 1).collect();
    assert!(twice.is_empty(), "{seed}: {twice:?}");
    assert_eq!(book.too_early, 0, "{seed}");
    drop(book);
    let (counted, made) = (server.total(), u64::from(walker.steps));
    assert!(counted <= made + made / 50, "{seed}: {counted} of {made}");
    assert!(counted >= made - made / 10, "{seed}: {counted} of {made}");
}

#[tokio::test]
async fn each_minute_goes_out_once_whenever_the_app_is_killed() {
    for seed in 8..14 {
        restless_hour(seed).await;
    }
}
