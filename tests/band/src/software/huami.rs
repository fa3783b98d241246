//! Huami's family: trust by a key, live steps, battery, time, and a memory of minutes.

use aes::Aes128;
use aes::cipher::{Array, BlockCipherEncrypt as _, KeyInit as _};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use super::Software;
use super::history::History;
use super::profiles::{self, CURRENT_TIME, HEART_RATE};
use crate::gatt::{
    COMMAND_NOTIFY, NOTIFY, READ_NOTIFY, READ_WRITE, Refusal, Service, Value, service, standard, value,
};
use crate::wrist::Wrist;

/// A number of Huami's own.
const fn huami(short: u32) -> Uuid {
    Uuid::from_u128(((short as u128) << 96) | 0x0000_3512_2118_0009_af10_0700)
}

pub(super) const FETCH: Uuid = huami(4);
pub(super) const ACTIVITY: Uuid = huami(5);
const BATTERY: Uuid = huami(6);
const STEPS: Uuid = huami(7);
const AUTH: Uuid = huami(9);
const MAIN: Uuid = standard(0xFEE0);
const TRUST: Uuid = standard(0xFEE1);
/// Huami's company.
pub(crate) const COMPANY: u16 = 0x0157;

/// See the module.
#[derive(Debug)]
pub(crate) struct Huami {
    key: Key,
    dice: ChaCha8Rng,
    asked: Option<[u8; 16]>,
    trusts: bool,
    history: History,
}

/// What it takes to be trusted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    /// Its own key; no other is taken.
    Its([u8; 16]),
    /// The first one that it is given, with its wearer's consent.
    First(Option<[u8; 16]>),
}

impl Huami {
    pub(crate) fn new(key: Key, dice: ChaCha8Rng) -> Self {
        Self {
            key,
            dice,
            asked: None,
            trusts: false,
            history: History::default(),
        }
    }

    /// `01 f key`: here is a key. `02 f`: ask me something. `03 f answer`: the question, encrypted with the key.
    fn authenticate(&mut self, written: &[u8]) -> Result<Vec<Value>, Refusal> {
        let answer = |command: u8, result: u8| Ok(vec![value(AUTH, [0x10, command, result])]);
        match *written {
            [1, _, ref key @ ..] => {
                let key: [u8; 16] = key.try_into().map_err(|_| Refusal::InvalidLength)?;
                match &mut self.key {
                    Key::First(first) => {
                        *first = Some(key);
                        answer(1, 1)
                    }
                    Key::Its(_) => answer(1, 4),
                }
            }
            [2, _] => {
                let question: [u8; 16] = self.dice.random();
                self.asked = Some(question);
                let mut said = vec![0x10, 2, 1];
                said.extend(question);
                Ok(vec![value(AUTH, said)])
            }
            [3, _, ref solved @ ..] => {
                let key = match self.key {
                    Key::Its(key) => Some(key),
                    Key::First(first) => first,
                };
                let wanted = self
                    .asked
                    .take()
                    .zip(key)
                    .map(|(question, key)| encrypted(&key, question));
                self.trusts = wanted.is_some_and(|wanted| wanted == *solved);
                answer(3, if self.trusts { 1 } else { 4 })
            }
            _ => Err(Refusal::InvalidLength),
        }
    }

    fn trusted(&self) -> Result<(), Refusal> {
        if self.trusts {
            Ok(())
        } else {
            Err(Refusal::NotPermitted)
        }
    }
}

fn encrypted(key: &[u8; 16], question: [u8; 16]) -> [u8; 16] {
    let mut block = Array::from(question);
    Aes128::new(&Array::from(*key)).encrypt_block(&mut block);
    block.into()
}

impl Software for Huami {
    fn services(&self) -> Vec<Service> {
        let main = [
            (CURRENT_TIME, READ_WRITE),
            (FETCH, COMMAND_NOTIFY),
            (ACTIVITY, NOTIFY),
            (BATTERY, READ_NOTIFY),
            (STEPS, READ_NOTIFY),
        ];
        vec![
            service(MAIN, &main),
            service(TRUST, &[(AUTH, COMMAND_NOTIFY)]),
            profiles::heart_rate_service(),
            profiles::information_service(),
        ]
    }

    fn announced(&self) -> Vec<Uuid> {
        vec![MAIN, standard(0x180D)]
    }

    fn greet(&mut self) {
        self.trusts = false;
        self.asked = None;
        self.history.stop();
    }

    fn read(&mut self, of: Uuid, wrist: &mut Wrist) -> Result<Vec<u8>, Refusal> {
        match of {
            STEPS => self.trusted().map(|()| steps(wrist)),
            BATTERY => self.trusted().map(|()| battery(wrist)),
            _ => profiles::read(of, "Huami", "Mi Smart Band 4", wrist),
        }
    }

    fn write(&mut self, written: &Value, wrist: &mut Wrist) -> Result<Vec<Value>, Refusal> {
        match written.of {
            AUTH => self.authenticate(&written.bytes),
            CURRENT_TIME => self
                .trusted()
                .and_then(|()| profiles::set_time(&written.bytes, wrist)),
            FETCH => self
                .trusted()
                .map(|()| self.history.command(&written.bytes, wrist)),
            _ => Err(Refusal::NotSupported),
        }
    }

    fn tell(&mut self, wrist: &mut Wrist) -> Vec<Value> {
        if !self.trusts {
            return Vec::new();
        }
        vec![
            value(STEPS, steps(wrist)),
            value(BATTERY, battery(wrist)),
            value(HEART_RATE, profiles::heart_rate(wrist)),
        ]
    }

    fn lie(&mut self, minutes: i32) {
        self.history.lie = minutes;
    }

    fn acknowledged(&self) -> Option<i64> {
        self.history.acknowledged
    }
}

/// Steps, metres and kilocalories of the day.
fn steps(wrist: &mut Wrist) -> Vec<u8> {
    let steps = wrist.counter();
    let mut bytes = vec![0x0C];
    for figure in [steps, steps * 7 / 10, steps / 25] {
        bytes.extend(figure.to_le_bytes());
    }
    bytes
}

/// Per cent and charging, and the times of the last charges, which nobody reads.
fn battery(wrist: &Wrist) -> Vec<u8> {
    let mut bytes = vec![0x0F, wrist.battery, u8::from(wrist.charging)];
    bytes.extend([0; 17]);
    bytes
}
