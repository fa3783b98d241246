//! People and approved centres, known by heart by the writer.

use std::ops::ControlFlow;

use foldhash::HashMap;
use haigou_ledger::MemberNo;
use haigou_rules::{Adcode, CentreNo, OperationCentre, PartnerTier, Person, Society};
use haigou_store::{Log, Memory, Query, Row, StoreError, Tx, params};

/// So many people are known at most between two batches: 35 MB of them.
const MOST_KNOWN: usize = 450_000;

/// The columns of `person`, as [`read`] takes them.
const COLUMNS: &str = "member, sponsor, depth, direct, team, juniors, direct_juniors, middles, direct_middles, vip, \
                       owns_centre, tier";

/// What the rules know of people and centres. Read when it is needed, written back once a batch.
///
/// Sightings of partners and centre owners ([`Person::partner`]) are in no table. They hold as long as nobody is
/// forgotten, so people are only ever forgotten all together.
#[derive(Default)]
pub(super) struct People {
    known: HashMap<u32, Known>,
    unwritten: Vec<u32>,
    society: Option<Society>,
    centres: Option<Centres>,
    log: Log<Before>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    person: Person,
    is_written: bool,
}

/// What an approved centre is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum CentreKey {
    /// Its number.
    Number(CentreNo),
    /// Its region.
    Region(Adcode),
    /// Its owner; of several centres it is the one that he applied for first.
    Owner(MemberNo),
}

/// The approved centres, in the order of their approval.
#[derive(Debug, Clone, Default)]
struct Centres {
    approved: Vec<(CentreNo, OperationCentre)>,
    places: HashMap<CentreKey, usize>,
    /// So many of them are in the table.
    written: usize,
}

impl Centres {
    fn add(&mut self, number: CentreNo, centre: OperationCentre) {
        let place = self.approved.len();
        for key in [
            CentreKey::Number(number),
            CentreKey::Region(centre.region),
            CentreKey::Owner(centre.owner),
        ] {
            self.places.entry(key).or_insert(place);
        }
        let owner = CentreKey::Owner(centre.owner);
        let first = self
            .places
            .get(&owner)
            .and_then(|&place| self.approved.get(place));
        if first.is_some_and(|(first, _)| number < *first) {
            self.places.insert(owner, place);
        }
        self.approved.push((number, centre));
    }
}

/// How something was before it changed.
enum Before {
    Person(u32, Option<Known>),
    Unwritten(u32),
    Society(Option<Society>),
    Centres(Option<Centres>),
}

impl Memory for People {
    const TABLES: &'static [&'static str] = &["person", "approved_centre"];

    fn begin(&mut self) {
        self.log.begin();
    }

    fn keep(&mut self) {
        self.log.keep();
    }

    fn undo(&mut self) {
        for before in self.log.undo() {
            match before {
                Before::Person(member, Some(known)) => {
                    self.known.insert(member, known);
                }
                Before::Person(member, None) => {
                    self.known.remove(&member);
                }
                Before::Unwritten(member) => {
                    if let Some(known) = self.known.get_mut(&member) {
                        known.is_written = false;
                        self.unwritten.push(member);
                    }
                }
                Before::Society(society) => self.society = society,
                Before::Centres(centres) => self.centres = centres,
            }
        }
    }

    fn write_back(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        for member in std::mem::take(&mut self.unwritten) {
            if let Some(known) = self.known.get_mut(&member).filter(|known| !known.is_written) {
                known.is_written = true;
                self.log.note(Before::Unwritten(member));
                write(tx, member, &known.person);
            }
        }
        if let Some(centres) = &mut self.centres
            && centres.written < centres.approved.len()
        {
            self.log.note(Before::Centres(Some(centres.clone())));
            for (place, (centre, kept)) in (1_i64..).zip(&centres.approved).skip(centres.written) {
                tx.write(
                    "INSERT INTO approved_centre (centre, place, owner, region, parent) VALUES ($1, $2, $3, $4, $5)",
                    params![*centre, place, kept.owner.number(), kept.region, kept.parent],
                );
            }
            centres.written = centres.approved.len();
        }
        Ok(())
    }

    fn tidy(&mut self) {
        if self.known.len() > MOST_KNOWN {
            *self = Self::default();
        }
    }
}

impl People {
    pub(super) fn person(&mut self, tx: &mut Tx<'_>, member: MemberNo) -> Result<Person, StoreError> {
        let Ok(number) = u32::try_from(member.number()) else {
            return Ok(Person::default());
        };
        if let Some(known) = self.known.get(&number) {
            return Ok(known.person);
        }
        let Some(person) = person(tx, member)? else {
            return Ok(Person::default());
        };
        let is_written = true;
        self.known.insert(number, Known { person, is_written });
        Ok(person)
    }

    pub(super) fn keep_person(&mut self, member: MemberNo, person: Person) -> Result<(), StoreError> {
        let number = u32::try_from(member.number())
            .map_err(|_| StoreError::Bug(format!("there can be no member {}", member.number())))?;
        let mut now = Known {
            person,
            is_written: false,
        };
        let before = match self.known.get_mut(&number) {
            Some(known) => {
                now.is_written = known.is_written && known.person.has_same_facts(&person);
                Some(std::mem::replace(known, now))
            }
            None => self.known.insert(number, now),
        };
        if !now.is_written && before.is_none_or(|before| before.is_written) {
            self.unwritten.push(number);
        }
        self.log.note(Before::Person(number, before));
        Ok(())
    }

