//! A Huami band as it should be, and as it can go wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use uuid::Uuid;

use super::Script;
use crate::huami::{ACTIVITY, AUTH, BATTERY, FETCH, STEPS};
use crate::{BandError, Notification, standard};

/// What goes wrong in the next transfer of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The link breaks after so many packets.
    LostAfter(usize),
    /// It stops sending after so many packets.
    SilentAfter(usize),
    /// This packet never comes.
    Missing(usize),
    /// This packet comes twice.
    Twice(usize),
    /// This packet has a byte too many.
    Longer(usize),
    /// This packet lacks its last sample.
    Shorter(usize),
    /// It announces so many minutes more than it has.
    Promises(u32),
    /// It sends one sample more than it announced.
    Surplus,
    /// It sends this in place of an announcement.
    Garbage(&'static [u8]),
}

/// The band. Clones are the same band.
#[derive(Clone, Default)]
pub(crate) struct HuamiBand(Arc<Mutex<State>>);

#[derive(Default)]
pub(crate) struct State {
    pub(crate) key: Option<[u8; 16]>,
    /// Takes another key when it is offered one.
    pub(crate) takes_keys: bool,
    /// Steps and heart rates by minute.
    pub(crate) minutes: BTreeMap<i64, (u8, u8)>,
    /// How many minutes it sends at most in one part.
    pub(crate) part: usize,
    pub(crate) faults: Vec<Fault>,
    /// The first minute that wasn't acknowledged yet, when an acknowledgement came.
    pub(crate) acknowledged: Vec<i64>,
    pub(crate) trusted: bool,
    challenge: [u8; 16],
    asked: i64,
    sent: i64,
}

impl HuamiBand {
    /// One with a key and these minutes.
    pub(crate) fn new(key: [u8; 16], minutes: impl IntoIterator<Item = (i64, (u8, u8))>) -> Self {
        let band = Self::default();
        band.with(|state| {
            state.key = Some(key);
            state.minutes = minutes.into_iter().collect();
            state.part = usize::MAX;
        });
        band
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// A new connection to it.
    pub(crate) fn link(&self) -> Script {
        let band = self.clone();
        band.with(|state| state.trusted = false);
        Script::new()
            .with(AUTH)
            .with(FETCH)
            .with(ACTIVITY)
            .answers(STEPS, &[0x0C, 0xE8, 3, 0, 0, 0xBC, 2, 0, 0, 40, 0, 0, 0])
            .answers(BATTERY, &[0x0F, 77, 1])
            .with(standard::CURRENT_TIME)
            .on_write(move |characteristic, value| band.with(|state| state.react(characteristic, value)))
    }
}

fn says(characteristic: Uuid, value: Vec<u8>) -> Result<Notification, BandError> {
    Ok(Notification {
        characteristic,
        value,
    })
}

impl State {
    fn react(&mut self, characteristic: Uuid, value: &[u8]) -> Vec<Result<Notification, BandError>> {
        match (characteristic, value) {
            (AUTH, [0x01, 0x00, key @ ..]) => {
                let taken = self.takes_keys && key.len() == 16;
                if taken {
                    self.key = key.try_into().ok();
                }
                vec![says(AUTH, vec![0x10, 0x01, if taken { 1 } else { 2 }])]
            }
            (AUTH, [0x02, 0x00]) => {
                let Some(_) = self.key else {
                    return vec![says(AUTH, vec![0x10, 0x02, 4])];
                };
                self.challenge = self.challenge.map(|byte| byte.wrapping_mul(5).wrapping_add(17));
                vec![says(AUTH, [&[0x10, 0x02, 0x01][..], &self.challenge].concat())]
            }
            (AUTH, [0x03, 0x00, proof @ ..]) => {
                let key = self.key.unwrap_or_default();
                self.trusted = proof == crate::huami::encrypted(&key, self.challenge);
                vec![says(AUTH, vec![0x10, 0x03, if self.trusted { 1 } else { 4 }])]
            }
            (FETCH, [0x01, 0x01, stamp @ ..]) => self.announce(stamp),
            (FETCH, [0x02]) => self.send(),
            (FETCH, [0x03, 0x09]) => {
                self.acknowledged.push(self.asked + self.sent);
                vec![says(FETCH, vec![0x10, 0x03, 0x01])]
            }
            _ => Vec::new(),
        }
    }

    fn announce(&mut self, stamp: &[u8]) -> Vec<Result<Notification, BandError>> {
        let asked = crate::huami::minute(stamp).unwrap().0;
        if let Some(Fault::Garbage(bytes)) = self.faults.first() {
            let bytes = bytes.to_vec();
            self.faults.remove(0);
            return vec![says(FETCH, bytes)];
        }
        let mut first = stamp.to_vec();
        self.asked = asked;
        self.sent = 0;
        let mut count = u32::try_from(self.minutes.range(asked..).count().min(self.part)).unwrap();
        if count > 0 {
            self.asked = *self.minutes.range(asked..).next().unwrap().0;
            let offset_s = i32::from(stamp[7].cast_signed()) * 900;
            first = crate::huami::stamp(self.asked * 60_000, offset_s)
                .unwrap()
                .to_vec();
        }
        if let Some(Fault::Promises(more)) = self.faults.first() {
            count += more;
        }
        vec![says(
            FETCH,
            [&[0x10, 0x01, 0x01][..], &count.to_le_bytes(), &first].concat(),
        )]
    }

    fn send(&mut self) -> Vec<Result<Notification, BandError>> {
        let fault = if self.faults.is_empty() {
            None
        } else {
            Some(self.faults.remove(0))
        };
        let mut samples: Vec<[u8; 4]> = self
            .minutes
            .range(self.asked..)
            .take(self.part)
            .map(|(_, (steps, heart))| [1, 20, *steps, *heart])
            .collect();
        self.sent = i64::try_from(samples.len()).unwrap();
        if fault == Some(Fault::Surplus) {
            samples.push([1, 20, 30, 40]);
        }
        let mut out = Vec::new();
        for (number, four) in samples.chunks(4).enumerate() {
            let mut packet = vec![u8::try_from(number % 256).unwrap()];
            packet.extend(four.concat());
            match fault {
                Some(Fault::LostAfter(packets)) if packets == number => {
                    out.push(Err(BandError::Lost));
                    return out;
                }
                Some(Fault::SilentAfter(packets)) if packets == number => return out,
                Some(Fault::Missing(at)) if at == number => continue,
                Some(Fault::Twice(at)) if at == number => out.push(says(ACTIVITY, packet.clone())),
                Some(Fault::Longer(at)) if at == number => packet.push(0),
                Some(Fault::Shorter(at)) if at == number => packet.truncate(packet.len() - 4),
                _ => {}
            }
            out.push(says(ACTIVITY, packet));
        }
        out.push(says(FETCH, vec![0x10, 0x02, 0x01]));
        out
    }
}
