//! The Bluetooth SIG's own profiles: heart rate, running speed and cadence, battery, device information, current time.
//! Any band that has them can be read, whoever made it.
//!
//! Layouts: Heart Rate Service 1.0, Running Speed and Cadence Service 1.0, Battery Service 1.0, Device Information
//! Service 1.1, Current Time Service 1.1, as collected in the GATT Specification Supplement.

use bytes::Buf;
use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use uuid::Uuid;

use crate::{Advert, BandError, BandInfo, Driver, Link, Match, Notification, Reading};

/// The service of heart rates.
pub const HEART_RATE_SERVICE: Uuid = sig(0x180D);
/// The service of running speed and cadence.
pub const RSC_SERVICE: Uuid = sig(0x1814);
/// Heart Rate Measurement.
pub const HEART_RATE: Uuid = sig(0x2A37);
/// RSC Measurement.
pub const RSC: Uuid = sig(0x2A53);
/// Battery Level.
pub const BATTERY: Uuid = sig(0x2A19);
/// Current Time.
pub const CURRENT_TIME: Uuid = sig(0x2A2B);
/// Manufacturer Name String.
pub const MAKER: Uuid = sig(0x2A29);
/// Model Number String.
pub const MODEL: Uuid = sig(0x2A24);
/// Firmware Revision String.
pub const FIRMWARE: Uuid = sig(0x2A26);

/// Beats a minute above this are no heart's.
const FASTEST_HEART: u16 = 300;
/// Longer names are cut off.
const NAME_CHARS: usize = 64;

/// The full form of a number that the SIG assigned.
#[must_use]
pub const fn sig(short: u16) -> Uuid {
    // Widening; `From` can't be used in a constant.
    Uuid::from_u128(((short as u128) << 96) | 0x0000_1000_8000_0080_5F9B_34FB)
}

/// Any band that speaks the standard profiles.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standard;

impl Driver for Standard {
    fn family(&self) -> &'static str {
        "standard"
    }

    fn recognise(&self, advert: &Advert) -> Option<Match> {
        [HEART_RATE_SERVICE, RSC_SERVICE]
            .iter()
            .any(|service| advert.services.contains(service))
            .then_some(Match::Standard)
    }

    fn live(&self) -> &'static [Uuid] {
        &[HEART_RATE, RSC]
    }

    fn decode(&self, notification: &Notification) -> Result<Vec<Reading>, BandError> {
        decode(notification)
    }
}

/// What a value of a standard characteristic means; nothing for other ones.
///
/// # Errors
/// [`BandError::Malformed`].
pub fn decode(notification: &Notification) -> Result<Vec<Reading>, BandError> {
    let value = notification.value.as_slice();
    match notification.characteristic {
        HEART_RATE => heart_rate(value),
        RSC => running(value),
        BATTERY => battery(value),
        _ => return Ok(Vec::new()),
    }
    .map(|reading| vec![reading])
}

/// A Heart Rate Measurement.
///
/// # Errors
/// [`BandError::Malformed`]: it is shorter than its flags say, or no heart's.
pub fn heart_rate(mut value: &[u8]) -> Result<Reading, BandError> {
    const BAD: BandError = BandError::Malformed("heart rate");
    let flags = value.try_get_u8().map_err(|_| BAD)?;
    let bpm = if flags & 0x01 == 0 {
        value.try_get_u8().map(u16::from)
    } else {
        value.try_get_u16_le()
    }
    .map_err(|_| BAD)?;
    if flags & 0x08 != 0 {
        // Energy spent, which nobody here asks for.
        value.try_get_u16_le().map_err(|_| BAD)?;
    }
    // What is left are the times between beats, of two bytes each.
    if bpm > FASTEST_HEART || !value.len().is_multiple_of(2) {
        return Err(BAD);
    }
    let contact = (flags & 0x04 != 0).then_some(flags & 0x02 != 0);
    Ok(Reading::HeartRate { bpm, contact })
}

