//! A short story under the other preset, `classic`, told by a scenario and booked in a database of its own.

use std::path::Path;

use haigou_contract::Language;
use haigou_server::replay::Scenario;
use haigou_server::{Trace, trace};
use haigou_store::Store;
use serde_json::Value;

use crate::{Failed, language};

const STORY: &str = include_str!("../town.json");

/// Somebody of the town, and every line behind what he has.
pub(crate) struct Townsman {
    pub(crate) name: String,
    pub(crate) invited_by: Option<String>,
    pub(crate) trace: Trace,
}

/// Plays the story into a new database. Answers everybody, in the order in which they registered.
pub(crate) fn play(database: &Path) -> Result<Vec<Townsman>, Failed> {
    let store = Store::open(&format!("sqlite:{}", database.display()))?;
    let state = Scenario::parse(STORY)
        .map_err(|malformed| malformed.to_string())?
        .replay_in(&store)?;
    if let Some(refused) = state.rejected.first() {
        return Err(format!(
            "event {} of the story was refused: {:?}",
            refused.event, refused.code
        )
        .into());
    }
    let story: Value = serde_json::from_str(STORY)?;
    let registered = story
        .get("events")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|event| event.get("do").is_some_and(|kind| kind == "register"));
    let text = |event: &Value, field: &str| event.get(field).and_then(Value::as_str).map(str::to_owned);
    (1..)
        .zip(registered)
        .map(|(number, event)| {
            Ok(Townsman {
                name: text(event, "member").unwrap_or_default(),
                invited_by: text(event, "sponsor"),
                trace: traced(&store, number, language())?,
            })
        })
        .collect()
}

fn traced(store: &Store, number: i64, language: Language) -> Result<Trace, Failed> {
    let traced = store.read_blocking(|reader| trace(reader, &number.to_string(), language))?;
    traced.ok_or_else(|| format!("nobody has the number {number}").into())
}
