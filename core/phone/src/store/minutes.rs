//! Minute rows.

use haigou_contract::{Minute, StepSource};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::Tx;
use crate::PhoneError;
use crate::minute::{MinuteRow, RowKey, Rows, kind_name, kind_of, source_name, source_of};

const COLUMNS: &str = "minute, source, activity, kind, steps, covered_ms, distance_m, interval_cv, peak_cv";

/// In which start of the phone a row's time was measured, and whether the server's time was known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured<'a> {
    pub(crate) boot: &'a str,
    pub(crate) sure: bool,
}

impl Tx<'_> {
    /// Adds rows to those that are there.
    pub(crate) fn add_minutes(&self, owner: &str, by: Measured<'_>, rows: &Rows) -> Result<(), PhoneError> {
        let mut insert = self.0.prepare_cached(&format!(
            "INSERT INTO minute (owner, boot, sure, {COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (minute, source, activity, owner) DO UPDATE SET
                steps = steps + excluded.steps, covered_ms = covered_ms + excluded.covered_ms,
                distance_m = distance_m + excluded.distance_m,
                interval_cv = COALESCE(excluded.interval_cv, interval_cv),
                peak_cv = COALESCE(excluded.peak_cv, peak_cv)"
        ))?;
        for (key, row) in rows {
            insert.execute(params![
                owner,
                by.boot,
                by.sure,
                key.minute.0,
                source_name(key.source),
                key.activity.map(|id| id.to_string()).unwrap_or_default(),
                kind_name(row.kind),
                row.steps,
                row.covered_ms,
                row.distance_m,
                row.interval_cv,
                row.peak_cv,
            ])?;
        }
        Ok(())
    }

    /// The rows of the minutes from `from` up to but not including `to`.
    pub(crate) fn minutes(&self, owner: &str, from: Minute, to: Minute) -> Result<Rows, PhoneError> {
        let mut select = self.0.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM minute WHERE minute >= ?1 AND minute < ?2 AND owner = ?3"
        ))?;
        let rows = select
            .query_map(params![from.0, to.0, owner], read)?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// The rows before `before` that are in no upload yet.
    pub(crate) fn waiting_minutes(&self, owner: &str, before: Minute) -> Result<Rows, PhoneError> {
        let mut select = self.0.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM minute WHERE owner = ?1 AND upload IS NULL AND minute < ?2"
        ))?;
        let rows = select
            .query_map(params![owner, before.0], read)?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// The rows of the minutes from `from` up to but not including `to` that went into an upload.
    pub(crate) fn frozen_rows(&self, owner: &str, from: Minute, to: Minute) -> Result<Rows, PhoneError> {
        let mut select = self.0.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM minute WHERE minute >= ?1 AND minute < ?2 AND owner = ?3 AND upload > 0"
        ))?;
        let rows = select
            .query_map(params![from.0, to.0, owner], read)?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// How many minutes no server answered for yet.
    pub(crate) fn count_unsynced(&self, owner: &str) -> Result<u64, PhoneError> {
        let count = self
            .0
            .prepare_cached(
                "SELECT (SELECT COUNT(DISTINCT minute) FROM minute WHERE owner = ?1 AND upload IS NULL AND steps > 0)
                      + (SELECT COALESCE(SUM(minutes), 0) FROM upload WHERE owner = ?1 AND state = 0)",
            )?
            .query_row([owner], |row| row.get(0))?;
        Ok(count)
    }

    /// Marks the rows of the minutes from `from` to `to`, both included, that are in no upload yet.
    pub(crate) fn freeze_minutes(
        &self,
        owner: &str,
        from: Minute,
        to: Minute,
        upload: i64,
    ) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "UPDATE minute SET upload = ?4
                 WHERE owner = ?1 AND upload IS NULL AND minute >= ?2 AND minute <= ?3
                   AND (steps > 0 OR distance_m > 0)",
            )?
            .execute(params![owner, from.0, to.0, upload])?;
        Ok(())
    }

    /// The minutes since `from` that are in an upload, by source: nothing can be added to them.
    pub(crate) fn frozen_minutes(&self, from: Minute) -> Result<Vec<(Minute, StepSource)>, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT minute, source FROM minute WHERE minute >= ?1 AND upload IS NOT NULL")?;
        let minutes = select
            .query_map([from.0], |row| {
                let source: String = row.get(1)?;
                Ok((Minute(row.get(0)?), source_of(&source)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(minutes)
    }

    /// Takes out the rows of one start of the phone whose time was not sure, and that are in no upload yet, by owner.
    pub(crate) fn take_unsure(&self, boot: &str) -> Result<Vec<(String, Rows)>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT DISTINCT owner FROM minute WHERE boot = ?1 AND sure = 0 AND upload IS NULL",
        )?;
        let owners: Vec<String> = select
            .query_map([boot], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let take = |owner: String| {
            let rows = self.take_minutes("owner = ?1 AND boot = ?2 AND sure = 0", &[&owner, boot])?;
            Ok((owner, rows))
        };
        owners.into_iter().map(take).collect()
    }

    /// Takes out the rows of an activity that are in no upload yet.
    pub(crate) fn take_activity_minutes(&self, activity: Uuid) -> Result<Rows, PhoneError> {
        self.take_minutes("activity = ?1", &[&activity.to_string()])
    }

    /// What was recorded before anybody signed in belongs to the first who does.
    pub(crate) fn adopt(&self, owner: &str, by: Measured<'_>) -> Result<(), PhoneError> {
        let rows = self.take_minutes("owner = ?1", &[""])?;
        self.add_minutes(owner, by, &rows)?;
        self.0
            .execute("UPDATE activity SET owner = ?1 WHERE owner = ''", [owner])?;
        self.0
            .execute("UPDATE OR IGNORE day SET owner = ?1 WHERE owner = ''", [owner])?;
        self.adopt_told(owner)
    }

    /// Takes out rows that are in no upload yet.
    fn take_minutes(&self, which: &str, values: &[&str]) -> Result<Rows, PhoneError> {
        let values = || rusqlite::params_from_iter(values);
        let mut select = self.0.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM minute WHERE upload IS NULL AND {which}"
        ))?;
        let rows = select.query_map(values(), read)?.collect::<Result<_, _>>()?;
        self.0.execute(
            &format!("DELETE FROM minute WHERE upload IS NULL AND {which}"),
            values(),
        )?;
        Ok(rows)
    }

    /// Forgets what the server has answered for before `answered`, and rows without a step before `empty`.
    pub(crate) fn prune(&self, answered: Minute, empty: Minute) -> Result<(), PhoneError> {
        let done = "upload IN (SELECT id FROM upload WHERE state = 1)";
        self.0.execute(
            &format!("DELETE FROM minute WHERE minute < ?1 AND {done}"),
            [answered.0],
        )?;
        self.0.execute(
            "DELETE FROM minute WHERE minute < ?1 AND upload IS NULL AND steps = 0 AND distance_m = 0",
            [empty.0],
        )?;
        self.0.execute(
            "DELETE FROM upload WHERE state = 1 AND created_ms < ?1",
            [answered.start_ms()],
        )?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(RowKey, MinuteRow)> {
    let activity: String = row.get(2)?;
    let source: String = row.get(1)?;
    let kind: String = row.get(3)?;
    let key = RowKey {
        minute: Minute(row.get(0)?),
        source: source_of(&source),
        activity: Uuid::parse_str(&activity).ok(),
    };
    let row = MinuteRow {
        kind: kind_of(&kind),
        steps: row.get(4)?,
        covered_ms: row.get(5)?,
        distance_m: row.get(6)?,
        interval_cv: row.get(7)?,
        peak_cv: row.get(8)?,
    };
    Ok((key, row))
}
