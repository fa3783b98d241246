//! Personal records: what was never done better on this phone.
//!
//! Imports don't set them: nobody can say whose way a file holds. Nor does what no pair of feet can have done. Ways that are
//! estimated from steps are no longest distance.

use haigou_contract::Day;

use crate::activity::seconds;
use crate::figures::ActivityFigures;
use crate::screens::{Feat, PersonalRecord};

/// In the order of [`crate::figures::FASTEST_OVER_M`].
const FASTEST: [Feat; 4] = [
    Feat::Fastest1Km,
    Feat::Fastest5Km,
    Feat::Fastest10Km,
    Feat::FastestHalfMarathon,
];

/// The records of activities in the order of their begin, and of days. Who did it first keeps it.
pub(crate) fn records(activities: &[ActivityFigures], days: &[(Day, u64)]) -> Vec<PersonalRecord> {
    let mut records: Vec<PersonalRecord> = Vec::new();
    let mut claim = |claimed: PersonalRecord, less_is_better: bool| {
        let better = |than: f64| {
            if less_is_better {
                claimed.value < than
            } else {
                claimed.value > than
            }
        };
        match records.iter_mut().find(|known| known.feat == claimed.feat) {
            Some(known) if better(known.value) => *known = claimed,
            Some(_) => {}
            None => records.push(claimed),
        }
    };
    for figures in activities.iter().filter(|figures| figures.believable) {
        let did = |feat, value| PersonalRecord {
            feat,
            value,
            day: Day::at(figures.started_ms),
            activity: Some(figures.id),
        };
        if !figures.estimated {
            claim(did(Feat::LongestDistance, figures.distance_m), false);
        }
        claim(did(Feat::LongestTime, seconds(figures.active_ms)), false);
        for (feat, time_s) in FASTEST.into_iter().zip(figures.fastest_s) {
            if let Some(time_s) = time_s {
                claim(did(feat, time_s), true);
            }
        }
    }
    for (day, steps) in days {
        let made = PersonalRecord {
            feat: Feat::MostSteps,
            value: f64::from(u32::try_from(*steps).unwrap_or(u32::MAX)),
            day: *day,
            activity: None,
        };
        claim(made, false);
    }
    records.sort_by_key(|record| record.feat);
    records
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn activity(number: u128, distance_m: f64, minutes: i64, fastest_s: [Option<f64>; 4]) -> ActivityFigures {
        ActivityFigures {
            id: Uuid::from_u128(number),
            started_ms: i64::try_from(number).unwrap() * 86_400_000,
            active_ms: minutes * 60_000,
            distance_m,
            estimated: false,
            kcal: 0.0,
            believable: true,
            fastest_s,
        }
    }

    #[test]
    fn the_best_of_each_and_the_first_of_equals() {
        let ways = [
            activity(1, 5_200.0, 30, [Some(330.0), Some(1_700.0), None, None]),
            activity(2, 5_200.0, 40, [Some(300.0), None, None, None]),
            ActivityFigures {
                believable: false,
                ..activity(3, 90_000.0, 200, [Some(140.0); 4])
            },
            ActivityFigures {
                estimated: true,
                ..activity(4, 9_000.0, 35, [None; 4])
            },
        ];
        let days = [(Day::from_number(9), 12_000), (Day::from_number(10), 11_000)];
        let found: Vec<_> = records(&ways, &days)
            .iter()
            .map(|record| (record.feat, record.value, record.activity.map(|id| id.as_u128())))
            .collect();
        let expected = [
            (Feat::LongestDistance, 5_200.0, Some(1)),
            (Feat::LongestTime, 2_400.0, Some(2)),
            (Feat::Fastest1Km, 300.0, Some(2)),
            (Feat::Fastest5Km, 1_700.0, Some(1)),
            (Feat::MostSteps, 12_000.0, None),
        ];
        assert_eq!(found, expected);
        assert!(records(&[], &[]).is_empty());
    }
}
