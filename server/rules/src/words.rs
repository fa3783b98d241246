//! A rulebook in plain words, for the members who are under it.

use haigou_contract::Language;

use crate::explain::{grouped, percent};
use crate::figures::{Rate, Share, Sum};
use crate::rulebook::{
    ActiveFrom, BillRewards, CentreBase, Conditions, HiValueBase, Offset, ReferralRight, Rulebook, Schedule,
    TaskKind, Tier,
};

/// The rules of a rulebook, a sentence each, in the order in which a member meets them.
#[must_use]
pub fn in_words(rulebook: &Rulebook, language: Language) -> Vec<String> {
    let mut words = Words {
        language,
        said: Vec::new(),
    };
    words.registration(rulebook);
    words.airdrop(rulebook);
    words.steps(rulebook);
    words.mall(rulebook);
    words.bills(rulebook);
    words.partners(rulebook);
    words.centres(rulebook);
    words.uses(rulebook);
    words.said
}

struct Words {
    language: Language,
    said: Vec<String>,
}

fn amount<const D: u32>(sum: Sum<D>) -> String {
    grouped(&sum.to_string())
}

fn share<const MAX: u32>(rate: Rate<MAX>) -> String {
    percent(&rate.to_string())
}

impl Words {
    fn say(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.said.push(match self.language {
            Language::Chinese => zh.into(),
            Language::English => en.into(),
        });
    }

    fn registration(&mut self, rules: &Rulebook) {
        let member = &rules.register.member;
        let (value, challenge) = (amount(member.hi_value), amount(member.challenge));
        self.say(
            format!("注册即得 {value} 嗨值、{challenge} 挑战金（冻结）。"),
            format!("Registering grants {value} Hi-Value and {challenge} challenge (frozen)."),
        );
        match rules.active_from {
            ActiveFrom::Registration => self.say(
                "注册后嗨值即时生效，参与每日空投。",
                "Hi-Value counts in the daily airdrop from registration on.",
            ),
            ActiveFrom::StarterPack => self.say(
                "收到首个激活礼包后嗨值生效，参与每日空投。",
                "Hi-Value counts in the daily airdrop once the first starter pack is received.",
            ),
        }
        let direct = &rules.register.direct;
        let (value, shells) = (amount(direct.hi_value), amount(direct.hi_shell));
        let (challenge, unfreeze) = (amount(direct.challenge), amount(direct.unfreeze));
        self.say(
            format!("直推好友注册: 推荐人得 {value} 嗨值、{shells} 嗨贝、{challenge} 挑战金（冻结），并解冻至多 {unfreeze} 挑战金。"),
            format!("A friend registers with your code: you get {value} Hi-Value, {shells} Hi-Shell and {challenge} challenge (frozen), and up to {unfreeze} of your challenge is unfrozen."),
        );
        match rules.referral_right {
            ReferralRight::Everyone => self.say(
                "所有会员都可获得推荐奖励。",
                "Every member may earn by referring.",
            ),
            ReferralRight::Vip => self.say(
                "仅 VIP 会员可获得推荐奖励。",
                "Only VIP members earn by referring.",
            ),
        }
    }

    fn airdrop(&mut self, rules: &Rulebook) {
        let airdrop = &rules.airdrop;
        match airdrop.schedule {
            Schedule::Halving => {
                let first = amount(airdrop.first_day.unwrap_or_default());
                self.say(
                    format!("每日空投: 首年每天 {first} 嗨贝，逐年减半，按本人生效嗨值占全网的比例分配。"),
                    format!("Daily airdrop: {first} Hi-Shell a day in the first year, half as much each year after, shared by own ÷ all active Hi-Value."),
                );
            }
            Schedule::Yearly => {
                let totals = airdrop.totals.as_deref().unwrap_or_default();
                let totals = totals.iter().map(|total| amount(*total)).collect::<Vec<_>>();
                let (zh, en) = (totals.join("、"), totals.join(", "));
                self.say(
                    format!("每日空投: 各年总量 {zh} 嗨贝，平均到每天，按本人生效嗨值占全网的比例分配。"),
                    format!("Daily airdrop: {en} Hi-Shell in the years from launch, spread over their days, shared by own ÷ all active Hi-Value."),
                );
            }
        }
        self.say(
            "嗨贝总量不超过 390,000；价格可涨可跌，本平台不承诺任何收益。",
            "At most 390,000 Hi-Shell will ever exist. Its price may rise or fall; no return is promised.",
        );
    }

