//! Merchants' stores, and bills at them.

use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Asset, ErrorCode};

/// `POST /api/v1/stores`: applies for a store of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewStore {
    /// Its name, which no other has: 1 to 64 characters.
    pub name: String,
    /// Where it is: an adcode (GB/T 2260), six digits, for example `441900`.
    pub region: String,
    /// The part of each bill that it gives away, for example `0.10`; within the rulebook's bounds.
    pub rebate: String,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Store {
    /// Its id.
    pub store: String,
    /// Its name.
    pub name: String,
    /// Where it is: an adcode.
    pub region: String,
    /// The part of each bill that it gives away.
    pub rebate: String,
    /// How far it is.
    pub status: StoreStatus,
}

/// How far a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StoreStatus {
    /// It waits for its approval.
    Applied,
    /// It takes bills.
    Approved,
}

/// `POST /api/v1/stores/{store}/bills`: the store's owner enters a bill, which the member confirms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewBill {
    /// Who pays: the member's id or invite code.
    pub member: String,
    /// How much, in CNY, for example `100.00`.
    pub amount: String,
}

/// `POST /api/v1/bills/{bill}/confirm`, signed by the device: the member agrees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmBill {
    /// What of it he pays in Hi-Shell, in Hi-Shell, for example `2.5`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hi_shell: Option<String>,
}

/// A bill, as both sides see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bill {
    /// Its id.
    pub bill: String,
    /// The store's id.
    pub store: String,
    /// The store's name.
    pub store_name: String,
    /// Who pays: the member's id.
    pub member: String,
    /// How much, in CNY.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub amount: Decimal,
    /// What of it is paid in Hi-Shell, in Hi-Shell.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub hi_shell: Decimal,
    /// How far it is.
    pub status: BillStatus,
    /// Until when it can be confirmed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub until: DateTime<FixedOffset>,
    /// What it brings the member, or would bring him now.
    pub member_gets: Vec<Gain>,
    /// What it brings the store's owner, or would bring him now; what he gives is negative.
    pub store_gets: Vec<Gain>,
    /// Why it couldn't be confirmed now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<ErrorCode>,
}

/// How far a bill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BillStatus {
    /// It waits for the member's word.
    Waiting,
    /// Both sides agreed, and it is booked.
    Confirmed,
    /// The member didn't agree in time.
    Expired,
}

/// What something brings somebody of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gain {
    /// The asset.
    pub asset: Asset,
    /// What comes (positive) or goes (negative).
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub amount: Decimal,
}
