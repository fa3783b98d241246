//! Hi-Shell goes to another member.

use haigou_contract::{Asset, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Tx};

use super::needs;
use crate::amounts::positive;
use crate::web::{Refusal, refused};
use crate::world::{book_unnamed, known};

/// Sends Hi-Shell to another member; a tip to a store goes to its owner.
///
/// Refused are `unknown_member`, `switched_off`, `bad_amount`, `self_dealing` and `insufficient`, the first that applies.
#[derive(Debug, Clone)]
pub struct TransferShells {
    /// From whom.
    pub from: MemberNo,
    /// To whom.
    pub to: MemberNo,
    /// How much.
    pub amount: String,
}

impl Command for TransferShells {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "market.transfer";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let Self { from, to, amount } = self;
        known(tx, from)?;
        known(tx, to)?;
        needs(tx, now_ms, |market| market.transfer)?;
        let amount = positive(Asset::HiShell, &amount)?;
        if from == to {
            return refused(ErrorCode::SelfDealing);
        }
        let event = Event::Transfer { from, to, amount };
        book_unnamed(tx, now_ms, "transfer", "t", &event)
    }
}
