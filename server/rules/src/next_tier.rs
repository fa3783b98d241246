//! The next tier, and what is missing for it, in figures and in words.

use haigou_contract::{ConditionProgress, Language, NextTier, PartnerTier, TierCondition};
use haigou_ledger::MemberNo;

use crate::explain::grouped;
use crate::register::Sponsor;
use crate::rulebook::{Conditions, Rulebook};
use crate::world::Person;

impl Conditions {
    /// The conditions that are named: which, how many it takes, and how many somebody has.
    pub(crate) fn named(&self, person: &Person) -> impl Iterator<Item = (TierCondition, u64, u64)> {
        [
            (TierCondition::Direct, self.direct, person.direct),
            (TierCondition::Team, self.team, person.team),
            (TierCondition::JuniorsInTeam, self.juniors_in_team, person.juniors),
            (
                TierCondition::DirectJuniors,
                self.direct_juniors,
                person.direct_juniors,
            ),
            (TierCondition::MiddlesInTeam, self.middles_in_team, person.middles),
            (
                TierCondition::DirectMiddles,
                self.direct_middles,
                person.direct_middles,
            ),
        ]
        .into_iter()
        .filter_map(|(of, needed, reached)| Some((of, needed?, u64::from(reached))))
    }
}

/// The tier above somebody's own, with how far he is; none at the highest.
#[must_use]
pub fn next_tier(
    rulebook: &Rulebook,
    member: MemberNo,
    person: &Person,
    language: Language,
) -> Option<NextTier> {
    let tier = PartnerTier::ALL
        .into_iter()
        .find(|tier| Some(*tier) > person.tier)?;
    let vip = person.vip;
    let needs_vip = !rulebook.may_earn(Sponsor { member, vip });
    let conditions: Vec<ConditionProgress> = rulebook
        .tier(tier)
        .when
        .named(person)
        .map(|(of, needed, reached)| ConditionProgress {
            of,
            needed,
            reached,
            missing: needed.saturating_sub(reached),
        })
        .collect();
    let vip_first = needs_vip.then(|| {
        let (zh, en) = ("仅 VIP 会员可成为合伙人。", "Only VIP members become partners.");
        language.pick(zh, en).to_owned()
    });
    let counts = conditions.iter().filter(|progress| progress.missing > 0);
    let missing = vip_first
        .into_iter()
        .chain(counts.map(|progress| sentence(progress, language)))
        .collect();
    Some(NextTier {
        tier,
        needs_vip,
        conditions,
        missing,
    })
}

fn sentence(progress: &ConditionProgress, language: Language) -> String {
    let (zh, one, many) = match progress.of {
        TierCondition::Direct => ("直推会员", "direct referral", "direct referrals"),
        TierCondition::Team => ("团队会员", "member in the team", "members in the team"),
        TierCondition::JuniorsInTeam => (
            "团队初级合伙人",
            "junior partner in the team",
            "junior partners in the team",
        ),
        TierCondition::DirectJuniors => (
            "直推初级合伙人",
            "junior partner among the direct referrals",
            "junior partners among the direct referrals",
        ),
        TierCondition::MiddlesInTeam => (
            "团队中级合伙人",
            "middle partner in the team",
            "middle partners in the team",
        ),
        TierCondition::DirectMiddles => (
            "直推中级合伙人",
            "middle partner among the direct referrals",
            "middle partners among the direct referrals",
        ),
    };
    let [needed, reached, missing] =
        [progress.needed, progress.reached, progress.missing].map(|count| grouped(&count.to_string()));
    match language {
        Language::Chinese => format!("{zh} {reached}/{needed} 人，还差 {missing} 人。"),
        Language::English => {
            let what = if progress.missing == 1 { one } else { many };
            format!("{missing} more {what} ({reached} of {needed}).")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Preset, earned_tier};
    use proptest::prelude::*;

    fn somebody() -> MemberNo {
        MemberNo::new(7).unwrap()
    }

    fn next(preset: Preset, person: &Person, language: Language) -> Option<NextTier> {
        next_tier(&preset.rulebook().unwrap(), somebody(), person, language)
    }

    #[test]
    fn what_is_missing_is_said_in_figures_and_in_words() {
        let person = Person {
            direct: 9,
            team: 1_234,
            vip: true,
            ..Person::default()
        };
        let junior = next(Preset::Classic, &person, Language::English).unwrap();
        assert_eq!((junior.tier, junior.needs_vip), (PartnerTier::Junior, false));
        let figures: Vec<_> = junior
            .conditions
            .iter()
            .map(|c| (c.of, c.needed, c.reached, c.missing))
            .collect();
        assert_eq!(
            figures,
            [
                (TierCondition::Direct, 10, 9, 1),
                (TierCondition::Team, 100, 1_234, 0)
            ]
        );
        assert_eq!(junior.missing, ["1 more direct referral (9 of 10)."]);
        let chinese = next(Preset::Classic, &person, Language::Chinese).unwrap();
        assert_eq!(chinese.missing, ["直推会员 9/10 人，还差 1 人。"]);
    }

    #[test]
    fn without_vip_that_is_said_first_where_the_rulebook_asks_for_it() {
        let classic = next(Preset::Classic, &Person::default(), Language::English).unwrap();
        assert!(classic.needs_vip);
        assert_eq!(classic.missing[0], "Only VIP members become partners.");
        assert_eq!(classic.missing.len(), 3);
        assert!(
            !next(Preset::Sport, &Person::default(), Language::English)
                .unwrap()
                .needs_vip
        );
    }

    #[test]
    fn above_the_highest_there_is_nothing() {
        let senior = Person {
            tier: Some(PartnerTier::Senior),
            ..Person::default()
        };
        assert_eq!(next(Preset::Classic, &senior, Language::English), None);
    }

    proptest! {
        #[test]
        fn nothing_is_missing_exactly_when_the_rules_give_the_tier(
            direct in 0_u32..30, team in 0_u32..200, juniors in 0_u32..6, middles in 0_u32..6, vip: bool,
            tier in 0_usize..4, sport: bool,
        ) {
            let person = Person {
                direct, team, juniors, direct_juniors: juniors, middles, direct_middles: middles, vip,
                tier: tier.checked_sub(1).and_then(|nth| PartnerTier::ALL.get(nth).copied()),
                ..Person::default()
            };
            let preset = if sport { Preset::Sport } else { Preset::Classic };
            let rulebook = preset.rulebook().unwrap();
            let earned = earned_tier(&rulebook, somebody(), &person);
            for language in [Language::Chinese, Language::English] {
                if let Some(next) = next(preset, &person, language) {
                    if next.missing.is_empty() {
                        prop_assert!(earned >= Some(next.tier));
                    } else if earned == Some(next.tier) {
                        prop_assert!(false, "{next:?} is missing something that {earned:?} didn't need");
                    }
                }
            }
        }
    }
}
