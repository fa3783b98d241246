//! The messages' actions.

use haigou_contract::{Appeal, Page};

use crate::core::ASK_MESSAGES;
use crate::gather;
use crate::store::{Lasting, NewMessage};
use crate::{Phone, PhoneError};

impl Phone {
    /// Asks the server for everything that messages are made of: statement, airdrop, appeals, rules.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`]. What came until then is kept.
    pub async fn refresh_messages(&self) -> Result<(), PhoneError> {
        self.asking(ASK_MESSAGES, async |owner| {
            self.refresh_wallet().await?;
            self.refresh_rules().await?;
            let appeals: Page<Appeal> = self.get("/api/v1/sport/appeals").await?;
            let now_ms = self.with(|_, now| now.t_ms)?;
            self.add_messages(owner, gather::appeals(&appeals.items, now_ms))?;
            self.with(|core, now| {
                core.store
                    .write(Lasting::Process, |tx| gather::asked(tx, owner, now.t_ms))
            })?
        })
        .await
    }

    /// The member has read a message. The mark stays on this phone.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read_message(&self, id: i64) -> Result<(), PhoneError> {
        self.mark_read(Some(id))
    }

    /// The member has read all messages.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read_all_messages(&self) -> Result<(), PhoneError> {
        self.mark_read(None)
    }

    fn mark_read(&self, id: Option<i64>) -> Result<(), PhoneError> {
        self.with(|core, _| {
            let owner = core.owner.clone();
            core.store.write(Lasting::Process, |tx| tx.mark_read(&owner, id))
        })??;
        self.show_all();
        Ok(())
    }

    /// Whoever accepts the rules has read what the message asks for.
    pub(crate) fn read_messages_about_rules(&self, version: u32) -> Result<(), PhoneError> {
        self.with(|core, now| {
            let owner = core.owner.clone();
            let origin = gather::rules(version, now.t_ms).origin;
            core.store
                .write(Lasting::Process, |tx| tx.mark_read_by_origin(&owner, &origin))
        })??;
        self.show_all();
        Ok(())
    }

    pub(crate) fn add_messages(
        &self,
        owner: &str,
        news: impl IntoIterator<Item = NewMessage>,
    ) -> Result<(), PhoneError> {
        self.with(|core, now| {
            if core.owner != owner {
                return Ok(());
            }
            core.store
                .write(Lasting::Process, |tx| gather::add(tx, owner, news, now.t_ms))
        })?
    }

    /// Makes messages of what became known on the phone itself.
    pub(crate) fn gather_from_here(&self) {
        let gathered = self.with(|core, now| {
            let owner = core.owner.clone();
            core.store
                .write(Lasting::Process, |tx| gather::from_here(tx, &owner, now.t_ms))
        });
        if let Ok(Err(error)) = gathered {
            tracing::warn!(%error, "messages can't be written down");
        }
    }
}
