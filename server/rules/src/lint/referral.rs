//! Earning by bringing people: what it takes, and what is paid a head.

use super::regulation::{PYRAMID_ENTRY_FEE, PYRAMID_HEADCOUNT};
use super::{Look, Severity};
use crate::figures::Cents;
use crate::rulebook::{ActiveFrom, ReferralRight};
use crate::said::Said;

pub(super) fn look(look: &mut Look<'_>) {
    let rules = look.rules;
    if rules.referral_right == ReferralRight::Vip && rules.active_from == ActiveFrom::StarterPack {
        look.find(
            ("purchase_for_referral", Severity::High),
            &[PYRAMID_ENTRY_FEE],
            &["referral_right", "active_from"],
            Said::new(
                "购买礼包才有推荐奖励权: 以购买商品变相缴纳入门费。",
                "Only who buys a pack earns by referring: buying goods as a disguised fee for the right to recruit.",
            ),
            Said::new(
                "将 referral_right 改为 everyone。",
                "Set referral_right to everyone.",
            ),
        );
    }
    let direct = &rules.register.direct;
    let positive = |sum: Cents| sum.amount().is_positive();
    let rewards = [
        ("register.direct.hi_value", positive(direct.hi_value)),
        ("register.direct.hi_shell", direct.hi_shell.amount().is_positive()),
        ("register.direct.challenge", positive(direct.challenge)),
    ];
    let paid = named(&rewards);
    if !paid.is_empty() {
        look.find(
            ("reward_per_head", Severity::High),
            &[PYRAMID_HEADCOUNT],
            &paid,
            Said::new(
                "按注册人数给推荐人奖励: 以发展人员数量计酬。",
                "The sponsor is paid for each registration: pay by the number of people recruited.",
            ),
            Said::new(
                "将 register.direct 的 hi_value、hi_shell、challenge 设为 0；奖励改在好友首次真实消费时发放，或以小额固定购物金代替。",
                "Set hi_value, hi_shell and challenge of register.direct to 0; reward the friend's first real purchase instead, or give a small fixed amount in shopping credit.",
            ),
        );
    }
    let unfreezing = [
        ("register.direct.unfreeze", positive(direct.unfreeze)),
        (
            "challenge.merchant_approved",
            positive(rules.challenge.merchant_approved),
        ),
    ];
    let unfreezing = named(&unfreezing);
    if !unfreezing.is_empty() {
        look.find(
            ("challenge_per_head", Severity::Medium),
            &[PYRAMID_HEADCOUNT],
            &unfreezing,
            Said::new(
                "推荐会员或商家即解冻挑战金: 变相按人头计酬。",
                "Challenge is unfrozen for each referred member or merchant: pay per head in another form.",
            ),
            Said::new(
                "将其设为 0，挑战金只由运动解冻。",
                "Set these to 0, so that only steps unfreeze challenge.",
            ),
        );
    }
}

/// The paths of what is so.
fn named<'p>(all: &[(&'p str, bool)]) -> Vec<&'p str> {
    all.iter().filter(|(_, is)| *is).map(|(path, _)| *path).collect()
}
