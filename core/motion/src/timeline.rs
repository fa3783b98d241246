//! From rows as a sensor delivers them to an even 50 Hz.

use crate::Sample;
use serde::{Deserialize, Serialize};

/// How many even samples make a second.
pub(crate) const RATE_HZ: f64 = 50.0;
/// How long one even sample lasts, in microseconds.
pub(crate) const CELL_US: i64 = 20_000;
/// Rows further apart than this belong to different recordings, in microseconds.
pub(crate) const MAX_GAP_US: i64 = 1_500_000;
/// No sensor on a person reads more than this, in g.
const MAX_MAGNITUDE_G: f64 = 64.0;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// It continues the recording.
    Taken,
    /// It starts a recording: the first row, or one after a gap or a jump of the clock.
    Restarted,
    /// It is not a number, or not an acceleration.
    Unreadable,
    /// It has the time of the row before.
    Repeated,
    /// It is older than the row before.
    Late,
    /// It lies far from the row before; whether the clock or only this row is off, the next one will tell.
    Doubtful,
}

/// One even sample: the mean over its 20 ms of the line through the rows.
///
/// The mean makes any input rate from 10 to 400 Hz look alike: it interpolates where rows are rare and averages
/// where they are many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    /// The middle of the 20 ms, in microseconds on the sensor's clock.
    pub(crate) t_us: i64,
    /// The acceleration, gravity included, in g.
    pub(crate) magnitude_g: f64,
}

/// The newest row and the cell that is being filled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Timeline {
    newest: Option<(i64, f64)>,
    cell_start_us: i64,
    /// g x microseconds gathered so far in the open cell.
    area: f64,
    doubtful_us: Option<i64>,
}

impl Timeline {
    /// Takes a row and hands over the cells that it completes.
    ///
    /// A row far away from the others (more than [`MAX_GAP_US`]) is put aside; only when the next one continues
    /// it has the recording moved there. So a single row with a wild time does no harm.
    pub(crate) fn push(&mut self, sample: Sample, mut on_cell: impl FnMut(Cell)) -> Row {
        let (t, x) = (sample.t_us, f64::from(sample.magnitude_g));
        if !(0.0..=MAX_MAGNITUDE_G).contains(&x) {
            return Row::Unreadable;
        }
        let Some((t0, x0)) = self.newest else {
            self.restart(t, x);
            return Row::Restarted;
        };
        match t.checked_sub(t0) {
            Some(0) => Row::Repeated,
            Some(passed) if (1..=MAX_GAP_US).contains(&passed) => {
                self.advance((t0, x0), (t, x), &mut on_cell);
                Row::Taken
            }
            Some(passed) if (-MAX_GAP_US..0).contains(&passed) => Row::Late,
            _ => {
                let near = |d: i64| {
                    t.checked_sub(d)
                        .is_some_and(|passed| (1..=MAX_GAP_US).contains(&passed))
                };
                if self.doubtful_us.is_some_and(near) {
                    self.restart(t, x);
                    return Row::Restarted;
                }
                self.doubtful_us = Some(t);
                Row::Doubtful
            }
        }
    }

    fn restart(&mut self, t: i64, x: f64) {
        *self = Self {
            newest: Some((t, x)),
            cell_start_us: t,
            area: 0.0,
            doubtful_us: None,
        };
    }

    /// Integrates the line from one row to the next, cell by cell.
    fn advance(&mut self, from: (i64, f64), to: (i64, f64), on_cell: &mut impl FnMut(Cell)) {
        let slope = (to.1 - from.1) / micros(to.0.saturating_sub(from.0));
        let (mut t, mut x) = from;
        loop {
            let cell_end = self.cell_start_us.saturating_add(CELL_US);
            let next_t = cell_end.min(to.0);
            let next_x = from.1 + slope * micros(next_t.saturating_sub(from.0));
            self.area += 0.5 * (x + next_x) * micros(next_t.saturating_sub(t));
            (t, x) = (next_t, next_x);
            if next_t < cell_end {
                break;
            }
            let middle = self.cell_start_us.saturating_add(CELL_US / 2);
            on_cell(Cell {
                t_us: middle,
                magnitude_g: self.area / micros(CELL_US),
            });
            self.cell_start_us = cell_end;
            self.area = 0.0;
            if t >= to.0 {
                break;
            }
        }
        self.newest = Some(to);
        self.doubtful_us = None;
    }
}

/// A span of microseconds as a number to calculate with (exact up to 285 years).
fn micros(span_us: i64) -> f64 {
    span_us as f64
}

#[cfg(test)]
mod tests;
