//! Rulebooks read, refused and applied.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{MemberNo, Rule};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::*;

/// A preset with one key set to something else; the path is dotted.
fn changed(preset: Preset, path: &str, value: Value) -> Result<Rulebook, RulebookError> {
    let mut rulebook: Value = serde_json::from_str(preset.json()).unwrap();
    let pointer = format!("/{}", path.replace('.', "/"));
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = rulebook.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(keys) => {
            keys.insert(key.to_owned(), value);
        }
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{path}"),
    }
    Rulebook::from_json(&rulebook.to_string())
}

/// The key that is named when one is set to something that isn't allowed.
fn refused(path: &str, value: Value) -> String {
    changed(Preset::Sport, path, value).unwrap_err().path
}

#[test]
fn the_presets_go_to_json_and_back_unchanged() {
    for preset in Preset::ALL {
        let rulebook = preset.rulebook().unwrap();
        assert_eq!(rulebook.name, preset.name());
        assert_eq!(Preset::named(preset.name()), Some(preset));
        let original: Value = serde_json::from_str(preset.json()).unwrap();
        assert_eq!(serde_json::to_value(&rulebook).unwrap(), original);
    }
    assert_eq!(Preset::named("other"), None);
}

#[test]
fn a_bad_figure_is_refused_with_its_path() {
    for bad in [
        "1e-3",
        "NaN",
        "-0.1",
        "1.5",
        "1000000000000000000000000000000",
        "",
        "0,2",
    ] {
        assert_eq!(
            refused("partners.junior.hi_value", json!(bad)),
            "partners.junior.hi_value"
        );
    }
    for (path, value) in [
        ("partners.junior.hi_value", json!(0.1)),
        ("partners.max_depth", json!(0)),
        ("partners.max_depth", json!(-1)),
        ("shell_price", json!("0")),
        ("shell_price", json!("1.00001")),
        ("register.direct.hi_value", json!("-1.00")),
        ("register.direct.unfreeze", json!("0.001")),
        ("offline.rebate.max", json!("1.01")),
        ("offline.rebate.min", json!("0.60")),
        ("offline.member_multiple", json!("1001")),
        ("airdrop.reward_pool", json!("390000.00000001")),
        ("challenge.to_shopping.fee", json!("1.01")),
        ("active_from", json!("birth")),
        ("name", json!("")),
        ("name", json!("x".repeat(65))),
        ("market.fee", json!("2")),
    ] {
        assert_eq!(refused(path, value.clone()), path, "{value}");
    }
}

#[test]
fn unknown_and_missing_keys_are_named() {
    let unknown = changed(Preset::Sport, "partners.junior.hi_valu", json!("0.1")).unwrap_err();
    assert!(unknown.to_string().contains("hi_valu"), "{unknown}");
    assert!(unknown.path.starts_with("partners.junior"), "{unknown}");
    let mut rulebook: Value = serde_json::from_str(Preset::Sport.json()).unwrap();
    rulebook["register"]["member"]
        .as_object_mut()
        .unwrap()
        .remove("challenge");
    let missing = Rulebook::from_json(&rulebook.to_string()).unwrap_err();
    assert_eq!(missing.path, "register.member");
    assert!(missing.allowed.contains("challenge"), "{missing}");
    assert!(Rulebook::from_json("").is_err());
    assert!(Rulebook::from_json("{} {}").is_err());
    assert!(Rulebook::from_json(&format!("{} x", Preset::Sport.json())).is_err());
}

