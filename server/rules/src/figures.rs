//! The figures a rulebook is written in: exact decimals, read from strings and written back as they were.

use std::fmt;

use haigou_contract::Amount;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// More decimals than this no rate needs; it keeps every product inside of an `i128`.
pub(crate) const MOST_DECIMALS: usize = 8;

/// An exact rate from 0 to `MAX`: `"0.20"` stands for 20 %, `"10"` for ten times.
///
/// It keeps the decimals it was written with, so that a rulebook goes to JSON and back unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate<const MAX: u32> {
    mantissa: i64,
    scale: u32,
}

/// A part of a whole: at most 100 %.
pub type Share = Rate<1>;
/// So many times something: at most a thousand.
pub type Multiple = Rate<1_000>;

/// An amount with `DECIMALS` decimals, not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sum<const DECIMALS: u32>(Amount);

/// Hi-Value, challenge or money: 2 decimals.
pub type Cents = Sum<2>;
/// Hi-Shell: 8 decimals.
pub type Shells = Sum<8>;
/// CNY per Hi-Shell: 4 decimals, more than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(Amount);

/// A text that isn't the figure it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// Not a plain decimal, or outside of its bounds.
    #[error(
        "{text:?} is not allowed here: write a plain decimal from 0 to {max}, at most {MOST_DECIMALS} decimals, for example \"0.20\""
    )]
    Rate {
        /// What was written.
        text: String,
        /// The greatest that is allowed.
        max: u32,
    },
    /// Not an amount, negative, too fine or too large.
    #[error(
        "{text:?} is not allowed here: write an amount of 0 or more with at most {decimals} decimals, for example \"12.30\""
    )]
    Sum {
        /// What was written.
        text: String,
        /// The decimals it may have.
        decimals: u32,
    },
    /// Not a price.
    #[error(
        "{0:?} is not allowed here: write a price above 0 with at most 4 decimals, for example \"2.5000\""
    )]
    Price(String),
}

impl Share {
    /// All of it.
    pub(crate) const WHOLE: Self = Self {
        mantissa: 1,
        scale: 0,
    };
}

impl<const MAX: u32> Rate<MAX> {
    /// Reads a plain decimal.
    ///
    /// # Errors
    /// [`FigureError::Rate`] for anything else: a sign, an exponent, a superfluous leading zero, more than
    /// eight decimals, more than `MAX`.
    pub fn parse(text: &str) -> Result<Self, FigureError> {
        let refused = || FigureError::Rate {
            text: shortened(text),
            max: MAX,
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let plain = digits(whole) && digits(fraction) && !padded(text);
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        if !plain || whole.len() > 9 || decimals > MOST_DECIMALS {
            return Err(refused());
        }
        let scale = u32::try_from(decimals).map_err(|_| refused())?;
        let mantissa = Amount::parse(text, scale).map_err(|_| refused())?.units();
        if mantissa > i64::from(MAX) * 10_i64.pow(scale) {
            return Err(refused());
        }
        Ok(Self { mantissa, scale })
    }

    /// Its digits, and how many of them are decimals.
    #[must_use]
    pub(crate) fn digits(self) -> (i64, u8) {
        (self.mantissa, u8::try_from(self.scale).unwrap_or(u8::MAX))
    }

    /// From its digits; none outside of its bounds.
    pub(crate) fn from_digits(mantissa: i64, decimals: u8) -> Option<Self> {
        let scale = u32::from(decimals);
        let most = usize::from(decimals) <= MOST_DECIMALS;
        (most && (0..=i64::from(MAX).saturating_mul(10_i64.saturating_pow(scale))).contains(&mantissa))
            .then_some(Self { mantissa, scale })
    }

    /// Is it nothing?
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The rate as `numerator ÷ denominator`, exact.
    #[must_use]
    pub fn ratio(self) -> (i128, i128) {
        (i128::from(self.mantissa), 10_i128.pow(self.scale))
    }

    /// The rate for statistics, where nothing is booked.
    #[must_use]
    pub fn approximately(self) -> f64 {
        let (numerator, denominator) = self.ratio();
        numerator as f64 / denominator as f64
    }

    /// floor(rate · amount) in the amount's own smallest unit; none if an account can't hold it.
    #[must_use]
    pub fn of(self, amount: Amount) -> Option<Amount> {
        let (numerator, denominator) = self.ratio();
        let exact = numerator.checked_mul(i128::from(amount.units()))?;
        i64::try_from(exact.div_euclid(denominator))
            .ok()
            .map(Amount::from_units)
    }

    /// Is it at most the other?
    #[must_use]
    pub fn at_most(self, other: Self) -> bool {
        let ((a, b), (c, d)) = (self.ratio(), other.ratio());
        a * d <= c * b
    }
}

impl<const DECIMALS: u32> Sum<DECIMALS> {
    /// Reads an amount.
    ///
    /// # Errors
    /// [`FigureError::Sum`] if it is negative, has too many decimals, or isn't a plain decimal.
    pub fn parse(text: &str) -> Result<Self, FigureError> {
        match Amount::parse(text, DECIMALS) {
            Ok(amount) if !text.starts_with('-') && !padded(text) => Ok(Self(amount)),
            _ => Err(FigureError::Sum {
                text: shortened(text),
                decimals: DECIMALS,
            }),
        }
    }

