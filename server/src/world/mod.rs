//! The world that the rules work in, and the way of an event: worked out in it, and booked.

mod in_force;
mod people;

use haigou_contract::ErrorCode;
use haigou_ledger::{LedgerError, MemberNo, Posting};
use haigou_rules::{Adcode, CentreNo, Event, OperationCentre, Person, PlanError, Society, World, plan};
use haigou_store::ledger::{Books, LedgerFailure, journal};
use haigou_store::{CommandError, StoreError, Tx};

pub(crate) use in_force::{Moment, forget_moment, moment_of};
pub(crate) use people::{each_person, person as person_in_tables, tier};

use crate::ids::new_name;
use crate::web::Refusal;
use people::{CentreKey, People};

/// Works out an event under the rulebook and the price of this moment, and books it as one journal. Answers its number.
///
/// `kind` is the kind of event in statements, `cause` the event's id, and `key` makes the journal unique.
///
/// # Errors
/// What the rules or the ledger refuse, as the code that stands for it; the database's.
pub(crate) fn book_event(
    tx: &mut Tx<'_>,
    now_ms: i64,
    kind: &'static str,
    cause: impl Into<String>,
    key: impl Into<String>,
    event: &Event,
) -> Result<i64, CommandError<Refusal>> {
    let (seq, ()) = book_event_seen(tx, now_ms, kind, cause, key, event, |_| ())?;
    Ok(seq)
}

/// As [`book_event`], for an event that nobody asks for by name: it gets a new one, which begins with `prefix`.
///
/// # Errors
/// As for [`book_event`].
pub(crate) fn book_unnamed(
    tx: &mut Tx<'_>,
    now_ms: i64,
    kind: &'static str,
    prefix: &str,
    event: &Event,
) -> Result<(), CommandError<Refusal>> {
    let name = new_name(prefix, now_ms);
    book_event(tx, now_ms, kind, &name, &name, event)?;
    Ok(())
}

/// As [`book_event`], with a look at the journal's postings.
///
/// # Errors
/// As for [`book_event`].
pub(crate) fn book_event_seen<T>(
    tx: &mut Tx<'_>,
    now_ms: i64,
    kind: &'static str,
    cause: impl Into<String>,
    key: impl Into<String>,
    event: &Event,
    see: impl FnOnce(&[Posting]) -> T,
) -> Result<(i64, T), CommandError<Refusal>> {
    let Moment { rulebook, price } = moment_of(tx, now_ms)?;
    let plan = in_world(tx, |world| plan(event, &rulebook, price, world)).map_err(not_planned)?;
    let mut seen = None;
    let seq = Books::open(tx, now_ms)?
        .book(kind, cause, key, |draft| {
            plan.book(draft)?;
            seen = Some(see(draft.postings()));
            Ok(())
        })
        .map_err(not_booked)?;
    seq.zip(seen)
        .ok_or_else(|| StoreError::Bug("an event was booked without a posting".to_owned()).into())
}

/// Looks at the world, or works in it.
pub(crate) fn in_world<T>(tx: &mut Tx<'_>, work: impl FnOnce(&mut Present<'_, '_>) -> T) -> T {
    tx.memory(|people: &mut People, tx| work(&mut Present { people, tx }))
}

/// A member as he stands now; `unknown_member` if there is no such one.
///
/// # Errors
/// `unknown_member`; the database's.
pub(crate) fn known(tx: &mut Tx<'_>, member: MemberNo) -> Result<Person, CommandError<Refusal>> {
    let (person, society) = in_world(tx, |world| {
        Ok::<_, StoreError>((world.person(member)?, world.society()?))
    })?;
    if member.number() > i64::from(society.population) {
        return Err(CommandError::Refused(ErrorCode::UnknownMember.into()));
    }
    Ok(person)
}

/// The world as it is for the writer at this moment.
pub(crate) struct Present<'w, 't> {
    people: &'w mut People,
    tx: &'w mut Tx<'t>,
}

impl World for Present<'_, '_> {
    type Error = StoreError;

    fn person(&mut self, member: MemberNo) -> Result<Person, StoreError> {
        self.people.person(self.tx, member)
    }

    fn keep_person(&mut self, member: MemberNo, person: Person) -> Result<(), StoreError> {
        self.people.keep_person(member, person)
    }

    fn society(&mut self) -> Result<Society, StoreError> {
        self.people.society(self.tx)
    }

    fn keep_society(&mut self, society: Society) -> Result<(), StoreError> {
        self.people.keep_society(society);
        Ok(())
    }

    fn centre(&mut self, centre: CentreNo) -> Result<Option<OperationCentre>, StoreError> {
        let found = self.people.centre(self.tx, CentreKey::Number(centre))?;
        Ok(found.map(|(_, centre)| centre))
    }

    fn keep_centre(&mut self, centre: CentreNo, kept: OperationCentre) -> Result<(), StoreError> {
        self.people.keep_centre(self.tx, centre, kept)
    }

    fn centre_in(&mut self, region: Adcode) -> Result<Option<CentreNo>, StoreError> {
        let found = self.people.centre(self.tx, CentreKey::Region(region))?;
        Ok(found.map(|(number, _)| number))
    }

    fn centre_of(&mut self, owner: MemberNo) -> Result<Option<CentreNo>, StoreError> {
        let found = self.people.centre(self.tx, CentreKey::Owner(owner))?;
        Ok(found.map(|(number, _)| number))
    }

    fn postings(&mut self, seq: i64) -> Result<Vec<Posting>, StoreError> {
        match journal(self.tx, seq) {
            Ok(Some(journal)) => Ok(journal.postings),
            Ok(None) => Err(StoreError::Bug(format!("there is no journal {seq}"))),
            Err(LedgerFailure::Balances(error)) => Err(error),
            Err(LedgerFailure::Refused(error)) => Err(StoreError::Bug(error.to_string())),
        }
    }
}

/// What the rules refuse, as the code that stands for it.
fn not_planned(error: PlanError<StoreError>) -> CommandError<Refusal> {
    let code = match error {
        PlanError::World(error) => return error.into(),
        PlanError::SwitchedOff(_) => ErrorCode::SwitchedOff,
        PlanError::BadAmount(_) | PlanError::TooLarge { .. } => ErrorCode::BadAmount,
        PlanError::SelfDealing => ErrorCode::SelfDealing,
        PlanError::TierKept(_) => ErrorCode::TierKept,
        PlanError::NotVip(_) => ErrorCode::NotEligible,
        other => return StoreError::Bug(format!("the rules can't work an event out: {other}")).into(),
    };
    CommandError::Refused(code.into())
}

/// What the ledger refuses, as the code that stands for it. What no member's act can lead to is a fault of this program.
fn not_booked(failure: LedgerFailure) -> CommandError<Refusal> {
    let code = match failure {
        LedgerFailure::Balances(error) => return error.into(),
        LedgerFailure::Refused(LedgerError::Insufficient { .. }) => ErrorCode::Insufficient,
        LedgerFailure::Refused(LedgerError::CapExceeded { .. }) => ErrorCode::CapExceeded,
        LedgerFailure::Refused(LedgerError::Overflow(_) | LedgerError::NegativeAmount(_)) => {
            ErrorCode::BadAmount
        }
        LedgerFailure::Refused(other) => {
            return StoreError::Bug(format!("the ledger refused: {other}")).into();
        }
    };
    CommandError::Refused(code.into())
}
