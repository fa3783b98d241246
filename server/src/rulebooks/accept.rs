//! An administrator accepts a finding.

use haigou_ledger::{Fact, Reason, Rule};
use haigou_rules::Rulebook;
use haigou_rules::lint::{Acceptance, AcceptanceError, Unaccepted, unaccepted};
use haigou_store::ledger::{Books, LedgerFailure};
use haigou_store::{Command, CommandError, Tx};

use super::Proposal;
use crate::ledger::ledger_fault;

/// Books that an administrator accepts a finding of a rulebook, in his own words: in the journal, and so in its chain of
/// hashes, where nobody can change or take it back.
#[derive(Debug, Clone)]
pub struct AcceptFinding {
    /// The rulebook.
    pub rulebook: Rulebook,
    /// The finding's code.
    pub finding: String,
    /// Who accepts: the id of an administrator, as the caller knows it.
    pub administrator: String,
    /// Why, in a sentence.
    pub words: String,
}

/// Why an acceptance isn't taken.
pub type AcceptRefusal = AcceptanceError;

impl Command for AcceptFinding {
    /// What is left to accept.
    type Answer = Vec<Unaccepted>;
    type Refusal = AcceptRefusal;
    const NAME: &'static str = "rulebooks.accept_finding";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Self::Answer, CommandError<AcceptRefusal>> {
        let proposal = Proposal::of(&self.rulebook)?;
        let acceptance = Acceptance {
            administrator: self.administrator.trim().to_owned(),
            finding: self.finding,
            words: self.words.trim().to_owned(),
            at_ms: now_ms,
        };
        let mut books = Books::open(tx, now_ms)?;
        let mut accepted = proposal
            .accepted(|key| books.journal_of_key(key))
            .map_err(ledger_fault)?;
        acceptance
            .check(&proposal.findings, &accepted)
            .map_err(CommandError::Refused)?;
        let number = accepted
            .iter()
            .filter(|one| one.finding == acceptance.finding)
            .count();
        let fact = Fact::Accepted {
            text_hash: proposal.text_hash,
            finding: acceptance.finding.clone(),
            administrator: acceptance.administrator.clone(),
            words: acceptance.words.clone(),
        };
        books
            .book::<LedgerFailure>(
                "acceptance",
                acceptance.finding.clone(),
                proposal.key(&acceptance.finding, number + 1),
                |draft| draft.establish(Reason::new(Rule::ACCEPTED), fact, |_| Ok(())),
            )
            .map_err(ledger_fault)?;
        accepted.push(acceptance);
        Ok(unaccepted(&proposal.findings, &accepted))
    }
}
