//! The settings of this phone, whoever is signed in.

use haigou_contract::Language;
use haigou_phone::screens::{Settings, Theme};

use crate::{Phone, PhoneError};

/// What the person chose on this phone.
#[uniffi::remote(Record)]
pub struct Settings {
    /// The language of texts and speech; none for the system's, which the phone was opened with.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
    /// Kilometres, start, pause and end are spoken.
    pub speech: bool,
    /// Routes leave the phone. Off until the person turns it on; the consent for location is asked for as well.
    pub route_upload: bool,
}

/// Light or dark.
#[uniffi::remote(Enum)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

crate::listen::screen! {
    Settings from settings,
    /// The settings.
    settings,
    /// Hears of the settings.
    SettingsListener,
    watch_settings
}

#[uniffi::export]
impl Phone {
    /// Changes the settings of this phone, and keeps them.
    pub fn set_settings(&self, settings: Settings) -> Result<(), PhoneError> {
        self.told(self.core.set_settings(settings))
    }
}
