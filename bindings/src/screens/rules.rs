//! The rules in plain words, and which of their versions the member accepted.

use std::sync::Arc;

use haigou_phone::screens::Standing;

use super::Rulebook;
use super::shared::all;
use crate::{Cancel, Consent, Phone, PhoneError};

/// The rules screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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

/// The rules that a member is under, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Rules {
    /// Which rulebook.
    pub rulebook: Rulebook,
    /// Since when it is in force.
    pub since_ms: i64,
    /// Rule by rule, each a sentence.
    pub sentences: Vec<String>,
}

crate::listen::screen! {
    RulesScreen from rules,
    /// The rules in plain words, and which version was accepted.
    rules,
    /// Hears of the rules.
    RulesListener,
    watch_rules
}

#[uniffi::export]
impl Phone {
    /// Asks the server for the rules in force, and for which version the member has accepted.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_rules(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_rules().await })
            .await
    }

    /// The member has read this version of the rules and accepts it.
    pub async fn accept_rules(&self, version: u32) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.accept_rules(version).await })
            .await
    }
}

impl From<haigou_phone::screens::RulesScreen> for RulesScreen {
    fn from(screen: haigou_phone::screens::RulesScreen) -> Self {
        Self {
            standing: screen.standing,
            rules: screen.rules.map(Into::into),
            accepted: screen.accepted,
            acceptance: screen.acceptance,
            history: all(screen.history),
        }
    }
}

impl From<haigou_contract::Rules> for Rules {
    fn from(rules: haigou_contract::Rules) -> Self {
        Self {
            rulebook: rules.rulebook.into(),
            since_ms: rules.since.timestamp_millis(),
            sentences: rules.sentences,
        }
    }
}