#[test]
fn a_ladder_rises_without_twins() {
    let rung = |steps: u64| json!({"steps": steps, "rate": "0.001"});
    for (ladder, path) in [
        (json!([rung(3000), rung(3000)]), "challenge.ladder[1].steps"),
        (
            json!([rung(3000), rung(6000), rung(5000)]),
            "challenge.ladder[2].steps",
        ),
        (json!([rung(0)]), "challenge.ladder[0].steps"),
        (json!([rung(1_000_000)]), "challenge.ladder[0].steps"),
        (
            json!([{"steps": 3000, "rate": "1.1"}]),
            "challenge.ladder[0].rate",
        ),
    ] {
        assert_eq!(refused("challenge.ladder", ladder), path);
    }
    let task = |steps: u64| json!({"kind": "walk", "steps": steps, "unfreeze": "0.10"});
    assert_eq!(
        refused("challenge.tasks", json!([task(5), task(6), task(5)])),
        "challenge.tasks[2].steps"
    );
    assert_eq!(
        refused("challenge.tasks", json!([task(0)])),
        "challenge.tasks[0].steps"
    );
}

#[test]
fn a_schedule_needs_its_key_and_keeps_the_others() {
    assert_eq!(refused("airdrop.schedule", json!("halving")), "airdrop.first_day");
    let both = changed(Preset::Sport, "airdrop.first_day", json!("498.00000000")).unwrap();
    assert_eq!(both.airdrop.schedule, Schedule::Yearly);
    assert_eq!(
        refused("airdrop.totals", json!(["1", "390001"])),
        "airdrop.totals[1]"
    );
}

fn member(number: i64) -> MemberNo {
    MemberNo::new(number).unwrap()
}

fn given(preset: Preset, vip: Option<bool>) -> Vec<(Rule, i64, Gives)> {
    let sponsor = vip.map(|vip| Sponsor {
        member: member(1),
        vip,
    });
    let people = Registration {
        member: member(2),
        sponsor,
    };
    registration(&preset.rulebook().unwrap(), people)
        .into_iter()
        .map(|reward| (reward.rule, reward.member.number(), reward.gives))
        .collect()
}

fn grant(asset: Asset, amount: &str) -> Gives {
    Gives::Grant(asset, asset.parse(amount).unwrap())
}

#[test]
fn a_classic_registration() {
    let welcome = [(rule::REGISTER_MEMBER, 2, grant(Asset::HiValue, "300"))];
    assert_eq!(given(Preset::Classic, None), welcome);
    assert_eq!(given(Preset::Classic, Some(false)), welcome);
    let referral = (rule::REGISTER_DIRECT, 1, grant(Asset::HiValue, "100"));
    assert_eq!(
        given(Preset::Classic, Some(true)),
        [&welcome[..], &[referral]].concat()
    );
}

#[test]
fn a_sport_registration() {
    let welcome = [
        (rule::REGISTER_MEMBER, 2, grant(Asset::HiValue, "100")),
        (rule::REGISTER_MEMBER, 2, grant(Asset::Challenge, "100")),
    ];
    let referral = [
        (rule::REGISTER_DIRECT, 1, grant(Asset::HiValue, "50")),
        (rule::REGISTER_DIRECT, 1, grant(Asset::Challenge, "50")),
        (
            rule::REGISTER_UNFREEZE,
            1,
            Gives::Unfreeze(Amount::from_units(1_000)),
        ),
    ];
    assert_eq!(given(Preset::Sport, None), welcome);
    assert_eq!(
        given(Preset::Sport, Some(false)),
        [&welcome[..], &referral[..]].concat()
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = Rulebook::from_json(&text);
    }

    #[test]
    fn any_value_anywhere_is_taken_or_named(key in 0_usize..12, text in "[-0-9.eN]{0,12}") {
        const KEYS: [&str; 12] = [
            "shell_price", "register.member.hi_value", "register.direct.hi_shell", "mall.direct.hi_value",
            "offline.rebate.min", "offline.merchant_multiple", "partners.senior.merchant_hi_shell",
            "centre.pack_hi_value", "centre.rate", "airdrop.reward_pool", "challenge.merchant_approved",
            "review.hi_value",
        ];
        match changed(Preset::Sport, KEYS[key], json!(text)) {
            Ok(rulebook) => {
                let again = serde_json::to_string(&rulebook).unwrap();
                prop_assert_eq!(Rulebook::from_json(&again), Ok(rulebook));
            }
            Err(error) => prop_assert_eq!(error.path, KEYS[key]),
        }
    }
}
