//! The end of a day: the airdrop, then the next day's price. And the state that is shown.

use chrono::{Datelike as _, Days, NaiveDate};
use num_traits::{Pow as _, Zero as _};

use crate::books::{Account, Asset, Bucket, CAP};
use crate::figures::{Exact, PRICE, Units, exact, floor, whole};
use crate::rulebook::Schedule;
use crate::world::World;

const SHELL: u32 = 8;
const CASH: u32 = 2;

impl World {
    pub(crate) fn close_day(&mut self) {
        self.drop_shells();
        self.set_price();
        self.trades.clear();
        self.new_price_figure = false;
        self.today = self.today + Days::new(1);
    }

    fn drop_shells(&mut self) {
        let drop = self.scheduled_drop().min(CAP - self.books.issued());
        let all = self.books.over_all(Asset::HiValue, Bucket::Active);
        if all == 0 {
            return;
        }
        self.books
            .move_units(Account::Issuance(Asset::HiShell), Account::AirdropPool, drop);
        self.dropped += drop;
        for member in 0..self.members.len() {
            let own = self.books.of(member, Asset::HiValue, Bucket::Active);
            let share = whole(own) * exact(drop, SHELL) / whole(all);
            let share = floor(&share, SHELL);
            self.books.credit(
                Account::AirdropPool,
                member,
                Asset::HiShell,
                Bucket::Available,
                share,
            );
        }
    }

    fn scheduled_drop(&self) -> Units {
        if self.today < self.launch {
            return 0;
        }
        let year = (1..)
            .find(|year| self.today < anniversary(self.launch, *year))
            .expect("every day is in a year");
        let airdrop = &self.rules.airdrop;
        let drop = match airdrop.schedule {
            Schedule::Halving => &airdrop.first_day / whole(2).pow(year - 1),
            Schedule::Yearly => {
                let days = anniversary(self.launch, year) - anniversary(self.launch, year - 1);
                let total = airdrop.totals.get(usize::try_from(year - 1).expect("few years"));
                total.cloned().unwrap_or_default() / whole(days.num_days().into())
            }
        };
        floor(&drop, SHELL)
    }

    fn set_price(&mut self) {
        let cash: Units = self.trades.iter().map(|(cash, _)| cash).sum();
        let shells: Units = self.trades.iter().map(|(_, shells)| shells).sum();
        let traded = (shells > 0).then(|| price_floor(&(exact(cash, CASH) / exact(shells, SHELL))));
        let next = match traded {
            _ if self.new_price_figure => self.rules.shell_price.clone(),
            Some(traded) if !traded.is_zero() => traded,
            _ => self.price.clone(),
        };
        self.price = next.max(self.lowest_price());
    }

    /// What the floor fund could pay for every shell outside.
    fn lowest_price(&self) -> Exact {
        let inside = [
            Account::Burned,
            Account::RewardPool,
            Account::Holding,
            Account::Escrow,
        ];
        let inside: Units = inside
            .into_iter()
            .map(|account| self.books.balance(account))
            .sum();
        let circulating = self.books.issued() - inside;
        if circulating <= 0 {
            return Exact::zero();
        }
        let fund = self.books.balance(Account::FloorFund);
        price_floor(&(exact(fund, CASH) / exact(circulating, SHELL)))
    }
}

fn price_floor(figure: &Exact) -> Exact {
    exact(floor(figure, PRICE), PRICE)
}

/// The day so many years after another; 29 February becomes 28 where there is none.
fn anniversary(day: NaiveDate, years: i32) -> NaiveDate {
    let year = day.year() + years;
    day.with_year(year)
        .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
        .expect("28 February is in every year")
}
