//! What a member owns, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Asset, Bucket, Day};

/// What stands in one bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// The amount, with all decimals of the asset; a debt is a positive figure.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub amount: Decimal,
}

/// `GET /api/v1/wallet`: five assets at a glance, settled up to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wallet {
    /// Every bucket of every asset, in the wallet's order, empty ones too.
    pub balances: Vec<Balance>,
    /// CNY per Hi-Shell of the day, 4 decimals.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub shell_price: Decimal,
    /// Rewards in Hi-Shell that wait for the reward pool to be filled, in all.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub waiting: Decimal,
    /// Counts as active: Hi-Value is a share key.
    pub active: bool,
    /// The rulebook in force.
    pub rulebook: RulebookRef,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub at: DateTime<FixedOffset>,
}

/// Which rulebook a figure follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RulebookRef {
    /// Its name.
    pub name: String,
    /// Its version, from 1.
    pub version: u32,
}

/// `GET /api/v1/rules`: the rules that a member is under, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rules {
    /// Which rulebook.
    pub rulebook: RulebookRef,
    /// Since when it is in force.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub since: DateTime<FixedOffset>,
    /// Rule by rule, each a sentence in the caller's language.
    pub sentences: Vec<String>,
}

/// A line of the statement, in `GET /api/v1/wallet/statement`, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementLine {
    /// Its id.
    pub line: String,
    /// When it was booked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub at: DateTime<FixedOffset>,
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// What came (positive) or went (negative).
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub amount: Decimal,
    /// The rule that made it, for example `register.direct`.
    pub rule: String,
    /// The rule in words with its figures, in the caller's language.
    pub text: String,
    /// The figures put in, by name.
    pub figures: BTreeMap<String, String>,
    /// The event behind it, for example `registration`, `steps`, `airdrop`.
    pub event: String,
    /// The rulebook it follows.
    pub rulebook: RulebookRef,
    /// The journal that booked it.
    pub journal: u64,
    /// The journal's hash, hex, for the auditor.
    pub hash: String,
}

/// `GET /api/v1/wallet/airdrop`: one day of the airdrop, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AirdropDay {
    /// The day.
    pub day: Day,
    /// What was dropped to all.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub drop: Decimal,
    /// All active Hi-Value of the network at the day's end.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub network: Decimal,
    /// The member's own active Hi-Value then.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub own: Decimal,
    /// The member's share of the drop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub share: Decimal,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Asks for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
