//! Several bands at once, and the ends of links.

use std::time::{Duration, Instant};

use haigou_test_band::{BandPlan, Family, on_a_private_bus};
use haigou_wearable::radio::{Radio, UnknownFamily};
use haigou_wearable::{BandId, Reading, Trouble};

use crate::kit::{KEY, Store, World, id, pace};

/// Waits until something is so that nobody tells.
async fn until(what: &str, so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let came = tokio::time::timeout(Duration::from_secs(30), waiting).await;
    assert!(came.is_ok(), "it never came to this: {what}");
}

#[test]
fn bands_of_all_families_live_side_by_side() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let mi = world.huami(0);
        let pine = world.bluetooth.add(&BandPlan::of(Family::InfiniTime));
        let belt = world.bluetooth.add(&BandPlan::of(Family::Standard));
        let holds = [
            world.keep(&id(&mi)),
            world.keep_as(&id(&pine), "infinitime", None),
            world.keep_as(&id(&belt), "standard", None),
        ];
        for band in [&mi, &pine, &belt] {
            world.until_live(&id(band)).await;
        }
        for band in [&mi, &pine] {
            band.walk(50);
            until_steps(&world, &id(band), band.counter()).await;
        }
        let paces = |store: &Store| {
            let of_belt = |(of, reading): &(BandId, Reading)| {
                *of == id(&belt) && matches!(reading, Reading::Cadence { .. })
            };
            store.heard.iter().any(of_belt)
        };
        world.phone.until("the belt's cadence", paces).await;
        // One is forgotten, the others stay.
        world.radio.forget(&id(&mi)).await;
        assert!(!mi.is_connected() && pine.is_connected() && belt.is_connected());
        pine.walk(7);
        until_steps(&world, &id(&pine), pine.counter()).await;
        drop(holds);
        until("all are let go", || !pine.is_connected() && !belt.is_connected()).await;
    });
}

async fn until_steps(world: &World, of: &BandId, steps: u32) {
    let there = |store: &Store| store.steps(of) == Some(steps);
    world.phone.until("its steps", there).await;
}

#[test]
fn a_band_has_one_keeper_and_goes_with_the_radio() {
    on_a_private_bus(async |bus| {
        let mut world = World::start(bus, 0).await;
        let band = world.bluetooth.add(&BandPlan::of(Family::InfiniTime));
        let of = id(&band);
        let martian = world.radio.keep(&of, "martian", None).err();
        assert_eq!(martian, Some(UnknownFamily("martian".into())));
        let first = world.keep_as(&of, "infinitime", None);
        world.until_live(&of).await;
        let before = world.phone.look(|store| store.states.len());
        let _second = world.keep_as(&of, "infinitime", None);
        let again = |store: &Store| store.states.len() > before && store.is_live(&of);
        world.phone.until("live in other hands", again).await;
        drop(first);
        band.walk(5);
        until_steps(&world, &of, band.counter()).await;
        assert_eq!((band.is_connected(), band.links()), (true, 2));
        world.radio = Radio::new(world.phone.clone(), pace()).await;
        until("its link ends", || !band.is_connected()).await;
    });
}

#[test]
fn a_scan_ends_by_itself_and_when_bluetooth_goes() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let begun = Instant::now();
        let mut scan = world.radio.scan(Duration::from_secs(1));
        while let Some(found) = scan.next().await {
            assert_eq!(found.map(|found| found.band), Ok(id(&band)));
        }
        assert!(
            (1..5).contains(&begun.elapsed().as_secs()),
            "{:?}",
            begun.elapsed()
        );
        let mut scan = world.radio.scan(Duration::from_secs(60));
        assert!(scan.next().await.is_some_and(|found| found.is_ok()));
        world.bluetooth.power(haigou_test_band::Power::Off);
        let end = async {
            loop {
                match scan.next().await {
                    Some(Ok(_)) => {}
                    end => return end,
                }
            }
        };
        assert_eq!(end.await, Some(Err(Trouble::BluetoothOff)));
        assert_eq!(scan.next().await, None);
    });
}

#[test]
fn what_only_the_app_knows_counts() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let of = id(&band);
        let _hold = world.live(&of).await;
        world.radio.told(Err(Trouble::NotPermitted));
        world.until_state(&of, Trouble::NotPermitted).await;
        assert!(!band.is_connected());
        world.radio.told(Ok(()));
        world.until_live(&of).await;
    });
}

#[test]
fn a_flood_starves_no_other_band_and_fills_no_memory() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let loud = world.bluetooth.add(&BandPlan::of(Family::InfiniTime));
        let quiet = world.huami(0);
        let _holds = [
            world.keep_as(&id(&loud), "infinitime", None),
            world.radio.keep(&id(&quiet), "huami", Some(KEY)).unwrap(),
        ];
        world.until_live(&id(&loud)).await;
        world.until_live(&id(&quiet)).await;
        loud.flood(1_000, 8_000);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let before = resident_kb();
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(7) {
            quiet.walk(1);
            until_steps(&world, &id(&quiet), quiet.counter()).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        loud.walk(9);
        until_steps(&world, &id(&loud), loud.counter()).await;
        let grown = resident_kb().saturating_sub(before);
        println!("{grown} kB more after 7,000 values");
        assert!(grown < 8_000, "{grown} kB more");
    });
}

/// What this process, the simulation included, holds in memory.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
