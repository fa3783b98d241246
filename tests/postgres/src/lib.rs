//! A private PostgreSQL for tests, from the system's packages, reached by a socket in its own folder.
//!
//! A suite of tests asks [`database`] for its databases, and has one test that calls [`again_on_postgres`]: it starts a
//! cluster, and runs the whole suite once more in a process in which [`database`] answers with databases there.

mod cluster;

pub use cluster::Cluster;

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Names the folder of the cluster that the tests of this process use.
const ENGINE: &str = "HAIGOU_TEST_POSTGRES";

/// Whether this process tests on PostgreSQL.
#[must_use]
pub fn on_postgres() -> bool {
    std::env::var_os(ENGINE).is_some()
}

/// How many cases a property is tried with: fewer where each of them is slow.
#[must_use]
pub fn cases(many: u32) -> u32 {
    if on_postgres() { many / 8 } else { many }
}

/// The address of a test's database with this name, the same one every time: a file in the test's folder, or a schema
/// that is named for both (a database of its own would be 8 MB of files).
///
/// # Panics
/// If it can't be made.
#[must_use]
pub fn database(folder: &Path, name: &str) -> String {
    static MADE: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let Some(host) = std::env::var_os(ENGINE) else {
        return format!("sqlite:{}", folder.join(name).with_extension("db").display());
    };
    let of = folder
        .file_name()
        .expect("a folder with a name")
        .to_string_lossy();
    let schema = format!("{}_{name}", of.trim_start_matches('.')).to_lowercase();
    let is_new = {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        made.get_or_insert_default().insert(schema.clone())
    };
    if is_new {
        cluster::run(Path::new(&host), "postgres", &format!("CREATE SCHEMA {schema}"));
    }
    let url = cluster::url(Path::new(&host), "postgres");
    format!("{url}&options=-c%20search_path%3D{schema}")
}

/// Runs all tests of this program once more, on PostgreSQL. Without PostgreSQL nothing is tested, which is a failure
/// where the variable `CI` is set.
///
/// # Panics
/// If one of them fails.
pub fn again_on_postgres() {
    if on_postgres() {
        return;
    }
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let program = std::env::current_exe().expect("this program has a file");
    let run = Command::new(program).env(ENGINE, cluster.folder()).output();
    let run = run.expect("this program runs");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "on PostgreSQL, some of it fails");
}
