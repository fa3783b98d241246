//! The file with assumptions about growth.

use std::path::Path;

use haigou_rules::forecast::Growth;
use serde::de::DeserializeOwned;

use crate::cli::Failed;

/// The assumptions in a file; a refusal names the key.
pub(super) fn read(path: &Path) -> Result<Growth, Failed> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name} can't be read: {error}"))?;
    let growth: Growth = if path.extension().is_some_and(|extension| extension == "json") {
        named(&mut serde_json::Deserializer::from_str(&text))
    } else {
        toml::Deserializer::parse(&text)
            .map_err(|error| error.to_string())
            .and_then(named)
    }
    .map_err(|error| format!("{name}: {error}"))?;
    growth.check().map_err(|error| format!("{name}: {error}"))?;
    Ok(growth)
}

fn named<'de, T: DeserializeOwned, D: serde::Deserializer<'de>>(from: D) -> Result<T, String>
where
    D::Error: std::fmt::Display,
{
    serde_path_to_error::deserialize(from)
        .map_err(|error| format!("{}: {}", error.path(), error.inner().to_string().trim_end()))
}
