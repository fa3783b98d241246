//! A command on its way through the desk, with the address that its answer goes to.

use super::DeskError;
use crate::{Ahead, Command, CommandError, StoreError, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

type Answered<C> = Result<<C as Command>::Answer, DeskError<<C as Command>::Refusal>>;

/// A command of any type, as the writer sees it.
pub(super) trait Job: Send {
    /// Runs it in a savepoint of its own and keeps what came of it. An error is the database's failure: nothing of the
    /// whole transaction can stand.
    fn run(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), StoreError>;

    /// What it is going to look at first.
    fn look_ahead(&self, ahead: &mut Ahead);

    /// Tells the caller what came of it; `failed` says that nothing of the batch stands.
    fn answer(self: Box<Self>, failed: Option<&StoreError>);
}

pub(super) struct Slip<C: Command> {
    command: Option<C>,
    outcome: Option<Answered<C>>,
    caller: oneshot::Sender<Answered<C>>,
}

impl<C: Command> Slip<C> {
    pub(super) fn new(command: C) -> (Self, oneshot::Receiver<Answered<C>>) {
        let (caller, answer) = oneshot::channel();
        (
            Self {
                command: Some(command),
                outcome: None,
                caller,
            },
            answer,
        )
    }
}

impl<C: Command> Job for Slip<C> {
    fn run(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), StoreError> {
        let Some(command) = self.command.take() else {
            return Ok(());
        };
        let outcome = tx.savepoint(|tx| {
            catch_unwind(AssertUnwindSafe(|| command.run(tx, now_ms)))
                .map_err(|panic| Broken::Panic(said(panic.as_ref())))?
                .map_err(Broken::Command)
        });
        let outcome = match outcome {
            Ok(answer) => Ok(answer),
            Err(Broken::Command(CommandError::Refused(refusal))) => Err(DeskError::Refused(refusal)),
            Err(Broken::Command(CommandError::Store(error))) if error.is_engine_failure() => {
                return Err(error);
            }
            Err(Broken::Command(CommandError::Store(error))) => Err(DeskError::Fault(error.to_string())),
            Err(Broken::Panic(message)) => Err(DeskError::Fault(message)),
        };
        if let Err(DeskError::Fault(fault)) = &outcome {
            tracing::error!(command = C::NAME, fault, "a command broke off");
        }
        self.outcome = Some(outcome);
        Ok(())
    }

    fn look_ahead(&self, ahead: &mut Ahead) {
        if let Some(command) = &self.command {
            command.look_ahead(ahead);
        }
    }

    fn answer(self: Box<Self>, failed: Option<&StoreError>) {
        let outcome = match (failed, self.outcome) {
            (Some(error), _) => Err(DeskError::Storage(error.clone())),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(DeskError::Stopped),
        };
        let word = match &outcome {
            Ok(_) => "done",
            Err(DeskError::Refused(_)) => "refused",
            Err(DeskError::Fault(_)) => "fault",
            Err(_) => "storage",
        };
        metrics::counter!("haigou_commands_total", "command" => C::NAME, "outcome" => word).increment(1);
        // A caller who has gone away doesn't need the answer.
        let _gone = self.caller.send(outcome);
    }
}

/// Why a savepoint was rolled back.
enum Broken<R> {
    Command(CommandError<R>),
    Panic(String),
}

impl<R> From<StoreError> for Broken<R> {
    fn from(error: StoreError) -> Self {
        Self::Command(CommandError::Store(error))
    }
}

/// The message of a panic.
pub(super) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}
