//! What becomes of activities once they are over: names, deletion, figures.

use haigou_contract::Day;
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::Tx;
use crate::PhoneError;
use crate::figures::ActivityFigures;

impl Tx<'_> {
    /// Whose activity it is, if it is here.
    pub(crate) fn owner_of(&self, id: Uuid) -> Result<Option<String>, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT owner FROM activity WHERE id = ?1")?;
        Ok(select.query_row([id.to_string()], |row| row.get(0)).optional()?)
    }

    /// Whether an activity is in an upload.
    pub(crate) fn is_uploaded(&self, id: Uuid) -> Result<bool, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM activity WHERE id = ?1 AND upload IS NOT NULL)")?;
        Ok(select.query_row([id.to_string()], |row| row.get(0))?)
    }

    /// Keeps title and note.
    pub(crate) fn name_activity(
        &self,
        id: Uuid,
        title: Option<&str>,
        note: Option<&str>,
    ) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("UPDATE activity SET title = ?2, note = ?3 WHERE id = ?1")?
            .execute(params![id.to_string(), title, note])?;
        Ok(())
    }

    /// A record that the server knows isn't shown any more.
    pub(crate) fn hide_record(&self, owner: &str, id: Uuid) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("INSERT OR IGNORE INTO hidden_record (owner, record) VALUES (?1, ?2)")?
            .execute(params![owner, id.to_string()])?;
        Ok(())
    }

    /// Whether a record isn't shown any more.
    pub(crate) fn is_hidden(&self, owner: &str, id: Uuid) -> Result<bool, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM hidden_record WHERE owner = ?1 AND record = ?2)")?;
        Ok(select.query_row(params![owner, id.to_string()], |row| row.get(0))?)
    }

    /// The member's own activities that are over and have no figures yet.
    pub(crate) fn without_figures(&self, owner: &str) -> Result<Vec<Uuid>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT id FROM activity
             WHERE owner = ?1 AND ended_ms IS NOT NULL AND imported = 0 AND figures IS NULL",
        )?;
        let ids: Vec<String> = select
            .query_map([owner], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect())
    }

    /// Keeps an activity's figures.
    pub(crate) fn set_figures(&self, id: Uuid, figures: &ActivityFigures) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("UPDATE activity SET figures = ?2 WHERE id = ?1")?
            .execute(params![id.to_string(), serde_json::to_string(figures)?])?;
        Ok(())
    }

    /// The figures of the member's own activities that began within these days, both included, in the order of their
    /// begin.
    pub(crate) fn figures(
        &self,
        owner: &str,
        from: Day,
        to: Day,
    ) -> Result<Vec<ActivityFigures>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT figures FROM activity
             WHERE owner = ?1 AND started_ms >= ?2 AND started_ms < ?3 AND imported = 0 AND figures IS NOT NULL
             ORDER BY started_ms",
        )?;
        let texts: Vec<String> = select
            .query_map(params![owner, from.start_ms(), to.end_ms()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect())
    }
}
