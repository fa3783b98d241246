//! Rulebooks read, refused and applied.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{MemberNo, Rule};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::*;

/// A preset with one key set to something else; the path is dotted.
pub(crate) fn changed(preset: Preset, path: &str, value: Value) -> Result<Rulebook, RulebookError> {
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
