use proptest::prelude::*;

use haigou_motion::Sample;
use haigou_route::Fix;

use super::*;
use crate::ManualClock;
use crate::activity::Now;

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
        // What the app itself counted in minutes that are uploaded already is counted there.
        let there: u32 = known
            .iter()
            .filter(|(key, _)| recorder.frozen.contains(&key.minute) && heard_there(&known, key.minute).0)
            .map(|(_, row)| row.steps)
            .sum();
        prop_assert!(counted(&recorder) <= steps && counted(&recorder) >= steps.saturating_sub(there));
        prop_assert!(recorder.rows.keys().all(|key| !recorder.frozen.contains(&key.minute)));
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
