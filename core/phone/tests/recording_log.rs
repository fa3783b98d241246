//! The log beside the store: torn, strange, old, newer, not to be written, full. Nothing is lost in silence, and nothing
//! counts twice.
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

use std::path::PathBuf;

use common::Pocket;
use common::walker::Walker;
use haigou_contract::ActivityKind;
use haigou_phone::screens::StorageState;
use haigou_phone::{Phone, PhoneError};

fn walk(phone: &Phone, pocket: &Pocket, walker: &mut Walker, seconds: u32) {
    for _ in 0..seconds {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
    }
    phone.tick();
}

fn log(pocket: &Pocket) -> PathBuf {
    pocket.dir.path().join("recording.log")
}

fn steps(phone: &Phone) -> u32 {
    phone.tick();
    let live = phone.live().borrow().activity.clone();
    live.map_or(0, |activity| activity.steps)
}

/// A walk of some minutes that was killed: its store is from the beginning, all else is in the log.
fn killed(pocket: &Pocket, walker: &mut Walker) -> u32 {
    let phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, pocket, walker, 200);
    let steps = steps(&phone);
    assert!(steps > 300 && std::fs::metadata(log(pocket)).unwrap().len() > 1_000);
    steps
}

#[test]
fn a_walk_of_minutes_is_a_few_kilobytes_and_all_there_after_a_kill() {
    let pocket = Pocket::offline();
    let counted = killed(&pocket, &mut Walker::new(1));
    let bytes = std::fs::metadata(log(&pocket)).unwrap().len();
    assert!(bytes < 200 * 200, "{bytes} bytes for 200 s");
    assert_eq!(steps(&pocket.open()), counted);
    let phone = pocket.open();
    assert_eq!(steps(&phone), counted, "and after another kill");
    let record = phone.finish().unwrap().line.summary;
    assert!(record.steps >= counted);
    assert_eq!(
        std::fs::metadata(log(&pocket)).unwrap().len(),
        0,
        "it is in the store"
    );
}

#[test]
fn what_an_older_log_says_is_in_the_store_already() {
    let pocket = Pocket::offline();
    let mut walker = Walker::new(2);
    let counted = killed(&pocket, &mut walker);
    let old = std::fs::read(log(&pocket)).unwrap();
    let phone = pocket.open();
    phone.pause().unwrap();
    let paused = steps(&phone);
    assert!(paused >= counted);
    drop(phone);
    // As if it had been killed between the store and the log.
    std::fs::write(log(&pocket), &old).unwrap();
    let phone = pocket.open();
    assert_eq!(steps(&phone), paused);
    phone.resume().unwrap();
    walk(&phone, &pocket, &mut walker, 60);
    let after = steps(&phone);
    drop(phone);
    // A log of long ago, under the store of now.
    let new = std::fs::read(log(&pocket)).unwrap();
    std::fs::write(log(&pocket), old).unwrap();
    assert_eq!(steps(&pocket.open()), paused);
    std::fs::write(log(&pocket), new).unwrap();
    assert_eq!(steps(&pocket.open()), after);
}

#[test]
fn a_log_that_does_not_go_on_from_the_store_is_put_aside_and_told() {
    let pocket = Pocket::offline();
    let mut walker = Walker::new(3);
    killed(&pocket, &mut walker);
    let phone = pocket.open();
    phone.pause().unwrap();
    phone.resume().unwrap();
    walk(&phone, &pocket, &mut walker, 30);
    drop(phone);
    let later = std::fs::read(log(&pocket)).unwrap();
    let rubbish = b"no log at all, but long enough to be one".to_vec();
    for strange in [later, rubbish] {
        let other = Pocket::offline();
        let phone = other.open();
        phone.start_activity(ActivityKind::Walk).unwrap();
        walk(&phone, &other, &mut Walker::new(4), 5);
        phone.close();
        drop(phone);
        std::fs::write(log(&other), &strange).unwrap();
        let phone = other.open();
        assert_eq!(phone.status().borrow().notices[0].code, "store_damaged");
        let names = std::fs::read_dir(other.dir.path()).unwrap();
        let aside = names
            .map(|entry| entry.unwrap().path())
            .find(|path| {
                path.file_name()
                    .unwrap()
                    .to_string_lossy()
                    .starts_with("damaged-")
            })
            .unwrap();
        assert_eq!(aside.extension().unwrap(), "log");
        assert_eq!(std::fs::read(aside).unwrap(), strange);
        let mut walker = Walker::new(4);
        walk(&phone, &other, &mut walker, 60);
        let counted = steps(&phone);
        drop(phone);
        let phone = other.open();
        assert_eq!(steps(&phone), counted);
        assert_eq!(phone.status().borrow().notices.len(), 1);
    }
}

