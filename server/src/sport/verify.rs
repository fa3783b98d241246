//! Steps that somebody vouches for: the operator, or a what-if.

use haigou_contract::{Day, ErrorCode, StepKind};
use haigou_ledger::MemberNo;
use haigou_store::{Command, CommandError, Tx};

use super::book::Book;
use super::reach::reach;
use crate::web::{Refusal, refused};
use crate::world::known;

/// Adds verified steps to the day of the command, and books what they reach.
///
/// Refused are `unknown_member` and `bad_amount` (no steps).
#[derive(Debug, Clone, Copy)]
pub struct VerifySteps {
    /// Whose.
    pub member: MemberNo,
    /// How they were made.
    pub kind: StepKind,
    /// How many more.
    pub steps: i64,
}

impl Command for VerifySteps {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "sport.verify";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let Self { member, kind, steps } = self;
        known(tx, member)?;
        let steps = match u64::try_from(steps) {
            Ok(steps) if steps > 0 => steps,
            _ => return refused(ErrorCode::BadAmount),
        };
        let mut book = Book::load(tx, member.number(), Day::at(now_ms))?;
        book.add(kind, steps);
        reach(tx, now_ms, member, &mut book)?;
        Ok(book.save(tx, member.number())?)
    }
}
