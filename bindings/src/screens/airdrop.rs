//! The airdrop day by day: what was dropped, on how much, and the own share.

use std::sync::Arc;

use haigou_phone::screens::Standing;

use super::shared::all;
use crate::{Cancel, Phone, PhoneError};

/// The airdrop screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AirdropScreen {
    /// How it stands.
    pub standing: Standing,
    /// Closed days, newest first.
    pub days: Vec<AirdropDay>,
    /// The server has older days: [`Phone::load_more_airdrop`].
    pub more: bool,
}

/// One day of the airdrop.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AirdropDay {
    /// The day.
    pub day: String,
    /// What was dropped to all.
    pub drop: String,
    /// All active Hi-Value of the network at the day's end.
    pub network: String,
    /// The member's own active Hi-Value then.
    pub own: String,
    /// The member's share of the drop.
    pub share: String,
}

crate::listen::screen! {
    AirdropScreen from airdrop,
    /// The airdrop, day by day.
    airdrop,
    /// Hears of the airdrop.
    AirdropListener,
    watch_airdrop
}

#[uniffi::export]
impl Phone {
    /// Asks the server for the newest days of the airdrop.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_airdrop(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_airdrop().await })
            .await
    }

    /// Asks the server for older days of the airdrop.
    #[uniffi::method(default(cancel = None))]
    pub async fn load_more_airdrop(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.load_more_airdrop().await })
            .await
    }
}

impl From<haigou_phone::screens::AirdropScreen> for AirdropScreen {
    fn from(screen: haigou_phone::screens::AirdropScreen) -> Self {
        Self {
            standing: screen.standing,
            days: all(screen.days),
            more: screen.more,
        }
    }
}

impl From<haigou_contract::AirdropDay> for AirdropDay {
    fn from(day: haigou_contract::AirdropDay) -> Self {
        Self {
            day: day.day.to_string(),
            drop: day.drop.to_string(),
            network: day.network.to_string(),
            own: day.own.to_string(),
            share: day.share.to_string(),
        }
    }
}
