//! Pay on other people's purchases: how many levels, on what condition, and how much in all.

use super::regulation::{CRIMINAL_LAW, DIRECT_SELLING, PYRAMID_HEADCOUNT, PYRAMID_TEAM_PAY};
use super::{Look, Severity};
use crate::explain::percent;
use crate::figures::{Rate, Share};
use crate::rulebook::{BillRewards, CentreBase, MallRates, PartnerMode, Rulebook, Tier};
use crate::said::Said;

/// Parts of one are counted in hundred-millionths: a rate has at most 8 decimals, so this is exact.
const ONE: i128 = 100_000_000;
/// 30 %.
const YARDSTICK: i128 = 30 * ONE / 100;

pub(super) fn look(look: &mut Look<'_>) {
    let rules = look.rules;
    let paid: Vec<(&str, &Tier)> = [
        ("partners.junior", &rules.partners.junior),
        ("partners.middle", &rules.partners.middle),
        ("partners.senior", &rules.partners.senior),
    ]
    .into_iter()
    .filter(|(_, tier)| is_paid(tier))
    .collect();
    if !paid.is_empty() && rules.partners.max_depth.is_none_or(|levels| levels > 2) {
        look.find(
            ("team_pay_levels", Severity::High),
            &[PYRAMID_TEAM_PAY, CRIMINAL_LAW],
            &["partners.max_depth", "partners.mode"],
            Said::new(
                "合伙人从第三层及更深的下线消费中得奖励: 团队计酬；满 30 人且三层以上可追究刑事责任。",
                "Partners are paid from purchases three or more levels below: team pay; from 30 people and 3 levels it is prosecuted.",
            ),
            Said::new(
                "将 partners.max_depth 设为 2 或更小。",
                "Set partners.max_depth to 2 or less.",
            ),
        );
    }
    if !paid.is_empty() {
        let conditions: Vec<String> = paid.iter().map(|(path, _)| format!("{path}.when")).collect();
        let conditions: Vec<&str> = conditions.iter().map(String::as_str).collect();
        look.find(
            ("headcount_condition", Severity::High),
            &[PYRAMID_HEADCOUNT],
            &conditions,
            Said::new(
                "合伙人奖励以直推或团队人数为条件: 以发展人员数量为计酬依据。",
                "Partner pay depends on the number of people referred or in the team: headcount as the basis of pay.",
            ),
            Said::new(
                "规则的条件只有人数: 将该级别的 hi_value、hi_shell、merchant_hi_shell 设为 0，另按本人销售计酬。",
                "A tier's conditions know heads alone: set the tier's hi_value, hi_shell and merchant_hi_shell to 0, and pay by own sales outside of the tiers.",
            ),
        );
    }
    let (mall, bill) = (of_an_order(rules), of_a_bill(rules));
    if mall.max(bill) > YARDSTICK {
        look.find(
            ("pay_share", Severity::Medium),
            &[DIRECT_SELLING],
            &[
                "mall.direct",
                "mall.indirect",
                "offline.rebate.max",
                "offline.member_multiple",
                "offline.direct",
                "offline.merchant_direct",
                "partners.junior",
                "partners.middle",
                "partners.senior",
                "centre.rate",
                "centre.parent_rate",
            ],
            Said::new(
                format!(
                    "他人消费带来的奖励合计: 商城最高 {}，到店最高 {}（让利取上限；每级合伙人各一位；1 嗨值按 1 元计），超过 30 %。",
                    shown(mall),
                    shown(bill)
                ),
                format!(
                    "Rewards on others' purchases come to {} of the price in the mall and {} of a bill at most (greatest rebate, one partner of each tier, a Hi-Value taken as 1 CNY): more than 30 %.",
                    shown(mall),
                    shown(bill)
                ),
            ),
            Said::new(
                "降低这些比例（或让利上限、会员倍数），使合计不超过 30 %。",
                "Lower these rates (or the greatest rebate, or the member's multiple) to 30 % or less in all.",
            ),
        );
    }
}

fn is_paid(tier: &Tier) -> bool {
    ![tier.hi_value, tier.hi_shell, tier.merchant_hi_shell]
        .into_iter()
        .all(Share::is_zero)
}

/// Of each CNY of a mall order, what others get.
fn of_an_order(rules: &Rulebook) -> i128 {
    let sponsor = |rates: &MallRates| part(rates.hi_value) + part(rates.hi_shell) + part(rates.challenge);
    sponsor(&rules.mall.direct)
        + sponsor(&rules.mall.indirect)
        + partners(rules, |tier| tier.hi_value)
        + partners(rules, |tier| tier.hi_shell)
}

/// Of each CNY of a bill with the greatest rebate, what others than buyer and merchant get.
fn of_a_bill(rules: &Rulebook) -> i128 {
    let (offline, centre) = (&rules.offline, &rules.centre);
    let rebate = part(offline.rebate.max);
    let base = match centre.base {
        CentreBase::Rebate => rebate,
        CentreBase::Turnover => ONE,
    };
    let centres = (part(centre.rate) + part(centre.parent_rate)) * base / ONE;
    let sponsors = match offline.rewards {
        BillRewards::Mall => of_an_order(rules) + part(offline.merchant_direct.hi_shell) * rebate / ONE,
        BillRewards::Rebate => {
            let granted = part(offline.member_multiple) * rebate / ONE;
            let hi_value = part(offline.direct.hi_value) + partners(rules, |tier| tier.hi_value);
            let hi_shell = part(offline.direct.hi_shell)
                + part(offline.merchant_direct.hi_shell)
                + partners(rules, |tier| tier.hi_shell)
                + partners(rules, |tier| tier.merchant_hi_shell);
            (hi_value * granted + hi_shell * rebate) / ONE
        }
    };
    sponsors + centres
}

/// What partners up a line get, with one of each tier on it, as far as the levels reach.
fn partners(rules: &Rulebook, rate: fn(&Tier) -> Share) -> i128 {
    let tiers = &rules.partners;
    let mut rates = [&tiers.junior, &tiers.middle, &tiers.senior].map(|tier| part(rate(tier)));
    rates.sort_unstable_by(|a, b| b.cmp(a));
    let paid = match tiers.mode {
        PartnerMode::Each => tiers
            .max_depth
            .map_or(usize::MAX, |levels| usize::try_from(levels).unwrap_or(usize::MAX)),
        PartnerMode::Difference | PartnerMode::Nearest => 1,
    };
    rates.into_iter().take(paid).sum()
}

fn part<const MAX: u32>(rate: Rate<MAX>) -> i128 {
    let (numerator, denominator) = rate.ratio();
    numerator * ONE / denominator
}

fn shown(part: i128) -> String {
    percent(&format!("{}.{:08}", part / ONE, part % ONE))
}
