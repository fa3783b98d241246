//! The program `haigou` as people and scripts call it: what it prints where, and its exit codes.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn haigou(&self, db: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haigou"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HAIGOU_DB", format!("sqlite:{db}"))
            .env("HAIGOU_LISTEN", "127.0.0.1:0");
        command
    }

    fn run(&self, db: &str, arguments: &[&str]) -> Output {
        self.haigou(db, arguments).output().unwrap()
    }

    /// A server that has said that it serves.
    fn serve(&self, db: &str) -> Child {
        let mut child = self
            .haigou(db, &["serve"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = lines.map_while(Result::ok);
        assert!(said.any(|line| line.starts_with("haigou serves on http://")));
        // Whoever doesn't read on would stop it at a full pipe.
        std::thread::spawn(move || said.for_each(drop));
        child
    }

    fn sql(&self, db: &str, sql: &str) {
        let connection = rusqlite::Connection::open(self.file(db)).unwrap();
        connection.execute_batch(sql).unwrap();
    }
}

fn terminate(mut child: Child) -> Option<i32> {
    let sent = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    child.wait().unwrap().code()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Wrong use: exit code 2, what is wrong in the sentence, nothing printed.
fn assert_refused(output: &Output, expected: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", said(output));
    assert!(said(output).contains(expected), "{}", said(output));
    assert!(printed(output).is_empty());
}

#[test]
fn every_command_shows_an_example() {
    let house = House::new();
    for command in [
        &["serve"][..],
        &["migrate"],
        &["audit"],
        &["backup"],
        &["restore"],
        &["rules", "show"],
        &["openapi"],
    ] {
        let output = house.run("h.db", &[command, &["--help"]].concat());
        assert_eq!(output.status.code(), Some(0));
        assert!(printed(&output).contains("Example: "), "{command:?}");
    }
}

#[test]
fn wrong_use_is_two_and_says_what() {
    let house = House::new();
    std::fs::write(house.file("bad.json"), r#"{"name":"x","surprise":1}"#).unwrap();
    std::fs::write(house.file("bad.toml"), "dbb = 'x'").unwrap();
    for (arguments, expected) in [
        (&["fly"][..], "fly"),
        (&["backup"], "PATH"),
        (&["audit"], "there is no database at h.db"),
        (&["backup", "copy.db"], "there is no database at h.db"),
        (&["restore", "copy.db"], "there is no database at copy.db"),
        (&["rules", "show", "nowhere"], "nowhere"),
        (&["rules", "show", "bad.json"], "surprise"),
        (&["serve", "--config", "bad.toml"], "dbb"),
    ] {
        let output = house.run("h.db", arguments);
        assert_refused(&output, expected);
    }
    assert!(!house.file("h.db").exists());
}

/// The demo is a program of its own; a server that was installed without it says what is missing.
#[test]
fn a_demo_without_its_program_says_what_is_missing() {
    let house = House::new();
    let alone = house.file("haigou");
    std::fs::copy(env!("CARGO_BIN_EXE_haigou"), &alone).unwrap();
    let output = Command::new(alone)
        .args(["demo", "--once"])
        .current_dir(house.folder.path())
        .env_clear()
        .output()
        .unwrap();
    assert_refused(&output, "haigou-demo");
}

#[test]
fn a_server_is_stopped_audited_copied_and_put_back() {
    let house = House::new();
    let server = house.serve("h.db");
    for arguments in [&["serve"][..], &["migrate"]] {
        let second = house.run("h.db", arguments);
        assert_eq!(second.status.code(), Some(2));
        assert!(
            said(&second).contains("another haigou is at work on h.db"),
            "{}",
            said(&second)
        );
    }
    let audit = house.run("h.db", &["audit", "--json"]);
    assert_eq!(audit.status.code(), Some(0));
    let report: serde_json::Value = serde_json::from_str(printed(&audit).trim()).unwrap();
    assert_eq!(report["ok"], true);
    assert_eq!(house.run("h.db", &["backup", "copy.db"]).status.code(), Some(0));
    assert_eq!(terminate(server), Some(0));

    let again = house.run("h.db", &["backup", "copy.db"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("copy.db exists already"));
    assert_eq!(
        house.run("back.db", &["restore", "copy.db"]).status.code(),
        Some(0)
    );
    let audit = house.run("back.db", &["audit", "--json"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(printed(&audit).trim()).unwrap(),
        report
    );
}

#[test]
fn an_audit_that_finds_something_is_one_and_names_it() {
    let house = House::new();
    assert_eq!(terminate(house.serve("h.db")), Some(0));
    house.sql("h.db", "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 1");
    let audit = house.run("h.db", &["audit"]);
    assert_eq!(audit.status.code(), Some(1));
    assert!(printed(&audit).contains("journal"), "{}", printed(&audit));
    let audit = house.run("h.db", &["audit", "--json"]);
    assert_eq!(audit.status.code(), Some(1));
    assert!(printed(&audit).lines().count() == 1 && printed(&audit).contains("\"ok\":false"));
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let house = House::new();
    assert_eq!(house.run("h.db", &["migrate"]).status.code(), Some(0));
    house.sql(
        "h.db",
        "PRAGMA journal_mode = DELETE; INSERT INTO schema_version VALUES (9999, 'later', 'x', 0)",
    );
    let before = std::fs::read(house.file("h.db")).unwrap();
    for arguments in [&["serve"][..], &["migrate"], &["audit"], &["backup", "copy.db"]] {
        let output = house.run("h.db", arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("version 9999"), "{}", said(&output));
    }
    assert!(std::fs::read(house.file("h.db")).unwrap() == before);
}

#[test]
fn rulebooks_and_the_description_are_printed() {
    let house = House::new();
    for preset in ["classic", "sport"] {
        let output = house.run("h.db", &["rules", "show", preset]);
        assert_eq!(output.status.code(), Some(0));
        let rulebook = haigou_rules::Rulebook::from_json(&printed(&output)).unwrap();
        assert_eq!(rulebook.name, preset);
    }
    let output = house.run("h.db", &["openapi"]);
    let description: serde_json::Value = serde_json::from_str(&printed(&output)).unwrap();
    assert!(
        description["paths"]
            .as_object()
            .is_some_and(|paths| paths.contains_key("/api/v1/me"))
    );
}
