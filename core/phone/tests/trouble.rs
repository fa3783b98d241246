//! Damaged files, newer versions, a second copy of the app, a full disk: said, and nothing lost in silence.
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
use common::{Pocket, database};
use haigou_contract::{ActivityKind, Language};
use haigou_phone::screens::StorageState;
use haigou_phone::{Phone, PhoneError};
use proptest::prelude::*;

fn walk(phone: &Phone, pocket: &Pocket, walker: &mut Walker, seconds: u32) {
    for _ in 0..seconds {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
    }
    phone.tick();
}

/// A store with some hundred minutes in it.
fn filled(pocket: &Pocket) -> u64 {
    let phone = pocket.open();
    let reading = |raw| haigou_phone::CounterReading {
        boot_id: "boot-1".to_owned(),
        raw,
        mono_ms: haigou_phone::Clock::mono_ms(pocket.clock.as_ref()),
    };
    phone.feed_counter_reading(reading(0)).unwrap();
    for hour in 1..=8_u64 {
        pocket.clock.advance(common::HOUR);
        phone.feed_counter_reading(reading(hour * 600)).unwrap();
        phone.tick();
    }
    phone.close();
    phone.today().borrow().passive
}

fn put_aside(pocket: &Pocket) -> Vec<String> {
    let names = std::fs::read_dir(pocket.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names
        .filter(|name| name.starts_with("damaged-") && name.ends_with(".sqlite"))
        .collect()
}

#[test]
fn a_file_that_is_no_store_is_put_aside_and_a_fresh_one_begun() {
    let pocket = Pocket::offline();
    let rubbish = "no database at all ".repeat(1_000);
    std::fs::write(pocket.file(), &rubbish).unwrap();
    let phone = pocket.open();
    let notices = phone.status().borrow().notices.clone();
    assert_eq!(notices[0].code, "store_damaged");
    assert_eq!(
        std::fs::read_to_string(pocket.dir.path().join(&put_aside(&pocket)[0])).unwrap(),
        rubbish
    );
    phone.set_language(Language::Chinese);
    assert!(phone.status().borrow().notices[0].text.contains("损坏"));
    phone.dismiss_notice(notices[0].id).unwrap();
    assert!(phone.status().borrow().notices.is_empty());
    phone.start_activity(ActivityKind::Walk).unwrap();
}

#[test]
fn what_can_be_read_of_a_damaged_store_is_kept() {
    let pocket = Pocket::offline();
    let before = filled(&pocket);
    let mut bytes = std::fs::read(pocket.file()).unwrap();
    // A hole of one page within the minutes: pages that hold them name their source.
    let page = bytes
        .chunks(4096)
        .rposition(|page| page.windows(7).filter(|w| w == b"counter").count() > 20)
        .unwrap();
    bytes[page * 4096..(page + 1) * 4096].fill(0xA5);
    std::fs::write(pocket.file(), bytes).unwrap();
    let phone = pocket.open();
    let today = phone.today().borrow().passive;
    assert!(today > before / 4 && today < before, "{today} of {before}");
    assert_eq!(phone.status().borrow().notices[0].code, "store_damaged");
    assert_eq!(put_aside(&pocket).len(), 1);
    drop(phone);
    assert!(
        pocket.open().status().borrow().notices.len() == 1,
        "it is said until it is read, and once"
    );
}

#[test]
fn records_of_a_damaged_store_of_the_first_version_are_kept() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut Walker::new(4), 60);
    let record = phone.finish().unwrap().line.summary;
    phone.close();
    drop(phone);
    let rows: Vec<(String, i64, i64, String)> = database(&pocket.file())
        .prepare("SELECT id, started_ms, ended_ms, data FROM activity")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for name in ["phone.sqlite", "phone.sqlite-wal", "phone.sqlite-shm"] {
        let _ = std::fs::remove_file(pocket.dir.path().join(name));
    }
    let old = database(&pocket.file());
    old.execute_batch(include_str!("../src/store/migrations/0001_phone.sql"))
        .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    for (id, started_ms, ended_ms, data) in rows {
        old.execute(
            "INSERT INTO activity (id, owner, started_ms, ended_ms, boot, sure, data) VALUES (?1, '', ?2, ?3, 'x', 1, ?4)",
            (id, started_ms, ended_ms, data),
        )
        .unwrap();
    }
    for minute in 0..2_000 {
        old.execute(
            "INSERT INTO minute (owner, minute, source, activity, kind, steps, covered_ms, distance_m, boot, sure)
             VALUES ('', ?1, 'counter', '', 'passive', 10, 60000, 0, 'x', 1)",
            [minute + common::MORNING / 60_000 - 2_001],
        )
        .unwrap();
    }
    drop(old);
    let mut bytes = std::fs::read(pocket.file()).unwrap();
    let page = bytes
        .chunks(4096)
        .rposition(|page| page.windows(7).filter(|w| w == b"counter").count() > 20)
        .unwrap();
    bytes[page * 4096..(page + 1) * 4096].fill(0xA5);
    std::fs::write(pocket.file(), bytes).unwrap();
    let phone = pocket.open();
    assert_eq!(phone.status().borrow().notices[0].code, "store_damaged");
    assert_eq!(phone.records().borrow().records[0].summary.id, record.id);
    assert!(phone.history().borrow().year.total.passive > 15_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_damage_keeps_the_app_from_opening(places in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 1..200), cut in 0.3..1.0_f64) {
        let pocket = Pocket::offline();
        filled(&pocket);
        let mut bytes = std::fs::read(pocket.file()).unwrap();
        bytes.truncate((bytes.len() as f64 * cut) as usize);
        // The schema's version is spared: a newer one is refused, as it must be.
        for (place, byte) in places {
            let at = (place * bytes.len() as f64) as usize;
            if !(60..64).contains(&at) && at < bytes.len() {
                bytes[at] = byte;
            }
        }
        std::fs::write(pocket.file(), bytes).unwrap();
        let phone = pocket.open();
        phone.start_activity(ActivityKind::Walk).unwrap();
        let mut walker = Walker::new(1);
        walk(&phone, &pocket, &mut walker, 30);
        prop_assert!(phone.finish().unwrap().line.summary.steps > 30);
    }
}

