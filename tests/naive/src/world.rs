//! Everything there is, and the way through a scenario: close the days that are over, then let the event happen or not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;

use crate::books::{Account, Asset, Books, Bucket};
use crate::centres::Centre;
use crate::figures::{Exact, PRICE, Units, exact, floor, positive};
use crate::mall::Order;
use crate::market::Listing;
use crate::people::{Member, MemberId};
use crate::rulebook::{self, Rulebook};
use crate::scenario::{Act, Code, Event, Scenario, StepKind};
use crate::stores::Merchant;

/// What an event comes to.
pub(crate) type Done = Result<(), Code>;

/// The state of everything, after some events.
#[derive(Debug, Clone)]
pub struct World {
    written: Value,
    pub(crate) rules: Rulebook,
    pub(crate) launch: NaiveDate,
    /// The day that is not closed yet.
    pub(crate) today: NaiveDate,
    pub(crate) price: Exact,
    pub(crate) new_price_figure: bool,
    pub(crate) books: Books,
    pub(crate) dropped: Units,
    pub(crate) members: Vec<Member>,
    pub(crate) merchants: Vec<Merchant>,
    pub(crate) centres: Vec<Centre>,
    pub(crate) orders: Vec<Order>,
    /// The orders of received centre packs, as they were received.
    pub(crate) packs: Vec<usize>,
    pub(crate) listings: Vec<Listing>,
    /// Cash and shells of today's trades by listing.
    pub(crate) trades: Vec<(Units, Units)>,
    pub(crate) steps: BTreeMap<(MemberId, NaiveDate, StepKind), i64>,
    /// Rungs (no kind) and tasks that a member has had of a day.
    pub(crate) had: BTreeSet<(MemberId, NaiveDate, Option<StepKind>, i64)>,
    pub(crate) happened: usize,
    pub(crate) rejected: Vec<(usize, Code)>,
}

