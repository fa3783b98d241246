//! Services and characteristics, as Bluetooth lays them out.

use uuid::Uuid;

/// A service with its characteristics.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) uuid: Uuid,
    pub(crate) characteristics: Vec<Characteristic>,
}

/// One value of a band's, and what may be done with it in BlueZ's words.
#[derive(Debug, Clone)]
pub(crate) struct Characteristic {
    pub(crate) uuid: Uuid,
    pub(crate) flags: &'static [&'static str],
}

/// A value that a band sends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) of: Uuid,
    pub(crate) bytes: Vec<u8>,
}

/// The band doesn't do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It doesn't trust whoever asks.
    NotPermitted,
    /// It never does that.
    NotSupported,
    /// The value has a length that it can't have.
    InvalidLength,
}

pub(crate) const READ: &[&str] = &["read"];
pub(crate) const READ_WRITE: &[&str] = &["read", "write"];
pub(crate) const READ_NOTIFY: &[&str] = &["read", "notify"];
pub(crate) const NOTIFY: &[&str] = &["notify"];
pub(crate) const COMMAND_NOTIFY: &[&str] = &["write-without-response", "notify"];
pub(crate) const WRITE_INDICATE: &[&str] = &["write", "indicate"];

/// One of Bluetooth's own numbers.
pub(crate) const fn standard(short: u16) -> Uuid {
    Uuid::from_u128(((short as u128) << 96) | 0x0000_1000_8000_0080_5f9b_34fb)
}

pub(crate) fn service(uuid: Uuid, characteristics: &[(Uuid, &'static [&'static str])]) -> Service {
    Service {
        uuid,
        characteristics: characteristics
            .iter()
            .map(|&(uuid, flags)| Characteristic { uuid, flags })
            .collect(),
    }
}

pub(crate) fn value(of: Uuid, bytes: impl Into<Vec<u8>>) -> Value {
    Value {
        of,
        bytes: bytes.into(),
    }
}
