//! Signed requests over HTTP, durable: how many a second, and how long one takes at half that load. Uploads of activities
//! here, purchases in a file of their own.
//!
//! The server runs in a process of its own, exactly as `haigou serve` starts it but for the SMS, which come over a
//! pipe. This process holds the phones: their requests are made and signed before the time is taken, and sent as they
//! are, so that as little as possible of the machine goes to the clients.

mod connection;
mod cpu;
mod load;
mod people;
mod process;
mod purchases;
mod uploads;

use haigou_server::audit;
use haigou_store::{Query as _, Store, StoreError};

pub(crate) use process::serve;

use crate::figure::{Goal, Report, median};
use crate::repeat::REPETITIONS;
use crate::{Effort, Engine, Failed, data};
use cpu::Cpu;
use load::{Pace, drive};
use people::People;
use process::Server;
use uploads::{MINUTES, Uploads};

const BENCH: &str = "http";
/// Uploads a second that are promised.
const GOAL_PER_S: u32 = 3_000;
/// Keep-alive connections.
const CONNECTIONS: usize = 64;
/// For so many uploads a second all members together have days to report, over all repetitions.
const MEMBERS_PER_S: u32 = 300;

pub(crate) fn run(effort: Effort, report: &mut Report) -> Result<(), Failed> {
    // One thread is enough for the clients, and leaves the server what there is.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if effort.engine == Engine::Sqlite {
            measure(effort, report).await?;
        }
        purchases::measure(effort, report).await
    })
}

async fn measure(effort: Effort, report: &mut Report) -> Result<(), Failed> {
    let folder = data::folder_on_disk()?;
    let database = data::sqlite(&folder);
    let server = Server::start(&database, None).await?;
    let members = effort.seconds.max(5) * MEMBERS_PER_S;
    report.say(&format!("http: {members} members register"))?;
    let people = People::sign_in(&server, 0..members, CONNECTIONS).await?;
    let mut uploads = Uploads::new(people);
    let mut sent = 0;
    // Everybody's first upload: sessions and pages are in memory after it.
    let first = uploads.take(members)?;
    let counted_whole = format!("{{\"counted_minutes\":{MINUTES},");
    sent += drive(
        server.address,
        CONNECTIONS,
        first,
        Pace::AsFastAsPossible,
        &counted_whole,
    )
    .await?
    .answered;

    let at_full = effort.seconds * GOAL_PER_S;
    let mut full = Full::default();
    for _ in 0..REPETITIONS {
        let requests = uploads.take(at_full)?;
        sent += full.drive(&server, requests, &counted_whole).await?;
    }
    let per_s = median(full.per_s.clone());
    report.add(
        BENCH,
        "uploads at full load",
        per_s,
        "1/s",
        Some(Goal::AtLeast(GOAL_PER_S.into())),
    )?;
    full.report("upload", report)?;

    // What is promised, and beyond it what this machine can take.
    let promised = (f64::from(GOAL_PER_S) / 2.0, Some(Goal::Below(20.0)));
    for (pace, goal) in [promised, (per_s / 2.0, None)] {
        let mut paced = Vec::new();
        for _ in 0..REPETITIONS {
            let requests = uploads.take(whole(pace * f64::from(effort.seconds)))?;
            let load = drive(
                server.address,
                CONNECTIONS,
                requests,
                Pace::PerSecond(pace),
                &counted_whole,
            )
            .await?;
            sent += load.answered;
            paced.push(load);
        }
        for (percent, goal) in [(50.0, None), (99.0, goal), (99.9, None)] {
            let ms = median(paced.iter().map(|load| load.ms_at(percent)).collect());
            report.add(
                BENCH,
                format!("latency at {pace:.0} uploads/s: p{percent}"),
                ms,
                "ms",
                goal,
            )?;
        }
    }
    server.stop().await?;
    prove(&database, sent, report)
}

/// A positive figure as a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
fn whole(figure: f64) -> u32 {
    figure as u32
}

/// What repetitions at full load come to, one figure each.
#[derive(Default)]
struct Full {
    per_s: Vec<f64>,
    server_us: Vec<f64>,
    desk_us: Vec<f64>,
    client_us: Vec<f64>,
}

impl Full {
    /// Sends requests as fast as they are answered; says how many were.
    async fn drive(
        &mut self,
        server: &Server,
        requests: Vec<Vec<u8>>,
        expected: &str,
    ) -> Result<u64, Failed> {
        let (server_before, client_before) = (Cpu::of(server.id), Cpu::of(std::process::id()));
        let pace = Pace::AsFastAsPossible;
        let load = drive(server.address, CONNECTIONS, requests, pace, expected).await?;
        let (server, client) = (
            server_before.since(server.id),
            client_before.since(std::process::id()),
        );
        let answered = load.answered as f64;
        self.per_s.push(answered / load.seconds);
        self.server_us.push(server.process_s * 1e6 / answered);
        self.desk_us.push(server.desk_s * 1e6 / answered);
        self.client_us.push(client.process_s * 1e6 / answered);
        Ok(load.answered)
    }

    /// Where the time goes: it is told from other work on the machine by what each process has used.
    fn report(self, of: &str, report: &mut Report) -> Result<(), Failed> {
        for (part, us) in [
            ("server", self.server_us),
            ("of that the desk's thread", self.desk_us),
            ("clients", self.client_us),
        ] {
            let case = format!("processor time of a single {of}: {part}");
            report.add(BENCH, case, median(us), "µs", None)?;
        }
        Ok(())
    }
}

/// Looks into the books: each upload was counted whole and booked once, and everything follows from the journal.
fn prove(database: &str, sent: u64, report: &mut Report) -> Result<(), Failed> {
    let store = Store::open_read_only(database)?;
    let (steps, activities, booked, audited) = store.read_blocking(|reader| {
        let mut one = |sql| Ok::<_, StoreError>(reader.query_one(sql, &[], |row| row.int(0))?.unwrap_or(0));
        let steps = one("SELECT COALESCE(SUM(walk), 0) FROM sport_day")?;
        let activities = one("SELECT COUNT(*) FROM sport_activity")?;
        let booked = one("SELECT COUNT(*) FROM journal WHERE kind = 'steps'")?;
        Ok::<_, StoreError>((steps, activities, booked, audit(reader)?))
    })?;
    let sent = i64::try_from(sent)?;
    let uncounted = (sent * uploads::STEPS - steps).abs() + (sent - activities).abs() + (sent - booked).abs();
    let case = format!("{sent} uploads of {MINUTES} minutes: not counted and booked once");
    report.add(BENCH, case, uncounted as f64, "uploads", Some(Goal::AtMost(0.0)))?;
    let findings = audited.findings.len() as f64;
    report.add(BENCH, "audit", findings, "findings", Some(Goal::AtMost(0.0)))?;
    Ok(())
}
