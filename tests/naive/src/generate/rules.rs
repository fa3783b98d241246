//! Random rulebooks: conditions that few people reach, pools that run dry, every mode and every switch.

use serde_json::{Map, Value, json};

use super::dice::Dice;

/// What overrides a preset at the beginning.
pub(super) fn beginning(dice: &mut Dice) -> Value {
    let mut rules = Map::new();
    for (key, value) in [
        ("partners", partners(dice)),
        ("challenge", challenge(dice)),
        ("market", market(dice)),
        ("offline", offline(dice)),
        ("centre", centre(dice)),
        ("register", register(dice)),
        ("mall", mall(dice)),
    ] {
        if !dice.chance(4) {
            rules.insert(key.to_owned(), value);
        }
    }
    rules.insert("shell_price".to_owned(), price(dice));
    let pool = dice.pick(&["0.00000000", "3.50000000", "20", "77.77777777", "1000", "25900"]);
    rules.insert("airdrop".to_owned(), json!({"reward_pool": pool}));
    if dice.chance(2) {
        rules.insert(
            "referral_right".to_owned(),
            json!(dice.pick(&["vip", "everyone"])),
        );
    }
    if dice.chance(4) {
        rules.insert(
            "active_from".to_owned(),
            json!(dice.pick(&["registration", "starter_pack"])),
        );
    }
    Value::Object(rules)
}

/// What a new version changes.
pub(super) fn change(dice: &mut Dice) -> Value {
    match dice.below(11) {
        10 => json!({"airdrop": {
            "schedule": dice.pick(&["halving", "yearly"]),
            "first_day": "77.77777777",
            "totals": ["40000.00000001", "1000", "30000"],
        }}),
        0 => json!({"partners": partners(dice)}),
        1 => json!({"challenge": challenge(dice)}),
        2 => json!({"market": market(dice)}),
        3 => json!({"offline": offline(dice)}),
        4 => json!({"centre": centre(dice)}),
        5 => json!({"register": register(dice)}),
        6 => json!({"mall": mall(dice)}),
        7 => json!({"shell_price": price(dice)}),
        8 => json!({"referral_right": dice.pick(&["vip", "everyone"])}),
        _ => json!({"active_from": dice.pick(&["registration", "starter_pack"])}),
    }
}

fn price(dice: &mut Dice) -> Value {
    json!(dice.pick(&["1.0000", "2.5000", "0.3333", "7.7777", "0.0100"]))
}

fn rate(dice: &mut Dice) -> Value {
    json!(dice.pick(&["0", "0.05", "0.10", "0.20", "0.333", "0.007"]))
}

fn count(dice: &mut Dice) -> Value {
    json!(1 + dice.below(3))
}

fn small(dice: &mut Dice) -> Value {
    json!(dice.pick(&["0.00", "0.03", "7.77", "20.00", "100.00"]))
}

fn partners(dice: &mut Dice) -> Value {
    let mut tier = |when: Value| json!({"when": when, "hi_value": rate(dice), "hi_shell": rate(dice), "merchant_hi_shell": rate(dice)});
    let [mut junior, mut middle, mut senior] = [tier(json!({})), tier(json!({})), tier(json!({}))];
    junior["when"] = json!({"direct": count(dice), "team": count(dice)});
    middle["when"] = match dice.below(2) {
        0 => json!({"juniors_in_team": count(dice), "direct_juniors": 1}),
        _ => json!({"direct_juniors": count(dice), "juniors_in_team": 1}),
    };
    senior["when"] = match dice.below(2) {
        0 => json!({"middles_in_team": count(dice), "direct_middles": 1}),
        _ => json!({"direct_middles": 1, "middles_in_team": 1, "team": 1 + dice.below(6)}),
    };
    let depth = if dice.chance(3) { count(dice) } else { Value::Null };
    json!({
        "mode": dice.pick(&["each", "difference", "nearest"]),
        "max_depth": depth,
        "junior": junior,
        "middle": middle,
        "senior": senior,
    })
}

fn challenge(dice: &mut Dice) -> Value {
    json!({
        "ladder": [
            {"steps": 1000, "rate": "0.10"},
            {"steps": 3000, "rate": rate(dice)},
            {"steps": 6000, "rate": "1"},
        ],
        "tasks": [
            {"kind": "walk", "steps": 2000, "unfreeze": "0.60"},
            {"kind": "walk", "steps": 4000, "unfreeze": small(dice)},
            {"kind": "run", "steps": 1500, "unfreeze": "5.00"},
        ],
        "merchant_approved": small(dice),
        "to_shopping": {"enabled": !dice.chance(4), "fee": rate(dice)},
    })
}

fn market(dice: &mut Dice) -> Value {
    let mut switch = || !dice.chance(5);
    let mut market = json!({
        "transfer": switch(),
        "deduct_mall": switch(),
        "deduct_store": switch(),
        "sell_to_platform": switch(),
        "listings": switch(),
    });
    market["fee"] = rate(dice);
    market
}

fn offline(dice: &mut Dice) -> Value {
    json!({
        "member_multiple": dice.pick(&["10", "1", "3.3"]),
        "merchant_multiple": dice.pick(&["2", "0", "0.5"]),
        "offset": dice.pick(&["required", "optional", "off", "optional"]),
        "rewards": dice.pick(&["rebate", "mall"]),
        "direct": {"hi_value": rate(dice), "hi_shell": rate(dice)},
        "merchant_direct": {"hi_shell": rate(dice)},
    })
}

fn centre(dice: &mut Dice) -> Value {
    json!({
        "joins_by": dice.pick(&[json!(["pack", "senior", "application"]), json!(["pack", "application"])]),
        "pack_hi_value": dice.pick(&["1.00", "0.333"]),
        "scope": dice.pick(&["region", "team"]),
        "base": dice.pick(&["rebate", "turnover"]),
        "rate": rate(dice),
        "parent_rate": rate(dice),
    })
}

fn register(dice: &mut Dice) -> Value {
    json!({
        "member": {"hi_value": small(dice), "challenge": small(dice)},
        "direct": {
            "hi_value": small(dice),
            "hi_shell": dice.pick(&["0.00000000", "1.00000001", "2.5"]),
            "challenge": small(dice),
            "unfreeze": small(dice),
        },
    })
}

fn mall(dice: &mut Dice) -> Value {
    let mut rates = || json!({"hi_value": rate(dice), "hi_shell": rate(dice), "challenge": rate(dice)});
    let (direct, indirect) = (rates(), rates());
    json!({"hi_value_base": dice.pick(&["amount", "granted"]), "direct": direct, "indirect": indirect})
}
