use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const END: Minute = Minute(i64::MAX);

fn phone(steps: &[(i64, u32)]) -> Rows {
    let row = |(minute, steps): &(i64, u32)| {
        let key = RowKey {
            minute: Minute(*minute),
            source: StepSource::Motion,
            activity: None,
        };
        let row = MinuteRow {
            steps: *steps,
            covered_ms: 60_000,
            interval_cv: Some(40),
            ..MinuteRow::new(StepKind::Passive)
        };
        (key, row)
    };
    steps.iter().map(row).collect()
}

fn band(steps: &[(i64, u32)]) -> BTreeMap<Minute, Told> {
    let told = |(minute, steps): &(i64, u32)| {
        let told = Told {
            steps: *steps,
            heart_rate: None,
            kept: false,
        };
        (Minute(*minute), told)
    };
    steps.iter().map(told).collect()
}

fn stretch(source: HistorySource, from: i64, to: i64, steps: u32) -> Stretch {
    Stretch {
        source,
        from_ms: from * 60_000,
        to_ms: to * 60_000,
        steps,
    }
}

fn sources(counted: &[MinuteSteps]) -> Vec<(i64, u32, StepSource)> {
    counted.iter().map(|m| (m.minute.0, m.steps, m.source)).collect()
}

fn total(counted: &[MinuteSteps]) -> u32 {
    counted.iter().map(|minute| minute.steps).sum()
}

#[test]
fn a_walk_that_both_hear_is_one_voices_from_end_to_end() {
    // The band hears now a little more, now a little less; over all a little less.
    let heard = Heard {
        rows: phone(&[(1, 100), (2, 104), (3, 98), (4, 101)]),
        bands: BTreeMap::from([("b".to_owned(), band(&[(1, 103), (2, 99), (3, 102), (4, 97)]))]),
        ..Heard::default()
    };
    let counted = count(&heard, END);
    assert!(
        counted.iter().all(|minute| minute.source == StepSource::Motion),
        "{counted:?}"
    );
    assert_eq!(total(&counted), 403);
    assert_eq!(counted[0].interval_cv, Some(40));
}

#[test]
fn a_phone_that_stays_on_the_table_hands_over_to_the_band() {
    // The band is put on after a minute, the phone put down after three.
    let heard = Heard {
        rows: phone(&[(1, 100), (2, 100), (3, 20), (4, 0), (5, 0)]),
        bands: BTreeMap::from([(
            "b".to_owned(),
            band(&[(1, 0), (2, 90), (3, 101), (4, 98), (5, 103)]),
        )]),
        ..Heard::default()
    };
    assert_eq!(
        sources(&count(&heard, END)),
        [
            (1, 100, StepSource::Motion),
            (2, 100, StepSource::Motion),
            (3, 101, StepSource::Band),
            (4, 98, StepSource::Band),
            (5, 103, StepSource::Band),
        ]
    );
}

#[test]
fn of_two_bands_one_is_believed() {
    let heard = Heard {
        bands: BTreeMap::from([
            ("a".to_owned(), band(&[(1, 100), (2, 90)])),
            ("b".to_owned(), band(&[(1, 95), (2, 99), (40, 60)])),
        ]),
        ..Heard::default()
    };
    let counted = count(&heard, END);
    assert_eq!(
        sources(&counted),
        [
            (1, 95, StepSource::Band),
            (2, 99, StepSource::Band),
            (40, 60, StepSource::Band)
        ]
    );
}

#[test]
fn a_band_speaks_for_an_activity_in_which_the_phone_lay_still() {
    let activity = Uuid::from_u128(7);
    let key = RowKey {
        minute: Minute(1),
        source: StepSource::Motion,
        activity: Some(activity),
    };
    let still = MinuteRow {
        covered_ms: 60_000,
        ..MinuteRow::new(StepKind::Run)
    };
    let heard = Heard {
        rows: Rows::from([(key, still)]),
        bands: BTreeMap::from([("b".to_owned(), band(&[(1, 160)]))]),
        ..Heard::default()
    };
    let counted = count(&heard, END);
    assert_eq!(
        (counted[0].steps, counted[0].kind, counted[0].activity),
        (160, StepKind::Run, Some(activity))
    );
}