#[test]
fn a_newer_store_is_refused_and_left_untouched() {
    let pocket = Pocket::offline();
    filled(&pocket);
    let file = database(&pocket.file());
    let known = file
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    let before = std::fs::read(pocket.file()).unwrap();
    let error = Phone::open(pocket.options()).err().unwrap();
    assert_eq!(error, PhoneError::StoreNewer { found: 99, known });
    assert!(error.text(Language::English).contains("Update"));
    assert_eq!(std::fs::read(pocket.file()).unwrap(), before);
}

#[test]
fn two_phones_in_one_folder_would_count_twice() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    assert_eq!(Phone::open(pocket.options()).err(), Some(PhoneError::StoreLocked));
    phone.start_activity(ActivityKind::Walk).unwrap();
    drop(phone);
    pocket.open();
}

#[test]
fn on_a_full_disk_the_walk_goes_on_in_memory_and_is_stored_later() {
    let mut pocket = Pocket::offline();
    pocket.open().close();
    let size = std::fs::metadata(pocket.file()).unwrap().len();
    pocket.store_limit = Some(size + 2 * 4096);
    let phone = pocket.open();
    let mut walker = Walker::new(2);
    phone.start_activity(ActivityKind::Walk).unwrap();
    for second in 0..600_u32 {
        walk(&phone, &pocket, &mut walker, 1);
        let lat = 31.2 + f64::from(second) * 1.4 / 111_320.0;
        let t_ms = common::MORNING + i64::from(second) * 1_000;
        let fix = haigou_route::Fix {
            t_ms,
            lat,
            lon: 121.5,
            accuracy_m: Some(4.0),
            ..Default::default()
        };
        phone.feed_fix(fix).unwrap();
    }
    phone.tick();
    let storage = phone.status().borrow().storage.clone();
    assert!(
        matches!(storage, StorageState::Waiting { ref code, .. } if code == "store_full"),
        "{storage:?}"
    );
    let live = phone.live().borrow().activity.clone().unwrap();
    assert!(
        walker.steps.abs_diff(live.steps) < 15,
        "{} of {}",
        live.steps,
        walker.steps
    );
    // Somebody tidies up.
    phone.set_store_limit(None).unwrap();
    phone.tick();
    assert_eq!(phone.status().borrow().storage, StorageState::Fine);
    drop(phone);
    pocket.store_limit = None;
    let phone = pocket.open();
    let record = phone.finish().unwrap();
    assert!(walker.steps.abs_diff(record.line.summary.steps) < 15);
    assert_eq!(record.line.summary.positions, 600);
    let gpx = phone.gpx(record.line.summary.id).unwrap();
    assert_eq!(
        haigou_route::gpx::read(gpx.as_bytes()).unwrap().segments[0].len(),
        600
    );
}

#[test]
fn an_address_without_a_scheme_is_named() {
    let mut pocket = Pocket::offline();
    pocket.url = "api.example.com".to_owned();
    assert_eq!(
        Phone::open(pocket.options()).err(),
        Some(PhoneError::ServerAddress)
    );
}
