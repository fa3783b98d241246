//! A world in memory: for the audit, for what-ifs and for tests.

use std::collections::BTreeMap;

use haigou_ledger::{MemberNo, Posting};

use crate::event::{Adcode, CentreNo};
use crate::world::{OperationCentre, Person, Society, World};

/// A world in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryWorld {
    people: Vec<Person>,
    society: Society,
    centres: BTreeMap<CentreNo, OperationCentre>,
    by_region: BTreeMap<Adcode, CentreNo>,
    by_owner: BTreeMap<MemberNo, CentreNo>,
    journals: BTreeMap<i64, Vec<Posting>>,
}

/// A journal that it wasn't told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no journal {0}")]
pub struct NoSuchJournal(pub i64);

impl MemoryWorld {
    /// All members, from number 1 on.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Remembers a journal for the refund that is to come.
    pub fn remember(&mut self, journal: i64, postings: Vec<Posting>) {
        self.journals.insert(journal, postings);
    }

    /// Forgets all journals that it remembers.
    pub fn forget_journals(&mut self) {
        self.journals.clear();
    }

    /// All approved centres, by number.
    #[must_use]
    pub const fn centres(&self) -> &BTreeMap<CentreNo, OperationCentre> {
        &self.centres
    }
}

fn place(member: MemberNo) -> usize {
    usize::try_from(member.number() - 1).unwrap_or(usize::MAX)
}

impl World for MemoryWorld {
    type Error = NoSuchJournal;

    fn person(&mut self, member: MemberNo) -> Result<Person, NoSuchJournal> {
        Ok(self.people.get(place(member)).copied().unwrap_or_default())
    }

    /// Keeps only those who are registered.
    fn keep_person(&mut self, member: MemberNo, person: Person) -> Result<(), NoSuchJournal> {
        let place = place(member);
        if place == self.people.len() && member.number() <= i64::from(self.society.population) {
            self.people.push(person);
        } else if let Some(kept) = self.people.get_mut(place) {
            *kept = person;
        }
        Ok(())
    }

    fn society(&mut self) -> Result<Society, NoSuchJournal> {
        Ok(self.society)
    }

    fn keep_society(&mut self, society: Society) -> Result<(), NoSuchJournal> {
        self.society = society;
        Ok(())
    }

    fn centre(&mut self, centre: CentreNo) -> Result<Option<OperationCentre>, NoSuchJournal> {
        Ok(self.centres.get(&centre).copied())
    }

    fn keep_centre(&mut self, centre: CentreNo, kept: OperationCentre) -> Result<(), NoSuchJournal> {
        self.centres.insert(centre, kept);
        self.by_region.insert(kept.region, centre);
        let of_owner = self.by_owner.entry(kept.owner).or_insert(centre);
        *of_owner = centre.min(*of_owner);
        Ok(())
    }

    fn centre_in(&mut self, region: Adcode) -> Result<Option<CentreNo>, NoSuchJournal> {
        Ok(self.by_region.get(&region).copied())
    }

    fn centre_of(&mut self, owner: MemberNo) -> Result<Option<CentreNo>, NoSuchJournal> {
        Ok(self.by_owner.get(&owner).copied())
    }

    fn postings(&mut self, journal: i64) -> Result<Vec<Posting>, NoSuchJournal> {
        self.journals.get(&journal).cloned().ok_or(NoSuchJournal(journal))
    }
}
