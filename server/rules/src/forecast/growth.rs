//! What a forecast assumes about people: how many come, and what they do. Rulebooks say nothing of it.

use serde::{Deserialize, Serialize};

/// Assumptions about a platform's growth. What is left out has the value of [`Growth::default`]: a small platform in its
/// first year.
///
/// Means and shares are statistics of people, no amounts of anybody's account, and so they are floats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Growth {
    /// Members on the first day.
    pub members: f64,
    /// New members on the first day.
    pub registrations_per_day: f64,
    /// How much the registrations of a day grow in 30 days: 0.10 for 10 %.
    pub growth_per_month: f64,
    /// How unsure the pace is: the standard deviation of its logarithm from one possible year to another.
    pub uncertainty: f64,
    /// The same from one day to the next.
    pub day_noise: f64,
    /// The part of new members who come by a sponsor.
    pub referred: f64,
    /// The part of members who stop taking part in 30 days.
    pub leave_per_month: f64,
    /// Starter packs, where the rulebook has them activate members.
    pub packs: Packs,
    /// Purchases in the mall.
    pub mall: Orders,
    /// Bills at stores.
    pub bills: Bills,
    /// Steps.
    pub steps: Steps,
    /// The part of the challenge that can be turned into shopping credit which is, in 30 days.
    pub convert_per_month: f64,
    /// The standard deviation of a day's change of the price's logarithm, where listings make the price.
    pub price_volatility: f64,
}

/// Starter packs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Packs {
    /// The part of new members who buy one.
    pub share: f64,
    /// The part of those who refer others.
    pub sponsors: f64,
    /// Its price in CNY.
    pub price: f64,
    /// The Hi-Value that it grants.
    pub hi_value: f64,
}

/// Purchases in the mall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Orders {
    /// Orders of a member who takes part, in 30 days.
    pub per_month: f64,
    /// CNY of an order.
    pub amount: f64,
    /// Its standard deviation over its mean.
    pub spread: f64,
    /// Hi-Value granted by the goods per CNY.
    pub hi_value: f64,
    /// Challenge granted by the goods per CNY.
    pub challenge: f64,
}

/// Bills at stores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bills {
    /// Bills of a member who takes part, in 30 days.
    pub per_month: f64,
    /// CNY of a bill.
    pub amount: f64,
    /// Its standard deviation over its mean.
    pub spread: f64,
    /// The stores' rebate rate; the rulebook's bounds hold.
    pub rebate: f64,
    /// Members for each store.
    pub members_per_store: f64,
    /// The part of bills at stores that have an operation centre.
    pub with_centre: f64,
}

/// Steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Steps {
    /// The part of members taking part whose steps count on a day.
    pub walkers: f64,
    /// Their steps on a day.
    pub per_day: f64,
    /// The standard deviation over the mean.
    pub spread: f64,
    /// The part of steps made in walks.
    pub in_walks: f64,
    /// The part of steps made in runs.
    pub in_runs: f64,
}

impl Default for Growth {
    fn default() -> Self {
        Self {
            members: 1_000.0,
            registrations_per_day: 30.0,
            growth_per_month: 0.10,
            uncertainty: 0.30,
            day_noise: 0.20,
            referred: 0.70,
            leave_per_month: 0.05,
            packs: Packs::default(),
            mall: Orders::default(),
            bills: Bills::default(),
            steps: Steps::default(),
            convert_per_month: 0.30,
            price_volatility: 0.03,
        }
    }
}

impl Default for Packs {
    fn default() -> Self {
        Self {
            share: 0.20,
            sponsors: 0.60,
            price: 399.0,
            hi_value: 599.0,
        }
    }
}

impl Default for Orders {
    fn default() -> Self {
        Self {
            per_month: 0.6,
            amount: 120.0,
            spread: 0.8,
            hi_value: 1.0,
            challenge: 0.0,
        }
    }
}

impl Default for Bills {
    fn default() -> Self {
        Self {
            per_month: 1.5,
            amount: 80.0,
            spread: 0.8,
            rebate: 0.10,
            members_per_store: 100.0,
            with_centre: 0.5,
        }
    }
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            walkers: 0.5,
            per_day: 6_500.0,
            spread: 0.6,
            in_walks: 0.5,
            in_runs: 0.15,
        }
    }
}

/// An assumption that can't be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{path}: {value} is not allowed here: from {least} to {most}")]
pub struct GrowthError {
    /// The key, for example `mall.per_month`.
    pub path: &'static str,
    /// What was written.
    pub value: f64,
    /// The least that is allowed.
    pub least: f64,
    /// The most that is allowed.
    pub most: f64,
}

impl Growth {
    /// Checks that every figure is one that the model can count with.
    ///
    /// # Errors
    /// [`GrowthError`] for the first that isn't.
    pub fn check(&self) -> Result<(), GrowthError> {
        let Self {
            packs,
            mall,
            bills,
            steps,
            ..
        } = self;
        let shares = [
            ("referred", self.referred),
            ("leave_per_month", self.leave_per_month),
            ("packs.share", packs.share),
            ("packs.sponsors", packs.sponsors),
            ("bills.rebate", bills.rebate),
            ("bills.with_centre", bills.with_centre),
            ("steps.walkers", steps.walkers),
            ("steps.in_walks", steps.in_walks),
            ("steps.in_runs", steps.in_runs),
            ("convert_per_month", self.convert_per_month),
        ];
        let others = [
            ("members", self.members, 1.0, 1e8),
            ("registrations_per_day", self.registrations_per_day, 0.0, 1e6),
            ("growth_per_month", self.growth_per_month, -0.9, 3.0),
            ("uncertainty", self.uncertainty, 0.0, 2.0),
            ("day_noise", self.day_noise, 0.0, 2.0),
            ("packs.price", packs.price, 0.0, 1e6),
            ("packs.hi_value", packs.hi_value, 0.0, 1e6),
            ("mall.per_month", mall.per_month, 0.0, 30.0),
            ("mall.amount", mall.amount, 0.0, 1e6),
            ("mall.spread", mall.spread, 0.0, 10.0),
            ("mall.hi_value", mall.hi_value, 0.0, 1_000.0),
            ("mall.challenge", mall.challenge, 0.0, 1_000.0),
            ("bills.per_month", bills.per_month, 0.0, 30.0),
            ("bills.amount", bills.amount, 0.0, 1e6),
            ("bills.spread", bills.spread, 0.0, 10.0),
            ("bills.members_per_store", bills.members_per_store, 1.0, 1e6),
            ("steps.per_day", steps.per_day, 0.0, 100_000.0),
            ("steps.spread", steps.spread, 0.0, 10.0),
            (
                "steps: in_walks + in_runs",
                steps.in_walks + steps.in_runs,
                0.0,
                1.0,
            ),
            ("price_volatility", self.price_volatility, 0.0, 1.0),
        ];
        shares
            .into_iter()
            .map(|(path, value)| (path, value, 0.0, 1.0))
            .chain(others)
            .find(|(_, value, least, most)| !(least..=most).contains(&value))
            .map_or(Ok(()), |(path, value, least, most)| {
                Err(GrowthError {
                    path,
                    value,
                    least,
                    most,
                })
            })
    }
}
