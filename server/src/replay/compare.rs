//! What was expected and what came.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::scenario::Scenario;
use super::state::State;

/// Something that was expected and didn't come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where, for example `balances.bob.hi_value.active`.
    pub field: String,
    /// What was expected.
    pub expected: Value,
    /// What came; null where there is nothing.
    pub came: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            expected,
            came,
        } = self;
        write!(f, "{field}: expected {expected}, came {came}")
    }
}

impl Scenario {
    /// Where a state isn't as expected, in the order of the fields.
    ///
    /// # Errors
    /// None in practice: both can be written as JSON.
    pub fn differences(&self, state: &State) -> Result<Vec<Difference>, serde_json::Error> {
        let (mut expected, came) = (serde_json::to_value(&self.expect)?, serde_json::to_value(state)?);
        if let Value::Object(named) = &mut expected {
            // Nobody expects books that differ.
            named.entry("audit").or_insert_with(|| "ok".into());
        }
        if let Some(Value::Array(vip)) = expected.get_mut("vip") {
            vip.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
        let mut differences = Vec::new();
        compare(String::new(), &expected, Some(&came), &mut differences);
        Ok(differences)
    }
}

fn compare(field: String, expected: &Value, came: Option<&Value>, differences: &mut Vec<Difference>) {
    if let Value::Object(named) = expected {
        let nothing = Map::new();
        let came = came.and_then(Value::as_object).unwrap_or(&nothing);
        for (key, expected) in named {
            let dot = if field.is_empty() { "" } else { "." };
            compare(format!("{field}{dot}{key}"), expected, came.get(key), differences);
        }
    } else if came.map_or(!stands_for_nothing(expected), |came| came != expected) {
        differences.push(Difference {
            field,
            expected: expected.clone(),
            came: came.cloned().unwrap_or(Value::Null),
        });
    }
}

/// What a state leaves out: amounts of zero, and the tier of somebody who has none.
fn stands_for_nothing(expected: &Value) -> bool {
    let zero = |text: &str| text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    expected.as_str().is_some_and(|text| text == "none" || zero(text))
}
