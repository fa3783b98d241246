//! Names of orders: mall orders and bills share one space of them.

use haigou_contract::ErrorCode;
use haigou_store::{CommandError, Query, StoreError, Tx, params};

use crate::ids::new_name;
use crate::web::{Refusal, refused};

/// The name that somebody wants for an order or bill, or a new one.
///
/// # Errors
/// `duplicate`; the database's.
pub(crate) fn named(
    tx: &mut Tx<'_>,
    wanted: Option<String>,
    prefix: &str,
    now_ms: i64,
) -> Result<String, CommandError<Refusal>> {
    match wanted {
        Some(name) if is_taken(tx, &name)? => refused(ErrorCode::Duplicate),
        Some(name) => Ok(name),
        None => Ok(new_name(prefix, now_ms)),
    }
}

/// Whether an order or a bill has this name.
///
/// # Errors
/// The database's.
pub(crate) fn is_taken(query: &mut impl Query, name: &str) -> Result<bool, StoreError> {
    for sql in [
        "SELECT 1 FROM bill WHERE name = $1",
        "SELECT 1 FROM mall_order WHERE name = $1",
    ] {
        if query.query_one(sql, params![name], |row| row.int(0))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
