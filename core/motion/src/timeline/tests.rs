#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "made-up numbers are small"
)]

use super::*;
use crate::testing::{sample, sampled};
use proptest::prelude::*;

fn cells_of(samples: &[Sample]) -> (Vec<Cell>, Vec<Row>) {
    let mut timeline = Timeline::default();
    let mut cells = vec![];
    let rows = samples
        .iter()
        .map(|s| timeline.push(*s, |cell| cells.push(cell)))
        .collect();
    (cells, rows)
}

#[test]
fn any_rate_becomes_fifty_a_second() {
    let slow = |t: f64| 1.0 + 0.3 * (3.0 * t).sin();
    for rate in [10.0, 25.0, 50.0, 99.0, 400.0] {
        let (cells, _) = cells_of(&sampled(rate, 10.0, slow));
        assert!((490..=500).contains(&cells.len()), "{rate}: {}", cells.len());
        for (cell, next) in cells.iter().zip(&cells[1..]) {
            assert_eq!(next.t_us - cell.t_us, CELL_US);
            assert!(
                (cell.magnitude_g - slow(cell.t_us as f64 / 1e6)).abs() < 0.01,
                "{rate}: {cell:?}"
            );
        }
    }
}

#[test]
fn late_repeated_and_unreadable_rows_change_nothing() {
    let clean = sampled(50.0, 5.0, |t| 1.0 + t.sin().abs());
    let mut dirty = clean.clone();
    for (at, bad) in [
        (200, clean[150]),
        (150, clean[149]),
        (
            100,
            Sample {
                magnitude_g: f32::NAN,
                ..clean[100]
            },
        ),
        (
            80,
            Sample {
                magnitude_g: f32::INFINITY,
                ..clean[90]
            },
        ),
        (
            70,
            Sample {
                magnitude_g: -1.0,
                ..clean[90]
            },
        ),
        (
            60,
            Sample {
                t_us: i64::MAX,
                ..clean[60]
            },
        ),
        (
            50,
            Sample {
                t_us: i64::MIN,
                ..clean[60]
            },
        ),
    ] {
        dirty.insert(at, bad);
    }
    let (cells, rows) = cells_of(&dirty);
    assert_eq!(cells, cells_of(&clean).0);
    let count = |row| rows.iter().filter(|r| **r == row).count();
    assert_eq!(count(Row::Late), 1);
    assert_eq!(count(Row::Repeated), 1);
    assert_eq!(count(Row::Unreadable), 3);
    assert_eq!(count(Row::Doubtful), 2);
}

#[test]
fn a_gap_or_a_jump_of_the_clock_starts_anew() {
    for jump_s in [2.0, 86_400.0, -30.0] {
        let mut samples = sampled(20.0, 40.0, |_| 1.0);
        let moved = sampled(20.0, 1.0, |_| 1.0).into_iter();
        samples.extend(moved.map(|s| Sample {
            t_us: s.t_us + 40_000_000 + (jump_s * 1e6) as i64,
            ..s
        }));
        let (_, rows) = cells_of(&samples);
        assert_eq!(
            rows.iter().filter(|r| **r == Row::Restarted).count(),
            2,
            "{jump_s}"
        );
        assert_eq!(
            rows.iter().filter(|r| **r == Row::Doubtful).count(),
            1,
            "{jump_s}"
        );
    }
}

#[test]
fn a_short_gap_is_bridged_by_a_line() {
    let (cells, _) = cells_of(&[sample(0.0, 1.0), sample(1.0, 2.0)]);
    assert_eq!(cells.len(), 50);
    assert!((cells[25].magnitude_g - 1.51).abs() < 1e-6, "{:?}", cells[25]);
}

proptest! {
    #[test]
    fn cells_are_even_and_within_the_rows(rows in prop::collection::vec((any::<i64>(), any::<f32>()), 0..50)) {
        let samples: Vec<_> = rows.iter().map(|&(t_us, magnitude_g)| Sample { t_us, magnitude_g }).collect();
        for cell in cells_of(&samples).0 {
            prop_assert!((-1e-6..=MAX_MAGNITUDE_G + 1e-6).contains(&cell.magnitude_g));
        }
    }

    #[test]
    fn near_rows_in_any_order_never_go_back_in_time(times in prop::collection::vec(0_i64..20_000_000, 0..200)) {
        let samples: Vec<_> = times.iter().map(|&t_us| Sample { t_us, magnitude_g: 1.0 }).collect();
        let mut timeline = Timeline::default();
        let mut last: Option<i64> = None;
        for s in samples {
            let mut cells = vec![];
            if timeline.push(s, |cell| cells.push(cell)) == Row::Restarted {
                last = None;
            }
            for cell in cells {
                prop_assert!(last.is_none_or(|last| cell.t_us == last + CELL_US));
                prop_assert!((cell.magnitude_g - 1.0).abs() < 1e-9);
                last = Some(cell.t_us);
            }
        }
    }
}