#[test]
fn the_phones_own_history_fills_only_what_the_app_did_not_hear() {
    // An hour: the app heard the first forty minutes, and in them 1,000 steps; then it was dead.
    let heard_rows: Vec<(i64, u32)> = (0..40)
        .map(|minute| (minute, if minute < 10 { 100 } else { 0 }))
        .collect();
    let of = |steps| Heard {
        rows: phone(&heard_rows),
        stretches: vec![stretch(HistorySource::Pedometer, 0, 60, steps)],
        ..Heard::default()
    };
    assert_eq!(total(&count(&of(900), END)), 1_000, "the app heard more");
    assert_eq!(total(&count(&of(1_300), END)), 1_300);
    // In a cradle: it may have shaken all along, and the app knows better for two thirds.
    assert_eq!(total(&count(&of(6_000), END)), 3_000);
    let counted = count(&of(1_300), END);
    assert!(
        counted
            .iter()
            .all(|minute| (minute.source == StepSource::Counter) == (minute.minute.0 >= 40))
    );
}

#[test]
fn a_days_bucket_raises_the_day_to_its_figure_and_no_further() {
    let mut heard = Heard {
        rows: phone(&(480..530).map(|minute| (minute, 100)).collect::<Vec<_>>()),
        bands: BTreeMap::from([(
            "b".to_owned(),
            band(&(600..620).map(|m| (m, 110)).collect::<Vec<_>>()),
        )]),
        stretches: vec![stretch(HistorySource::HealthKit, 0, 1_440, 9_000)],
    };
    assert_eq!(total(&count(&heard, END)), 9_000);
    // Another store says nearly the same of the same day, and the hours are known too.
    heard
        .stretches
        .push(stretch(HistorySource::HealthConnect, 0, 1_440, 9_050));
    heard
        .stretches
        .push(stretch(HistorySource::HealthKit, 700, 760, 1_700));
    assert_eq!(total(&count(&heard, END)), 9_050);
    heard.stretches = vec![stretch(HistorySource::HealthKit, 0, 1_440, 4_000)];
    assert_eq!(
        total(&count(&heard, END)),
        7_200,
        "less than what was heard takes nothing away"
    );
    // More than a minute holds isn't filed.
    heard.stretches = vec![stretch(HistorySource::HealthKit, 10, 12, u32::MAX)];
    assert_eq!(total(&count(&heard, END)), 7_200 + 400);
}

#[test]
fn what_isnt_over_yet_is_left_out() {
    let heard = Heard {
        rows: phone(&[(1, 100), (5, 90)]),
        stretches: vec![stretch(HistorySource::HealthKit, 0, 1_440, 350)],
        ..Heard::default()
    };
    let counted = count(&heard, Minute(5));
    assert!(counted.iter().all(|minute| minute.minute.0 < 5));
    assert_eq!(total(&counted), 100 + 160, "the 90 are somebody's, later");
}

/// A day of somebody who walks now and then: steps by minute.
fn truth() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec((0..40_usize, 1..60_usize, 20..140_u32), 1..8).prop_map(|walks| {
        let mut minutes = Vec::new();
        for (rest, length, spm) in walks {
            minutes.extend(std::iter::repeat_n(0, rest));
            minutes.extend(std::iter::repeat_n(spm, length));
        }
        minutes
    })
}

/// How a voice hears it: in which stretches it isn't there at all, and how many in a hundred it misses or makes up.
fn hearing() -> impl Strategy<Value = (Vec<bool>, Vec<i64>)> {
    (
        prop::collection::vec(any::<bool>(), 1..12),
        prop::collection::vec(-3..=3_i64, 1..7),
    )
}

