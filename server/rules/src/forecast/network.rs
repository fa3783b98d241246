//! The sponsor's tree as it may grow: who becomes a partner under the rulebook's own conditions, and what partners up a
//! line are paid for a purchase, on average.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::figure::part;
use super::growth::Growth;
use crate::rulebook::{ActiveFrom, Conditions, PartnerMode, ReferralRight, Rulebook, Tier};

/// The sizes at which the tree is looked at; a larger one is taken to be like the last.
const SIZES: [usize; 7] = [100, 300, 1_000, 3_000, 10_000, 20_000, 30_000];
/// Buyers whose lines are walked up at each size.
const BUYERS: usize = 2_000;

/// What partners get of a purchase on average: parts of its base.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PartnerPay {
    /// Hi-Value, on the buyer's line.
    pub(super) hi_value: f64,
    /// Hi-Shell, on the buyer's line.
    pub(super) hi_shell: f64,
    /// Hi-Shell, on the merchant's line.
    pub(super) merchant_hi_shell: f64,
    /// The part of members who are partners.
    pub(super) partners: f64,
}

/// Partner pay by the number of members.
#[derive(Debug, Clone)]
pub(super) struct Network {
    at: Vec<(f64, PartnerPay)>,
}

impl Network {
    /// Grows a tree and walks its lines.
    pub(super) fn grow(rules: &Rulebook, growth: &Growth, random: &mut ChaCha8Rng) -> Self {
        let mut tree = Tree::default();
        let at = SIZES
            .into_iter()
            .map(|size| {
                tree.grow_to(size, growth.referred, random);
                let tiers = tree.tiers(rules, growth);
                (part_of(size), tree.pay(rules, &tiers, random))
            })
            .collect();
        Self { at }
    }

    /// At a number of members: between two sizes in proportion.
    pub(super) fn at(&self, members: f64) -> PartnerPay {
        let above = self.at.partition_point(|(size, _)| *size <= members);
        let low = above.checked_sub(1).and_then(|index| self.at.get(index));
        match (low, self.at.get(above)) {
            (Some((from, low)), Some((to, high))) => {
                let t = (members - from) / (to - from);
                let between = |low: f64, high: f64| low + (high - low) * t;
                PartnerPay {
                    hi_value: between(low.hi_value, high.hi_value),
                    hi_shell: between(low.hi_shell, high.hi_shell),
                    merchant_hi_shell: between(low.merchant_hi_shell, high.merchant_hi_shell),
                    partners: between(low.partners, high.partners),
                }
            }
            (Some((_, pay)), None) | (None, Some((_, pay))) => *pay,
            (None, None) => PartnerPay::default(),
        }
    }
}

/// Members in the order they came, each after his sponsor.
#[derive(Default)]
struct Tree {
    members: Vec<Node>,
}

struct Node {
    sponsor: Option<usize>,
    /// Uniform in 0..1: below the share of those who buy a pack, he did.
    luck: f64,
}

/// What counts for a member's tier.
#[derive(Clone, Copy, Default)]
struct Counts {
    direct: u64,
    team: u64,
    juniors_in_team: u64,
    direct_juniors: u64,
    middles_in_team: u64,
    direct_middles: u64,
}

impl Tree {
    fn grow_to(&mut self, size: usize, referred: f64, random: &mut ChaCha8Rng) {
        while self.members.len() < size {
            let sponsor =
                (!self.members.is_empty() && random.random_bool(referred)).then(|| self.sponsor(random));
            self.members.push(Node {
                sponsor,
                luck: random.random(),
            });
        }
    }

    /// Every second newcomer comes to anybody, the other to somebody who has referred before: who has many friends
    /// gets more of them.
    fn sponsor(&self, random: &mut ChaCha8Rng) -> usize {
        let anybody = random.random_range(0..self.members.len());
        let before = self.members.get(anybody).and_then(|member| member.sponsor);
        before.filter(|_| random.random_bool(0.5)).unwrap_or(anybody)
    }

