//! Names of orders: mall orders and bills share one space of them.

use haigou_store::{Query, StoreError, params};

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
