//! The airdrop's arithmetic: one row a day, and each member's share floored for each day by itself.

use haigou_contract::Day;
use serde::{Deserialize, Serialize};

/// A closed day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AirdropDay {
    /// The day.
    pub day: Day,
    /// What the schedule drops on it, in Hi-Shell's smallest unit; forfeited if `network` is 0.
    pub drop: i64,
    /// All active Hi-Value at its end, in its smallest unit.
    pub network: i64,
}

/// A member's share of a day's drop, with what it was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayShare {
    /// The day.
    #[serde(with = "day_number")]
    pub day: Day,
    /// What was dropped, in Hi-Shell's smallest unit.
    pub drop: i64,
    /// All active Hi-Value at the day's end, in its smallest unit.
    pub network: i64,
    /// floor(own × drop ÷ network), in Hi-Shell's smallest unit.
    pub share: i64,
}

/// Days are stored as their numbers, not as text.
pub(crate) mod day_number {
    use haigou_contract::Day;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with a reference"
    )]
    pub(crate) fn serialize<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(day.number())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        i32::deserialize(from).map(Day::from_number)
    }
}

impl AirdropDay {
    /// What was issued on the day: nothing when nobody had active Hi-Value.
    #[must_use]
    pub const fn issued(&self) -> i64 {
        if self.network == 0 { 0 } else { self.drop }
    }

    /// The share of a member who had `own` active Hi-Value: floor8(own × drop ÷ network), exact.
    ///
    /// Both figures in smallest units; the two decimals of `own` and `network` cancel out.
    #[must_use]
    pub fn share(&self, own: i64) -> DayShare {
        let product = i128::from(own.clamp(0, self.network)) * i128::from(self.drop);
        let share = product.checked_div(i128::from(self.network)).unwrap_or(0);
        DayShare {
            day: self.day,
            drop: self.drop,
            network: self.network,
            // own ≤ network, so the share is at most the drop, which fits.
            share: i64::try_from(share).unwrap_or(self.drop),
        }
    }
}
