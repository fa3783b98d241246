//! Closing a day, whatever the number of members; and settling one who was away for a year.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use haigou_contract::{Asset, Day};
use haigou_ledger::{Account, MemberNo, Reason, Rule, Slot};
use haigou_server::airdrop::{Launch, Rulebooks, close_days};
use haigou_server::rulebook_of;
use haigou_store::ledger::{Books, LedgerFailure, audit};
use haigou_store::{Command, CommandError, Desk, DeskOptions, ManualClock, Store, StoreError, Tx, params};

use crate::figure::{Goal, Report, median};
use crate::{Effort, Failed, data};

const BENCH: &str = "airdrop";
const FEW: i64 = 10;
const MANY: i64 = 1_000_000;
const MOST: i64 = 10_000_000;
/// Days that are closed.
const DAYS: u32 = 365;
/// Members who are settled afterwards.
const SETTLED: i64 = 1_000;
const LAUNCHED: &str = "2026-03-02";
const DAY_MS: i64 = 24 * 3_600_000;
/// Members per journal and per command while the ledger is filled.
const PER_JOURNAL: i64 = 50;
const PER_COMMAND: i64 = 5_000;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    let few = measure(FEW, report)?;
    let many = measure(MANY, report)?;
    let times = many / few.max(f64::MIN_POSITIVE);
    let case = format!("closing a day: {MANY} members ÷ {FEW}");
    report.add(BENCH, case, times, "times", Some(Goal::Below(2.0)))?;
    measure_rows(MOST, report)
}

/// Fills a ledger, closes a year's days one by one and settles members; the milliseconds of closing a day.
fn measure(members: i64, report: &mut Report) -> Result<f64, Failed> {
    report.say(&format!(
        "airdrop: a ledger with {members} members is filled through its own postings"
    ))?;
    let folder = data::folder_on_disk()?;
    let store = Store::open(&format!(
        "sqlite:{}",
        folder.path().join("haigou.sqlite").display()
    ))?;
    let launched: Day = LAUNCHED.parse()?;
    let clock = Arc::new(ManualClock::new(launched.start_ms()));
    let desk = Desk::start(store.clone(), Arc::clone(&clock) as _, DeskOptions::default())?;
    desk.submit_blocking(Launch {
        rulebook: rulebook_of("sport")?,
        day: Some(launched),
    })?;
    for first in (1..=members).step_by(usize::try_from(PER_COMMAND)?) {
        let last = members.min(first + PER_COMMAND - 1);
        desk.submit_blocking(Fill { first, last })?;
    }

    let closing = close_year(members, &desk, &clock, report)?;
    settle(members, &desk, report)?;
    desk.stop_blocking();
    let audited = store.read_blocking(|reader| audit(reader))?;
    let findings = audited.findings.len() as f64;
    let case = format!("audit, {members} members");
    report.add(BENCH, case, findings, "findings", Some(Goal::AtMost(0.0)))?;
    Ok(closing)
}

/// Closes a year's days one by one; the milliseconds of closing one.
fn close_year(members: i64, desk: &Desk, clock: &ManualClock, report: &mut Report) -> Result<f64, Failed> {
    let rulebooks = Rulebooks::default();
    let mut closing = Vec::new();
    for _ in 0..DAYS {
        clock.advance(DAY_MS);
        let since = Instant::now();
        let closed = desk.submit_blocking(CloseDay(rulebooks.clone()))?;
        closing.push(since.elapsed().as_secs_f64() * 1e3);
        if closed != Some(1) {
            return Err(format!("not one day was closed but {closed:?}").into());
        }
    }
    let slowest = closing.iter().copied().fold(0.0, f64::max);
    let closing = median(closing);
    let case = format!("closing a day, {members} members");
    report.add(BENCH, case, closing, "ms", Some(Goal::Below(1.0)))?;
    let case = format!("closing a day, {members} members: the slowest of {DAYS}");
    report.add(BENCH, case, slowest, "ms", None)?;
    Ok(closing)
}

