//! `haigou migrate --from ... --to ...`: a database that was lived in moves from a file to PostgreSQL, whole.

use haigou_naive::generate;
use haigou_server::replay::Scenario;
use haigou_store::Store;
use haigou_test_postgres::Cluster;
use haigou_tests::{Haigou, fast_folder, haigou};
use serde_json::{Value, json};

/// Fills a new database with a random life.
fn live(db: &str, seed: u64) {
    let life = generate::scenario(seed, 200).written().to_string();
    let life = Scenario::parse(&life).unwrap();
    life.replay_in(&Store::open(db).unwrap()).unwrap();
}

#[test]
fn a_database_moves_to_postgres_whole_and_onto_nothing_else() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let folder = fast_folder();
    let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let (old, other, new) = (file("old.db"), file("other.db"), cluster.create("haigou"));
    live(&old, 7_000);
    live(&other, 7_001);
    let asked = |db: &str, arguments: &[&str]| -> Haigou {
        let told = haigou(folder.path(), &[("HAIGOU_DB", db)], arguments);
        assert_eq!(told.code, 0, "{db} {arguments:?}: {}{}", told.out, told.err);
        told
    };
    let audited = |db: &str| -> Value { serde_json::from_str(&asked(db, &["audit", "--json"]).out).unwrap() };
    let statement = |db: &str| asked(db, &["statement", "1", "--json"]).out;
    let moved = |from: &str| haigou(folder.path(), &[], &["migrate", "--from", from, "--to", &new]);

    let (books, lines) = (audited(&old), statement(&old));
    assert_eq!(books["ok"], json!(true));
    assert!(books["entries"].as_u64() > Some(100), "{books}");
    assert!(lines.lines().count() > 2, "{lines}");
    let done = moved(&old);
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
    let head = books["head_hash"].as_str().unwrap();
    assert!(done.err.contains(head), "{head}: {}", done.err);
    assert_eq!(audited(&new), books);
    assert_eq!(statement(&new), lines);

    for from in [&old, &other] {
        let refused = moved(from);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{}", refused.err);
        assert!(refused.err.contains("empty"), "{}", refused.err);
        assert_eq!(audited(&new), books);
        assert_eq!(statement(&new), lines);
    }
    assert_eq!(audited(&old), books, "where it came from it still is");
}
