//! The rulebook, and every reward as a pure function of it.
//!
//! Event + rulebook + the people concerned -> rewards in the order they are booked, each with the rule that gives
//! it. No reward is worked out anywhere else, and each can be explained in words ([`explain`]).

mod airdrop;
mod check;
mod explain;
mod figures;
mod presets;
mod register;
pub mod rule;
mod rulebook;
mod steps;
mod words;

pub use airdrop::{drop_on, next_price};
pub use check::RulebookError;
pub use explain::{Figures, asset_name, explain};
pub use figures::{Cents, FigureError, Multiple, Price, Rate, Share, Shells, Sum};
pub use presets::Preset;
pub use register::{Gives, Registration, Reward, Sponsor, registration};
pub use rulebook::*;
pub use steps::{DayTotals, MilestoneKey, UnfreezeFigure, Unfreezing, milestones, steps};

pub use words::in_words;

#[cfg(test)]
mod tests;
