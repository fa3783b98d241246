//! The airdrop's schedule.

use haigou_contract::{Amount, Day};

use crate::rulebook::{Airdrop, Schedule};

/// What is dropped on a day, by the schedule, cut to what may still be issued.
///
/// `launch` is the first drop day; year n runs from the (n−1)th to the nth anniversary of it, and the 29th of
/// February has its anniversary on the 28th. `room` is 390,000 less all that was ever issued.
#[must_use]
pub fn drop_on(airdrop: &Airdrop, launch: Day, day: Day, room: Amount) -> Amount {
    let Some(past_years) = full_years(launch, day) else {
        return Amount::ZERO;
    };
    let planned = match airdrop.schedule {
        Schedule::Halving => {
            let first = airdrop.first_day.unwrap_or_default().amount().units();
            first.checked_shr(past_years).unwrap_or(0)
        }
        Schedule::Yearly => {
            let totals = airdrop.totals.as_deref().unwrap_or_default();
            let total = usize::try_from(past_years)
                .ok()
                .and_then(|year| totals.get(year))
                .map_or(0, |total| total.amount().units());
            let begin = launch.plus_years(past_years);
            let end = launch.plus_years(past_years.saturating_add(1));
            total.checked_div(i64::from(end.since(begin))).unwrap_or(0)
        }
    };
    Amount::from_units(planned.min(room.units()).max(0))
}

/// The whole years from launch to a day; none before launch.
fn full_years(launch: Day, day: Day) -> Option<u32> {
    let days = u64::try_from(day.since(launch)).ok()?;
    // 400 years have 146,097 days, so this is exact or one too few or too many.
    let mut years = u32::try_from(days * 400 / 146_097).ok()?;
    if launch.plus_years(years) > day {
        years = years.saturating_sub(1);
    } else if launch.plus_years(years.saturating_add(1)) <= day {
        years = years.saturating_add(1);
    }
    Some(years)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use haigou_ledger::SHELL_CAP;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn shown(preset: Preset, launch: &str, on: &str) -> String {
        let rulebook = preset.rulebook().unwrap();
        drop_on(
            &rulebook.airdrop,
            day(launch),
            day(on),
            Amount::from_units(SHELL_CAP),
        )
        .show(8)
    }

    #[test]
    fn the_drop_halves_on_each_anniversary() {
        for (on, drop) in [
            ("2025-12-31", "0.00000000"),
            ("2026-01-01", "498.00000000"),
            ("2026-12-31", "498.00000000"),
            ("2027-01-01", "249.00000000"),
            ("2028-01-01", "124.50000000"),
            ("2029-01-01", "62.25000000"),
            ("2036-01-01", "0.48632812"),
            ("2061-01-01", "0.00000001"),
            ("2062-01-01", "0.00000000"),
            ("2226-01-01", "0.00000000"),
        ] {
            assert_eq!(shown(Preset::Classic, "2026-01-01", on), drop, "{on}");
        }
    }

    #[test]
    fn a_total_is_spread_over_the_days_of_its_year() {
        for (on, drop) in [
            ("2026-01-01", "273.97260273"),
            ("2027-12-31", "219.17808219"),
            ("2028-01-01", "163.93442622"),
            ("2029-01-01", "109.58904109"),
            ("2030-12-31", "82.19178082"),
            ("2031-01-01", "0.00000000"),
        ] {
            assert_eq!(shown(Preset::Sport, "2026-01-01", on), drop, "{on}");
        }
    }

    #[test]
    fn launched_on_a_leap_day_the_year_turns_on_the_28th() {
        assert_eq!(shown(Preset::Classic, "2028-02-29", "2029-02-27"), "498.00000000");
        assert_eq!(shown(Preset::Classic, "2028-02-29", "2029-02-28"), "249.00000000");
        assert_eq!(shown(Preset::Classic, "2028-02-29", "2032-02-28"), "62.25000000");
        assert_eq!(shown(Preset::Classic, "2028-02-29", "2032-02-29"), "31.12500000");
    }

    #[test]
    fn the_last_drop_is_cut_to_what_may_be_issued() {
        let rulebook = Preset::Classic.rulebook().unwrap();
        let (launch, room) = (day("2026-01-01"), Amount::from_units(12_345));
        assert_eq!(drop_on(&rulebook.airdrop, launch, launch, room), room);
        assert_eq!(
            drop_on(&rulebook.airdrop, launch, launch, Amount::ZERO),
            Amount::ZERO
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_day_lies_in_its_year(launch in -10_000_i32..60_000, after in 0_i32..100_000) {
            let launch = Day::from_number(launch);
            let day = Day::from_number(launch.number() + after);
            let years = full_years(launch, day).unwrap();
            prop_assert!(launch.plus_years(years) <= day && day < launch.plus_years(years + 1));
        }

        #[test]
        fn a_schedule_never_drops_more_than_the_cap_leaves(launch in 18_000_i32..24_000, preset in 0_usize..2) {
            let airdrop = Preset::ALL[preset].rulebook().unwrap().airdrop;
            let launch = Day::from_number(launch);
            let mut issued = airdrop.reward_pool.amount().units();
            for after in 0..(365 * 40) {
                let room = Amount::from_units(SHELL_CAP - issued);
                issued += drop_on(&airdrop, launch, Day::from_number(launch.number() + after), room).units();
            }
            prop_assert!(issued <= SHELL_CAP);
            prop_assert!(issued > 389_000 * 100_000_000);
        }
    }
}
