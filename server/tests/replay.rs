//! `haigou replay` as people and scripts call it: what it prints where, and its exit codes.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const GOOD: &str = r#"{
  "name": "two people",
  "rulebook": "classic",
  "events": [
    {"at": "2026-01-01T08:00:00+08:00", "do": "register", "member": "bob"},
    {"at": "2026-01-01T08:00:00+08:00", "do": "register", "member": "amy", "sponsor": "carl"},
    {"at": "2026-01-01T08:00:00+08:00", "do": "register", "member": "amy"}
  ],
  "expect": {"balances": {"bob": {"hi_value.inactive": "300", "cash.debt": "0"}, "eve": {}},
             "rejected": [{"code": "unknown_sponsor", "event": 1}], "vip": []}
}"#;

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn replay(options: &[&str], files: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haigou"));
    command.arg("replay").args(options).args(files).env_clear();
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn what_is_as_expected_is_told_in_a_line() {
    let files = Files::new();
    let good = files.write("good.json", GOOD);
    let told = replay(&[], &[&good]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!(text(&told.stdout), format!("ok {}\n", good.display()));
    let told = replay(&["--json"], &[&good, &good]);
    let lines: Vec<Value> = text(&told.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines.first().unwrap()["ok"], true);
    assert_eq!(lines.first().unwrap()["name"], "two people");
}

#[test]
fn what_is_not_as_expected_is_named_with_what_came() {
    let files = Files::new();
    for (was, is, told) in [
        (
            "\"300\"",
            "\"300.01\"",
            "balances.bob.hi_value.inactive: expected \"300.01\", came \"300.00\"",
        ),
        (
            "\"cash.debt\": \"0\"",
            "\"cash.debt\": \"0.01\"",
            "balances.bob.cash.debt: expected \"0.01\", came null",
        ),
        ("\"event\": 1}", "\"event\": 2}", "rejected: expected"),
        (
            "\"vip\": []",
            "\"vip\": [\"bob\"]",
            "vip: expected [\"bob\"], came []",
        ),
        (
            "\"vip\": []",
            "\"tiers\": {\"amy\": \"none\", \"bob\": \"junior\"}",
            "tiers.bob: expected \"junior\", came null",
        ),
    ] {
        let file = files.write("bad.json", &GOOD.replace(was, is));
        let good = files.write("good.json", GOOD);
        let output = replay(&[], &[&file, &good]);
        assert_eq!(output.status.code(), Some(1), "{was}");
        let lines: Vec<_> = text(&output.stdout).lines().collect();
        let [failed, ok] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        assert!(failed.starts_with("FAILED ") && failed.contains(told), "{failed}");
        assert!(ok.starts_with("ok "), "{ok}");
        let json = replay(&["--json"], &[&file]);
        let line: Value = serde_json::from_str(text(&json.stdout)).unwrap();
        assert_eq!((line["ok"].as_bool(), json.status.code()), (Some(false), Some(1)));
        let state = replay(&["--state"], &[&file]);
        assert_eq!(state.status.code(), Some(0), "--state looks at no expectation");
    }
}

#[test]
fn the_state_is_one_compact_object_with_sorted_keys() {
    let files = Files::new();
    let good = files.write("good.json", GOOD);
    let printed = replay(&["--state", "--json"], &[&good, &good]);
    let lines: Vec<_> = text(&printed.stdout).lines().collect();
    let [line, again] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(line, again);
    let hi_shell = r#""hi_shell":{"airdropped":"0.00000000","burned":"0.00000000","escrow":"0.00000000","holding":"0.00000000","issued":"25900.00000000","reward_pool":"25900.00000000"}"#;
    let expected = format!(
        r#"{{"audit":"ok","balances":{{"amy":{{"hi_value.inactive":"300.00"}},"bob":{{"hi_value.inactive":"300.00"}}}},"centres":{{}},"price":"1.0000","rejected":[{{"code":"unknown_sponsor","event":1}}],"supply":{{"cash":{{"fees":"0.00","floor_fund":"0.00"}},"challenge":{{"available":"0.00","frozen":"0.00"}},{hi_shell},"hi_value":{{"active":"0.00","inactive":"600.00"}},"shopping":{{"available":"0.00"}}}},"tiers":{{}},"unfunded":{{}},"vip":[]}}"#
    );
    assert_eq!(*line, expected);
}

#[test]
fn if_one_file_is_malformed_nothing_is_replayed() {
    let files = Files::new();
    let good = files.write("good.json", GOOD);
    let flawed = files.write(
        "flawed.json",
        &GOOD.replace("\"member\": \"bob\"", "\"member\": \"bob\", \"age\": 5"),
    );
    let garbage = files.write("garbage.json", "嗨\u{0}{");
    let missing = files.0.path().join("missing.json");
    let latin = files.0.path().join("latin.json");
    std::fs::write(&latin, [0xff, 0xfe, 0x7b]).unwrap();
    let output = replay(&[], &[&good, &flawed, &garbage, &missing, &latin]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    let said = text(&output.stderr);
    let flaw = format!("{}: line 5: events[0].age: unknown field `age`", flawed.display());
    assert!(said.contains(&flaw), "{said}");
    assert!(
        said.contains(&format!("{}: line 1: ", garbage.display())),
        "{said}"
    );
    for file in [missing, latin] {
        assert!(said.contains(&file.display().to_string()), "{said}");
    }
    assert_eq!(replay(&[], &[]).status.code(), Some(2));
}
