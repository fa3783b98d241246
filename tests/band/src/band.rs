//! A band in the air: its software and its wearer, its link, and what goes wrong with it.

use std::collections::{BTreeMap, VecDeque};

use uuid::Uuid;

use crate::clock::Clock;
use crate::gatt::{Refusal, Service, Value, value};
use crate::plan::{BandPlan, Family};
use crate::software::{COMPANY, Software};
use crate::trouble::Trouble;
use crate::wearer::{DAY, Wearer};
use crate::wrist::Wrist;

/// Wearers live in Shanghai.
const UTC_OFFSET_S: i32 = 8 * 3600;
/// A band sends so many values at most every time it is asked what it sends: more than radio waves can carry, so that
/// nobody has to wait for weeks of minutes.
const BURST: usize = 32;

/// See the module.
pub(crate) struct Band {
    pub(crate) name: String,
    /// `AA:BB:CC:DD:EE:FF`.
    pub(crate) address: String,
    pub(crate) maker: Option<u16>,
    pub(crate) wrist: Wrist,
    pub(crate) trouble: Trouble,
    software: Box<dyn Software>,
    /// What it offers in this connection.
    services: Vec<Service>,
    /// It has other services from the next connection on.
    pub(crate) changed: bool,
    /// It connects and never says what it offers.
    pub(crate) withholds: bool,
    /// Within reach.
    pub(crate) near: bool,
    /// The system's Bluetooth has seen it.
    pub(crate) known: bool,
    pub(crate) connected: bool,
    /// How often it was connected.
    pub(crate) links: u32,
    /// What somebody wants to be told, and what was told last of it.
    notifying: BTreeMap<Uuid, Option<Vec<u8>>>,
    queue: VecDeque<Value>,
    flood: Flood,
}

/// Values without need, at a steady pace.
#[derive(Debug, Default)]
struct Flood {
    a_second: u32,
    left: u32,
    /// Millionths of a value that are due.
    due: u64,
}

/// What comes of a moment in a band's life.
pub(crate) enum Moment {
    /// It sends these.
    Sends(Vec<Value>),
    /// Behind these, its link breaks.
    Breaks(Vec<Value>),
}

impl Band {
    pub(crate) fn new(plan: &BandPlan, number: usize, clock: Clock) -> Result<Self, String> {
        let software = plan.software()?;
        let keeps_from = clock.now_ms().div_euclid(60_000) - i64::from(plan.days) * DAY;
        let number = u8::try_from(number).map_err(|_| "so many bands don't fit".to_owned())?;
        Ok(Self {
            name: plan
                .name
                .clone()
                .unwrap_or_else(|| plan.family.usual_name().to_owned()),
            address: format!("C0:FF:EE:00:00:{number:02X}"),
            maker: (plan.family == Family::Huami).then_some(COMPANY),
            wrist: Wrist::new(
                clock,
                Wearer::new(plan.seed, UTC_OFFSET_S),
                keeps_from,
                UTC_OFFSET_S,
            ),
            trouble: Trouble::new(plan.seed),
            software,
            services: Vec::new(),
            changed: false,
            withholds: false,
            near: true,
            known: false,
            connected: false,
            links: 0,
            notifying: BTreeMap::new(),
            queue: VecDeque::new(),
            flood: Flood::default(),
        })
    }

    /// What it announces.
    pub(crate) fn announced(&self) -> Vec<Uuid> {
        self.software.announced()
    }

    /// What it offers in this connection.
    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    pub(crate) fn connect(&mut self) {
        self.software.greet();
        self.services = if self.withholds {
            Vec::new()
        } else {
            self.software.services()
        };
        if self.changed {
            // An update took everything that isn't standard, and moved the rest.
            let standard = Uuid::from_u128(0x0000_1000_8000_0080_5f9b_34fb).as_u128();
            self.services
                .retain(|service| service.uuid.as_u128() << 32 == standard << 32 && !huamis(service.uuid));
        }
        self.connected = true;
        self.links += 1;
    }

    pub(crate) fn disconnect(&mut self) {
        self.connected = false;
        self.services.clear();
        self.notifying.clear();
        self.queue.clear();
    }

    pub(crate) fn read(&mut self, of: Uuid) -> Result<Vec<u8>, Refusal> {
        let value = Value {
            of,
            bytes: self.software.read(of, &mut self.wrist)?,
        };
        let arriving = self.trouble.arriving(value).pop();
        Ok(arriving.map_or_else(Vec::new, |value| value.bytes))
    }

    pub(crate) fn write(&mut self, value: &Value) -> Result<(), Refusal> {
        self.queue.extend(self.software.write(value, &mut self.wrist)?);
        Ok(())
    }

    pub(crate) fn notify(&mut self, of: Uuid, wanted: bool) {
        if wanted {
            self.notifying.entry(of).or_default();
        } else {
            self.notifying.remove(&of);
        }
    }

    pub(crate) fn notifies(&self, of: Uuid) -> bool {
        self.notifying.contains_key(&of)
    }

    /// Sends what it has told last so many times more, at a pace.
    pub(crate) fn flood(&mut self, a_second: u32, values: u32) {
        self.flood = Flood {
            a_second,
            left: values,
            due: 0,
        };
    }

    /// Announces so many minutes more than it sends.
    pub(crate) fn lie(&mut self, minutes: i32) {
        self.software.lie(minutes);
    }

    /// Up to which minute, itself left out, it was told that its minutes are stored.
    pub(crate) fn acknowledged(&self) -> Option<i64> {
        self.software.acknowledged()
    }

    /// What it sends now, so many microseconds after it was last asked.
    pub(crate) fn live(&mut self, after_us: u64) -> Moment {
        let mut sends = Vec::new();
        if !self.connected || self.trouble.silent {
            return Moment::Sends(sends);
        }
        for value in self.software.tell(&mut self.wrist) {
            if let Some(told) = self.notifying.get_mut(&value.of)
                && told.as_ref() != Some(&value.bytes)
            {
                *told = Some(value.bytes.clone());
                self.queue.push_back(value);
            }
        }
        self.pour(after_us);
        for _ in 0..BURST {
            let Some(value) = self.queue.pop_front() else {
                break;
            };
            if !self.notifies(value.of) {
                continue;
            }
            if self.trouble.breaks_now() {
                return Moment::Breaks(sends);
            }
            sends.extend(self.trouble.arriving(value));
        }
        Moment::Sends(sends)
    }

    fn pour(&mut self, after_us: u64) {
        let flood = &mut self.flood;
        flood.due += u64::from(flood.a_second) * after_us;
        let many = u32::try_from(flood.due / 1_000_000)
            .unwrap_or(u32::MAX)
            .min(flood.left);
        flood.due %= 1_000_000;
        flood.left -= many;
        let told: Vec<_> = self
            .notifying
            .iter()
            .filter_map(|(of, bytes)| Some(value(*of, bytes.clone()?)))
            .collect();
        let again = told.iter().cloned().cycle();
        self.queue.extend(again.take(usize::try_from(many).unwrap_or(0)));
    }
}

/// Whether a number of Bluetooth's own was given to Huami.
fn huamis(uuid: Uuid) -> bool {
    matches!(uuid.as_u128() >> 96, 0xFEE0 | 0xFEE1)
}

#[cfg(test)]
mod tests;
