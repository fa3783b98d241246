//! Bluetooth's standard profiles: heart rate, running speed and cadence, battery, device information, current time.

use chrono::Datelike as _;
use uuid::Uuid;

use super::Software;
use crate::gatt::{
    NOTIFY, READ, READ_NOTIFY, READ_WRITE, Refusal, Service, Value, WRITE_INDICATE, service, standard, value,
};
use crate::wrist::{Wrist, time_bytes, time_from};

pub(super) const HEART_RATE: Uuid = standard(0x2A37);
pub(super) const BATTERY: Uuid = standard(0x2A19);
pub(super) const CURRENT_TIME: Uuid = standard(0x2A2B);
const BODY_LOCATION: Uuid = standard(0x2A38);
const CADENCE: Uuid = standard(0x2A53);
const CADENCE_FEATURES: Uuid = standard(0x2A54);
const CADENCE_CONTROL: Uuid = standard(0x2A55);
const MODEL: Uuid = standard(0x2A24);
const FIRMWARE: Uuid = standard(0x2A26);
const MAKER: Uuid = standard(0x2A29);

pub(super) fn heart_rate_service() -> Service {
    service(standard(0x180D), &[(HEART_RATE, NOTIFY), (BODY_LOCATION, READ)])
}

pub(super) fn battery_service() -> Service {
    service(standard(0x180F), &[(BATTERY, READ_NOTIFY)])
}

pub(super) fn time_service() -> Service {
    service(standard(0x1805), &[(CURRENT_TIME, READ_WRITE)])
}

pub(super) fn information_service() -> Service {
    service(
        standard(0x180A),
        &[(MAKER, READ), (MODEL, READ), (FIRMWARE, READ)],
    )
}

/// Reads what every family with these profiles has.
pub(super) fn read(of: Uuid, maker: &str, model: &str, wrist: &Wrist) -> Result<Vec<u8>, Refusal> {
    match of {
        BATTERY => Ok(vec![wrist.battery]),
        BODY_LOCATION => Ok(vec![2]),
        CURRENT_TIME => Ok(time(wrist)),
        MAKER => Ok(maker.into()),
        MODEL => Ok(model.into()),
        FIRMWARE => Ok(b"1.15.0".to_vec()),
        _ => Err(Refusal::NotSupported),
    }
}

/// The current time: date and time, weekday from Monday = 1, fractions, reason.
fn time(wrist: &Wrist) -> Vec<u8> {
    let now = wrist.local_time();
    let mut bytes = time_bytes(now);
    bytes.push(u8::try_from(now.weekday().number_from_monday()).expect("1 to 7"));
    bytes.extend([0, 0]);
    bytes
}

/// Sets the time: 10 bytes, and in some families the zone in quarters of an hour behind them.
pub(super) fn set_time(bytes: &[u8], wrist: &mut Wrist) -> Result<Vec<Value>, Refusal> {
    let time = time_from(bytes).ok_or(Refusal::InvalidLength)?;
    let quarters = match bytes.len() {
        10 => None,
        11 => Some(i8::from_le_bytes([bytes[10]])),
        _ => return Err(Refusal::InvalidLength),
    };
    wrist.set_local_time(time, quarters);
    Ok(Vec::new())
}

/// The heart rate of a sensor that feels the skin, in one byte.
pub(super) fn heart_rate(wrist: &mut Wrist) -> Vec<u8> {
    vec![0b0000_0110, wrist.heart_rate()]
}

/// A band with nothing but these.
#[derive(Debug, Default)]
pub(crate) struct Profiles;

impl Software for Profiles {
    fn services(&self) -> Vec<Service> {
        let running = [
            (CADENCE, NOTIFY),
            (CADENCE_FEATURES, READ),
            (CADENCE_CONTROL, WRITE_INDICATE),
        ];
        vec![
            heart_rate_service(),
            service(standard(0x1814), &running),
            battery_service(),
            information_service(),
            time_service(),
        ]
    }

    fn announced(&self) -> Vec<Uuid> {
        vec![standard(0x180D), standard(0x1814)]
    }

    fn read(&mut self, of: Uuid, wrist: &mut Wrist) -> Result<Vec<u8>, Refusal> {
        match of {
            // It knows strides, distance, and walking from running.
            CADENCE_FEATURES => Ok(vec![0b0000_0111, 0]),
            _ => read(of, "Anywhere", "Chest belt", wrist),
        }
    }

    fn write(&mut self, written: &Value, wrist: &mut Wrist) -> Result<Vec<Value>, Refusal> {
        match (written.of, written.bytes.as_slice()) {
            (CURRENT_TIME, bytes) => set_time(bytes, wrist),
            // Whatever the control point is asked, it can't.
            (CADENCE_CONTROL, [asked, ..]) => Ok(vec![value(CADENCE_CONTROL, [0x10, *asked, 2])]),
            _ => Err(Refusal::NotSupported),
        }
    }

    fn tell(&mut self, wrist: &mut Wrist) -> Vec<Value> {
        let cadence = running(wrist);
        vec![
            value(HEART_RATE, heart_rate(wrist)),
            value(CADENCE, cadence),
            value(BATTERY, vec![wrist.battery]),
        ]
    }
}

/// Speed in 1/256 m/s, steps a minute, stride in cm, distance in 0.1 m; running from 140 steps a minute.
fn running(wrist: &mut Wrist) -> Vec<u8> {
    let cadence = wrist.cadence();
    let stride_cm = 75_u16;
    let speed = u32::from(cadence) * u32::from(stride_cm) * 256 / 6_000;
    let distance = wrist.counter() * u32::from(stride_cm) / 10;
    let mut bytes = vec![0b011 | if cadence > 140 { 0b100 } else { 0 }];
    bytes.extend(u16::try_from(speed).unwrap_or(u16::MAX).to_le_bytes());
    bytes.push(cadence);
    bytes.extend(stride_cm.to_le_bytes());
    bytes.extend(distance.to_le_bytes());
    bytes
}