    /// Everybody's tier: conditions count people below alone, so one pass from the newest member on settles all.
    fn tiers<'r>(&self, rules: &'r Rulebook, growth: &Growth) -> Vec<Option<(u8, &'r Tier)>> {
        let mut counts = vec![Counts::default(); self.members.len()];
        let mut tiers = vec![None; self.members.len()];
        let ladder = [
            (3, &rules.partners.senior),
            (2, &rules.partners.middle),
            (1, &rules.partners.junior),
        ];
        for (index, member) in self.members.iter().enumerate().rev() {
            let Some(own) = counts.get(index).copied() else {
                continue;
            };
            let tier = ladder
                .into_iter()
                .find(|(_, tier)| may_be_partner(rules, growth, member, own) && holds(&tier.when, own));
            let rank = tier.map_or(0, |(rank, _)| rank);
            if let Some(place) = tiers.get_mut(index) {
                *place = tier;
            }
            if let Some(above) = member.sponsor.and_then(|sponsor| counts.get_mut(sponsor)) {
                above.direct += 1;
                above.team += own.team + 1;
                above.juniors_in_team += own.juniors_in_team + u64::from(rank >= 1);
                above.direct_juniors += u64::from(rank >= 1);
                above.middles_in_team += own.middles_in_team + u64::from(rank >= 2);
                above.direct_middles += u64::from(rank >= 2);
            }
        }
        tiers
    }

    /// The mean over buyers of what is paid up their lines.
    fn pay(&self, rules: &Rulebook, tiers: &[Option<(u8, &Tier)>], random: &mut ChaCha8Rng) -> PartnerPay {
        let mut sum = PartnerPay::default();
        let levels = rules.partners.max_depth.unwrap_or(u32::MAX);
        for _ in 0..BUYERS {
            let mut at = self.members.get(random.random_range(0..self.members.len()));
            let mut highest = PartnerPay::default();
            let mut level = 0;
            while let Some(above) = at.and_then(|member| member.sponsor).filter(|_| level < levels) {
                level += 1;
                at = self.members.get(above);
                let Some(Some((_, tier))) = tiers.get(above) else {
                    continue;
                };
                let own = PartnerPay {
                    hi_value: part(tier.hi_value),
                    hi_shell: part(tier.hi_shell),
                    merchant_hi_shell: part(tier.merchant_hi_shell),
                    partners: 0.0,
                };
                let less = match rules.partners.mode {
                    PartnerMode::Each | PartnerMode::Nearest => PartnerPay::default(),
                    PartnerMode::Difference => highest,
                };
                sum.hi_value += (own.hi_value - less.hi_value).max(0.0);
                sum.hi_shell += (own.hi_shell - less.hi_shell).max(0.0);
                sum.merchant_hi_shell += (own.merchant_hi_shell - less.merchant_hi_shell).max(0.0);
                highest.hi_value = highest.hi_value.max(own.hi_value);
                highest.hi_shell = highest.hi_shell.max(own.hi_shell);
                highest.merchant_hi_shell = highest.merchant_hi_shell.max(own.merchant_hi_shell);
                if rules.partners.mode == PartnerMode::Nearest {
                    break;
                }
            }
        }
        let buyers = part_of(BUYERS);
        let partners = tiers.iter().filter(|tier| tier.is_some()).count();
        PartnerPay {
            hi_value: sum.hi_value / buyers,
            hi_shell: sum.hi_shell / buyers,
            merchant_hi_shell: sum.merchant_hi_shell / buyers,
            partners: part_of(partners) / part_of(tiers.len().max(1)),
        }
    }
}

/// Under `referral_right: vip`, partners must be VIP; nobody is where packs make nobody VIP.
fn may_be_partner(rules: &Rulebook, growth: &Growth, member: &Node, own: Counts) -> bool {
    let bought = if own.direct > 0 {
        growth.packs.sponsors
    } else {
        growth.packs.share
    };
    match (rules.referral_right, rules.active_from) {
        (ReferralRight::Everyone, _) => true,
        (ReferralRight::Vip, ActiveFrom::StarterPack) => member.luck < bought,
        (ReferralRight::Vip, ActiveFrom::Registration) => false,
    }
}

fn holds(when: &Conditions, own: Counts) -> bool {
    [
        (when.direct, own.direct),
        (when.team, own.team),
        (when.juniors_in_team, own.juniors_in_team),
        (when.direct_juniors, own.direct_juniors),
        (when.middles_in_team, own.middles_in_team),
        (when.direct_middles, own.direct_middles),
    ]
    .into_iter()
    .all(|(needed, has)| needed.is_none_or(|needed| has >= needed))
}

/// A count as a statistic.
fn part_of(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
