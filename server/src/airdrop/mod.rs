//! The daily drop: launch, the closing of days, the price of the day, and the rulebook in force.

mod close_days;
mod launch;
mod price;
mod rulebooks;
mod settle;
mod start_rulebook;
pub mod trades;

pub use close_days::{DayCloser, close_days};
pub(crate) use launch::day as launch_day;
pub use launch::{Launch, LaunchRefusal};
pub use price::price_on;
pub use rulebooks::{InForce, Rulebooks};
pub(crate) use settle::settle_first;
pub use start_rulebook::StartRulebook;

#[cfg(test)]
mod tests;
