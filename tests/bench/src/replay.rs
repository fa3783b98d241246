//! Replaying a long scenario: reading it, every event through its command, the state, and the audit of it all.

use std::fmt::Write as _;
use std::time::Instant;

use haigou_server::replay::{Audit, Scenario};

use crate::figure::{Goal, Report};
use crate::{Effort, Failed};

const BENCH: &str = "replay";
const EVENTS: u64 = 100_000;
/// One event in so many registers somebody.
const REGISTERS: u64 = 10;
const MERCHANTS: u64 = 20;
/// Days that the events are spread over.
const DAYS: u64 = 100;
const LAUNCHED_S: u64 = 1_767_196_800;

pub(crate) fn run(_: Effort, report: &mut Report) -> Result<(), Failed> {
    let tree = sport(|member| member / 5)?;
    measure("a tree of 10000 members", &tree, Some(Goal::Below(10.0)), report)?;
    // Nobody grows so: each registration is counted by everybody above.
    let line = sport(|member| member.saturating_sub(1))?;
    measure("one line of 10000 members", &line, None, report)
}

fn measure(name: &str, text: &str, goal: Option<Goal>, report: &mut Report) -> Result<(), Failed> {
    let since = Instant::now();
    let scenario = Scenario::parse(text)?;
    let read = since.elapsed().as_secs_f64();
    let state = scenario.replay()?;
    let whole = since.elapsed().as_secs_f64();
    if state.audit != Audit::Fine("ok") {
        return Err(format!("{name}: {:?}", state.audit).into());
    }
    let case = |what: &str| format!("{EVENTS} events, sport, {name}: {what}");
    report.add(BENCH, case("reading"), read, "s", None)?;
    report.add(
        BENCH,
        case("refused"),
        state.rejected.len() as f64,
        "events",
        None,
    )?;
    report.add(BENCH, case("in all"), whole, "s", goal)?;
    Ok(())
}

/// Registrations, purchases, bills, steps and transfers, a hundred days long. `above` says who referred a member.
fn sport(above: impl Fn(u64) -> u64) -> Result<String, Failed> {
    let mut text = String::from("{\"rulebook\": \"sport\", \"events\": [");
    let mut members = 0;
    for event in 0..EVENTS {
        let at = i64::try_from(LAUNCHED_S + event * DAYS * 86_400 / EVENTS)?;
        let at = haigou_contract::moment(at * 1_000).to_rfc3339();
        let comma = if event == 0 { "" } else { "," };
        write!(text, "{comma}\n{{\"at\": \"{at}\", ")?;
        // Spread over all who are there, the same each time.
        let someone = 1 + event.wrapping_mul(2_654_435_761) % u64::max(members, 1);
        let opens_store = (MERCHANTS..2 * MERCHANTS).contains(&event);
        if members < MERCHANTS || (event % REGISTERS == 0 && !opens_store) {
            members += 1;
            write!(text, "\"do\": \"register\", \"member\": \"m{members}\"")?;
            if members > 1 {
                write!(text, ", \"sponsor\": \"m{}\"", above(members).max(1))?;
            }
        } else if opens_store {
            let merchant = event % MERCHANTS;
            write!(
                text,
                "\"do\": \"merchant\", \"merchant\": \"s{merchant}\", \"owner\": \"m{}\", \"region\": \"441900\", \
                 \"rebate\": \"0.10\", \"approve\": true",
                merchant + 1
            )?;
        } else {
            write!(text, "\"member\": \"m{someone}\", ")?;
            match event % 4 {
                0 => write!(
                    text,
                    "\"do\": \"buy\", \"product\": \"rice-50\", \"receive\": true"
                )?,
                1 => write!(text, "\"do\": \"steps\", \"kind\": \"walk\", \"steps\": 4000")?,
                2 => write!(
                    text,
                    "\"do\": \"transfer\", \"to\": \"m{}\", \"amount\": \"0.00000100\"",
                    members
                )?,
                _ if someone > MERCHANTS => write!(
                    text,
                    "\"do\": \"bill\", \"merchant\": \"s{}\", \"amount\": \"88.00\"",
                    event % MERCHANTS
                )?,
                _ => write!(
                    text,
                    "\"do\": \"buy\", \"product\": \"shoes-300\", \"receive\": true"
                )?,
            }
        }
        text.push('}');
    }
    text.push_str("]}");
    Ok(text)
}
