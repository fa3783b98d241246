//! Returns, made or promised.

use super::regulation::{ADVERTISING, FUND_RAISING, SPENDING_REBATES};
use super::{Look, Severity};
use crate::said::Said;

/// Words that promise a return.
const PROMISES: [&str; 6] = ["赚", "收益率", "升值", "保本", "翻倍", "guaranteed"];

pub(super) fn look(look: &mut Look<'_>) {
    let (rules, worth) = (look.rules, look.worth);
    let offline = &rules.offline;
    let returned = offline.member_multiple.approximately() * offline.rebate.max.approximately() * worth;
    if returned >= 1.0 {
        look.find(
            ("full_return", Severity::High),
            &[SPENDING_REBATES, FUND_RAISING],
            &["offline.member_multiple", "offline.rebate.max", "airdrop", "shell_price"],
            Said::new(
                format!("按预测，首年到店消费 1.00 元，一年空投最多值 {returned:.2} 元: 全额返还消费。"),
                format!("By the forecast a bill of 1.00 CNY at launch gets back up to {returned:.2} CNY by the airdrop of a year: return of the whole spending."),
            ),
            Said::new(
                "降低 offline.member_multiple 或让利上限，或减少空投。",
                "Lower offline.member_multiple or the greatest rebate, or drop less.",
            ),
        );
    }
    let name = rules.name.to_lowercase();
    if PROMISES.iter().any(|promise| name.contains(promise)) {
        look.find(
            ("promised_return", Severity::Medium),
            &[ADVERTISING],
            &["name"],
            Said::new(
                "会员看到的规则名称含有收益承诺的字样。",
                "The rulebook's name, which members see, speaks of returns.",
            ),
            Said::new("名称只陈述事实。", "A name that states facts only."),
        );
    }
}
