//! A member's row: written and read whole.

use haigou_contract::Day;
use haigou_ledger::{Holder, HolderRow, MemberNo};

use super::read::day;
use crate::{Param, Query, Row, StoreError, Tx, params};

/// The columns behind `member`, in the order of [`HolderRow`].
macro_rules! columns {
    () => {
        "active, settled_through, settled_in, hi_value_inactive, hi_value_active, hi_value_debt, \
         hi_shell_available, hi_shell_held, hi_shell_debt, challenge_frozen, challenge_available, \
         challenge_debt, shopping_available, shopping_held, shopping_debt, cash_available, cash_held, \
         cash_debt, hi_shell_waiting, hi_value_newest, hi_shell_newest, challenge_newest, shopping_newest, \
         cash_newest"
    };
}

const READ: &str = concat!("SELECT ", columns!(), " FROM holder WHERE member = $1");

/// Where [`READ_ALL`] has the member.
pub(super) const MEMBER: usize = 24;

/// Rows from `$1` to `$2`, with the member in the last column.
pub(super) const READ_ALL: &str = concat!(
    "SELECT ",
    columns!(),
    ", member FROM holder WHERE member BETWEEN $1 AND $2 ORDER BY member"
);

const WRITE: &str = concat!(
    "INSERT INTO holder (",
    columns!(),
    ", member) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
     $21, $22, $23, $24, $25) ON CONFLICT (member) DO UPDATE SET active = excluded.active, \
     settled_through = excluded.settled_through, settled_in = excluded.settled_in, \
     hi_value_inactive = excluded.hi_value_inactive, hi_value_active = excluded.hi_value_active, \
     hi_value_debt = excluded.hi_value_debt, hi_shell_available = excluded.hi_shell_available, \
     hi_shell_held = excluded.hi_shell_held, hi_shell_debt = excluded.hi_shell_debt, \
     challenge_frozen = excluded.challenge_frozen, challenge_available = excluded.challenge_available, \
     challenge_debt = excluded.challenge_debt, shopping_available = excluded.shopping_available, \
     shopping_held = excluded.shopping_held, shopping_debt = excluded.shopping_debt, \
     cash_available = excluded.cash_available, cash_held = excluded.cash_held, cash_debt = excluded.cash_debt, \
     hi_shell_waiting = excluded.hi_shell_waiting, hi_value_newest = excluded.hi_value_newest, \
     hi_shell_newest = excluded.hi_shell_newest, challenge_newest = excluded.challenge_newest, \
     shopping_newest = excluded.shopping_newest, cash_newest = excluded.cash_newest"
);

/// Reads a row of the columns, whatever stands in them.
pub(super) fn row(row: &Row<'_>) -> Result<HolderRow, StoreError> {
    let mut read = HolderRow {
        active: row.int(0)?,
        settled_through: row.opt_int(1)?,
        settled_in: row.int(2)?,
        units: [0; 16],
        newest: [0; 5],
    };
    for (number, column) in read.units.iter_mut().chain(&mut read.newest).zip(3..) {
        *number = row.int(column)?;
    }
    Ok(read)
}

/// The member as the table has him; none of whom no journal speaks.
pub(super) fn read(query: &mut impl Query, member: MemberNo) -> Result<Option<Holder>, StoreError> {
    let Some(found) = query.query_one(READ, params![member.number()], row)? else {
        return Ok(None);
    };
    Ok(Some(Holder {
        active: found.active != 0,
        settled_through: found.settled_through.map(day).transpose()?,
        settled_in: found.settled_in,
        units: found.units,
        newest: found.newest,
    }))
}

/// Writes the member's row.
pub(super) fn write(tx: &mut Tx<'_>, member: MemberNo, holder: &Holder) {
    let mut params = [Param::Null; 25];
    let through = holder.settled_through.map(|day: Day| i64::from(day.number()));
    let first = [holder.active.into(), through.into(), holder.settled_in.into()];
    let numbers = holder
        .units
        .iter()
        .chain(&holder.newest)
        .copied()
        .map(Param::from);
    let all = first.into_iter().chain(numbers).chain([member.number().into()]);
    params.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    tx.write(WRITE, &params);
}
