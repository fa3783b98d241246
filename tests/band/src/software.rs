//! A band's software: bytes in, bytes out. One file per family.

mod history;
mod huami;
mod infinitime;
mod profiles;

use uuid::Uuid;

pub(crate) use huami::{COMPANY, Huami, Key as HuamiKey};
pub(crate) use infinitime::InfiniTime;
pub(crate) use profiles::Profiles;

use crate::gatt::{Refusal, Service, Value};
use crate::wrist::Wrist;

/// What a family of bands does.
pub(crate) trait Software: Send {
    /// What it offers once connected.
    fn services(&self) -> Vec<Service>;
    /// What it announces to everybody.
    fn announced(&self) -> Vec<Uuid>;
    /// Somebody connected; what the one before was trusted with is over.
    fn greet(&mut self) {}
    /// Reads a characteristic that it has.
    fn read(&mut self, of: Uuid, wrist: &mut Wrist) -> Result<Vec<u8>, Refusal>;
    /// Writes one; what it sends in answer.
    fn write(&mut self, value: &Value, wrist: &mut Wrist) -> Result<Vec<Value>, Refusal>;
    /// What it would tell by itself now; only what has changed is sent.
    fn tell(&mut self, wrist: &mut Wrist) -> Vec<Value>;
    /// Announces so many minutes more (or fewer) than it sends, from now on.
    fn lie(&mut self, _minutes: i32) {}
    /// Up to which minute, itself left out, it was told that the minutes are stored.
    fn acknowledged(&self) -> Option<i64> {
        None
    }
}
