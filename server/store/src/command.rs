//! A command: a plain struct and one synchronous function over a transaction.

use crate::{Ahead, StoreError, Tx};

/// One change of the server's state.
pub trait Command: Send + 'static {
    /// What the caller gets when it was done.
    type Answer: Send + 'static;
    /// Why it may be refused.
    type Refusal: Send + 'static;
    /// Its name in logs and metrics, for example `sport.upload`.
    const NAME: &'static str;

    /// Says what it is going to look at first, so that a whole batch of commands can look together. It makes a command
    /// faster behind a network, never different.
    fn look_ahead(&self, _: &mut Ahead) {}

    /// Does it. Whatever a refused, failed or panicking command wrote is undone.
    ///
    /// `now_ms` is the time of this command (UTC milliseconds): never earlier than that of any command before.
    ///
    /// # Errors
    /// A refusal, or a failure of the database.
    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Self::Answer, CommandError<Self::Refusal>>;
}

/// Why a command did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError<R> {
    /// The rules say no.
    #[error("refused")]
    Refused(R),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl<R> From<StoreError> for CommandError<R> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
