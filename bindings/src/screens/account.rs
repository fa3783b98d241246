//! What belongs to the account: its devices, and what the member agreed to.

use std::sync::Arc;

use haigou_phone::screens::Standing;

use super::shared::all;
use crate::{Cancel, Consent, Device, Phone, PhoneError};

/// The devices that the member signed in with.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DevicesScreen {
    /// How it stands.
    pub standing: Standing,
    /// This one first, then the one seen last.
    pub devices: Vec<Device>,
}

/// What the member agreed to, purpose by purpose.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConsentsScreen {
    /// How it stands.
    pub standing: Standing,
    /// How each purpose stands now; those never asked for are left out.
    pub now: Vec<Consent>,
    /// Everything given and taken back, newest first.
    pub history: Vec<Consent>,
}

crate::listen::screen! {
    DevicesScreen from devices_screen,
    /// The devices that the member signed in with.
    devices_screen,
    /// Hears of the devices.
    DevicesListener,
    watch_devices
}

crate::listen::screen! {
    ConsentsScreen from consents_screen,
    /// What the member agreed to.
    consents_screen,
    /// Hears of what the member agreed to.
    ConsentsListener,
    watch_consents
}

#[uniffi::export]
impl Phone {
    /// Asks the server for the devices.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_devices(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_devices().await })
            .await
    }

    /// Asks the server for the consents.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_consents(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_consents().await })
            .await
    }
}

impl From<haigou_phone::screens::DevicesScreen> for DevicesScreen {
    fn from(screen: haigou_phone::screens::DevicesScreen) -> Self {
        Self {
            standing: screen.standing,
            devices: all(screen.devices),
        }
    }
}

impl From<haigou_phone::screens::ConsentsScreen> for ConsentsScreen {
    fn from(screen: haigou_phone::screens::ConsentsScreen) -> Self {
        Self {
            standing: screen.standing,
            now: all(screen.now),
            history: all(screen.history),
        }
    }
}
