//! What is the matter with the system's Bluetooth is a state too, and passes.

use std::time::Duration;

use haigou_test_band::{Power, on_a_private_bus};
use haigou_wearable::Trouble;
use haigou_wearable::radio::{Availability, Radio};

use crate::kit::{World, id, pace};

/// Waits until Bluetooth stands so.
async fn until(radio: &Radio, wanted: Availability) {
    let mut availability = radio.availability();
    let waiting = availability.wait_for(|now| *now == wanted);
    let came = tokio::time::timeout(Duration::from_secs(30), waiting).await;
    assert!(came.is_ok(), "never {wanted:?}");
}

/// A band is live; something happens that is a trouble of the system's; it passes; the band is live again.
async fn happens_and_passes(
    world: &World,
    trouble: Trouble,
    begins: impl FnOnce(&World),
    ends: impl AsyncFnOnce(&World),
) {
    let band = world.huami(0);
    let of = id(&band);
    let _hold = world.live(&of).await;
    begins(world);
    until(&world.radio, Err(trouble)).await;
    world.until_state(&of, trouble).await;
    let mut scan = world.radio.scan(Duration::from_secs(5));
    assert_eq!(
        scan.next().await,
        Some(Err(trouble)),
        "whoever looks for bands is told as well"
    );
    ends(world).await;
    until(&world.radio, Ok(())).await;
    world.until_live(&of).await;
    band.walk(5);
    let counter = band.counter();
    world
        .phone
        .until("its steps", |store| store.steps(&of) == Some(counter))
        .await;
}

#[test]
fn bluetooth_is_switched_off_and_on() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        for off in [Power::Off, Power::Blocked] {
            let trouble = Trouble::BluetoothOff;
            let on = async |world: &World| world.bluetooth.power(Power::On);
            happens_and_passes(&world, trouble, |world| world.bluetooth.power(off), on).await;
        }
    });
}

#[test]
fn a_member_who_switched_bluetooth_off_finds_it_off() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let band = world.huami(0);
        let _hold = world.live(&id(&band)).await;
        world.bluetooth.power(Power::Off);
        until(&world.radio, Err(Trouble::BluetoothOff)).await;
        let mut scan = world.radio.scan(Duration::from_secs(5));
        assert_eq!(scan.next().await, Some(Err(Trouble::BluetoothOff)));
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(
            *world.radio.availability().borrow(),
            Err(Trouble::BluetoothOff),
            "nobody switched it on"
        );
        assert!(!band.is_connected());
    });
}

#[test]
fn permission_is_refused_and_given() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let given = async |world: &World| world.bluetooth.permit(true);
        happens_and_passes(
            &world,
            Trouble::NotPermitted,
            |world| world.bluetooth.permit(false),
            given,
        )
        .await;
    });
}

#[test]
fn an_adapter_is_pulled_and_plugged() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let plugged = async |world: &World| world.bluetooth.plug(true);
        happens_and_passes(
            &world,
            Trouble::NoBluetooth,
            |world| world.bluetooth.plug(false),
            plugged,
        )
        .await;
    });
}

#[test]
fn a_dead_service_is_noticed_and_found_again() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let back = async |world: &World| world.bluetooth.come_back().await;
        happens_and_passes(
            &world,
            Trouble::SystemSilent,
            |world| world.bluetooth.leave(),
            back,
        )
        .await;
    });
}

#[test]
fn a_frozen_bus_is_noticed_and_found_again() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let thaws = async |world: &World| world.bus.thaw();
        happens_and_passes(&world, Trouble::SystemSilent, |world| world.bus.freeze(), thaws).await;
    });
}

#[test]
fn a_dead_bus_is_noticed_and_found_again() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, 0).await;
        let again = async |world: &World| {
            world.bus.go_on();
            world.bluetooth.come_back().await;
        };
        happens_and_passes(&world, Trouble::SystemSilent, |world| world.bus.kill(), again).await;
    });
}

#[test]
fn a_phone_that_starts_before_its_bluetooth_waits_for_it() {
    on_a_private_bus(async |bus| {
        let mut world = World::start(bus, 0).await;
        world.bus.kill();
        world.radio = Radio::new(world.phone.clone(), pace()).await;
        assert_eq!(*world.radio.availability().borrow(), Err(Trouble::SystemSilent));
        world.bus.go_on();
        world.bluetooth.come_back().await;
        until(&world.radio, Ok(())).await;
        let band = world.huami(0);
        let _hold = world.live(&id(&band)).await;
    });
}
