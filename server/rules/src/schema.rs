//! The rulebook's JSON Schema (draft 2020-12), generated from its types: for editors, and for the console's form.
//!
//! It says what each key may hold by itself. What keys say together (a ladder that rises, bounds that don't cross)
//! is [`Rulebook::check`]'s.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::Rulebook;
use crate::figures::{MOST_DECIMALS, Price, Rate, Sum};

/// The schema of [`Rulebook`].
#[must_use]
pub fn json_schema() -> Value {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Rulebook>()
        .to_value()
}

/// The whole numbers below a power of ten, and that power itself with no more than zeros behind the point.
impl<const MAX: u32> JsonSchema for Rate<MAX> {
    fn schema_name() -> Cow<'static, str> {
        format!("RateUpTo{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let below = match MAX.checked_ilog10() {
            None | Some(0) => "0".to_owned(),
            Some(digits) => format!("(0|[1-9][0-9]{{0,{}}})", digits - 1),
        };
        json_schema!({
            "type": "string",
            "description": format!("A plain decimal from 0 to {MAX}: \"0.20\" stands for 20 %."),
            "pattern": format!(r"^({below}(\.[0-9]{{1,{MOST_DECIMALS}}})?|{MAX}(\.0{{1,{MOST_DECIMALS}}})?)$"),
        })
    }
}

impl<const DECIMALS: u32> JsonSchema for Sum<DECIMALS> {
    fn schema_name() -> Cow<'static, str> {
        format!("AmountWith{DECIMALS}Decimals").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": format!("An amount of 0 or more with at most {DECIMALS} decimals."),
            "pattern": format!("^{}$", amount(DECIMALS)),
        })
    }
}

impl JsonSchema for Price {
    fn schema_name() -> Cow<'static, str> {
        "Price".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "CNY per Hi-Shell, above 0, with at most 4 decimals.",
            "pattern": format!(r"^(?!0(\.0+)?$){}$", amount(Self::DECIMALS)),
        })
    }
}

/// Amounts are 64 bits wide: the digits that are left before the point. (The very last bit is `from_json`'s to check.)
fn amount(decimals: u32) -> String {
    let more = i64::MAX.ilog10() - decimals;
    format!(r"(0|[1-9][0-9]{{0,{more}}})(\.[0-9]{{1,{decimals}}})?")
}

/// Levels up a line: 1 or more, or null.
pub(crate) fn levels(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["integer", "null"], "minimum": 1, "maximum": u32::MAX})
}

/// Each schedule with the key that it needs.
pub(crate) fn schedule_needs_its_key() -> Value {
    let needs = |schedule: &str, key: &str| {
        json!({
            "if": {"properties": {"schedule": {"const": schedule}}},
            "then": {"required": [key], "properties": {key: {"not": {"type": "null"}}}},
        })
    };
    json!([needs("halving", "first_day"), needs("yearly", "totals")])
}

#[cfg(test)]
mod tests;
