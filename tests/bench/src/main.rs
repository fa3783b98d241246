//! `haigou-bench`: measures what the product promises, and says whether it holds.

mod airdrop;
mod coldstart;
mod data;
mod figure;
mod http;
mod naive;
mod network;
mod process;
mod record;
mod repeat;
mod replay;
mod runner;
mod scale;
mod served;
mod settle;
mod steps;
mod sync;
mod track;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use figure::{Form, Report};

/// Anything that ends a benchmark: a sentence.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Measures what the product promises, and says whether it holds.
#[derive(Parser)]
#[command(
    name = "haigou-bench",
    after_help = "Example: haigou-bench http --seconds 10 --json\n\nExit code 0: measured, and every goal holds; 1: one doesn't; 2: it couldn't be measured."
)]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
    /// The database that is measured
    #[arg(long, global = true, value_enum, default_value = "sqlite")]
    engine: Engine,
    /// About how long each measurement takes
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=300))]
    seconds: u32,
    /// Print a JSON object per figure
    #[arg(long, global = true)]
    json: bool,
}

/// A database that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Clone, PartialEq, Eq, Subcommand)]
enum Bench {
    /// Counting steps: nanoseconds and allocations per sample at 100 Hz
    Steps,
    /// Measuring a track: nanoseconds per position
    Track,
    /// Thirty days without a network reach the server
    Sync,
    /// Signed activity uploads and purchases over HTTP, durable
    Http,
    /// Bills with everybody above them paid, durable
    Settle,
    /// Closing a day with ten members and with a million
    Airdrop,
    /// Replaying 100,000 events, audited
    Replay,
    /// A million members' memory, and an audit of ten million entries
    Scale,
    /// Opening the app on a year of minutes
    Coldstart,
    /// Recording a run: processor, bytes written, memory
    Record,
    /// All of them
    All,
    /// The server that `http` measures, in a process of its own
    #[command(hide = true)]
    Serve {
        /// The database's address
        database: String,
        /// How many changes are saved together at most
        #[arg(long)]
        batch: Option<usize>,
    },
    /// The run that `record` measures, in a process of its own
    #[command(hide = true)]
    Recording {
        /// For so many hours
        hours: u32,
    },
    /// The audit that `scale` measures, in a process of its own
    #[command(hide = true)]
    Audit {
        /// The database's address
        database: String,
    },
}

/// A benchmark.
type Measure = fn(Effort, &mut Report) -> Result<(), Failed>;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// About how long one measurement takes.
    seconds: u32,
    /// On what.
    engine: Engine,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _nobody_listens = writeln!(std::io::stderr(), "haigou-bench: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, Failed> {
    if let Bench::Serve { database, batch } = &arguments.bench {
        http::serve(database, *batch)?;
        return Ok(true);
    }
    if let Bench::Audit { database } = &arguments.bench {
        scale::prove(database)?;
        return Ok(true);
    }
    if let Bench::Recording { hours } = &arguments.bench {
        record::prove(*hours)?;
        return Ok(true);
    }
    if arguments.engine == Engine::Postgres && arguments.bench != Bench::Http {
        return Err("only `http` is measured on PostgreSQL; leave --engine out for the others".into());
    }
    let effort = Effort {
        seconds: arguments.seconds,
        engine: arguments.engine,
    };
    let mut report = Report::new(if arguments.json { Form::Json } else { Form::Table });
    let benches: [(Bench, Measure); 10] = [
        (Bench::Steps, steps::run),
        (Bench::Track, track::run),
        (Bench::Sync, sync::run),
        (Bench::Http, http::run),
        (Bench::Settle, settle::run),
        (Bench::Airdrop, airdrop::run),
        (Bench::Replay, replay::run),
        (Bench::Scale, scale::run),
        (Bench::Coldstart, coldstart::run),
        (Bench::Record, record::run),
    ];
    for (bench, measure) in benches {
        if arguments.bench == bench || arguments.bench == Bench::All {
            measure(effort, &mut report)?;
        }
    }
    Ok(report.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(line: &[&str]) -> Result<bool, Failed> {
        run(&Arguments::try_parse_from(line)?)
    }

    #[test]
    fn what_is_not_there_is_not_measured() {
        let refused = outcome(&["haigou-bench", "steps", "--engine", "postgres"]).unwrap_err();
        assert!(refused.to_string().contains("PostgreSQL"), "{refused}");
        assert!(outcome(&["haigou-bench", "nothing"]).is_err());
        assert!(outcome(&["haigou-bench", "steps", "--seconds", "0"]).is_err());
    }
}
