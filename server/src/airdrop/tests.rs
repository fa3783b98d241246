//! Days are closed in order, once, and no differently by a server that was down.

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::MemberNo;
use haigou_rules::{Preset, Price, Rulebook};
use haigou_store::ledger::{Books, LedgerFailure, audit, holdings, newest_day, supply};
use haigou_store::{Command as _, CommandError, Store, StoreError, Tx};

use super::*;
use crate::ledger::ledger_fault;

const LAUNCH: &str = "2026-01-01";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A moment so many hours after launch's midnight.
fn hours(after: i64) -> i64 {
    day(LAUNCH).start_ms() + after * 3_600_000
}

struct House {
    store: Store,
    rulebooks: Rulebooks,
    _folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("h.db").display())).unwrap();
        Self {
            store,
            rulebooks: Rulebooks::default(),
            _folder: folder,
        }
    }

    fn launched(preset: Preset) -> Self {
        let house = Self::new();
        assert_eq!(
            house.launch(preset.rulebook().unwrap(), Some(day(LAUNCH)), hours(1)),
            Ok(true)
        );
        house
    }

    fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>) -> T {
        self.store.write_blocking(work).unwrap()
    }

    fn launch(
        &self,
        rulebook: Rulebook,
        day: Option<Day>,
        now_ms: i64,
    ) -> Result<bool, CommandError<LaunchRefusal>> {
        self.store
            .write_blocking(|tx| Launch { rulebook, day }.run(tx, now_ms))
    }

    fn close(&self, now_ms: i64) -> Option<u32> {
        self.write(|tx| close_days(tx, now_ms, &self.rulebooks))
    }

    fn give_active(&self, member: i64, hi_value: &str, now_ms: i64) {
        let member = MemberNo::new(member).unwrap();
        let units = Asset::HiValue.parse(hi_value).unwrap().units();
        self.write(|tx| {
            let mut books = Books::open(tx, now_ms)?;
            let key = format!("gift:{now_ms}:{}", member.number());
            books
                .book::<LedgerFailure>("gift", "gift", key, |draft| {
                    draft.activate(member)?;
                    draft.grant(haigou_rules::rule::REGISTER_MEMBER, member, Asset::HiValue, units)
                })
                .map_err(ledger_fault)?;
            Ok(())
        });
    }

    fn shells(&self, member: i64) -> String {
        let member = MemberNo::new(member).unwrap();
        let held = self
            .store
            .read_blocking(|reader| holdings(reader, member))
            .unwrap();
        Asset::HiShell.show(held.of(haigou_ledger::Slot::HiShellAvailable))
    }

    fn is_sound(&self) -> bool {
        self.store.read_blocking(|reader| audit(reader)).unwrap().ok
    }

    fn newest(&self) -> Option<Day> {
        self.store
            .read_blocking(|reader| newest_day(reader))
            .unwrap()
            .map(|closed| closed.day)
    }
}

#[test]
fn launching_lays_down_the_rulebook_and_issues_the_pool_once() {
    let house = House::launched(Preset::Classic);
    assert_eq!(
        house.launch(Preset::Sport.rulebook().unwrap(), None, hours(2)),
        Ok(false)
    );
    let in_force = house.write(|tx| house.rulebooks.in_force(tx, hours(3)));
    assert_eq!((in_force.version, in_force.name.as_str()), (1, "classic"));
    let supply = house.store.read_blocking(|reader| supply(reader)).unwrap();
    assert_eq!(Asset::HiShell.show(supply.reward_pool), "25900.00000000");
    assert_eq!(supply.hi_shell_issued, supply.reward_pool);
    assert!(house.is_sound());
}

#[test]
fn a_launch_years_back_is_refused() {
    let house = House::new();
    let refused = house.launch(
        Preset::Classic.rulebook().unwrap(),
        Some(day("2020-01-01")),
        hours(1),
    );
    assert_eq!(
        refused,
        Err(CommandError::Refused(LaunchRefusal::TooEarly(day("2020-01-01"))))
    );
    assert_eq!(house.close(hours(100)), None);
}