    /// The amount.
    #[must_use]
    pub const fn amount(self) -> Amount {
        self.0
    }
}

impl Price {
    /// Its decimals.
    pub const DECIMALS: u32 = 4;

    /// Reads a price.
    ///
    /// # Errors
    /// [`FigureError::Price`] if it isn't a plain decimal above 0 with at most 4 decimals.
    pub fn parse(text: &str) -> Result<Self, FigureError> {
        Amount::parse(text, Self::DECIMALS)
            .ok()
            .filter(|_| !padded(text))
            .and_then(|amount| Self::from_units(amount.units()))
            .ok_or_else(|| FigureError::Price(shortened(text)))
    }

    /// From ten-thousandths of a CNY; none unless above 0.
    #[must_use]
    pub const fn from_units(units: i64) -> Option<Self> {
        if units > 0 {
            Some(Self(Amount::from_units(units)))
        } else {
            None
        }
    }

    /// As an amount with four decimals.
    #[must_use]
    pub const fn amount(self) -> Amount {
        self.0
    }

    /// In ten-thousandths of a CNY.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0.units()
    }
}

/// Does it begin with a 0 that says nothing? There is one way to write each figure.
fn padded(text: &str) -> bool {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole.len() > 1 && whole.starts_with('0')
}

/// A long text is cut, so that an error stays readable.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() > MOST {
        text.chars().take(MOST).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}

impl<const MAX: u32> fmt::Display for Rate<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Amount::from_units(self.mantissa).show(self.scale))
    }
}

impl<const DECIMALS: u32> fmt::Display for Sum<DECIMALS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.show(DECIMALS))
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.show(Self::DECIMALS))
    }
}

impl<const MAX: u32> Serialize for Rate<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<const DECIMALS: u32> Serialize for Sum<DECIMALS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const MAX: u32> Deserialize<'de> for Rate<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted(
            "a plain decimal in quotes, for example \"0.20\"",
            Self::parse,
        ))
    }
}

impl<'de, const DECIMALS: u32> Deserialize<'de> for Sum<DECIMALS> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted("an amount in quotes, for example \"12.30\"", Self::parse))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted("a price in quotes, for example \"2.5000\"", Self::parse))
    }
}

/// Reads a figure from a string; for anything else it says what is expected.
struct Quoted<T>(&'static str, fn(&str) -> Result<T, FigureError>);

impl<T> Visitor<'_> for Quoted<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_plain_decimals_within_bounds_are_rates() {
        for good in ["0", "1", "0.20", "0.003", "1.00", "0.99999999"] {
            assert_eq!(Share::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "1e-3",
            "NaN",
            "inf",
            "-0.1",
            "+0.1",
            "1.01",
            "2",
            "",
            ".",
            ".5",
            "1.",
            "00.1",
            "01",
            " 0.1",
            "0,1",
            "0.123456789",
            "1000000000000000000000000000000",
            "٠.٢",
        ] {
            assert!(Share::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Multiple::parse("1000").is_ok());
        assert!(Multiple::parse("1000.00000001").is_err());
    }

    #[test]
    fn sums_and_prices_have_bounds() {
        assert_eq!(Cents::parse("300").unwrap().to_string(), "300.00");
        for bad in [
            "-1",
            "-0",
            "0.001",
            "1e2",
            "",
            "NaN",
            "007",
            "99999999999999999999",
        ] {
            assert!(Cents::parse(bad).is_err(), "{bad:?}");
        }
        for bad in ["0", "0.0000", "-1", "0.00001", "01"] {
            assert!(Price::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Price::parse("2.5").unwrap().units(), 25_000);
    }

    #[test]
    fn a_share_is_floored_once() {
        let rate = Share::parse("0.003").unwrap();
        assert_eq!(rate.of(Amount::from_units(6_694)), Some(Amount::from_units(20)));
        assert_eq!(
            Multiple::parse("1000").unwrap().of(Amount::from_units(i64::MAX)),
            None
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = (Share::parse(&text), Multiple::parse(&text), Cents::parse(&text), Price::parse(&text));
        }

        #[test]
        fn a_part_is_never_more_than_the_whole(mantissa in 0_i64..=100_000, units in 0..=i64::MAX) {
            let rate = Share::parse(&Amount::from_units(mantissa).show(5)).unwrap();
            let part = rate.of(Amount::from_units(units)).unwrap().units();
            prop_assert!(part <= units);
            let exact = i128::from(mantissa) * i128::from(units);
            prop_assert!(i128::from(part) * 100_000 <= exact && exact < (i128::from(part) + 1) * 100_000);
        }
    }
}
