//! The team's actions.

use haigou_contract::{DirectMember, Page, Team};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::{CACHE_DIRECT, CACHE_TEAM};
use crate::refresh::for_query;
use crate::store::Cached;
use crate::{Phone, PhoneError};

const DIRECT: &str = "/api/v1/team/direct";
/// So many of the direct list come with one request.
const PAGE: u32 = 50;

impl Phone {
    /// Asks the server for the team in figures and the newest of the direct list.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_team(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_TEAM, async |owner| {
            let team: Team = self.get("/api/v1/team").await?;
            let direct: Page<DirectMember> = self.get(&format!("{DIRECT}?limit={PAGE}")).await?;
            self.keep(owner, CACHE_DIRECT, &direct)?;
            self.keep(owner, CACHE_TEAM, &team)
        })
        .await
    }

    /// Asks the server for more of the direct list.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn load_more_team(&self) -> Result<(), PhoneError> {
        self.load_more::<DirectMember>(CACHE_DIRECT, DIRECT).await
    }

    /// Asks for the page after those that are kept under a name, and keeps it behind them. Without a next page nothing is
    /// asked.
    pub(crate) async fn load_more<T>(&self, name: &'static str, path: &str) -> Result<(), PhoneError>
    where
        T: Serialize + DeserializeOwned,
    {
        let kept = |owner: &str| {
            self.with(|core, _| core.store.read().cached::<Page<T>>(owner, name))?
                .map(|kept| kept.map(|Cached { value, .. }| value))
        };
        let owner = self.with(|core, _| core.owner.clone())?;
        if kept(&owner)?.is_none_or(|page| page.next.is_none()) {
            return Ok(());
        }
        self.asking(name, async |owner| {
            let Some(Page {
                items,
                next: Some(next),
            }) = kept(owner)?
            else {
                return Ok(());
            };
            let path = format!("{path}?limit={PAGE}&cursor={}", for_query(&next));
            let more: Page<T> = self.get(&path).await?;
            let before = items.len();
            let mut all = items;
            all.extend(more.items);
            let grew = all.len() > before;
            let page = Page {
                items: all,
                next: more.next.filter(|_| grew),
            };
            // Somebody else may have asked for the same page meanwhile.
            let unchanged = kept(owner)?.is_some_and(|now| now.next.as_ref() == Some(&next));
            if unchanged {
                self.keep(owner, name, &page)?;
            }
            Ok(())
        })
        .await
    }
}
