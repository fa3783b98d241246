//! A change is made only while the session that asked for it is open: nothing slips in behind a sign-out or a deletion.

use haigou_store::{Ahead, Command, CommandError, Query as _, Tx, params};

use super::session::Ended;
use super::token::SessionId;
use crate::web::Refusal;

const STATE: &str = "SELECT ended FROM session WHERE id = $1";

/// A command of a session.
pub(crate) struct InSession<C> {
    pub(crate) session: SessionId,
    pub(crate) command: C,
}

impl<C: Command<Refusal = Refusal>> Command for InSession<C> {
    type Answer = C::Answer;
    type Refusal = Refusal;
    const NAME: &'static str = C::NAME;

    fn look_ahead(&self, ahead: &mut Ahead) {
        ahead.look(STATE, params![&self.session]);
        self.command.look_ahead(ahead);
    }

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<C::Answer, CommandError<Refusal>> {
        let ended = tx.query_one(STATE, params![&self.session], |row| row.opt_text(0))?;
        match ended {
            Some(None) => self.command.run(tx, now_ms),
            Some(Some(why)) => Err(CommandError::Refused(Ended::read(&why).refusal())),
            None => Err(CommandError::Refused(Ended::SignedOut.refusal())),
        }
    }
}
