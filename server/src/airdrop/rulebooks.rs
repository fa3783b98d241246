//! The rulebook in force, read from its text once.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use haigou_contract::RulebookRef;
use haigou_rules::Rulebook;
use haigou_store::ledger::{StoredRulebook, rulebook_in_force, rulebooks};
use haigou_store::{Query, StoreError};

/// A version of the rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its version, from 1.
    pub version: u32,
    /// Since when it is in force, UTC milliseconds.
    pub starts_at_ms: i64,
    /// The rules.
    pub rulebook: Rulebook,
}

impl InForce {
    /// Its name and version, as members see them.
    #[must_use]
    pub fn reference(&self) -> RulebookRef {
        RulebookRef {
            name: self.rulebook.name.clone(),
            version: self.version,
        }
    }
}

impl Deref for InForce {
    type Target = Rulebook;

    fn deref(&self) -> &Rulebook {
        &self.rulebook
    }
}

/// The versions of one database's rulebook, each read and checked once. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Rulebooks {
    // A stored version never changes, so what was read stays right. Its text is compared all the same: a version
    // whose journal was rolled back may come again with another.
    read: Arc<Mutex<HashMap<u32, Read>>>,
}

/// What was read of a version: its text, and what it says.
type Read = (String, Arc<InForce>);

impl Rulebooks {
    /// The rulebook in force at a moment (UTC milliseconds).
    ///
    /// # Errors
    /// The database's; there is none before launch.
    pub fn in_force(&self, query: &mut impl Query, at_ms: i64) -> Result<Arc<InForce>, StoreError> {
        match rulebook_in_force(query, at_ms)? {
            Some(stored) => self.read(stored),
            None => Err(StoreError::Bug(
                "no rulebook is in force: the database was not launched".to_owned(),
            )),
        }
    }

    /// A version of the rulebook.
    ///
    /// # Errors
    /// The database's; there is no such version.
    pub fn version(&self, query: &mut impl Query, version: u32) -> Result<Arc<InForce>, StoreError> {
        if let Some((_, known)) = self.lock().get(&version) {
            return Ok(Arc::clone(known));
        }
        let stored = rulebooks(query)?
            .into_iter()
            .find(|stored| stored.version == version);
        let stored = stored
            .ok_or_else(|| StoreError::Bug(format!("there is no version {version} of the rulebook")))?;
        self.read(stored)
    }

    fn read(&self, stored: StoredRulebook) -> Result<Arc<InForce>, StoreError> {
        if let Some((text, known)) = self.lock().get(&stored.version)
            && *text == stored.text
        {
            return Ok(Arc::clone(known));
        }
        let rulebook = Rulebook::from_json(&stored.text).map_err(|error| {
            StoreError::Bug(format!(
                "version {} of the rulebook can't be read: {error}",
                stored.version
            ))
        })?;
        let read = Arc::new(InForce {
            version: stored.version,
            starts_at_ms: stored.starts_at_ms,
            rulebook,
        });
        self.lock()
            .insert(stored.version, (stored.text, Arc::clone(&read)));
        Ok(read)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Read>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
