//! Every setting of a rulebook, one by one: its path, its name, and its value as people read it.

use serde::Serialize;
use serde_json::Value;

use crate::rulebook::{
    Airdrop, BillRates, Bounds, Centre, Challenge, Mall, MallRates, Market, MerchantRates, Offline, Partners,
    Referral, Register, Review, Rulebook, Tier, ToShopping, Welcome,
};
use crate::said::Said;

mod shown;

use shown::Shown;

/// A setting of a rulebook. Lists and a tier's conditions are one setting each: they are read as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key, for example `partners.junior.hi_value`.
    pub path: String,
    /// What it is.
    pub name: Said,
    /// Its value in JSON.
    pub value: Value,
    /// Its value as people read it: `10 %`.
    pub shown: Said,
}

/// The settings in the order of the rulebook's keys.
///
/// Each part is taken apart by name, so that a key that comes later can't be forgotten here.
#[must_use]
pub fn settings(rules: &Rulebook) -> Vec<Setting> {
    let mut list = Settings {
        list: Vec::with_capacity(80),
    };
    let Rulebook {
        name,
        shell_price,
        active_from,
        referral_right,
        register,
        mall,
        offline,
        partners,
        centre,
        airdrop,
        challenge,
        review: Review { hi_value: review },
        market,
    } = rules;
    list.add("name", "名称", "name", name);
    list.add("shell_price", "嗨贝首日价格", "price of a Hi-Shell", shell_price);
    list.add("active_from", "激活方式", "a member becomes active", active_from);
    list.add(
        "referral_right",
        "推荐奖励权",
        "who earns by referring",
        referral_right,
    );
    list.register(register);
    list.mall(mall);
    list.offline(offline);
    list.partners(partners);
    list.centre(centre);
    list.airdrop(airdrop);
    list.challenge(challenge);
    list.add("review.hi_value", "评价所得嗨值", "Hi-Value for a review", review);
    list.market(market);
    list.list
}

struct Settings {
    list: Vec<Setting>,
}

impl Settings {
    fn add<T: Shown + Serialize>(
        &mut self,
        path: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
        value: &T,
    ) {
        self.list.push(Setting {
            path: path.into(),
            name: Said::new(zh, en),
            value: serde_json::to_value(value).unwrap_or_default(),
            shown: value.shown(),
        });
    }

    fn register(&mut self, register: &Register) {
        let Register {
            member: Welcome { hi_value, challenge },
            direct,
        } = register;
        self.add(
            "register.member.hi_value",
            "注册所得嗨值",
            "Hi-Value for registering",
            hi_value,
        );
        self.add(
            "register.member.challenge",
            "注册所得挑战金",
            "challenge for registering",
            challenge,
        );
        let Referral {
            hi_value,
            hi_shell,
            challenge,
            unfreeze,
        } = direct;
        let (zh, en) = ("直推注册", "for each friend who registers");
        self.add(
            "register.direct.hi_value",
            format!("{zh}所得嗨值"),
            format!("Hi-Value {en}"),
            hi_value,
        );
        self.add(
            "register.direct.hi_shell",
            format!("{zh}所得嗨贝"),
            format!("Hi-Shell {en}"),
            hi_shell,
        );
        self.add(
            "register.direct.challenge",
            format!("{zh}所得挑战金"),
            format!("challenge {en}"),
            challenge,
        );
        self.add(
            "register.direct.unfreeze",
            format!("{zh}解冻的挑战金"),
            format!("challenge unfrozen {en}"),
            unfreeze,
        );
    }

    fn mall(&mut self, mall: &Mall) {
        let Mall {
            hi_value_base,
            direct,
            indirect,
        } = mall;
        self.add(
            "mall.hi_value_base",
            "商城嗨值比例的基数",
            "base of the mall's Hi-Value rates",
            hi_value_base,
        );
        for (key, zh, en, rates) in [
            ("direct", "商城直推奖励", "mall, direct sponsor", direct),
            ("indirect", "商城间推奖励", "mall, indirect sponsor", indirect),
        ] {
            let MallRates {
                hi_value,
                hi_shell,
                challenge,
            } = rates;
            self.add(
                format!("mall.{key}.hi_value"),
                format!("{zh}: 嗨值"),
                format!("{en}: Hi-Value"),
                hi_value,
            );
            self.add(
                format!("mall.{key}.hi_shell"),
                format!("{zh}: 嗨贝"),
                format!("{en}: Hi-Shell"),
                hi_shell,
            );
            self.add(
                format!("mall.{key}.challenge"),
                format!("{zh}: 挑战金"),
                format!("{en}: challenge"),
                challenge,
            );
        }
    }

    fn offline(&mut self, offline: &Offline) {
        let Offline {
            rebate: Bounds { min, max },
            member_multiple,
            merchant_multiple,
            offset,
            rewards,
            direct: BillRates { hi_value, hi_shell },
            merchant_direct: MerchantRates {
                hi_shell: merchant_hi_shell,
            },
        } = offline;
        self.add(
            "offline.rebate.min",
            "商家最低让利",
            "least rebate of a store",
            min,
        );
        self.add(
            "offline.rebate.max",
            "商家最高让利",
            "greatest rebate of a store",
            max,
        );
        self.add(
            "offline.member_multiple",
            "会员嗨值为让利的",
            "member's Hi-Value of the rebate",
            member_multiple,
        );
        self.add(
            "offline.merchant_multiple",
            "商家嗨值为让利的",
            "merchant's Hi-Value of the rebate",
            merchant_multiple,
        );
        self.add(
            "offline.offset",
            "商家销毁嗨贝",
            "the merchant burns Hi-Shell",
            offset,
        );
        self.add(
            "offline.rewards",
            "到店消费的推荐奖励",
            "referral rewards of bills",
            rewards,
        );
        self.add(
            "offline.direct.hi_value",
            "到店直推奖励: 嗨值",
            "bills, direct sponsor: Hi-Value",
            hi_value,
        );
        self.add(
            "offline.direct.hi_shell",
            "到店直推奖励: 嗨贝",
            "bills, direct sponsor: Hi-Shell",
            hi_shell,
        );
        self.add(
            "offline.merchant_direct.hi_shell",
            "直推商家奖励: 嗨贝",
            "bills, the merchant's sponsor: Hi-Shell",
            merchant_hi_shell,
        );
    }

