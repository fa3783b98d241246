//! A few members of a course, one by one: does any of them ever get back what he paid?

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::chance::factor;
use super::figure::{part, value};
use super::model::{DayState, Model};
use crate::figures::Cents;
use crate::rulebook::{ActiveFrom, BillRewards, HiValueBase, MallRates};

/// Members looked at in each course.
const PEOPLE: u32 = 150;
/// How far members differ in what they spend, and in how many they refer: standard deviation over mean.
const SPENDING: f64 = 1.0;
const REFERRING: f64 = 1.5;

/// Of the members who have paid something by the end of a day, the part that has got back as much by then; none
/// where nobody has paid.
pub(super) fn paid_back(model: &Model<'_>, course: &[DayState], random: &mut ChaCha8Rng) -> Vec<Option<f64>> {
    let mut tally = vec![(0_u32, 0_u32); course.len()];
    for _ in 0..PEOPLE {
        let Some(joined) = joins(course, random) else {
            break;
        };
        let mut person = Person::new(model, random);
        for (day, tally) in course.iter().zip(&mut tally).skip(joined) {
            person.live(model, day, random);
            if person.paid > 0.0 {
                tally.0 += 1;
                tally.1 += u32::from(person.got >= person.paid);
            }
        }
    }
    tally
        .into_iter()
        .map(|(paid, back)| (paid > 0).then(|| f64::from(back) / f64::from(paid)))
        .collect()
}

/// The day on which somebody of all members joined: those who were there first, on the first.
fn joins(course: &[DayState], random: &mut ChaCha8Rng) -> Option<usize> {
    let all = course.last()?.members;
    let place = random.random::<f64>() * all;
    Some(course.partition_point(|day| day.members <= place))
}

/// A member.
struct Person {
    /// Against the mean.
    spends: f64,
    refers: f64,
    active: bool,
    /// May earn by others.
    right: bool,
    partner: f64,
    taking_part: bool,
    /// Whom he referred; a mean, not a head count.
    friends: f64,
    hi_value: f64,
    frozen: f64,
    /// In CNY.
    paid: f64,
    got: f64,
    new: bool,
}

impl Person {
    fn new(model: &Model<'_>, random: &mut ChaCha8Rng) -> Self {
        let packs = model.rules.active_from == ActiveFrom::StarterPack;
        let active = !packs || random.random_bool(model.growth.packs.share);
        let welcome = &model.rules.register.member;
        let pack = &model.growth.packs;
        let bought = packs && active;
        Self {
            spends: factor(SPENDING, random),
            refers: factor(REFERRING, random),
            active,
            right: model.right > 0.0 && (model.right >= 1.0 || bought),
            partner: random.random(),
            taking_part: true,
            friends: 0.0,
            hi_value: cents(welcome.hi_value) + if bought { pack.hi_value } else { 0.0 },
            frozen: cents(welcome.challenge),
            paid: if bought { pack.price } else { 0.0 },
            got: 0.0,
            new: true,
        }
    }

    /// A day: he buys, refers, earns by his friends, walks, and has his part of the airdrop.
    fn live(&mut self, model: &Model<'_>, day: &DayState, random: &mut ChaCha8Rng) {
        if !self.new && random.random::<f64>() < model.growth.leave_per_month / 30.0 {
            self.taking_part = false;
        }
        self.new = false;
        if self.taking_part {
            self.buy(model, random);
            if self.right {
                self.refer(model, day);
            }
            self.walk(model);
        }
        if self.active {
            self.got += self.hi_value * day.worth;
        }
    }

    fn buy(&mut self, model: &Model<'_>, random: &mut ChaCha8Rng) {
        let (mall, bills) = (&model.growth.mall, &model.growth.bills);
        if random.random::<f64>() < self.spends * mall.per_month / 30.0 {
            let amount = mall.amount * factor(mall.spread, random);
            self.paid += amount;
            self.hi_value += amount * mall.hi_value;
            self.frozen += amount * mall.challenge;
        }
        if random.random::<f64>() < self.spends * bills.per_month / 30.0 {
            let amount = bills.amount * factor(bills.spread, random);
            self.paid += amount;
            self.hi_value += amount * model.rebate() * part(model.rules.offline.member_multiple);
        }
    }

    /// New friends, and what friends' purchases earn him; as partner, an average partner's pay.
    fn refer(&mut self, model: &Model<'_>, day: &DayState) {
        let (rules, growth) = (model.rules, model.growth);
        let everybody = day.present.max(1.0);
        let came = day.new * growth.referred / everybody * self.refers;
        let direct = &rules.register.direct;
        self.friends = (self.friends + came) * (1.0 - growth.leave_per_month / 30.0);
        self.hi_value += came * cents(direct.hi_value);
        self.frozen += came * cents(direct.challenge);
        self.unfreeze(model, came * cents(direct.unfreeze));
        let mut shells = came * value(direct.hi_shell.amount(), 8) * day.price;
        let mall = day.mall / everybody;
        let bills = day.bills / everybody;
        let granted = match rules.mall.hi_value_base {
            HiValueBase::Amount => 1.0,
            HiValueBase::Granted => growth.mall.hi_value,
        };
        let (amount, base) = match rules.offline.rewards {
            BillRewards::Mall => (mall + bills, mall * granted + bills),
            BillRewards::Rebate => (mall, mall * granted),
        };
        for (people, rates) in [
            (self.friends, &rules.mall.direct),
            (self.friends * growth.referred, &rules.mall.indirect),
        ] {
            let MallRates {
                hi_value,
                hi_shell,
                challenge,
            } = rates;
            self.hi_value += people * part(*hi_value) * base;
            self.frozen += people * part(*challenge) * amount;
            shells += people * part(*hi_shell) * amount;
        }
        if rules.offline.rewards == BillRewards::Rebate {
            let rebate = self.friends * bills * model.rebate();
            self.hi_value +=
                rebate * part(rules.offline.member_multiple) * part(rules.offline.direct.hi_value);
            shells += rebate * part(rules.offline.direct.hi_shell);
        }
        if self.partner * day.members < day.partners {
            self.hi_value += day.partner_hi_value / day.partners;
            shells += day.partner_shells / day.partners * day.price;
        }
        self.got += shells * day.funded;
    }

    fn walk(&mut self, model: &Model<'_>) {
        let walkers = model.growth.steps.walkers;
        let ladder = self.frozen * model.walk.part * walkers;
        self.unfreeze(model, ladder + model.walk.tasks * walkers);
    }

    /// What is unfrozen is worth something where it can be turned into shopping credit.
    fn unfreeze(&mut self, model: &Model<'_>, amount: f64) {
        let unfrozen = amount.min(self.frozen);
        self.frozen -= unfrozen;
        let to_shopping = &model.rules.challenge.to_shopping;
        if to_shopping.enabled {
            self.got += unfrozen * (1.0 - part(to_shopping.fee));
        }
    }
}

fn cents(sum: Cents) -> f64 {
    value(sum.amount(), 2)
}
