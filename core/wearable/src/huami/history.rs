//! The minutes that a band kept. They are asked for from a time on, announced, sent in counted packets, and acknowledged.

use std::cmp::Ordering;

use bytes::Buf;
use chrono::{FixedOffset, NaiveDate};
use haigou_contract::Minute;

use super::{ACTIVITY, FETCH, stamp};
use crate::{BandError, BandMinute, Kept, Link};

const START: [u8; 2] = [0x01, 0x01];
const SEND: u8 = 0x02;
const KEPT: [u8; 2] = [0x03, 0x09];
const ANSWER: u8 = 0x10;
const OK: u8 = 0x01;
/// What a band announces beyond this (69 days) is a lie.
const MOST_MINUTES: u32 = 100_000;
/// So many are stored at once: a link that breaks doesn't lose what came before.
const AT_ONCE: usize = 1440;
const SAMPLE_BYTES: usize = 4;
/// Where a sample has nothing to say.
const NONE: u8 = 0xFF;
/// So many values that answer nothing are passed over before a band is given up.
const STRAYS: usize = 8;

/// Fetches everything since `since`, part by part, until the band has nothing newer.
///
/// # Errors
/// Those of [`crate::Driver::fetch`].
pub(super) async fn fetch(
    link: &mut dyn Link,
    since: Minute,
    utc_offset_s: i32,
    kept: &mut dyn Kept,
) -> Result<u32, BandError> {
    link.subscribe(FETCH).await?;
    link.subscribe(ACTIVITY).await?;
    let mut from = since;
    let mut total = 0_u32;
    while total < MOST_MINUTES {
        let Some(mut part) = announced(link, from, utc_offset_s).await? else {
            break;
        };
        let ended = part.receive(link, kept).await;
        // What came before something went wrong came in order: it is as good as the rest.
        part.store(kept).await?;
        ended?;
        total = total.saturating_add(part.stored);
        link.write(FETCH, &KEPT).await?;
        from = part.next;
    }
    Ok(total)
}

/// Asks for what was kept from a minute on. Nothing if there is nothing.
async fn announced(link: &mut dyn Link, from: Minute, utc_offset_s: i32) -> Result<Option<Part>, BandError> {
    const BAD: BandError = BandError::Malformed("announcement of a history");
    let Some(stamp) = stamp(from.start_ms(), utc_offset_s) else {
        return Ok(None);
    };
    link.write(FETCH, &[&START[..], &stamp].concat()).await?;
    for _ in 0..STRAYS {
        let said = link.next(&[FETCH]).await?;
        match *said.value.as_slice() {
            [ANSWER, 0x01, OK, a, b, c, d, ref at @ ..] => {
                let count = u32::from_le_bytes([a, b, c, d]);
                if count == 0 {
                    return Ok(None);
                }
                let first = minute(at).ok_or(BAD)?;
                let end = Minute(first.0.saturating_add(i64::from(count)));
                if count > MOST_MINUTES {
                    return Err(BAD);
                }
                return Ok((end > from).then(|| Part::new(from, first, count)));
            }
            [ANSWER, 0x01, OK, ..] => return Err(BAD),
            [ANSWER, 0x01, ..] => return Err(BandError::Refused),
            // What is left of an earlier conversation.
            _ => {}
        }
    }
    Err(BAD)
}

/// The minute of a time as a band writes it.
pub(crate) fn minute(mut at: &[u8]) -> Option<Minute> {
    let year = i32::from(at.try_get_u16_le().ok()?);
    let [month, day, hour, minute, second, quarters] = *at.first_chunk::<6>()?;
    let offset = FixedOffset::east_opt(i32::from(quarters.cast_signed()) * 900)?;
    NaiveDate::from_ymd_opt(year, month.into(), day.into())?
        .and_hms_opt(hour.into(), minute.into(), second.into())?
        .and_local_timezone(offset)
        .single()
        .map(|at| Minute::at(at.timestamp_millis()))
}

