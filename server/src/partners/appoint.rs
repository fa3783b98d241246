//! The operator appoints a partner.

use haigou_ledger::MemberNo;
use haigou_rules::{Event, PartnerTier};
use haigou_store::{Command, CommandError, Tx};

use crate::ids::new_id;
use crate::web::Refusal;
use crate::world::{book_event, known};

/// Appoints a partner. A tier is never lowered (`tier_kept`); where referring takes VIP, so does a tier (`not_eligible`).
#[derive(Debug, Clone, Copy)]
pub struct AppointPartner {
    /// Whom.
    pub member: MemberNo,
    /// To what.
    pub tier: PartnerTier,
}

impl Command for AppointPartner {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "partners.appoint";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let Self { member, tier } = self;
        known(tx, member)?;
        let appointment = new_id("ap");
        let key = format!("appointment:{appointment}");
        let event = Event::Appointment { member, tier };
        book_event(tx, now_ms, "appointment", appointment, key, &event)?;
        Ok(())
    }
}
