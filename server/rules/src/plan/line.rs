//! The next partner, or owner of an approved centre, up somebody's line, without walking it each time.
//!
//! Everybody remembers whom he last saw above him. Whoever is marked in between makes himself known to the next marked
//! one above, whose count of those below goes up; a sighting of an older count is looked up anew, and everybody on the
//! way there remembers what was found. So after somebody was marked each member walks at most once, as far as the
//! first one who knows.

use haigou_ledger::MemberNo;

use super::{PlanError, Planned, Planner};
use crate::world::{Nearest, Person, Society, World};

/// What is looked for up a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A partner.
    Partner,
    /// The owner of an approved centre.
    CentreOwner,
}

impl<W: World> Planner<'_, W> {
    /// The next marked one up the line.
    pub(super) fn nearest(&mut self, mark: Mark, of: MemberNo) -> Planned<Option<MemberNo>, W> {
        let mut way = Vec::new();
        let mut at = of;
        let found = loop {
            let person = self.person(at)?;
            if at != of && mark.is_on(&person) {
                break Some(at);
            }
            let seen = *mark.sighting(&person);
            let marked = MemberNo::new(i64::from(seen.seen));
            if seen.stamp != 0 && seen.stamp == self.stamp(mark, marked)? {
                break marked;
            }
            way.push(at);
            match person.sponsor() {
                Some(sponsor) => at = sponsor,
                None => break None,
            }
        };
        let stamp = self.stamp(mark, found)?;
        let seen = found.map_or(0, |found| u32::try_from(found.number()).unwrap_or(0));
        for member in way {
            let mut person = self.person(member)?;
            let sighting = mark.sighting_mut(&mut person);
            (sighting.seen, sighting.stamp) = (seen, stamp);
            self.keep(member, person)?;
        }
        Ok(found)
    }

    /// What a sighting of this one, or of nobody, is stamped with now.
    fn stamp(&mut self, mark: Mark, of: Option<MemberNo>) -> Planned<u32, W> {
        let below = match of {
            Some(member) => mark.sighting(&self.person(member)?).below,
            None => *mark.unseen(&mut self.world.society().map_err(PlanError::World)?),
        };
        Ok(below.wrapping_add(1).max(1))
    }

    /// Somebody was marked whose next marked one above is this one, or nobody.
    pub(super) fn marked_below(&mut self, mark: Mark, above: Option<MemberNo>) -> Planned<(), W> {
        if let Some(member) = above {
            let mut person = self.person(member)?;
            let sighting = mark.sighting_mut(&mut person);
            sighting.below = sighting.below.wrapping_add(1);
            return self.keep(member, person);
        }
        let mut society = self.world.society().map_err(PlanError::World)?;
        let below = mark.unseen(&mut society);
        *below = below.wrapping_add(1);
        self.world.keep_society(society).map_err(PlanError::World)
    }

    /// The member owns an approved centre from now on.
    pub(super) fn mark_owner(&mut self, member: MemberNo) -> Planned<(), W> {
        let mut person = self.person(member)?;
        if !person.owns_centre {
            person.owns_centre = true;
            self.keep(member, person)?;
            let above = self.nearest(Mark::CentreOwner, member)?;
            self.marked_below(Mark::CentreOwner, above)?;
        }
        Ok(())
    }
}

impl Mark {
    const fn is_on(self, person: &Person) -> bool {
        match self {
            Self::Partner => person.tier.is_some(),
            Self::CentreOwner => person.owns_centre,
        }
    }

    const fn sighting(self, person: &Person) -> &Nearest {
        match self {
            Self::Partner => &person.partner,
            Self::CentreOwner => &person.owner,
        }
    }

    const fn sighting_mut(self, person: &mut Person) -> &mut Nearest {
        match self {
            Self::Partner => &mut person.partner,
            Self::CentreOwner => &mut person.owner,
        }
    }

    /// How many were marked with nobody above.
    const fn unseen(self, society: &mut Society) -> &mut u32 {
        match self {
            Self::Partner => &mut society.partners,
            Self::CentreOwner => &mut society.owners,
        }
    }
}
