//! Ordinary days.

use std::collections::BTreeMap;

use haigou_test_band::{BandPlan, Family, on_a_private_bus};
use haigou_wearable::{Pairing, Reading};

use crate::kit::{KEY, World, id};

#[test]
fn bands_are_found_with_their_families() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let bands = [Family::Huami, Family::InfiniTime, Family::Standard];
        let ids = bands.map(|family| id(&world.bluetooth.add(&BandPlan::of(family))));
        let mut scan = world.radio.scan(std::time::Duration::from_secs(30));
        let mut found = BTreeMap::new();
        while found.len() < 3 {
            let one = scan.next().await.expect("it goes on").expect("Bluetooth is on");
            assert!(one.name.is_some() && one.rssi.is_some());
            found.insert(one.band, (one.family, one.pairing));
        }
        let expected = [
            ("huami", Pairing::Key),
            ("infinitime", Pairing::Open),
            ("standard", Pairing::Open),
        ];
        assert_eq!(found, ids.into_iter().zip(expected).collect());
    });
}

#[test]
fn a_band_of_huamis_lives() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        band.battery(63, true);
        world.clock.advance(7_000);
        let found = world.find(|found| found.family == "huami").await;
        assert_eq!(found.band, id(&band));
        let hold = world.live(&found.band).await;

        world.phone.look(|store| {
            let info = &store.infos[&found.band];
            assert_eq!(info.maker.as_deref(), Some("Huami"));
            assert_eq!(info.model.as_deref(), Some("Mi Smart Band 4"));
            let battery = Reading::Battery {
                percent: 63,
                charging: Some(true),
            };
            assert!(store.heard.iter().any(|(_, reading)| *reading == battery));
        });
        assert!(band.clock_ahead_ms().abs() < 1_000, "it was told the time");
        band.walk(25);
        let counter = band.counter();
        world
            .phone
            .until("its steps", |store| store.steps(&found.band) == Some(counter))
            .await;
        band.battery(62, false);
        hold.battery_now();
        let battery = Reading::Battery {
            percent: 62,
            charging: Some(false),
        };
        let told = |store: &crate::kit::Store| store.heard.iter().any(|(_, reading)| *reading == battery);
        world.phone.until("its battery", told).await;
        let heart = |store: &crate::kit::Store| {
            store
                .heard
                .iter()
                .any(|(_, reading)| matches!(reading, Reading::HeartRate { bpm: 40..200, .. }))
        };
        world.phone.until("its heart rate", heart).await;
        hold.close().await;
        assert!(!band.is_connected());
    });
}

#[test]
fn every_family_tells_what_it_counts() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let watch = world.bluetooth.add(&BandPlan::of(Family::InfiniTime).seeded(2));
        let belt = world.bluetooth.add(&BandPlan::of(Family::Standard).seeded(3));
        let huami = world.huami(0);
        let holds = [
            world.keep_as(&id(&watch), "infinitime", None),
            world.keep_as(&id(&belt), "standard", None),
            world.keep(&id(&huami)),
        ];
        for band in [&watch, &belt, &huami] {
            world.until_live(&id(band)).await;
            band.walk(40);
        }
        for band in [&watch, &huami] {
            let (id, counter) = (id(band), band.counter());
            world
                .phone
                .until("steps", |store| store.steps(&id) == Some(counter))
                .await;
        }
        let cadence = |store: &crate::kit::Store| {
            store.heard.iter().any(|(of, reading)| {
                *of == id(&belt)
                    && matches!(
                        reading,
                        Reading::Cadence {
                            per_minute: 40..,
                            running: false,
                            ..
                        }
                    )
            })
        };
        world.phone.until("a cadence", cadence).await;

        // One is forgotten; the others don't notice.
        world.radio.forget(&id(&watch)).await;
        assert!(!watch.is_connected());
        huami.walk(10);
        let (of, counter) = (id(&huami), huami.counter());
        world
            .phone
            .until("steps", |store| store.steps(&of) == Some(counter))
            .await;
        assert!(belt.is_connected());
        drop(holds);
    });
}

#[test]
fn minutes_that_pass_are_fetched_while_it_is_live() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 1).await;
        let band = world.huami(1);
        let hold = world.live(&id(&band)).await;
        world.assert_true(&id(&band), &band, 1);
        for _ in 0..6 {
            world.clock.advance(10 * 60_000);
            band.walk(300);
            hold.catch_up_now();
            let until = world.now().0;
            let last = |store: &crate::kit::Store| store.minutes[&id(&band)].contains_key(&(until - 1));
            world.phone.until("the minutes that passed", last).await;
        }
        // What was ordered at last is only now over.
        world.clock.advance(5 * 60_000);
        hold.catch_up_now();
        let until = world.now().0;
        let last = |store: &crate::kit::Store| store.minutes[&id(&band)].contains_key(&(until - 1));
        world.phone.until("the minutes that passed", last).await;
        world.assert_true(&id(&band), &band, 1);
        assert_eq!(band.links(), 1);
        drop(hold);
    });
}

#[test]
fn a_new_band_takes_the_first_key() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.bluetooth.add(&BandPlan::of(Family::Huami));
        let hold = world.live(&id(&band)).await;
        hold.close().await;
        world.until_live_again(&id(&band), "huami", Some(KEY)).await;
        let _other = world.keep_as(&id(&band), "huami", Some([9; 16]));
        world.until_live(&id(&band)).await;
    });
}
