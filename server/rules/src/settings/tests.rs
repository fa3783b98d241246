//! Every key of a rulebook is a setting, under its own path.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::settings;
use crate::Preset;

/// Every value that is no object, by its path; conditions count as one value.
fn values(of: &Value, under: &str, into: &mut BTreeMap<String, Value>) {
    match of {
        Value::Object(keys) if !under.ends_with(".when") => {
            for (key, value) in keys {
                let dot = if under.is_empty() { "" } else { "." };
                values(value, &format!("{under}{dot}{key}"), into);
            }
        }
        value => {
            into.insert(under.to_owned(), value.clone());
        }
    }
}

#[test]
fn every_key_of_the_presets_is_a_setting_with_its_value() {
    for preset in Preset::ALL {
        let mut expected = BTreeMap::new();
        values(&serde_json::from_str(preset.json()).unwrap(), "", &mut expected);
        // A schedule's other key is a setting too, without a value.
        for key in ["airdrop.first_day", "airdrop.totals"] {
            expected.entry(key.to_owned()).or_insert(Value::Null);
        }
        let listed: BTreeMap<String, Value> = settings(&preset.rulebook().unwrap())
            .into_iter()
            .map(|setting| (setting.path, setting.value))
            .collect();
        assert_eq!(listed, expected);
    }
}

#[test]
fn no_two_settings_have_the_same_name() {
    let settings = settings(&Preset::Sport.rulebook().unwrap());
    for name in [
        settings.iter().map(|s| &s.name.zh).collect::<HashSet<_>>(),
        settings.iter().map(|s| &s.name.en).collect(),
    ] {
        assert_eq!(name.len(), settings.len());
    }
}
