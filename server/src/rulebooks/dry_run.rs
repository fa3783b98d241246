//! Past days under another rulebook: the events of the journal, worked out and booked anew in a scratch database.

mod tally;

use std::collections::{BTreeMap, HashMap};

use haigou_contract::{Amount, Asset, Bucket, Day, ErrorCode};
use haigou_ledger::{Fact, MemberNo};
use haigou_rules::{Event, MilestoneKey, Rulebook, milestones};
use haigou_store::ledger::{head, journal, newest_day, rulebooks};
use haigou_store::{Command as _, CommandError, Reader, Store, StoreError, Tx};
use serde::Serialize;

use crate::airdrop::{Launch, Rulebooks, StartRulebook, close_days, launch_day};
use crate::ledger::ledger_fault;
use crate::world::{book_event, moment_of};
use tally::Tally;

/// So many journals are read, and booked, at a time.
const CHAPTER: usize = 1_000;

/// What would have differed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// The first day under the other rulebook.
    pub from: Day,
    /// How many events of those days were worked out anew.
    pub events: u64,
    /// Events that the other rulebook would have refused, and their codes.
    pub refused: Vec<RefusedEvent>,
    /// What each person got by each rule, where that differs; by person, rule and bucket.
    pub differences: Vec<Difference>,
}

/// An event that happened and wouldn't have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedEvent {
    /// The journal that booked it.
    pub journal: i64,
    /// Why it would have been refused.
    pub code: &'static str,
}

/// What somebody got by a rule, and would have got, in the bucket's smallest unit; what left him is negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The member's number in the ledger.
    pub member: MemberNo,
    /// The rule.
    pub rule: String,
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// What he got.
    pub was: Amount,
    /// What he would have got.
    pub would_be: Amount,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum DryRunError {
    /// The database was never launched.
    #[error("nothing has happened in this database yet: it was never launched")]
    NotLaunched,
    /// The reward pool is issued at launch.
    #[error(
        "the reward pool was issued at launch: a rulebook with another one can only be tried from {0}, the day of launch, on"
    )]
    RewardPool(Day),
    /// The database's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No room for a scratch database.
    #[error("there is no room for a scratch database: {0}")]
    Io(#[from] std::io::Error),
}

/// Works out what the events of a database would have brought under another rulebook, from the beginning of a day on
/// (none: from launch), instead of the versions that were in force. Changes nothing.
///
/// It blocks: never call it from async code. `progress` hears how many of all journals are done.
///
/// # Errors
/// [`DryRunError`].
pub fn dry_run(
    store: &Store,
    rulebook: &Rulebook,
    from: Option<Day>,
    mut progress: impl FnMut(i64, i64),
) -> Result<DryRun, DryRunError> {
    let newest_journal = store.read_blocking(|reader| head(reader))?;
    let newest = store.read_blocking(|reader| newest_day(reader))?;
    let launched = store.read_blocking(|reader| launch_day(reader))?;
    let launched = launched.ok_or(DryRunError::NotLaunched)?;
    let from = from.unwrap_or(launched).max(launched);
    let folder = tempfile::tempdir()?;
    let scratch = Store::open_scratch(&folder.path().join("dry-run.db"))?;
    let mut again = Again {
        rulebook,
        versions: store.read_blocking(versions)?,
        launched,
        // Under the other rulebook from the first moment on, people may register before the first drop.
        since_ms: if from == launched {
            i64::MIN
        } else {
            from.start_ms()
        },
        has_switched: false,
        pool_differs: false,
        day_end_ms: i64::MIN,
        journals: HashMap::new(),
        reached: HashMap::new(),
        people: 0,
        events: 0,
        refused: Vec::new(),
    };
    let (mut was, mut would_be) = (Tally::default(), Tally::default());
    for first in (1..=newest_journal.seq).step_by(CHAPTER) {
        let past = store.read_blocking(|reader| past(reader, first, again.since_ms, &mut was))?;
        scratch.write_blocking(|tx| again.book(tx, past))?;
        if again.pool_differs {
            return Err(DryRunError::RewardPool(launched));
        }
        progress(first, newest_journal.seq);
    }
    if let Some(newest) = newest {
        scratch.write_blocking(|tx| close_days(tx, newest.day.end_ms(), &Rulebooks::default()))?;
    }
    scratch.read_blocking(|reader| would_be.take_all(reader, again.since_ms))?;
    store.read_blocking(|reader| was.shares(reader, again.people, from))?;
    scratch.read_blocking(|reader| would_be.shares(reader, again.people, from))?;
    Ok(DryRun {
        from,
        events: again.events,
        refused: again.refused,
        differences: was.beside(&would_be),
    })
}

/// All versions of the rulebook that were laid down.
fn versions(reader: &mut Reader<'_>) -> Result<BTreeMap<u32, Rulebook>, StoreError> {
    let stored = rulebooks(reader)?.into_iter();
    stored
        .map(|stored| match Rulebook::from_json(&stored.text) {
            Ok(rulebook) => Ok((stored.version, rulebook)),
            Err(error) => Err(StoreError::Bug(error.to_string())),
        })
        .collect()
}

/// A journal of the past, as far as it is booked anew.
struct Past {
    seq: i64,
    at_ms: i64,
    cause: String,
    key: String,
    what: What,
}

enum What {
    /// An event.
    Event(Event),
    /// A version of the rulebook was laid down.
    Version(u32),
}

