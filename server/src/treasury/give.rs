//! An opening balance: what a member brings along from before.

use haigou_contract::{Bucket, ErrorCode};
use haigou_ledger::{MemberNo, Slot};
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Tx};

use crate::amounts::positive;
use crate::web::{Refusal, refused};
use crate::world::{book_unnamed, known};

/// Gives an opening balance. It pays nobody and changes no tier; Hi-Shell so given counts as issued.
///
/// Refused are `unknown_member`, `bad_amount` (also of what is held or owed) and `cap_exceeded`.
#[derive(Debug, Clone)]
pub struct GiveOpening {
    /// To whom.
    pub member: MemberNo,
    /// Where it stands.
    pub slot: Slot,
    /// How much.
    pub amount: String,
}

impl Command for GiveOpening {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "treasury.give";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let Self { member, slot, amount } = self;
        known(tx, member)?;
        let amount = positive(slot.asset(), &amount)?;
        if matches!(slot.bucket(), Bucket::Held | Bucket::Debt) {
            return refused(ErrorCode::BadAmount);
        }
        let event = Event::Opening { member, slot, amount };
        book_unnamed(tx, now_ms, "opening", "g", &event)
    }
}
