//! What is the matter with a band is a state that a screen can show.

use std::time::{Duration, Instant};

use haigou_test_band::{BandPlan, Family, Faults, on_a_private_bus};
use haigou_wearable::{LinkState, Match, Reading, Trouble};

use crate::kit::{KEY, Store, World, id, pace};

/// Nothing that comes can be read.
const GARBAGE: Faults = Faults {
    wrong_size: 0,
    garbage: 1000,
    replayed: 0,
};

#[test]
fn a_wrong_key_stops_and_the_right_one_goes_on() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _none = world.keep_as(&of, "huami", None);
        world.until_state(&of, Trouble::KeyNeeded).await;
        let _wrong = world.keep_as(&of, "huami", Some([9; 16]));
        world.until_state(&of, Trouble::KeyWrong).await;
        let stopped = LinkState::Stopped {
            trouble: Trouble::KeyWrong,
        };
        assert_eq!(world.phone.look(|store| store.state(&of)), Some(stopped));
        let links = band.links();
        let _hold = world.live(&of).await;
        assert_eq!(band.links(), links + 1, "it wasn't asked in between");
    });
}

#[test]
fn the_name_of_another_family_is_seen_through() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world
            .bluetooth
            .add(&BandPlan::of(Family::InfiniTime).named("Mi Smart Band 4"));
        let found = world.find(|found| found.band == id(&band)).await;
        assert_eq!((found.family, found.sure), ("huami", Match::Likely));
        let _hold = world.keep(&found.band);
        world.until_state(&found.band, Trouble::NotUnderstood).await;
        let given_up = |store: &Store| matches!(store.state(&found.band), Some(LinkState::Stopped { .. }));
        world.phone.until("it is given up", given_up).await;
        let _hold = world.keep_as(&found.band, "infinitime", None);
        world.until_live(&found.band).await;
    });
}

#[test]
fn changed_services_are_seen() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _hold = world.live(&of).await;
        band.change_services();
        world.until_state(&of, Trouble::NotUnderstood).await;
    });
}

#[test]
fn garbage_is_not_understood() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let bands = [
            (world.huami(0), "huami", Some(KEY)),
            (
                world.bluetooth.add(&BandPlan::of(Family::InfiniTime)),
                "infinitime",
                None,
            ),
            (
                world.bluetooth.add(&BandPlan::of(Family::Standard)),
                "standard",
                None,
            ),
        ];
        for (band, family, key) in &bands {
            let of = id(band);
            let _hold = world.keep_as(&of, family, *key);
            world.until_live(&of).await;
            band.faults(GARBAGE);
            band.flood(1_000, 1_000_000);
            world
                .phone
                .until("it isn't understood", |store| {
                    store.showed(&of, Trouble::NotUnderstood)
                })
                .await;
            band.faults(Faults::default());
            band.flood(0, 0);
            world.until_live_again(&of, family, *key).await;
        }
    });
}

#[test]
fn garbage_about_keys_is_no_wrong_key() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        band.faults(GARBAGE);
        let of = id(&band);
        let _hold = world.keep(&of);
        let troubled =
            |store: &Store| store.showed(&of, Trouble::Silent) || store.showed(&of, Trouble::NotUnderstood);
        world.phone.until("it can't be talked to", troubled).await;
        world.phone.look(|store| {
            let wrong = LinkState::Stopped {
                trouble: Trouble::KeyWrong,
            };
            assert!(
                !store
                    .states
                    .iter()
                    .any(|(_, state)| *state == wrong || *state == LinkState::Live)
            );
        });
        band.faults(Faults::default());
        world.until_live(&of).await;
    });
}

#[test]
fn services_that_never_come_are_not_waited_for() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        band.withhold_services(true);
        let hold = world.keep(&of);
        world.until_state(&of, Trouble::NotFound).await;
        hold.close().await;
        assert!(!band.is_connected(), "nothing hangs on");
        band.withhold_services(false);
        let _hold = world.live(&of).await;
    });
}

#[test]
fn silence_is_noticed() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _hold = world.live(&of).await;
        band.silent(true);
        world.until_state(&of, Trouble::Silent).await;
        band.silent(false);
        world.until_live(&of).await;
        assert!(band.links() >= 2);

        // Nobody walks, and that is no silence: it answers when it is asked.
        let links = band.links();
        let states = world.phone.look(|store| store.states.len());
        tokio::time::sleep(pace().silence * 4).await;
        assert_eq!(band.links(), links);
        assert_eq!(world.phone.look(|store| store.states.len()), states);
    });
}

#[test]
fn out_of_reach_is_not_found_and_comes_back() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _hold = world.live(&of).await;
        band.near(false);
        world.until_state(&of, Trouble::NotFound).await;
        assert!(
            world.phone.look(|store| store.showed(&of, Trouble::Lost)),
            "at first it was lost"
        );
        band.near(true);
        world.until_live(&of).await;
    });
}

#[test]
fn tries_wait_twice_as_long_each_and_begin_anew_when_it_lived() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _hold = world.live(&of).await;
        band.near(false);
        let waits = |store: &Store| -> Vec<u64> {
            let states = store.states.iter();
            states
                .filter_map(|(_, state)| match state {
                    LinkState::Waiting { again_in_ms, .. } => Some(*again_in_ms),
                    _ => None,
                })
                .collect()
        };
        world
            .phone
            .until("six tries", |store| waits(store).len() >= 6)
            .await;
        assert_eq!(
            world.phone.look(|store| waits(store))[..6],
            [20, 40, 80, 160, 160, 160]
        );
        let heard = world.phone.look(|store| store.heard.len());
        band.near(true);
        let counts = |store: &Store| {
            let since = store.heard[heard..].iter();
            since
                .filter(|(_, reading)| matches!(reading, Reading::Steps { .. }))
                .count()
                > 0
        };
        world
            .phone
            .until("it lives", |store| store.is_live(&of) && counts(store))
            .await;
        let before = world.phone.look(|store| waits(store).len());
        band.lose_link();
        world
            .phone
            .until("a wait", |store| waits(store).len() > before)
            .await;
        assert_eq!(world.phone.look(|store| waits(store))[before], 20);
    });
}

#[test]
fn a_flood_doesnt_drown_the_phone() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _hold = world.live(&of).await;
        let before = world.phone.look(|store| store.heard.len());
        let since = Instant::now();
        band.flood(1_000, 3_000);
        while since.elapsed() < Duration::from_secs(3) {
            band.walk(3);
            let counter = band.counter();
            world
                .phone
                .until("news in the flood", |store| store.steps(&of) == Some(counter))
                .await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let heard = world.phone.look(|store| store.heard.len()) - before;
        let rounds = since.elapsed().as_millis() / pace().round.as_millis() + 1;
        assert!(
            u128::try_from(heard).unwrap() <= 2 * rounds,
            "{heard} in {rounds} rounds of steps and heart rate"
        );
        assert_eq!(band.links(), 1);
        assert!(world.phone.look(|store| store.is_live(&of)));
    });
}
