//! The commands. Exit 0: done; 1: the answer is no; 2: wrong use or bad input, with a sentence on standard error.

mod audit;
mod backup;
mod demo;
mod migrate;
mod openapi;
mod output;
mod replay;
mod rules;
mod serve;
mod statement;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use haigou_server::Settings;

/// The server of Haigou, and the operator's tool.
#[derive(Parser)]
#[command(
    name = "haigou",
    version,
    after_help = "Example: HAIGOU_DB=sqlite:haigou.db HAIGOU_LISTEN=127.0.0.1:8787 haigou serve"
)]
struct Arguments {
    /// The file with the settings [default: haigou.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API until Ctrl-C or SIGTERM
    #[command(after_help = "Example: haigou serve --config haigou.toml")]
    Serve,
    /// Make the database, or bring it up to date; or move it from one engine to the other
    #[command(
        after_help = "Example: HAIGOU_DB=sqlite:haigou.db haigou migrate\n         haigou migrate --from sqlite:haigou.db --to postgres://haigou@db/haigou"
    )]
    Migrate {
        /// Copy everything from this database, which no server may be writing to, and leave it as it is
        #[arg(long, requires = "to", value_name = "DATABASE")]
        from: Option<String>,
        /// Copy it into this one, which must be empty, and prove the books on both sides
        #[arg(long, requires = "from", value_name = "DATABASE")]
        to: Option<String>,
    },
    /// Prove every balance from the journal; exit 1 names what differs
    #[command(after_help = "Example: haigou audit --json")]
    Audit {
        /// One JSON object on standard output
        #[arg(long)]
        json: bool,
    },
    /// Print every line behind a member's balances, with the event and the rule, and the balances last; exit 1 if they
    /// don't add up
    #[command(after_help = "Example: haigou statement +8613800138000 --lang en")]
    Statement {
        /// The member: an id, a number, a phone number or an invite code
        member: String,
        #[command(flatten)]
        form: output::Form,
    },
    /// Copy the database to a new file, also while the server runs
    #[command(after_help = "Example: haigou backup /backups/haigou-2026-01-31.db")]
    Backup {
        /// The file to make
        path: PathBuf,
    },
    /// Put a backup where the settings say the database is
    #[command(
        after_help = "Example: HAIGOU_DB=sqlite:haigou.db haigou restore /backups/haigou-2026-01-31.db"
    )]
    Restore {
        /// The backup
        path: PathBuf,
    },
    /// Replay scenarios: what happens, and how everybody stands at the end; exit 1 names what isn't as expected
    #[command(after_help = "Example: haigou replay --state what-if.json")]
    Replay {
        /// Print how everything stands at the end, and look at no expectation
        #[arg(long)]
        state: bool,
        /// One JSON object a scenario on standard output
        #[arg(long)]
        json: bool,
        /// The scenarios
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Look at rulebooks
    Rules {
        #[command(subcommand)]
        command: rules::Rules,
    },
    /// Print the API's description, as served at /openapi.json
    #[command(after_help = "Example: haigou openapi > openapi.json")]
    Openapi,
    /// Simulated people live through a week: runs the program haigou-demo
    #[command(disable_help_flag = true)]
    Demo {
        /// What to hand over to it, for example --once
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
        arguments: Vec<std::ffi::OsString>,
    },
}

/// What a command came to, when nothing was wrong with how it was asked.
enum Verdict {
    Yes,
    No,
}

/// Something was wrong with how a command was asked, or it couldn't be done: a sentence that says what and where.
type Failed = Box<dyn std::error::Error>;

pub(crate) fn run() -> ExitCode {
    match execute(Arguments::parse()) {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        Err(error) => {
            output::say(&format!("haigou: {error}"));
            ExitCode::from(2)
        }
    }
}

fn execute(arguments: Arguments) -> Result<Verdict, Failed> {
    let settings = || Settings::read(arguments.config.as_deref());
    match arguments.command {
        Command::Serve => serve::run(settings()?),
        Command::Migrate {
            from: Some(from),
            to: Some(to),
        } => migrate::to_another(&from, &to),
        Command::Migrate { .. } => migrate::run(&settings()?),
        Command::Audit { json } => audit::run(&settings()?, json),
        Command::Statement { member, form } => statement::run(&settings()?, &member, &form),
        Command::Backup { path } => backup::make(&settings()?, &path),
        Command::Restore { path } => backup::put_back(&settings()?, &path),
        Command::Replay { state, json, files } => replay::run(&files, state, json),
        Command::Rules { command } => rules::run(&command, settings),
        Command::Openapi => openapi::run(),
        Command::Demo { arguments } => demo::run(&arguments),
    }
}