    fn partners(&mut self, partners: &Partners) {
        let Partners {
            mode,
            max_depth,
            junior,
            middle,
            senior,
        } = partners;
        self.add("partners.mode", "合伙人奖励方式", "which partners are paid", mode);
        self.add(
            "partners.max_depth",
            "合伙人奖励层数",
            "levels of partner pay",
            max_depth,
        );
        for (key, zh, en, tier) in [
            ("junior", "初级合伙人", "junior partner", junior),
            ("middle", "中级合伙人", "middle partner", middle),
            ("senior", "高级合伙人", "senior partner", senior),
        ] {
            let Tier {
                when,
                hi_value,
                hi_shell,
                merchant_hi_shell,
            } = tier;
            let path = |of: &str| format!("partners.{key}.{of}");
            self.add(
                path("when"),
                format!("{zh}条件"),
                format!("{en}, conditions"),
                when,
            );
            self.add(
                path("hi_value"),
                format!("{zh}奖励: 嗨值"),
                format!("{en}: Hi-Value"),
                hi_value,
            );
            self.add(
                path("hi_shell"),
                format!("{zh}奖励: 嗨贝"),
                format!("{en}: Hi-Shell"),
                hi_shell,
            );
            self.add(
                path("merchant_hi_shell"),
                format!("{zh}商家线奖励: 嗨贝"),
                format!("{en}, merchants' line: Hi-Shell"),
                merchant_hi_shell,
            );
        }
    }

    fn centre(&mut self, centre: &Centre) {
        let Centre {
            joins_by,
            pack_hi_value,
            scope,
            base,
            rate,
            parent_rate,
        } = centre;
        self.add(
            "centre.joins_by",
            "成为运营中心的途径",
            "ways to an operation centre",
            joins_by,
        );
        self.add(
            "centre.pack_hi_value",
            "运营中心礼包嗨值为价格的",
            "centre pack's Hi-Value of its price",
            pack_hi_value,
        );
        self.add("centre.scope", "运营中心所辖商家", "a centre's merchants", scope);
        self.add(
            "centre.base",
            "运营中心奖励的基数",
            "base of a centre's reward",
            base,
        );
        self.add(
            "centre.rate",
            "运营中心奖励: 嗨贝",
            "operation centre: Hi-Shell",
            rate,
        );
        self.add(
            "centre.parent_rate",
            "上级运营中心奖励: 嗨贝",
            "parent centre: Hi-Shell",
            parent_rate,
        );
    }

    fn airdrop(&mut self, airdrop: &Airdrop) {
        let Airdrop {
            schedule,
            first_day,
            totals,
            reward_pool,
        } = airdrop;
        self.add(
            "airdrop.schedule",
            "空投方式",
            "schedule of the airdrop",
            schedule,
        );
        self.add(
            "airdrop.first_day",
            "首年每日空投",
            "daily drop of the first year",
            first_day,
        );
        self.add("airdrop.totals", "各年空投总量", "drop of each year", totals);
        self.add("airdrop.reward_pool", "奖励池", "reward pool", reward_pool);
    }

    fn challenge(&mut self, challenge: &Challenge) {
        let Challenge {
            ladder,
            tasks,
            merchant_approved,
            to_shopping: ToShopping { enabled, fee },
        } = challenge;
        self.add("challenge.ladder", "运动阶梯", "step ladder", ladder);
        self.add("challenge.tasks", "运动任务", "tasks", tasks);
        self.add(
            "challenge.merchant_approved",
            "直推商家过审解冻",
            "challenge unfrozen for a referred merchant",
            merchant_approved,
        );
        self.add(
            "challenge.to_shopping.enabled",
            "挑战金兑换购物金",
            "challenge into shopping credit",
            enabled,
        );
        self.add(
            "challenge.to_shopping.fee",
            "兑换购物金手续费",
            "fee of turning into shopping credit",
            fee,
        );
    }

    fn market(&mut self, market: &Market) {
        let Market {
            transfer,
            deduct_mall,
            deduct_store,
            sell_to_platform,
            listings,
            fee,
        } = market;
        self.add(
            "market.transfer",
            "嗨贝转赠会员",
            "Hi-Shell sent to members",
            transfer,
        );
        self.add(
            "market.deduct_mall",
            "嗨贝商城抵扣",
            "Hi-Shell used in the mall",
            deduct_mall,
        );
        self.add(
            "market.deduct_store",
            "嗨贝到店抵扣",
            "Hi-Shell used in stores",
            deduct_store,
        );
        self.add(
            "market.sell_to_platform",
            "平台回收嗨贝",
            "Hi-Shell sold to the platform",
            sell_to_platform,
        );
        self.add(
            "market.listings",
            "嗨贝会员挂单",
            "Hi-Shell listed for other members",
            listings,
        );
        self.add("market.fee", "挂单手续费", "fee of listings", fee);
    }
}

#[cfg(test)]
mod tests;
