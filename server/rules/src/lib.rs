//! The rulebook, and every reward as a pure function of it.
//!
//! Event + rulebook + the people concerned -> rewards in the order they are booked, each with the rule that gives
//! it. No reward is worked out anywhere else, and each can be explained in words ([`explain`]).

mod airdrop;
pub mod audit;
mod check;
mod compact;
mod diff;
mod event;
mod exact;
mod explain;
mod figures;
pub mod forecast;
pub mod lint;
mod memory;
mod next_tier;
mod plan;
mod presets;
mod price;
mod register;
pub mod rule;
mod rulebook;
mod said;
mod schema;
mod settings;
mod steps;
mod words;
mod world;

pub use airdrop::drop_on;
pub use check::RulebookError;
pub use diff::{Change, diff};
pub use event::*;
pub use exact::{part_of, worth};
pub use explain::{Figures, asset_name, explain};
pub use figures::{Cents, FigureError, Multiple, Price, Rate, Share, Shells, Sum};
pub use memory::{MemoryWorld, NoSuchJournal};
pub use next_tier::next_tier;
pub use plan::{Plan, PlanError, earned_tier, plan};
pub use presets::Preset;
pub use price::{PriceBasis, Trades};
pub use register::{Gives, Registration, Reward, Sponsor, registration};
pub use rulebook::*;
pub use said::Said;
pub use schema::json_schema;
pub use settings::{Setting, settings};
pub use steps::{DayTotals, MilestoneKey, UnfreezeFigure, Unfreezing, milestones, steps};
pub use words::in_words;
pub use world::{Nearest, OperationCentre, Person, Society, World};

#[cfg(test)]
mod tests;
