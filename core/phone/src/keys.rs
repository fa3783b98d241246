//! Where secrets are kept: Android's Keystore, Apple's Keychain, or what a test brings.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The key store couldn't do what was asked. The cause is for the log; people get [`crate::PhoneError::KeyStore`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key store failed: {0}")]
pub struct KeyStoreError(pub String);

/// Keeps small secrets by name. What was saved is there after the app was killed, and nobody else can read it.
pub trait KeyStore: Send + Sync {
    /// The secret of a name, if there is one.
    ///
    /// # Errors
    /// [`KeyStoreError`] if the store can't be read now.
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError>;
    /// Keeps a secret, in place of the one before.
    ///
    /// # Errors
    /// [`KeyStoreError`] if it could not be kept; the one before is still there then.
    fn save(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError>;
    /// Forgets a secret.
    ///
    /// # Errors
    /// [`KeyStoreError`] if it is still there.
    fn remove(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// Keeps secrets as long as it lives itself: for tests.
#[derive(Debug, Default)]
pub struct MemoryKeys(Mutex<HashMap<String, Vec<u8>>>);

impl KeyStore for MemoryKeys {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned())
    }

    fn save(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Keeps each secret in a file that only its owner can read: for desktops, demo and tests.
#[derive(Debug)]
pub struct FileKeys {
    dir: PathBuf,
}

impl FileKeys {
    /// Keeps them in this folder, which is made if it isn't there.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    fn path(&self, name: &str) -> Result<PathBuf, KeyStoreError> {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !plain || name.is_empty() {
            return Err(KeyStoreError(format!("{name:?} is no name for a secret")));
        }
        Ok(self.dir.join(name))
    }

    fn write(&self, path: &PathBuf, secret: &[u8]) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.dir)?;
        let fresh = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh)?;
        file.write_all(secret)?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    }
}

impl KeyStore for FileKeys {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError> {
        match std::fs::read(self.path(name)?) {
            Ok(secret) => Ok(Some(secret)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(KeyStoreError(e.to_string())),
        }
    }

    fn save(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let path = self.path(name)?;
        self.write(&path, secret)
            .map_err(|e| KeyStoreError(e.to_string()))
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        match std::fs::remove_file(self.path(name)?) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(KeyStoreError(e.to_string())),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_stores_keep_replace_and_forget() {
        let dir = tempfile::tempdir().unwrap();
        let stores: [&dyn KeyStore; 2] = [&MemoryKeys::default(), &FileKeys::new(dir.path().join("keys"))];
        for store in stores {
            assert_eq!(store.load("device_key"), Ok(None));
            store.save("device_key", b"one").unwrap();
            store.save("device_key", b"two").unwrap();
            assert_eq!(store.load("device_key"), Ok(Some(b"two".to_vec())));
            store.remove("device_key").unwrap();
            store.remove("device_key").unwrap();
            assert_eq!(store.load("device_key"), Ok(None));
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        FileKeys::new(dir.path()).save("session", b"x").unwrap();
        let mode = std::fs::metadata(dir.path().join("session"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_name_never_leaves_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["", "../x", "a/b", "a.b"] {
            assert!(FileKeys::new(dir.path()).save(name, b"x").is_err(), "{name:?}");
        }
    }
}
