//! Hi-Shell goes from the platform's holding into the reward pool.

use haigou_contract::Asset;
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Tx};

use crate::amounts::positive;
use crate::web::Refusal;
use crate::world::book_unnamed;

/// Refills the reward pool from the platform's holding: rewards that wait are paid. Refused are `bad_amount` and
/// `insufficient`.
#[derive(Debug, Clone)]
pub struct RefillPool {
    /// How much Hi-Shell.
    pub amount: String,
}

impl Command for RefillPool {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "treasury.refill";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let amount = positive(Asset::HiShell, &self.amount)?;
        book_unnamed(tx, now_ms, "refill", "r", &Event::Refill { amount })
    }
}
