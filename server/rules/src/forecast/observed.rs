//! Assumptions taken from what has happened: the events of a database, folded in their order.

use std::collections::{BTreeMap, HashMap};

use haigou_contract::{Amount, Day};
use haigou_ledger::MemberNo;

use super::figure::value;
use super::growth::Growth;
use crate::event::{Event, OrderLine, ProductKind};
use crate::steps::DayTotals;

/// Rates are taken of the newest days only.
const WINDOW: i32 = 28;
const WINDOW_DAYS: f64 = 28.0;
/// Fewer registrations in a window say nothing of how they grow.
const ENOUGH: f64 = 20.0;

/// What was seen so far.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    members: f64,
    referred: f64,
    days: BTreeMap<i32, Tally>,
    /// The newest day of each walker; it is tallied when a newer one comes.
    walking: HashMap<MemberNo, (Day, DayTotals)>,
}

/// What happened on a day.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    registrations: f64,
    orders: f64,
    paid: f64,
    hi_value: f64,
    challenge: f64,
    bills: f64,
    billed: f64,
    rebates: f64,
    walkers: f64,
    steps: f64,
    in_walks: f64,
    in_runs: f64,
}

impl Observed {
    /// Takes an event in, with its time (UTC milliseconds). They come in their order.
    pub fn take(&mut self, at_ms: i64, event: &Event) {
        let day = Day::at(at_ms);
        match event {
            Event::Registration { sponsor, .. } => {
                self.members += 1.0;
                self.referred += f64::from(u8::from(sponsor.is_some()));
                self.on(day).registrations += 1.0;
            }
            Event::Receipt(receipt) => {
                let goods =
                    |line: &&OrderLine| matches!(line.kind, ProductKind::Goods | ProductKind::ServiceCard);
                let sum = |of: fn(&OrderLine) -> Amount| {
                    let lines = receipt.lines.iter().filter(goods);
                    lines
                        .map(|line| value(of(line), 2) * f64::from(line.quantity))
                        .sum::<f64>()
                };
                let paid = sum(|line| line.price);
                if paid > 0.0 {
                    let tally = self.on(day);
                    tally.orders += 1.0;
                    tally.paid += paid;
                    tally.hi_value += sum(|line| line.hi_value);
                    tally.challenge += sum(|line| line.challenge);
                }
            }
            Event::Bill(bill) => {
                let amount = value(bill.amount, 2);
                let tally = self.on(day);
                tally.bills += 1.0;
                tally.billed += amount;
                tally.rebates += amount * bill.rebate.approximately();
            }
            Event::Steps(update) => {
                let before = self.walking.insert(update.member, (update.day, update.totals));
                if let Some((day, totals)) = before.filter(|(day, _)| *day != update.day) {
                    self.walked(day, totals);
                }
            }
            _ => {}
        }
    }

    /// The assumptions that follow; what was never seen keeps its default.
    #[must_use]
    pub fn growth(mut self) -> Growth {
        for (day, totals) in std::mem::take(&mut self.walking).into_values() {
            self.walked(day, totals);
        }
        let mut growth = Growth::default();
        let Some(newest) = self.days.keys().next_back().copied() else {
            return growth;
        };
        let window = |back: i32| {
            let end = newest - back * WINDOW;
            let days = self.days.range(end - WINDOW + 1..=end);
            days.fold(Tally::default(), |sum, (_, day)| sum.plus(*day))
        };
        let (last, before) = (window(0), window(1));
        let month = 30.0 / WINDOW_DAYS;
        growth.members = self.members.max(1.0);
        growth.registrations_per_day = last.registrations / WINDOW_DAYS;
        if before.registrations >= ENOUGH {
            growth.growth_per_month = (last.registrations / before.registrations - 1.0).clamp(-0.9, 3.0);
        }
        if self.members > 0.0 {
            growth.referred = self.referred / self.members;
        }
        if last.orders > 0.0 {
            growth.mall.per_month = (last.orders / growth.members * month).min(30.0);
            growth.mall.amount = last.paid / last.orders;
            growth.mall.hi_value = last.hi_value / last.paid;
            growth.mall.challenge = last.challenge / last.paid;
        }
        if last.bills > 0.0 {
            growth.bills.per_month = (last.bills / growth.members * month).min(30.0);
            growth.bills.amount = last.billed / last.bills;
            growth.bills.rebate = last.rebates / last.billed.max(0.01);
        }
        if last.steps > 0.0 {
            growth.steps.walkers = (last.walkers / WINDOW_DAYS / growth.members).min(1.0);
            growth.steps.per_day = last.steps / last.walkers;
            growth.steps.in_walks = last.in_walks / last.steps;
            growth.steps.in_runs = (last.in_runs / last.steps).min(1.0 - growth.steps.in_walks);
        }
        growth
    }