/// An RSC Measurement. Whether its cadence is of one foot or of both, makers read differently: that is told as it is.
///
/// # Errors
/// [`BandError::Malformed`]: its length isn't what its flags say.
pub fn running(mut value: &[u8]) -> Result<Reading, BandError> {
    const BAD: BandError = BandError::Malformed("speed and cadence");
    let flags = value.try_get_u8().map_err(|_| BAD)?;
    let speed = value.try_get_u16_le().map_err(|_| BAD)?;
    let per_minute = value.try_get_u8().map_err(|_| BAD)?;
    let stride_m = if flags & 0x01 == 0 {
        None
    } else {
        Some(f32::from(value.try_get_u16_le().map_err(|_| BAD)?) / 100.0)
    };
    let distance_m = if flags & 0x02 == 0 {
        None
    } else {
        Some(f64::from(value.try_get_u32_le().map_err(|_| BAD)?) / 10.0)
    };
    if value.has_remaining() {
        return Err(BAD);
    }
    Ok(Reading::Cadence {
        per_minute,
        speed_mps: f32::from(speed) / 256.0,
        stride_m,
        distance_m,
        running: flags & 0x04 != 0,
    })
}

/// A Battery Level.
///
/// # Errors
/// [`BandError::Malformed`]: it isn't one byte of 0 to 100.
pub fn battery(value: &[u8]) -> Result<Reading, BandError> {
    match *value {
        [percent @ 0..=100] => Ok(Reading::Battery {
            percent,
            charging: None,
        }),
        _ => Err(BandError::Malformed("battery")),
    }
}

/// Current Time: year u16, month, day, hour, minute, second, weekday from Monday as 1, 1/256 s, and the reason, which is
/// "set by hand" for a phone's. Nothing for a time that has no such form.
#[must_use]
pub fn current_time(now_ms: i64, utc_offset_s: i32) -> Option<[u8; 10]> {
    let local = local(now_ms, utc_offset_s)?;
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
        short(local.weekday().number_from_monday())?,
        short(local.timestamp_subsec_millis() * 256 / 1000)?,
        0x01,
    ])
}

/// A moment as the clock on a wall shows it.
pub(crate) fn local(now_ms: i64, utc_offset_s: i32) -> Option<DateTime<FixedOffset>> {
    let offset = FixedOffset::east_opt(utc_offset_s)?;
    let utc = DateTime::from_timestamp_millis(now_ms)?;
    utc.naive_utc().checked_add_offset(offset)?;
    Some(utc.with_timezone(&offset))
}

/// Tells a band the time, where it has a clock of the standard's.
///
/// # Errors
/// Those of the link.
pub async fn set_time(link: &mut dyn Link, now_ms: i64, utc_offset_s: i32) -> Result<(), BandError> {
    match current_time(now_ms, utc_offset_s) {
        Some(time) if link.has(CURRENT_TIME) => link.write(CURRENT_TIME, &time).await,
        _ => Ok(()),
    }
}

/// What a band says of itself in the Device Information service; what it leaves out or won't tell stays open.
///
/// # Errors
/// [`BandError::Lost`], [`BandError::Silent`].
pub async fn info(link: &mut dyn Link) -> Result<BandInfo, BandError> {
    Ok(BandInfo {
        maker: told(link, MAKER).await?,
        model: told(link, MODEL).await?,
        firmware: told(link, FIRMWARE).await?,
    })
}

async fn told(link: &mut dyn Link, characteristic: Uuid) -> Result<Option<String>, BandError> {
    if !link.has(characteristic) {
        return Ok(None);
    }
    match link.read(characteristic).await {
        Ok(value) => Ok(text(&value)),
        Err(BandError::Missing(_) | BandError::Refused) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A band's text as a screen may show it: one line of at most 64 characters. Nothing if nothing is left of it.
#[must_use]
pub fn text(value: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(value)
        .chars()
        .filter(|letter| !letter.is_control())
        .take(NAME_CHARS)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
