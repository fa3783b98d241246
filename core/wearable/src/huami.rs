//! Huami's bands, sold as Mi Band, Amazfit and Zepp: live steps, battery, the pairing by a key, and the activity history,
//! one sample a minute.
//!
//! The layouts are not published by the maker; they are as observed on Mi Band 2 to 6 by several independent projects.

use bytes::Buf;
use chrono::{Datelike, Timelike};
use haigou_contract::Minute;
use uuid::Uuid;

use crate::{Advert, BandError, Driver, Kept, Link, Match, Notification, Pairing, Reading, standard};

#[cfg(test)]
pub(crate) use self::{auth::encrypted, history::minute};
mod auth;
mod history;

/// The service of steps, battery and history.
pub const SERVICE: Uuid = standard::sig(0xFEE0);
/// The service of pairing.
pub const AUTH_SERVICE: Uuid = standard::sig(0xFEE1);
/// Where the history is asked for.
pub const FETCH: Uuid = own(4);
/// Where the history comes.
pub const ACTIVITY: Uuid = own(5);
/// How full it is.
pub const BATTERY: Uuid = own(6);
/// Steps since midnight.
pub const STEPS: Uuid = own(7);
/// Where keys are proven.
pub const AUTH: Uuid = own(9);

/// Huami's number among the makers in Bluetooth's list.
const COMPANY: u16 = 0x0157;
const NAMES: [&str; 7] = [
    "Mi Band",
    "MI Band",
    "Mi Smart Band",
    "Xiaomi Band",
    "Xiaomi Smart Band",
    "Amazfit",
    "Zepp",
];

const fn own(short: u8) -> Uuid {
    // Widening; `From` can't be used in a constant.
    Uuid::from_u128(((short as u128) << 96) | 0x0000_3512_2118_0009_AF10_0700)
}

/// Huami's bands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Huami;

#[async_trait::async_trait]
impl Driver for Huami {
    fn family(&self) -> &'static str {
        "huami"
    }

    fn recognise(&self, advert: &Advert) -> Option<Match> {
        if advert.services.contains(&SERVICE) || advert.services.contains(&AUTH_SERVICE) {
            return Some(Match::Certain);
        }
        let named = |name: &str| NAMES.iter().any(|known| name.starts_with(known));
        let made = advert.manufacturer.iter().any(|(company, _)| *company == COMPANY);
        (made || advert.name.as_deref().is_some_and(named)).then_some(Match::Likely)
    }

    fn pairing(&self) -> Pairing {
        Pairing::Key
    }

    async fn pair(&self, link: &mut dyn Link, key: Option<&[u8; 16]>) -> Result<(), BandError> {
        auth::pair(link, key.ok_or(BandError::KeyNeeded)?).await
    }

    async fn battery(&self, link: &mut dyn Link) -> Result<Reading, BandError> {
        battery(&link.read(BATTERY).await?)
    }

    async fn set_time(&self, link: &mut dyn Link, now_ms: i64, utc_offset_s: i32) -> Result<(), BandError> {
        match time(now_ms, utc_offset_s) {
            Some(time) => link.write(standard::CURRENT_TIME, &time).await,
            None => Ok(()),
        }
    }

    fn live(&self) -> &'static [Uuid] {
        &[STEPS, standard::HEART_RATE]
    }

    fn decode(&self, notification: &Notification) -> Result<Vec<Reading>, BandError> {
        match notification.characteristic {
            STEPS => steps(&notification.value).map(|reading| vec![reading]),
            BATTERY => battery(&notification.value).map(|reading| vec![reading]),
            _ => standard::decode(notification),
        }
    }

    async fn fetch(
        &self,
        link: &mut dyn Link,
        since: Minute,
        utc_offset_s: i32,
        kept: &mut dyn Kept,
    ) -> Result<u32, BandError> {
        history::fetch(link, since, utc_offset_s, kept).await
    }
}

/// Live steps: a byte, then steps, metres and kilocalories, four bytes each.
///
/// # Errors
/// [`BandError::Malformed`]: it isn't 13 bytes.
pub fn steps(mut value: &[u8]) -> Result<Reading, BandError> {
    const BAD: BandError = BandError::Malformed("steps");
    if value.len() != 13 {
        return Err(BAD);
    }
    value.advance(1);
    let mut figure = || value.try_get_u32_le().map_err(|_| BAD);
    Ok(Reading::Steps {
        total: figure()?,
        distance_m: Some(figure()?),
        kcal: Some(figure()?),
    })
}

/// Battery: a byte, per cent, 1 while it is charged, and more that nobody needs.
///
/// # Errors
/// [`BandError::Malformed`]: it is shorter, or more than full.
pub fn battery(value: &[u8]) -> Result<Reading, BandError> {
    match *value {
        [_, percent @ 0..=100, charging, ..] => Ok(Reading::Battery {
            percent,
            charging: Some(charging == 1),
        }),
        _ => Err(BandError::Malformed("battery")),
    }
}

/// The standard's Current Time with one byte behind it: how far ahead of UTC it is, in quarters of an hour.
fn time(now_ms: i64, utc_offset_s: i32) -> Option<Vec<u8>> {
    let mut time = standard::current_time(now_ms, utc_offset_s)?.to_vec();
    time.push(quarters(utc_offset_s)?);
    Some(time)
}

/// A time as the history writes it: year u16, month, day, hour, minute, second, quarters of an hour ahead of UTC.
pub(crate) fn stamp(at_ms: i64, utc_offset_s: i32) -> Option<[u8; 8]> {
    let local = standard::local(at_ms, utc_offset_s)?;
    let [low, high] = u16::try_from(local.year()).ok()?.to_le_bytes();
    let short = |figure: u32| u8::try_from(figure).ok();
    Some([
        low,
        high,
        short(local.month())?,
        short(local.day())?,
        short(local.hour())?,
        short(local.minute())?,
        short(local.second())?,
        quarters(utc_offset_s)?,
    ])
}

fn quarters(utc_offset_s: i32) -> Option<u8> {
    i8::try_from(utc_offset_s / 900).ok().map(i8::cast_unsigned)
}

#[cfg(test)]
mod tests;
