//! A smaller scenario that still fails.

use crate::scenario::Scenario;

/// Leaves out events, many at a time and then one by one, as long as the scenario still fails.
#[must_use]
pub fn shrink(scenario: &Scenario, fails: impl Fn(&Scenario) -> bool) -> Scenario {
    let mut smallest = scenario.clone();
    // What is left out must not move the launch.
    smallest.launch = smallest
        .launch
        .or_else(|| smallest.events.first().map(|event| event.day()));
    let mut many = smallest.events.len() / 2;
    while many > 0 {
        let mut from = 0;
        while from < smallest.events.len() {
            let mut smaller = smallest.clone();
            let to = (from + many).min(smaller.events.len());
            smaller.events.drain(from..to);
            if !smaller.events.is_empty() && fails(&smaller) {
                smallest = smaller;
            } else {
                from += many;
            }
        }
        many /= 2;
    }
    smallest
}
