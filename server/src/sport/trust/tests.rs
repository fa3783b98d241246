//! Scores of honest and of doubtful activities.

use haigou_contract::Minute;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const START_MIN: i64 = 29_453_280;

/// An hour's walk with positions, and its minutes.
fn walk() -> (ActivitySummary, Vec<Part>) {
    let start = Minute(START_MIN).start_ms();
    let summary = ActivitySummary {
        id: Uuid::from_u128(1),
        kind: ActivityKind::Walk,
        started_ms: start,
        ended_ms: start + 3_600_000,
        active_ms: 3_500_000,
        monotonic_ms: Some(3_600_400),
        steps: 6_600,
        distance_m: 4_800.0,
        estimated: false,
        ascent_m: 20.0,
        kcal_gross: 260.0,
        kcal_net: 190.0,
        heart_rate: None,
        positions: 3_000,
        mock_positions: 0,
        top_speed_mps: Some(2.1),
    };
    let parts = (0..60)
        .map(|n| Part {
            minute: START_MIN + n,
            steps: 110,
            kind: StepKind::Walk,
            source: StepSource::Motion,
            doubt: None,
        })
        .collect();
    (summary, parts)
}

fn judged(change: impl FnOnce(&mut ActivitySummary, &mut Vec<Part>)) -> (u8, Vec<Doubt>) {
    let (mut summary, mut parts) = walk();
    change(&mut summary, &mut parts);
    judge(&summary, &parts, false)
}

#[test]
fn the_evidence_sets_the_highest_score() {
    assert_eq!(judged(|_, _| {}), (100, vec![]));
    let without_positions = |source: StepSource| {
        judged(|summary, parts| {
            (summary.positions, summary.distance_m, summary.top_speed_mps) = (0, 0.0, None);
            parts.iter_mut().for_each(|part| part.source = source);
        })
    };
    assert_eq!(without_positions(StepSource::Motion), (90, vec![]));
    assert_eq!(without_positions(StepSource::Band), (85, vec![]));
    assert_eq!(without_positions(StepSource::Counter), (80, vec![]));
    assert_eq!(without_positions(StepSource::Health), (70, vec![]));
}

#[test]
fn honest_members_keep_their_score() {
    let lost_signal = judged(|summary, _| (summary.positions, summary.distance_m) = (200, 600.0));
    assert_eq!(lost_signal, (90, vec![]));
    let treadmill = judged(|summary, _| (summary.positions, summary.distance_m) = (0, 0.0));
    assert_eq!(treadmill, (90, vec![]));
    let slow_elder = judged(|summary, _| summary.distance_m = 2_200.0);
    assert_eq!(slow_elder, (100, vec![]));
    let corrected_clock = judged(|summary, _| summary.monotonic_ms = Some(3_590_000));
    assert_eq!(corrected_clock, (100, vec![]));
    let restarted_phone = judged(|summary, _| summary.monotonic_ms = None);
    assert_eq!(restarted_phone, (100, vec![]));
    let one_odd_minute = judged(|_, parts| parts[3].doubt = Some(Doubt::CadenceTooHigh));
    assert_eq!(one_odd_minute, (99, vec![Doubt::CadenceTooHigh]));
}

#[test]
fn each_doubt_lowers_the_score() {
    let (summary, parts) = walk();
    assert_eq!(judge(&summary, &parts, true), (85, vec![Doubt::ActivityOverlap]));
    let clock = judged(|summary, _| summary.monotonic_ms = Some(1_800_000));
    assert_eq!(clock, (80, vec![Doubt::ClockChanged]));
    let backwards = judged(|summary, _| summary.ended_ms = summary.started_ms - 3_600_000);
    assert_eq!(backwards, (80, vec![Doubt::ClockChanged]));
    let mock = judged(|summary, _| summary.mock_positions = 3_000);
    assert_eq!(mock, (50, vec![Doubt::MockPositions]));
    let car = judged(|summary, _| (summary.distance_m, summary.top_speed_mps) = (40_000.0, Some(16.0)));
    assert_eq!(car, (45, vec![Doubt::Stride, Doubt::TooFast]));
    let on_the_spot = judged(|summary, _| summary.distance_m = 300.0);
    assert_eq!(on_the_spot, (75, vec![Doubt::Stride]));
    let invented = judged(|summary, _| summary.steps = 12_000);
    assert_eq!(invented, (75, vec![Doubt::Inconsistent]));
    let run_minutes = judged(|_, parts| parts[7].kind = StepKind::Run);
    assert_eq!(run_minutes, (75, vec![Doubt::Inconsistent]));
    let cradle = judged(|_, parts| {
        parts
            .iter_mut()
            .for_each(|part| part.doubt = Some(Doubt::TooRegular))
    });
    assert_eq!(cradle, (40, vec![Doubt::TooRegular]));
    let elsewhere = judged(|_, parts| parts.iter_mut().for_each(|part| part.minute += 600));
    assert_eq!(elsewhere, (75, vec![Doubt::Inconsistent]));
}

proptest! {
    #[test]
    fn any_figures_give_a_score(
        times: [i64; 4],
        counts: [u32; 3],
        metres in 0.0..=f64::MAX,
        speed in proptest::option::of(0.0..=f64::MAX),
        minutes in prop::collection::vec((any::<i64>(), any::<u32>()), 0..20),
        doubted: bool,
    ) {
        let (mut summary, _) = walk();
        [summary.started_ms, summary.ended_ms, summary.active_ms, _] = times;
        summary.monotonic_ms = Some(times[3]);
        [summary.steps, summary.positions, summary.mock_positions] = counts;
        (summary.distance_m, summary.top_speed_mps) = (metres, speed);
        let parts: Vec<_> = minutes
            .into_iter()
            .map(|(minute, steps)| Part {
                minute,
                steps,
                kind: StepKind::Walk,
                source: StepSource::Counter,
                doubt: doubted.then_some(Doubt::NoRest),
            })
            .collect();
        let (score, doubts) = judge(&summary, &parts, doubted);
        prop_assert!(score <= 100);
        prop_assert_eq!(score == 0 || doubts.is_empty() || score < 100, true);
        prop_assert!(doubts.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
