//! Measuring something small by doing it very often.

use std::time::{Duration, Instant};

use crate::figure::median;
use crate::{Effort, Failed};

/// Every figure is the median of so many repetitions.
pub(crate) const REPETITIONS: u32 = 3;

/// Nanoseconds per item of `pass`, which says how many items it worked on.
pub(crate) fn ns_per_item(effort: Effort, mut pass: impl FnMut() -> u64) -> f64 {
    let long_enough = Duration::from_secs(effort.seconds.into()) / REPETITIONS;
    let repetitions = (0..REPETITIONS).map(|_| {
        let since = Instant::now();
        let mut items = 0;
        while items == 0 || since.elapsed() < long_enough {
            items += pass().max(1);
        }
        since.elapsed().as_secs_f64() * 1e9 / items as f64
    });
    median(repetitions.collect())
}

/// The median of what some repetitions come to.
pub(crate) fn median_of(mut once: impl FnMut() -> Result<f64, Failed>) -> Result<f64, Failed> {
    let repetitions = (0..REPETITIONS).map(|_| once()).collect::<Result<Vec<_>, _>>()?;
    Ok(median(repetitions))
}
