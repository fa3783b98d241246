//! The audit of the rules: every event is worked out anew, with the state that the journals before it make, and what it
//! books is compared with what was booked.
//!
//! A [`Rerun`] takes all journals in order, then the rows of the tables that follow from events. It keeps what the rules
//! need to know: the members (some 200 bytes each), centres, the waiting rewards, open listings, a price a day.

mod accounts;
mod compare;
mod days;
mod listings;
mod rows;
#[cfg(test)]
pub(crate) mod tests;

use haigou_contract::Day;
use haigou_ledger::{Draft, Fact, Finding, Findings, Header, Posting, Rule, text_hash};

use crate::event::{CentreNo, Event};
use crate::memory::MemoryWorld;
use crate::plan::plan;
use crate::rulebook::Rulebook;
use accounts::Accounts;
use days::Days;
use listings::Listings;

/// Works every event out anew and compares: first every version's [`text`](Rerun::text), then every
/// [`journal`](Rerun::journal), then the rows, then [`finish`](Rerun::finish).
#[derive(Debug, Default)]
pub struct Rerun {
    world: MemoryWorld,
    accounts: Accounts,
    /// The texts that the table has, by version.
    texts: Vec<(u32, String)>,
    versions: Vec<Version>,
    /// The newest version under which everybody's tier was checked.
    checked: u32,
    /// The centres in the order of their approval.
    approved: Vec<CentreNo>,
    days: Days,
    listings: Listings,
    seen: rows::Seen,
    findings: Findings,
}

/// A version of the rulebook that was laid down.
#[derive(Debug)]
struct Version {
    version: u32,
    starts_at_ms: i64,
    rulebook: Rulebook,
}

impl Rerun {
    /// The text of a rulebook version, as the table has it.
    pub fn text(&mut self, version: u32, text: &str) {
        self.texts.push((version, text.to_owned()));
    }

    /// Takes the next journal. `earlier` finds the postings of one that was taken before; none if there is no such one.
    ///
    /// # Errors
    /// What `earlier` fails with; whatever else differs is a finding.
    pub fn journal<E>(
        &mut self,
        seq: i64,
        header: &Header,
        postings: &[Posting],
        mut earlier: impl FnMut(i64) -> Result<Option<Vec<Posting>>, E>,
    ) -> Result<(), E> {
        match postings.first().and_then(|posting| posting.fact.as_ref()) {
            Some(Fact::Event(bytes)) => match Event::decode(bytes) {
                Ok(event) => {
                    self.remember(&event, &mut earlier)?;
                    self.event(seq, header, &event, postings);
                    self.world.forget_journals();
                }
                Err(error) => self.found(seq, "event", &"an event", &error),
            },
            _ => self.other(seq, header, postings),
        }
        self.accounts.take(seq, postings);
        Ok(())
    }

    /// Has the world know the journals that a refund is of.
    fn remember<E>(
        &mut self,
        event: &Event,
        earlier: &mut impl FnMut(i64) -> Result<Option<Vec<Posting>>, E>,
    ) -> Result<(), E> {
        if let Event::Refund(refund) = event {
            for journal in [refund.payment, refund.journal].into_iter().flatten() {
                if let Some(postings) = earlier(journal)? {
                    self.world.remember(journal, postings);
                }
            }
        }
        Ok(())
    }

    fn event(&mut self, seq: i64, header: &Header, event: &Event, postings: &[Posting]) {
        self.tiers_checked(seq, header, event);
        self.listed(seq, event);
        match event {
            Event::Priced { day, price } => self.priced(seq, header, *day, *price),
            Event::Take { fills, .. } => self.days.traded(Day::at(header.at_ms), fills),
            Event::CentreApproved(approved) => self.approved.push(approved.centre),
            _ => {}
        }
        let place = self
            .versions
            .iter()
            .position(|known| known.version == header.rulebook);
        let Some(version) = place.and_then(|place| self.versions.get(place)) else {
            self.found(seq, "rulebook", &"a version that was laid down", &header.rulebook);
            return;
        };
        let price = self
            .days
            .price_at(header.at_ms)
            .unwrap_or(version.rulebook.shell_price);
        let plan = match plan(event, &version.rulebook, price, &mut self.world) {
            Ok(plan) => plan,
            Err(error) => {
                self.found(seq, "event", &"one that the rules allow", &error);
                return;
            }
        };
        let mut draft = Draft::new(&mut self.accounts, header.clone());
        if let Err(error) = plan.book(&mut draft) {
            self.found(seq, "event", &"one that can be booked", &error);
            return;
        }
        let expected = draft.finish().map(|journal| journal.postings).unwrap_or_default();
        if expected != postings {
            compare::postings(seq, &expected, postings, &mut self.findings);
        }
    }

    /// Everybody's tier is checked before anything else happens under a new version.
    fn tiers_checked(&mut self, seq: i64, header: &Header, event: &Event) {
        if let Event::RulebookInForce { version } = *event {
            if version != header.rulebook {
                self.found(seq, "version", &header.rulebook, &version);
            }
            self.checked = version;
        } else if matches!(event, Event::Priced { .. }) {
            // Days are closed before anything else, and their price is nobody's.
        } else if self.world.people().is_empty() {
            self.checked = header.rulebook;
        } else if self.checked < header.rulebook {
            let found = "another event";
            self.found(
                seq,
                "event",
                &"a check of everybody's tier under the new version",
                &found,
            );
            self.checked = header.rulebook;
        }
    }

    /// A journal that isn't an event's: the airdrop's, a rulebook's, the launch's, an acceptance.
    fn other(&mut self, seq: i64, header: &Header, postings: &[Posting]) {
        if postings.is_empty() {
            self.found(seq, "event", &"an event", &"nothing");
        }
        for posting in postings {
            match &posting.fact {
                Some(Fact::Rulebook {
                    version,
                    starts_at_ms,
                    text_hash,
                }) => self.laid_down(seq, *version, *starts_at_ms, text_hash),
                &Some(Fact::DayClosed { day, drop, .. }) => self.day_closed(seq, header, day, drop),
                Some(Fact::Settled { .. } | Fact::Accepted { .. }) => {}
                None if posting.reason.rule == Rule::POOL_ALLOCATION => {}
                _ => self.found(seq, "event", &"an event", &posting.reason.rule.id()),
            }
        }
    }

    fn laid_down(&mut self, seq: i64, version: u32, starts_at_ms: i64, hash: &[u8; 32]) {
        let text = self.texts.iter().find(|(of, _)| *of == version);
        let Some((_, text)) = text.filter(|(_, text)| text_hash(text) == *hash) else {
            // That the text is another is found where the table is compared.
            return;
        };
        match Rulebook::from_json(text) {
            Ok(rulebook) => self.versions.push(Version {
                version,
                starts_at_ms,
                rulebook,
            }),
            Err(error) => self.found(seq, "rulebook", &"a rulebook that can be read", &error),
        }
    }

    fn found(
        &mut self,
        seq: i64,
        column: &str,
        expected: &dyn std::fmt::Display,
        found: &dyn std::fmt::Display,
    ) {
        self.findings.add("journal", &seq, column, expected, found);
    }

    /// Whether enough was found to stop looking.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.findings.is_full()
    }

    /// What was found, in order.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}
