//! Starting a rulebook that a regulator would question: two administrators accept each finding in writing first.

mod accept;
mod dry_run;
mod start;

use haigou_ledger::{Fact, Hash, Journal, text_hash};
use haigou_rules::Rulebook;
use haigou_rules::forecast::Growth;
use haigou_rules::lint::{Acceptance, Finding, Unaccepted, lint, unaccepted};
use haigou_store::ledger::LedgerFailure;
use haigou_store::{Query, StoreError};

pub use accept::{AcceptFinding, AcceptRefusal};
pub use dry_run::{Difference, DryRun, DryRunError, RefusedEvent, dry_run};
pub use start::{StartAccepted, StartRefusal};

/// A rulebook as it is proposed: its findings, under the default assumptions about growth, and the hash of its text.
///
/// What is accepted is this text: the least change of a setting asks for new acceptances.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What a regulator would question.
    pub findings: Vec<Finding>,
    text_hash: Hash,
}

impl Proposal {
    /// Looks at a rulebook.
    ///
    /// # Errors
    /// None in practice: every rulebook has a text, and the default assumptions are within bounds.
    pub fn of(rulebook: &Rulebook) -> Result<Self, StoreError> {
        let text =
            serde_json::to_string_pretty(rulebook).map_err(|error| StoreError::Bug(error.to_string()))?;
        let findings =
            lint(rulebook, &Growth::default()).map_err(|error| StoreError::Bug(error.to_string()))?;
        Ok(Self {
            findings,
            text_hash: text_hash(&text),
        })
    }

    /// The findings that aren't accepted yet.
    ///
    /// # Errors
    /// The database's.
    pub fn unaccepted(&self, query: &mut impl Query) -> Result<Vec<Unaccepted>, LedgerFailure> {
        let accepted = self.accepted(|key| match haigou_store::ledger::journal_of_key(query, key)? {
            Some(seq) => haigou_store::ledger::journal(query, seq),
            None => Ok(None),
        })?;
        Ok(unaccepted(&self.findings, &accepted))
    }

    /// The acceptances, as they stand in the journal: the numbers of a finding's follow each other.
    fn accepted(
        &self,
        mut journal_of_key: impl FnMut(&str) -> Result<Option<Journal>, LedgerFailure>,
    ) -> Result<Vec<Acceptance>, LedgerFailure> {
        let mut accepted = Vec::new();
        for finding in &self.findings {
            for number in 1.. {
                let Some(journal) = journal_of_key(&self.key(finding.code, number))? else {
                    break;
                };
                accepted.extend(journal.postings.iter().filter_map(|posting| match &posting.fact {
                    Some(Fact::Accepted {
                        finding,
                        administrator,
                        words,
                        ..
                    }) => Some(Acceptance {
                        administrator: administrator.clone(),
                        finding: finding.clone(),
                        words: words.clone(),
                        at_ms: journal.header.at_ms,
                    }),
                    _ => None,
                }));
            }
        }
        Ok(accepted)
    }

    /// The idempotency key of a finding's first, second... acceptance.
    fn key(&self, finding: &str, number: usize) -> String {
        format!("acceptance:{}:{finding}:{number}", hex::encode(self.text_hash))
    }
}

#[cfg(test)]
mod tests;