#[test]
fn a_day_is_closed_when_it_is_over_and_once() {
    let house = House::launched(Preset::Classic);
    house.give_active(1, "1000.00", hours(2));
    house.give_active(2, "99000.00", hours(2));
    assert_eq!(house.close(hours(24) - 1), Some(0));
    assert_eq!(house.shells(1), "0.00000000");
    assert_eq!(house.close(hours(24)), Some(1));
    assert_eq!(house.close(hours(24)), Some(0));
    assert_eq!(house.shells(1), "4.98000000");
    assert_eq!(house.newest(), Some(day(LAUNCH)));
    assert!(house.is_sound());
}

#[test]
fn a_server_that_was_down_closes_the_same_days() {
    let (awake, asleep) = (House::launched(Preset::Sport), House::launched(Preset::Sport));
    for house in [&awake, &asleep] {
        for member in 1..=7 {
            house.give_active(member, "100.00", hours(2));
        }
    }
    for passed in 1..=10 {
        assert_eq!(awake.close(hours(24 * passed)), Some(1));
    }
    assert_eq!(asleep.close(hours(240)), Some(10));
    for member in 1..=7 {
        assert_eq!(awake.shells(member), asleep.shells(member));
    }
    // 100,000 over 365 days and 7 members, floored on each day by itself.
    let daily = 100_000 * 100_000_000 / 365 / 7;
    assert_eq!(
        asleep.shells(1),
        Asset::HiShell.show(Amount::from_units(daily * 10))
    );
    assert!(awake.is_sound() && asleep.is_sound());
}

#[test]
fn a_drop_on_nobody_is_forfeited_and_the_schedule_goes_on() {
    let house = House::launched(Preset::Classic);
    assert_eq!(house.close(hours(24)), Some(1));
    house.give_active(1, "5.00", hours(25));
    assert_eq!(house.close(hours(48)), Some(1));
    assert_eq!(house.shells(1), "498.00000000");
    let supply = house.store.read_blocking(|reader| supply(reader)).unwrap();
    assert_eq!(Asset::HiShell.show(supply.hi_shell_airdropped), "498.00000000");
}

#[test]
fn days_before_launch_have_no_drop() {
    let house = House::new();
    assert_eq!(
        house.launch(
            Preset::Classic.rulebook().unwrap(),
            Some(day("2026-01-05")),
            hours(1)
        ),
        Ok(true)
    );
    house.give_active(1, "5.00", hours(2));
    assert_eq!(house.close(hours(96)), Some(0));
    assert_eq!(house.close(hours(120)), Some(1));
    assert_eq!(house.newest(), Some(day("2026-01-05")));
    assert_eq!(house.shells(1), "498.00000000");
}

#[test]
fn the_price_follows_the_rulebook_from_the_day_after() {
    let house = House::launched(Preset::Sport);
    let mut dearer = Preset::Sport.rulebook().unwrap();
    dearer.shell_price = Price::parse("2.5000").unwrap();
    let text = serde_json::to_string(&dearer).unwrap();
    assert_eq!(house.close(hours(24)), Some(1));
    house.write(|tx| {
        Books::open(tx, hours(30))?
            .start_rulebook(hours(30), &text)
            .map_err(ledger_fault)?;
        Ok(())
    });
    assert_eq!(house.close(hours(96)), Some(3));
    let price = |on: &str| {
        let price = house
            .store
            .read_blocking(|reader| price_on(reader, day(on)))
            .unwrap();
        price.unwrap().to_string()
    };
    let prices = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-05"].map(price);
    assert_eq!(prices, ["1.0000", "1.0000", "2.5000", "2.5000"]);
}

#[test]
fn a_closer_that_is_rolled_back_closes_again() {
    let house = House::launched(Preset::Classic);
    let mut before = DayCloser::default().into_before();
    let rolled_back = house.store.write_blocking(|tx| {
        before(tx, hours(24))?;
        Err::<(), _>(StoreError::Bug("the disk is full".to_owned()))
    });
    assert!(rolled_back.is_err());
    assert_eq!(house.newest(), None);
    for _ in 0..3 {
        house.write(|tx| before(tx, hours(24)));
    }
    assert_eq!(house.newest(), Some(day(LAUNCH)));
    house.write(|tx| before(tx, hours(49)));
    assert_eq!(house.newest(), Some(day("2026-01-02")));
}
