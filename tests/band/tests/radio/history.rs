//! What a band kept arrives whole and once, whatever comes in between.

use haigou_contract::Minute;
use haigou_test_band::{BandPlan, Breaks, Family, Faults, on_a_private_bus};
use haigou_wearable::radio::Radio;
use haigou_wearable::{Reading, Trouble};

use crate::kit::{KEY, NOON, Store, World, id, pace};

const MONTH: usize = 30 * 1440;

#[test]
fn thirty_days_come_whole_over_fifty_lost_links() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 30).await;
        let band = world.huami(30);
        band.lose_links(Breaks {
            times: 50,
            within: 200,
        });
        let of = id(&band);
        let _hold = world.keep(&of);
        world
            .phone
            .until("all minutes", |store| {
                store.kept(&of) == MONTH && store.is_live(&of)
            })
            .await;
        assert_eq!(band.breaks_left(), 0);
        assert_eq!(band.links(), 51);
        world.assert_true(&of, &band, 30);
        assert_eq!(band.acknowledged(), Some(world.now()), "and may forget them");
        assert!(world.phone.look(|store| store.showed(&of, Trouble::Lost)));
    });
}

#[test]
fn wrong_sizes_and_replays_count_nothing_twice() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 5).await;
        let band = world.huami(5);
        band.faults(Faults {
            wrong_size: 4,
            garbage: 2,
            replayed: 200,
        });
        let of = id(&band);
        let _hold = world.keep(&of);
        world
            .phone
            .until("all minutes", |store| store.kept(&of) == 5 * 1440)
            .await;
        world.assert_true(&of, &band, 5);
    });
}

/// Whatever comes together, by ten seeds.
#[test]
fn any_troubles_end_in_the_same_minutes() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 2).await;
        let mut holds = Vec::new();
        for seed in 0..10_u32 {
            let plan = BandPlan::of(Family::Huami).with_key(KEY).worn_for(2);
            let band = world.bluetooth.add(&plan.seeded(seed.into()));
            band.lose_links(Breaks {
                times: seed,
                within: 10 + 40 * (seed % 4),
            });
            band.faults(Faults {
                wrong_size: seed % 5,
                garbage: seed % 3,
                replayed: 100 * (seed % 6),
            });
            holds.push((world.keep(&id(&band)), band));
        }
        for (_, band) in &holds {
            let of = id(band);
            let whole = |store: &Store| store.kept(&of) == 2 * 1440 && band.breaks_left() == 0;
            world.phone.until("all minutes", whole).await;
            world.assert_true(&of, band, 2);
        }
    });
}

#[test]
fn counters_begin_anew_at_midnight_and_within_the_day() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 1).await;
        let band = world.huami(1);
        let of = id(&band);
        let hold = world.live(&of).await;
        let told = async |steps: u32| {
            world
                .phone
                .until("its counter", |store| store.steps(&of) == Some(steps))
                .await;
        };
        told(band.counter()).await;
        let before = band.counter();
        assert!(before > 0);
        band.reset();
        told(0).await;
        band.walk(60);
        told(60).await;

        // Half a minute before midnight, and half a minute behind it.
        world.clock.advance(12 * 3_600_000 - 30_000);
        told(band.counter()).await;
        assert!(band.counter() > 60);
        world.clock.advance(60_000);
        band.walk(9);
        told(9).await;

        world.clock.advance(30 * 60_000);
        hold.catch_up_now();
        let until = world.now().0;
        world
            .phone
            .until("the night", |store| store.minutes[&of].contains_key(&(until - 1)))
            .await;
        world.assert_true(&of, &band, 1);
        let steps: Vec<_> = world.phone.look(|store| {
            let totals = store.heard.iter().filter_map(|(_, reading)| match reading {
                Reading::Steps { total, .. } => Some(*total),
                _ => None,
            });
            totals.collect()
        });
        let falls = steps.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert_eq!(falls, 2, "{steps:?}");
    });
}

#[test]
fn what_couldnt_be_stored_stays_in_the_band() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 3).await;
        let band = world.huami(3);
        let of = id(&band);
        world.phone.look(|store| store.full = true);
        let _hold = world.keep(&of);
        world.until_state(&of, Trouble::NotStored).await;
        assert_eq!(band.acknowledged(), None);
        world.phone.look(|store| store.full = false);
        world.until_live(&of).await;
        world.assert_true(&of, &band, 3);
    });
}

#[test]
fn an_app_that_dies_within_a_history_goes_on_where_it_was() {
    on_a_private_bus(async |bus| {
        let mut world = World::start(bus, 30).await;
        let band = world.huami(30);
        let of = id(&band);
        for nth in 1..=3 {
            let hold = world.keep(&of);
            world
                .phone
                .until("some minutes", |store| store.kept(&of) >= nth * 5_000)
                .await;
            drop(hold);
            world.radio = Radio::new(world.phone.clone(), pace()).await;
        }
        let _hold = world.keep(&of);
        world
            .phone
            .until("all minutes", |store| store.kept(&of) == MONTH)
            .await;
        world.assert_true(&of, &band, 30);
    });
}

#[test]
fn a_band_that_lies_about_its_length_is_shown_and_forgiven() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 1).await;
        for lie in [400, -200, i32::MAX] {
            let band = world.huami(1);
            let of = id(&band);
            band.lie(lie);
            let hold = world.keep(&of);
            let shown = |store: &Store| store.showed(&of, Trouble::NotUnderstood);
            world.phone.until("it is shown", shown).await;
            hold.close().await;
            world.phone.look(|store| {
                let truth = band.truth(Minute(NOON / 60_000 - 1440), world.now());
                let kept = store.as_truth(&of);
                assert!(kept == truth[..kept.len()], "what was believed is true");
            });
            band.lie(0);
            world.until_live_again(&of, "huami", Some(KEY)).await;
            world.assert_true(&of, &band, 1);
        }
    });
}
