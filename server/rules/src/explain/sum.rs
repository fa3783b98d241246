//! The figures that went into a rule, as a sum that can be checked.

use haigou_contract::Asset;

use super::{Words, grouped, trimmed};

impl Words<'_> {
    /// What went in and what came out; none for a rule that has nothing to work out.
    pub(super) fn sum(&self, rule: &str) -> Option<String> {
        Some(match rule {
            "event" | "rulebook.accepted" => return None,
            "activate" => self.pick(
                "未生效嗨值全部转为生效",
                "all inactive Hi-Value counts from now on",
            ),
            "rulebook" => self.pick(
                format!("第 {} 版", self.figure("version")),
                format!("version {}", self.figure("version")),
            ),
            "airdrop.drop" => self.pick(
                format!("{} 发放 {} 嗨贝", self.figure("day"), self.short("drop")),
                format!("{} Hi-Shell on {}", self.short("drop"), self.figure("day")),
            ),
            "airdrop.reward_pool" => self.pick("上线时一次划拨", "once, at launch"),
            "airdrop.share" => self.share(),
            "register.unfreeze" | "merchant.approved" | "steps.walk" | "steps.run" => self.unfrozen(),
            "steps.ladder" => {
                let (frozen, rate, result) =
                    (self.amount("frozen"), self.rate("rate"), self.amount("amount"));
                self.pick(
                    format!("冻结挑战金 {frozen} × {rate} = {result}"),
                    format!("frozen challenge {frozen} × {rate} = {result}"),
                )
            }
            "mall.product" => {
                let (quantity, each, result) = (self.figure("quantity"), self.amount("each"), self.result());
                self.pick(
                    format!("{quantity} 件 × {each} = {result}"),
                    format!("{quantity} × {each} = {result}"),
                )
            }
            "bill.burn" => {
                let (rebate, burned) = (self.rebate(), self.of(Asset::HiShell, "hi_shell"));
                format!("{rebate} ÷ {} → {burned}", self.today())
            }
            "bill.owed" => {
                let (rebate, burned) = (self.rebate(), self.of(Asset::HiShell, "burned"));
                let owed = self.of(Asset::Cash, "cash");
                format!("{rebate} − {burned} × {} = {owed}", self.today())
            }
            "bill.deduct" => {
                let (shells, value) = (self.of(Asset::HiShell, "hi_shell"), self.of(Asset::Cash, "value"));
                format!("{shells} × {} = {value}", self.today())
            }
            "market.sale" => {
                let (shells, cash) = (self.of(Asset::HiShell, "hi_shell"), self.of(Asset::Cash, "cash"));
                format!("{shells} × {} = {cash}", self.today())
            }
            "market.listing" => format!("{} × {}", self.of(Asset::HiShell, "hi_shell"), self.price()),
            "market.trade" => self.trade(),
            "convert" => {
                let (from, to) = (
                    self.of(Asset::Challenge, "challenge"),
                    self.of(Asset::Shopping, "shopping"),
                );
                format!("{from} × (1 − {}) = {to}", self.rate("fee"))
            }
            "reward.waiting" => {
                let (journal, posting) = (self.figure("journal"), self.figure("posting"));
                self.pick(
                    format!("凭证 {journal} 第 {posting} 笔"),
                    format!("journal {journal}, posting {posting}"),
                )
            }
            "reversal" => self.part("amount"),
            "refund.money" => format!("{} = {}", self.part("paid"), self.result()),
            _ if self.figures.contains_key("rate") => self.part_of_base(),
            _ => self.result(),
        })
    }

    fn share(&self) -> String {
        let (drop, share) = (self.short("drop"), self.short("amount"));
        let (own, network) = (self.amount("own"), self.amount("network"));
        self.pick(
            format!("{drop} × 本人 {own} ÷ 全网 {network} = {share}"),
            format!("{drop} × own {own} ÷ network {network} = {share}"),
        )
    }

    fn unfrozen(&self) -> String {
        let (most, frozen, result) = (
            self.amount("unfreeze"),
            self.amount("frozen"),
            self.amount("amount"),
        );
        self.pick(
            format!("{most} 与冻结挑战金 {frozen} 取较小者 = {result}"),
            format!("the lesser of {most} and the frozen challenge {frozen} = {result}"),
        )
    }

    /// `让利 100.00 元 × 2 % ÷ 今日 2.50 元 = 0.80000000 嗨贝`.
    fn part_of_base(&self) -> String {
        let base = self.base();
        let rate = match (
            self.figures.contains_key("own"),
            self.figures.contains_key("below"),
        ) {
            (true, true) => format!("({} − {})", self.rate("own"), self.rate("below")),
            _ if self.is_multiple() => grouped(trimmed(self.figure("rate"))),
            _ => self.rate("rate"),
        };
        let price = if self.figures.contains_key("price") {
            format!(" ÷ {}", self.today())
        } else {
            String::new()
        };
        format!("{base} × {rate}{price} = {}", self.result())
    }

    /// Is the rate so many times the base, not a part of it? Packs, and what buyer and merchant get of a rebate, are.
    fn is_multiple(&self) -> bool {
        let of_rebate = self.figures.contains_key("rebate") && !self.figures.contains_key("price");
        self.figures.contains_key("pack") || of_rebate
    }

    /// What the rate is taken of.
    fn base(&self) -> String {
        let bases = [
            ("rebate", "让利", "rebate of"),
            ("order", "订单金额", "order of"),
            ("bill", "账单", "bill of"),
            ("turnover", "营业额", "turnover of"),
            ("pack", "实付", "paid"),
        ];
        for (name, zh, en) in bases {
            if self.figures.contains_key(name) {
                let amount = self.of(Asset::Cash, name);
                return self.pick(format!("{zh} {amount}"), format!("{en} {amount}"));
            }
        }
        let (name, zh, en) = if self.figures.contains_key("buyer") {
            ("buyer", "消费者所得", "the buyer's")
        } else {
            ("granted", "所赠", "granted")
        };
        let amount = self.of(Asset::HiValue, name);
        self.pick(format!("{zh} {amount}"), format!("{en} {amount}"))
    }

    fn rebate(&self) -> String {
        let rebate = self.of(Asset::Cash, "rebate");
        self.pick(format!("让利 {rebate}"), format!("rebate of {rebate}"))
    }

    fn today(&self) -> String {
        let price = self.price();
        self.pick(format!("今日 {price}"), format!("today's {price}"))
    }

    fn trade(&self) -> String {
        let (shells, price) = (self.of(Asset::HiShell, "hi_shell"), self.price());
        let (cash, fee) = (self.of(Asset::Cash, "cash"), self.of(Asset::Cash, "fee"));
        let rate = self.rate("rate");
        self.pick(
            format!("{shells} × {price} = {cash}，其中手续费 {rate} = {fee}"),
            format!("{shells} × {price} = {cash}, of which the fee of {rate} is {fee}"),
        )
    }

    /// What a refund takes or gives back of an amount.
    fn part(&self, of: &str) -> String {
        let (amount, refunded, total) = (self.amount(of), self.amount("refunded"), self.amount("total"));
        let before = trimmed(self.figure("before"));
        let before = if before == "0" || before == "?" {
            String::new()
        } else {
            let before = self.amount("before");
            self.pick(format!(" − 此前 {before}"), format!(" − {before} before"))
        };
        self.pick(
            format!("{amount} × 已退 {refunded} ÷ 总额 {total}{before}"),
            format!("{amount} × {refunded} refunded ÷ {total} in all{before}"),
        )
    }
}
