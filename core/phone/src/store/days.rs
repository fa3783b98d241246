//! Sums of days that are over.

use haigou_contract::Day;
use rusqlite::{OptionalExtension as _, Row, params};

use super::Tx;
use crate::PhoneError;
use crate::screens::Figures;

const COLUMNS: &str = "day, walk, run, passive, distance_m, estimated_m, active_ms, kcal, activities";

impl Tx<'_> {
    /// The days before `today` whose sums have to be made.
    pub(crate) fn stale_days(&self, owner: &str, today: Day) -> Result<Vec<Day>, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT day FROM stale_day WHERE owner = ?1 AND day < ?2 ORDER BY day")?;
        let days = select
            .query_map(params![owner, today.number()], |row| {
                row.get(0).map(Day::from_number)
            })?
            .collect::<Result<_, _>>()?;
        Ok(days)
    }

    /// Keeps the sums of a day. They hold until something of the day changes.
    pub(crate) fn set_day(&self, owner: &str, day: Day, figures: &Figures) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO day (owner, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            ))?
            .execute(params![
                owner,
                day.number(),
                figures.walk,
                figures.run,
                figures.passive,
                figures.distance_m,
                figures.estimated_m,
                figures.active_ms,
                figures.kcal,
                figures.activities,
            ])?;
        self.0
            .prepare_cached("DELETE FROM stale_day WHERE owner = ?1 AND day = ?2")?
            .execute(params![owner, day.number()])?;
        Ok(())
    }

    /// The sums of a day.
    pub(crate) fn day(&self, owner: &str, day: Day) -> Result<Option<Figures>, PhoneError> {
        let mut select = self.0.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM day WHERE owner = ?1 AND day = ?2"
        ))?;
        let found = select
            .query_row(params![owner, day.number()], figures)
            .optional()?;
        Ok(found.map(|(_, figures)| figures))
    }

    /// The sums of the days from one to another, both included, in rising order; days without any are left out.
    pub(crate) fn days(&self, owner: &str, from: Day, to: Day) -> Result<Vec<(Day, Figures)>, PhoneError> {
        let mut select = self.0.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM day WHERE owner = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day"
        ))?;
        let rows = select
            .query_map(params![owner, from.number(), to.number()], figures)?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }
}

fn figures(row: &Row<'_>) -> rusqlite::Result<(Day, Figures)> {
    let figures = Figures {
        walk: row.get(1)?,
        run: row.get(2)?,
        passive: row.get(3)?,
        distance_m: row.get(4)?,
        estimated_m: row.get(5)?,
        active_ms: row.get(6)?,
        kcal: row.get(7)?,
        activities: row.get(8)?,
    };
    Ok((Day::from_number(row.get(0)?), figures))
}
