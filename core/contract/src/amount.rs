//! Assets, and amounts of them: integers inside, decimal strings at every edge.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One of the five things a member can own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Asset {
    /// 嗨值, contribution points: the share key of the airdrop.
    HiValue,
    /// 嗨贝, the capped token handed out by the daily airdrop.
    HiShell,
    /// 挑战金, frozen until steps, referrals or merchants unfreeze it.
    Challenge,
    /// 购物金, spends in the mall like money.
    Shopping,
    /// 现金, cash in CNY.
    Cash,
}

/// Where in an asset a member's amount stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Hi-Value of a member who isn't active yet.
    Inactive,
    /// Hi-Value that counts as a share key.
    Active,
    /// Challenge fund that waits to be unfrozen.
    Frozen,
    /// Free to use.
    Available,
    /// Set aside for something under way.
    Held,
    /// Owed, as a positive figure; the next credit repays it.
    Debt,
}

impl Asset {
    /// All five, in the order of the wallet.
    pub const ALL: [Self; 5] = [
        Self::HiValue,
        Self::HiShell,
        Self::Challenge,
        Self::Shopping,
        Self::Cash,
    ];

    /// How many decimals an amount of this asset has.
    #[must_use]
    pub const fn decimals(self) -> u32 {
        match self {
            Self::HiShell => 8,
            Self::HiValue | Self::Challenge | Self::Shopping | Self::Cash => 2,
        }
    }

    /// The name in code, database and API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HiValue => "hi_value",
            Self::HiShell => "hi_shell",
            Self::Challenge => "challenge",
            Self::Shopping => "shopping",
            Self::Cash => "cash",
        }
    }

    /// The buckets that a member has of this asset.
    #[must_use]
    pub const fn buckets(self) -> &'static [Bucket] {
        match self {
            Self::HiValue => &[Bucket::Inactive, Bucket::Active, Bucket::Debt],
            Self::Challenge => &[Bucket::Frozen, Bucket::Available, Bucket::Debt],
            Self::HiShell | Self::Shopping | Self::Cash => &[Bucket::Available, Bucket::Held, Bucket::Debt],
        }
    }

    /// Reads an amount of this asset from its decimal string.
    ///
    /// # Errors
    /// [`AmountError`] if it isn't a plain decimal number, has more decimals than the asset, or is too large.
    pub fn parse(self, text: &str) -> Result<Amount, AmountError> {
        Amount::parse(text, self.decimals())
    }

    /// Writes an amount of this asset with all its decimals, for example `4.98000000` Hi-Shell.
    #[must_use]
    pub fn show(self, amount: Amount) -> String {
        amount.show(self.decimals())
    }
}

impl Bucket {
    /// The name in code, database and API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Available => "available",
            Self::Held => "held",
            Self::Debt => "debt",
        }
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A figure that isn't an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point and a leading minus.
    #[error("write the amount as a plain decimal number, for example 12.30")]
    NotANumber,
    /// More decimals than the asset has.
    #[error("at most {0} decimals are possible here")]
    TooManyDecimals(u32),
    /// Outside of what an account can hold.
    #[error("the amount is too large")]
    TooLarge,
}

/// An amount in the smallest unit of its asset (0.01 or 0.00000001).
///
/// The asset itself stands beside it: in the account, the field's name or the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From smallest units.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// In smallest units.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Is it nothing?
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Is it more than nothing?
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum, if it fits.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The difference, if it fits.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The opposite, if it fits.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// Reads a decimal string with at most `decimals` decimals. Nothing is ever rounded.
    ///
    /// # Errors
    /// [`AmountError`], as for [`Asset::parse`].
    pub fn parse(text: &str, decimals: u32) -> Result<Self, AmountError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits
            .split_once('.')
            .map_or((digits, None), |(w, f)| (w, Some(f)));
        let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || !fraction.is_none_or(is_digits) {
            return Err(AmountError::NotANumber);
        }
        let fraction = fraction.unwrap_or("");
        let missing = usize::try_from(decimals)
            .ok()
            .and_then(|d| d.checked_sub(fraction.len()))
            .ok_or(AmountError::TooManyDecimals(decimals))?;
        let sign = if negative { "-" } else { "" };
        let joined = format!("{sign}{whole}{fraction}{}", "0".repeat(missing));
        i64::from_str(&joined)
            .map(Self)
            .map_err(|_| AmountError::TooLarge)
    }

    /// Writes the amount with exactly `decimals` decimals.
    #[must_use]
    pub fn show(self, decimals: u32) -> String {
        self.to_decimal(decimals).to_string()
    }

    /// As a decimal with exactly `decimals` decimals (at most 28 are possible; amounts have 2, 4 or 8).
    #[must_use]
    pub fn to_decimal(self, decimals: u32) -> Decimal {
        Decimal::try_new(self.0, decimals).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_kept_and_never_rounded() {
        assert_eq!(Asset::HiShell.parse("4.98"), Ok(Amount::from_units(498_000_000)));
        assert_eq!(Asset::HiShell.show(Amount::from_units(498_000_000)), "4.98000000");
        assert_eq!(Asset::Cash.parse("-0.05"), Ok(Amount::from_units(-5)));
        assert_eq!(Asset::Cash.show(Amount::from_units(-5)), "-0.05");
        assert_eq!(Asset::Cash.parse("1.005"), Err(AmountError::TooManyDecimals(2)));
        assert_eq!(
            Asset::Cash.parse("99999999999999999999"),
            Err(AmountError::TooLarge)
        );
        for bad in [
            "", "-", ".", "1.", ".5", "1e3", "NaN", "+1", "1 ", "١", "1.2.3", "0x10",
        ] {
            assert_eq!(Asset::Cash.parse(bad), Err(AmountError::NotANumber), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_agree(units: i64) {
            for asset in Asset::ALL {
                let amount = Amount::from_units(units);
                prop_assert_eq!(asset.parse(&asset.show(amount)), Ok(amount));
            }
        }

        #[test]
        fn any_text_is_refused_or_read_without_a_panic(text in ".{0,40}") {
            let _ = Asset::HiShell.parse(&text);
        }
    }
}
