//! What the member calls a record, and notes of it. Both stay on the phone.

use uuid::Uuid;

use crate::store::Lasting;
use crate::{Phone, PhoneError};

/// In characters.
const LONGEST_TITLE: usize = 60;
const LONGEST_NOTE: usize = 1_000;

impl Phone {
    /// Gives a record of this phone a title, at most 60 characters, and a note, at most 1,000. An empty text takes it
    /// away.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`], [`PhoneError::NoSuchRecord`], those of the store.
    pub fn name_record(&self, id: Uuid, title: &str, note: &str) -> Result<(), PhoneError> {
        let (title, note) = (
            text("title", title, LONGEST_TITLE)?,
            text("note", note, LONGEST_NOTE)?,
        );
        self.with(|core, _| {
            let owner = core.owner.clone();
            core.store.write(Lasting::Power, |tx| {
                tx.owner_of(id)?
                    .filter(|of| *of == owner)
                    .ok_or(PhoneError::NoSuchRecord)?;
                tx.name_activity(id, title, note)
            })
        })??;
        self.show_all();
        Ok(())
    }
}

fn text<'a>(field: &'static str, text: &'a str, longest: usize) -> Result<Option<&'a str>, PhoneError> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(PhoneError::OutOfBounds { field });
    }
    Ok((!text.is_empty()).then_some(text))
}
