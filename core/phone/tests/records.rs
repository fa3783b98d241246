//! Records: heart rate, names, deletion, history.
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
    clippy::string_slice,
    reason = "small figures and plain text"
)]

mod common;

use common::files::run_file;
use common::server::pocket_and_server;
use common::walker::Walker;
use common::{DAY, MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::{ActivityKind, Day};
use haigou_phone::screens::Period;
use haigou_phone::{BodyProfile, Phone, PhoneError};
use haigou_route::Fix;
use uuid::Uuid;

/// Walks north at 1.4 m/s, a position a second; `bpm` is what a band says at a second.
fn walk(
    phone: &Phone,
    pocket: &Pocket,
    walker: &mut Walker,
    seconds: i64,
    gps: bool,
    bpm: impl Fn(i64) -> Option<u16>,
) {
    for second in 0..seconds {
        let samples = walker.walk(1_000);
        pocket.clock.advance(1_000);
        phone.feed_samples(&samples).unwrap();
        if let Some(bpm) = bpm(second) {
            phone.feed_heart_rate(bpm).unwrap();
        }
        if gps {
            let fix = Fix {
                t_ms: MORNING + second * 1_000,
                lat: 31.2 + second as f64 * 1.4 / 111_320.0,
                lon: 121.5,
                altitude_m: Some(4.0),
                accuracy_m: Some(4.0),
                ..Fix::default()
            };
            phone.feed_fix(fix).unwrap();
        }
    }
}

#[test]
fn a_band_s_heart_rate_makes_zones_goes_with_positions_and_into_splits() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let body = BodyProfile {
        max_heart_rate: Some(200),
        ..BodyProfile::default()
    };
    phone.set_body(body).unwrap();
    phone.feed_heart_rate(90).unwrap();
    let mut walker = Walker::new(1);
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 900, true, |s| {
        Some(if s < 300 { 110 } else { 130 })
    });
    phone.tick();
    let live = phone.live().borrow().activity.clone().unwrap();
    assert_eq!((live.heart_rate_now, live.zone), (Some(130), Some(1)));
    assert_eq!(
        phone.feed_heart_rate(0),
        Err(PhoneError::OutOfBounds { field: "heart_rate" })
    );
    assert_eq!(
        phone.feed_heart_rate(3_000),
        Err(PhoneError::OutOfBounds { field: "heart_rate" })
    );
    let record = phone.finish().unwrap();
    let zones = record.zones.unwrap();
    assert!((zones.time_ms[0] - 300_000).abs() <= 2_000, "{zones:?}");
    assert!((zones.time_ms[1] - 600_000).abs() <= 2_000, "{zones:?}");
    assert_eq!((zones.below_ms, zones.from_bpm[1]), (0, 120.0));
    assert_eq!(record.line.summary.heart_rate, Some(123));
    assert_eq!(record.heart_by_minute[2], Some(110));
    assert_eq!(record.heart_by_minute[10], Some(130));
    assert!(
        record.splits[0]
            .heart_rate
            .is_some_and(|bpm| (118.0..128.0).contains(&bpm))
    );
    assert!((10..=14).contains(&record.chart.len()));
    assert_eq!(record.chart[9].heart_rate, Some(130.0));
    assert!(
        phone
            .gpx(record.line.summary.id)
            .unwrap()
            .contains("<gpxtpx:hr>130</gpxtpx:hr>")
    );
}

#[test]
fn a_treadmill_has_a_mean_heart_rate_and_zones_need_to_know_the_greatest() {
    let pocket = Pocket::offline();
    let mut phone = pocket.open();
    let mut walker = Walker::new(2);
    phone.start_activity(ActivityKind::Run).unwrap();
    walk(&phone, &pocket, &mut walker, 120, false, |_| Some(140));
    phone.tick();
    // The app is killed; what was heard is kept.
    drop(phone);
    phone = pocket.open();
    phone.pause().unwrap();
    phone.feed_heart_rate(100).unwrap();
    let record = phone.finish().unwrap();
    assert_eq!((record.line.summary.heart_rate, record.zones), (Some(140), None));
    assert_eq!(record.heart_by_minute, [Some(140), Some(140)]);
    assert!(record.chart.is_empty());
}

#[tokio::test]
async fn deleting_keeps_the_steps_and_what_the_server_counted() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    let mut walker = Walker::new(3);
    let steps = |phone: &Phone| {
        phone.tick();
        let history = phone.history();
        let total = history.borrow().day.total;
        (total.walk, total.passive, total.activities)
    };
    phone.start_activity(ActivityKind::Walk).unwrap();
    let running = phone.live().borrow().activity.as_ref().unwrap().id;
    assert_eq!(phone.delete_record(running), Err(PhoneError::ActivityUnderWay));
    walk(&phone, &pocket, &mut walker, 300, true, |_| None);
    let first = phone.finish().unwrap().line.summary;
    let (walked, _, activities) = steps(&phone);
    assert_eq!((walked, activities), (u64::from(first.steps), 1));
    // Not uploaded: its steps become passive ones, and reach the server as such.
    phone.delete_record(first.id).unwrap();
    assert_eq!(steps(&phone), (0, walked, 0));
    assert_eq!(phone.delete_record(first.id), Err(PhoneError::NoSuchRecord));
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();
    assert_eq!((server.total(), server.book().activities.len()), (walked, 0));
    // Uploaded: the server keeps it.
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 300, false, |_| None);
    let second = phone.finish().unwrap().line.summary;
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();
    let counted = server.total();
    phone.delete_record(second.id).unwrap();
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();
    assert_eq!((server.total(), server.book().activities.len()), (counted, 1));
    let (walk, passive, activities) = steps(&phone);
    assert_eq!((walk + passive, activities), (counted, 0));
    assert_eq!(phone.delete_record(Uuid::nil()), Err(PhoneError::NoSuchRecord));
    // Nor does it come back from the server's list.
    phone.refresh_records().await.unwrap();
    assert!(phone.records().borrow().records.is_empty());
}

