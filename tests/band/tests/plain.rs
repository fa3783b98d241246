//! The simulation against btleplug itself: found, connected, read, written, told, lost, found again.

use std::pin::pin;
use std::time::Duration;

use btleplug::api::{
    Central as _, CentralEvent, CentralState, Characteristic, Manager as _, Peripheral as _, ScanFilter,
    WriteType,
};
use btleplug::platform::{Adapter, Manager, Peripheral};
use futures_util::{Stream, StreamExt as _};
use haigou_test_band::{BandPlan, Bluetooth, Bus, Clock, Family, Power, on_a_private_bus};
use uuid::Uuid;

/// 2026-05-20 12:00 in Shanghai.
const NOON: i64 = 1_779_249_600_000;
const HEART_RATE: u16 = 0x2A37;
const KEY: [u8; 16] = *b"0123456789abcdef";

const fn standard(short: u16) -> Uuid {
    Uuid::from_u128(((short as u128) << 96) | 0x0000_1000_8000_0080_5f9b_34fb)
}

const fn huami(short: u32) -> Uuid {
    Uuid::from_u128(((short as u128) << 96) | 0x0000_3512_2118_0009_af10_0700)
}

async fn bluetooth(bus: &Bus) -> Bluetooth {
    Bluetooth::start(&bus.address(), &Clock::at(NOON, 0)).await
}

async fn adapter() -> Adapter {
    let manager = Manager::new().await.expect("a bus");
    let adapters = manager.adapters().await.expect("adapters");
    adapters.into_iter().next().expect("one")
}

/// Looks for a band until it is found.
async fn found(adapter: &Adapter) -> Peripheral {
    let mut events = adapter.events().await.expect("events");
    adapter.start_scan(ScanFilter::default()).await.expect("a scan");
    let found = loop {
        if let Some(CentralEvent::DeviceDiscovered(id)) = soon(events.next()).await {
            break adapter.peripheral(&id).await.expect("it was found");
        }
    };
    adapter.stop_scan().await.expect("the scan ends");
    found
}

async fn connected(adapter: &Adapter) -> Peripheral {
    let band = found(adapter).await;
    band.connect().await.expect("it is near");
    band.discover_services().await.expect("it is connected");
    band
}

fn of(band: &Peripheral, uuid: Uuid) -> Characteristic {
    let all = band.characteristics();
    all.iter()
        .find(|one| one.uuid == uuid)
        .expect("it has it")
        .clone()
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what)
        .await
        .expect("it comes")
}

/// The next value of a characteristic.
async fn told(
    values: &mut (impl Stream<Item = btleplug::api::ValueNotification> + Unpin),
    uuid: Uuid,
) -> Vec<u8> {
    loop {
        let value = soon(values.next()).await.expect("the stream goes on");
        if value.uuid == uuid {
            return value.value;
        }
    }
}

#[test]
fn is_found_connected_and_read() {
    on_a_private_bus(async |bus| {
        let bluetooth = bluetooth(&bus).await;
        let belt = bluetooth.add(&BandPlan::of(Family::Standard));
        belt.battery(63, false);
        let adapter = adapter().await;
        let band = found(&adapter).await;
        let properties = band.properties().await.unwrap().unwrap();
        assert_eq!(properties.local_name.as_deref(), Some("HR Belt"));
        assert!(properties.services.contains(&standard(0x180D)));
        band.connect().await.unwrap();
        band.discover_services().await.unwrap();
        assert!(belt.is_connected() && band.is_connected().await.unwrap());
        assert_eq!(band.services().len(), 5);
        assert_eq!(band.read(&of(&band, standard(0x2A19))).await.unwrap(), [63]);
        assert_eq!(
            band.read(&of(&band, standard(0x2A29))).await.unwrap(),
            b"Anywhere"
        );
        band.disconnect().await.unwrap();
        assert!(!belt.is_connected());
    });
}