    fn steps(&mut self, rules: &Rulebook) {
        for rung in &rules.challenge.ladder {
            let (steps, rate) = (rung.steps, share(rung.rate));
            self.say(
                format!("运动阶梯: 当日满 {steps} 步，解冻当时冻结挑战金的 {rate}。"),
                format!("Step ladder: {steps} steps in a day unfreeze {rate} of the challenge that is frozen then."),
            );
        }
        for task in &rules.challenge.tasks {
            let (steps, unfreeze) = (task.steps, amount(task.unfreeze));
            let (zh, en) = match task.kind {
                TaskKind::Walk => ("走路", "Walk"),
                TaskKind::Run => ("跑步", "Run"),
            };
            self.say(
                format!("{zh}任务: 当日{zh}满 {steps} 步，解冻至多 {unfreeze} 挑战金。"),
                format!(
                    "{en} task: {steps} steps in {}s in a day unfreeze up to {unfreeze} challenge.",
                    en.to_lowercase()
                ),
            );
        }
        let merchant = rules.challenge.merchant_approved;
        if merchant.amount().is_positive() {
            let unfreeze = amount(merchant);
            self.say(
                format!("推荐的商家首次通过审核，解冻至多 {unfreeze} 挑战金。"),
                format!("A merchant you referred is approved for the first time: up to {unfreeze} challenge is unfrozen."),
            );
        }
        if rules.challenge.to_shopping.enabled {
            let fee = share(rules.challenge.to_shopping.fee);
            self.say(
                format!("已解冻的挑战金可兑换购物金，手续费 {fee}。"),
                format!("Unfrozen challenge can be turned into shopping credit, less a fee of {fee}."),
            );
        }
    }

    fn mall(&mut self, rules: &Rulebook) {
        let (zh_base, en_base) = match rules.mall.hi_value_base {
            HiValueBase::Granted => ("所赠嗨值", "the Hi-Value granted"),
            HiValueBase::Amount => ("订单金额", "the amount"),
        };
        for (zh, en, rates) in [
            ("直推", "Your direct referral", &rules.mall.direct),
            ("间推", "A referral of your referral", &rules.mall.indirect),
        ] {
            if [rates.hi_value, rates.hi_shell, rates.challenge]
                .into_iter()
                .all(Share::is_zero)
            {
                continue;
            }
            let (value, shells, challenge) = (
                share(rates.hi_value),
                share(rates.hi_shell),
                share(rates.challenge),
            );
            self.say(
                format!("{zh}会员商城消费: 得{zh_base} {value} 的嗨值、订单金额 {shells} 等值的嗨贝、{challenge} 的挑战金。"),
                format!("{en} buys in the mall: {value} of {en_base} in Hi-Value, {shells} of the amount's worth in Hi-Shell, {challenge} in challenge."),
            );
        }
        if rules.review.hi_value.amount().is_positive() {
            let value = amount(rules.review.hi_value);
            self.say(
                format!("评价商品得 {value} 嗨值。"),
                format!("A review earns {value} Hi-Value."),
            );
        }
    }

    fn bills(&mut self, rules: &Rulebook) {
        let offline = &rules.offline;
        let (member, merchant) = (offline.member_multiple, offline.merchant_multiple);
        self.say(
            format!("到店消费: 会员得让利金额 {member} 倍的嗨值，商家得 {merchant} 倍。"),
            format!("A bill at a store: the member gets {member} times the rebate in Hi-Value, the merchant {merchant} times."),
        );
        match offline.offset {
            Offset::Required => self.say(
                "商家须销毁与让利等值的嗨贝。",
                "The merchant burns Hi-Shell worth the rebate.",
            ),
            Offset::Optional => self.say(
                "商家销毁与让利等值的嗨贝，不足部分以现金抵付。",
                "The merchant burns Hi-Shell worth the rebate, and pays in cash what is missing.",
            ),
            Offset::Off => {}
        }
        match offline.rewards {
            BillRewards::Mall => self.say(
                "到店消费的推荐奖励与商城相同。",
                "Referrals earn from bills as from mall orders.",
            ),
            BillRewards::Rebate => {
                let (value, shells) = (share(offline.direct.hi_value), share(offline.direct.hi_shell));
                let merchant = share(offline.merchant_direct.hi_shell);
                self.say(
                    format!("直推会员到店消费: 得其嗨值的 {value}、让利 {shells} 等值的嗨贝；直推商家: 得让利 {merchant} 等值的嗨贝。"),
                    format!("Your direct referral pays a bill: {value} of the Hi-Value, and Hi-Shell worth {shells} of the rebate; the merchant was referred by you: Hi-Shell worth {merchant} of the rebate."),
                );
            }
        }
    }

