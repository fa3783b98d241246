use proptest::prelude::*;

use super::*;

fn key(minute: i64, source: StepSource, activity: Option<u128>) -> RowKey {
    RowKey {
        minute: Minute(minute),
        source,
        activity: activity.map(Uuid::from_u128),
    }
}

fn row(kind: StepKind, steps: u32, covered_ms: u32) -> MinuteRow {
    MinuteRow {
        steps,
        covered_ms,
        ..MinuteRow::new(kind)
    }
}

#[test]
fn the_counter_speaks_for_the_time_in_which_the_app_did_not_listen() {
    let minute = |number, motion: (u32, u32), counter: (u32, u32)| {
        [(StepSource::Motion, motion), (StepSource::Counter, counter)].map(|(source, (steps, covered_ms))| {
            (
                key(number, source, None),
                row(StepKind::Passive, steps, covered_ms),
            )
        })
    };
    let rows: Rows = [
        // It listened all the time, and heard less, or nothing at all: a cradle.
        minute(1, (60, 59_900), (90, 60_000)),
        minute(2, (0, 58_500), (110, 60_000)),
        // For 20 s of it.
        minute(3, (40, 20_000), (120, 60_000)),
        minute(4, (0, 20_000), (120, 60_000)),
        // Never.
        minute(5, (0, 0), (30, 15_000)),
        // The counter spoke of the same 20 s.
        minute(6, (38, 20_000), (40, 20_000)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let chosen: Vec<_> = choose(&rows)
        .iter()
        .map(|m| (m.minute.0, m.source, m.steps))
        .collect();
    assert_eq!(
        chosen,
        [
            (1, StepSource::Motion, 60),
            (3, StepSource::Counter, 120),
            (4, StepSource::Counter, 80),
            (5, StepSource::Counter, 30),
            (6, StepSource::Motion, 38),
        ]
    );
}

#[test]
fn a_minute_of_two_activities_is_the_ones_with_more_steps() {
    let rows = Rows::from([
        (
            key(1, StepSource::Motion, None),
            row(StepKind::Passive, 70, 30_000),
        ),
        (
            key(1, StepSource::Motion, Some(1)),
            row(StepKind::Walk, 10, 10_000),
        ),
        (
            key(1, StepSource::Motion, Some(2)),
            row(StepKind::Run, 30, 20_000),
        ),
    ]);
    let chosen = choose(&rows);
    assert_eq!(chosen.len(), 1);
    assert_eq!((chosen[0].steps, chosen[0].kind), (110, StepKind::Run));
    assert_eq!(chosen[0].activity, Some(Uuid::from_u128(2)));
}

#[test]
fn a_minute_without_a_step_or_a_metre_is_not_reported() {
    let mut way = row(StepKind::Walk, 0, 60_000);
    way.distance_m = 12.0;
    let rows = Rows::from([
        (
            key(1, StepSource::Motion, None),
            row(StepKind::Passive, 0, 60_000),
        ),
        (key(2, StepSource::Motion, Some(1)), way),
    ]);
    let chosen = choose(&rows);
    assert_eq!(
        chosen
            .iter()
            .map(|m| (m.minute.0, m.distance_m))
            .collect::<Vec<_>>(),
        [(2, Some(12))]
    );
}

fn any_row() -> impl Strategy<Value = (RowKey, MinuteRow)> {
    let source = prop_oneof![Just(StepSource::Motion), Just(StepSource::Counter)];
    (
        0..20_i64,
        source,
        prop::option::of(0..3_u128),
        0..250_u32,
        0..60_000_u32,
    )
        .prop_map(|(minute, source, activity, steps, covered)| {
            let kind = if activity.is_some() {
                StepKind::Walk
            } else {
                StepKind::Passive
            };
            (key(minute, source, activity), row(kind, steps, covered))
        })
}

proptest! {
    #[test]
    fn each_minute_once_and_never_a_sum_of_sources(rows in prop::collection::vec(any_row(), 0..80)) {
        let rows: Rows = rows.into_iter().collect();
        let chosen = choose(&rows);
        prop_assert!(chosen.is_sorted_by(|a, b| a.minute < b.minute));
        for minute in &chosen {
            let sum = |source| -> u32 {
                let of = rows.iter().filter(|(key, _)| key.minute == minute.minute && key.source == source);
                of.map(|(_, row)| row.steps).sum()
            };
            let (motion, counter) = (sum(StepSource::Motion), sum(StepSource::Counter));
            prop_assert!((motion..=motion.max(counter)).contains(&minute.steps));
            prop_assert!(minute.activity.is_some() == (minute.kind != StepKind::Passive));
        }
    }

    #[test]
    fn rows_add_up_however_they_are_split(rows in prop::collection::vec(any_row(), 1..60), cut in 0_usize..60) {
        let add = |parts: &[(RowKey, MinuteRow)]| {
            let mut all = Rows::new();
            for (key, row) in parts {
                add_rows(&mut all, &Rows::from([(*key, *row)]));
            }
            all
        };
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let mut joined = add(first);
        add_rows(&mut joined, &add(second));
        prop_assert_eq!(joined, add(&rows));
    }
}
