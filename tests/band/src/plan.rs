//! What a simulated band is, before it is there.

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::software::{Huami, HuamiKey, InfiniTime, Profiles, Software};

/// A family of bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// The standard profiles alone.
    Standard,
    /// Huami's and Zepp's.
    Huami,
    /// `InfiniTime`'s.
    InfiniTime,
}

impl Family {
    pub(crate) fn usual_name(self) -> &'static str {
        match self {
            Self::Standard => "HR Belt",
            Self::Huami => "Mi Smart Band 4",
            Self::InfiniTime => "InfiniTime",
        }
    }
}

/// A band, its wearer, and how long he has worn it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandPlan {
    /// Its family.
    pub family: Family,
    /// What it calls itself; the family's usual name where none is given.
    #[serde(default)]
    pub name: Option<String>,
    /// Its own key, of 16 bytes in hexadecimal digits. A band of Huami's without one takes the first that it is given.
    #[serde(default)]
    pub key: Option<String>,
    /// Its wearer's days follow from it, and all chance.
    #[serde(default)]
    pub seed: u64,
    /// So many days before now are in its memory.
    #[serde(default)]
    pub days: u32,
}

impl BandPlan {
    /// An ordinary band of a family.
    #[must_use]
    pub fn of(family: Family) -> Self {
        Self {
            family,
            name: None,
            key: None,
            seed: 1,
            days: 0,
        }
    }

    /// It calls itself so.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..self
        }
    }

    /// It trusts only who has this key.
    #[must_use]
    pub fn with_key(self, key: [u8; 16]) -> Self {
        Self {
            key: Some(hex::encode(key)),
            ..self
        }
    }

    /// Somebody else's days, and other chance.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// It has been worn for so many days.
    #[must_use]
    pub fn worn_for(self, days: u32) -> Self {
        Self { days, ..self }
    }

    /// Why it can't be made, where it can't.
    pub(crate) fn software(&self) -> Result<Box<dyn Software>, String> {
        let mut dice = ChaCha8Rng::seed_from_u64(self.seed);
        dice.set_stream(u64::MAX - 1);
        Ok(match self.family {
            Family::Standard => Box::new(Profiles),
            Family::InfiniTime => Box::new(InfiniTime),
            Family::Huami => {
                let key = self.key.as_ref().map_or(Ok(HuamiKey::First(None)), |digits| {
                    let mut key = [0; 16];
                    hex::decode_to_slice(digits, &mut key)
                        .map_err(|_| "a key has 32 hexadecimal digits".to_owned())
                        .map(|()| HuamiKey::Its(key))
                })?;
                Box::new(Huami::new(key, dice))
            }
        })
    }
}
