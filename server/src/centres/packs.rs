//! Centre packs: what an operation centre is applied for with.

use haigou_contract::Amount;
use haigou_ledger::MemberNo;
use haigou_rules::CentreNo;
use haigou_store::{Query, StoreError, Tx, params};

/// Notes that a centre pack of an order was received, and what it cost. To be called once a line of an
/// order: it brings one centre.
///
/// # Errors
/// The database's.
pub fn received(tx: &mut Tx<'_>, owner: MemberNo, order: &str, paid: Amount) -> Result<(), StoreError> {
    let sql = "SELECT COALESCE(MAX(id), 0) + 1 FROM centre_pack";
    let id = tx.query_one(sql, &[], |row| row.int(0))?.unwrap_or(1);
    tx.write(
        "INSERT INTO centre_pack (id, owner, paid, order_name, centre) VALUES ($1, $2, $3, $4, NULL)",
        params![id, owner.number(), paid.units(), order],
    );
    Ok(())
}

/// Notes that an order was refunded whole: its packs that weren't used are gone.
pub fn returned(tx: &mut Tx<'_>, order: &str) {
    tx.write(
        "DELETE FROM centre_pack WHERE order_name = $1 AND centre IS NULL",
        params![order],
    );
}

/// Uses the member's oldest unused pack for a centre; says whether there was one.
pub(super) fn use_up(tx: &mut Tx<'_>, owner: MemberNo, centre: CentreNo) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM centre_pack WHERE owner = $1 AND centre IS NULL ORDER BY id LIMIT 1";
    let Some(pack) = tx.query_one(sql, params![owner.number()], |row| row.int(0))? else {
        return Ok(false);
    };
    tx.write(
        "UPDATE centre_pack SET centre = $2 WHERE id = $1",
        params![pack, centre],
    );
    Ok(true)
}

/// What a centre's pack cost, if it joined by one.
pub(super) fn paid(query: &mut impl Query, centre: CentreNo) -> Result<Option<Amount>, StoreError> {
    query.query_one(
        "SELECT paid FROM centre_pack WHERE centre = $1",
        params![centre],
        |row| Ok(Amount::from_units(row.int(0)?)),
    )
}
