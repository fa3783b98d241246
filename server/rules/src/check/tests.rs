//! Bad rulebooks: each is refused with the key's path and what is allowed there.

use serde_json::{Value, json};

use crate::tests::changed;
use crate::{Preset, Rulebook, RulebookError, Schedule};

fn sport() -> Value {
    serde_json::from_str(Preset::Sport.json()).unwrap()
}

/// What is said when a key of `sport` is set to something that isn't allowed.
fn refused(path: &str, value: Value) -> RulebookError {
    let shown = value.to_string();
    changed(Preset::Sport, path, value).expect_err(&format!("{path} = {shown} was taken"))
}

/// What is said to a text.
fn told(text: &str) -> RulebookError {
    Rulebook::from_json(text).unwrap_err()
}

#[test]
fn bad_figures_are_refused_with_their_path_and_what_is_allowed() {
    let rates = [
        ("partners.junior.hi_value", "from 0 to 1,"),
        ("mall.indirect.challenge", "from 0 to 1,"),
        ("offline.rebate.max", "from 0 to 1,"),
        ("challenge.to_shopping.fee", "from 0 to 1,"),
        ("market.fee", "from 0 to 1,"),
        ("offline.member_multiple", "from 0 to 1000,"),
        ("centre.pack_hi_value", "from 0 to 1000,"),
        ("register.direct.unfreeze", "at most 2 decimals"),
        ("airdrop.reward_pool", "at most 8 decimals"),
        ("shell_price", "above 0"),
    ];
    let never = [
        "1e-3",
        "NaN",
        "inf",
        "-0.1",
        "-0",
        "+1",
        "",
        " 1",
        "0,2",
        "1.",
        ".5",
        "00.5",
        "0x1",
        "٠.٢",
        "0.123456789",
        "1000000000000000000000000000000",
    ];
    for (path, allowed) in rates {
        for bad in never {
            let error = refused(path, json!(bad));
            assert_eq!(error.path, path, "{bad:?}");
            assert!(error.allowed.contains(allowed), "{bad:?}: {error}");
        }
        for bad in [
            json!(0.5),
            json!(1),
            Value::Null,
            json!(["0.1"]),
            json!({}),
            json!(true),
        ] {
            let error = refused(path, bad.clone());
            assert_eq!(error.path, path, "{bad}");
            assert!(error.allowed.contains("in quotes"), "{error}");
            assert!(error.allowed.contains("at line 1 column"), "{error}");
        }
    }
}

#[test]
fn what_a_key_may_hold_is_said() {
    for (path, value, allowed) in [
        ("partners.junior.hi_value", json!("1.01"), "from 0 to 1,"),
        ("offline.rebate.max", json!("1.00000001"), "from 0 to 1,"),
        ("offline.rebate.min", json!("0.60"), "at most offline.rebate.max"),
        ("offline.member_multiple", json!("1000.01"), "from 0 to 1000,"),
        ("register.direct.unfreeze", json!("0.001"), "2 decimals"),
        ("shell_price", json!("0"), "above 0"),
        ("shell_price", json!("1.00001"), "4 decimals"),
        ("partners.max_depth", json!(0), "or null for no limit"),
        ("partners.max_depth", json!(-1), "u32"),
        ("partners.max_depth", json!("2"), "u32"),
        ("partners.mode", json!("all"), "`each`, `difference`, `nearest`"),
        ("partners.junior.when", json!({}), "at least one condition"),
        ("partners.junior.when.team", json!(-1), "u64"),
        ("active_from", json!("birth"), "`starter_pack` or `registration`"),
        ("name", json!(""), "1 to 64"),
        ("name", json!("  "), "1 to 64"),
        ("name", json!("a\u{7}"), "1 to 64"),
        ("name", json!("x".repeat(65)), "1 to 64"),
        ("name", json!(7), "a string"),
        ("centre.joins_by", json!("pack"), "a sequence"),
        ("market.transfer", json!("true"), "a boolean"),
        ("airdrop.reward_pool", json!("390000.00000001"), "390000"),
        ("airdrop.first_day", json!("390001"), "390000"),
        ("airdrop.schedule", json!("daily"), "`halving` or `yearly`"),
    ] {
        let error = refused(path, value.clone());
        assert_eq!(error.path, path, "{value}: {error}");
        assert!(error.allowed.contains(allowed), "{error}");
    }
}

#[test]
fn lists_are_refused_at_the_item() {
    let rung = |steps: u64| json!({"steps": steps, "rate": "0.001"});
    let task = |steps: u64| json!({"kind": "walk", "steps": steps, "unfreeze": "0.10"});
    for (path, list, at) in [
        ("challenge.ladder", json!([rung(3000), rung(3000)]), "[1].steps"),
        (
            "challenge.ladder",
            json!([rung(3000), rung(6000), rung(5000)]),
            "[2].steps",
        ),
        ("challenge.ladder", json!([rung(0)]), "[0].steps"),
        ("challenge.ladder", json!([rung(316_801)]), "[0].steps"),
        (
            "challenge.ladder",
            json!([rung(1), {"steps": 3000, "rate": "1.1"}]),
            "[1].rate",
        ),
        ("challenge.ladder", json!([{"steps": 3000}]), "[0].rate"),
        (
            "challenge.ladder",
            json!([{"steps": 3000, "rate": "0", "x": 1}]),
            "[0].x",
        ),
        (
            "challenge.ladder",
            json!((1..=101).map(rung).collect::<Vec<_>>()),
            "",
        ),
        ("challenge.tasks", json!([task(5), task(6), task(5)]), "[2].steps"),
        ("challenge.tasks", json!([task(0)]), "[0].steps"),
        (
            "challenge.tasks",
            json!([{"kind": "swim", "steps": 1, "unfreeze": "1"}]),
            "[0].kind",
        ),
        ("airdrop.totals", json!(["1", "390001"]), "[1]"),
        ("airdrop.totals", json!(["1", "-1"]), "[1]"),
        ("airdrop.totals", json!(vec!["1"; 101]), ""),
        ("centre.joins_by", json!(["pack", "senior", "pack"]), "[2]"),
        ("centre.joins_by", json!(["pack", "lottery"]), "[1]"),
    ] {
        assert_eq!(refused(path, list).path, format!("{path}{at}"));
    }
}

