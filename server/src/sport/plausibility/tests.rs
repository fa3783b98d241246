//! Honest members are counted, machines aren't, and nothing overflows.

use haigou_contract::{StepKind, StepSource};
use proptest::prelude::*;

use super::*;

/// 2026-01-01 00:00 in Shanghai.
const NEW_YEAR: i64 = 1_767_196_800_000 / 60_000;
/// Two days later: everything below lies in the past.
const NOW_MS: i64 = (NEW_YEAR + 2 * 1_440) * 60_000;

fn minute(number: i64, steps: u32) -> MinuteSteps {
    MinuteSteps {
        minute: Minute(NEW_YEAR + number),
        kind: StepKind::Passive,
        source: StepSource::Motion,
        steps,
        distance_m: None,
        interval_cv: Some(35),
        peak_cv: Some(90),
        activity: None,
    }
}

fn machine(number: i64) -> MinuteSteps {
    MinuteSteps {
        interval_cv: Some(6),
        peak_cv: Some(12),
        ..minute(number, 120)
    }
}

fn verdicts(claims: &[MinuteSteps]) -> Vec<Option<Doubt>> {
    judge(&[], claims, NOW_MS)
}

fn all_counted(claims: &[MinuteSteps]) -> bool {
    verdicts(claims).iter().all(Option::is_none)
}

#[test]
fn honest_members_are_counted() {
    let slow_elder: Vec<_> = (0..60)
        .map(|n| MinuteSteps {
            distance_m: Some(24),
            ..minute(n, 70)
        })
        .collect();
    let child: Vec<_> = (0..60)
        .map(|n| MinuteSteps {
            distance_m: Some(90),
            ..minute(n, 205)
        })
        .collect();
    let treadmill: Vec<_> = (0..90)
        .map(|n| MinuteSteps {
            interval_cv: Some(16),
            peak_cv: Some(60),
            ..minute(n, 172)
        })
        .collect();
    let treadmill_with_gps: Vec<_> = (0..90)
        .map(|n| MinuteSteps {
            distance_m: Some(3),
            ..minute(n, 165)
        })
        .collect();
    let lost_signal: Vec<_> = (0..60)
        .map(|n| MinuteSteps {
            distance_m: (n % 10 < 3).then_some(80),
            ..minute(n, 110)
        })
        .collect();
    let counter: Vec<_> = (0..60)
        .map(|n| MinuteSteps {
            source: StepSource::Counter,
            interval_cv: None,
            peak_cv: None,
            ..minute(n, 100)
        })
        .collect();
    let fast_runner: Vec<_> = (0..30)
        .map(|n| MinuteSteps {
            distance_m: Some(350),
            ..minute(n, 185)
        })
        .collect();
    let at_a_crossing = [MinuteSteps {
        distance_m: Some(38),
        ..minute(0, 2)
    }];
    for walk in [
        &slow_elder[..],
        &child,
        &treadmill,
        &treadmill_with_gps,
        &lost_signal,
        &counter,
        &fast_runner,
        &at_a_crossing,
    ] {
        assert!(all_counted(walk), "{:?}", walk[0]);
    }
}

#[test]
fn legs_have_limits() {
    for (claim, verdict) in [
        (minute(0, MOST_STEPS), None),
        (minute(0, MOST_STEPS + 1), Some(Doubt::CadenceTooHigh)),
        (minute(0, u32::MAX), Some(Doubt::CadenceTooHigh)),
        (
            MinuteSteps {
                distance_m: Some(MOST_METRES),
                ..minute(0, 200)
            },
            None,
        ),
        (
            MinuteSteps {
                distance_m: Some(MOST_METRES + 1),
                ..minute(0, 200)
            },
            Some(Doubt::TooFast),
        ),
        (
            MinuteSteps {
                distance_m: Some(u32::MAX),
                ..minute(0, 200)
            },
            Some(Doubt::TooFast),
        ),
        // A bicycle: 15 km/h, and a phone that rattles.
        (
            MinuteSteps {
                distance_m: Some(250),
                ..minute(0, 60)
            },
            Some(Doubt::Stride),
        ),
    ] {
        assert_eq!(verdicts(std::slice::from_ref(&claim)), [verdict], "{claim:?}");
    }
}

#[test]
fn a_cradle_is_found_and_a_few_even_minutes_are_not_held_against_anybody() {
    let cradle: Vec<_> = (0..30).map(machine).collect();
    assert!(
        verdicts(&cradle)
            .iter()
            .all(|verdict| *verdict == Some(Doubt::TooRegular))
    );
    let few: Vec<_> = (0..30)
        .map(|n| if n % 10 == 0 { machine(n) } else { minute(n, 110) })
        .collect();
    assert!(all_counted(&few));
    let no_peaks: Vec<_> = (0..30)
        .map(|n| MinuteSteps {
            peak_cv: None,
            ..machine(n)
        })
        .collect();
    assert!(all_counted(&no_peaks));
}

