//! The catalogue of everything the phone says, in Chinese and English.
//!
//! The sentences stand in `texts/zh-CN.ftl` and `texts/en.ftl` (Project Fluent), whole: none is put together from pieces,
//! so that each language keeps its own order, plurals and units. Here each has a function of its name, with its variables
//! as arguments: a variable that is forgotten or misspelt doesn't compile, and a text that nobody says is found by the
//! compiler.

mod catalogue;
mod keys;
mod moments;
mod names;
#[cfg(test)]
mod tests;

pub(crate) use catalogue::grouped;
pub(crate) use keys::*;
pub(crate) use moments::{date_and_time, duration_parts, month_and_day};
pub(crate) use names::{doubt_name, kind_name, tier_choice};
