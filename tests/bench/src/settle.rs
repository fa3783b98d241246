//! Bills of `classic` with everybody above them paid: through the desk, in process, durable.

use std::time::{Duration, Instant};

use haigou_server::audit;
use haigou_store::ledger::head;
use hdrhistogram::Histogram;

use crate::figure::{Goal, Report};
use crate::network::Network;
use crate::{Effort, Failed, data, naive};

const BENCH: &str = "settle";
const MEMBERS: i64 = 100_000;

pub(crate) fn run(effort: Effort, report: &mut Report) -> Result<(), Failed> {
    report.say(&format!(
        "settle: a network of {MEMBERS} members is built by the server's own commands"
    ))?;
    let folder = data::folder_on_disk()?;
    let url = format!("sqlite:{}", folder.path().join("haigou.sqlite").display());
    let since = Instant::now();
    let network = Network::build(&url, MEMBERS)?;
    report.say(&format!(
        "settle: built in {:.1} s",
        since.elapsed().as_secs_f64()
    ))?;

    let mut nth = 0;
    many(&network, effort, &mut nth, report)?;
    one(&network, effort, &mut nth, report)?;
    network.desk.stop_blocking();
    naive(&network, effort, report)?;

    let journals = network.store.read_blocking(|reader| head(reader))?.seq;
    let since = Instant::now();
    let audited = network.store.read_blocking(|reader| audit(reader))?;
    let per_million = since.elapsed().as_secs_f64() * 1e6 / audited.entries.max(1) as f64;
    report.add(
        BENCH,
        format!("audit of {journals} journals"),
        audited.findings.len() as f64,
        "findings",
        Some(Goal::AtMost(0.0)),
    )?;
    report.add(
        BENCH,
        "audit of a million entries",
        per_million,
        "s",
        Some(Goal::Below(6.0)),
    )?;
    Ok(())
}

/// Many callers: batches as they come.
fn many(network: &Network, effort: Effort, nth: &mut u64, report: &mut Report) -> Result<(), Failed> {
    let (enough, since) = (Duration::from_secs(effort.seconds.into()), Instant::now());
    let (first, spent) = (*nth, processor_seconds()?);
    let bills = std::iter::from_fn(|| {
        *nth += 1;
        (since.elapsed() < enough).then(|| Ok(network.bill(*nth)))
    });
    network.all(bills)?;
    let bills = (*nth - first) as f64;
    let per_second = bills / since.elapsed().as_secs_f64();
    let case = format!("bills of {MEMBERS} members, many callers");
    report.add(
        BENCH,
        case.clone(),
        per_second,
        "1/s",
        Some(Goal::AtLeast(10_000.0)),
    )?;
    let spent = (processor_seconds()? - spent) * 1e6 / bills;
    report.add(
        BENCH,
        format!("{case}: processor time of each, callers and all"),
        spent,
        "µs",
        None,
    )?;
    Ok(())
}

/// What this process has used of the processors so far.
fn processor_seconds() -> Result<f64, Failed> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // Behind the program's name in brackets; in hundredths of a second.
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let ticks = behind.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

/// The same entries in a transaction for each bill, a row for each entry.
fn naive(network: &Network, effort: Effort, report: &mut Report) -> Result<(), Failed> {
    naive::prepare(&network.store, MEMBERS)?;
    let (enough, since) = (Duration::from_secs(effort.seconds.into()), Instant::now());
    let mut bills = 0;
    while since.elapsed() < enough {
        bills += 1;
        naive::bill(&network.store, bills, |entry| {
            1 + (bills * 7_919 + entry * 104_729) % MEMBERS
        })?;
    }
    let per_second = bills as f64 / since.elapsed().as_secs_f64();
    report.add(
        BENCH,
        "the naive way: a row per entry, a commit each",
        per_second,
        "1/s",
        None,
    )?;
    Ok(())
}

/// One caller who waits for each: a commit per bill.
fn one(network: &Network, effort: Effort, nth: &mut u64, report: &mut Report) -> Result<(), Failed> {
    let (enough, since) = (Duration::from_secs(effort.seconds.into()), Instant::now());
    let mut waited = Histogram::<u64>::new(3)?;
    while since.elapsed() < enough {
        let asked = Instant::now();
        *nth += 1;
        network
            .desk
            .submit_blocking(network.bill(*nth))
            .map_err(|error| format!("{error:?}"))?;
        waited.record(u64::try_from(asked.elapsed().as_micros())?)?;
    }
    let bills = waited.len() as f64 / since.elapsed().as_secs_f64();
    report.add(
        BENCH,
        "bills, one caller, a commit each",
        bills,
        "1/s",
        Some(Goal::AtLeast(2_000.0)),
    )?;
    let p99 = waited.value_at_quantile(0.99) as f64 / 1e3;
    report.add(
        BENCH,
        "bills, one caller, a commit each: p99",
        p99,
        "ms",
        Some(Goal::Below(10.0)),
    )?;
    Ok(())
}
