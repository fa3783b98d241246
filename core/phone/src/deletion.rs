//! Records that the member doesn't want any more.

use haigou_contract::{ActivityRecord, StepKind};
use uuid::Uuid;

use crate::core::{CACHE_RECORDS, Core};
use crate::minute::{MinuteRow, RowKey, Rows, add_rows};
use crate::store::{Cached, Lasting, Measured, Tx};
use crate::{Phone, PhoneError};

impl Phone {
    /// Deletes a record with its route, for good. Its steps stay: those that no upload holds yet become steps outside of
    /// activities. What was uploaded the server keeps as it counted it; here it isn't shown any more.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchRecord`]; [`PhoneError::ActivityUnderWay`] for the activity under way, which is finished or
    /// discarded first; those of the store.
    pub fn delete_record(&self, id: Uuid) -> Result<(), PhoneError> {
        self.with(|core, now| {
            if core
                .recorder
                .running
                .as_ref()
                .is_some_and(|activity| activity.id == id)
            {
                return Err(PhoneError::ActivityUnderWay);
            }
            core.store_now(now)?;
            core.delete(id)
        })??;
        self.show_all();
        Ok(())
    }
}

impl Core {
    /// Throws an activity away. Its steps stay, as passive ones.
    pub(crate) fn discard(&mut self, id: Uuid, by: &str) -> Result<(), PhoneError> {
        let sure = self.timeline.sure;
        let Self { store, owner, .. } = self;
        store.write(Lasting::Power, |tx| {
            throw_away(tx, owner, id, Measured { boot: by, sure })
        })
    }

    fn delete(&mut self, id: Uuid) -> Result<(), PhoneError> {
        let sure = self.timeline.sure;
        let Self {
            store,
            owner,
            timeline,
            ..
        } = self;
        let by = Measured {
            boot: &timeline.boot,
            sure,
        };
        store.write(Lasting::Power, |tx| {
            let here = tx.owner_of(id)?.is_some_and(|of| of == *owner);
            let cached: Option<Cached<Vec<ActivityRecord>>> = tx.cached(owner, CACHE_RECORDS)?;
            let there =
                cached.is_some_and(|cached| cached.value.iter().any(|record| record.summary.id == id));
            if !here && (!there || tx.is_hidden(owner, id)?) {
                return Err(PhoneError::NoSuchRecord);
            }
            if there || tx.is_uploaded(id)? {
                tx.hide_record(owner, id)?;
            }
            if here {
                throw_away(tx, owner, id, by)
            } else {
                Ok(())
            }
        })?;
        self.recorder.forget(id);
        Ok(())
    }
}

fn throw_away(tx: &Tx<'_>, owner: &str, id: Uuid, by: Measured<'_>) -> Result<(), PhoneError> {
    let mut passive = Rows::new();
    for (key, row) in tx.take_activity_minutes(id)? {
        let key = RowKey {
            activity: None,
            ..key
        };
        let row = MinuteRow {
            kind: StepKind::Passive,
            ..row
        };
        add_rows(&mut passive, &Rows::from([(key, row)]));
    }
    tx.add_minutes(owner, by, &passive)?;
    tx.discard_activity(id)
}
