//! A member applies for a merchant of his own.

use haigou_contract::ErrorCode;
use haigou_ledger::MemberNo;
use haigou_rules::{Adcode, Share};
use haigou_store::{Command, CommandError, Query as _, StoreError, Tx, params};

use super::approve::approve;
use super::merchant::Merchant;
use crate::ids::new_id;
use crate::web::{Refusal, refused};
use crate::world::{known, moment_of};

/// Applies for a merchant.
///
/// Refused are `unknown_member`, `duplicate` (the name is taken) and `bad_amount` (a rebate outside of the rulebook's
/// bounds).
#[derive(Debug, Clone)]
pub struct ApplyForMerchant {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: MemberNo,
    /// Where it is.
    pub region: Adcode,
    /// The part of each bill that it gives away, as a decimal: `0.10`.
    pub rebate: String,
    /// Whether the operator, who enters it himself, approves it at once.
    pub approve: bool,
}

impl Command for ApplyForMerchant {
    type Answer = Merchant;
    type Refusal = Refusal;
    const NAME: &'static str = "stores.apply";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Merchant, CommandError<Refusal>> {
        let Self {
            name,
            owner,
            region,
            rebate,
            approve: at_once,
        } = self;
        known(tx, owner)?;
        if Merchant::by_name(tx, &name)?.is_some() {
            return refused(Refusal::new(ErrorCode::Duplicate).at("name"));
        }
        let bounds = moment_of(tx, now_ms)?.rulebook.offline.rebate.clone();
        let rebate = match Share::parse(&rebate) {
            Ok(rebate) if bounds.min.at_most(rebate) && rebate.at_most(bounds.max) => rebate,
            _ => return refused(Refusal::new(ErrorCode::BadAmount).at("rebate")),
        };
        let (id, public_id) = (next_id(tx)?, new_id("s"));
        tx.write(
            "INSERT INTO merchant (id, public_id, name, owner, region, rebate, applied_ms, approved_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
            params![
                id,
                &public_id,
                &name,
                owner.number(),
                region,
                &rebate.to_string(),
                now_ms
            ],
        );
        let mut merchant = Merchant {
            id,
            public_id,
            name,
            owner,
            region,
            rebate,
            is_approved: false,
        };
        if at_once {
            approve(tx, &mut merchant, now_ms)?;
        }
        Ok(merchant)
    }
}

fn next_id(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(MAX(id), 0) + 1 FROM merchant";
    Ok(tx.query_one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}
