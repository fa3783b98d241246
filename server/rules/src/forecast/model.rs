//! One possible course: day by day, everybody together.

use haigou_contract::{Amount, Day, Milestone};
use haigou_ledger::SHELL_CAP;
use rand_chacha::ChaCha8Rng;

use super::chance::{around_one, count, factor, spent};
use super::figure::{part, value};
use super::growth::Growth;
use super::network::Network;
use crate::airdrop::drop_on;
use crate::figures::Cents;
use crate::rulebook::{
    ActiveFrom, BillRewards, CentreBase, HiValueBase, MallRates, Offset, ReferralRight, Rulebook,
};
use crate::steps::{UnfreezeFigure, milestones};

/// Launch of every forecast, 2026-01-01: nothing depends on it but where leap days fall.
const LAUNCH: Day = Day::from_number(20_454);
/// Walking days that the effect of the ladder and the tasks is taken from.
const WALKS: u32 = 4_000;

/// What all courses have in common.
pub(super) struct Model<'a> {
    pub(super) rules: &'a Rulebook,
    pub(super) growth: &'a Growth,
    network: Network,
    /// What the airdrop issues on each day.
    drops: Vec<f64>,
    pub(super) walk: Walk,
    /// The part of sponsors who may earn.
    pub(super) right: f64,
    /// The part of members who become active, and of those who are rewarded for others.
    pub(super) active: f64,
    pub(super) sponsor_active: f64,
}

/// What a counted day's steps unfreeze.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Walk {
    /// By the ladder: a part of what is frozen.
    pub(super) part: f64,
    /// By tasks: at most so much.
    pub(super) tasks: f64,
}

/// A day of a course. Totals are since launch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DayState {
    pub(super) members: f64,
    /// Of them, taking part.
    pub(super) present: f64,
    pub(super) new: f64,
    /// Active Hi-Value of members.
    pub(super) hi_value: f64,
    pub(super) price: f64,
    pub(super) issued: f64,
    pub(super) burned: f64,
    pub(super) reward_pool: f64,
    /// Rewards that the pool couldn't pay.
    pub(super) waiting: f64,
    /// The part of the day's rewards in Hi-Shell that was paid.
    pub(super) funded: f64,
    pub(super) frozen: f64,
    pub(super) available: f64,
    pub(super) payout: f64,
    pub(super) revenue: f64,
    /// What the airdrop gave on one Hi-Value this day, in CNY.
    pub(super) worth: f64,
    /// CNY of mall orders and of bills this day.
    pub(super) mall: f64,
    pub(super) bills: f64,
    /// Partner pay of the day, for all partners together.
    pub(super) partner_hi_value: f64,
    pub(super) partner_shells: f64,
    pub(super) partners: f64,
    /// Merchants' own Hi-Value and Hi-Shell.
    merchant_value: f64,
    merchant_shells: f64,
}

impl<'a> Model<'a> {
    pub(super) fn new(rules: &'a Rulebook, growth: &'a Growth, days: u32, random: &mut ChaCha8Rng) -> Self {
        let packs = rules.active_from == ActiveFrom::StarterPack;
        Self {
            rules,
            growth,
            network: Network::grow(rules, growth, random),
            drops: drops(rules, days),
            walk: walk(rules, growth, random),
            right: match (rules.referral_right, packs) {
                (ReferralRight::Everyone, _) => 1.0,
                (ReferralRight::Vip, true) => growth.packs.sponsors,
                (ReferralRight::Vip, false) => 0.0,
            },
            active: if packs { growth.packs.share } else { 1.0 },
            sponsor_active: match (packs, rules.referral_right) {
                (true, ReferralRight::Everyone) => growth.packs.sponsors,
                (true, ReferralRight::Vip) | (false, _) => 1.0,
            },
        }
    }

    /// A course of all days.
    pub(super) fn course(&self, random: &mut ChaCha8Rng) -> Vec<DayState> {
        let growth = self.growth;
        let pace = around_one(growth.uncertainty, random);
        let pool = value(self.rules.airdrop.reward_pool.amount(), 8);
        let mut state = DayState {
            price: value(self.rules.shell_price.amount(), 4),
            issued: pool,
            reward_pool: pool,
            ..DayState::default()
        };
        let mut course = Vec::with_capacity(self.drops.len());
        self.join(&mut state, growth.members, &mut 0.0);
        let mut expected = growth.registrations_per_day * pace;
        for drop in &self.drops {
            let new = count(expected * around_one(growth.day_noise, random), random);
            self.day(&mut state, new, *drop, random);
            course.push(state);
            expected *= (1.0 + growth.growth_per_month).powf(1.0 / 30.0);
        }
        course
    }

