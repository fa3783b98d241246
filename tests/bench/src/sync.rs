//! Thirty days without a network: how long they take to reach the server, by the phone's own code and over HTTP.

use std::time::Instant;

use crate::figure::{Goal, Report};
use crate::repeat::median_of;
use crate::served::{MINUTE, STEPS_A_MINUTE, Served, runtime};
use crate::{Effort, Failed};

const DAYS: u64 = 30;
const MINUTES: u64 = DAYS * 1_440;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    let runtime = runtime()?;
    let seconds = median_of(|| runtime.block_on(once()))?;
    let case = format!("{DAYS} offline days, {MINUTES} minutes");
    report.add("sync", case, seconds, "s", Some(Goal::Below(3.0)))?;
    Ok(())
}

/// Seconds from the begin of a sync to its end, with everything counted once.
async fn once() -> Result<f64, Failed> {
    let mut served = Served::start().await?;
    let phone = served.open()?;
    for _ in 0..DAYS * 4 {
        served.live(&phone, 360)?;
    }
    served.pass(2 * MINUTE);
    let since = Instant::now();
    let outcome = phone.sync_now().await?;
    let seconds = since.elapsed().as_secs_f64();
    if (outcome.left, outcome.unsynced_minutes, &outcome.stopped) != (0, 0, &None) {
        return Err(format!("the sync didn't go through: {outcome:?}").into());
    }
    let counted = served.counted().await?;
    if counted != MINUTES * STEPS_A_MINUTE || counted != served.made() {
        return Err(format!("{counted} steps were counted of {}", served.made()).into());
    }
    phone.close();
    served.stop().await;
    Ok(seconds)
}
