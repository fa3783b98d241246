use haigou_ledger::Rule;

use super::*;
use crate::rule;

fn figures(of: &[(&str, &str)]) -> Figures {
    of.iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

#[test]
fn reasons_read_as_sums_that_can_be_checked() {
    let rung = figures(&[
        ("steps", "6000"),
        ("frozen", "66.94"),
        ("rate", "0.003"),
        ("amount", "0.20"),
    ]);
    assert_eq!(
        explain("steps.ladder", &rung, Language::Chinese),
        "运动阶梯 6000 步: 冻结挑战金 66.94 × 0.3 % = 0.20"
    );
    let share = figures(&[
        ("day", "2026-01-01"),
        ("drop", "498.00000000"),
        ("own", "1000.00"),
        ("network", "100000.00"),
        ("amount", "4.98000000"),
    ]);
    assert_eq!(
        explain("airdrop.share", &share, Language::English),
        "Airdrop of 2026-01-01: 498 × own 1,000.00 ÷ network 100,000.00 = 4.98"
    );
    let products = figures(&[("quantity", "2"), ("each", "75.00"), ("hi_value", "150.00")]);
    assert_eq!(
        explain("mall.product", &products, Language::English),
        "Granted with the products: 2 × 75.00 = 150.00 Hi-Value"
    );
    assert_eq!(
        explain(
            "register.direct",
            &figures(&[("hi_value", "100.00")]),
            Language::Chinese
        ),
        "直推好友注册奖励: 100.00 嗨值"
    );
}

#[test]
fn percentages_move_the_point_and_nothing_else() {
    for (rate, text) in [
        ("0.003", "0.3 %"),
        ("0.20", "20 %"),
        ("1", "100 %"),
        ("0", "0 %"),
        ("0.00000001", "0.000001 %"),
        ("0.1", "10 %"),
        ("10", "1000 %"),
    ] {
        assert_eq!(percent(rate), text, "{rate}");
    }
}

#[test]
fn missing_figures_show_as_such() {
    let text = explain("steps.walk", &Figures::new(), Language::English);
    assert_eq!(
        text,
        "Walk task, ? steps: the lesser of ? and the frozen challenge ? = ?"
    );
}

/// Every rule that can stand in a journal.
fn all_rules() -> Vec<Rule> {
    let ledgers = [
        Rule::AIRDROP_DROP,
        Rule::AIRDROP_SHARE,
        Rule::POOL_ALLOCATION,
        Rule::ACTIVATE,
        Rule::WAITING_PAID,
        Rule::REVERSAL,
        Rule::RULEBOOK,
        Rule::ACCEPTED,
    ];
    rule::ALL.iter().cloned().chain(ledgers).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn every_rule_has_words_in_both_languages() {
    for rule in all_rules() {
        let (none, id) = (Figures::new(), rule.id());
        let zh = explain(id, &none, Language::Chinese);
        let en = explain(id, &none, Language::English);
        assert!(is_chinese(&zh), "{id}: {zh}");
        assert!(!is_chinese(&en) && en.contains(' '), "{id}: {en}");
        assert!(!zh.contains(id) && !en.contains(id), "{id}: {zh} / {en}");
    }
    assert_eq!(
        explain("else", &figures(&[("one", "1")]), Language::English),
        "else one=1"
    );
}

#[test]
fn every_posting_of_a_life_is_explained_with_all_its_figures() {
    let mut explained = std::collections::BTreeMap::new();
    for postings in crate::audit::tests::eventful()
        .journals
        .into_iter()
        .chain(crate::audit::tests::rebated().journals)
    {
        for posting in postings {
            let reason = posting.reason;
            let named = reason
                .figures
                .iter()
                .map(|(name, figure)| (name.to_string(), figure.to_string()));
            let figures: Figures = named.collect();
            for language in [Language::Chinese, Language::English] {
                let text = explain(reason.rule.id(), &figures, language);
                assert!(!text.contains('?'), "{text}: {reason:?}");
                assert_eq!(is_chinese(&text), language == Language::Chinese, "{text}");
                assert!(!text.ends_with(": "), "{text}");
            }
            explained.insert(reason.rule.id().to_owned(), figures);
        }
    }
    // A day's drop and its shares are booked by the ledger; the rest is booked there.
    let booked_elsewhere = [
        "airdrop.drop",
        "airdrop.share",
        "airdrop.reward_pool",
        "rulebook",
        "rulebook.accepted",
        "mall.closed",
        "reward.waiting",
        "market.unlisting",
    ];
    let left: Vec<_> = all_rules()
        .into_iter()
        .map(|rule| rule.id().to_owned())
        .filter(|id| !explained.contains_key(id) && !booked_elsewhere.contains(&id.as_str()))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn rewards_read_as_sums_that_can_be_checked() {
    let partner = figures(&[
        ("tier", "junior"),
        ("level", "3"),
        ("rebate", "100.00"),
        ("rate", "0.02"),
        ("price", "2.5000"),
        ("hi_shell", "0.80000000"),
    ]);
    assert_eq!(
        explain("bill.partner", &partner, Language::Chinese),
        "团队初级合伙人: 让利 100.00 元 × 2 % ÷ 今日 2.50 元 = 0.80000000 嗨贝"
    );
    assert_eq!(
        explain("bill.partner", &partner, Language::English),
        "Team junior partner: rebate of CNY 100.00 × 2 % ÷ today's CNY 2.50 = 0.80000000 Hi-Shell"
    );
    let difference = figures(&[
        ("tier", "senior"),
        ("buyer", "1000.00"),
        ("rate", "0.05"),
        ("own", "0.20"),
        ("below", "0.15"),
        ("hi_value", "50.00"),
    ]);
    assert_eq!(
        explain("bill.partner", &difference, Language::Chinese),
        "团队高级合伙人: 消费者所得 1,000.00 嗨值 × (20 % − 15 %) = 50.00 嗨值"
    );
    let buyer = figures(&[("rebate", "100.00"), ("rate", "10"), ("hi_value", "1000.00")]);
    assert_eq!(
        explain("bill.member", &buyer, Language::Chinese),
        "到店消费: 让利 100.00 元 × 10 = 1,000.00 嗨值"
    );
    let reversed = figures(&[
        ("rule", "bill.direct"),
        ("amount", "2.00000000"),
        ("refunded", "500.00"),
        ("total", "1000.00"),
        ("before", "0.20000000"),
    ]);
    assert_eq!(
        explain("reversal", &reversed, Language::English),
        "Reversed for a refund (Your direct referral's bill): 2.00000000 × 500.00 refunded ÷ 1,000.00 in all − 0.20000000 before"
    );
    let again = figures(&[("rule", "reversal")]);
    assert!(explain("reversal", &again, Language::English).starts_with("Reversed for a refund (reversal)"));
}
