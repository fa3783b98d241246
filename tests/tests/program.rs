//! `haigou` as an operator uses it: what it says, where, and how it exits.

use std::collections::BTreeSet;

use haigou_tests::{Hand, ServeProcess, fast_folder, haigou, number_of};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a database in which somebody has registered.
async fn with_a_member() -> (TempDir, String) {
    let folder = fast_folder();
    let db = format!("sqlite:{}", folder.path().join("haigou.db").display());
    let serve = tokio::task::block_in_place(|| {
        ServeProcess::start(folder.path(), &db, &[("HAIGOU_RULEBOOK", "sport")])
    });
    Hand::new(1)
        .sign_in(&serve.url, &number_of(1), async || serve.code())
        .await;
    serve.kill();
    (folder, db)
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let folder = fast_folder();
    for command in [
        &[][..],
        &["serve"],
        &["migrate"],
        &["audit"],
        &["backup"],
        &["restore"],
        &["openapi"],
        &["rules", "show"],
    ] {
        let help = haigou(folder.path(), &[], &[command, &["--help"]].concat());
        assert_eq!((help.code, help.err.as_str()), (0, ""), "{command:?}");
        assert!(
            help.out.contains("Usage: haigou") && help.out.contains("Example: "),
            "{command:?}: {}",
            help.out
        );
    }
    assert!(
        haigou(folder.path(), &[], &["--version"])
            .out
            .starts_with("haigou ")
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "asking leaves nothing behind"
    );
}