fn heard_by(truth: &[u32], (there, errors): &(Vec<bool>, Vec<i64>)) -> Vec<(i64, u32)> {
    (0_i64..)
        .zip(truth)
        .enumerate()
        .filter(|(index, _)| there[(index / 15) % there.len()])
        .map(|(index, (minute, steps))| {
            let error = errors[index % errors.len()];
            let heard = i64::from(*steps) * (100 + error) / 100;
            (minute, u32::try_from(heard).unwrap())
        })
        .collect()
}

proptest! {
    /// Whoever is there when, and whatever each of them mishears: never less than the best of them, never much more than
    /// was walked.
    #[test]
    fn random_voices_are_one_count(
        truth in truth(),
        phone_hears in hearing(),
        band_hears in prop::collection::vec(hearing(), 0..3),
        buckets in prop::collection::vec((0..400_i64, 0..4_u32, 0..3_usize, 90..=100_u32), 0..6),
    ) {
        let of_phone = heard_by(&truth, &phone_hears);
        let of_bands: Vec<_> = band_hears.iter().map(|hears| heard_by(&truth, hears)).collect();
        let walked = |from: i64, to: i64| -> u32 {
            (0_i64..).zip(&truth).filter(|(minute, _)| (from..to).contains(minute)).map(|(_, steps)| *steps).sum()
        };
        // The system's stores cut time at the same places: hours, and several of them.
        let stretches: Vec<Stretch> = buckets
            .into_iter()
            .map(|(from, doubled, source, percent)| {
                let length = 60 << doubled;
                let from = from / length * length;
                let to = from + length;
                stretch(HistorySource::ALL[source], from, to, walked(from, to) * percent / 100)
            })
            .collect();
        let heard = Heard {
            rows: phone(&of_phone),
            bands: of_bands.iter().enumerate().map(|(index, told)| (index.to_string(), band(told))).collect(),
            stretches,
        };
        let counted = count(&heard, END);
        prop_assert!(counted.is_sorted_by(|a, b| a.minute < b.minute));
        let sum = |voice: &[(i64, u32)]| -> u32 { voice.iter().map(|(_, steps)| steps).sum() };
        let best = of_bands.iter().map(|voice| sum(voice)).max().unwrap_or(0).max(sum(&of_phone));
        let credited = total(&counted);
        let all = walked(0, i64::MAX);
        prop_assert!(credited >= best, "{credited} of {best}");
        prop_assert!(f64::from(credited) <= f64::from(all) * 1.03 + 1.0, "{credited} of {all}");
        for bucket in heard.stretches.iter().filter(|s| s.source != HistorySource::Pedometer) {
            let (first, last) = bucket.minutes().unwrap();
            let within: u32 = counted.iter().filter(|m| (first..=last).contains(&m.minute)).map(|m| m.steps).sum();
            prop_assert!(within >= bucket.steps, "{within} of {}", bucket.steps);
        }
    }

    /// No path through the voices beats the one that was found.
    #[test]
    fn the_path_is_the_best_one(steps in prop::collection::vec(prop::collection::vec(0..60_u32, 3), 1..7)) {
        let worth = |path: &[usize]| -> i64 {
            let counted: i64 = path.iter().zip(&steps).map(|(voice, row)| i64::from(row[*voice])).sum();
            let changes = path.windows(2).filter(|pair| pair[0] != pair[1]).count();
            counted - CHANGE * i64::try_from(changes).unwrap()
        };
        let found = best_path(&steps);
        prop_assert_eq!(found.len(), steps.len());
        let all = 3_usize.pow(u32::try_from(steps.len()).unwrap());
        for mut number in 0..all {
            let path: Vec<usize> = steps.iter().map(|_| { let voice = number % 3; number /= 3; voice }).collect();
            prop_assert!(worth(&path) <= worth(&found));
        }
    }
}
