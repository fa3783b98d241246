//! Balances that pay.

use super::regulation::{PAYMENT_INSTITUTIONS, PREPAID_CARDS};
use super::{Look, Severity};
use crate::rulebook::Offset;
use crate::said::Said;

pub(super) fn look(look: &mut Look<'_>) {
    let rules = look.rules;
    if rules.market.deduct_store {
        look.find(
            ("store_payment", Severity::Medium),
            &[PAYMENT_INSTITUTIONS],
            &["market.deduct_store"],
            Said::new(
                "嗨贝可在商家抵扣，即以平台余额向第三方付款: 支付业务。",
                "Hi-Shell pays bills at stores: a balance of the platform's that pays third parties is a payment service.",
            ),
            Said::new(
                "关闭 market.deduct_store，改为商家自己的优惠券。",
                "Switch market.deduct_store off; settle as the merchant's own coupon.",
            ),
        );
    }
    let balances: Vec<&str> = [
        ("market.listings", rules.market.listings),
        ("offline.offset", rules.offline.offset == Offset::Optional),
    ]
    .into_iter()
    .filter(|(_, tops_up)| *tops_up)
    .map(|(path, _)| path)
    .collect();
    if !balances.is_empty() {
        look.find(
            ("topped_up_balance", Severity::Medium),
            &[PREPAID_CARDS, PAYMENT_INSTITUTIONS],
            &balances,
            Said::new(
                "会员或商家须先充值现金余额才能付款: 预付卡或支付业务。",
                "Members or merchants pay from a cash balance that is topped up first: a prepaid card, or a payment service.",
            ),
            Said::new(
                "关闭挂单，并将 offline.offset 改为 required 或 off，使余额无需充值。",
                "Switch listings off and set offline.offset to required or off, so that no balance needs topping up.",
            ),
        );
    }
    if rules.challenge.to_shopping.enabled {
        look.find(
            ("shopping_credit", Severity::Low),
            &[PREPAID_CARDS],
            &["challenge.to_shopping"],
            Said::new(
                "购物金如同现金消费；若可充值或不可退，即属预付卡（记名不超过 5,000 元）。",
                "Shopping credit spends like money; with top-up or without refunds it is a prepaid card (named: at most 5,000 CNY).",
            ),
            Said::new(
                "不开放充值、余额可退并设上限；或关闭 challenge.to_shopping.enabled。",
                "No top-up, refundable, with a limit; or switch challenge.to_shopping.enabled off.",
            ),
        );
    }
}
