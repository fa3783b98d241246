//! `haigou rules`: rulebooks looked at, compared, questioned and tried out before they start.

mod acceptance;
mod diff;
mod dry_run;
mod forecast;
mod growth;
mod lint;
mod observed;

use std::path::PathBuf;

use clap::Subcommand;
use haigou_contract::Day;
use haigou_server::{Settings, SettingsError};

use super::output::{self, Form};
use super::{Failed, Verdict};

#[derive(Subcommand)]
pub(super) enum Rules {
    /// Print a rulebook, checked, with every key
    #[command(after_help = "Example: haigou rules show classic")]
    Show {
        /// A preset's name (classic, sport) or a rulebook file
        rulebook: String,
    },
    /// Print the rulebook's JSON Schema
    #[command(after_help = "Example: haigou rules schema > rulebook.schema.json")]
    Schema,
    /// What the second rulebook changes; exit 0 also when they differ
    #[command(after_help = "Example: haigou rules diff classic my-rules.json --lang en")]
    Diff {
        /// A preset's name or a rulebook file
        before: String,
        /// Another
        after: String,
        #[command(flatten)]
        form: Form,
    },
    /// What a regulator in mainland China would question, and what to change; exit 1 if there is something
    #[command(after_help = "Example: haigou rules lint my-rules.json --lang en")]
    Lint {
        /// A preset's name or a rulebook file
        rulebook: String,
        /// The assumptions about growth (.toml or .json), for the finding that needs the forecast
        #[arg(long, value_name = "FILE")]
        growth: Option<PathBuf>,
        #[command(flatten)]
        form: Form,
    },
    /// An administrator accepts a finding in writing; two different ones are needed for each
    #[command(
        after_help = "Example: haigou rules accept my-rules.json --finding pay_share --administrator ann --words 'Our lawyer has looked at it: ...'"
    )]
    Accept(acceptance::Accept),
    /// What is left to accept before a rulebook starts; exit 1 if there is something
    #[command(after_help = "Example: haigou rules accepted my-rules.json --json")]
    Accepted {
        /// A preset's name or a rulebook file
        rulebook: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Put a rulebook in force from now on; exit 1 while a finding isn't accepted
    #[command(after_help = "Example: haigou rules start my-rules.json")]
    Start {
        /// A preset's name or a rulebook file
        rulebook: String,
    },
    /// What the database's past days would have brought under another rulebook, per person and rule; changes nothing
    #[command(
        after_help = "Example: HAIGOU_DB=sqlite:haigou.db haigou rules dry-run my-rules.json --from 2026-01-01"
    )]
    DryRun {
        /// A preset's name or a rulebook file
        rulebook: String,
        /// The first day under it [default: the day of launch]
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// One JSON object a line, the last one with the sums
        #[arg(long)]
        json: bool,
    },
    /// What a rulebook may come to in a year: a seeded Monte Carlo over assumptions about growth
    #[command(after_help = forecast::EXAMPLES)]
    Forecast(forecast::Forecast),
}

/// `settings` are read by those that look into a database alone.
pub(super) fn run(
    command: &Rules,
    settings: impl FnOnce() -> Result<Settings, SettingsError>,
) -> Result<Verdict, Failed> {
    match command {
        Rules::Show { rulebook } => {
            let rulebook = haigou_server::rulebook_of(rulebook)?;
            output::print(&serde_json::to_string_pretty(&rulebook)?);
            Ok(Verdict::Yes)
        }
        Rules::Schema => {
            output::print(&serde_json::to_string_pretty(&haigou_rules::json_schema())?);
            Ok(Verdict::Yes)
        }
        Rules::Diff { before, after, form } => diff::run(before, after, form),
        Rules::Lint {
            rulebook,
            growth,
            form,
        } => lint::run(rulebook, growth.as_deref(), form),
        Rules::Accept(accept) => acceptance::accept(&settings()?, accept),
        Rules::Accepted { rulebook, json } => acceptance::accepted(&settings()?, rulebook, *json),
        Rules::Start { rulebook } => acceptance::start(&settings()?, rulebook),
        Rules::DryRun { rulebook, from, json } => dry_run::run(&settings()?, rulebook, *from, *json),
        Rules::Forecast(wish) => forecast::run(wish),
    }
}
