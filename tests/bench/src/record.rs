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
/// The app is killed so long before the end: shortly before what came in the last twenty minutes goes into the store.
const KILLED_BEFORE_MS: i64 = 5_000;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    report.say("record: somebody runs for an hour, and somebody for six")?;
    let below = |bound| Some(Goal::Below(bound));
    let hour = recorded(1)?;
    let case = |what: &str| format!("an hour's run: {what}");
    report.add(
        BENCH,
        case("a second's samples"),
        hour.cpu_ms_per_s,
        "ms of CPU",
        below(2.0),
    )?;
    report.add(BENCH, case("written"), hour.written_mb, "MB", below(1.0))?;
    report.add(BENCH, case("of it for the disk"), hour.for_disk_mb, "MB", None)?;
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
    report.add(
        BENCH,
        case("opened after a kill"),
        six.opened_ms,
        "ms",
        below(50.0),
    )?;
    Ok(())
}

/// What a recording cost.
#[derive(Serialize, Deserialize)]
struct Cost {
    cpu_ms_per_s: f64,
    written_mb: f64,
    for_disk_mb: f64,
    memory_mb: f64,
    opened_ms: f64,
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
    let (app, killed) = (folder.join("app"), folder.join("killed"));
    let mut runner = Runner::new(length_ms);
    // The app was there before: it isn't its first start that is measured.
    runner.open(&app)?.close();
    let (memory, mut before) = (memory_mb()?, Written::so_far()?);
    let phone = runner.open(&app)?;
    phone.start_activity(ActivityKind::Run)?;
    let mut cpu_s = 0.0;
    for to_ms in (MINUTE_MS..length_ms).step_by(60_000) {
        // What it takes to imagine the run isn't counted; a minute of it is no memory to speak of.
        let minute = runner.until(to_ms);
        let since = processor_s()?;
        minute.iter().try_for_each(|event| runner.hear(&phone, event))?;
        cpu_s += processor_s()? - since;
    }
    let most = runner.until(length_ms - KILLED_BEFORE_MS);
    most.iter().try_for_each(|event| runner.hear(&phone, event))?;
    // As a kill would leave it; that copy isn't the app's.
    let since = Written::so_far()?;
    copy(&app, &killed)?;
    before = before.and(Written::so_far()?.since(since));
    let rest = runner.until(length_ms);
    rest.iter().try_for_each(|event| runner.hear(&phone, event))?;
    let summary = phone.finish()?.line.summary;
    phone.close();
    let written = Written::so_far()?.since(before);
    let memory_mb = peak_memory_mb()? - memory;
    let truth = runner.steps();
    if summary.steps.abs_diff(truth) * 50 > truth {
        return Err(format!("{} steps were counted of {truth}", summary.steps).into());
    }
    let since = Instant::now();
    let phone = runner.open(&killed)?;
    let opened_ms = since.elapsed().as_secs_f64() * 1e3;
    let there = phone
        .live()
        .borrow()
        .activity
        .as_ref()
        .map_or(0, |live| live.steps);
    if there.abs_diff(summary.steps) > 30 {
        return Err(format!("{there} steps of {} were there after a kill", summary.steps).into());
    }
    Ok(Cost {
        cpu_ms_per_s: cpu_s * 1e3 / ((length_ms - MINUTE_MS) as f64 / 1e3),
        written_mb: written.by_us as f64 / 1e6,
        for_disk_mb: written.for_disk as f64 / 1e6,
        memory_mb,
        opened_ms,
    })
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
