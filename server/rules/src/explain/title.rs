//! What a rule is called.

use super::Words;

impl Words<'_> {
    /// What the rule is called, with what tells one of its postings from another; none for a rule that isn't known.
    pub(super) fn title(&self, rule: &str) -> Option<String> {
        let (zh, en) = match rule {
            "airdrop.share" | "steps.ladder" | "steps.walk" | "steps.run" => {
                return Some(self.numbered(rule));
            }
            "mall.partner" | "bill.partner" | "bill.merchant_partner" => return Some(self.partner(rule)),
            "reversal" => return Some(self.reversed()),
            "event" => ("发生的事情", "What happened"),
            "rulebook" => ("规则生效", "Rulebook"),
            "rulebook.accepted" => ("规则提示已确认", "A finding of a rulebook was accepted"),
            "activate" => ("成为活跃会员", "Became active"),
            "airdrop.drop" => ("空投发放", "Airdrop issued"),
            "airdrop.reward_pool" => ("奖励池划拨", "Allocation of the reward pool"),
            "register.member" => ("注册奖励", "Welcome grant at registration"),
            "register.direct" => ("直推好友注册奖励", "A friend registered with your code"),
            "register.unfreeze" => ("直推好友注册解冻", "A friend registered with your code"),
            "mall.payment" => ("商城支付", "Paid in the mall"),
            "mall.product" => ("商品赠送", "Granted with the products"),
            "mall.direct" => ("直推会员商城消费", "Your direct referral's mall order"),
            "mall.indirect" => ("间推会员商城消费", "A mall order of your referral's referral"),
            "mall.closed" => ("订单完结", "Order closed"),
            "bill.deduct" => ("到店抵扣", "Deducted from a bill"),
            "bill.burn" => ("让利销毁", "Burned for the rebate"),
            "bill.owed" => ("让利差额", "Owed for the rebate"),
            "bill.member" => ("到店消费", "Bill at a store"),
            "bill.merchant" => ("商家收款", "Bill at your store"),
            "bill.direct" => ("直推会员到店消费", "Your direct referral's bill"),
            "bill.indirect" => ("间推会员到店消费", "A bill of your referral's referral"),
            "bill.merchant_direct" => ("直推商家收款", "A bill at the store of your direct referral"),
            "bill.centre" => ("运营中心", "Operation centre"),
            "bill.parent_centre" => ("上级运营中心", "Parent operation centre"),
            "refund.money" => ("退款返还", "Refunded"),
            "centre.pack" => ("运营中心礼包", "Operation centre's pack"),
            "merchant.approved" => ("推荐的商家通过审核", "A merchant you referred was approved"),
            "convert" => ("挑战金兑换购物金", "Challenge turned into shopping credit"),
            "market.transfer" => ("嗨贝转赠", "Hi-Shell sent"),
            "market.sale" => ("平台回收", "Sold to the platform"),
            "market.listing" => ("挂单", "Listed"),
            "market.trade" => ("挂单成交", "Listing taken"),
            "market.unlisting" => ("撤单", "Listing taken back"),
            "platform.funding" => ("底价基金注入", "Paid into the floor fund"),
            "platform.refill" => ("奖励池补充", "Reward pool refilled"),
            "reward.waiting" => (
                "奖励池已补足，补发奖励",
                "The reward pool has risen: a waiting reward is paid",
            ),
            "opening" => ("期初余额", "Opening balance"),
            _ => return None,
        };
        Some(self.pick(zh, en))
    }

    fn numbered(&self, rule: &str) -> String {
        let (day, steps) = (self.figure("day"), self.figure("steps"));
        match rule {
            "airdrop.share" => self.pick(format!("{day} 空投"), format!("Airdrop of {day}")),
            "steps.ladder" => self.pick(
                format!("运动阶梯 {steps} 步"),
                format!("Step ladder, {steps} steps"),
            ),
            "steps.run" => self.pick(format!("跑步任务 {steps} 步"), format!("Run task, {steps} steps")),
            _ => self.pick(
                format!("走路任务 {steps} 步"),
                format!("Walk task, {steps} steps"),
            ),
        }
    }

    fn partner(&self, rule: &str) -> String {
        let (zh, en) = match self.figures.get("tier").map(String::as_str) {
            Some("junior") => ("初级", "junior "),
            Some("middle") => ("中级", "middle "),
            Some("senior") => ("高级", "senior "),
            _ => ("", ""),
        };
        if rule == "bill.merchant_partner" {
            self.pick(
                format!("商家线{zh}合伙人"),
                format!("Merchant line's {en}partner"),
            )
        } else {
            self.pick(format!("团队{zh}合伙人"), format!("Team {en}partner"))
        }
    }

    fn reversed(&self) -> String {
        let rule = self.figure("rule");
        let title = self.title_of_reversed(rule);
        self.pick(
            format!("退款冲正（{title}）"),
            format!("Reversed for a refund ({title})"),
        )
    }

    /// A reversal is never reversed, so this ends.
    fn title_of_reversed(&self, rule: &str) -> String {
        let title = (rule != "reversal").then(|| self.title(rule)).flatten();
        title.unwrap_or_else(|| rule.to_owned())
    }
}
