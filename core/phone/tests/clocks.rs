//! Clocks jump; minutes don't.
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

use common::server::Server;
use common::walker::Walker;
use common::{DAY, HOUR, MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::{ActivityKind, Minute};
use haigou_phone::Phone;

fn walk(phone: &Phone, pocket: &Pocket, walker: &mut Walker, seconds: u32) {
    for _ in 0..seconds {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
    }
}

#[test]
fn a_wall_clock_that_jumps_within_an_activity_changes_nothing() {
    for jump in [-DAY, -HOUR, -30_000, 30_000, HOUR, 400 * DAY] {
        let pocket = Pocket::offline();
        let phone = pocket.open();
        let mut walker = Walker::new(1);
        phone.start_activity(ActivityKind::Walk).unwrap();
        walk(&phone, &pocket, &mut walker, 100);
        pocket.clock.set_wall(MORNING + 100_000 + jump);
        walk(&phone, &pocket, &mut walker, 100);
        let record = phone.finish().unwrap();
        let summary = record.line.summary;
        assert_eq!(
            (summary.started_ms, summary.ended_ms),
            (MORNING, MORNING + 200_000),
            "{jump}"
        );
        assert_eq!(
            (summary.active_ms, summary.monotonic_ms),
            (200_000, Some(200_000))
        );
        assert!(record.minutes.is_sorted_by(|a, b| a.minute < b.minute));
        assert!(
            record.minutes.iter().all(|minute| minute.steps <= 125),
            "{:?}",
            record.minutes
        );
        assert!(
            walker
                .steps
                .abs_diff(record.minutes.iter().map(|minute| minute.steps).sum())
                < 8
        );
    }
}

#[tokio::test]
async fn a_phone_whose_clock_is_wrong_files_under_the_right_minutes_once_it_asked() {
    for wrong in [-5 * HOUR, 3 * HOUR, 2 * DAY] {
        let truth = std::sync::Arc::new(haigou_phone::ManualClock::new(MORNING));
        let server = Server::start(truth.clone()).await;
        let pocket = Pocket::new(&server.url);
        pocket.clock.set_wall(MORNING + wrong);
        let phone = pocket.open();
        let mut walker = Walker::new(2);
        // Before anybody signed in, and before the server was asked.
        phone.start_activity(ActivityKind::Walk).unwrap();
        walk(&phone, &pocket, &mut walker, 300);
        let id = phone.finish().unwrap().line.summary.id;
        truth.advance(300_000);
        sign_in(&phone).await;
        let record = phone.record(id).unwrap();
        let off = record.line.summary.started_ms - MORNING;
        assert!(off.abs() <= 30_000, "{off}");
        // And from here on to the second.
        walk(&phone, &pocket, &mut walker, 120);
        truth.advance(120_000);
        pocket.clock.advance(3 * MINUTE);
        truth.advance(3 * MINUTE);
        let report = phone.sync_now().await.unwrap();
        assert_eq!(
            (report.left, report.unsynced_minutes, report.stopped),
            (0, 0, None)
        );
        let book = server.book();
        let first = Minute::at(MORNING - MINUTE);
        assert!(
            book.minutes
                .keys()
                .all(|minute| (first..=Minute::at(MORNING + 8 * MINUTE)).contains(minute))
        );
        assert!(
            book.minutes
                .values()
                .all(|(minute, times)| *times == 1 && minute.steps <= 125)
        );
        let counted: u32 = book.minutes.values().map(|(minute, _)| minute.steps).sum();
        assert!(
            walker.steps.abs_diff(counted) < 10,
            "{counted} of {}",
            walker.steps
        );
    }
}

#[test]
fn a_clock_set_back_over_a_restart_fills_no_minute_twice() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let mut walker = Walker::new(3);
    walk(&phone, &pocket, &mut walker, 300);
    phone.tick();
    drop(phone);
    pocket.clock.reboot(0);
    pocket.clock.set_wall(MORNING);
    walker.restart();
    let phone = pocket.open();
    walk(&phone, &pocket, &mut walker, 300);
    phone.tick();
    let today = phone.today().borrow().clone();
    assert!(
        u64::from(walker.steps).abs_diff(today.passive) < 16,
        "{} of {}",
        today.passive,
        walker.steps
    );
    phone.close();
    let most: u32 = common::database(&pocket.file())
        .query_row("SELECT MAX(steps) FROM minute", [], |row| row.get(0))
        .unwrap();
    assert!(most <= 125, "{most}");
}
