//! What btleplug's errors mean.

use btleplug::Error;
use uuid::Uuid;

use crate::{BandError, Trouble};

/// What is the matter with the system's Bluetooth, when asking it failed so.
pub(super) fn of_system(error: &Error) -> Trouble {
    match error {
        Error::PermissionDenied => Trouble::NotPermitted,
        Error::NoAdapterAvailable => Trouble::NoBluetooth,
        _ if says(error, "ermission") => Trouble::NotPermitted,
        _ => match name(error) {
            Some("org.freedesktop.DBus.Error.AccessDenied") => Trouble::NotPermitted,
            Some("org.bluez.Error.NotReady" | "org.bluez.Error.Blocked") => Trouble::BluetoothOff,
            _ => Trouble::SystemSilent,
        },
    }
}

/// Why connecting to a band failed.
pub(super) fn of_connecting(error: &Error) -> Trouble {
    match of_system(error) {
        // A band that can't be reached has no error of its own.
        Trouble::SystemSilent => match name(error) {
            Some(name) if name.starts_with("org.freedesktop.DBus.Error.") && !unknown(name) => {
                Trouble::SystemSilent
            }
            _ => Trouble::NotFound,
        },
        trouble => trouble,
    }
}

/// Why a band couldn't be talked to.
pub(super) fn of_talking(error: &Error, about: Uuid) -> BandError {
    match error {
        Error::NoSuchCharacteristic | Error::UnexpectedCharacteristic => BandError::Missing(about),
        Error::NotConnected | Error::DeviceNotFound => BandError::Lost,
        Error::TimedOut(_) => BandError::Silent,
        Error::PermissionDenied | Error::NotSupported(_) | Error::RuntimeError(_) => BandError::Refused,
        _ if says(error, "ot connected") => BandError::Lost,
        _ => match name(error) {
            Some("org.bluez.Error.NotConnected") => BandError::Lost,
            Some(name) if name.starts_with("org.bluez.Error.") => BandError::Refused,
            Some(name) if unknown(name) => BandError::Lost,
            Some(_) => BandError::Silent,
            None => BandError::Lost,
        },
    }
}

/// The object that was asked is gone.
fn unknown(name: &str) -> bool {
    name.ends_with(".UnknownObject") || name.ends_with(".UnknownMethod")
}

fn says(error: &Error, words: &str) -> bool {
    error.to_string().contains(words)
}

/// The name that the system's Bluetooth gives an error on Linux.
#[cfg(target_os = "linux")]
fn name(error: &Error) -> Option<&str> {
    let Error::Other(inner) = error else {
        return None;
    };
    match inner.downcast_ref::<bluez_async::BluetoothError>()? {
        bluez_async::BluetoothError::DbusError(error) => error.name(),
        _ => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn name(_error: &Error) -> Option<&str> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn bus(name: &str, message: &str) -> Error {
        let error = dbus::Error::new_custom(name, message);
        Error::Other(Box::new(bluez_async::BluetoothError::DbusError(error)))
    }

    #[test]
    fn the_systems_words_become_troubles() {
        let denied = bus("org.freedesktop.DBus.Error.AccessDenied", "Rejected send message");
        let gone = bus("org.freedesktop.DBus.Error.ServiceUnknown", "not provided");
        let off = bus("org.bluez.Error.NotReady", "Resource Not Ready");
        assert_eq!(of_system(&denied), Trouble::NotPermitted);
        assert_eq!(of_system(&gone), Trouble::SystemSilent);
        assert_eq!(of_system(&off), Trouble::BluetoothOff);
        let android = Error::RuntimeError("Need android.permission.BLUETOOTH_SCAN permission".into());
        assert_eq!(of_system(&android), Trouble::NotPermitted);

        let far = bus("org.bluez.Error.Failed", "le-connection-abort-by-local");
        let forgotten = bus("org.freedesktop.DBus.Error.UnknownObject", "No such object");
        let late = Error::Other(Box::new(bluez_async::BluetoothError::ServiceDiscoveryTimedOut));
        assert_eq!(of_connecting(&far), Trouble::NotFound);
        assert_eq!(of_connecting(&forgotten), Trouble::NotFound);
        assert_eq!(of_connecting(&late), Trouble::NotFound);
        assert_eq!(of_connecting(&gone), Trouble::SystemSilent);
        assert_eq!(of_connecting(&off), Trouble::BluetoothOff);
        assert_eq!(of_connecting(&denied), Trouble::NotPermitted);
    }

    #[test]
    fn a_bands_words_become_errors() {
        let about = Uuid::nil();
        let talking = |name: &str, message: &str| of_talking(&bus(name, message), about);
        assert_eq!(
            talking("org.bluez.Error.Failed", "Not connected"),
            BandError::Lost
        );
        assert_eq!(
            talking("org.bluez.Error.NotPermitted", "Not permitted"),
            BandError::Refused
        );
        assert_eq!(
            talking("org.freedesktop.DBus.Error.UnknownObject", ""),
            BandError::Lost
        );
        assert_eq!(
            talking("org.freedesktop.DBus.Error.NoReply", ""),
            BandError::Silent
        );
        assert_eq!(
            of_talking(&Error::NoSuchCharacteristic, about),
            BandError::Missing(about)
        );
        assert_eq!(of_talking(&Error::NotConnected, about), BandError::Lost);
    }
}
