//! Cash from outside goes into the floor fund.

use haigou_contract::Asset;
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Tx};

use crate::amounts::positive;
use crate::web::Refusal;
use crate::world::book_unnamed;

/// Pays cash into the floor fund. Refused is `bad_amount`.
#[derive(Debug, Clone)]
pub struct FundFloor {
    /// How much, in CNY.
    pub amount: String,
}

impl Command for FundFloor {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "treasury.fund";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let amount = positive(Asset::Cash, &self.amount)?;
        book_unnamed(tx, now_ms, "funding", "f", &Event::Funding { amount })
    }
}
