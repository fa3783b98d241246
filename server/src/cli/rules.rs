//! `haigou rules`.

use clap::Subcommand;

use super::{Failed, Verdict, output};

#[derive(Subcommand)]
pub(super) enum Rules {
    /// Print a rulebook, checked, with every key
    #[command(after_help = "Example: haigou rules show classic")]
    Show {
        /// A preset's name (classic, sport) or a rulebook file
        rulebook: String,
    },
}

pub(super) fn run(command: &Rules) -> Result<Verdict, Failed> {
    match command {
        Rules::Show { rulebook } => {
            let rulebook = haigou_server::rulebook_of(rulebook)?;
            output::print(&serde_json::to_string_pretty(&rulebook)?);
        }
    }
    Ok(Verdict::Yes)
}
