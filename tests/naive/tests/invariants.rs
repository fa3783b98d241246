//! What must always hold, held in the model over random scenarios.

use std::collections::BTreeMap;

use haigou_naive::{Act, Event, World, generate};

#[test]
fn everything_that_must_hold_holds_after_every_event() {
    let (mut kinds, mut codes) = (BTreeMap::new(), BTreeMap::new());
    let mut count = |of: &str, value: &serde_json::Value| {
        let counts = if of == "do" { &mut kinds } else { &mut codes };
        *counts.entry(value[of].as_str().unwrap().to_owned()).or_insert(0) += 1;
    };
    for seed in 0..150 {
        let scenario = generate::scenario(seed, 60);
        let mut world = World::new(&scenario);
        for event in &scenario.events {
            world.play(event);
            world.check();
            count("do", &serde_json::to_value(event).unwrap());
        }
        for rejected in world.state()["rejected"].as_array().unwrap() {
            count("code", rejected);
        }
    }
    assert_eq!(kinds.len(), 21, "every kind of event happens: {kinds:?}");
    assert_eq!(codes.len(), 20, "every code is met: {codes:?}");
}

/// The world after an event, if it was not refused.
fn accepted(world: &World, event: &Event) -> Option<World> {
    let mut after = world.clone();
    after.play(event);
    (after.state()["rejected"] == world.state()["rejected"]).then_some(after)
}

#[test]
fn refunds_in_parts_end_where_one_refund_ends() {
    let mut compared = 0;
    for seed in 0..60 {
        let scenario = generate::scenario(seed, 50);
        let mut world = World::new(&scenario);
        scenario.events.iter().for_each(|event| world.play(event));
        let at = scenario.events.last().unwrap().at;
        for order in 0..50 {
            let refund = |amount: Option<&str>| Event {
                at,
                act: Act::Refund {
                    order: format!("o{order}"),
                    amount: amount.map(str::to_owned),
                },
            };
            let Some(once) = accepted(&world, &refund(None)) else {
                continue;
            };
            let mut parts = world.clone();
            for amount in ["0.01", "1", "33.33", "0.50", "7"] {
                parts = accepted(&parts, &refund(Some(amount))).unwrap_or(parts);
            }
            parts = accepted(&parts, &refund(None)).unwrap_or(parts);
            assert_eq!(parts.state(), once.state(), "seed {seed}, o{order}");
            compared += 1;
        }
    }
    assert!(compared > 100, "only {compared} refunds were compared");
}
