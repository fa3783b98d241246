//! A scenario is replayed: in a fresh database, through the commands that everybody uses.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use haigou_contract::Day;
use haigou_rules::Rulebook;
use haigou_store::{Command, CommandError, Desk, DeskError, DeskOptions, ManualClock, Store, StoreError, Tx};

use super::cast::Cast;
use super::happen::happen;
use super::scenario::{Scenario, Timed};
use super::state::{Rejected, State};
use crate::airdrop::{DayCloser, Launch, Rulebooks, close_days};
use crate::web::Refusal;

/// So many events are committed together. Each is still refused by itself.
const CHAPTER: usize = 1_000;

/// Why a scenario couldn't be replayed to its end: a fault of this program or of the machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the scenario couldn't be replayed to its end: {0}")]
pub struct ReplayError(pub(super) String);

impl Scenario {
    /// Replays it. Answers how everything stands at the end.
    ///
    /// It blocks: never call it from async code.
    ///
    /// # Errors
    /// A fault of this program, or of the machine (no room for a temporary database).
    pub fn replay(&self) -> Result<State, ReplayError> {
        let fault = |error: &dyn std::fmt::Display| ReplayError(error.to_string());
        let folder = tempfile::tempdir().map_err(|error| fault(&error))?;
        let store = Store::open_scratch(&folder.path().join("replay.db")).map_err(|error| fault(&error))?;
        self.replay_in(&store)
    }

    /// The same in a new database of either engine, which is kept.
    ///
    /// # Errors
    /// As for [`Scenario::replay`]; also for a database that isn't new.
    pub fn replay_in(&self, store: &Store) -> Result<State, ReplayError> {
        self.replay_in_parts(store, usize::MAX)
    }

    /// The same, with the server stopped after every so many events, and started anew on the database.
    ///
    /// # Errors
    /// As for [`Scenario::replay_in`].
    pub fn replay_in_parts(&self, store: &Store, events: usize) -> Result<State, ReplayError> {
        let stage = self.play(store, events.max(1))?;
        let end_ms = self
            .events
            .last()
            .map_or_else(|| self.launch.start_ms(), |last| last.at_ms);
        store
            .read_blocking(|reader| State::read(reader, end_ms, &stage.cast, stage.rejected))
            .map_err(|error: StoreError| ReplayError(error.to_string()))
    }

    fn play(&self, store: &Store, part: usize) -> Result<Stage, ReplayError> {
        let start_ms = self.launch.start_ms();
        let first_ms = self.events.first().map_or(start_ms, |first| first.at_ms);
        let clock = Arc::new(ManualClock::new(start_ms.min(first_ms)));
        let mut stage = Stage {
            cast: Cast::default(),
            rulebook: self.rulebook.clone(),
            rejected: Vec::new(),
            played: 0,
        };
        let launch = Launch {
            rulebook: self.rulebook.clone(),
            day: Some(self.launch),
        };
        at_a_desk(store, &clock, |desk| done(desk.submit_blocking(launch)))?;
        for events in self.events.chunks(part) {
            stage = at_a_desk(store, &clock, |desk| acts(events, stage, desk, &clock))?;
        }
        Ok(stage)
    }
}

/// Works at a desk of its own.
fn at_a_desk<T>(
    store: &Store,
    clock: &Arc<ManualClock>,
    work: impl FnOnce(&Desk) -> Result<T, ReplayError>,
) -> Result<T, ReplayError> {
    let options = DeskOptions {
        before: DayCloser::default().into_before(),
        ..DeskOptions::default()
    };
    let desk =
        Desk::start(store.clone(), clock.clone(), options).map_err(|error| ReplayError(error.to_string()))?;
    let done = work(&desk);
    desk.stop_blocking();
    done
}

fn acts(events: &[Timed], mut stage: Stage, desk: &Desk, clock: &ManualClock) -> Result<Stage, ReplayError> {
    for events in events.chunks(CHAPTER) {
        if let Some(first) = events.first() {
            clock.set(first.at_ms);
        }
        let events = events.to_vec();
        stage = done(desk.submit_blocking(Chapter { events, stage }))?;
    }
    Ok(stage)
}

/// What a replay knows besides the database.
struct Stage {
    /// Who plays.
    cast: Cast,
    /// The newest version of the rulebook.
    rulebook: Rulebook,
    /// What was refused so far.
    rejected: Vec<Rejected>,
    /// How many events there were so far.
    played: usize,
}

/// Some events, one after the other, each at its own time.
struct Chapter {
    events: Vec<Timed>,
    stage: Stage,
}

impl Command for Chapter {
    type Answer = Stage;
    type Refusal = std::convert::Infallible;
    const NAME: &'static str = "replay.chapter";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Stage, CommandError<Self::Refusal>> {
        let Self { events, mut stage } = self;
        let rulebooks = Rulebooks::default();
        let mut day_end_ms = Day::at(now_ms).end_ms();
        for Timed { at_ms, event } in &events {
            if *at_ms >= day_end_ms {
                close_days(tx, *at_ms, &rulebooks)?;
                day_end_ms = Day::at(*at_ms).end_ms();
            }
            let happened = tx.savepoint(|tx| happen(tx, *at_ms, event, &mut stage.cast, &mut stage.rulebook));
            match happened {
                Ok(()) => {}
                Err(CommandError::Refused(Refusal { code, .. })) => stage.rejected.push(Rejected {
                    code,
                    event: stage.played,
                }),
                Err(CommandError::Store(error)) => {
                    return Err(StoreError::Bug(format!("event {}: {error}", stage.played)).into());
                }
            }
            stage.played += 1;
        }
        Ok(stage)
    }
}

fn done<T, R: std::fmt::Debug>(answer: Result<T, DeskError<R>>) -> Result<T, ReplayError> {
    answer.map_err(|error| match error {
        DeskError::Refused(refusal) => ReplayError(format!("{refusal:?}")),
        other => ReplayError(other.to_string()),
    })
}
