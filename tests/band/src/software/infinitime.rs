//! `InfiniTime`: steps and motion in a service of its own, the rest by the standard profiles.

use uuid::Uuid;

use super::Software;
use super::profiles::{self, BATTERY, CURRENT_TIME, HEART_RATE};
use crate::gatt::{READ_NOTIFY, Refusal, Service, Value, service, standard, value};
use crate::wrist::Wrist;

const MOTION_SERVICE: Uuid = Uuid::from_u128(0x00030000_78fc_48fe_8e23_433b3a1942d0);
const STEPS: Uuid = Uuid::from_u128(0x00030001_78fc_48fe_8e23_433b3a1942d0);
const MOTION: Uuid = Uuid::from_u128(0x00030002_78fc_48fe_8e23_433b3a1942d0);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct InfiniTime;

impl Software for InfiniTime {
    fn services(&self) -> Vec<Service> {
        vec![
            profiles::information_service(),
            profiles::time_service(),
            profiles::battery_service(),
            profiles::heart_rate_service(),
            service(MOTION_SERVICE, &[(STEPS, READ_NOTIFY), (MOTION, READ_NOTIFY)]),
        ]
    }

    fn announced(&self) -> Vec<Uuid> {
        // The service for updates, which is too long a name for more beside it.
        vec![
            Uuid::from_u128(0x00001530_1212_efde_1523_785feabcd123),
            standard(0x180D),
        ]
    }

    fn read(&mut self, of: Uuid, wrist: &mut Wrist) -> Result<Vec<u8>, Refusal> {
        match of {
            STEPS => Ok(wrist.counter().to_le_bytes().to_vec()),
            MOTION => Ok(motion(wrist)),
            _ => profiles::read(of, "Pine64", "PineTime", wrist),
        }
    }

    fn write(&mut self, written: &Value, wrist: &mut Wrist) -> Result<Vec<Value>, Refusal> {
        match written.of {
            CURRENT_TIME => profiles::set_time(&written.bytes, wrist),
            _ => Err(Refusal::NotSupported),
        }
    }

    fn tell(&mut self, wrist: &mut Wrist) -> Vec<Value> {
        vec![
            value(STEPS, wrist.counter().to_le_bytes().to_vec()),
            value(MOTION, motion(wrist)),
            value(HEART_RATE, profiles::heart_rate(wrist)),
            value(BATTERY, vec![wrist.battery]),
        ]
    }
}

/// Three axes, 1024 = 1 g: it lies flat, and shakes along x with every other step.
fn motion(wrist: &mut Wrist) -> Vec<u8> {
    let shake = if wrist.counter().is_multiple_of(2) {
        0_i16
    } else {
        300
    };
    [shake, 0, 1024]
        .iter()
        .flat_map(|axis| axis.to_le_bytes())
        .collect()
}
