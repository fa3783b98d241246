//! Where the recordings of people lie.

use std::path::{Path, PathBuf};

/// The folder of recordings; `None`, with a word why, where there is none outside of CI.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HAIGOU_DATA").map_or(beside, PathBuf::from);
    if folder.join("steps/manifest.csv").exists() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "no recordings in {}",
        folder.display()
    );
    println!(
        "left out: no recordings in {} (HAIGOU_DATA names their folder)",
        folder.display()
    );
    None
}
