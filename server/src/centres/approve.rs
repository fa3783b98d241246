//! The operator approves an operation centre.

use haigou_contract::ErrorCode;
use haigou_rules::{CentreApproved, Event, World as _};
use haigou_store::{Command, CommandError, Tx};

use super::centre::Centre;
use super::packs;
use crate::web::{Refusal, refused};
use crate::world::{book_event, in_world};

/// Approves an operation centre. Refused are `unknown_centre`, `wrong_state` (it is approved) and `region_taken`.
#[derive(Debug, Clone)]
pub struct ApproveCentre {
    /// Its name.
    pub centre: String,
}

impl Command for ApproveCentre {
    type Answer = Centre;
    type Refusal = Refusal;
    const NAME: &'static str = "centres.approve";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Centre, CommandError<Refusal>> {
        let mut centre = Centre::named(tx, &self.centre)?;
        if centre.is_approved {
            return refused(ErrorCode::WrongState);
        }
        approve(tx, &mut centre, now_ms)?;
        Ok(centre)
    }
}

/// Approves a centre that isn't: the only one of its region.
pub(super) fn approve(
    tx: &mut Tx<'_>,
    centre: &mut Centre,
    now_ms: i64,
) -> Result<(), CommandError<Refusal>> {
    if in_world(tx, |world| world.centre_in(centre.region))?.is_some() {
        return refused(Refusal::new(ErrorCode::RegionTaken).at("region"));
    }
    let event = Event::CentreApproved(CentreApproved {
        centre: centre.id,
        owner: centre.owner,
        region: centre.region,
        parent: centre.parent,
        by: centre.by,
        pack_paid: packs::paid(tx, centre.id)?,
    });
    let key = format!("centre:{}", centre.id);
    book_event(tx, now_ms, "centre", &centre.name, key, &event)?;
    centre.is_approved = true;
    Ok(())
}