#[test]
fn tells_and_takes_the_time() {
    on_a_private_bus(async |bus| {
        let bluetooth = bluetooth(&bus).await;
        let watch = bluetooth.add(&BandPlan::of(Family::InfiniTime));
        let band = connected(&adapter().await).await;
        let mut values = band.notifications().await.unwrap();
        let steps = Uuid::from_u128(0x00030001_78fc_48fe_8e23_433b3a1942d0);
        let before = watch.counter();
        assert_eq!(band.read(&of(&band, steps)).await.unwrap(), before.to_le_bytes());
        assert_eq!(
            told(&mut values, steps).await,
            before.to_le_bytes(),
            "a read shows as a notification"
        );
        band.subscribe(&of(&band, steps)).await.unwrap();
        watch.walk(12);
        loop {
            let value = told(&mut values, steps).await;
            if value == (before + 12).to_le_bytes() {
                break;
            }
        }
        band.subscribe(&of(&band, standard(HEART_RATE))).await.unwrap();
        assert_eq!(told(&mut values, standard(HEART_RATE)).await.len(), 2);
        let time = [0xEA, 7, 5, 20, 12, 1, 0, 3, 0, 0];
        band.write(&of(&band, standard(0x2A2B)), &time, WriteType::WithResponse)
            .await
            .unwrap();
        assert_eq!(watch.clock_ahead_ms(), 60_000);
    });
}

#[test]
fn a_lost_link_is_told_and_comes_back() {
    on_a_private_bus(async |bus| {
        let bluetooth = bluetooth(&bus).await;
        let watch = bluetooth.add(&BandPlan::of(Family::InfiniTime));
        let adapter = adapter().await;
        let band = connected(&adapter).await;
        for nth in 1..=50 {
            let mut events = adapter.events().await.unwrap();
            watch.lose_link();
            loop {
                if let Some(CentralEvent::DeviceDisconnected(id)) = soon(events.next()).await {
                    assert_eq!(id, band.id());
                    break;
                }
            }
            assert!(band.read(&of(&band, standard(0x2A19))).await.is_err());
            band.connect().await.unwrap();
            band.discover_services().await.unwrap();
            assert_eq!(watch.links(), nth + 1);
        }
        let mut values = pin!(band.notifications().await.unwrap());
        band.subscribe(&of(&band, standard(HEART_RATE))).await.unwrap();
        assert_eq!(told(&mut values, standard(HEART_RATE)).await.len(), 2);
    });
}

#[test]
fn huami_trusts_its_key_alone_and_hands_over_its_memory() {
    on_a_private_bus(async |bus| {
        let bluetooth = bluetooth(&bus).await;
        let watch = bluetooth.add(&BandPlan::of(Family::Huami).with_key(KEY).worn_for(1));
        let band = connected(&adapter().await).await;
        let mut values = band.notifications().await.unwrap();
        for short in [4, 5, 9] {
            band.subscribe(&of(&band, huami(short))).await.unwrap();
        }
        let fetch = of(&band, huami(4));
        let since = [1, 1, 0xEA, 7, 5, 20, 11, 50, 0, 32];
        assert!(
            band.write(&fetch, &since, WriteType::WithoutResponse)
                .await
                .is_err(),
            "it doesn't trust yet"
        );
        assert!(!answers(&band, &mut values, [7; 16]).await);
        assert!(answers(&band, &mut values, KEY).await);

        band.write(&fetch, &since, WriteType::WithoutResponse)
            .await
            .unwrap();
        assert_eq!(
            told(&mut values, huami(4)).await,
            [0x10, 1, 1, 10, 0, 0, 0, 0xEA, 7, 5, 20, 11, 50, 0, 32]
        );
        band.write(&fetch, &[2], WriteType::WithoutResponse)
            .await
            .unwrap();
        let mut steps = Vec::new();
        for packet in 0..3 {
            let value = told(&mut values, huami(5)).await;
            assert_eq!(value[0], packet);
            steps.extend(value[1..].chunks(4).map(|sample| u16::from(sample[2])));
        }
        assert_eq!(told(&mut values, huami(4)).await, [0x10, 2, 1]);
        let now = haigou_contract::Minute(NOON / 60_000);
        let truth = watch.truth(haigou_contract::Minute(now.0 - 10), now);
        assert_eq!(steps, truth.iter().map(|minute| minute.steps).collect::<Vec<_>>());
        assert_eq!(watch.acknowledged(), None);
        band.write(&fetch, &[3, 9], WriteType::WithoutResponse)
            .await
            .unwrap();
        assert_eq!(told(&mut values, huami(4)).await, [0x10, 3, 1]);
        assert_eq!(watch.acknowledged(), Some(now));
    });
}

