//! Findings accepted in writing: what a rulebook with findings needs before it starts.

use serde::Serialize;

use super::Finding;

/// So many different administrators accept each finding.
pub const ADMINISTRATORS: usize = 2;
/// The longest sentence and the longest name of an administrator, in characters.
const LONGEST_WORDS: usize = 2_000;
const LONGEST_NAME: usize = 64;

/// One administrator takes responsibility for one finding, in his own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// Who, by the id he has in the console.
    pub administrator: String,
    /// The finding's code.
    pub finding: String,
    /// What he writes.
    pub words: String,
    /// When, UTC milliseconds.
    pub at_ms: i64,
}

/// Why an acceptance isn't taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcceptanceError {
    /// There is no such finding in this rulebook.
    #[error("the rulebook has no finding {0:?}")]
    NoSuchFinding(String),
    /// Nothing is written.
    #[error("write a sentence of 1 to 2000 characters: why this finding is accepted")]
    Words,
    /// Nobody is named.
    #[error("name the administrator in 1 to 64 characters")]
    Administrator,
    /// He has accepted this finding before: it takes another.
    #[error("{administrator} has accepted {finding} before: it takes a different administrator")]
    Twice {
        /// Who.
        administrator: String,
        /// What.
        finding: String,
    },
}

/// A finding that isn't accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unaccepted {
    /// The finding's code.
    pub finding: &'static str,
    /// Who has accepted it so far.
    pub accepted_by: Vec<String>,
    /// How many administrators are missing.
    pub missing: usize,
}

impl Acceptance {
    /// Checks it against the rulebook's findings and what was accepted before.
    ///
    /// # Errors
    /// [`AcceptanceError`].
    pub fn check(&self, findings: &[Finding], before: &[Self]) -> Result<(), AcceptanceError> {
        let within = |text: &str, longest: usize| {
            !text.trim().is_empty() && text.chars().count() <= longest && !text.contains('\0')
        };
        if !findings.iter().any(|finding| finding.code == self.finding) {
            return Err(AcceptanceError::NoSuchFinding(self.finding.clone()));
        }
        if !within(&self.administrator, LONGEST_NAME) {
            return Err(AcceptanceError::Administrator);
        }
        if !within(&self.words, LONGEST_WORDS) {
            return Err(AcceptanceError::Words);
        }
        let same = |other: &&Self| {
            other.finding == self.finding && is_same_person(&other.administrator, &self.administrator)
        };
        match before.iter().find(same) {
            Some(_) => Err(AcceptanceError::Twice {
                administrator: self.administrator.trim().to_owned(),
                finding: self.finding.clone(),
            }),
            None => Ok(()),
        }
    }
}

/// The findings that too few different administrators have accepted.
#[must_use]
pub fn unaccepted(findings: &[Finding], accepted: &[Acceptance]) -> Vec<Unaccepted> {
    findings
        .iter()
        .filter_map(|finding| {
            let mut accepted_by: Vec<String> = Vec::new();
            for acceptance in accepted.iter().filter(|one| one.finding == finding.code) {
                if !accepted_by
                    .iter()
                    .any(|known| is_same_person(known, &acceptance.administrator))
                {
                    accepted_by.push(acceptance.administrator.clone());
                }
            }
            let missing = ADMINISTRATORS.saturating_sub(accepted_by.len());
            (missing > 0).then_some(Unaccepted {
                finding: finding.code,
                accepted_by,
                missing,
            })
        })
        .collect()
}

/// Spaces around an id and the size of its letters don't make another person.
fn is_same_person(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use crate::forecast::Growth;
    use crate::lint::lint;

    fn acceptance(administrator: &str, finding: &str, words: &str) -> Acceptance {
        Acceptance {
            administrator: administrator.to_owned(),
            finding: finding.to_owned(),
            words: words.to_owned(),
            at_ms: 1,
        }
    }

    #[test]
    fn two_different_administrators_accept_each_finding_in_words() {
        let findings = lint(&Preset::Classic.rulebook().unwrap(), &Growth::default()).unwrap();
        let mut accepted = Vec::new();
        assert_eq!(unaccepted(&findings, &accepted).len(), findings.len());
        for finding in &findings {
            for (who, left) in [("ann", 1), ("bo", 0)] {
                let one = acceptance(who, finding.code, "checked by our lawyer");
                assert_eq!(one.check(&findings, &accepted), Ok(()));
                accepted.push(one);
                let missing = unaccepted(&findings, &accepted)
                    .iter()
                    .find(|open| open.finding == finding.code)
                    .map_or(0, |open| open.missing);
                assert_eq!(missing, left);
            }
        }
        assert_eq!(unaccepted(&findings, &accepted), []);
    }

    #[test]
    fn an_acceptance_that_says_nothing_or_is_nobodys_is_refused() {
        let findings = lint(&Preset::Sport.rulebook().unwrap(), &Growth::default()).unwrap();
        let before = [acceptance("ann", "pay_share", "yes")];
        let check = |one: Acceptance| one.check(&findings, &before).unwrap_err();
        for words in ["", "  \n", "\0", &"x".repeat(2_001)] {
            assert_eq!(
                check(acceptance("bo", "pay_share", words)),
                AcceptanceError::Words
            );
        }
        for who in ["", " ", &"x".repeat(65)] {
            assert_eq!(
                check(acceptance(who, "pay_share", "yes")),
                AcceptanceError::Administrator
            );
        }
        assert!(matches!(
            check(acceptance("bo", "token_exchange", "yes")),
            AcceptanceError::NoSuchFinding(_)
        ));
        for again in ["ann", " Ann "] {
            assert!(matches!(
                check(acceptance(again, "pay_share", "yes")),
                AcceptanceError::Twice { .. }
            ));
        }
        // One person in two spellings is still one.
        let twice = [
            acceptance("ann", "pay_share", "yes"),
            acceptance("ANN", "pay_share", "yes"),
        ];
        let open = unaccepted(&findings, &twice);
        assert!(
            open.iter()
                .any(|open| open.finding == "pay_share" && open.missing == 1)
        );
    }
}
