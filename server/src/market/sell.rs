//! Hi-Shell is sold to the platform.

use haigou_contract::{Amount, Asset, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::{Event, worth};
use haigou_store::{Command, CommandError, Tx};

use super::needs;
use crate::amounts::positive;
use crate::web::{Refusal, refused};
use crate::world::{book_unnamed, known, moment_of};

/// Sells Hi-Shell to the platform at the day's price, for cash from the floor fund. Answers the cash.
///
/// Refused are `unknown_member`, `switched_off`, `bad_amount` (also for what is worth less than 0.01) and
/// `insufficient`, the first that applies.
#[derive(Debug, Clone)]
pub struct SellShells {
    /// Who sells.
    pub member: MemberNo,
    /// How much.
    pub amount: String,
}

impl Command for SellShells {
    type Answer = Amount;
    type Refusal = Refusal;
    const NAME: &'static str = "market.sell";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Amount, CommandError<Refusal>> {
        let Self { member, amount } = self;
        known(tx, member)?;
        needs(tx, now_ms, |market| market.sell_to_platform)?;
        let amount = positive(Asset::HiShell, &amount)?;
        let cash = match worth(amount, moment_of(tx, now_ms)?.price) {
            Some(cash) if cash.is_positive() => cash,
            _ => return refused(ErrorCode::BadAmount),
        };
        let event = Event::Sale { member, amount };
        book_unnamed(tx, now_ms, "sale", "s", &event)?;
        Ok(cash)
    }
}