/// Reads the journals of a chapter, and tallies what they brought since a moment.
fn past(
    reader: &mut Reader<'_>,
    first: i64,
    since_ms: i64,
    tally: &mut Tally,
) -> Result<Vec<Past>, StoreError> {
    let mut past = Vec::new();
    for seq in (first..).take(CHAPTER) {
        let Some(journal) = journal(reader, seq).map_err(ledger_fault)? else {
            break;
        };
        if journal.header.at_ms >= since_ms {
            tally.take(&journal.postings);
        }
        let what = match journal.postings.first().and_then(|posting| posting.fact.as_ref()) {
            Some(Fact::Event(bytes)) => {
                What::Event(Event::decode(bytes).map_err(|error| StoreError::Bug(error.to_string()))?)
            }
            Some(Fact::Rulebook { version, .. }) => What::Version(*version),
            _ => continue,
        };
        past.push(Past {
            seq,
            at_ms: journal.header.at_ms,
            cause: journal.header.cause,
            key: journal.header.key,
            what,
        });
    }
    Ok(past)
}

/// The past happens again.
struct Again<'r> {
    /// The other rulebook.
    rulebook: &'r Rulebook,
    /// The versions that were laid down.
    versions: BTreeMap<u32, Rulebook>,
    launched: Day,
    /// From when on the other rulebook is in force, UTC milliseconds.
    since_ms: i64,
    has_switched: bool,
    /// The other rulebook can't start: its reward pool differs.
    pool_differs: bool,
    day_end_ms: i64,
    /// Which journal books now what that one booked.
    journals: HashMap<i64, i64>,
    /// The milestones that were reached, by member and day walked.
    reached: HashMap<(MemberNo, Day), Vec<MilestoneKey>>,
    people: i64,
    events: u64,
    refused: Vec<RefusedEvent>,
}

impl Again<'_> {
    fn book(&mut self, tx: &mut Tx<'_>, past: Vec<Past>) -> Result<(), StoreError> {
        for past in past {
            if past.at_ms >= self.day_end_ms {
                close_days(tx, past.at_ms, &Rulebooks::default())?;
                self.day_end_ms = Day::at(past.at_ms).end_ms();
            }
            if !self.has_switched && past.at_ms >= self.since_ms && self.since_ms > i64::MIN {
                self.has_switched = true;
                self.start(tx, past.at_ms, self.rulebook.clone())?;
            }
            match past.what {
                What::Version(1) => self.launch(tx, past.at_ms)?,
                What::Version(version) if !self.has_switched => {
                    let rulebook = self.version(version)?;
                    self.start(tx, past.at_ms, rulebook)?;
                }
                // Prices and checks of tiers come about by themselves.
                What::Version(_) | What::Event(Event::Priced { .. } | Event::RulebookInForce { .. }) => {}
                What::Event(event) => self.event(tx, past.seq, past.at_ms, &past.cause, &past.key, event)?,
            }
        }
        Ok(())
    }

    fn version(&self, version: u32) -> Result<Rulebook, StoreError> {
        let found = self.versions.get(&version).cloned();
        found.ok_or_else(|| StoreError::Bug(format!("there is no version {version} of the rulebook")))
    }

    fn launch(&mut self, tx: &mut Tx<'_>, at_ms: i64) -> Result<(), StoreError> {
        self.has_switched = self.since_ms == i64::MIN;
        let rulebook = if self.has_switched {
            self.rulebook.clone()
        } else {
            self.version(1)?
        };
        let day = Some(self.launched);
        match (Launch { rulebook, day }).run(tx, at_ms) {
            Ok(_) => Ok(()),
            Err(CommandError::Store(error)) => Err(error),
            Err(CommandError::Refused(refusal)) => Err(StoreError::Bug(refusal.to_string())),
        }
    }

    fn start(&mut self, tx: &mut Tx<'_>, at_ms: i64, rulebook: Rulebook) -> Result<(), StoreError> {
        match (StartRulebook { rulebook }).run(tx, at_ms) {
            Ok(_) => Ok(()),
            Err(CommandError::Store(error)) => Err(error),
            // It is the only thing that keeps a rulebook from starting.
            Err(CommandError::Refused(_)) => {
                self.pool_differs = true;
                Ok(())
            }
        }
    }

    fn event(
        &mut self,
        tx: &mut Tx<'_>,
        seq: i64,
        at_ms: i64,
        cause: &str,
        key: &str,
        mut event: Event,
    ) -> Result<(), StoreError> {
        self.events += 1;
        match &mut event {
            Event::Registration { member, .. } => self.people = self.people.max(member.number()),
            Event::Steps(update) => {
                let reached = self.reached.entry((update.member, update.day)).or_default();
                update.reached.clone_from(reached);
                let rulebook = moment_of(tx, at_ms)?.rulebook;
                for (milestone, _) in milestones(&rulebook) {
                    if update.totals.towards(milestone.0) >= milestone.1 && !reached.contains(&milestone) {
                        reached.push(milestone);
                    }
                }
            }
            Event::Refund(refund) => {
                for journal in [&mut refund.payment, &mut refund.journal].into_iter().flatten() {
                    match self.journals.get(journal) {
                        Some(&booked) => *journal = booked,
                        None => {
                            self.refuse(seq, ErrorCode::UnknownOrder);
                            return Ok(());
                        }
                    }
                }
            }
            _ => {}
        }
        let booked = tx.savepoint(|tx| book_event(tx, at_ms, "dry_run", cause, key, &event));
        match booked {
            Ok(booked) => {
                self.journals.insert(seq, booked);
                Ok(())
            }
            Err(CommandError::Store(error)) => Err(error),
            Err(CommandError::Refused(refusal)) => {
                self.refuse(seq, refusal.code);
                Ok(())
            }
        }
    }

    fn refuse(&mut self, journal: i64, code: ErrorCode) {
        self.refused.push(RefusedEvent {
            journal,
            code: code.name(),
        });
    }
}