#[test]
fn a_newer_apps_log_is_refused_and_left_untouched() {
    let pocket = Pocket::offline();
    killed(&pocket, &mut Walker::new(5));
    let mut bytes = std::fs::read(log(&pocket)).unwrap();
    bytes[4] += 1;
    let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(&bytes[..13]);
    bytes[13..17].copy_from_slice(&sum.to_le_bytes());
    std::fs::write(log(&pocket), &bytes).unwrap();
    let error = Phone::open(pocket.options()).err().unwrap();
    assert_eq!(error, PhoneError::StoreNewer { found: 2, known: 1 });
    assert_eq!(std::fs::read(log(&pocket)).unwrap(), bytes);
}

#[test]
fn a_second_copy_of_the_app_leaves_the_log_alone() {
    let pocket = Pocket::offline();
    let mut walker = Walker::new(6);
    let phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 60);
    let bytes = std::fs::read(log(&pocket)).unwrap();
    assert_eq!(Phone::open(pocket.options()).err(), Some(PhoneError::StoreLocked));
    assert_eq!(std::fs::read(log(&pocket)).unwrap(), bytes);
    walk(&phone, &pocket, &mut walker, 60);
    let counted = steps(&phone);
    drop(phone);
    assert_eq!(steps(&pocket.open()), counted);
}

#[test]
fn without_a_log_what_is_recorded_goes_into_the_store() {
    let pocket = Pocket::offline();
    std::fs::create_dir(log(&pocket)).unwrap();
    let mut walker = Walker::new(7);
    let phone = pocket.open();
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 200);
    assert_eq!(phone.status().borrow().storage, StorageState::Fine);
    let counted = steps(&phone);
    assert!(counted > 300);
    drop(phone);
    let phone = pocket.open();
    assert_eq!(steps(&phone), counted);
    // Twenty minutes later it is tried again.
    std::fs::remove_dir(log(&pocket)).unwrap();
    walk(&phone, &pocket, &mut walker, 1_300);
    assert!(std::fs::metadata(log(&pocket)).unwrap().len() > 1_000);
    let counted = steps(&phone);
    drop(phone);
    assert_eq!(steps(&pocket.open()), counted);
}

#[test]
fn the_log_keeps_to_the_limit_and_a_kill_takes_only_what_waited_in_memory() {
    let mut pocket = Pocket::offline();
    pocket.open().close();
    let size = std::fs::metadata(pocket.file()).unwrap().len();
    let limit = size + 2 * 4096;
    pocket.store_limit = Some(limit);
    let phone = pocket.open();
    let mut walker = Walker::new(8);
    phone.start_activity(ActivityKind::Walk).unwrap();
    let mut kept = 0;
    let code = loop {
        walk(&phone, &pocket, &mut walker, 1);
        if let StorageState::Waiting { code, .. } = phone.status().borrow().storage.clone() {
            break code;
        }
        kept = steps(&phone);
    };
    assert_eq!(code, "store_full");
    assert!(kept > 20, "{kept}");
    let log_size = std::fs::metadata(log(&pocket)).unwrap().len();
    assert!(size + log_size <= limit, "{log_size}");
    walk(&phone, &pocket, &mut walker, 60);
    assert!(steps(&phone) > kept + 80, "it goes on in memory");
    drop(phone);
    pocket.store_limit = None;
    let there = steps(&pocket.open());
    assert!((kept..=kept + 3).contains(&there), "{there} of {kept}");
}

#[test]
fn the_rhythm_of_a_minute_is_known_though_the_app_was_closed_or_killed_in_it() {
    let rhythms = [None, Some(false), Some(true)].map(|close| {
        let pocket = Pocket::offline();
        let mut walker = Walker::new(9);
        let mut phone = pocket.open();
        phone.start_activity(ActivityKind::Walk).unwrap();
        walk(&phone, &pocket, &mut walker, 45);
        // He stands still, and all steps so far are certain.
        for _ in 0..8 {
            pocket.clock.advance(1_000);
            phone.feed_samples(&walker.rest(1_000)).unwrap();
        }
        phone.tick();
        if let Some(close) = close {
            if close {
                phone.close();
            }
            drop(phone);
            phone = pocket.open();
        }
        for _ in 0..60 {
            pocket.clock.advance(1_000);
            phone.feed_samples(&walker.rest(1_000)).unwrap();
        }
        let record = phone.finish().unwrap();
        (record.minutes[0].steps, record.minutes[0].interval_cv)
    });
    assert!(rhythms[0].1.is_some(), "{rhythms:?}");
    assert!(rhythms.iter().all(|rhythm| *rhythm == rhythms[0]), "{rhythms:?}");
}
