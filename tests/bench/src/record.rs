//! What recording costs the phone: processor, bytes written, memory. Somebody runs with a phone at 50 Hz, a position every
//! second, air pressure and a band's heart rate, in a process of its own; everything stands at its default.
//!
//! Bytes written are those that the process hands to the system (`wchar` of Linux), whatever the file. Beside them stands
//! what the system means to pass on to the disk (`write_bytes`, whole pages): an hour takes seconds here, so that small
//! writes to one page meet in the system's memory, as those of some seconds do on a phone.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use haigou_contract::ActivityKind;
use serde::{Deserialize, Serialize};

use crate::figure::{Goal, Report};
use crate::process::{Written, memory_mb, peak_memory_mb, processor_s};
use crate::runner::Runner;
use crate::{Effort, Failed, data};

const BENCH: &str = "record";
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// The app is killed in the last minute of the hour: shortly before what came in the last twenty goes into the store.
const KILLED_BEFORE_MS: i64 = 5_000;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    report.say("record: somebody runs for an hour, and somebody for six")?;
    let hour = recorded(1)?;
    let case = |what: &str| format!("an hour's run: {what}");
    let below = |bound| Some(Goal::Below(bound));
    report.add(
        BENCH,
        case("a second's samples"),
        hour.cpu_ms_per_s,
        "ms of CPU",
        below(2.0),
    )?;
    report.add(BENCH, case("written"), hour.written_mb, "MB", below(1.0))?;
    report.add(BENCH, case("of it for the disk"), hour.for_disk_mb, "MB", None)?;
    report.add(
        BENCH,
        case("opened after a kill"),
        hour.opened_ms,
        "ms",
        below(50.0),
    )?;
    let six = recorded(6)?;
    let case = |what: &str| format!("six hours' run: {what}");
    report.add(BENCH, case("memory"), six.memory_mb, "MB", below(20.0))?;
    report.add(
        BENCH,
        case("written per hour"),
        six.written_mb / 6.0,
        "MB",
        below(1.0),
    )?;
    Ok(())
}

/// What a recording cost.
#[derive(Serialize, Deserialize)]
struct Cost {
    cpu_ms_per_s: f64,
    written_mb: f64,
    for_disk_mb: f64,
    opened_ms: f64,
    memory_mb: f64,
}

/// Records so many hours in a process of its own.
fn recorded(hours: u32) -> Result<Cost, Failed> {
    let child = Command::new(std::env::current_exe()?)
        .args(["recording", &hours.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    Ok(serde_json::from_slice(&child.stdout)?)
}

/// Records so many hours, and says what that cost, as JSON.
pub(crate) fn prove(hours: u32) -> Result<(), Failed> {
    let folder = data::folder_on_disk()?;
    let cost = record(folder.path(), i64::from(hours) * HOUR_MS)?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&cost)?)?;
    Ok(())
}

fn record(folder: &Path, length_ms: i64) -> Result<Cost, Failed> {
    let mut runner = Runner::new(length_ms);
    let (memory, written) = (memory_mb()?, Written::so_far()?);
    let mut phone = runner.open(folder)?;
    phone.start_activity(ActivityKind::Run)?;
    let mut cpu_s = 0.0;
    for to_ms in (MINUTE_MS..length_ms).step_by(60_000) {
        // What it takes to imagine the run isn't counted; a minute of it is no memory to speak of.
        let minute = runner.until(to_ms);
        let since = processor_s()?;
        minute.iter().try_for_each(|event| runner.hear(&phone, event))?;
        cpu_s += processor_s()? - since;
    }
    let last = runner.until(length_ms);
    let (before, after) =
        last.split_at(last.partition_point(|event| event.t_ms < length_ms - KILLED_BEFORE_MS));
    before.iter().try_for_each(|event| runner.hear(&phone, event))?;
    drop(phone);
    let since = Instant::now();
    phone = runner.open(folder)?;
    let opened_ms = since.elapsed().as_secs_f64() * 1e3;
    after.iter().try_for_each(|event| runner.hear(&phone, event))?;
    let summary = phone.finish()?.line.summary;
    phone.close();
    let truth = runner.steps();
    if summary.steps.abs_diff(truth) * 50 > truth {
        return Err(format!("{} steps were counted of {truth}", summary.steps).into());
    }
    let written = Written::so_far()?.since(written);
    Ok(Cost {
        cpu_ms_per_s: cpu_s * 1e3 / ((length_ms - MINUTE_MS) as f64 / 1e3),
        written_mb: written.by_us as f64 / 1e6,
        for_disk_mb: written.for_disk as f64 / 1e6,
        opened_ms,
        memory_mb: peak_memory_mb()? - memory,
    })
}