    /// Members register; `shells` grows by what their sponsors are owed.
    fn join(&self, state: &mut DayState, new: f64, shells: &mut f64) {
        let (register, growth) = (&self.rules.register, self.growth);
        let referrals = new * growth.referred * self.right;
        let cents = |sum: Cents| value(sum.amount(), 2);
        state.new = new;
        state.members += new;
        state.present += new;
        state.hi_value += new * cents(register.member.hi_value) * self.active
            + referrals * cents(register.direct.hi_value) * self.sponsor_active;
        *shells += referrals * value(register.direct.hi_shell.amount(), 8);
        state.frozen += new * cents(register.member.challenge) + referrals * cents(register.direct.challenge);
        let stores = new / growth.bills.members_per_store;
        state.merchant_value += stores * cents(register.member.hi_value);
        let unfrozen = referrals * cents(register.direct.unfreeze)
            + stores * growth.referred * self.right * cents(self.rules.challenge.merchant_approved);
        unfreeze(state, unfrozen);
        if self.rules.active_from == ActiveFrom::StarterPack {
            state.hi_value += new * growth.packs.share * growth.packs.hi_value;
            state.revenue += new * growth.packs.share * growth.packs.price;
        }
    }

    fn day(&self, state: &mut DayState, new: f64, drop: f64, random: &mut ChaCha8Rng) {
        let growth = self.growth;
        if self.rules.market.listings {
            state.price *= around_one(growth.price_volatility, random);
        }
        // Rewards in Hi-Shell of this day, in shells.
        let mut shells = 0.0;
        state.partner_hi_value = 0.0;
        state.partner_shells = 0.0;
        self.join(state, new, &mut shells);
        state.present *= 1.0 - growth.leave_per_month / 30.0;
        state.mall = spent(
            state.present * growth.mall.per_month / 30.0,
            growth.mall.amount,
            growth.mall.spread,
            random,
        );
        state.bills = spent(
            state.present * growth.bills.per_month / 30.0,
            growth.bills.amount,
            growth.bills.spread,
            random,
        );
        self.orders(state, &mut shells);
        self.stores(state, &mut shells);
        let reward = self.pay(state, shells);
        self.airdrop(state, drop);
        self.walked(state);
        let converted = self.convert(state);
        state.payout += (drop + reward) * state.price + converted;
    }

    fn orders(&self, state: &mut DayState, shells: &mut f64) {
        let mall = &self.growth.mall;
        let granted = state.mall * mall.hi_value;
        state.hi_value += granted * self.active;
        state.frozen += state.mall * mall.challenge;
        state.revenue += state.mall;
        let base = match self.rules.mall.hi_value_base {
            HiValueBase::Granted => granted,
            HiValueBase::Amount => state.mall,
        };
        self.purchase(state, state.mall, base, shells);
    }

    /// The sponsors' and partners' rewards of purchases.
    fn purchase(&self, state: &mut DayState, amount: f64, base: f64, shells: &mut f64) {
        let direct = self.growth.referred * self.right;
        for (chance, rates) in [
            (direct, &self.rules.mall.direct),
            (direct * self.growth.referred, &self.rules.mall.indirect),
        ] {
            let MallRates {
                hi_value,
                hi_shell,
                challenge,
            } = rates;
            state.hi_value += chance * part(*hi_value) * base * self.sponsor_active;
            *shells += chance * part(*hi_shell) * amount / state.price;
            state.frozen += chance * part(*challenge) * amount;
        }
        self.partners(state, base, amount, shells);
    }

    /// Partners up the buyers' lines.
    fn partners(&self, state: &mut DayState, base: f64, amount: f64, shells: &mut f64) {
        let pay = self.network.at(state.members);
        let (hi_value, hi_shell) = (pay.hi_value * base, pay.hi_shell * amount / state.price);
        state.hi_value += hi_value * self.sponsor_active;
        *shells += hi_shell;
        state.partner_hi_value += hi_value;
        state.partner_shells += hi_shell;
        state.partners = pay.partners * state.members;
    }

    /// The stores' rebate rate.
    pub(super) fn rebate(&self) -> f64 {
        let bounds = &self.rules.offline.rebate;
        self.growth.bills.rebate.clamp(part(bounds.min), part(bounds.max))
    }