    fn partners(&mut self, rules: &Rulebook) {
        let partners = &rules.partners;
        for (zh, en, tier) in [
            ("初级", "Junior", &partners.junior),
            ("中级", "Middle", &partners.middle),
            ("高级", "Senior", &partners.senior),
        ] {
            let Tier {
                when,
                hi_value,
                hi_shell,
                merchant_hi_shell,
            } = tier;
            let (value, shells, merchant) = (share(*hi_value), share(*hi_shell), share(*merchant_hi_shell));
            let (zh_when, en_when) = (
                conditions(when, Language::Chinese),
                conditions(when, Language::English),
            );
            self.say(
                format!("{zh}合伙人（{zh_when}）: 团队消费得 {value} 嗨值、{shells} 等值嗨贝，商家线 {merchant} 等值嗨贝。"),
                format!("{en} partner ({en_when}): {value} in Hi-Value and {shells} in Hi-Shell from the team's purchases, {merchant} in Hi-Shell on the merchants' line."),
            );
        }
    }

    fn centres(&mut self, rules: &Rulebook) {
        let (rate, parent) = (share(rules.centre.rate), share(rules.centre.parent_rate));
        let (zh, en) = match rules.centre.base {
            CentreBase::Rebate => ("让利", "rebate"),
            CentreBase::Turnover => ("营业额", "turnover"),
        };
        self.say(
            format!("运营中心: 得所辖商家{zh} {rate} 等值的嗨贝，上级中心 {parent}。"),
            format!("Operation centre: Hi-Shell worth {rate} of its merchants' {en}, {parent} for its parent centre."),
        );
    }

    fn uses(&mut self, rules: &Rulebook) {
        let market = &rules.market;
        for (open, zh, en) in [
            (market.transfer, "转赠会员", "sent to members"),
            (market.deduct_mall, "商城抵扣", "used in the mall"),
            (market.deduct_store, "到店抵扣", "used in stores"),
            (market.sell_to_platform, "平台回收", "sold to the platform"),
            (market.listings, "会员挂单", "listed for other members"),
        ] {
            if open {
                self.say(format!("嗨贝可用于{zh}。"), format!("Hi-Shell can be {en}."));
            }
        }
    }
}

/// The conditions of a tier that are named.
pub(crate) fn conditions(when: &Conditions, language: Language) -> String {
    let named = [
        (when.direct, "直推", "direct referrals"),
        (when.team, "团队", "in the team"),
        (when.juniors_in_team, "团队初级", "juniors in the team"),
        (when.direct_juniors, "直推初级", "direct juniors"),
        (when.middles_in_team, "团队中级", "middles in the team"),
        (when.direct_middles, "直推中级", "direct middles"),
    ];
    let said: Vec<String> = named
        .into_iter()
        .filter_map(|(count, zh, en)| {
            let count = count?;
            Some(match language {
                Language::Chinese => format!("{zh} {count} 人"),
                Language::English => format!("{count} {en}"),
            })
        })
        .collect();
    said.join(language.pick("、", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;

    #[test]
    fn every_rule_is_said_in_both_languages() {
        for preset in Preset::ALL {
            let rulebook = preset.rulebook().unwrap();
            let zh = in_words(&rulebook, Language::Chinese);
            let en = in_words(&rulebook, Language::English);
            assert_eq!(zh.len(), en.len());
            assert!(zh.iter().all(|text| text.ends_with('。')), "{zh:?}");
            assert!(
                en.iter()
                    .all(|text| text.ends_with('.') && text.is_ascii() || text.contains('÷')),
                "{en:?}"
            );
        }
    }

    #[test]
    fn figures_stand_in_the_words() {
        let sport = in_words(&Preset::Sport.rulebook().unwrap(), Language::Chinese);
        for expected in [
            "注册即得 100.00 嗨值、100.00 挑战金（冻结）。",
            "运动阶梯: 当日满 6000 步，解冻当时冻结挑战金的 0.3 %。",
            "跑步任务: 当日跑步满 3000 步，解冻至多 0.80 挑战金。",
            "已解冻的挑战金可兑换购物金，手续费 5 %。",
        ] {
            assert!(
                sport.iter().any(|said| said == expected),
                "{expected}: {sport:#?}"
            );
        }
        let classic = in_words(&Preset::Classic.rulebook().unwrap(), Language::English);
        assert!(
            classic
                .iter()
                .any(|said| said == "Only VIP members earn by referring.")
        );
    }
}
