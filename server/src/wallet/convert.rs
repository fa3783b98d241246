//! Challenge becomes shopping credit.

use haigou_contract::{Asset, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Tx};

use crate::amounts::positive;
use crate::web::{Refusal, refused};
use crate::world::{book_unnamed, known, moment_of};

/// Turns available challenge into shopping credit, less the fee, which is retired.
///
/// Refused are `unknown_member`, `switched_off`, `bad_amount` and `insufficient`, the first that applies.
#[derive(Debug, Clone)]
pub struct Convert {
    /// Whose.
    pub member: MemberNo,
    /// How much challenge.
    pub amount: String,
}

impl Command for Convert {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "wallet.convert";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let Self { member, amount } = self;
        known(tx, member)?;
        if !moment_of(tx, now_ms)?.rulebook.challenge.to_shopping.enabled {
            return refused(ErrorCode::SwitchedOff);
        }
        let amount = positive(Asset::Challenge, &amount)?;
        let event = Event::Conversion { member, amount };
        book_unnamed(tx, now_ms, "conversion", "c", &event)
    }
}