    pub(super) fn society(&mut self, tx: &mut Tx<'_>) -> Result<Society, StoreError> {
        if let Some(society) = self.society {
            return Ok(society);
        }
        let sql = "SELECT COALESCE(MAX(member), 0) FROM person";
        let population = tx.query_one(sql, &[], |row| count(row, 0))?.unwrap_or(0);
        let society = Society {
            population,
            ..Society::default()
        };
        self.society = Some(society);
        Ok(society)
    }

    pub(super) fn keep_society(&mut self, society: Society) {
        self.log.note(Before::Society(self.society.replace(society)));
    }

    fn centres(&mut self, tx: &mut Tx<'_>) -> Result<&mut Centres, StoreError> {
        if self.centres.is_none() {
            let sql = "SELECT centre, owner, region, parent FROM approved_centre ORDER BY place";
            let mut centres = Centres::default();
            tx.for_each(sql, &[], |row| {
                let centre = OperationCentre {
                    owner: MemberNo::try_from(row.int(1)?).map_err(|e| StoreError::Bug(e.to_string()))?,
                    region: count(row, 2)?,
                    parent: row.opt_int(3)?,
                };
                centres.add(row.int(0)?, centre);
                Ok(())
            })?;
            centres.written = centres.approved.len();
            self.centres = Some(centres);
        }
        Ok(self.centres.get_or_insert_default())
    }

    pub(super) fn centre(
        &mut self,
        tx: &mut Tx<'_>,
        key: CentreKey,
    ) -> Result<Option<(CentreNo, OperationCentre)>, StoreError> {
        let centres = self.centres(tx)?;
        let place = centres.places.get(&key);
        Ok(place.and_then(|&place| centres.approved.get(place).copied()))
    }

    pub(super) fn keep_centre(
        &mut self,
        tx: &mut Tx<'_>,
        number: CentreNo,
        centre: OperationCentre,
    ) -> Result<(), StoreError> {
        let centres = self.centres(tx)?;
        let before = centres.clone();
        centres.add(number, centre);
        self.log.note(Before::Centres(Some(before)));
        Ok(())
    }
}

/// A member as the tables have him; none who isn't registered.
///
/// # Errors
/// The database's.
pub(crate) fn person(query: &mut impl Query, member: MemberNo) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM person WHERE member = $1");
    query.query_one(&sql, params![member.number()], read)
}

/// Calls `each` with every row of the table by number: the number, and the member as far as he can be read.
///
/// # Errors
/// The database's.
pub(crate) fn each_person(
    query: &mut impl Query,
    mut each: impl FnMut(i64, Result<Person, StoreError>) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM person ORDER BY member");
    query.walk(&sql, &[], &mut |row| {
        let key = row.int(0);
        Ok(each(*key.as_ref().unwrap_or(&0), key.and_then(|_| read(row))))
    })
}

fn read(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        sponsor: count(row, 1)?,
        depth: count(row, 2)?,
        direct: count(row, 3)?,
        team: count(row, 4)?,
        juniors: count(row, 5)?,
        direct_juniors: count(row, 6)?,
        middles: count(row, 7)?,
        direct_middles: count(row, 8)?,
        vip: row.flag(9)?,
        owns_centre: row.flag(10)?,
        tier: tier(row.int(11)?)?,
        ..Person::default()
    })
}

fn write(tx: &mut Tx<'_>, member: u32, person: &Person) {
    tx.write(
        "INSERT INTO person (member, sponsor, depth, direct, team, juniors, direct_juniors, middles, direct_middles, \
         vip, owns_centre, tier) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (member) DO UPDATE SET direct = excluded.direct, team = excluded.team, \
         juniors = excluded.juniors, direct_juniors = excluded.direct_juniors, middles = excluded.middles, \
         direct_middles = excluded.direct_middles, vip = excluded.vip, owns_centre = excluded.owns_centre, \
         tier = excluded.tier",
        params![
            member,
            person.sponsor,
            person.depth,
            person.direct,
            person.team,
            person.juniors,
            person.direct_juniors,
            person.middles,
            person.direct_middles,
            person.vip,
            person.owns_centre,
            tier_number(person.tier)
        ],
    );
}

fn count(row: &Row<'_>, column: usize) -> Result<u32, StoreError> {
    let stored = row.int(column)?;
    u32::try_from(stored).map_err(|_| StoreError::Bug(format!("a count of {stored} is stored")))
}

const fn tier_number(tier: Option<PartnerTier>) -> i64 {
    match tier {
        None => 0,
        Some(PartnerTier::Junior) => 1,
        Some(PartnerTier::Middle) => 2,
        Some(PartnerTier::Senior) => 3,
    }
}

/// A tier as the table has it.
///
/// # Errors
/// It is none.
pub(crate) fn tier(number: i64) -> Result<Option<PartnerTier>, StoreError> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(PartnerTier::Junior)),
        2 => Ok(Some(PartnerTier::Middle)),
        3 => Ok(Some(PartnerTier::Senior)),
        other => Err(StoreError::Bug(format!("a tier {other} is stored"))),
    }
}
