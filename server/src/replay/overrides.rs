//! Changes of a rulebook: objects merge key by key, lists and values replace.

use std::fmt;

use haigou_rules::{Rulebook, RulebookError};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::values::Each;

/// Any JSON whose objects have each key once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Json(Value);

impl Json {
    /// The rulebook with these changes, checked.
    pub(super) fn applied_to(&self, rulebook: &Rulebook) -> Result<Rulebook, RulebookError> {
        let refused = |path: String, allowed: String| RulebookError { path, allowed };
        let mut merged =
            serde_json::to_value(rulebook).map_err(|error| refused(String::new(), error.to_string()))?;
        merge(&mut merged, &self.0, "")
            .map_err(|path| refused(path, "write an object with the keys that are changed".to_owned()))?;
        Rulebook::from_json(&merged.to_string())
    }
}

/// An object is only changed by an object; else the path of what isn't one is the error.
fn merge(into: &mut Value, changes: &Value, path: &str) -> Result<(), String> {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, change) in changes {
                let dot = if path.is_empty() { "" } else { "." };
                merge(
                    into.entry(key).or_insert(Value::Null),
                    change,
                    &format!("{path}{dot}{key}"),
                )?;
            }
        }
        (Value::Object(_), _) => return Err(path.to_owned()),
        (into, changes) => into.clone_from(changes),
    }
    Ok(())
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not a number"))?;
        Ok(Json(number.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(Json(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Json(values.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json, A::Error> {
        let each = Each::<String, Json>::visit(map)?;
        Ok(Json(
            each.0
                .into_iter()
                .map(|(key, json)| (key, json.0))
                .collect::<Map<_, _>>()
                .into(),
        ))
    }
}
