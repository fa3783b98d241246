use proptest::prelude::*;

use haigou_motion::Sample;
use haigou_route::Fix;

use super::*;
use crate::ManualClock;
use crate::activity::Now;
use crate::minute::choose;

const MORNING: i64 = 1_772_409_600_000;

fn fresh() -> (Recorder, Timeline) {
    let timeline = Timeline::start(None, &ManualClock::new(MORNING));
    (Recorder::restore(None, None, "boot-1"), timeline)
}

fn counted(recorder: &Recorder) -> u32 {
    recorder
        .rows
        .iter()
        .filter(|(key, _)| key.source == StepSource::Counter)
        .map(|(_, row)| row.steps)
        .sum()
}

#[test]
fn a_cradle_fools_the_counter_and_not_the_app() {
    let (mut recorder, timeline) = fresh();
    let first = Minute::at(timeline.at(0));
    let mut rows = Rows::new();
    // Ten minutes in a cradle: the app listens to the first five, and is asleep in the others.
    for minute in first.0..first.0 + 5 {
        let key = RowKey {
            minute: Minute(minute),
            source: StepSource::Motion,
            activity: None,
        };
        rows.insert(
            key,
            MinuteRow {
                covered_ms: 59_800,
                ..MinuteRow::new(StepKind::Passive)
            },
        );
    }
    recorder.spread(
        Burst {
            steps: 1_100,
            from_ms: 0,
            to_ms: 600_000,
        },
        rows.clone(),
        &timeline,
    );
    add_rows(&mut rows, &recorder.rows);
    let chosen: Vec<_> = choose(&rows)
        .iter()
        .map(|row| (row.minute.0 - first.0, row.steps))
        .collect();
    assert_eq!(chosen, [(5, 110), (6, 110), (7, 110), (8, 110), (9, 110)]);
}

#[test]
fn an_app_that_was_killed_for_twenty_minutes_loses_none_of_them() {
    let (mut recorder, timeline) = fresh();
    let first = Minute::at(timeline.at(0));
    let key = |minute| RowKey {
        minute: Minute(first.0 + minute),
        source: StepSource::Motion,
        activity: None,
    };
    let row = |steps, covered_ms| MinuteRow {
        steps,
        covered_ms,
        ..MinuteRow::new(StepKind::Passive)
    };
    // 120 steps a minute all along; killed after 20 s, opened again in the 21st minute, at its 35th second.
    let known = Rows::from([(key(0), row(40, 20_000)), (key(20), row(0, 0))]);
    let mut rows = known.clone();
    recorder.spread(
        Burst {
            steps: 40,
            from_ms: 0,
            to_ms: 20_000,
        },
        known.clone(),
        &timeline,
    );
    recorder.spread(
        Burst {
            steps: 2_430,
            from_ms: 20_000,
            to_ms: 1_235_000,
        },
        known,
        &timeline,
    );
    recorder
        .rows
        .entry(key(20))
        .or_insert(row(0, 0))
        .add(&row(50, 25_000));
    recorder.spread(
        Burst {
            steps: 50,
            from_ms: 1_235_000,
            to_ms: 1_260_000,
        },
        Rows::new(),
        &timeline,
    );
    add_rows(&mut rows, &recorder.rows);
    let chosen = choose(&rows);
    let steps: u32 = chosen.iter().map(|row| row.steps).sum();
    assert_eq!(chosen.len(), 21);
    assert!((2_500..=2_520).contains(&steps), "{steps} of 2520: {chosen:?}");
    assert!(
        chosen.iter().all(|row| (117..=121).contains(&row.steps)),
        "{chosen:?}"
    );
}

proptest! {
    #[test]
    fn a_burst_is_shared_out_to_the_step(
        steps in 1..5_000_u32,
        from_ms in 0..10_000_000_i64,
        length_ms in 1..40_000_000_i64,
        heard in prop::collection::btree_map(0..600_i64, (0..130_u32, 0..60_000_u32), 0..40),
        frozen in prop::collection::btree_set(0..600_i64, 0..40),
    ) {
        let (mut recorder, timeline) = fresh();
        let first = Minute::at(timeline.at(0)).0;
        let mut known = Rows::new();
        for (minute, (steps, covered_ms)) in heard {
            let minute = Minute(first + minute);
            let key = RowKey { minute, source: StepSource::Motion, activity: None };
            known.insert(key, MinuteRow { steps, covered_ms, ..MinuteRow::new(StepKind::Passive) });
        }
        recorder.frozen = frozen.iter().map(|minute| Minute(first + minute)).collect();
        let burst = Burst { steps, from_ms, to_ms: from_ms + length_ms };
        recorder.spread(burst, known.clone(), &timeline);
        prop_assert!(counted(&recorder) <= steps);
        if known.values().all(|row| row.covered_ms == 0) {
            prop_assert_eq!(counted(&recorder), steps, "nobody else listened");
        }
        prop_assert!(recorder.rows.keys().all(|key| !recorder.frozen.contains(&key.minute)));
    }

    #[test]
    fn time_that_was_listened_to_is_never_paid_for_twice(
        steps in 1..3_000_u32,
        heard in prop::collection::vec((0..130_u32, 0..=60_000_u32), 1..40),
    ) {
        let (mut recorder, timeline) = fresh();
        let first = Minute::at(timeline.at(0));
        let mut rows = Rows::new();
        for (minute, (steps, covered_ms)) in (first.0..).zip(&heard) {
            let key = RowKey { minute: Minute(minute), source: StepSource::Motion, activity: None };
            let row = MinuteRow { steps: *steps, covered_ms: *covered_ms, ..MinuteRow::new(StepKind::Passive) };
            rows.insert(key, row);
        }
        let to_ms = i64::try_from(heard.len()).unwrap() * 60_000;
        recorder.spread(Burst { steps, from_ms: 0, to_ms }, rows.clone(), &timeline);
        add_rows(&mut rows, &recorder.rows);
        let chosen: u32 = choose(&rows).iter().map(|minute| minute.steps).sum();
        let motion: u32 = heard.iter().map(|(steps, _)| steps).sum();
        let unheard_ms: u32 = heard.iter().map(|(_, covered_ms)| 60_000 - covered_ms).sum();
        prop_assert!(chosen >= motion);
        prop_assert!(chosen <= motion.max(steps));
        let share = u64::from(steps) * u64::from(unheard_ms) / u64::try_from(to_ms).unwrap();
        prop_assert!(u64::from(chosen - motion) <= share + 1, "{chosen} {motion} {share}");
    }

    #[test]
    fn nothing_that_a_sensor_says_panics(
        samples in prop::collection::vec((any::<i64>(), any::<f32>()), 0..50),
        fix in (any::<i64>(), any::<f64>(), any::<f64>(), any::<f64>()),
        mono_ms in any::<i64>(),
    ) {
        let (mut recorder, timeline) = fresh();
        let now = Now { t_ms: timeline.at(mono_ms), mono_ms };
        let samples: Vec<_> = samples.into_iter().map(|(t_us, magnitude_g)| Sample { t_us, magnitude_g }).collect();
        recorder.samples(&samples, &timeline, now);
        let (t_ms, lat, lon, value) = fix;
        let fix = Fix { t_ms, lat, lon, altitude_m: Some(value), accuracy_m: Some(value), ..Fix::default() };
        let _ = recorder.fix(fix, &timeline, now);
    }
}
