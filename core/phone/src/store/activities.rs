//! Activities and their positions.

use haigou_contract::{ActivityRecord, ActivitySummary};
use haigou_route::Fix;
use rusqlite::{OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::Tx;
use super::minutes::Measured;
use crate::PhoneError;
use crate::activity::Activity;
use crate::packed::{pack, unpack};

/// Nobody walks or runs for longer, in milliseconds: so far back is looked for one that is just over.
const LONGEST_MS: i64 = 7 * 24 * 3_600_000;

/// An activity with what became of it.
#[derive(Debug, Clone)]
pub(crate) struct StoredActivity {
    pub(crate) activity: Activity,
    /// As it was uploaded.
    pub(crate) summary: Option<ActivitySummary>,
    /// As the server keeps it.
    pub(crate) record: Option<ActivityRecord>,
    /// What the member calls it, and what he notes of it.
    pub(crate) title: Option<String>,
    pub(crate) note: Option<String>,
}

impl Tx<'_> {
    /// Keeps an activity as it stands now.
    pub(crate) fn save_activity(
        &self,
        owner: &str,
        by: Measured<'_>,
        activity: &Activity,
    ) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "INSERT INTO activity (id, owner, started_ms, ended_ms, boot, sure, data, imported)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET started_ms = excluded.started_ms, ended_ms = excluded.ended_ms,
                    boot = excluded.boot, sure = excluded.sure, data = excluded.data,
                    figures = CASE WHEN data = excluded.data THEN figures END",
            )?
            .execute(params![
                activity.id.to_string(),
                owner,
                activity.started_ms,
                activity.ended_ms,
                by.boot,
                by.sure,
                serde_json::to_string(activity)?,
                activity.imported,
            ])?;
        Ok(())
    }

    /// Forgets an activity and its positions. Its minutes become passive ones.
    pub(crate) fn discard_activity(&self, id: Uuid) -> Result<(), PhoneError> {
        for of in [
            "position WHERE activity",
            "route WHERE activity",
            "activity WHERE id",
        ] {
            self.0
                .execute(&format!("DELETE FROM {of} = ?1"), [id.to_string()])?;
        }
        Ok(())
    }

    /// The activity under way, if there is one.
    pub(crate) fn running_activity(&self) -> Result<Option<Activity>, PhoneError> {
        let found: Option<String> = self
            .0
            .prepare_cached(
                "SELECT data FROM activity WHERE ended_ms IS NULL ORDER BY started_ms DESC LIMIT 1",
            )?
            .query_row([], |row| row.get(0))
            .optional()?;
        // One that can't be read any more (damage, another version) must not keep the app from opening.
        Ok(found.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// One activity.
    pub(crate) fn activity(&self, id: Uuid) -> Result<Option<StoredActivity>, PhoneError> {
        let found = self
            .0
            .prepare_cached("SELECT data, summary, record, title, note FROM activity WHERE id = ?1")?
            .query_row([id.to_string()], texts)
            .optional()?;
        found.map(parse).transpose()
    }

    /// Those that are over, newest first.
    pub(crate) fn activities(&self, owner: &str, most: u32) -> Result<Vec<StoredActivity>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT data, summary, record, title, note FROM activity
             WHERE owner = ?1 AND ended_ms IS NOT NULL ORDER BY started_ms DESC LIMIT ?2",
        )?;
        let rows: Vec<Texts> = select
            .query_map(params![owner, most], texts)?
            .collect::<Result<_, _>>()?;
        // One that can't be read doesn't hide the others.
        Ok(rows.into_iter().filter_map(|row| parse(row).ok()).collect())
    }

    /// Those that ended before a moment and are in no upload yet, oldest first.
    pub(crate) fn waiting_activities(
        &self,
        owner: &str,
        before_ms: i64,
    ) -> Result<Vec<Activity>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT data FROM activity WHERE owner = ?1 AND ended_ms < ?2 AND upload IS NULL AND imported = 0 ORDER BY started_ms",
        )?;
        let texts: Vec<String> = select
            .query_map(params![owner, before_ms], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect())
    }

    /// Those that ended at a moment or later and are in no upload yet, oldest first.
    pub(crate) fn activities_ended_since(&self, owner: &str, t_ms: i64) -> Result<Vec<Activity>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT data FROM activity
             WHERE owner = ?1 AND started_ms >= ?2 - ?3 AND ended_ms >= ?2
               AND upload IS NULL AND imported = 0 ORDER BY started_ms",
        )?;
        let texts: Vec<String> = select
            .query_map(params![owner, t_ms, LONGEST_MS], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect())
    }

    /// Those of one start of the phone whose time was not sure, and that are in no upload yet.
    pub(crate) fn unsure_activities(&self, boot: &str) -> Result<Vec<(String, Activity)>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT owner, data FROM activity WHERE boot = ?1 AND sure = 0 AND upload IS NULL",
        )?;
        let rows: Vec<(String, String)> = select
            .query_map([boot], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(rows
            .into_iter()
            .filter_map(|(owner, text)| Some((owner, serde_json::from_str(&text).ok()?)))
            .collect())
    }

    /// Marks an activity as part of an upload, as it was summed up there.
    pub(crate) fn freeze_activity(&self, summary: &ActivitySummary, upload: i64) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("UPDATE activity SET upload = ?2, summary = ?3 WHERE id = ?1")?
            .execute(params![
                summary.id.to_string(),
                upload,
                serde_json::to_string(summary)?
            ])?;
        Ok(())
    }

    /// Keeps what the server made of an activity.
    pub(crate) fn set_record(&self, id: Uuid, record: &ActivityRecord) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("UPDATE activity SET record = ?2 WHERE id = ?1")?
            .execute(params![id.to_string(), serde_json::to_string(record)?])?;
        Ok(())
    }

    /// Adds positions, in their order. `seq` counts them within their activity.
    pub(crate) fn add_positions(&self, positions: &[Position]) -> Result<(), PhoneError> {
        let mut insert = self
            .0
            .prepare_cached("INSERT OR IGNORE INTO route (activity, seq, fixes) VALUES (?1, ?2, ?3)")?;
        for piece in positions.chunk_by(|a, b| a.activity == b.activity) {
            let Some(first) = piece.first() else { continue };
            let fixes = pack(piece.iter().map(|position| (position.used, &position.fix)))?;
            insert.execute(params![first.activity.to_string(), first.seq, fixes])?;
        }
        Ok(())
    }

    /// The positions of an activity that were used, in their order.
    pub(crate) fn positions(&self, id: Uuid) -> Result<Vec<Fix>, PhoneError> {
        // Older versions of the app kept each as JSON in a row of its own.
        let mut select = self
            .0
            .prepare_cached("SELECT fix FROM position WHERE activity = ?1 AND used = 1 ORDER BY seq")?;
        let texts: Vec<String> = select
            .query_map([id.to_string()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut fixes: Vec<Fix> = texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        let mut select = self
            .0
            .prepare_cached("SELECT fixes FROM route WHERE activity = ?1 ORDER BY seq")?;
        let mut rows = select.query([id.to_string()])?;
        while let Some(row) = rows.next()? {
            // What can't be read any more doesn't hide the rest of the route.
            let piece = unpack(row.get_ref(0)?.as_blob().unwrap_or_default()).unwrap_or_default();
            fixes.extend(piece.into_iter().filter_map(|(used, fix)| used.then_some(fix)));
        }
        Ok(fixes)
    }
}

/// A position to be stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Position {
    pub(crate) activity: Uuid,
    pub(crate) seq: u32,
    pub(crate) used: bool,
    pub(crate) fix: Fix,
}

type Texts = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn texts(row: &Row<'_>) -> rusqlite::Result<Texts> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn parse((data, summary, record, title, note): Texts) -> Result<StoredActivity, PhoneError> {
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(StoredActivity {
        activity: serde_json::from_str(&data)?,
        summary: read(summary),
        record: record.and_then(|text| serde_json::from_str(&text).ok()),
        title,
        note,
    })
}