#[test]
fn wrong_use_exits_2_and_says_what_and_where() {
    let folder = fast_folder();
    std::fs::write(folder.path().join("typo.toml"), "quue = 3").unwrap();
    std::fs::write(
        folder.path().join("broken.db"),
        "this is no database at all".repeat(99),
    )
    .unwrap();
    let db = format!("sqlite:{}", folder.path().join("none.db").display());
    let broken = format!("sqlite:{}", folder.path().join("broken.db").display());
    let none = ("HAIGOU_DB", db.as_str());
    let absent = ("HAIGOU_DB", "sqlite:absent.db");
    for (environment, arguments, says) in [
        (vec![], &["serve", "--config", "nowhere.toml"][..], "nowhere.toml"),
        (vec![], &["serve", "--config", "typo.toml"], "quue"),
        (vec![none, ("HAIGOU_LISTEN", "here")], &["serve"], "listen"),
        (vec![none, ("HAIGOU_QUEUE", "0")], &["serve"], "queue"),
        (vec![none, ("HAIGOU_RULEBOOK", "none")], &["serve"], "rulebook"),
        (
            vec![none, ("HAIGOU_LISTEN", "0.0.0.0:0")],
            &["serve"],
            "code_secret",
        ),
        (
            vec![
                none,
                ("HAIGOU_MODE", "production"),
                ("HAIGOU_WEB__CODE_SECRET", "0123456789abcdef0123456789abcdef"),
            ],
            &["serve"],
            "sms",
        ),
        (vec![("HAIGOU_DB", "mysql://x")], &["serve"], "mysql://x"),
        (
            vec![("HAIGOU_DB", &broken), ("HAIGOU_LISTEN", "127.0.0.1:0")],
            &["serve"],
            "damaged or not a database",
        ),
        (vec![absent], &["audit"], "haigou migrate"),
        (vec![absent], &["backup", "copy.db"], "absent.db"),
        (vec![absent], &["restore", "nothing.db"], "nothing.db"),
        (vec![("HAIGOU_DB", &broken)], &["audit"], "broken.db"),
        (vec![], &["rules", "show", "nothing.json"], "nothing.json"),
        (vec![], &["dance"], "dance"),
        (vec![], &[], "Usage"),
    ] {
        let refused = haigou(folder.path(), &environment, arguments);
        assert_eq!(
            (refused.code, refused.out.as_str()),
            (2, ""),
            "{environment:?} {arguments:?}: {}",
            refused.err
        );
        assert!(
            refused.err.contains(says),
            "{environment:?} {arguments:?}: {}",
            refused.err
        );
        assert!(!refused.err.contains("panicked"), "{}", refused.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_has_one_server() {
    let (folder, db) = with_a_member().await;
    let serve = ServeProcess::start(folder.path(), &db, &[]);
    let environment = [("HAIGOU_DB", db.as_str()), ("HAIGOU_LISTEN", "127.0.0.1:0")];
    let second = haigou(folder.path(), &environment, &["serve"]);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("another haigou is at work"), "{}", second.err);
    // Looking and copying go on beside it.
    let audit = haigou(folder.path(), &environment, &["audit"]);
    assert_eq!(audit.code, 0, "{}{}", audit.out, audit.err);
    assert_eq!(
        haigou(folder.path(), &environment, &["backup", "copy.db"]).code,
        0
    );
    let restore = haigou(folder.path(), &environment, &["restore", "copy.db"]);
    assert_eq!(
        restore.code, 2,
        "nothing is put in the place of a database that is in use"
    );
    serve.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_names_what_somebody_changed() {
    let (folder, db) = with_a_member().await;
    let file = folder.path().join("haigou.db");
    let environment = [("HAIGOU_DB", db.as_str())];
    let clean = haigou(folder.path(), &environment, &["audit", "--json"]);
    assert_eq!(clean.code, 0, "{}", clean.err);
    let clean: Value = serde_json::from_str(&clean.out).unwrap();
    assert_eq!((&clean["ok"], &clean["findings"]), (&json!(true), &json!([])));
    assert!(
        clean["journals"].as_u64() >= Some(3) && clean["entries"].as_u64() > Some(0),
        "{clean}"
    );

    for (change, place) in [
        (
            "UPDATE holder SET challenge_frozen = challenge_frozen + 1 WHERE member = 1",
            "holder",
        ),
        ("DELETE FROM journal WHERE seq = 2", "journal"),
        (
            "UPDATE journal SET at_ms = at_ms - 1 WHERE seq = 2",
            "journal, row 2",
        ),
    ] {
        let tampered = folder.path().join("tampered.db");
        let copied = haigou(folder.path(), &environment, &["backup", "tampered.db"]);
        assert_eq!(copied.code, 0, "{}", copied.err);
        rusqlite::Connection::open(&tampered)
            .unwrap()
            .execute(change, [])
            .unwrap();
        let there = format!("sqlite:{}", tampered.display());
        let found = haigou(folder.path(), &[("HAIGOU_DB", &there)], &["audit"]);
        assert_eq!(found.code, 1, "{change}: {}{}", found.out, found.err);
        assert!(
            found.out.contains(place) && found.out.contains("DIFFER"),
            "{change}: {}",
            found.out
        );
        let found = haigou(folder.path(), &[("HAIGOU_DB", &there)], &["audit", "--json"]);
        let report: Value = serde_json::from_str(&found.out).unwrap();
        assert_eq!((found.code, &report["ok"]), (1, &json!(false)));
        std::fs::remove_file(&tampered).unwrap();
        for ending in ["-wal", "-shm"] {
            let _not_there = std::fs::remove_file(format!("{}{ending}", tampered.display()));
        }
    }
    assert!(file.is_file());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_put_back_is_the_same_database() {
    let (folder, db) = with_a_member().await;
    let environment = [("HAIGOU_DB", db.as_str())];
    let head = |environment: &[(&str, &str)]| -> Value {
        let audit = haigou(folder.path(), environment, &["audit", "--json"]);
        assert_eq!(audit.code, 0, "{}", audit.err);
        serde_json::from_str::<Value>(&audit.out).unwrap()["head_hash"].clone()
    };
    let before = head(&environment);
    let made = haigou(folder.path(), &environment, &["backup", "copy.db"]);
    assert_eq!((made.code, made.out.as_str()), (0, ""), "{}", made.err);
    let again = haigou(folder.path(), &environment, &["backup", "copy.db"]);
    assert_eq!(again.code, 2, "nothing is overwritten");
    assert!(again.err.contains("copy.db"), "{}", again.err);

    let elsewhere = format!("sqlite:{}", folder.path().join("new.db").display());
    let elsewhere = [("HAIGOU_DB", elsewhere.as_str())];
    let restored = haigou(folder.path(), &elsewhere, &["restore", "copy.db"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert_eq!(head(&elsewhere), before);
    let at_once = [("HAIGOU_WEB__CODES__RESEND_AFTER_S", "0")];
    let serve = ServeProcess::start(folder.path(), elsewhere[0].1, &at_once);
    let session = Hand::new(1)
        .sign_in(&serve.url, &number_of(1), async || serve.code())
        .await;
    assert!(!session.registered, "the member is there");
}

#[test]
fn the_description_and_the_rulebooks_are_printed() {
    let folder = fast_folder();
    let printed = haigou(folder.path(), &[], &["openapi"]);
    let description: Value = serde_json::from_str(&printed.out).unwrap();
    let paths: BTreeSet<&str> = description["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for path in [
        "/api/v1/auth/codes",
        "/api/v1/sport/uploads",
        "/api/v1/wallet",
        "/api/v1/wallet/statement",
    ] {
        assert!(paths.contains(path), "{paths:?}");
    }
    for preset in ["classic", "sport"] {
        let shown = haigou(folder.path(), &[], &["rules", "show", preset]);
        let rulebook: Value = serde_json::from_str(&shown.out).unwrap();
        assert_eq!((shown.code, &rulebook["name"]), (0, &json!(preset)));
        std::fs::write(folder.path().join("mine.json"), &shown.out).unwrap();
        assert_eq!(
            haigou(folder.path(), &[], &["rules", "show", "mine.json"]).out,
            shown.out
        );
    }
}

#[test]
fn migrating_twice_changes_nothing() {
    let folder = fast_folder();
    let db = format!("sqlite:{}", folder.path().join("haigou.db").display());
    let environment = [("HAIGOU_DB", db.as_str())];
    assert_eq!(haigou(folder.path(), &environment, &["migrate"]).code, 0);
    let before = std::fs::read(folder.path().join("haigou.db")).unwrap();
    assert_eq!(haigou(folder.path(), &environment, &["migrate"]).code, 0);
    assert_eq!(std::fs::read(folder.path().join("haigou.db")).unwrap(), before);
}
