//! Every scenario holds in the naive model, and together they show every event and every refusal.

use std::collections::BTreeSet;
use std::path::PathBuf;

use haigou_naive::{Scenario, World, differences};
use serde_json::Value;

fn scenarios() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (
                name,
                serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn every_scenario_holds_in_the_naive_model() {
    let mut found = Vec::new();
    for (name, written) in scenarios() {
        let scenario: Scenario =
            serde_json::from_value(written).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut world = World::new(&scenario);
        for event in &scenario.events {
            world.play(event);
            world.check();
        }
        let differences = differences(&scenario.expect, &world.state());
        found.extend(
            differences
                .into_iter()
                .map(|difference| format!("{name}{difference}")),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_scenarios_show_every_event_and_every_refusal() {
    let scenarios = scenarios();
    let of_all = |list: fn(&Value) -> &Value, key: &str| -> BTreeSet<String> {
        let lists = scenarios
            .iter()
            .filter_map(|(_, scenario)| list(scenario).as_array());
        lists
            .flatten()
            .map(|item| item[key].as_str().unwrap().to_owned())
            .collect()
    };
    let events = of_all(|scenario| &scenario["events"], "do");
    assert_eq!(events.len(), 21, "{events:?}");
    let codes = of_all(|scenario| &scenario["expect"]["rejected"], "code");
    assert_eq!(codes.len(), 20, "{codes:?}");
}
