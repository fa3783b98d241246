//! A million members: what memory the desk needs that settles their bills, and what proving ten million entries takes.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use haigou_server::audit;
use haigou_store::Store;
use serde::{Deserialize, Serialize};

use crate::figure::{Goal, Report};
use crate::network::Network;
use crate::process::peak_memory_mb;
use crate::{Effort, Failed, data};

const BENCH: &str = "scale";
const MEMBERS: i64 = 1_000_000;
/// A registration has 4 entries, a bill 34: more than ten million in all.
const BILLS: u64 = 220_000;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    report.say(&format!(
        "scale: {MEMBERS} members register, and {BILLS} of their bills are settled"
    ))?;
    let folder = data::folder_on_disk()?;
    let database = data::sqlite(&folder);
    let network = Network::build(&database, MEMBERS)?;
    network.all((1..=BILLS).map(|nth| Ok(network.bill(nth))))?;
    network.desk.stop_blocking();
    drop(network);
    report.add(
        BENCH,
        format!("{MEMBERS} members and {BILLS} bills: peak memory of the process, callers and all"),
        peak_memory_mb()?,
        "MB",
        Some(Goal::Below(300.0)),
    )?;

    report.say("scale: a process of its own audits them")?;
    let child = Command::new(std::env::current_exe()?)
        .args(["audit", &database])
        .stderr(Stdio::inherit())
        .output()?;
    let Audited {
        entries,
        findings,
        seconds,
        peak_mb,
    } = serde_json::from_slice(&child.stdout)?;
    let case = format!("audit of {entries} entries");
    report.add(BENCH, case.clone(), findings, "findings", Some(Goal::AtMost(0.0)))?;
    let of_ten_million = seconds * 1e7 / entries.max(1) as f64;
    report.add(
        BENCH,
        format!("{case}, as of ten million"),
        of_ten_million,
        "s",
        Some(Goal::Below(60.0)),
    )?;
    report.add(
        BENCH,
        format!("{case}: peak memory"),
        peak_mb,
        "MB",
        Some(Goal::Below(200.0)),
    )?;
    Ok(())
}

/// What an audit came to, in a process of its own.
#[derive(Serialize, Deserialize)]
struct Audited {
    entries: u64,
    findings: f64,
    seconds: f64,
    peak_mb: f64,
}

/// Audits a database and says what it came to, as JSON.
pub(crate) fn prove(database: &str) -> Result<(), Failed> {
    let store = Store::open_read_only(database)?;
    let since = Instant::now();
    let report = store.read_blocking(|reader| audit(reader))?;
    let audited = Audited {
        entries: u64::try_from(report.entries)?,
        findings: report.findings.len() as f64,
        seconds: since.elapsed().as_secs_f64(),
        peak_mb: peak_memory_mb()?,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&audited)?)?;
    Ok(())
}
