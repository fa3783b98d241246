//! A scenario: a rulebook, events in order, and what must hold at the end.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use haigou_contract::Day;
use haigou_rules::{Preset, Rulebook};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::event::{Event, Kind};
use super::expect::Expect;
use super::malformed::{Malformed, Part};
use super::overrides::Json;
use super::values::Object;

/// A scenario that can be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What it is about.
    pub name: String,
    /// The rules that it begins with.
    pub(super) rulebook: Rulebook,
    /// The first drop day.
    pub(super) launch: Day,
    /// What happens, in order; times never go back.
    pub(super) events: Vec<Timed>,
    /// What must hold at the end.
    pub(super) expect: Expect,
}

/// An event and its moment, UTC milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) at_ms: i64,
    pub(super) event: Event,
}

/// The text's fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'t> {
    #[serde(default)]
    name: String,
    rulebook: String,
    #[serde(rename = "override")]
    changes: Option<Json>,
    launch: Option<Day>,
    #[serde(borrow)]
    events: Vec<&'t RawValue>,
    #[serde(default)]
    expect: Object<Expect>,
}

/// What every event has.
#[derive(Deserialize)]
struct Head {
    at: String,
    #[serde(rename = "do")]
    kind: Kind,
}

impl Scenario {
    /// Reads a scenario, strictly.
    ///
    /// # Errors
    /// [`Malformed`] for the first field that is unknown, missing, twice there, or has a value that it can't have.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let whole = Part::whole(text);
        let Object(fields): Object<Fields<'_>> = whole.read()?;
        let rulebook = first_rulebook(&whole, &fields)?;
        let events = timed(&whole, &fields.events, &rulebook)?;
        let launch = fields
            .launch
            .or_else(|| events.first().map(|first| Day::at(first.at_ms)));
        if fields.launch.is_some_and(|launch| launch < Day::from_number(1)) {
            return Err(whole.refuse("launch", "write a day after 1970-01-01"));
        }
        Ok(Self {
            name: fields.name,
            rulebook,
            launch: launch.unwrap_or(Day::from_number(0)),
            events,
            expect: fields.expect.0,
        })
    }
}

fn first_rulebook<'t>(whole: &Part<'t>, fields: &Fields<'t>) -> Result<Rulebook, Malformed> {
    let preset = Preset::named(&fields.rulebook).ok_or_else(|| {
        let name = &fields.rulebook;
        whole.refuse(
            "rulebook",
            format!("there is no preset `{name}`, expected classic or sport"),
        )
    })?;
    let rulebook = preset
        .rulebook()
        .map_err(|error| whole.refuse("rulebook", error.to_string()))?;
    match &fields.changes {
        Some(changes) => changed(&rulebook, changes, whole),
        None => Ok(rulebook),
    }
}

/// A rulebook with the changes that a part of the text has under `override`.
fn changed(rulebook: &Rulebook, changes: &Json, part: &Part<'_>) -> Result<Rulebook, Malformed> {
    changes.applied_to(rulebook).map_err(|error| {
        let path = error.path.trim_start_matches('.');
        part.inside("override").refuse(path, error.allowed)
    })
}

/// The events with their moments.
fn timed<'t>(whole: &Part<'t>, texts: &[&'t RawValue], first: &Rulebook) -> Result<Vec<Timed>, Malformed> {
    let mut rulebook = first.clone();
    let mut newest = DateTime::<Utc>::MIN_UTC;
    let mut events = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let part = whole.value(text, format!("events[{index}]"));
        let Object(head): Object<Head> = part.read()?;
        let moment = moment(&head.at).map_err(|problem| part.refuse("at", problem))?;
        if moment < newest {
            return Err(part.refuse("at", "times never go back: this one is before the event above"));
        }
        newest = moment;
        let event = Event::read(head.kind, &part)?;
        if let Some((field, problem)) = event.flaw() {
            return Err(part.refuse(field, problem));
        }
        if let Event::Rulebook(version) = &event {
            let next = changed(&rulebook, &version.changes, &part)?;
            // With another reward pool it will be refused, and later versions don't build on it.
            if next.airdrop.reward_pool == rulebook.airdrop.reward_pool {
                rulebook = next;
            }
        }
        events.push(Timed {
            at_ms: moment.timestamp_millis(),
            event,
        });
    }
    Ok(events)
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(moment) if moment.to_utc() >= DateTime::UNIX_EPOCH => Ok(moment.to_utc()),
        Ok(_) => Err("write a time since 1970".to_owned()),
        Err(error) => Err(format!(
            "{error}: write a time with its offset, for example 2026-01-01T08:00:00+08:00"
        )),
    }
}
