//! The settings of this phone, whoever is signed in.

use haigou_contract::Language;
use serde::{Deserialize, Serialize};

/// What the person chose on this phone. They are kept in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of texts and speech; none for the system's.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
    /// Kilometres, start, pause and end are spoken.
    pub speech: bool,
    /// Routes leave the phone. Off until the person turns it on; the consent for location is asked for as well.
    pub route_upload: bool,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}