/// [`close_year`] of a ledger whose members are rows without journals: made cheaply, and not to be audited.
fn measure_rows(members: i64, report: &mut Report) -> Result<(), Failed> {
    report.say(&format!("airdrop: {members} rows of members are made"))?;
    let folder = data::folder_on_disk()?;
    let url = format!("sqlite:{}", folder.path().join("haigou.sqlite").display());
    let store = Store::open(&url)?;
    let launched: Day = LAUNCHED.parse()?;
    let clock = Arc::new(ManualClock::new(launched.start_ms()));
    let desk = Desk::start(store.clone(), Arc::clone(&clock) as _, DeskOptions::default())?;
    desk.submit_blocking(Launch {
        rulebook: rulebook_of("sport")?,
        day: Some(launched),
    })?;
    let each = 10_000;
    store.write_blocking(|tx| {
        tx.execute(
            "WITH RECURSIVE n (member) AS (SELECT 1 UNION ALL SELECT member + 1 FROM n WHERE member < $1) \
             INSERT INTO holder SELECT member, 1, NULL, 0, 0, $2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
             0, 0 FROM n",
            params![members, each],
        )?;
        tx.execute(
            "INSERT INTO platform (account, units) VALUES ($1, $2)",
            params![Account::Issuance(Slot::HiValueActive).code(), -members * each],
        )
    })?;
    close_year(members, &desk, &clock, report)?;
    settle(members, &desk, report)?;
    desk.stop_blocking();
    Ok(())
}

fn settle(members: i64, desk: &Desk, report: &mut Report) -> Result<(), Failed> {
    let settled = SETTLED.min(members);
    let (mut within, mut whole) = (Vec::new(), Vec::new());
    for nth in 0..settled {
        // Spread over all of them.
        let member = member(1 + nth * (members / settled))?;
        let since = Instant::now();
        within.push(desk.submit_blocking(Settle(member))?);
        whole.push(since.elapsed().as_secs_f64() * 1e6);
    }
    let case = format!("settling one member of {members} after {DAYS} days");
    report.add(
        BENCH,
        format!("{case}: within a command"),
        median(within),
        "µs",
        Some(Goal::Below(100.0)),
    )?;
    report.add(
        BENCH,
        format!("{case}: by itself, durable"),
        median(whole),
        "µs",
        None,
    )?;
    Ok(())
}

fn member(number: i64) -> Result<MemberNo, StoreError> {
    MemberNo::new(number).ok_or_else(|| StoreError::Bug(format!("{number} is no member's number")))
}

/// Nothing here is refused by the rules; should the ledger refuse, the measurement ends.
#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by value")]
fn fault(failure: LedgerFailure) -> StoreError {
    StoreError::Bug(failure.to_string())
}

/// Makes members active and gives them Hi-Value, some more, some less.
struct Fill {
    first: i64,
    last: i64,
}

impl Command for Fill {
    type Answer = ();
    type Refusal = Infallible;
    const NAME: &'static str = "bench.fill";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Infallible>> {
        let mut books = Books::open(tx, now_ms)?;
        let mut from = self.first;
        while from <= self.last {
            let to = self.last.min(from + PER_JOURNAL - 1);
            let key = format!("fill:{from}");
            books
                .book::<LedgerFailure>("registration", key.clone(), key, |draft| {
                    for number in from..=to {
                        let member = member(number)?;
                        draft.activate(member)?;
                        let reason = Reason::new(Rule::new("register.member"));
                        draft.grant(reason, member, Asset::HiValue, 10_000 + number % 97_003)?;
                    }
                    Ok(())
                })
                .map_err(fault)?;
            from = to + 1;
        }
        Ok(())
    }
}

/// Closes the days that are over; says how many.
struct CloseDay(Rulebooks);

impl Command for CloseDay {
    type Answer = Option<u32>;
    type Refusal = Infallible;
    const NAME: &'static str = "bench.close_day";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Option<u32>, CommandError<Infallible>> {
        Ok(close_days(tx, now_ms, &self.0)?)
    }
}

/// Settles a member; says how many microseconds that took.
struct Settle(MemberNo);

impl Command for Settle {
    type Answer = f64;
    type Refusal = Infallible;
    const NAME: &'static str = "bench.settle";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<f64, CommandError<Infallible>> {
        let since = Instant::now();
        Books::open(tx, now_ms)?.settle(self.0)?;
        Ok(since.elapsed().as_secs_f64() * 1e6)
    }
}