#[test]
fn a_cradle_is_found_over_several_uploads() {
    let mut known = Vec::new();
    let mut counted = 0;
    for number in 0..60 {
        let claim = machine(number);
        counted += usize::from(judge(&known, std::slice::from_ref(&claim), NOW_MS) == [None]);
        known.push(Known::of(&claim));
    }
    assert_eq!(counted, REGULAR_MINUTES - 1);
}

#[test]
fn four_hours_without_a_rest_or_a_metre_are_a_machine() {
    let restless: Vec<_> = (0..600).map(|n| minute(n, 110)).collect();
    let judged = verdicts(&restless);
    assert!(judged[..240].iter().all(Option::is_none));
    assert!(
        judged[240..]
            .iter()
            .all(|verdict| *verdict == Some(Doubt::NoRest))
    );
    let rests: Vec<_> = (0..600)
        .map(|n| minute(n, if n % 200 == 0 { 5 } else { 110 }))
        .collect();
    assert!(all_counted(&rests));
    let marathon: Vec<_> = (0..360)
        .map(|n| MinuteSteps {
            distance_m: (n % 3 == 0).then_some(110),
            ..minute(n, 160)
        })
        .collect();
    assert!(all_counted(&marathon));
}

#[test]
fn minutes_come_in_time_and_once() {
    let now = Minute::at(NOW_MS).0 - NEW_YEAR;
    let oldest = i64::from(OLDEST_DAYS) * 1_440;
    for (number, verdict) in [
        (now, None),
        (now + 2, None),
        (now + 3, Some(Doubt::Future)),
        (now - oldest, None),
        (now - oldest - 1, Some(Doubt::TooOld)),
    ] {
        assert_eq!(verdicts(&[minute(number, 100)]), [verdict], "{number}");
    }
    let known = [Known::of(&minute(7, 100))];
    assert_eq!(judge(&known, &[minute(7, 90)], NOW_MS), [Some(Doubt::Overlap)]);
}

fn any_minute() -> impl Strategy<Value = MinuteSteps> {
    let number = prop_oneof![0..200_i64, any::<i64>()];
    let metres = proptest::option::of(prop_oneof![0..500_u32, any::<u32>()]);
    let steps = prop_oneof![0..250_u32, any::<u32>()];
    let variation = || proptest::option::of(0..60_u16);
    (number, steps, metres, variation(), variation()).prop_map(
        |(number, steps, distance_m, interval_cv, peak_cv)| MinuteSteps {
            minute: Minute(NEW_YEAR.saturating_add(number)),
            distance_m,
            interval_cv,
            peak_cv,
            ..minute(0, steps)
        },
    )
}

fn upload() -> impl Strategy<Value = Vec<MinuteSteps>> {
    prop::collection::vec(any_minute(), 0..80).prop_map(|mut claims| {
        claims.sort_by_key(|claim| claim.minute);
        claims.dedup_by_key(|claim| claim.minute);
        claims
    })
}

/// Adds what is kept of an upload to what is known.
fn keep(known: &mut Vec<Known>, claims: &[MinuteSteps], verdicts: &[Option<Doubt>]) {
    let kept = claims
        .iter()
        .zip(verdicts)
        .filter(|(_, verdict)| verdict.is_none_or(is_kept));
    known.extend(kept.map(|(claim, _)| Known::of(claim)));
    known.sort_by_key(|known| known.minute);
}

proptest! {
    #[test]
    fn no_minute_counts_twice(uploads in prop::collection::vec(upload(), 1..6)) {
        let mut known = Vec::new();
        let mut counted = std::collections::HashSet::new();
        for claims in uploads {
            let judged = judge(&known, &claims, NOW_MS);
            prop_assert_eq!(judged.len(), claims.len());
            for (claim, verdict) in claims.iter().zip(&judged) {
                if verdict.is_none() {
                    prop_assert!(counted.insert(claim.minute));
                    prop_assert!(claim.steps <= MOST_STEPS);
                }
            }
            keep(&mut known, &claims, &judged);
            prop_assert!(known.windows(2).all(|pair| pair[0].minute < pair[1].minute));
            prop_assert!(judge(&known, &claims, NOW_MS).iter().all(Option::is_some));
        }
    }

    #[test]
    fn a_persons_minutes_count_however_they_are_sent(
        steps in prop::collection::vec(0..=200_u32, 1..200),
        parts in 1..20_usize,
    ) {
        let claims: Vec<_> = (0_i64..).zip(steps).map(|(number, steps)| minute(number, steps)).collect();
        let mut known = Vec::new();
        for part in claims.chunks(parts) {
            let judged = judge(&known, part, NOW_MS);
            prop_assert!(judged.iter().all(Option::is_none));
            keep(&mut known, part, &judged);
        }
    }
}
