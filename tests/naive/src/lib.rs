//! The rules a second time, as plainly as they can be written: every day every member is paid, every question walks the
//! whole tree, every balance is the sum of all its entries. Slow, and easy to compare with the rules as they are put
//! into words; the server's own way is held against it.
//!
//! Where the words leave a choice, `READINGS.md` says which was made.

mod books;
mod centres;
mod check;
mod days;
mod expect;
mod figures;
pub mod generate;
mod mall;
mod market;
mod members;
mod people;
mod rulebook;
mod scenario;
mod shrink;
mod state;
mod stores;
mod world;

pub use expect::differences;
pub use scenario::{Act, Code, Event, JoinsBy, Pay, ProductKind, Scenario, StepKind, Tier};
pub use shrink::shrink;
pub use world::World;

/// The state after all events of a scenario.
#[must_use]
pub fn state_of(scenario: &Scenario) -> serde_json::Value {
    let mut world = World::new(scenario);
    for event in &scenario.events {
        world.play(event);
    }
    world.state()
}
