//! The rules in plain words, and which of their versions the member accepted.

use haigou_contract::{Consent, Day, Purpose, Rules};

use super::Standing;
use super::look::Look;
use crate::PhoneError;
use crate::core::{CACHE_CONSENTS, CACHE_RULES};
use crate::texts;

/// The rules screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RulesScreen {
    /// How it stands.
    pub standing: Standing,
    /// The rulebook in force, a sentence a rule; none before the server said anything.
    pub rules: Option<Rules>,
    /// Whether the member has accepted this version.
    pub accepted: bool,
    /// The same in words, with what to do.
    pub acceptance: String,
    /// The versions that were accepted, newest first.
    pub history: Vec<Consent>,
}

impl RulesScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let rules = look.cached::<Rules>(CACHE_RULES)?;
        let standing = look.standing_of(CACHE_RULES, rules.as_ref(), |_| None);
        let consents = look.cached::<Vec<Consent>>(CACHE_CONSENTS)?;
        let mut history = consents.map(|cached| cached.value).unwrap_or_default();
        history.retain(|consent| consent.purpose == Purpose::Rules && consent.given);
        let rules = rules.map(|cached| cached.value);
        let version = rules.as_ref().map(|rules| rules.rulebook.version);
        let consent = version.and_then(|version| acceptance_of(version, &history));
        let acceptance = match (version, consent) {
            (Some(version), Some(consent)) => {
                let day = Day::at(consent.at.timestamp_millis());
                let (month, day) = texts::month_and_day(day);
                texts::rules_accepted(look.language, version, month, day)
            }
            (Some(version), None) => texts::rules_to_accept(look.language, version),
            (None, _) => String::new(),
        };
        Ok(Self {
            standing,
            accepted: consent.is_some(),
            acceptance,
            history,
            rules,
        })
    }
}

/// How a version of the rulebook is named in consents.
pub(crate) fn version_name(version: u32) -> String {
    version.to_string()
}

/// The consent to a version, if there is one.
pub(crate) fn acceptance_of(version: u32, consents: &[Consent]) -> Option<&Consent> {
    let name = version_name(version);
    consents
        .iter()
        .find(|consent| consent.purpose == Purpose::Rules && consent.given && consent.version == name)
}
