//! Recordings and simulations to measure with, and a place on the disk to work in.

use std::path::{Path, PathBuf};

use haigou_test_postgres::Cluster;
use tempfile::TempDir;

use crate::{Engine, Failed};

/// The folder with recordings, if there is one: `HAIGOU_DATA`, else beside the project.
fn recordings() -> PathBuf {
    std::env::var_os("HAIGOU_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from)
}

/// The recordings of a kind (a folder and the end of the names), if there are any, sorted by name.
pub(crate) fn recorded(folder: &str, ending: &str) -> Result<Vec<PathBuf>, Failed> {
    let folder = recordings().join(folder);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        if file.to_string_lossy().ends_with(ending) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The address of an embedded database in a folder.
pub(crate) fn sqlite(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("haigou.sqlite").display())
}

/// A new database of an engine. It goes with this value.
pub(crate) struct Database {
    pub(crate) url: String,
    _folder: Option<TempDir>,
    _cluster: Option<Cluster>,
}

impl Database {
    pub(crate) fn new(engine: Engine) -> Result<Self, Failed> {
        match engine {
            Engine::Sqlite => {
                let folder = folder_on_disk()?;
                Ok(Self {
                    url: sqlite(&folder),
                    _folder: Some(folder),
                    _cluster: None,
                })
            }
            Engine::Postgres => {
                let cluster = Cluster::start().ok_or("PostgreSQL isn't installed")?;
                Ok(Self {
                    url: cluster.create("haigou"),
                    _folder: None,
                    _cluster: Some(cluster),
                })
            }
        }
    }
}

/// A folder beside this program, which is on a disk: the system's temporary folder may be in memory, where nothing is
/// durable. It is removed at the end.
pub(crate) fn folder_on_disk() -> Result<TempDir, Failed> {
    let program = std::env::current_exe()?;
    let beside = program.parent().unwrap_or(Path::new("."));
    Ok(tempfile::Builder::new()
        .prefix("haigou-bench-")
        .tempdir_in(beside)?)
}
