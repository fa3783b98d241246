//! A member applies for an operation centre.

use haigou_contract::ErrorCode;
use haigou_ledger::MemberNo;
use haigou_rules::{Adcode, CentreNo, JoinsBy, PartnerTier, Person, World as _};
use haigou_store::{Command, CommandError, Query as _, StoreError, Tx, params};

use super::approve::approve;
use super::centre::Centre;
use super::packs;
use crate::web::{Refusal, refused};
use crate::world::{in_world, known, moment_of};

/// Applies for an operation centre.
///
/// Refused are `unknown_member`, `unknown_centre` (the parent), `duplicate` (the name is taken), `not_approved` (the
/// parent), `not_eligible` (the rulebook doesn't open this way, there is no unused pack, or no senior tier) and
/// `region_taken`, the first that applies.
#[derive(Debug, Clone)]
pub struct ApplyForCentre {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: MemberNo,
    /// Its region.
    pub region: Adcode,
    /// The name of the centre it is under.
    pub parent: Option<String>,
    /// How it joins.
    pub by: JoinsBy,
    /// Whether the operator, who enters it himself, approves it at once.
    pub approve: bool,
}

impl Command for ApplyForCentre {
    type Answer = Centre;
    type Refusal = Refusal;
    const NAME: &'static str = "centres.apply";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Centre, CommandError<Refusal>> {
        let person = known(tx, self.owner)?;
        let parent = match &self.parent {
            Some(parent) => Some(Centre::named(tx, parent)?),
            None => None,
        };
        if Centre::by_name(tx, &self.name)?.is_some() {
            return refused(Refusal::new(ErrorCode::Duplicate).at("name"));
        }
        if parent.as_ref().is_some_and(|parent| !parent.is_approved) {
            return refused(Refusal::new(ErrorCode::NotApproved).at("parent"));
        }
        let mut centre = Centre {
            id: next_id(tx)?,
            name: self.name.clone(),
            owner: self.owner,
            region: self.region,
            parent: parent.map(|parent| parent.id),
            by: self.by,
            is_approved: false,
        };
        centre.insert(tx, now_ms);
        self.admit(tx, &person, centre.id, now_ms)?;
        if self.approve {
            approve(tx, &mut centre, now_ms)?;
        }
        Ok(centre)
    }
}

impl ApplyForCentre {
    /// Is this way open to him, and the region free? A pack is used up.
    fn admit(
        &self,
        tx: &mut Tx<'_>,
        person: &Person,
        id: CentreNo,
        now_ms: i64,
    ) -> Result<(), CommandError<Refusal>> {
        let is_open = moment_of(tx, now_ms)?.rulebook.centre.joins_by.contains(&self.by);
        let is_eligible = is_open
            && match self.by {
                JoinsBy::Pack => packs::use_up(tx, self.owner, id)?,
                JoinsBy::Senior => person.tier >= Some(PartnerTier::Senior),
                JoinsBy::Application => true,
            };
        if !is_eligible {
            return refused(Refusal::new(ErrorCode::NotEligible).at("by"));
        }
        if in_world(tx, |world| world.centre_in(self.region))?.is_some() {
            return refused(Refusal::new(ErrorCode::RegionTaken).at("region"));
        }
        Ok(())
    }
}

fn next_id(tx: &mut Tx<'_>) -> Result<CentreNo, StoreError> {
    let sql = "SELECT COALESCE(MAX(id), 0) + 1 FROM centre";
    Ok(tx.query_one(sql, params![], |row| row.int(0))?.unwrap_or(1))
}