#[test]
fn a_record_has_a_name_of_its_own() {
    let pocket = Pocket::offline();
    let mut phone = pocket.open();
    let id = phone.import_gpx(run_file().as_bytes()).unwrap().line.summary.id;
    phone.name_record(id, " 滨江夜跑 ", "wind & rain").unwrap();
    drop(phone);
    phone = pocket.open();
    let line = phone.record(id).unwrap().line;
    assert_eq!(
        (line.title.as_deref(), line.note.as_deref()),
        (Some("滨江夜跑"), Some("wind & rain"))
    );
    assert!(phone.gpx(id).unwrap().contains("<name>滨江夜跑</name>"));
    phone.name_record(id, "", "").unwrap();
    assert_eq!(phone.record(id).unwrap().line.title, None);
    assert_eq!(
        phone.name_record(id, &"x".repeat(61), ""),
        Err(PhoneError::OutOfBounds { field: "title" })
    );
    assert_eq!(
        phone.name_record(id, "", &"x".repeat(1_001)),
        Err(PhoneError::OutOfBounds { field: "note" })
    );
    assert_eq!(
        phone.name_record(Uuid::nil(), "x", ""),
        Err(PhoneError::NoSuchRecord)
    );
}

#[test]
fn history_is_the_week_s_the_month_s_and_the_year_s() {
    let pocket = Pocket::offline();
    let mut phone = pocket.open();
    let mut walker = Walker::new(4);
    // Monday 2026-03-02, and Tuesday.
    let monday = Day::at(MORNING);
    let mut made = Vec::new();
    for day in 0..2 {
        phone.start_activity(ActivityKind::Walk).unwrap();
        walk(&phone, &pocket, &mut walker, 600, false, |_| None);
        made.push(phone.finish().unwrap().line.summary);
        pocket.clock.advance(DAY - 600_000);
        if day == 0 {
            drop(phone);
            phone = pocket.open();
        }
    }
    phone.tick();
    phone.set_daily_goal(1_000).unwrap();
    let history = phone.history();
    let screen = history.borrow().clone();
    let steps: u64 = made.iter().map(|summary| u64::from(summary.steps)).sum();
    assert_eq!((screen.week.first, screen.week.last.since(monday)), (monday, 6));
    let (week, month, year) = (&screen.week.total, &screen.month.total, &screen.year.total);
    assert_eq!((week.steps(), month.steps(), year.steps()), (steps, steps, steps));
    assert_eq!(
        (screen.week.days, week.activities, week.active_ms),
        (2, 2, 1_200_000)
    );
    assert_eq!(screen.week.average(), Some(steps / 2));
    assert_eq!(
        (
            screen.week.bars.len(),
            screen.month.bars.len(),
            screen.year.bars.len()
        ),
        (7, 31, 12)
    );
    assert_eq!(screen.week.bars[1].figures.walk, u64::from(made[1].steps));
    assert_eq!(screen.week.bars[1].goal, Some(8_000));
    assert_eq!(screen.year.bars[2].figures.steps(), steps);
    let metres: f64 = made.iter().map(|summary| summary.distance_m).sum();
    assert!((week.distance_m - metres).abs() < 2.0 && week.estimated_m > 0.0 && week.kcal > 0.0);
    assert_eq!(
        (screen.goal, screen.missing, screen.day.total.steps()),
        (1_000, 1_000, 0)
    );
    // Wednesday's goal is made; Tuesday's of 8,000 was not.
    walk(&phone, &pocket, &mut walker, 700, false, |_| None);
    phone.tick();
    let screen = history.borrow().clone();
    assert_eq!(
        (screen.streak.days, screen.streak.today, screen.missing),
        (1, true, 0)
    );
    assert_eq!(screen.day.bars.len(), 24);
    assert_eq!(screen.day.bars[8].figures.passive, screen.day.total.passive);
    let tuesday = phone.statistics(Period::Day, monday.next()).unwrap();
    assert_eq!(
        (tuesday.total.walk, tuesday.before.walk),
        (made[1].steps.into(), made[0].steps.into())
    );
    let ahead = Day::at(MORNING).next().next().next();
    assert_eq!(
        phone.statistics(Period::Week, ahead),
        Err(PhoneError::OutOfBounds { field: "day" })
    );
    for bad in [0, 999, 100_001] {
        assert_eq!(
            phone.set_daily_goal(bad),
            Err(PhoneError::OutOfBounds { field: "goal" })
        );
    }
    assert_eq!(phone.daily_goal(), Ok(1_000));
}
