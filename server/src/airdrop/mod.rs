//! The daily drop: launch, the closing of days, the price of the day, and the rulebook in force.

mod close_days;
mod launch;
mod price;
mod rulebooks;
mod settle;

pub use close_days::{DayCloser, close_days};
pub use launch::{Launch, LaunchRefusal};
pub use price::price_on;
pub use rulebooks::{InForce, Rulebooks};
pub(crate) use settle::settle_first;

#[cfg(test)]
mod tests;
