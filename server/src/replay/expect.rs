//! What must hold at the end of a scenario: a part of the state, in its shape.

use haigou_contract::ErrorCode;
use haigou_rules::{Cents, Price, Shells};
use serde::{Deserialize, Deserializer, Serialize};

use super::values::{Amounts, Each, Object};

macro_rules! named {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ })+) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(super) struct $name {
            $($(#[$field_meta])* #[serde(skip_serializing_if = "Option::is_none")] $field: Option<$type>,)+
        })+
    };
}

named! {
    /// What is expected. Only what is named is compared, `rejected` and `vip` as a whole. Amounts are written with all
    /// decimals, however they were read.
    Expect {
        audit: Audit,
        balances: Each<String, Amounts>,
        centres: Each<String, Object<ExpectedCentre>>,
        price: Price,
        rejected: Vec<Object<ExpectedRejection>>,
        supply: Object<ExpectedSupply>,
        tiers: Each<String, Tier>,
        unfunded: Each<String, Shells>,
        vip: Vec<String>,
    }
    /// What is expected of an operation centre.
    ExpectedCentre {
        owner: String,
        #[serde(deserialize_with = "null_too")]
        parent: Option<String>,
        region: String,
        status: CentreStatus,
    }
    /// What is expected of the supply.
    ExpectedSupply {
        cash: Object<ExpectedCash>,
        challenge: Object<ExpectedChallenge>,
        hi_shell: Object<ExpectedHiShell>,
        hi_value: Object<ExpectedHiValue>,
        shopping: Object<ExpectedShopping>,
    }
    ExpectedCash { fees: Cents, floor_fund: Cents, }
    ExpectedChallenge { available: Cents, frozen: Cents, }
    ExpectedHiShell {
        airdropped: Shells,
        burned: Shells,
        escrow: Shells,
        holding: Shells,
        issued: Shells,
        reward_pool: Shells,
    }
    ExpectedHiValue { active: Cents, inactive: Cents, }
    ExpectedShopping { available: Cents, }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedRejection {
    code: ErrorCode,
    event: u64,
}

/// `ok`, or what the audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Audit {
    Word(Fine),
    Findings(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fine {
    Ok,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CentreStatus {
    Applied,
    Approved,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tier {
    None,
    Junior,
    Middle,
    Senior,
}

/// A field that may be null, and is compared then too.
fn null_too<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
