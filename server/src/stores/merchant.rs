//! A merchant as the database has it.

use haigou_contract::{ErrorCode, Store, StoreStatus};
use haigou_ledger::MemberNo;
use haigou_rules::{Adcode, Share};
use haigou_store::{CommandError, Query, Row, StoreError, params};

use crate::web::{Refusal, refused};

/// A merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    /// From 1.
    pub id: i64,
    /// Its id outside.
    pub public_id: String,
    /// Its name, which no other has.
    pub name: String,
    /// Whose it is.
    pub owner: MemberNo,
    /// Where it is.
    pub region: Adcode,
    /// The part of each bill that it gives away.
    pub rebate: Share,
    /// Whether it was approved.
    pub is_approved: bool,
}

/// A merchant's columns, in the order in which [`read`] takes them.
pub(super) const COLUMNS: &str = "merchant.id, merchant.public_id, merchant.name, merchant.owner, merchant.region, \
    merchant.rebate, merchant.approved_ms IS NOT NULL";

impl Merchant {
    /// By name.
    ///
    /// # Errors
    /// The database's.
    pub fn by_name(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM merchant WHERE name = $1");
        query.query_one(&sql, params![name], read)
    }

    /// By its id outside.
    ///
    /// # Errors
    /// The database's.
    pub fn by_public_id(query: &mut impl Query, id: &str) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM merchant WHERE public_id = $1");
        query.query_one(&sql, params![id], read)
    }

    /// All of an owner's, in the order in which he applied for them.
    ///
    /// # Errors
    /// The database's.
    pub fn of_owner(query: &mut impl Query, owner: MemberNo) -> Result<Vec<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM merchant WHERE owner = $1 ORDER BY id");
        query.query(&sql, params![owner.number()], read)
    }

    /// As its owner sees it.
    pub(super) fn shown(&self) -> Store {
        Store {
            store: self.public_id.clone(),
            name: self.name.clone(),
            region: self.region.to_string(),
            rebate: self.rebate.to_string(),
            status: if self.is_approved {
                StoreStatus::Approved
            } else {
                StoreStatus::Applied
            },
        }
    }

    /// By name, or `unknown_merchant`.
    pub(super) fn named(query: &mut impl Query, name: &str) -> Result<Self, CommandError<Refusal>> {
        match Self::by_name(query, name)? {
            Some(merchant) => Ok(merchant),
            None => refused(ErrorCode::UnknownMerchant),
        }
    }
}

/// The merchant whose columns come first in a row.
pub(super) fn read(row: &Row<'_>) -> Result<Merchant, StoreError> {
    let fault = |what: &str| StoreError::Bug(format!("a merchant's {what} can't be read"));
    Ok(Merchant {
        id: row.int(0)?,
        public_id: row.text(1)?,
        name: row.text(2)?,
        owner: MemberNo::new(row.int(3)?).ok_or_else(|| fault("owner"))?,
        region: Adcode::try_from(row.int(4)?).map_err(|_| fault("region"))?,
        rebate: Share::parse(&row.text(5)?).map_err(|_| fault("rebate"))?,
        is_approved: row.flag(6)?,
    })
}
