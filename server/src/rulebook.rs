//! The rulebook that a setting or an argument names.

use std::fs::File;
use std::io::Read as _;

use haigou_rules::{Preset, Rulebook, RulebookError};

/// A rulebook that can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulebookOfError {
    /// It is neither a preset nor a file.
    #[error("{name}: neither a preset (classic, sport) nor a file that can be read: {why}")]
    Unreadable {
        /// What was named.
        name: String,
        /// What the system said.
        why: String,
    },
    /// The file isn't a rulebook.
    #[error("{name}: {error}")]
    Refused {
        /// What was named.
        name: String,
        /// The first key that isn't allowed.
        error: RulebookError,
    },
}

/// The preset of this name, or the rulebook in this file.
///
/// # Errors
/// It is neither, or a key in it isn't allowed.
pub fn rulebook_of(name: &str) -> Result<Rulebook, RulebookOfError> {
    let json = match Preset::named(name) {
        Some(preset) => preset.json().to_owned(),
        None => read_file(name).map_err(|error| RulebookOfError::Unreadable {
            name: name.to_owned(),
            why: error.to_string(),
        })?,
    };
    Rulebook::from_json(&json).map_err(|error| RulebookOfError::Refused {
        name: name.to_owned(),
        error,
    })
}

/// A file's text. Of one that is far too large for a rulebook, only as much as shows that.
fn read_file(path: &str) -> std::io::Result<String> {
    const MUCH_TOO_LARGE: u64 = 1 << 20;
    let mut text = String::new();
    File::open(path)?.take(MUCH_TOO_LARGE).read_to_string(&mut text)?;
    Ok(text)
}
