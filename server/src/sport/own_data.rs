//! What the server keeps of a member's sport: given out to him, and erased with his account.

use haigou_contract::{ActivityRecord, Appeal, Day, DaySteps, Language, MinuteSteps};
use haigou_store::{Query, StoreError, Tx, params};
use serde::Serialize;

use super::book::Book;
use super::{activity, appeals};

/// Everything that is kept of a member's sport.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SportData {
    /// His days.
    days: Vec<DaySteps>,
    /// His minutes, as they were reported.
    minutes: Vec<MinuteSteps>,
    /// His activities, with what was made of them, the newest first.
    activities: Vec<ActivityRecord>,
    /// What he disagreed with, the newest first.
    appeals: Vec<Appeal>,
}

/// Collects everything that is kept of a member's sport.
///
/// # Errors
/// The database's.
pub(crate) fn export(
    query: &mut impl Query,
    member: i64,
    language: Language,
) -> Result<SportData, StoreError> {
    let (first, last) = (Day::from_number(i32::MIN), Day::from_number(i32::MAX));
    let books = Book::load_range(query, member, first, last)?;
    Ok(SportData {
        days: books.iter().map(Book::steps).collect(),
        minutes: books.iter().flat_map(Book::claims).collect(),
        activities: activity::list(query, member, None, u32::MAX - 1, language)?.items,
        appeals: appeals::list(query, member, None, u32::MAX - 1)?.items,
    })
}

/// Erases a member's minutes, activities and appeals. What they unfroze stays in the ledger.
///
/// # Errors
/// The database's.
pub(crate) fn erase(tx: &mut Tx<'_>, member: i64) -> Result<(), StoreError> {
    for table in ["sport_day", "sport_activity", "sport_appeal"] {
        tx.execute(&format!("DELETE FROM {table} WHERE member = $1"), params![member])?;
    }
    Ok(())
}