impl World {
    /// The world before a scenario's first event.
    ///
    /// # Panics
    /// If the scenario's rulebook is none.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let written = rulebook::preset(&scenario.rulebook, &scenario.changes);
        let rules = rulebook::typed(&written);
        let first = scenario.events.first().map(Event::day);
        let launch = scenario
            .launch
            .or(first)
            .expect("a scenario has an event, or says its launch");
        let mut books = Books::default();
        let allocation = floor(&rules.airdrop.reward_pool, Asset::HiShell.decimals());
        books.move_units(Account::Issuance(Asset::HiShell), Account::RewardPool, allocation);
        Self {
            written,
            launch,
            today: first.map_or(launch, |first| first.min(launch)),
            price: rules.shell_price.clone(),
            new_price_figure: false,
            rules,
            books,
            dropped: 0,
            members: Vec::new(),
            merchants: Vec::new(),
            centres: Vec::new(),
            orders: Vec::new(),
            packs: Vec::new(),
            listings: Vec::new(),
            trades: Vec::new(),
            steps: BTreeMap::new(),
            had: BTreeSet::new(),
            happened: 0,
            rejected: Vec::new(),
        }
    }

    /// Closes the days before the event, and lets it happen; if it is refused, nothing of it stays.
    pub fn play(&mut self, event: &Event) {
        while self.today < event.day() {
            self.close_day();
        }
        let before = self.clone();
        if let Err(code) = self.happen(&event.act) {
            *self = before;
            self.rejected.push((self.happened, code));
        }
        self.happened += 1;
    }

    fn happen(&mut self, act: &Act) -> Done {
        match act {
            Act::Register { member, sponsor } => self.register(member, sponsor.as_deref()),
            Act::Buy { receive, .. } => {
                let order = self.buy(act)?;
                if *receive { self.receive(order) } else { Ok(()) }
            }
            Act::Receive { order } => self.receive(self.order(order)?),
            Act::Cancel { order } => self.cancel(self.order(order)?),
            Act::Refund { order, amount } => self.refund(self.order(order)?, amount.as_deref()),
            Act::Merchant {
                merchant,
                owner,
                region,
                rebate,
                approve,
            } => self.merchant(merchant, owner, region, rebate, *approve),
            Act::Bill {
                member,
                merchant,
                amount,
                order,
                pay,
            } => {
                let shells = pay.as_ref().and_then(|pay| pay.hi_shell.as_deref());
                self.bill(member, merchant, amount, order.as_deref(), shells)
            }
            Act::Steps { member, kind, steps } => self.walk(member, *kind, *steps),
            Act::Convert { member, amount } => self.convert(member, amount),
            Act::Transfer { member, to, amount } => self.transfer(member, to, amount),
            Act::Sell { member, amount } => self.sell(member, amount),
            Act::List {
                member,
                listing,
                amount,
                price,
            } => self.list(member, listing, amount, price),
            Act::Take {
                member,
                amount,
                price,
                listing,
            } => self.take(member, amount, price.as_deref(), listing.as_deref()),
            Act::Unlist { listing } => self.unlist(listing),
            Act::Fund { amount } => self.fund(amount),
            Act::Refill { amount } => self.refill(amount),
            Act::Give {
                member,
                account,
                amount,
            } => self.give(member, account, amount),
            Act::Centre {
                centre,
                owner,
                region,
                parent,
                by,
                approve,
            } => self.centre(centre, owner, region, parent.as_deref(), *by, *approve),
            Act::Tier { member, tier } => self.appoint(member, *tier),
            Act::Rulebook { changes } => self.start_rulebook(changes),
            Act::Pass => Ok(()),
        }
    }

    fn start_rulebook(&mut self, changes: &Value) -> Result<(), Code> {
        let mut written = self.written.clone();
        rulebook::merge(&mut written, changes);
        let rules = rulebook::typed(&written);
        if rules.airdrop.reward_pool != self.rules.airdrop.reward_pool {
            return Err(Code::WrongState);
        }
        self.written = written;
        self.new_price_figure |= rules.shell_price != self.rules.shell_price;
        self.rules = rules;
        self.check_tiers_of_all();
        Ok(())
    }

    /// The member of this name.
    pub(crate) fn member(&self, name: &str) -> Result<MemberId, Code> {
        self.members
            .iter()
            .position(|member| member.name == name)
            .ok_or(Code::UnknownMember)
    }

    /// Where hi_value of this member goes.
    pub(crate) fn hi_value_bucket(&self, member: MemberId) -> Bucket {
        if self.members[member].active {
            Bucket::Active
        } else {
            Bucket::Inactive
        }
    }

    /// Grants floor2(figure) hi_value.
    pub(crate) fn grant_hi_value(&mut self, member: MemberId, figure: &Exact) {
        let units = floor(figure, Asset::HiValue.decimals());
        self.books
            .grant(member, Asset::HiValue, self.hi_value_bucket(member), units);
    }

    /// Grants floor2(figure) of the challenge fund, frozen.
    pub(crate) fn grant_challenge(&mut self, member: MemberId, figure: &Exact) {
        let units = floor(figure, Asset::Challenge.decimals());
        self.books.grant(member, Asset::Challenge, Bucket::Frozen, units);
    }

    /// Rewards floor8(figure) hi_shell.
    pub(crate) fn reward(&mut self, member: MemberId, figure: &Exact) {
        self.books
            .reward(member, floor(figure, Asset::HiShell.decimals()));
    }

    /// Unfreezes floor2(figure), or all that is frozen.
    pub(crate) fn unfreeze(&mut self, member: MemberId, figure: &Exact) {
        let account = |bucket| Account::Member(member, Asset::Challenge, bucket);
        let frozen = self.books.balance(account(Bucket::Frozen));
        let units = floor(figure, Asset::Challenge.decimals()).min(frozen);
        self.books
            .move_units(account(Bucket::Frozen), account(Bucket::Available), units);
    }

    /// What shells are worth today in cash: floor2.
    pub(crate) fn worth(&self, shells: Units) -> Units {
        floor(
            &(exact(shells, Asset::HiShell.decimals()) * &self.price),
            Asset::Cash.decimals(),
        )
    }

    /// `insufficient` if a member has less than this available.
    pub(crate) fn has(&self, member: MemberId, asset: Asset, units: Units) -> Done {
        let available = self.books.of(member, asset, Bucket::Available);
        if available < units {
            Err(Code::Insufficient)
        } else {
            Ok(())
        }
    }
}

/// The units of an event's amount.
pub(crate) fn amount(text: &str, asset: Asset) -> Result<Units, Code> {
    positive(text, asset.decimals()).ok_or(Code::BadAmount)
}

/// The fraction that an event's price is.
pub(crate) fn price(text: &str) -> Result<Exact, Code> {
    positive(text, PRICE)
        .map(|units| exact(units, PRICE))
        .ok_or(Code::BadAmount)
}

/// Refused with this code if it is so.
pub(crate) fn refuse_if(so: bool, code: Code) -> Done {
    if so { Err(code) } else { Ok(()) }
}
