//! `haigou rules accept`, `accepted` and `start`: the way of a rulebook with findings into a database.

use std::sync::Arc;

use clap::Args;
use haigou_contract::Language;
use haigou_rules::lint::Unaccepted;
use haigou_server::Settings;
use haigou_server::airdrop::{DayCloser, Rulebooks};
use haigou_server::rulebook_of;
use haigou_server::rulebooks::{AcceptFinding, Proposal, StartAccepted, StartRefusal};
use haigou_store::{Command, Desk, DeskError, DeskOptions, Store, StoreError, SystemClock};

use crate::cli::{Failed, Verdict, output};

#[derive(Args)]
pub(in crate::cli) struct Accept {
    /// A preset's name or a rulebook file
    rulebook: String,
    /// The finding's code, as `haigou rules lint` names it
    #[arg(long, value_name = "CODE")]
    finding: String,
    /// Who accepts
    #[arg(long, value_name = "ID")]
    administrator: String,
    /// Why, in a sentence
    #[arg(long, value_name = "SENTENCE")]
    words: String,
}

/// Books an acceptance. The answer is no if it isn't taken.
pub(super) fn accept(settings: &Settings, accept: &Accept) -> Result<Verdict, Failed> {
    let command = AcceptFinding {
        rulebook: rulebook_of(&accept.rulebook)?,
        finding: accept.finding.clone(),
        administrator: accept.administrator.clone(),
        words: accept.words.clone(),
    };
    match submit(settings, command)? {
        Ok(open) => {
            output::say("accepted");
            say_open(&open);
            Ok(Verdict::Yes)
        }
        Err(refusal) => {
            output::say(&refusal.to_string());
            Ok(Verdict::No)
        }
    }
}

/// What is left to accept; the answer is no if there is something.
pub(super) fn accepted(settings: &Settings, rulebook: &str, json: bool) -> Result<Verdict, Failed> {
    let proposal = Proposal::of(&rulebook_of(rulebook)?)?;
    let open = Store::open_read_only(&settings.db)?.read_blocking(|reader| {
        proposal
            .unaccepted(reader)
            .map_err(|error| StoreError::Bug(error.to_string()))
    })?;
    if json {
        for one in &open {
            output::print(&serde_json::to_string(one)?);
        }
    } else {
        for one in &open {
            output::print(&sentence(one));
        }
    }
    Ok(if open.is_empty() {
        Verdict::Yes
    } else {
        Verdict::No
    })
}

/// Puts a rulebook in force from now on. The answer is no if a finding isn't accepted, or it can't follow.
pub(super) fn start(settings: &Settings, rulebook: &str) -> Result<Verdict, Failed> {
    let command = StartAccepted {
        rulebook: rulebook_of(rulebook)?,
    };
    match submit(settings, command)? {
        Ok(version) => {
            output::say(&format!("version {version} of the rulebook is in force"));
            Ok(Verdict::Yes)
        }
        Err(StartRefusal::Unaccepted(open)) => {
            say_open(&open);
            Ok(Verdict::No)
        }
        Err(StartRefusal::Other(refusal)) => {
            let why = refusal.detail.as_ref().map(|words| words.pick(Language::English));
            output::say(why.unwrap_or(refusal.code.name()));
            Ok(Verdict::No)
        }
    }
}

fn say_open(open: &[Unaccepted]) {
    for one in open {
        output::say(&sentence(one));
    }
}

fn sentence(open: &Unaccepted) -> String {
    let by = match &open.accepted_by[..] {
        [] => "nobody".to_owned(),
        names => names.join(", "),
    };
    format!(
        "{}: accepted by {by}; {} more administrator(s) needed",
        open.finding, open.missing
    )
}

/// Runs one command at a desk of its own.
fn submit<C: Command>(settings: &Settings, command: C) -> Result<Result<C::Answer, C::Refusal>, Failed> {
    let store = Store::open(&settings.db)?;
    let options = DeskOptions {
        capacity: 1,
        max_batch: 1,
        before: DayCloser::new(Rulebooks::default()).into_before(),
    };
    let desk = Desk::start(store, Arc::new(SystemClock), options)?;
    let answer = desk.submit_blocking(command);
    desk.stop_blocking();
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(DeskError::Refused(refusal)) => Ok(Err(refusal)),
        Err(DeskError::Storage(error)) => Err(error.into()),
        Err(other) => Err(other.to_string().into()),
    }
}
