//! The airdrop day by day: what was dropped, on how much, and the own share.

use haigou_contract::{AirdropDay, Page};

use super::Standing;
use super::look::Look;
use crate::PhoneError;
use crate::core::CACHE_AIRDROP;
use crate::texts;

/// The airdrop screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AirdropScreen {
    /// How it stands.
    pub standing: Standing,
    /// Closed days, newest first.
    pub days: Vec<AirdropDay>,
    /// The server has older days: [`crate::Phone::load_more_airdrop`].
    pub more: bool,
}

impl AirdropScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let kept = look.cached::<Page<AirdropDay>>(CACHE_AIRDROP)?;
        let standing = look.standing_of(CACHE_AIRDROP, kept.as_ref(), |page| {
            page.items.is_empty().then(|| texts::empty_airdrop(look.language))
        });
        let page = kept.map(|cached| cached.value);
        let more = page.as_ref().is_some_and(|page| page.next.is_some());
        Ok(Self {
            standing,
            more,
            days: page.map(|page| page.items).unwrap_or_default(),
        })
    }
}
