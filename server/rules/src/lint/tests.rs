//! Each finding is raised by its setting, and goes when what it advises is done.

use serde_json::{Value, json};

use super::*;
use crate::Preset;

/// Keys by their dotted paths, and what they are set to.
type Keys = Vec<(&'static str, Value)>;

/// A rulebook's JSON with keys set, each by its dotted path.
fn with(mut rules: Value, keys: &[(&str, Value)]) -> Value {
    for (path, value) in keys {
        let pointer = format!("/{}", path.replace('.', "/"));
        *rules.pointer_mut(&pointer).unwrap() = value.clone();
    }
    rules
}

fn preset(preset: Preset) -> Value {
    serde_json::from_str(preset.json()).unwrap()
}

/// A rulebook that nobody questions.
fn clean() -> Value {
    let none = json!("0");
    let mut keys = vec![
        ("register.direct.hi_value", none.clone()),
        ("register.direct.challenge", none.clone()),
        ("register.direct.unfreeze", none.clone()),
        ("challenge.merchant_approved", none.clone()),
        ("challenge.to_shopping.enabled", json!(false)),
        ("centre.joins_by", json!(["senior", "application"])),
    ];
    let tiers = ["partners.junior", "partners.middle", "partners.senior"];
    let rates: Vec<String> = tiers
        .iter()
        .flat_map(|tier| ["hi_value", "hi_shell", "merchant_hi_shell"].map(|key| format!("{tier}.{key}")))
        .collect();
    keys.extend(rates.iter().map(|path| (path.as_str(), none.clone())));
    with(preset(Preset::Sport), &keys)
}

fn findings(rules: &Value) -> Vec<Finding> {
    let rules = Rulebook::from_json(&rules.to_string()).unwrap();
    lint(&rules, &Growth::default()).unwrap()
}

fn codes(rules: &Value) -> Vec<(&'static str, Severity)> {
    findings(rules).iter().map(|f| (f.code, f.severity)).collect()
}

use Severity::{High, Low, Medium};

#[test]
fn the_findings_of_classic() {
    assert_eq!(
        codes(&preset(Preset::Classic)),
        [
            ("purchase_for_referral", High),
            ("reward_per_head", High),
            ("team_pay_levels", High),
            ("headcount_condition", High),
            ("pay_share", Medium),
            ("pack_entry_fee", High),
        ]
    );
}

#[test]
fn the_findings_of_sport() {
    assert_eq!(
        codes(&preset(Preset::Sport)),
        [
            ("reward_per_head", High),
            ("challenge_per_head", Medium),
            ("team_pay_levels", High),
            ("headcount_condition", High),
            ("pay_share", Medium),
            ("pack_entry_fee", High),
            ("shopping_credit", Low),
        ]
    );
}

#[test]
fn each_finding_is_raised_by_a_change_and_cleared_by_the_advice() {
    assert_eq!(codes(&clean()), []);
    let tier_pay = ("partners.junior.hi_value", json!("0.01"));
    let cases: [(&str, Keys, Keys); 18] = [
        (
            "purchase_for_referral",
            vec![
                ("referral_right", json!("vip")),
                ("active_from", json!("starter_pack")),
            ],
            vec![("referral_right", json!("everyone"))],
        ),
        (
            "reward_per_head",
            vec![("register.direct.hi_value", json!("0.01"))],
            vec![("register.direct.hi_value", json!("0"))],
        ),
        (
            "reward_per_head",
            vec![("register.direct.hi_shell", json!("0.00000001"))],
            vec![("register.direct.hi_shell", json!("0"))],
        ),
        (
            "reward_per_head",
            vec![("register.direct.challenge", json!("1"))],
            vec![("register.direct.challenge", json!("0"))],
        ),
        (
            "challenge_per_head",
            vec![("register.direct.unfreeze", json!("1"))],
            vec![("register.direct.unfreeze", json!("0"))],
        ),
        (
            "challenge_per_head",
            vec![("challenge.merchant_approved", json!("1"))],
            vec![("challenge.merchant_approved", json!("0"))],
        ),
        (
            "team_pay_levels",
            vec![tier_pay.clone()],
            vec![("partners.max_depth", json!(2))],
        ),
        (
            "team_pay_levels",
            vec![
                ("partners.max_depth", json!(3)),
                ("partners.senior.merchant_hi_shell", json!("0.001")),
            ],
            vec![("partners.max_depth", json!(1))],
        ),
        (
            "headcount_condition",
            vec![("partners.max_depth", json!(1)), tier_pay],
            vec![("partners.junior.hi_value", json!("0"))],
        ),
        (
            "pay_share",
            vec![("mall.direct.hi_value", json!("0.17"))],
            vec![("mall.direct.hi_value", json!("0.15"))],
        ),
        (
            "pay_share",
            vec![
                ("offline.rewards", json!("rebate")),
                ("offline.direct.hi_value", json!("0.1")),
            ],
            vec![("offline.rebate.max", json!("0.25"))],
        ),
        (
            "pack_entry_fee",
            vec![("centre.joins_by", json!(["pack"]))],
            vec![("centre.joins_by", json!(["application"]))],
        ),
        (
            "token_buy_back",
            vec![("market.sell_to_platform", json!(true))],
            vec![("market.sell_to_platform", json!(false))],
        ),
        (
            "store_payment",
            vec![("market.deduct_store", json!(true))],
            vec![("market.deduct_store", json!(false))],
        ),
        (
            "topped_up_balance",
            vec![("offline.offset", json!("optional"))],
            vec![("offline.offset", json!("off"))],
        ),
        (
            "shopping_credit",
            vec![("challenge.to_shopping.enabled", json!(true))],
            vec![("challenge.to_shopping.enabled", json!(false))],
        ),
        (
            "full_return",
            vec![("offline.member_multiple", json!("1000"))],
            vec![("offline.member_multiple", json!("10"))],
        ),
        (
            "promised_return",
            vec![("name", json!("躺赚"))],
            vec![("name", json!("运动"))],
        ),
    ];
    for (code, raising, clearing) in cases {
        let raised = with(clean(), &raising);
        let codes_raised: Vec<_> = codes(&raised).into_iter().map(|(code, _)| code).collect();
        assert!(
            codes_raised.contains(&code),
            "{code}: {raising:?}: {codes_raised:?}"
        );
        let cleared = codes(&with(raised, &clearing));
        assert!(
            cleared.iter().all(|(left, _)| *left != code),
            "{code}: {cleared:?}"
        );
    }
    let listed = with(clean(), &[("market.listings", json!(true))]);
    assert_eq!(
        codes(&listed),
        [("token_exchange", High), ("topped_up_balance", Medium)]
    );
}

#[test]
fn the_share_of_pay_is_the_sum_of_the_rates() {
    let find = |rules: &Value| {
        findings(rules)
            .into_iter()
            .find(|finding| finding.code == "pay_share")
            .unwrap()
            .says
            .en
    };
    // Hi-Value 10 + 5 + 10 + 15 + 20, Hi-Shell 1 + 0.5 + 0.2 + 0.3 + 0.4, challenge 5 + 2; centres 1 + 0.3 on bills.
    let sport = find(&preset(Preset::Sport));
    assert!(
        sport.contains("69.4 % of the price") && sport.contains("70.7 % of a bill"),
        "{sport}"
    );
    // On a bill: Hi-Value (20 + 10 + 15 + 20) of 10 × 50 %; Hi-Shell (5 + 5 + 9 + 9) and centres (8 + 3) of 50 %.
    let classic = find(&preset(Preset::Classic));
    assert!(
        classic.contains("74 % of the price") && classic.contains("344.5 % of a bill"),
        "{classic}"
    );
    // One level, or one partner: the best paid alone.
    for narrower in [
        ("partners.max_depth", json!(1)),
        ("partners.mode", json!("nearest")),
        ("partners.mode", json!("difference")),
    ] {
        let said = find(&with(preset(Preset::Sport), &[narrower]));
        assert!(said.contains("43.9 % of the price"), "{said}");
    }
}

#[test]
fn a_finding_names_its_settings_regulations_and_date() {
    for finding in findings(&preset(Preset::Classic))
        .iter()
        .chain(&findings(&preset(Preset::Sport)))
    {
        assert!(
            !finding.regulations.is_empty() && !finding.settings.is_empty(),
            "{finding:?}"
        );
        assert_eq!(finding.list_date, LIST_DATE);
        assert!(finding.says.zh.ends_with('。') && finding.says.en.ends_with('.'));
        assert!(finding.change.zh.ends_with('。') && finding.change.en.ends_with('.'));
    }
    let levels = findings(&preset(Preset::Classic))
        .into_iter()
        .find(|finding| finding.code == "team_pay_levels")
        .unwrap();
    assert_eq!(levels.regulations[0].article, "7 (3)");
    assert_eq!(levels.regulations[0].source, Source::PublicText);
    assert_eq!(levels.settings[1].path, "partners.max_depth");
    assert_eq!(levels.settings[1].value, Value::Null);
    assert_eq!(levels.settings[1].words.zh, "合伙人奖励层数: 不限");
}

#[test]
fn bad_assumptions_are_refused() {
    let growth = Growth {
        referred: 2.0,
        ..Growth::default()
    };
    assert!(lint(&Preset::Sport.rulebook().unwrap(), &growth).is_err());
}
