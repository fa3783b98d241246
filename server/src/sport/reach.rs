//! What a day's steps reach: booked, and noted in the day's book.

use haigou_contract::Amount;
use haigou_ledger::{Account, Balances as _, MemberNo, Slot};
use haigou_rules::{Event, StepsUpdate, Unfreezing, steps};
use haigou_store::ledger::Books;
use haigou_store::{CommandError, Tx};

use super::book::Book;
use crate::web::Refusal;
use crate::world::{book_event, moment_of};

/// Books the milestones that a day has reached since they were booked last, and answers them.
pub(super) fn reach(
    tx: &mut Tx<'_>,
    now_ms: i64,
    member: MemberNo,
    book: &mut Book,
) -> Result<Vec<Unfreezing>, CommandError<Refusal>> {
    let rulebook = moment_of(tx, now_ms)?.rulebook;
    let reached = book.reached();
    let frozen = Books::open(tx, now_ms)?.balance(Account::Member(member, Slot::ChallengeFrozen))?;
    let milestones = steps(&rulebook, book.totals, &reached, Amount::from_units(frozen));
    if milestones.is_empty() {
        return Ok(milestones);
    }
    let cause = book.day.to_string();
    // A day's milestones are reached once each, so their count makes the key new.
    let key = format!("steps:{}:{cause}:{}", member.number(), reached.len());
    let event = Event::Steps(StepsUpdate {
        member,
        day: book.day,
        totals: book.totals,
        reached,
    });
    book_event(tx, now_ms, "steps", cause, key, &event)?;
    for milestone in &milestones {
        book.reach(milestone);
    }
    Ok(milestones)
}
