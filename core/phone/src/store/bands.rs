//! The bands that the member paired.

use haigou_contract::Minute;
use rusqlite::{OptionalExtension as _, params};

use super::Tx;
use crate::PhoneError;
use crate::bands::Band;

impl Tx<'_> {
    /// All of them, in the order of their ids.
    pub(crate) fn bands(&self) -> Result<Vec<Band>, PhoneError> {
        let mut select = self.0.prepare_cached("SELECT data FROM band ORDER BY id")?;
        let texts: Vec<String> = select
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        // One that can't be read any more has to be paired again; its minutes stay.
        Ok(texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect())
    }

    /// Keeps a band; a new one's memory is read from `since` on.
    pub(crate) fn save_band(&self, band: &Band, since: Minute) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "INSERT INTO band (id, data, cursor) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET data = excluded.data",
            )?
            .execute(params![band.id.0, serde_json::to_string(band)?, since.0])?;
        Ok(())
    }

    /// The first minute of a band's memory that isn't stored yet.
    pub(crate) fn cursor(&self, band: &str) -> Result<Option<Minute>, PhoneError> {
        let mut select = self.0.prepare_cached("SELECT cursor FROM band WHERE id = ?1")?;
        Ok(select
            .query_row([band], |row| row.get(0).map(Minute))
            .optional()?)
    }

    /// A band's memory is stored up to before this minute.
    pub(crate) fn set_cursor(&self, band: &str, cursor: Minute) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("UPDATE band SET cursor = MAX(cursor, ?2) WHERE id = ?1")?
            .execute(params![band, cursor.0])?;
        Ok(())
    }

    /// Forgets a band. What it counted stays.
    #[cfg(feature = "radio")]
    pub(crate) fn forget_band(&self, band: &str) -> Result<(), PhoneError> {
        self.0.execute("DELETE FROM band WHERE id = ?1", [band])?;
        Ok(())
    }
}
