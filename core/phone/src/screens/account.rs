//! What belongs to the account: its devices, and what the member agreed to.

use haigou_contract::{Consent, Device, Purpose};

use super::Standing;
use super::look::Look;
use crate::PhoneError;
use crate::core::{CACHE_CONSENTS, CACHE_DEVICES};
use crate::texts;

/// The devices that the member signed in with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DevicesScreen {
    /// How it stands.
    pub standing: Standing,
    /// This one first, then the one seen last.
    pub devices: Vec<Device>,
}

/// What the member agreed to, purpose by purpose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsentsScreen {
    /// How it stands.
    pub standing: Standing,
    /// How each purpose stands now, in the order terms, rules, location, health, contacts; those never asked for are
    /// left out.
    pub now: Vec<Consent>,
    /// Everything given and taken back, newest first.
    pub history: Vec<Consent>,
}

impl DevicesScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let kept = look.cached::<Vec<Device>>(CACHE_DEVICES)?;
        let standing = look.standing_of(CACHE_DEVICES, kept.as_ref(), |_| None);
        let mut devices = kept.map(|cached| cached.value).unwrap_or_default();
        devices.sort_by_key(|device| (!device.current, std::cmp::Reverse(device.seen_at)));
        Ok(Self { standing, devices })
    }
}

impl ConsentsScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let kept = look.cached::<Vec<Consent>>(CACHE_CONSENTS)?;
        let standing = look.standing_of(CACHE_CONSENTS, kept.as_ref(), |consents| {
            consents.is_empty().then(|| texts::empty_consents(look.language))
        });
        let history = kept.map(|cached| cached.value).unwrap_or_default();
        let newest = |purpose: Purpose| history.iter().find(|consent| consent.purpose == purpose);
        let now = [
            Purpose::Terms,
            Purpose::Rules,
            Purpose::Location,
            Purpose::Health,
            Purpose::Contacts,
        ]
        .into_iter()
        .filter_map(newest)
        .cloned()
        .collect();
        Ok(Self {
            standing,
            now,
            history,
        })
    }
}
