//! Figures: exact fractions while they are computed, whole units of an asset once they are booked, decimal strings outside.

use num_rational::BigRational;
use num_traits::{Pow as _, ToPrimitive as _, Zero as _};
use serde::{Deserialize, Deserializer};

/// An exact fraction.
pub(crate) type Exact = BigRational;
/// An amount in an asset's smallest unit.
pub(crate) type Units = i128;

/// The decimals of the price.
pub(crate) const PRICE: u32 = 4;

/// A whole number as a fraction.
pub(crate) fn whole(number: Units) -> Exact {
    Exact::from_integer(number.into())
}

/// 10 to the power of `decimals`.
fn scale(decimals: u32) -> Exact {
    whole(10).pow(decimals)
}

/// What so many units of so many decimals are.
pub(crate) fn exact(units: Units, decimals: u32) -> Exact {
    whole(units) / scale(decimals)
}

/// The one floor at the end of a computation.
pub(crate) fn floor(figure: &Exact, decimals: u32) -> Units {
    (figure * scale(decimals))
        .floor()
        .to_integer()
        .to_i128()
        .expect("a figure of a scenario fits 128 bits")
}

/// A decimal string as a fraction, whatever its decimals; `None` if it is none.
pub(crate) fn parse(text: &str) -> Option<Exact> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (front, back) = digits.split_once('.').unwrap_or((digits, ""));
    let both = format!("{front}{back}");
    if front.is_empty() || !both.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let units: Units = both.parse().ok()?;
    Some(exact(sign * units, u32::try_from(back.len()).ok()?))
}

/// Units as a decimal string with all their decimals.
pub(crate) fn text(units: Units, decimals: u32) -> String {
    let one = 10_i128.pow(decimals);
    let sign = if units < 0 { "-" } else { "" };
    let width = usize::try_from(decimals).expect("a few decimals");
    format!("{sign}{}.{:0width$}", (units / one).abs(), (units % one).abs())
}

/// The positive units that a decimal string stands for, if it has no more than these decimals.
pub(crate) fn positive(text: &str, decimals: u32) -> Option<Units> {
    let written = text.split_once('.').map_or(0, |(_, back)| back.len());
    let figure = parse(text).filter(|figure| *figure > Exact::zero())?;
    (written <= usize::try_from(decimals).ok()?).then(|| floor(&figure, decimals))
}

/// A rulebook's figure: a decimal string.
pub(crate) fn figure<'de, D: Deserializer<'de>>(from: D) -> Result<Exact, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no decimal figure")))
}

/// A rulebook's list of figures.
pub(crate) fn figures<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Exact>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let parsed: Option<Vec<_>> = texts.iter().map(|text| parse(text)).collect();
    parsed.ok_or_else(|| serde::de::Error::custom("a list of decimal figures"))
}
