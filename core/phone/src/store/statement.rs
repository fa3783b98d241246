//! The statement, line by line, as far as it was asked for.

use haigou_contract::{Asset, Bucket, Language, StatementLine};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, params, params_from_iter};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Tx;
use crate::PhoneError;
use crate::screens::{Direction, StatementFilter, Total};

/// How far the lines here reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reach {
    /// Asks the server for the lines before the oldest here; none if these are all.
    pub(crate) next: Option<String>,
    /// When the newest were asked for.
    pub(crate) fetched_ms: i64,
    /// The language of their texts.
    pub(crate) language: Language,
}

impl Tx<'_> {
    /// How far the member's lines reach; none if they were never asked for.
    pub(crate) fn statement_reach(&self, owner: &str) -> Result<Option<Reach>, PhoneError> {
        self.state(&reach_name(owner))
    }

    /// Writes down how far they reach.
    pub(crate) fn set_statement_reach(&self, owner: &str, reach: &Reach) -> Result<(), PhoneError> {
        self.set_state(&reach_name(owner), reach)
    }

    /// The id of the newest line here.
    pub(crate) fn newest_line(&self, owner: &str) -> Result<Option<String>, PhoneError> {
        let sql = "SELECT line FROM statement_line WHERE owner = ?1 ORDER BY place DESC LIMIT 1";
        let mut select = self.0.prepare_cached(sql)?;
        Ok(select.query_row([owner], |row| row.get(0)).optional()?)
    }

    /// When the oldest line here was booked.
    pub(crate) fn oldest_line_ms(&self, owner: &str) -> Result<Option<i64>, PhoneError> {
        let sql = "SELECT at_ms FROM statement_line WHERE owner = ?1 ORDER BY place LIMIT 1";
        let mut select = self.0.prepare_cached(sql)?;
        Ok(select.query_row([owner], |row| row.get(0)).optional()?)
    }

    /// Forgets all lines: there are newer ones with a gap between, or they are in another language.
    pub(crate) fn forget_statement(&self, owner: &str) -> Result<(), PhoneError> {
        self.0
            .execute("DELETE FROM statement_line WHERE owner = ?1", [owner])?;
        Ok(())
    }

    /// Adds lines that are newer than all here, newest first. Those that are here already stay as they are.
    pub(crate) fn add_newer_lines(&self, owner: &str, lines: &[StatementLine]) -> Result<(), PhoneError> {
        let top = self.place(owner, "MAX")?;
        for (place, line) in (top + 1..).zip(lines.iter().rev()) {
            self.add_line(owner, place, line)?;
        }
        Ok(())
    }

    /// Adds lines that are older than all here, newest first.
    pub(crate) fn add_older_lines(&self, owner: &str, lines: &[StatementLine]) -> Result<(), PhoneError> {
        let mut place = self.place(owner, "MIN")?;
        for line in lines {
            place -= 1;
            self.add_line(owner, place, line)?;
        }
        Ok(())
    }

    fn place(&self, owner: &str, end: &str) -> Result<i64, PhoneError> {
        let sql = format!("SELECT COALESCE({end}(place), 0) FROM statement_line WHERE owner = ?1");
        Ok(self
            .0
            .prepare_cached(&sql)?
            .query_row([owner], |row| row.get(0))?)
    }

    fn add_line(&self, owner: &str, place: i64, line: &StatementLine) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "INSERT OR IGNORE INTO statement_line
                    (owner, place, line, at_ms, asset, bucket, units, event, journal, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                owner,
                place,
                line.line,
                line.at.timestamp_millis(),
                line.asset.name(),
                line.bucket.name(),
                units(line),
                line.event,
                line.journal,
                serde_json::to_string(line)?,
            ])?;
        Ok(())
    }

    /// The newest lines that fit, newest first, at most `most`.
    pub(crate) fn statement(
        &self,
        owner: &str,
        filter: &StatementFilter,
        most: u32,
    ) -> Result<Vec<StatementLine>, PhoneError> {
        let (condition, mut values) = condition(owner, filter);
        values.push(Value::from(i64::from(most)));
        let sql = format!("SELECT value FROM statement_line WHERE {condition} ORDER BY place DESC LIMIT ?");
        self.lines(&sql, values)
    }

    /// The lines since a moment, newest first.
    pub(crate) fn statement_since(
        &self,
        owner: &str,
        since_ms: i64,
    ) -> Result<Vec<StatementLine>, PhoneError> {
        let values = vec![Value::from(owner.to_owned()), Value::from(since_ms)];
        let sql = "SELECT value FROM statement_line WHERE owner = ? AND at_ms >= ? ORDER BY place DESC";
        self.lines(sql, values)
    }

    /// One line by its id, with the others of its journal behind it.
    pub(crate) fn statement_line(
        &self,
        owner: &str,
        line: &str,
    ) -> Result<Option<(StatementLine, Vec<StatementLine>)>, PhoneError> {
        let values = vec![Value::from(owner.to_owned()), Value::from(line.to_owned())];
        let sql = "SELECT value FROM statement_line WHERE owner = ? AND line = ?";
        let Some(found) = self.lines(sql, values)?.pop() else {
            return Ok(None);
        };
        let mut together = self.journal_lines(owner, found.journal)?;
        together.retain(|other| other.line != found.line);
        Ok(Some((found, together)))
    }

    /// The lines of a journal, newest first.
    pub(crate) fn journal_lines(&self, owner: &str, journal: u64) -> Result<Vec<StatementLine>, PhoneError> {
        let journal = i64::try_from(journal).unwrap_or(i64::MAX);
        let values = vec![Value::from(owner.to_owned()), Value::from(journal)];
        let sql = "SELECT value FROM statement_line WHERE owner = ? AND journal = ? ORDER BY place DESC";
        self.lines(sql, values)
    }

    /// What came and went in the lines that fit, by asset and bucket, in the wallet's order.
    pub(crate) fn statement_totals(
        &self,
        owner: &str,
        filter: &StatementFilter,
    ) -> Result<Vec<Total>, PhoneError> {
        let (condition, values) = condition(owner, filter);
        let sql = format!(
            "SELECT asset, bucket, SUM(MAX(units, 0)), SUM(MAX(-units, 0)) FROM statement_line
             WHERE {condition} GROUP BY asset, bucket"
        );
        let mut select = self.0.prepare_cached(&sql)?;
        let sums: Vec<(String, String, i64, i64)> = select
            .query_map(params_from_iter(values), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        let mut totals = Vec::with_capacity(sums.len());
        for asset in Asset::ALL {
            for bucket in asset.buckets() {
                let found = sums
                    .iter()
                    .find(|(a, b, ..)| a == asset.name() && b == bucket.name());
                if let Some((_, _, came, went)) = found {
                    totals.push(total(asset, *bucket, *came, *went));
                }
            }
        }
        Ok(totals)
    }

    /// The events that occur.
    pub(crate) fn statement_events(&self, owner: &str) -> Result<Vec<String>, PhoneError> {
        let sql = "SELECT DISTINCT event FROM statement_line WHERE owner = ?1 ORDER BY event";
        let mut select = self.0.prepare_cached(sql)?;
        let events = select
            .query_map([owner], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(events)
    }

    fn lines(&self, sql: &str, values: Vec<Value>) -> Result<Vec<StatementLine>, PhoneError> {
        let mut select = self.0.prepare_cached(sql)?;
        let texts: Vec<String> = select
            .query_map(params_from_iter(values), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect())
    }
}

fn reach_name(owner: &str) -> String {
    format!("statement:{owner}")
}

fn total(asset: Asset, bucket: Bucket, came: i64, went: i64) -> Total {
    let amount = |units| Decimal::try_new(units, asset.decimals()).unwrap_or_default();
    Total {
        asset,
        bucket,
        came: amount(came),
        went: amount(went),
    }
}

/// The amount in the asset's smallest unit.
fn units(line: &StatementLine) -> i64 {
    let mut amount = line.amount;
    amount.rescale(line.asset.decimals());
    i64::try_from(amount.mantissa()).unwrap_or_default()
}

fn condition(owner: &str, filter: &StatementFilter) -> (String, Vec<Value>) {
    let mut condition = "owner = ?".to_owned();
    let mut values = vec![Value::from(owner.to_owned())];
    let mut and = |more: &str, value: Option<Value>| {
        condition.push_str(" AND ");
        condition.push_str(more);
        values.extend(value);
    };
    if let Some(asset) = filter.asset {
        and("asset = ?", Some(Value::from(asset.name().to_owned())));
    }
    match filter.direction {
        Some(Direction::Came) => and("units > 0", None),
        Some(Direction::Went) => and("units < 0", None),
        None => {}
    }
    if let Some(event) = &filter.event {
        and("event = ?", Some(Value::from(event.clone())));
    }
    if let Some(from) = filter.from {
        and("at_ms >= ?", Some(Value::from(from.start_ms())));
    }
    if let Some(to) = filter.to {
        and("at_ms < ?", Some(Value::from(to.end_ms())));
    }
    (condition, values)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use haigou_contract::{RulebookRef, moment};
    use proptest::prelude::*;

    use super::*;
    use crate::store::{Lasting, Store};

    fn line(number: usize, asset: usize, units: i64) -> StatementLine {
        let asset = Asset::ALL[asset];
        StatementLine {
            line: format!("l{number}"),
            at: moment(i64::try_from(number).unwrap() * 3_600_000),
            asset,
            bucket: asset.buckets()[1],
            amount: Decimal::new(units, asset.decimals()),
            rule: "rule".to_owned(),
            text: String::new(),
            figures: BTreeMap::new(),
            event: if units % 2 == 0 { "even" } else { "odd" }.to_owned(),
            rulebook: RulebookRef {
                name: "sport".to_owned(),
                version: 1,
            },
            journal: 1,
            hash: String::new(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// However the lines come, from the middle to both ends, some of them twice: they stand in their order, each once,
        /// and every choice sums up to what its lines do.
        #[test]
        fn lines_stand_in_their_order_and_sum_up(
            figures in prop::collection::vec((0_usize..5, -9_000_000_000_i64..9_000_000_000), 1..60),
            begin in 0.0_f64..1.0, pages in prop::collection::vec((any::<bool>(), 1_usize..9, 0_usize..4), 0..30),
            asset in prop::option::of(0_usize..5), came in prop::option::of(any::<bool>()), even: bool,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let mut store = Store::open(dir.path(), None, 0).unwrap();
            let all: Vec<_> = figures.iter().enumerate().map(|(n, (asset, units))| line(n, *asset, *units)).collect();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place among sixty")]
            let middle = (begin * all.len() as f64) as usize;
            let (mut from, mut to) = (middle, middle);
            for (newer, size, again) in pages {
                let page: Vec<_> = if newer {
                    // As a refresh brings them: the new ones, and some that two refreshes at once both brought.
                    let end = (to + size).min(all.len());
                    let page = all[to.saturating_sub(again).max(from)..end].iter().rev().cloned().collect();
                    to = end;
                    page
                } else {
                    let end = from;
                    from = from.saturating_sub(size);
                    all[from..end].iter().rev().cloned().collect()
                };
                store.write(Lasting::Process, |tx| if newer {
                    tx.add_newer_lines("me", &page)
                } else {
                    tx.add_older_lines("me", &page)
                }).unwrap();
            }
            let expected: Vec<_> = all[from..to].iter().rev().cloned().collect();
            let tx = store.read();
            prop_assert_eq!(&tx.statement("me", &StatementFilter::default(), u32::MAX).unwrap(), &expected);
            prop_assert_eq!(tx.newest_line("me").unwrap(), expected.first().map(|line| line.line.clone()));
            let filter = StatementFilter {
                asset: asset.map(|asset| Asset::ALL[asset]),
                direction: came.map(|came| if came { Direction::Came } else { Direction::Went }),
                event: even.then(|| "even".to_owned()),
                ..StatementFilter::default()
            };
            let fits = |line: &&StatementLine| {
                filter.asset.is_none_or(|asset| line.asset == asset)
                    && filter.direction.is_none_or(|way| match way {
                        Direction::Came => line.amount > Decimal::ZERO,
                        Direction::Went => line.amount < Decimal::ZERO,
                    })
                    && filter.event.as_ref().is_none_or(|event| line.event == *event)
            };
            let chosen: Vec<_> = expected.iter().filter(fits).cloned().collect();
            prop_assert_eq!(&tx.statement("me", &filter, u32::MAX).unwrap(), &chosen);
            let totals = tx.statement_totals("me", &filter).unwrap();
            for asset in Asset::ALL {
                let own = || chosen.iter().filter(|line| line.asset == asset).map(|line| line.amount);
                let came: Decimal = own().filter(|amount| *amount > Decimal::ZERO).sum();
                let went: Decimal = own().filter(|amount| *amount < Decimal::ZERO).map(|amount| -amount).sum();
                let found = totals.iter().find(|total| total.asset == asset);
                prop_assert_eq!(found.is_some(), own().count() > 0);
                if let Some(total) = found {
                    prop_assert_eq!((total.came, total.went), (came, went));
                }
            }
            prop_assert!(tx.statement("another", &StatementFilter::default(), 9).unwrap().is_empty());
        }
    }
}
