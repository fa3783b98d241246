//! An operation centre as the database has it.

use haigou_contract::ErrorCode;
use haigou_ledger::MemberNo;
use haigou_rules::{Adcode, CentreNo, JoinsBy};
use haigou_store::{CommandError, Query, Row, StoreError, Tx, params};

use crate::web::{Refusal, refused};

/// An operation centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Centre {
    /// From 1.
    pub id: CentreNo,
    /// Its name, which no other has.
    pub name: String,
    /// Whose it is.
    pub owner: MemberNo,
    /// Its region.
    pub region: Adcode,
    /// The centre it was named under.
    pub parent: Option<CentreNo>,
    /// How it joins.
    pub by: JoinsBy,
    /// Whether it was approved.
    pub is_approved: bool,
}

const SELECT: &str = "SELECT centre.id, name, centre.owner, centre.region, centre.parent, joined_by, \
    approved_centre.centre IS NOT NULL FROM centre LEFT JOIN approved_centre ON approved_centre.centre = centre.id";

impl Centre {
    /// All of them, by number.
    ///
    /// # Errors
    /// The database's.
    pub fn all(query: &mut impl Query) -> Result<Vec<Self>, StoreError> {
        query.query(&format!("{SELECT} ORDER BY centre.id"), &[], read)
    }

    /// By name.
    ///
    /// # Errors
    /// The database's.
    pub fn by_name(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        query.query_one(&format!("{SELECT} WHERE name = $1"), params![name], read)
    }

    /// By name, or `unknown_centre`.
    pub(super) fn named(query: &mut impl Query, name: &str) -> Result<Self, CommandError<Refusal>> {
        match Self::by_name(query, name)? {
            Some(centre) => Ok(centre),
            None => refused(ErrorCode::UnknownCentre),
        }
    }

    /// Writes a new one.
    pub(super) fn insert(&self, tx: &mut Tx<'_>, now_ms: i64) {
        tx.write(
            "INSERT INTO centre (id, name, owner, region, parent, joined_by, applied_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                self.id,
                &self.name,
                self.owner.number(),
                self.region,
                self.parent,
                way_name(self.by),
                now_ms
            ],
        );
    }
}

fn read(row: &Row<'_>) -> Result<Centre, StoreError> {
    let fault = |what: &str| StoreError::Bug(format!("a centre's {what} can't be read"));
    Ok(Centre {
        id: row.int(0)?,
        name: row.text(1)?,
        owner: MemberNo::new(row.int(2)?).ok_or_else(|| fault("owner"))?,
        region: Adcode::try_from(row.int(3)?).map_err(|_| fault("region"))?,
        parent: row.opt_int(4)?,
        by: way_named(&row.text(5)?).ok_or_else(|| fault("way in"))?,
        is_approved: row.flag(6)?,
    })
}

const fn way_name(by: JoinsBy) -> &'static str {
    match by {
        JoinsBy::Pack => "pack",
        JoinsBy::Senior => "senior",
        JoinsBy::Application => "application",
    }
}

fn way_named(name: &str) -> Option<JoinsBy> {
    [JoinsBy::Pack, JoinsBy::Senior, JoinsBy::Application]
        .into_iter()
        .find(|by| way_name(*by) == name)
}
