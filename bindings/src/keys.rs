//! The shell's store for secrets.

use std::sync::Arc;

/// The key store couldn't do what was asked.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum KeyStoreError {
    /// The reason is for the log; it holds no secret.
    #[error("the key store failed: {reason}")]
    Failed {
        /// For the log.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Keeps small secrets by name: in files encrypted by Android's Keystore, in Apple's Keychain. What was saved is there
/// after the app was killed, and nobody else can read it. Called from any thread, and never calls the phone.
#[uniffi::export(foreign)]
pub trait KeyStore: Send + Sync {
    /// The secret of a name, if there is one.
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, KeyStoreError>;
    /// Keeps a secret, in place of the one before. If it fails, the one before is still there.
    fn save(&self, name: String, secret: Vec<u8>) -> Result<(), KeyStoreError>;
    /// Forgets a secret. It is no error if there is none.
    fn remove(&self, name: String) -> Result<(), KeyStoreError>;
}

/// The shell's store for the core.
pub(crate) struct ShellKeys(pub(crate) Arc<dyn KeyStore>);

impl haigou_phone::KeyStore for ShellKeys {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, haigou_phone::KeyStoreError> {
        self.0.load(name.to_owned()).map_err(for_core)
    }

    fn save(&self, name: &str, secret: &[u8]) -> Result<(), haigou_phone::KeyStoreError> {
        self.0.save(name.to_owned(), secret.to_vec()).map_err(for_core)
    }

    fn remove(&self, name: &str) -> Result<(), haigou_phone::KeyStoreError> {
        self.0.remove(name.to_owned()).map_err(for_core)
    }
}

fn for_core(error: KeyStoreError) -> haigou_phone::KeyStoreError {
    let KeyStoreError::Failed { reason } = error;
    haigou_phone::KeyStoreError(reason)
}
