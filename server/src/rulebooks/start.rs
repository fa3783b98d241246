//! A rulebook starts, once every finding is accepted.

use haigou_rules::Rulebook;
use haigou_rules::lint::{Unaccepted, unaccepted};
use haigou_store::ledger::Books;
use haigou_store::{Command, CommandError, Tx};

use super::Proposal;
use crate::airdrop::StartRulebook;
use crate::ledger::ledger_fault;
use crate::web::Refusal;

/// [`StartRulebook`] for real people: refused while a finding lacks an administrator's acceptance.
#[derive(Debug, Clone)]
pub struct StartAccepted {
    /// The new rulebook.
    pub rulebook: Rulebook,
}

/// Why a rulebook doesn't start.
#[derive(Debug)]
pub enum StartRefusal {
    /// These findings lack acceptances.
    Unaccepted(Vec<Unaccepted>),
    /// It can't follow the one in force.
    Other(Refusal),
}

impl Command for StartAccepted {
    /// Its version.
    type Answer = u32;
    type Refusal = StartRefusal;
    const NAME: &'static str = "rulebooks.start_accepted";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<u32, CommandError<StartRefusal>> {
        let proposal = Proposal::of(&self.rulebook)?;
        let mut books = Books::open(tx, now_ms)?;
        let accepted = proposal
            .accepted(|key| books.journal_of_key(key))
            .map_err(ledger_fault)?;
        let open = unaccepted(&proposal.findings, &accepted);
        if !open.is_empty() {
            return Err(CommandError::Refused(StartRefusal::Unaccepted(open)));
        }
        let start = StartRulebook {
            rulebook: self.rulebook,
        };
        start.run(tx, now_ms).map_err(|error| match error {
            CommandError::Refused(refusal) => CommandError::Refused(StartRefusal::Other(refusal)),
            CommandError::Store(error) => CommandError::Store(error),
        })
    }
}
