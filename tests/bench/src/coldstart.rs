//! Opening the app after a year: from the closed store to the first state of every screen. The store's file is in the
//! system's memory then, as it is on a phone that has the app opened every now and then.

use std::time::Instant;

use haigou_contract::ActivityKind;

use crate::figure::{Goal, Report, median};
use crate::served::{HOUR, MINUTE, Served, runtime};
use crate::{Effort, Failed};

const DAYS: u64 = 365;
/// The app is opened so often.
const OPENED: u32 = 21;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    let runtime = runtime()?;
    report.say("coldstart: a year passes on the phone, a minute row for every minute")?;
    let ms = runtime.block_on(year_and_open())?;
    let case = format!("opened on {DAYS} days, {} minutes", DAYS * 1_440);
    report.add("coldstart", case, ms, "ms", Some(Goal::Below(50.0)))?;
    Ok(())
}

/// Milliseconds from opening the store to the screens' first states.
async fn year_and_open() -> Result<f64, Failed> {
    let mut served = Served::start().await?;
    let phone = served.open()?;
    for _ in 0..DAYS {
        // Half an hour of each day is a walk, and in the evening the phone syncs.
        phone.start_activity(ActivityKind::Walk)?;
        served.live(&phone, 30)?;
        phone.finish()?;
        for minutes in [330, 360, 360, 360] {
            served.live(&phone, minutes)?;
        }
        let outcome = phone.sync_now().await?;
        if let Some(why) = outcome.stopped {
            return Err(format!("a day's sync stopped: {why}").into());
        }
    }
    phone.refresh_records().await?;
    phone.refresh_wallet().await?;
    phone.close();
    drop(phone);
    served.pass(HOUR + MINUTE);
    let mut opened = Vec::new();
    for _ in 0..OPENED {
        let since = Instant::now();
        let phone = served.open()?;
        let (_live, _today, _status) = (phone.live(), phone.today(), phone.status());
        let records = phone.records().borrow().records.len();
        let has_wallet = phone.wallet().borrow().wallet.is_some();
        opened.push(since.elapsed().as_secs_f64() * 1e3);
        if records == 0 || !has_wallet {
            return Err("the screens are empty after a year".into());
        }
        phone.close();
    }
    served.stop().await;
    Ok(median(opened))
}