/// One part of a history on its way.
///
/// Packets have no checksum. But all of a part are of one size, except a shorter last one that brings what is left; so a
/// packet is believed once the one behind it, or the end, has agreed with it.
struct Part {
    /// Older minutes are there already.
    from: Minute,
    /// The minute that the next believed sample is of.
    next: Minute,
    /// Samples that were promised and aren't believed yet.
    left: u32,
    /// The packet that isn't believed yet, with its counter.
    last: Option<Vec<u8>>,
    came: Vec<BandMinute>,
    stored: u32,
}

impl Part {
    fn new(from: Minute, first: Minute, count: u32) -> Self {
        Self {
            from,
            next: first,
            left: count,
            last: None,
            came: Vec::new(),
            stored: 0,
        }
    }

    /// Takes packets until the band says that these were all.
    async fn receive(&mut self, link: &mut dyn Link, kept: &mut dyn Kept) -> Result<(), BandError> {
        link.write(FETCH, &[SEND]).await?;
        let mut strays = 0;
        loop {
            let said = link.next(&[FETCH, ACTIVITY]).await?;
            if said.characteristic == ACTIVITY {
                self.packet(said.value)?;
                if self.came.len() >= AT_ONCE {
                    self.store(kept).await?;
                }
                continue;
            }
            match *said.value.as_slice() {
                [ANSWER, SEND, OK, ..] => return self.end(),
                [ANSWER, SEND, ..] => return Err(BandError::Refused),
                _ if strays < STRAYS => strays += 1,
                _ => return Err(BandError::Malformed("talk within a history")),
            }
        }
    }

    /// A counter, then four bytes a minute: kind, intensity, steps, heart rate.
    fn packet(&mut self, value: Vec<u8>) -> Result<(), BandError> {
        const BAD: BandError = BandError::Malformed("packet of a history");
        const UNORDERED: BandError = BandError::Malformed("packet that doesn't follow the one before");
        let (&counter, samples) = value.split_first().ok_or(BAD)?;
        if samples.is_empty() || !samples.len().is_multiple_of(SAMPLE_BYTES) {
            return Err(BAD);
        }
        let Some(last) = &self.last else {
            if counter != 0 {
                return Err(UNORDERED);
            }
            if minutes(&value) > self.left {
                return Err(BAD);
            }
            self.last = Some(value);
            return Ok(());
        };
        if *last == value {
            // The radio brought it twice.
            return Ok(());
        }
        if last.first().map(|before| before.wrapping_add(1)) != Some(counter) {
            return Err(UNORDERED);
        }
        let left = self.left.saturating_sub(minutes(last));
        let fits = match value.len().cmp(&last.len()) {
            Ordering::Less => minutes(&value) == left,
            Ordering::Equal => minutes(&value) <= left,
            Ordering::Greater => false,
        };
        if !fits {
            return Err(BAD);
        }
        self.believe();
        self.last = Some(value);
        Ok(())
    }

    /// The band says that it has sent all.
    fn end(&mut self) -> Result<(), BandError> {
        match &self.last {
            Some(last) if minutes(last) == self.left => {
                self.believe();
                Ok(())
            }
            _ => Err(BandError::Malformed("minutes that were promised and never sent")),
        }
    }

    fn believe(&mut self) {
        let last = self.last.take().unwrap_or_default();
        self.left = self.left.saturating_sub(minutes(&last));
        let (samples, _) = last.get(1..).unwrap_or_default().as_chunks::<SAMPLE_BYTES>();
        for &[_kind, _intensity, steps, heart] in samples {
            if self.next >= self.from {
                self.came.push(BandMinute {
                    minute: self.next,
                    steps: if steps == NONE { 0 } else { steps.into() },
                    heart_rate: (heart != NONE && heart != 0).then_some(heart),
                });
            }
            self.next = Minute(self.next.0.saturating_add(1));
        }
    }

    async fn store(&mut self, kept: &mut dyn Kept) -> Result<(), BandError> {
        if self.came.is_empty() {
            return Ok(());
        }
        kept.keep(&self.came).await?;
        self.stored = self
            .stored
            .saturating_add(u32::try_from(self.came.len()).unwrap_or(u32::MAX));
        self.came.clear();
        Ok(())
    }
}

/// How many minutes a packet holds.
fn minutes(packet: &[u8]) -> u32 {
    u32::try_from(packet.len() / SAMPLE_BYTES).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
