//! Hi-Shell against money.

use super::regulation::{TOKENS_2017, TOKENS_2021};
use super::{Look, Severity};
use crate::said::Said;

pub(super) fn look(look: &mut Look<'_>) {
    let market = &look.rules.market;
    if market.listings {
        look.find(
            ("token_exchange", Severity::High),
            &[TOKENS_2017, TOKENS_2021],
            &["market.listings", "market.fee"],
            Said::new(
                "会员之间以现金买卖嗨贝，由平台撮合，次日价格随成交而变: 代币交易、撮合与定价。",
                "Members trade Hi-Shell for cash, the platform matches them, and the next day's price follows the trades: exchange, matching and pricing of a token.",
            ),
            Said::new(
                "关闭 market.listings；嗨贝只作积分兑换商品。",
                "Switch market.listings off; Hi-Shell as points for goods only.",
            ),
        );
    }
    if market.sell_to_platform {
        look.find(
            ("token_buy_back", Severity::High),
            &[TOKENS_2017, TOKENS_2021],
            &["market.sell_to_platform", "shell_price"],
            Said::new(
                "平台以现金回收嗨贝: 代币与法定货币的兑换。",
                "The platform buys Hi-Shell back for cash: exchange of a token and money.",
            ),
            Said::new(
                "关闭 market.sell_to_platform；嗨贝只作积分兑换商品。",
                "Switch market.sell_to_platform off; Hi-Shell as points for goods only.",
            ),
        );
    }
}
