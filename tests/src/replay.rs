//! Scenarios through the server, beside the naive model.

use haigou_naive::{Scenario, differences, shrink, state_of};
use haigou_server::replay;
use haigou_store::Store;
use haigou_test_postgres::database;
use serde_json::Value;

use crate::fast_folder;

/// The state that `haigou replay --state` prints of a scenario, with the server started anew after every so many events.
///
/// The program replays in a file of its own. This is the same replay in this process, in a new database of the engine
/// that is tested.
///
/// # Panics
/// If the scenario is malformed, or can't be replayed.
#[must_use]
pub fn replayed(scenario: &Scenario, part: usize) -> Value {
    let scenario = replay::Scenario::parse(&scenario.written().to_string()).expect("a well-formed scenario");
    let folder = fast_folder();
    let store = Store::open(&database(folder.path(), "replay")).expect("a new database");
    let state = scenario.replay_in_parts(&store, part).expect("a replay");
    let text = serde_json::to_string(&state).expect("JSON");
    let state: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(text, state.to_string(), "compact, with sorted keys");
    state
}

/// Plays a scenario in both.
///
/// # Panics
/// If the states differ, with the smallest scenario that was found to show it.
pub fn same_as_the_model(scenario: &Scenario) {
    let differs = |scenario: &Scenario| replayed(scenario, usize::MAX) != state_of(scenario);
    if differs(scenario) {
        let smallest = shrink(scenario, differs);
        let found = differences(&state_of(&smallest), &replayed(&smallest, usize::MAX));
        panic!(
            "{:#}\nthe model expects otherwise: {}",
            smallest.written(),
            found.join("\n")
        );
    }
}