    fn on(&mut self, day: Day) -> &mut Tally {
        self.days.entry(day.number()).or_default()
    }

    fn walked(&mut self, day: Day, totals: DayTotals) {
        let (walk, run, passive) = (totals.walk as f64, totals.run as f64, totals.passive as f64);
        let tally = self.on(day);
        tally.walkers += 1.0;
        tally.steps += walk + run + passive;
        tally.in_walks += walk;
        tally.in_runs += run;
    }
}

impl Tally {
    fn plus(self, other: Self) -> Self {
        Self {
            registrations: self.registrations + other.registrations,
            orders: self.orders + other.orders,
            paid: self.paid + other.paid,
            hi_value: self.hi_value + other.hi_value,
            challenge: self.challenge + other.challenge,
            bills: self.bills + other.bills,
            billed: self.billed + other.billed,
            rebates: self.rebates + other.rebates,
            walkers: self.walkers + other.walkers,
            steps: self.steps + other.steps,
            in_walks: self.in_walks + other.in_walks,
            in_runs: self.in_runs + other.in_runs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Bill, Receipt, StepsUpdate};

    fn member(number: i64) -> MemberNo {
        MemberNo::new(number).unwrap()
    }

    fn cents(text: &str) -> Amount {
        Amount::parse(text, 2).unwrap()
    }

    fn is(figure: f64, expected: f64) -> bool {
        (figure - expected).abs() < 1e-9
    }

    #[test]
    fn what_happened_becomes_the_assumptions() {
        let mut observed = Observed::default();
        let day = |number: i32| Day::from_number(20_000 + number);
        // 28 in the window before, 56 in the newest; three of four by a sponsor.
        for number in 1..=84 {
            let on = day(if number <= 28 { 0 } else { 28 });
            let event = Event::Registration {
                member: member(number),
                sponsor: (number % 4 != 0).then(|| member(1)),
            };
            observed.take(on.start_ms(), &event);
        }
        let line = |kind, price: &str, hi_value: &str| OrderLine {
            kind,
            price: cents(price),
            quantity: 2,
            hi_value: cents(hi_value),
            challenge: Amount::ZERO,
        };
        let receipt = Receipt {
            buyer: member(1),
            lines: vec![
                line(ProductKind::Goods, "50.00", "25.00"),
                line(ProductKind::StarterPack, "399.00", "599.00"),
            ],
            hi_shell_value: Amount::ZERO,
        };
        observed.take(day(30).start_ms(), &Event::Receipt(receipt));
        let bill = Bill {
            buyer: member(1),
            merchant: member(2),
            region: 441_900,
            amount: cents("80.00"),
            rebate: crate::Share::parse("0.20").unwrap(),
            hi_shell: Amount::ZERO,
        };
        observed.take(day(30).start_ms(), &Event::Bill(bill));
        for (on, walk) in [(30, 1_000), (30, 4_000), (31, 2_000)] {
            let update = StepsUpdate {
                member: member(1),
                day: day(on),
                totals: DayTotals {
                    walk,
                    run: 1_000,
                    passive: 1_000,
                },
                reached: Vec::new(),
            };
            observed.take(day(on).start_ms(), &Event::Steps(update));
        }
        // The newest day is the 31st, so the window begins on the 4th and all of the 28th lie in it.
        let growth = observed.growth();
        assert!(
            is(growth.members, 84.0) && is(growth.referred, 0.75),
            "{growth:?}"
        );
        assert!(is(growth.registrations_per_day, 2.0) && is(growth.growth_per_month, 1.0));
        assert!(is(growth.mall.amount, 100.0) && is(growth.mall.hi_value, 0.5));
        assert!(is(growth.mall.per_month, 30.0 / 28.0 / 84.0));
        assert!(is(growth.bills.amount, 80.0) && is(growth.bills.rebate, 0.2));
        // Two days walked: 6,000 and 4,000 steps.
        assert!(is(growth.steps.per_day, 5_000.0) && is(growth.steps.in_walks, 0.6));
        assert!(is(growth.steps.walkers, 2.0 / 28.0 / 84.0) && is(growth.steps.in_runs, 0.2));
        assert_eq!(growth.check(), Ok(()));
    }

    #[test]
    fn nothing_seen_leaves_the_defaults() {
        assert_eq!(Observed::default().growth(), Growth::default());
    }
}