/// Whether a key is the band's.
async fn answers(
    band: &Peripheral,
    values: &mut (impl Stream<Item = btleplug::api::ValueNotification> + Unpin),
    key: [u8; 16],
) -> bool {
    use aes::cipher::{Array, BlockCipherEncrypt as _, KeyInit as _};
    let auth = of(band, huami(9));
    band.write(&auth, &[2, 0], WriteType::WithoutResponse)
        .await
        .unwrap();
    let question = told(values, huami(9)).await;
    assert_eq!(question[..3], [0x10, 2, 1]);
    let mut block = Array::try_from(&question[3..]).unwrap();
    aes::Aes128::new(&Array::from(key)).encrypt_block(&mut block);
    let mut answer = vec![3, 0];
    answer.extend(block);
    band.write(&auth, &answer, WriteType::WithoutResponse)
        .await
        .unwrap();
    match told(values, huami(9)).await[..] {
        [0x10, 3, 1] => true,
        [0x10, 3, 4] => false,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn power_permission_and_a_dead_service_show() {
    on_a_private_bus(async |bus| {
        let bluetooth = bluetooth(&bus).await;
        bluetooth.add(&BandPlan::of(Family::Standard));
        let manager = Manager::new().await.unwrap();
        let adapter = manager.adapters().await.unwrap().remove(0);
        assert_eq!(adapter.adapter_state().await.unwrap(), CentralState::PoweredOn);
        let mut events = adapter.events().await.unwrap();
        bluetooth.power(Power::Blocked);
        loop {
            if let Some(CentralEvent::StateUpdate(state)) = soon(events.next()).await {
                assert_eq!(state, CentralState::PoweredOff);
                break;
            }
        }
        assert!(adapter.start_scan(ScanFilter::default()).await.is_err());
        bluetooth.power(Power::Off);
        adapter
            .start_scan(ScanFilter::default())
            .await
            .expect("a scan switches it on");
        adapter.stop_scan().await.unwrap();

        bluetooth.permit(false);
        let refused = manager.adapters().await.unwrap_err().to_string();
        assert!(refused.contains("Rejected"), "{refused}");
        bluetooth.permit(true);
        bluetooth.plug(false);
        assert!(manager.adapters().await.unwrap().is_empty());
        bluetooth.plug(true);

        bluetooth.leave();
        assert!(manager.adapters().await.is_err());
        bluetooth.come_back().await;
        let band = connected(&adapter).await;
        assert!(band.is_connected().await.unwrap());
    });
}

#[test]
fn a_bus_that_froze_or_died_is_found_again() {
    on_a_private_bus(async |bus| {
        let bluetooth = bluetooth(&bus).await;
        bluetooth.add(&BandPlan::of(Family::Standard));
        let manager = Manager::new().await.unwrap();
        bus.freeze();
        let waits = tokio::time::timeout(Duration::from_millis(300), manager.adapters()).await;
        assert!(waits.is_err(), "it neither answers nor fails");
        bus.thaw();
        assert_eq!(soon(manager.adapters()).await.unwrap().len(), 1);
        bus.kill();
        bus.go_on();
        bluetooth.come_back().await;
        assert!(connected(&adapter().await).await.is_connected().await.unwrap());
    });
}