    fn stores(&self, state: &mut DayState, shells: &mut f64) {
        let (offline, centre, growth) = (&self.rules.offline, &self.rules.centre, self.growth);
        let rate = self.rebate();
        let wanted = state.bills * rate / state.price;
        let burned = match offline.offset {
            Offset::Off => 0.0,
            Offset::Required | Offset::Optional => wanted.min(self.for_sale(state)).max(0.0),
        };
        if offline.offset == Offset::Required && wanted > 0.0 {
            // Bills that the merchant has too little for are refused.
            state.bills *= burned / wanted;
        }
        state.burned += burned;
        state.merchant_shells = (state.merchant_shells - burned).max(0.0);
        let rebate = state.bills * rate;
        state.revenue += rebate;
        let granted = part(offline.member_multiple) * rebate;
        let merchants = part(offline.merchant_multiple) * rebate;
        state.hi_value += granted * self.active;
        state.merchant_value += merchants;
        let direct = growth.referred * self.right;
        match offline.rewards {
            BillRewards::Mall => self.purchase(state, state.bills, state.bills, shells),
            BillRewards::Rebate => {
                state.hi_value += direct * part(offline.direct.hi_value) * granted * self.sponsor_active;
                *shells += direct * part(offline.direct.hi_shell) * rebate / state.price;
                *shells += direct * part(offline.merchant_direct.hi_shell) * rebate / state.price;
                self.partners(state, granted, rebate, shells);
                let line = self.network.at(state.members).merchant_hi_shell * rebate / state.price;
                *shells += line;
                state.partner_shells += line;
            }
        }
        let base = match centre.base {
            CentreBase::Rebate => rebate,
            CentreBase::Turnover => state.bills,
        };
        *shells +=
            growth.bills.with_centre * (part(centre.rate) + part(centre.parent_rate)) * base / state.price;
    }

    /// The Hi-Shell that merchants can burn: their own, and everybody's where members can hand it on.
    fn for_sale(&self, state: &DayState) -> f64 {
        let market = &self.rules.market;
        if market.transfer || market.listings || market.deduct_store {
            (state.issued - state.burned - state.reward_pool).max(0.0)
        } else {
            state.merchant_shells
        }
    }

    /// Rewards leave the pool while it lasts; what it can't pay waits, and so does all that comes after.
    fn pay(&self, state: &mut DayState, owed: f64) -> f64 {
        let paid = if state.waiting > 0.0 {
            0.0
        } else {
            owed.min(state.reward_pool)
        };
        state.reward_pool -= paid;
        state.waiting += owed - paid;
        state.funded = if owed > 0.0 { paid / owed } else { 1.0 };
        paid
    }

    fn airdrop(&self, state: &mut DayState, drop: f64) {
        let network = state.network();
        state.worth = 0.0;
        if network > 0.0 {
            state.issued += drop;
            state.worth = drop * state.price / network;
            state.merchant_shells += drop * state.merchant_value / network;
        }
    }

    fn walked(&self, state: &mut DayState) {
        let taking_part = state.present / state.members.max(1.0);
        let reached = state.frozen * taking_part * self.growth.steps.walkers;
        let tasks = state.present * self.growth.steps.walkers * self.walk.tasks;
        let unfrozen = reached * self.walk.part + tasks.min(reached * (1.0 - self.walk.part));
        unfreeze(state, unfrozen);
    }

    /// Challenge becomes shopping credit, which is paid out in goods.
    fn convert(&self, state: &mut DayState) -> f64 {
        let to_shopping = &self.rules.challenge.to_shopping;
        if !to_shopping.enabled {
            return 0.0;
        }
        let converted = state.available * self.growth.convert_per_month / 30.0;
        state.available -= converted;
        converted * (1.0 - part(to_shopping.fee))
    }
}

impl DayState {
    /// All active Hi-Value: the airdrop's network total.
    pub(super) const fn network(&self) -> f64 {
        self.hi_value + self.merchant_value
    }
}

fn unfreeze(state: &mut DayState, amount: f64) {
    let unfrozen = amount.min(state.frozen);
    state.frozen -= unfrozen;
    state.available += unfrozen;
}

/// What the schedule drops on each day from launch, by the rulebook's own function.
fn drops(rules: &Rulebook, days: u32) -> Vec<f64> {
    let mut issued = rules.airdrop.reward_pool.amount().units();
    let mut drops = Vec::new();
    let mut day = LAUNCH;
    for _ in 0..days {
        let room = Amount::from_units(SHELL_CAP.saturating_sub(issued));
        let drop = drop_on(&rules.airdrop, LAUNCH, day, room);
        issued = issued.saturating_add(drop.units());
        drops.push(value(drop, 8));
        day = day.next();
    }
    drops
}

/// What a counted day unfreezes on average, from days drawn by the assumptions.
fn walk(rules: &Rulebook, growth: &Growth, random: &mut ChaCha8Rng) -> Walk {
    let steps = &growth.steps;
    let mut walk = Walk::default();
    for _ in 0..WALKS {
        let made = steps.per_day * factor(steps.spread, random);
        for ((kind, needed), figure) in milestones(rules) {
            let counted = match kind {
                Milestone::Ladder => made,
                Milestone::Walk => made * steps.in_walks,
                Milestone::Run => made * steps.in_runs,
            };
            if counted < needed as f64 {
                continue;
            }
            match figure {
                UnfreezeFigure::Rate(rate) => walk.part += part(rate),
                UnfreezeFigure::Amount(most) => walk.tasks += value(most.amount(), 2),
            }
        }
    }
    Walk {
        part: walk.part / f64::from(WALKS),
        tasks: walk.tasks / f64::from(WALKS),
    }
}
