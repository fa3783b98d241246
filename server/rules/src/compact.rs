//! How an event's figures stand in a journal: as integers, not as text.

use haigou_contract::{Amount, Day};
use haigou_ledger::Slot;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::figures::{Price, Share};

/// A figure that has an integer form.
pub(crate) trait Compact: Copy + Sized {
    /// Its integer form.
    type Form: Serialize + for<'de> Deserialize<'de>;

    /// To the integer form.
    fn form(self) -> Self::Form;

    /// From it; none if it isn't one.
    fn from_form(form: Self::Form) -> Option<Self>;
}

pub(crate) fn serialize<T: Compact, S: Serializer>(figure: &T, to: S) -> Result<S::Ok, S::Error> {
    figure.form().serialize(to)
}

pub(crate) fn deserialize<'de, T: Compact, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::from_form(T::Form::deserialize(from)?).ok_or_else(|| D::Error::custom("not such a figure"))
}

impl Compact for Amount {
    type Form = i64;

    fn form(self) -> i64 {
        self.units()
    }

    fn from_form(units: i64) -> Option<Self> {
        Some(Self::from_units(units))
    }
}

impl Compact for Price {
    type Form = i64;

    fn form(self) -> i64 {
        self.units()
    }

    fn from_form(units: i64) -> Option<Self> {
        Self::from_units(units)
    }
}

impl Compact for Share {
    type Form = (i64, u8);

    fn form(self) -> (i64, u8) {
        self.digits()
    }

    fn from_form((mantissa, scale): (i64, u8)) -> Option<Self> {
        Self::from_digits(mantissa, scale)
    }
}

impl Compact for Day {
    type Form = i32;

    fn form(self) -> i32 {
        self.number()
    }

    fn from_form(number: i32) -> Option<Self> {
        Some(Self::from_number(number))
    }
}

/// By its place in [`Slot::ALL`].
impl Compact for Slot {
    type Form = u8;

    fn form(self) -> u8 {
        let place = Self::ALL.iter().position(|slot| *slot == self);
        place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or(u8::MAX)
    }

    fn from_form(place: u8) -> Option<Self> {
        Self::ALL.get(usize::from(place)).copied()
    }
}

impl<T: Compact> Compact for Option<T> {
    type Form = Option<T::Form>;

    fn form(self) -> Self::Form {
        self.map(T::form)
    }

    fn from_form(form: Self::Form) -> Option<Self> {
        match form {
            Some(form) => T::from_form(form).map(Some),
            None => Some(None),
        }
    }
}
