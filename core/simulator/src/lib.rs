//! People who move, without people: what a phone would have sensed while somebody walked, ran, rode or cheated.
//!
//! A [`Plan`] says what is done, where and with the phone carried how; a [`Person`] says how that person moves. From both
//! and a seed, [`Simulation`] yields what the phone hears, event by event in the order of time, in constant memory, and
//! keeps the [`Truth`] to compare with. [`people`] has whole days ready.
//!
//! ```
//! use haigou_simulator::{What, people};
//!
//! let mut morning = people::morning_walker(7).simulate();
//! let samples = morning.by_ref().filter(|event| matches!(event.what, What::Sample(_))).count();
//! assert!(samples > 100_000);
//! assert!(morning.truth().steps > 4_000);
//! ```
//!
//! **The same seed gives the same bytes on every platform.** Randomness is ChaCha8 (one stream for the body, one for each
//! phone), used through [`rand_chacha`]'s raw output; sines, logarithms and the like come from [`libm`] and never from
//! the platform; everything else is IEEE 754 addition, multiplication, division, square root and rounding, which Rust
//! neither reorders nor contracts.

mod body;
mod carried;
mod clock;
mod counter;
mod event;
mod gait;
mod heart;
mod leg;
pub mod people;
mod person;
mod phone;
mod place;
mod plan;
mod random;
mod receiver;
mod replay;
mod sensor;
mod simulation;
mod sky;
mod truth;
mod units;
mod vehicle;
mod way;

pub use carried::Carried;
pub use counter::CounterReading;
pub use event::{Event, What};
pub use gait::Gait;
pub use leg::{Beforehand, Doing, Leg, Span, km, minutes};
pub use person::Person;
pub use phone::Phone;
pub use place::Place;
pub use plan::Plan;
pub use replay::replay;
pub use simulation::Simulation;
pub use sky::Sky;
pub use truth::{Step, Truth};
pub use vehicle::Vehicle;
pub use way::Way;
