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

#[cfg(test)]
mod tests {
    use super::*;
    use haigou_contract::{Amount, Asset};
    use proptest::prelude::*;

    fn day(drop: &str, network: &str) -> AirdropDay {
        AirdropDay {
            day: Day::from_number(20_000),
            drop: Asset::HiShell.parse(drop).unwrap().units(),
            network: Asset::HiValue.parse(network).unwrap().units(),
        }
    }

    fn share(day: &AirdropDay, own: &str) -> String {
        let share = day.share(Asset::HiValue.parse(own).unwrap().units()).share;
        Asset::HiShell.show(Amount::from_units(share))
    }

    #[test]
    fn a_member_gets_his_part_of_the_drop() {
        assert_eq!(share(&day("498", "100000.00"), "1000.00"), "4.98000000");
    }

    #[test]
    fn later_years_drop_less_to_the_eighth_decimal() {
        for (drop, expected) in [
            ("498", "4.98000000"),
            ("249", "2.49000000"),
            ("124.5", "1.24500000"),
        ] {
            assert_eq!(share(&day(drop, "100000.00"), "1000.00"), expected);
        }
        // Year 11: floor8(498 ÷ 2^10), whole to the only member.
        assert_eq!(share(&day("0.48632812", "0.01"), "0.01"), "0.48632812");
    }

    #[test]
    fn equal_members_get_equal_shares_and_the_dust_stays() {
        assert_eq!(share(&day("498", "3.00"), "1.00"), "166.00000000");
        let seven = day("498", "7.00");
        assert_eq!(share(&seven, "1.00"), "71.14285714");
        let dust = seven.drop - 7 * seven.share(100).share;
        assert_eq!(Asset::HiShell.show(Amount::from_units(dust)), "0.00000002");
    }

    #[test]
    fn without_active_members_nothing_is_issued_and_nobody_has_a_share() {
        let forfeited = day("498", "0.00");
        assert_eq!(forfeited.issued(), 0);
        assert_eq!(forfeited.share(100).share, 0);
    }

    proptest! {
        #[test]
        fn all_shares_together_are_the_drop_but_for_less_than_a_unit_each(
            owns in prop::collection::vec(0..i64::MAX / 64, 1..32),
            drop in 0..=39_000_000_000_000_i64,
        ) {
            let day = AirdropDay { day: Day::from_number(0), drop, network: owns.iter().sum() };
            let shared: i64 = owns.iter().map(|&own| day.share(own).share).sum();
            let members = i64::try_from(owns.len()).unwrap();
            prop_assert!(shared <= day.issued());
            prop_assert!(day.network == 0 || day.issued() - shared < members);
        }

        #[test]
        fn a_share_is_the_exact_quotient_floored(own in 1..i64::MAX, more in 0..i64::MAX, drop in 0..i64::MAX) {
            let network = own.saturating_add(more);
            let share = AirdropDay { day: Day::from_number(0), drop, network }.share(own).share;
            let product = i128::from(own) * i128::from(drop);
            prop_assert!(i128::from(share) * i128::from(network) <= product);
            prop_assert!(product < (i128::from(share) + 1) * i128::from(network));
        }
    }
}
