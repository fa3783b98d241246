//! What is read of the store to be given out to the member.

use haigou_contract::Day;
use uuid::Uuid;

use super::Tx;
use crate::PhoneError;

/// An upload: when it was made, minutes, activities, state, answer.
pub(crate) type UploadLine = (i64, u64, u64, i64, Option<String>);

impl Tx<'_> {
    /// The member's records that are over, oldest first.
    pub(crate) fn record_ids(&self, owner: &str) -> Result<Vec<Uuid>, PhoneError> {
        let mut select = self.0.prepare(
            "SELECT id FROM activity WHERE owner = ?1 AND ended_ms IS NOT NULL ORDER BY started_ms, id",
        )?;
        let ids: Vec<String> = select
            .query_map([owner], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect())
    }

    /// The days with minutes of a member's, in rising order.
    pub(crate) fn days_with_minutes(&self, owner: &str) -> Result<Vec<Day>, PhoneError> {
        let mut select = self.0.prepare(
            "SELECT DISTINCT (minute + 480) / 1440 FROM minute WHERE owner = ?1
                 UNION SELECT DISTINCT (minute + 480) / 1440 FROM told WHERE owner = ?1 ORDER BY 1",
        )?;
        let days = select
            .query_map([owner], |row| row.get(0).map(Day::from_number))?
            .collect::<Result<_, _>>()?;
        Ok(days)
    }

    /// Every upload of a member's, oldest first.
    pub(crate) fn all_uploads(&self, owner: &str) -> Result<Vec<UploadLine>, PhoneError> {
        let mut select = self.0.prepare(
            "SELECT created_ms, minutes, activities, state, answer FROM upload WHERE owner = ?1 ORDER BY id",
        )?;
        let rows = select
            .query_map([owner], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// What the system's stores of steps said of a member's: source, begin, end, steps.
    pub(crate) fn all_stretches(&self, owner: &str) -> Result<Vec<(String, i64, i64, u32)>, PhoneError> {
        let mut select = self.0.prepare(
            "SELECT source, from_ms, to_ms, steps FROM stretch WHERE owner = ?1 ORDER BY from_ms, to_ms, source",
        )?;
        let rows = select
            .query_map([owner], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// Everything that the server said last: name, value, moment.
    pub(crate) fn all_cached(&self, owner: &str) -> Result<Vec<(String, String, i64)>, PhoneError> {
        let mut select = self
            .0
            .prepare("SELECT name, value, fetched_ms FROM cache WHERE owner = ?1 ORDER BY name")?;
        let rows = select
            .query_map([owner], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }
}
