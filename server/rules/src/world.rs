//! What the rules must know besides balances: people, their lines, and operation centres.

use haigou_ledger::{MemberNo, Posting};

use crate::event::{Adcode, CentreNo, PartnerTier};

/// What the events before have made, and nothing else.
///
/// Whoever keeps it (the server in memory and tables, the audit in memory) only stores: every change is made by the
/// rules.
pub trait World {
    /// Why it can't be read or kept.
    type Error;

    /// A member as he stands; the default for somebody who isn't registered yet.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn person(&mut self, member: MemberNo) -> Result<Person, Self::Error>;

    /// Keeps a member as he stands now.
    ///
    /// # Errors
    /// Whatever keeping can fail with.
    fn keep_person(&mut self, member: MemberNo, person: Person) -> Result<(), Self::Error>;

    /// What belongs to nobody in particular.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn society(&mut self) -> Result<Society, Self::Error>;

    /// Keeps it.
    ///
    /// # Errors
    /// Whatever keeping can fail with.
    fn keep_society(&mut self, society: Society) -> Result<(), Self::Error>;

    /// An approved operation centre; none if there is no such one.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn centre(&mut self, centre: CentreNo) -> Result<Option<OperationCentre>, Self::Error>;

    /// Keeps a centre that is approved now.
    ///
    /// # Errors
    /// Whatever keeping can fail with.
    fn keep_centre(&mut self, centre: CentreNo, kept: OperationCentre) -> Result<(), Self::Error>;

    /// The approved centre of exactly this adcode.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn centre_in(&mut self, region: Adcode) -> Result<Option<CentreNo>, Self::Error>;

    /// The owner's approved centre with the lowest number: the one that he applied for first.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn centre_of(&mut self, owner: MemberNo) -> Result<Option<CentreNo>, Self::Error>;

    /// The postings of an earlier journal, for refunds.
    ///
    /// # Errors
    /// Whatever reading can fail with; there being none, too.
    fn postings(&mut self, journal: i64) -> Result<Vec<Posting>, Self::Error>;
}

/// A member in his line.
///
/// All but [`Person::partner`] and [`Person::owner`] is made by events and to be stored. Those two only save walking:
/// whoever loads people anew may leave them at their default, if he does so for all of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Person {
    /// Who referred him, by number; 0 for nobody.
    pub sponsor: u32,
    /// Members above him.
    pub depth: u32,
    /// Members he referred.
    pub direct: u32,
    /// Members below him at any depth.
    pub team: u32,
    /// Juniors or higher in the team.
    pub juniors: u32,
    /// Juniors or higher that he referred.
    pub direct_juniors: u32,
    /// Middles or higher in the team.
    pub middles: u32,
    /// Middles or higher that he referred.
    pub direct_middles: u32,
    /// Bought a pack that made him one.
    pub vip: bool,
    /// Owns an approved operation centre.
    pub owns_centre: bool,
    /// His tier, if he is a partner.
    pub tier: Option<PartnerTier>,
    /// Where the next partner above him was last seen.
    pub partner: Nearest,
    /// Where the next owner of an approved centre above him was last seen.
    pub owner: Nearest,
}

/// Where somebody's next marked one up the line (partner, centre owner) was last seen.
///
/// The sighting holds until somebody else is marked below him: each marking counts up `below` of the next marked one
/// above, and a sighting carries the count of that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nearest {
    /// Who, by number; 0 for nobody.
    pub(crate) seen: u32,
    /// One more than his `below` at that moment; 0 for a sighting that was never made.
    pub(crate) stamp: u32,
    /// How many were marked whose next marked one above was this one.
    pub(crate) below: u32,
}

/// What belongs to nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Society {
    /// Members are numbered from 1 to this one.
    pub population: u32,
    /// How many partners there were marked with no partner above them; to be kept like [`Person::partner`].
    pub partners: u32,
    /// The same of centre owners.
    pub owners: u32,
}

/// An approved operation centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationCentre {
    /// Whose it is.
    pub owner: MemberNo,
    /// Its region.
    pub region: Adcode,
    /// The centre it was named under.
    pub parent: Option<CentreNo>,
}

impl Person {
    /// Is all of it the same that is made by events, and so to be stored?
    #[must_use]
    pub fn has_same_facts(&self, other: &Self) -> bool {
        let facts = |person: &Self| Self {
            partner: Nearest::default(),
            owner: Nearest::default(),
            ..*person
        };
        facts(self) == facts(other)
    }

    /// Who referred him.
    #[must_use]
    pub fn sponsor(&self) -> Option<MemberNo> {
        MemberNo::new(i64::from(self.sponsor))
    }
}
