//! Purchases over HTTP, durable: bills of `classic` that wait for their members' word, each with a full line above both
//! sides. The naive way beside it saves one change at a time.

use std::ops::Range;
use std::time::Instant;

use haigou_ledger::MemberNo;
use haigou_store::ledger::audit;
use haigou_store::{Query as _, Store, StoreError};

use super::load::{Pace, drive};
use super::people::People;
use super::process::Server;
use super::{BENCH, CONNECTIONS, Full, whole};
use crate::data::Database;
use crate::figure::{Goal, Report, median};
use crate::network::Network;
use crate::repeat::REPETITIONS;
use crate::{Effort, Engine, Failed};

/// Members of the network.
const MEMBERS: i64 = 100_000;
/// Those of them who buy: each was referred by somebody under a junior partner.
const BUYERS: Range<u32> = 50_000..52_000;
/// So many purchases of the naive way are measured for a second of effort.
const NAIVE_PER_S: u32 = 400;
/// How every answer begins: with the bill's name.
const ANSWER: &str = "{\"bill\":\"b_";

/// Purchases a second that are promised, and at most so many milliseconds for 99 of 100 at half that load.
const fn goals(engine: Engine) -> (u32, Option<Goal>) {
    match engine {
        Engine::Sqlite => (4_000, Some(Goal::Below(20.0))),
        Engine::Postgres => (2_000, None),
    }
}

pub(super) async fn measure(effort: Effort, report: &mut Report) -> Result<(), Failed> {
    let (goal_per_s, latency) = goals(effort.engine);
    let database = Database::new(effort.engine)?;
    let count = effort.seconds * (REPETITIONS * (goal_per_s + goal_per_s / 2) + NAIVE_PER_S);
    report.say(&format!(
        "http: a network of {MEMBERS} members, and {count} bills"
    ))?;
    let since = Instant::now();
    let url = database.url.clone();
    let bills = tokio::task::spawn_blocking(move || prepare(&url, BUYERS, count)).await??;
    report.say(&format!("http: built in {:.1} s", since.elapsed().as_secs_f64()))?;

    let server = Server::start(&database.url, None).await?;
    let people = People::sign_in(&server, BUYERS, CONNECTIONS).await?;
    let mut requests = Requests {
        people,
        bills: bills.into_iter(),
    };
    let mut sent = 0;
    let mut full = Full::default();
    for _ in 0..REPETITIONS {
        let some = requests.take(effort.seconds * goal_per_s)?;
        sent += full.drive(&server, some, ANSWER).await?;
    }
    let per_s = median(full.per_s.clone());
    let goal = Some(Goal::AtLeast(goal_per_s.into()));
    report.add(BENCH, "purchases at full load", per_s, "1/s", goal)?;
    full.report("purchase", report)?;

    let pace = f64::from(goal_per_s) / 2.0;
    let mut paced = Vec::new();
    for _ in 0..REPETITIONS {
        let some = requests.take(whole(pace * f64::from(effort.seconds)))?;
        let at_pace = Pace::PerSecond(pace);
        let load = drive(server.address, CONNECTIONS, some, at_pace, ANSWER).await?;
        sent += load.answered;
        paced.push(load);
    }
    for (percent, goal) in [(50.0, None), (99.0, latency), (99.9, None)] {
        let ms = median(paced.iter().map(|load| load.ms_at(percent)).collect());
        let case = format!("latency at {pace:.0} purchases/s: p{percent}");
        report.add(BENCH, case, ms, "ms", goal)?;
    }
    server.stop().await?;

    let server = Server::start(&database.url, Some(1)).await?;
    let mut naive = Full::default();
    let some = requests.take(effort.seconds * NAIVE_PER_S)?;
    sent += naive.drive(&server, some, ANSWER).await?;
    let case = "purchases at full load, each saved by itself";
    report.add(BENCH, case, median(naive.per_s), "1/s", None)?;
    server.stop().await?;
    prove(&database.url, sent, report)
}

/// Builds the network, and enters so many bills of its buyers in turn. Answers each bill's name and whose it is.
fn prepare(url: &str, buyers: Range<u32>, count: u32) -> Result<Vec<(String, u32)>, Failed> {
    let network = Network::build(url, MEMBERS)?;
    let buyers = buyers.filter_map(|number| MemberNo::new(number.into()));
    let buyers: Vec<_> = buyers.filter(|buyer| !network.has_store(*buyer)).collect();
    let bills = (0..count).zip(buyers.iter().cycle());
    network.all(bills.map(|(nth, buyer)| Ok(network.waiting_bill(nth.into(), *buyer))))?;
    network.desk.stop_blocking();
    let bills = network.store.read_blocking(|reader| {
        reader.query("SELECT name, buyer FROM bill ORDER BY name", &[], |row| {
            let buyer = u32::try_from(row.int(1)?).map_err(|error| StoreError::Bug(error.to_string()))?;
            Ok::<_, StoreError>((row.text(0)?, buyer))
        })
    })?;
    Ok(bills)
}

/// Makes requests, each of which confirms a bill of its own.
struct Requests {
    people: People,
    bills: std::vec::IntoIter<(String, u32)>,
}

impl Requests {
    /// The next requests, whole and signed.
    fn take(&mut self, count: u32) -> Result<Vec<Vec<u8>>, Failed> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> Result<Vec<u8>, Failed> {
        let (bill, buyer) = self.bills.next().ok_or("all bills are confirmed")?;
        let buyer = self.people.members.get(&buyer).ok_or("a buyer isn't signed in")?;
        let path = format!("/api/v1/bills/{bill}/confirm");
        Ok(buyer.signed(self.people.address, &path, "{}"))
    }
}

/// Looks into the books: each bill was booked once, and everything follows from the journal.
fn prove(database: &str, sent: u64, report: &mut Report) -> Result<(), Failed> {
    let store = Store::open_read_only(database)?;
    let (confirmed, booked, audited) = store.read_blocking(|reader| {
        let mut one = |sql| Ok::<_, StoreError>(reader.query_one(sql, &[], |row| row.int(0))?.unwrap_or(0));
        let confirmed = one("SELECT COUNT(*) FROM bill WHERE booked_in IS NOT NULL")?;
        let booked = one("SELECT COUNT(*) FROM journal WHERE kind = 'bill'")?;
        Ok::<_, StoreError>((confirmed, booked, audit(reader)?))
    })?;
    let sent = i64::try_from(sent)?;
    let wrong = (sent - confirmed).abs() + (sent - booked).abs();
    let case = format!("{sent} purchases: not confirmed and booked once");
    report.add(BENCH, case, wrong as f64, "purchases", Some(Goal::AtMost(0.0)))?;
    let findings = audited.findings.len() as f64;
    report.add(BENCH, "audit", findings, "findings", Some(Goal::AtMost(0.0)))?;
    Ok(())
}
