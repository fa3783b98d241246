//! `haigou rules` as people and scripts call it: what it prints where, and its exit codes.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

use haigou_rules::Preset;
use haigou_server::airdrop::Launch;
use haigou_store::{Clock as _, Command as _, Store, SystemClock};
use serde_json::Value;

fn rules(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_haigou"))
        .arg("rules")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Every line of standard output, read as JSON.
fn objects(output: &Output) -> Vec<Value> {
    printed(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A folder with `sport` in a file, one text in it replaced.
fn changed(from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sport = Preset::Sport.json();
    assert!(sport.contains(from));
    std::fs::write(folder.path().join("mine.json"), sport.replace(from, to)).unwrap();
    folder
}

#[test]
fn every_part_shows_an_example() {
    let folder = tempfile::tempdir().unwrap();
    for part in [
        "show", "schema", "diff", "lint", "forecast", "accept", "accepted", "start",
    ] {
        let output = rules(folder.path(), &[part, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(
            printed(&output).contains(&format!("Example: haigou rules {part}")),
            "{part}"
        );
    }
}

#[test]
fn a_difference_is_told_in_words_and_json() {
    let folder = changed("\"hi_value\": \"0.15\"", "\"hi_value\": \"0.12\"");
    let output = rules(folder.path(), &["diff", "sport", "mine.json"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        printed(&output),
        "中级合伙人奖励: 嗨值: 15 % → 12 %  (partners.middle.hi_value)\n"
    );
    let output = rules(folder.path(), &["diff", "sport", "mine.json", "--json"]);
    let [change] = &objects(&output)[..] else {
        panic!("{output:?}");
    };
    assert_eq!(change["path"], "partners.middle.hi_value");
    assert_eq!(
        (&change["before"], &change["after"]),
        (&"0.15".into(), &"0.12".into())
    );
    assert_eq!(change["words"]["en"], "middle partner: Hi-Value: 15 % → 12 %");
    let output = rules(folder.path(), &["diff", "sport", "sport"]);
    assert_eq!((output.status.code(), printed(&output).as_str()), (Some(0), ""));
}

#[test]
fn findings_are_one_and_none_is_zero() {
    let folder = tempfile::tempdir().unwrap();
    let output = rules(folder.path(), &["lint", "classic", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings = objects(&output);
    assert_eq!(findings.len(), 6);
    assert_eq!(findings[0]["code"], "purchase_for_referral");
    assert_eq!(findings[0]["severity"], "high");
    let words = printed(&rules(folder.path(), &["lint", "classic", "--lang", "en"]));
    assert!(
        words.contains("Pyramid Selling") && words.contains("article 7 (2)"),
        "{words}"
    );
    let mut clean: Value = serde_json::from_str(Preset::Sport.json()).unwrap();
    clean["register"]["direct"] =
        serde_json::json!({"hi_value": "0", "hi_shell": "0", "challenge": "0", "unfreeze": "0"});
    clean["challenge"]["merchant_approved"] = "0".into();
    clean["challenge"]["to_shopping"]["enabled"] = false.into();
    clean["centre"]["joins_by"] = serde_json::json!(["application"]);
    for tier in ["junior", "middle", "senior"] {
        clean["partners"][tier]["hi_value"] = "0".into();
        clean["partners"][tier]["hi_shell"] = "0".into();
    }
    std::fs::write(folder.path().join("clean.json"), clean.to_string()).unwrap();
    let output = rules(folder.path(), &["lint", "clean.json", "--json"]);
    assert_eq!((output.status.code(), printed(&output).as_str()), (Some(0), ""));
}

#[test]
fn a_forecast_is_a_table_json_csv_and_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("growth.toml"),
        "members = 50\n[mall]\nper_month = 2.0\n",
    )
    .unwrap();
    let few = |more: &[&str]| {
        let mut arguments = vec!["forecast", "sport", "--runs", "5", "--growth", "growth.toml"];
        arguments.extend(more);
        rules(folder.path(), &arguments)
    };
    let output = few(&["--json", "--svg", "year.svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let told = objects(&output);
    assert_eq!(told[0]["growth"]["mall"]["per_month"], 2.0);
    assert_eq!(told[0]["growth"]["referred"], 0.7);
    let issued = told
        .iter()
        .find(|line| line["metric"] == "hi_shell_issued")
        .unwrap();
    assert_eq!(issued["end"]["p50"], "180000.00");
    let picture = std::fs::read_to_string(folder.path().join("year.svg")).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("规则“sport”"));
    let csv = printed(&few(&["--csv"]));
    assert!(csv.starts_with("day,metric,p5,p25,p50,p75,p95\n1,members,"));
    assert_eq!(csv.lines().count(), 1 + 365 * (told.len() - 1));
    let table = printed(&few(&["--lang", "en"]));
    assert!(
        table.contains("members = 50.0") && table.contains("payout ÷ revenue"),
        "{table}"
    );
    assert_eq!(printed(&few(&["--csv"])), csv, "the same seed");
    let assumptions = printed(&rules(folder.path(), &["forecast", "--assumptions"]));
    std::fs::write(folder.path().join("all.toml"), &assumptions).unwrap();
    let again = rules(
        folder.path(),
        &["forecast", "--assumptions", "--growth", "all.toml"],
    );
    assert_eq!(printed(&again), assumptions);
}

#[test]
fn bad_input_is_two_and_named() {
    let folder = changed("\"hi_value\": \"0.15\"", "\"hi_value\": \"1e-3\"");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("growth.toml", "referred = 2.0");
    file("typo.toml", "[mall]\nper_mont = 1.0");
    file("typed.json", r#"{"mall": {"per_month": "often"}}"#);
    file("broken.json", "{\n  \"name\": \"a\",\n  oops\n}");
    std::fs::write(folder.path().join("bytes.json"), [0xff, 0xfe, 0x00]).unwrap();
    for (arguments, named) in [
        (&["show", "mine.json"][..], "mine.json: partners.middle.hi_value"),
        (&["lint", "mine.json"], "partners.middle.hi_value"),
        (&["diff", "sport", "mine.json"], "partners.middle.hi_value"),
        (&["diff", "sport"], "AFTER"),
        (&["show", "broken.json"], "line 3 column"),
        (&["show", "bytes.json"], "bytes.json"),
        (&["show", "."], "neither a preset"),
        (&["lint", "classic", "--growth", "growth.toml"], "referred: 2"),
        (&["forecast", "sport", "--growth", "typo.toml"], "per_mont"),
        (&["forecast", "sport", "--growth", "typed.json"], "mall.per_month"),
        (&["forecast", "sport", "--growth", "nowhere.toml"], "nowhere.toml"),
        (
            &["forecast", "sport", "--observed", "sqlite:nowhere.db"],
            "nowhere.db",
        ),
        (&["forecast", "sport", "--years", "9"], "1 to 5 years"),
        (&["forecast", "sport", "--runs", "0"], "runs"),
        (&["forecast", "sport", "--csv", "--json"], "--json"),
        (&["forecast", "sport", "--lang", "fr"], "zh-CN"),
    ] {
        let output = rules(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(named), "{arguments:?}: {}", said(&output));
        assert_eq!(printed(&output), "", "{arguments:?}");
    }
}

/// Launches the database in this folder, today and under `sport`, with the reward pool of `classic`, which may then follow.
fn launch(folder: &Path) {
    let [mut rulebook, classic] = [Preset::Sport, Preset::Classic].map(|preset| preset.rulebook().unwrap());
    rulebook.airdrop.reward_pool = classic.airdrop.reward_pool;
    let store = Store::open(&format!("sqlite:{}", folder.join("haigou.db").display())).unwrap();
    let launched = store.write_blocking(|tx| Launch { rulebook, day: None }.run(tx, SystemClock.now_ms()));
    assert!(launched.unwrap());
}

/// How many journals the audit of the database in this folder proves.
fn proved(folder: &Path) -> u64 {
    let audited = Command::new(env!("CARGO_BIN_EXE_haigou"))
        .args(["audit", "--json"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(audited.status.code(), Some(0), "{}", printed(&audited));
    let report: Value = serde_json::from_str(&printed(&audited)).unwrap();
    report.get("journals").and_then(Value::as_u64).unwrap()
}

#[test]
fn two_administrators_accept_before_a_rulebook_starts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    launch(path);
    let codes: Vec<String> = objects(&rules(path, &["lint", "classic", "--json"]))
        .iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect();
    let output = rules(path, &["start", "classic"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let lacking: Vec<String> = codes
        .iter()
        .map(|code| format!("{code}: accepted by nobody; 2 more administrator(s) needed"))
        .collect();
    assert_eq!(said(&output).lines().collect::<Vec<_>>(), lacking);

    let launched = proved(path);
    let accept = |who: &str, finding: &str, words: &str| {
        let finding = ["--finding", finding, "--administrator", who, "--words", words];
        rules(path, &[&["accept", "classic"], &finding[..]].concat())
    };
    for (who, finding, words, code) in [
        ("ann", "pay_share", "our lawyer agrees", 0),
        ("ann", "pay_share", "our lawyer still agrees", 1),
        ("bo", "pay_share", " ", 1),
        ("bo", "no_such_one", "not a finding", 1),
    ] {
        let output = accept(who, finding, words);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    }
    let output = rules(path, &["accepted", "classic", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let open = objects(&output);
    assert_eq!(open.len(), codes.len());
    let half = open.iter().find(|one| one["finding"] == "pay_share").unwrap();
    assert_eq!(
        (&half["accepted_by"][0], &half["missing"]),
        (&"ann".into(), &1.into())
    );
    for who in ["ann", "bo"] {
        assert_eq!(rules(path, &["start", "classic"]).status.code(), Some(1));
        for code in &codes {
            if (who, code.as_str()) != ("ann", "pay_share") {
                assert_eq!(accept(who, code, "our lawyer agrees").status.code(), Some(0));
            }
        }
    }
    let output = rules(path, &["accepted", "classic"]);
    assert_eq!((output.status.code(), printed(&output).as_str()), (Some(0), ""));
    let acceptances = 2 * u64::try_from(codes.len()).unwrap();
    assert_eq!(proved(path), launched + acceptances, "each is in the chain");

    let output = rules(path, &["start", "classic"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("version 2"), "{}", said(&output));
    assert!(proved(path) > launched + acceptances);
    let observed = [
        "forecast",
        "sport",
        "--observed",
        "sqlite:haigou.db",
        "--assumptions",
    ];
    let default = rules(path, &["forecast", "sport", "--assumptions"]);
    assert_eq!(
        printed(&rules(path, &observed)),
        printed(&default),
        "nobody was there"
    );
}
