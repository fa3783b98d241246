//! What others than the phone counted, and what the server was told of it all.

use std::collections::{BTreeMap, BTreeSet};

use haigou_contract::{Day, Minute, MinuteSteps};
use haigou_wearable::BandMinute;
use rusqlite::params;
use uuid::Uuid;

use super::Tx;
use super::minutes::Measured;
use crate::PhoneError;
use crate::count::{Heard, HistorySource, Stretch, Told};
use crate::minute::{kind_name, kind_of, source_name, source_of};

impl Tx<'_> {
    /// All that was heard of the minutes from `from` up to but not including `to`.
    pub(crate) fn heard(&self, owner: &str, from: Minute, to: Minute) -> Result<Heard, PhoneError> {
        Ok(Heard {
            rows: self.minutes(owner, from, to)?,
            bands: self.told(owner, from, to)?,
            stretches: self.stretches(owner, from.start_ms(), to.start_ms())?,
        })
    }

    /// What bands counted in the minutes from `from` up to but not including `to`.
    pub(crate) fn told(
        &self,
        owner: &str,
        from: Minute,
        to: Minute,
    ) -> Result<BTreeMap<String, BTreeMap<Minute, Told>>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT band, minute, steps, heart_rate, kept FROM told WHERE minute >= ?1 AND minute < ?2 AND owner = ?3",
        )?;
        let mut rows = select.query(params![from.0, to.0, owner])?;
        let mut bands: BTreeMap<String, BTreeMap<Minute, Told>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let told = Told {
                steps: row.get(2)?,
                heart_rate: row.get(3)?,
                kept: row.get(4)?,
            };
            bands
                .entry(row.get(0)?)
                .or_default()
                .insert(Minute(row.get(1)?), told);
        }
        Ok(bands)
    }

    /// Adds what a band's counter went up by. A minute of the band's own memory knows it already.
    pub(crate) fn add_told(
        &self,
        owner: &str,
        by: Measured<'_>,
        band: &str,
        steps: &BTreeMap<Minute, u32>,
    ) -> Result<(), PhoneError> {
        let mut add = self.0.prepare_cached(
            "INSERT INTO told (owner, band, minute, steps, kept, boot, sure) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)
             ON CONFLICT (minute, band, owner) DO UPDATE SET steps = steps + excluded.steps WHERE kept = 0",
        )?;
        for (minute, steps) in steps {
            add.execute(params![owner, band, minute.0, steps, by.boot, by.sure])?;
        }
        self.recount(owner, steps.keys().copied())
    }

    /// Keeps minutes of a band's memory, in place of what was known of them.
    pub(crate) fn keep_told(
        &self,
        owner: &str,
        band: &str,
        minutes: &[BandMinute],
    ) -> Result<(), PhoneError> {
        let mut set = self.0.prepare_cached(
            "INSERT INTO told (owner, band, minute, steps, heart_rate, kept, boot, sure)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, '', 1)
             ON CONFLICT (minute, band, owner) DO UPDATE SET steps = excluded.steps,
                heart_rate = COALESCE(excluded.heart_rate, heart_rate), kept = 1, boot = '', sure = 1",
        )?;
        for minute in minutes {
            set.execute(params![
                owner,
                band,
                minute.minute.0,
                minute.steps,
                minute.heart_rate
            ])?;
        }
        self.recount(owner, minutes.iter().map(|minute| minute.minute))
    }

    /// Moves what was added up under a time that wasn't sure by whole minutes.
    pub(crate) fn shift_told(&self, boot: &str, by_minutes: i64) -> Result<(), PhoneError> {
        let which = "boot = ?1 AND sure = 0";
        let mut select = self.0.prepare_cached(&format!(
            "SELECT owner, band, minute, steps FROM told WHERE {which}"
        ))?;
        type Unsure = (String, String, i64, u32);
        let unsure: Vec<Unsure> = select
            .query_map([boot], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        self.0
            .execute(&format!("DELETE FROM told WHERE {which}"), [boot])?;
        let by = Measured { boot, sure: true };
        for (owner, band, minute, steps) in unsure {
            let there = Minute(minute.saturating_add(by_minutes));
            self.add_told(&owner, by, &band, &BTreeMap::from([(there, steps)]))?;
        }
        Ok(())
    }

    /// The stretches of the system's stores that touch the time from `from_ms` to `to_ms`.
    fn stretches(&self, owner: &str, from_ms: i64, to_ms: i64) -> Result<Vec<Stretch>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT source, from_ms, to_ms, steps FROM stretch WHERE to_ms > ?1 AND from_ms < ?2 AND owner = ?3",
        )?;
        let mut rows = select.query(params![from_ms, to_ms, owner])?;
        let mut stretches = Vec::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let source = HistorySource::ALL
                .into_iter()
                .find(|source| source.name() == name);
            stretches.extend(source.map(|source| Stretch {
                source,
                from_ms: row.get(1).unwrap_or(0),
                to_ms: row.get(2).unwrap_or(0),
                steps: row.get(3).unwrap_or(0),
            }));
        }
        Ok(stretches)
    }

    /// Keeps what one of the system's stores says of a stretch, in place of what it said before. Whether that is new.
    pub(crate) fn keep_stretch(&self, owner: &str, stretch: &Stretch) -> Result<bool, PhoneError> {
        let changed = self
            .0
            .prepare_cached(
                "INSERT INTO stretch (owner, source, from_ms, to_ms, steps) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (to_ms, from_ms, source, owner) DO UPDATE SET steps = excluded.steps
                 WHERE steps <> excluded.steps",
            )?
            .execute(params![
                owner,
                stretch.source.name(),
                stretch.from_ms,
                stretch.to_ms,
                stretch.steps
            ])?;
        if changed > 0 {
            self.recount(owner, stretch.minutes().map(|(first, _)| first))?;
        }
        Ok(changed > 0)
    }

    /// The days of these minutes have to be counted anew.
    fn recount(&self, owner: &str, minutes: impl IntoIterator<Item = Minute>) -> Result<(), PhoneError> {
        let days: BTreeSet<Day> = minutes.into_iter().map(Minute::day).collect();
        for table in ["recount", "stale_day"] {
            let mut mark = self.0.prepare_cached(&format!(
                "INSERT OR IGNORE INTO {table} (owner, day) VALUES (?1, ?2)"
            ))?;
            for day in &days {
                mark.execute(params![owner, day.number()])?;
            }
        }
        Ok(())
    }

    /// The days that have to be counted anew.
    pub(crate) fn recounts(&self, owner: &str) -> Result<Vec<Day>, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT day FROM recount WHERE owner = ?1")?;
        let days = select
            .query_map([owner], |row| Ok(Day::from_number(row.get(0)?)))?
            .collect::<Result<_, _>>()?;
        Ok(days)
    }

    /// The days before `day` were counted anew.
    pub(crate) fn recounted(&self, owner: &str, day: Day) -> Result<(), PhoneError> {
        self.0
            .prepare_cached("DELETE FROM recount WHERE owner = ?1 AND day < ?2")?
            .execute(params![owner, day.number()])?;
        Ok(())
    }

    /// What the server was told of the minutes from `from` up to but not including `to`.
    pub(crate) fn sent(
        &self,
        owner: &str,
        from: Minute,
        to: Minute,
    ) -> Result<BTreeMap<Minute, MinuteSteps>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT minute, steps, source, kind, activity FROM sent WHERE minute >= ?1 AND minute < ?2 AND owner = ?3",
        )?;
        let mut rows = select.query(params![from.0, to.0, owner])?;
        let mut sent = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (source, kind, activity): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let minute = MinuteSteps {
                minute: Minute(row.get(0)?),
                kind: kind_of(&kind),
                source: source_of(&source),
                steps: row.get(1)?,
                distance_m: None,
                interval_cv: None,
                peak_cv: None,
                activity: Uuid::parse_str(&activity).ok(),
            };
            sent.insert(minute.minute, minute);
        }
        Ok(sent)
    }

    /// These minutes go to the server with an upload.
    pub(crate) fn set_sent<'m>(
        &self,
        owner: &str,
        minutes: impl IntoIterator<Item = &'m MinuteSteps>,
        upload: i64,
    ) -> Result<(), PhoneError> {
        let mut set = self.0.prepare_cached(
            "INSERT INTO sent (owner, minute, steps, source, kind, activity, upload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (minute, owner) DO UPDATE SET steps = excluded.steps, source = excluded.source,
                upload = excluded.upload",
        )?;
        for minute in minutes {
            set.execute(params![
                owner,
                minute.minute.0,
                minute.steps,
                source_name(minute.source),
                kind_name(minute.kind),
                minute.activity.map(|id| id.to_string()).unwrap_or_default(),
                upload,
            ])?;
        }
        Ok(())
    }

    /// What others counted before anybody signed in belongs to the first who does.
    pub(crate) fn adopt_told(&self, owner: &str) -> Result<(), PhoneError> {
        for table in ["told", "stretch", "recount"] {
            self.0.execute(
                &format!("UPDATE OR REPLACE {table} SET owner = ?1 WHERE owner = ''"),
                [owner],
            )?;
        }
        Ok(())
    }

    /// Forgets what others counted before `counted`, and what the server was told before `corrected`.
    pub(crate) fn prune_told(&self, counted: Minute, corrected: Minute) -> Result<(), PhoneError> {
        self.0
            .execute("DELETE FROM told WHERE minute < ?1", [counted.0])?;
        self.0
            .execute("DELETE FROM stretch WHERE to_ms < ?1", [counted.start_ms()])?;
        self.0
            .execute("DELETE FROM sent WHERE minute < ?1", [corrected.0])?;
        Ok(())
    }
}
