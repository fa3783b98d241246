//! What screens are made from.

use haigou_contract::Language;
use serde::de::DeserializeOwned;

use super::standing::{Known, Standing};
use super::{RecordsScreen, TodayScreen};
use crate::PhoneError;
use crate::activity::Now;
use crate::core::{CACHE_RECORDS, CACHE_TODAY, Core};
use crate::store::Cached;
use crate::texts;

/// What the phone knows at a moment, for a screen to be made of.
pub(crate) struct Look<'c> {
    pub(crate) core: &'c Core,
    pub(crate) now: Now,
    pub(crate) language: Language,
}

impl Look<'_> {
    /// What the server said last under a name.
    pub(crate) fn cached<T: DeserializeOwned>(&self, name: &str) -> Result<Option<Cached<T>>, PhoneError> {
        self.core.store.read().cached(&self.core.owner, name)
    }

    /// How a screen stands that is asked for under a name.
    pub(crate) fn standing(&self, name: &'static str, known: Known) -> Standing {
        let mut ask = self.core.asks.get(name).cloned().unwrap_or_default();
        if self.core.owner.is_empty() && !known.own {
            ask.failed = Some(PhoneError::NotSignedIn);
        }
        Standing::of(known, &ask, self.core.offline, self.now.t_ms, self.language)
    }

    /// As [`Look::standing`], of something cached: `empty` says whether there is nothing in it, and what is said then.
    pub(crate) fn standing_of<T>(
        &self,
        name: &'static str,
        cached: Option<&Cached<T>>,
        empty: impl FnOnce(&T) -> Option<String>,
    ) -> Standing {
        self.standing(
            name,
            Known {
                fetched_ms: cached.map(|cached| cached.fetched_ms),
                empty: cached.and_then(|cached| empty(&cached.value)),
                own: false,
            },
        )
    }

    /// Today's steps of this phone are always there to be shown.
    pub(crate) fn standing_of_today(&self, screen: &TodayScreen) -> Standing {
        let known = Known {
            fetched_ms: screen.as_of.map(|as_of| as_of.fetched_ms),
            empty: None,
            own: true,
        };
        self.standing(CACHE_TODAY, known)
    }

    /// The records of this phone are there without a server.
    pub(crate) fn standing_of_records(&self, screen: &RecordsScreen) -> Standing {
        let empty = screen.records.is_empty();
        let known = Known {
            fetched_ms: screen.as_of.map(|as_of| as_of.fetched_ms),
            empty: empty.then(|| texts::empty_records(self.language)),
            own: true,
        };
        self.standing(CACHE_RECORDS, known)
    }
}
