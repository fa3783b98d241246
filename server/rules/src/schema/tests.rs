//! The schema against the reader: what one takes, the other takes.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{Preset, Rulebook, json_schema};

fn validator() -> Validator {
    jsonschema::draft202012::new(&json_schema()).unwrap()
}

fn preset(path: &str, value: &Value) -> Value {
    let mut rulebook: Value = serde_json::from_str(Preset::Sport.json()).unwrap();
    let (parent, key) = path.rsplit_once('/').unwrap();
    rulebook.pointer_mut(parent).unwrap()[key] = value.clone();
    rulebook
}

#[test]
fn the_file_beside_the_presets_is_what_the_types_say() {
    let kept: Value = serde_json::from_str(include_str!("../../presets/rulebook.schema.json")).unwrap();
    assert_eq!(
        kept,
        json_schema(),
        "make it anew: cargo run -p haigou-server --bin haigou -- rules schema > server/rules/presets/rulebook.schema.json"
    );
}

#[test]
fn the_presets_fit_the_schema() {
    let validator = validator();
    for preset in Preset::ALL {
        let rulebook: Value = serde_json::from_str(preset.json()).unwrap();
        let errors: Vec<_> = validator.iter_errors(&rulebook).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn schema_and_reader_agree_on_each_key() {
    let validator = validator();
    let figures = [
        "0",
        "1",
        "0.2",
        "0.20",
        "1.0",
        "1.00000001",
        "1.5",
        "9",
        "10",
        "99.9",
        "999",
        "1000",
        "1000.0",
        "1001",
        "0.12345678",
        "0.123456789",
        "1e-3",
        "NaN",
        "-1",
        "-0",
        "+1",
        "",
        ".",
        "1.",
        ".5",
        "01",
        "0,2",
        " 1",
        "390000",
        "390000.00000001",
        "92233720368547758",
        "1000000000000000000000000000000",
    ];
    let keys = [
        "/shell_price",
        "/register/member/hi_value",
        "/register/direct/hi_shell",
        "/mall/direct/challenge",
        "/offline/member_multiple",
        "/partners/senior/hi_shell",
        "/challenge/ladder/0/rate",
        "/challenge/tasks/1/unfreeze",
    ];
    let mut cases: Vec<(&str, Value)> = Vec::new();
    for key in keys {
        cases.extend(figures.iter().map(|figure| (key, json!(figure))));
        cases.push((key, json!(1)));
        cases.push((key, Value::Null));
    }
    let others = [
        ("/name", json!("")),
        ("/name", json!("x".repeat(65))),
        ("/name", json!("营销")),
        ("/nam", json!("x")),
        ("/active_from", json!("registration")),
        ("/active_from", json!("birth")),
        ("/partners/max_depth", json!(0)),
        ("/partners/max_depth", json!(1)),
        ("/partners/max_depth", json!(-1)),
        ("/partners/max_depth", json!(1.5)),
        ("/partners/max_depth", json!(4_294_967_296_u64)),
        ("/partners/junior/when", json!({})),
        ("/partners/junior/when", json!({"team": 3})),
        ("/partners/junior/when", json!({"teem": 3})),
        ("/partners/junior/when", json!({"team": -3})),
        ("/centre/joins_by", json!([])),
        ("/centre/joins_by", json!(["pack", "pack"])),
        ("/centre/joins_by", json!("pack")),
        ("/airdrop/schedule", json!("halving")),
        ("/airdrop/first_day", json!("498")),
        ("/airdrop/totals", Value::Null),
        ("/airdrop/totals", json!(vec!["1"; 101])),
        ("/challenge/ladder/0/steps", json!(0)),
        ("/challenge/tasks/0/steps", json!(316_801)),
        ("/market/transfer", json!("true")),
    ];
    cases.extend(others);
    for (path, value) in cases {
        let rulebook = preset(path, &value);
        let read = Rulebook::from_json(&rulebook.to_string());
        assert_eq!(
            validator.is_valid(&rulebook),
            read.is_ok(),
            "{path} = {value}: {read:?}"
        );
    }
}

#[test]
fn a_schema_of_every_key_with_its_meaning() {
    let schema = json_schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let definitions = schema["$defs"].as_object().unwrap();
    let mut objects: Vec<&Value> = definitions.values().collect();
    objects.push(&schema);
    for object in objects {
        assert!(object["description"].is_string(), "{object}");
        for key in object["properties"].as_object().into_iter().flatten() {
            assert!(key.1["description"].is_string(), "{key:?}");
        }
        if object["type"] == "object" {
            assert_eq!(object["additionalProperties"], false, "{object}");
        }
    }
}