#[test]
fn every_key_must_be_there_and_no_other() {
    for path in every_key(&sport(), "") {
        let pointer = format!("/{}", path.replace('.', "/"));
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let mut lacking = sport();
        let parent_keys = lacking.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent_keys.remove(key);
        if path.contains(".when.") {
            // A condition that isn't named need not hold; the last one can't be left out.
            if parent_keys.is_empty() {
                assert_eq!(told(&lacking.to_string()).path, path.rsplit_once('.').unwrap().0);
            }
        } else {
            let error = told(&lacking.to_string());
            assert_eq!(error.path, path, "{error}");
        }
        let error = refused(&format!("{path}s"), json!("0"));
        assert_eq!(error.path, format!("{path}s"), "{error}");
        assert!(error.allowed.contains("expected"), "{error}");
    }
}

/// The dotted paths of all keys of objects, lists left out.
fn every_key(value: &Value, under: &str) -> Vec<String> {
    let Value::Object(keys) = value else {
        return Vec::new();
    };
    let at = |key: &str| {
        if under.is_empty() {
            key.to_owned()
        } else {
            format!("{under}.{key}")
        }
    };
    keys.iter()
        .flat_map(|(key, value)| std::iter::once(at(key)).chain(every_key(value, &at(key))))
        .collect()
}

#[test]
fn a_list_is_no_object() {
    for (path, list) in [
        ("offline.rebate", json!(["0.01", "0.50"])),
        ("review", json!(["0.00"])),
        ("challenge.to_shopping", json!([true, "0.05"])),
    ] {
        let error = refused(path, list);
        assert_eq!(error.path, path);
        assert!(error.allowed.contains("named keys"), "{error}");
    }
    let error = refused("challenge.ladder", json!([[3000, "0.001"]]));
    assert_eq!(error.path, "challenge.ladder[0]");
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let doubled = Preset::Sport
        .json()
        .replace(r#""mode": "each","#, r#""mode": "each", "mode": "nearest","#);
    let error = told(&doubled);
    assert_eq!(error.path, "partners.mode");
    assert!(error.allowed.contains("duplicate"), "{error}");
    let error = told(&Preset::Sport.json().replacen('{', r#"{"name": "a","#, 1));
    assert_eq!(error.path, "name");
}

#[test]
fn what_is_not_json_is_refused_by_line_and_column() {
    let preset = Preset::Sport.json();
    let comma = preset.replacen(r#""1.0000","#, r#""1.0000""#, 1);
    let error = told(&comma);
    assert!(error.allowed.contains("line 4 column"), "{error}");
    assert!(error.allowed.contains("isn't JSON"), "{error}");
    for text in ["", "rulebook", "{", "{]", "{'name': 1}", "\u{feff}{}", "\0"] {
        let error = told(text);
        assert!(error.allowed.contains("isn't JSON"), "{text:?}: {error}");
        assert!(error.allowed.contains("line 1 column"), "{text:?}: {error}");
    }
    for text in ["[]", "1", "null", "\"classic\""] {
        assert_eq!(told(text).path, ".", "{text}");
    }
    let error = told(&format!("{preset} x"));
    assert!(error.allowed.contains("nothing may follow"), "{error}");
}

#[test]
fn deep_and_huge_texts_are_refused_at_once() {
    let deep = "[".repeat(100_000);
    assert_eq!(told(&deep).path, "[0]");
    assert_eq!(told(&format!(r#"{{"name": {deep}"#)).path, "name");
    let deep_objects = r#"{"partners":"#.repeat(1_000);
    assert_eq!(told(&deep_objects).path, "partners.partners");
    let error = told(&" ".repeat(300 * 1024));
    assert!(error.allowed.contains("256 KiB"), "{error}");
    let error = told(&Preset::Sport.json().replacen("sport", &"x".repeat(200 * 1024), 1));
    assert_eq!(error.path, "name");
    let figure = "9".repeat(100_000);
    assert!(refused("market.fee", json!(figure)).allowed.len() < 300);
}

#[test]
fn a_schedule_needs_its_key_and_keeps_the_others() {
    assert_eq!(
        refused("airdrop.schedule", json!("halving")).path,
        "airdrop.first_day"
    );
    let both = changed(Preset::Sport, "airdrop.first_day", json!("498.00000000")).unwrap();
    assert_eq!(both.airdrop.schedule, Schedule::Yearly);
}
