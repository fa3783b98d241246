//! `haigou replay`: every scenario holds, random ones come out as in the naive model, bit by bit, and what must hold of
//! any history holds. All of it but the program itself is tried on PostgreSQL too.

use std::ops::Range;
use std::path::Path;

use haigou_naive::{Act, Event, Scenario, generate, state_of};
use haigou_test_postgres::{again_on_postgres, on_postgres};
use haigou_tests::{haigou, replayed, same_as_the_model};
use serde_json::{Value, json};

const AT_ONCE: usize = usize::MAX;

/// So many seeds from one on: fewer on PostgreSQL, where each replay is slow.
fn seeds(first: u64, many: u64, fewer: u64) -> Range<u64> {
    first..first + if on_postgres() { fewer } else { many }
}

#[test]
fn all_of_it_holds_on_postgres_too() {
    again_on_postgres();
}

#[test]
fn every_scenario_holds() {
    if on_postgres() {
        return; // the program replays in files of its own
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = std::fs::read_dir(&folder).unwrap();
    let names: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let arguments = |options: &[&'static str]| -> Vec<String> {
        let words = ["replay"].iter().chain(options).map(|word| (*word).to_owned());
        words.chain(names.iter().cloned()).collect()
    };
    let run = |options| {
        let arguments = arguments(options);
        haigou(
            &folder,
            &[],
            &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    };
    let said = run(&[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(said.out.lines().count(), names.len(), "a line per file");

    let states = run(&["--state"]);
    assert_eq!(states.code, 0, "{}", states.err);
    assert_eq!(states.out.lines().count(), names.len(), "a line per file");
    for (name, state) in names.iter().zip(states.out.lines()) {
        let scenario: Scenario = serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        assert_eq!(state, state_of(&scenario).to_string(), "{name}");
    }
}

#[test]
fn random_scenarios_come_out_as_in_the_naive_model() {
    for seed in seeds(1_000, 60, 40) {
        same_as_the_model(&generate::scenario(seed, 60));
    }
}

#[test]
fn long_scenarios_come_out_as_in_the_naive_model() {
    for seed in seeds(2_000, 4, 1) {
        same_as_the_model(&generate::scenario(seed, 400));
    }
}

/// What the writer knows by heart is what stands in the database.
#[test]
fn a_server_that_starts_anew_goes_on_as_if_it_had_not_stopped() {
    for seed in seeds(3_000, 10, 2) {
        let scenario = generate::scenario(seed, 60);
        let whole = replayed(&scenario, AT_ONCE);
        for part in [1, 7, 30] {
            assert_eq!(
                replayed(&scenario, part),
                whole,
                "{}, {part} events at a time",
                scenario.name
            );
        }
    }
}

#[test]
fn refused_events_change_nothing() {
    for seed in seeds(4_000, 20, 4) {
        let scenario = generate::scenario(seed, 60);
        let mut state = replayed(&scenario, AT_ONCE);
        let refused = std::mem::replace(&mut state["rejected"], json!([]));
        assert_ne!(refused, json!([]), "something is refused");
        assert_eq!(
            replayed(&without(&scenario, &refused), AT_ONCE),
            state,
            "{}",
            scenario.name
        );
    }
}

/// The scenario with only time passing where an event is refused.
fn without(scenario: &Scenario, refused: &Value) -> Scenario {
    let mut scenario = scenario.clone();
    for rejected in refused.as_array().unwrap() {
        let event = usize::try_from(rejected["event"].as_u64().unwrap()).unwrap();
        scenario.events[event].act = Act::Pass;
    }
    scenario
}

#[test]
fn refunds_in_parts_end_where_one_refund_ends() {
    for seed in seeds(5_000, 10, 2) {
        let scenario = generate::scenario(seed, 60);
        let refunds = |amounts: &[Option<&str>]| -> Scenario {
            let mut scenario = scenario.clone();
            let at = scenario.events.last().unwrap().at;
            let orders = 0..scenario.events.len();
            scenario.events.extend(orders.flat_map(|order| {
                amounts.iter().map(move |amount| Event {
                    at,
                    act: Act::Refund {
                        order: format!("o{order}"),
                        amount: amount.map(str::to_owned),
                    },
                })
            }));
            scenario
        };
        let state = |amounts| {
            let mut state = replayed(&refunds(amounts), AT_ONCE);
            // What is refused differs: there are more parts, and some orders are too small for them.
            state["rejected"] = json!([]);
            state
        };
        let once = state(&[None]);
        assert_eq!(
            state(&[Some("0.01"), Some("33.33"), Some("1"), None]),
            once,
            "{}",
            scenario.name
        );
    }
}
