//! Stores of every released schema are opened, everything in them is found, and the walk that was under way goes on.
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

use common::released::{Shown, walk};
use common::walker::Walker;
use common::{Pocket, database};

/// A released store with its log and what its screens showed.
macro_rules! released {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("fixtures/", $name, ".sqlite")),
            include_bytes!(concat!("fixtures/", $name, ".log")),
            include_str!(concat!("fixtures/", $name, ".json")),
        )
    };
}

/// Schemas, oldest first: `fixtures/README.md` says how the next one is made.
const RELEASED: &[(&str, &[u8], &[u8], &str)] = &[released!("schema-1"), released!("schema-5")];

#[test]
fn a_store_of_every_released_schema_goes_on() {
    for (name, store, log, shown) in RELEASED {
        let pocket = Pocket::offline();
        std::fs::write(pocket.file(), store).unwrap();
        std::fs::write(pocket.dir.path().join("recording.log"), log).unwrap();
        let before: Shown = serde_json::from_str(shown).unwrap();
        pocket.clock.advance(before.lived_ms);
        let phone = pocket.open();
        assert!(phone.status().borrow().notices.is_empty(), "{name}");
        let mut found = Shown::of(&phone, &pocket);
        if before.beside.is_none() {
            found.beside = None;
        }
        assert_eq!(found, before, "{name}");

        let mut walker = Walker::new(5);
        walker.t_us += before.lived_ms * 1_000;
        walk(&phone, &pocket, &mut walker, 60);
        let after = Shown::of(&phone, &pocket).under_way;
        assert_eq!(after.active_ms, before.under_way.active_ms + 60_000, "{name}");
        assert!(after.positions > before.under_way.positions + 5, "{name}");
        assert!(
            after.distance_m > before.under_way.distance_m + 60.0,
            "{name}: {} m after {} m",
            after.distance_m,
            before.under_way.distance_m
        );
        let walked = before.under_way.steps + walker.steps;
        assert!(
            after.steps.abs_diff(walked) < 8,
            "{name}: {} of {walked}",
            after.steps
        );
        let record = phone.finish().unwrap().line.summary;
        phone.close();
        drop(phone);

        let phone = pocket.open();
        let records = phone.records().borrow().records.clone();
        assert_eq!(records.len(), before.records.len() + 1, "{name}");
        assert_eq!(records[0].summary, record, "{name}");
        phone.close();
        drop(phone);
        let whole: String = database(&pocket.file())
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(whole, "ok", "{name}");
    }
}
