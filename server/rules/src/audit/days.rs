//! Drops and prices, day by day.

use std::collections::BTreeMap;

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{Account, Header, SHELL_CAP, ShellSource};

use super::Rerun;
use super::accounts::Accounts;
use crate::airdrop::drop_on;
use crate::event::Fill;
use crate::exact::worth;
use crate::figures::Price;
use crate::price::{PriceBasis, Trades};
use crate::rulebook::Rulebook;

/// What is known of the days so far.
#[derive(Debug, Default)]
pub(super) struct Days {
    /// The first drop day.
    launch: Option<Day>,
    /// The newest closed day.
    closed: Option<Day>,
    pub(super) prices: BTreeMap<Day, Price>,
    pub(super) trades: BTreeMap<Day, Trades>,
}

impl Days {
    /// The price in force at a moment: that of the newest day that has one.
    pub(super) fn price_at(&self, at_ms: i64) -> Option<Price> {
        let until = self.prices.range(..=Day::at(at_ms));
        until.last().map(|(_, price)| *price)
    }

    pub(super) fn traded(&mut self, day: Day, fills: &[Fill]) {
        let trades = self.trades.entry(day).or_default();
        for fill in fills {
            trades.add(worth(fill.amount, fill.price).unwrap_or_default(), fill.amount);
        }
    }

    /// The first drop day, as far as the journals tell.
    pub(super) fn launch(&self) -> Option<Day> {
        self.launch.or_else(|| self.prices.keys().next().copied())
    }
}

impl Rerun {
    /// The rulebook in force at the end of a day.
    fn rulebook_at_the_end_of(&self, day: Day) -> Option<&Rulebook> {
        let in_force = self
            .versions
            .iter()
            .filter(|known| known.starts_at_ms < day.end_ms());
        in_force
            .max_by_key(|known| known.version)
            .map(|known| &known.rulebook)
    }

    /// A day's drop is what the schedule says, cut to what may still be issued.
    pub(super) fn day_closed(&mut self, seq: i64, header: &Header, day: Day, drop: i64) {
        if day.end_ms() > header.at_ms {
            self.found(seq, "day", &"one that is over", &day);
        }
        let launch = *self.days.launch.get_or_insert(day);
        self.days.closed = Some(day);
        let Some(rulebook) = self.rulebook_at_the_end_of(day) else {
            return;
        };
        let room = Amount::from_units(SHELL_CAP.saturating_sub(self.accounts.issued()));
        let expected = drop_on(&rulebook.airdrop, launch, day, room);
        if expected.units() != drop {
            let shown = |drop| Asset::HiShell.show(drop);
            self.found(seq, "drop", &shown(expected), &shown(Amount::from_units(drop)));
        }
    }

    /// A day's price is set once the day before is closed; the first day's is the rulebook's.
    pub(super) fn priced(&mut self, seq: i64, header: &Header, day: Day, price: Price) {
        let expected = match self.days.prices.last_key_value() {
            None => self.figure_of(header.rulebook),
            // A version that starts before the first day sets it anew.
            Some((&first, _)) if first == day && self.days.closed.is_none() => {
                self.figure_of(header.rulebook)
            }
            Some((&before, &yesterday)) => {
                if day != before.next() {
                    self.found(seq, "day", &before.next(), &day);
                }
                if self.days.closed != Some(before) {
                    self.found(seq, "day", &"the one after the newest closed day", &day);
                }
                Some(self.expected_price(before, yesterday))
            }
        };
        if let Some(expected) = expected.filter(|expected| *expected != price) {
            self.found(seq, "price", &expected, &price);
        }
        self.days.prices.insert(day, price);
    }

    /// The price that a version of the rulebook begins with.
    fn figure_of(&self, version: u32) -> Option<Price> {
        let known = self.versions.iter().find(|known| known.version == version);
        known.map(|known| known.rulebook.shell_price)
    }

    fn expected_price(&self, day: Day, yesterday: Price) -> Price {
        PriceBasis {
            before: yesterday,
            changed_to: self.figure_changed_on(day),
            trades: self.days.trades.get(&day).copied().unwrap_or_default(),
            floor_fund: Amount::from_units(self.accounts.units(Account::FloorFund)),
            circulating: self.accounts.circulating(),
        }
        .price()
    }

    /// The figure of the newest version that started on a day, if one of that day has another than the one before it.
    fn figure_changed_on(&self, day: Day) -> Option<Price> {
        let figure = |place: usize| self.versions.get(place).map(|known| known.rulebook.shell_price);
        let mut changed_to = None;
        for (place, version) in self.versions.iter().enumerate().skip(1) {
            if Day::at(version.starts_at_ms) == day {
                let has_changed = changed_to.is_some() || figure(place - 1) != figure(place);
                changed_to = figure(place).filter(|_| has_changed);
            }
        }
        changed_to
    }
}

impl Accounts {
    /// All Hi-Shell ever issued.
    fn issued(&self) -> i64 {
        [
            ShellSource::Airdrop,
            ShellSource::RewardPool,
            ShellSource::Opening,
        ]
        .into_iter()
        .fold(0, |issued, source| {
            issued.saturating_sub(self.units(Account::Issued(source)))
        })
    }

    /// Hi-Shell that is in circulation.
    fn circulating(&self) -> i128 {
        let out = [
            Account::Burned,
            Account::RewardPool,
            Account::Holding,
            Account::Escrow,
        ];
        let out: i128 = out
            .into_iter()
            .map(|account| i128::from(self.units(account)))
            .sum();
        i128::from(self.issued()) - out
    }
}
