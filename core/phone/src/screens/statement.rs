//! The statement: every change with its reason, chosen by asset, direction, event and days, with totals.

use haigou_contract::{Asset, Bucket, Day, StatementLine};
use rust_decimal::Decimal;

use super::Standing;
use super::look::Look;
use super::standing::Known;
use crate::PhoneError;
use crate::core::CACHE_STATEMENT;
use crate::texts;

/// The statement screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatementScreen {
    /// How it stands.
    pub standing: Standing,
    /// Which lines are shown.
    pub filter: StatementFilter,
    /// The lines, newest first; [`crate::Phone::load_more_statement`] brings more.
    pub lines: Vec<StatementLine>,
    /// What came and went in all lines that fit and are on this phone, by asset and bucket.
    pub totals: Vec<Total>,
    /// There are more lines, here or at the server.
    pub more: bool,
    /// The totals are those of every line there ever was that fits. If not, older lines are still at the server.
    pub totals_complete: bool,
    /// The events that occur in the statement, for the filter.
    pub events: Vec<EventName>,
}

/// An event with its name in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventName {
    /// As [`StatementFilter::event`] takes it.
    pub event: String,
    /// In the app's language.
    pub name: String,
}

/// Which lines of the statement are shown. What is none or empty takes every line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatementFilter {
    /// Of this asset.
    pub asset: Option<Asset>,
    /// Only what came, or only what went.
    pub direction: Option<Direction>,
    /// Of this event, for example `steps`.
    pub event: Option<String>,
    /// From this day on, in Shanghai.
    pub from: Option<Day>,
    /// Up to this day, included.
    pub to: Option<Day>,
}

/// Which way an amount went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It came: the amount is positive.
    Came,
    /// It went: the amount is negative.
    Went,
}

/// What came and went in one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// The sum of what came.
    pub came: Decimal,
    /// The sum of what went, as a positive figure.
    pub went: Decimal,
}

/// One line with everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedLine {
    /// The line: rule in words, figures, rulebook version, journal and its hash.
    pub line: StatementLine,
    /// The other lines of the same journal that are on this phone, newest first.
    pub together: Vec<StatementLine>,
}

impl StatementScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let tx = look.core.store.read();
        let owner = &look.core.owner;
        let filter = look.core.statement_filter.clone();
        let shown = look.core.statement_shown;
        let mut lines = tx.statement(owner, &filter, shown.saturating_add(1))?;
        let most = usize::try_from(shown).unwrap_or(usize::MAX);
        let more_here = lines.len() > most;
        lines.truncate(most);
        let kept = tx.statement_reach(owner)?;
        let older_there = kept.as_ref().is_some_and(|reach| reach.next.is_some());
        // Lines before the first day of the filter don't matter to it.
        let reaches_back = match (filter.from, tx.oldest_line_ms(owner)?) {
            (Some(from), Some(oldest_ms)) => oldest_ms < from.start_ms(),
            _ => false,
        };
        let empty = lines.is_empty().then(|| {
            if filter == StatementFilter::default() {
                texts::empty_statement(look.language)
            } else {
                texts::empty_filter(look.language)
            }
        });
        let fetched_ms = kept.as_ref().map(|reach| reach.fetched_ms);
        Ok(Self {
            standing: look.standing(
                CACHE_STATEMENT,
                Known {
                    fetched_ms,
                    empty,
                    own: false,
                },
            ),
            totals: tx.statement_totals(owner, &filter)?,
            more: more_here || (older_there && !reaches_back),
            totals_complete: kept.is_some() && (!older_there || reaches_back),
            events: tx
                .statement_events(owner)?
                .into_iter()
                .map(|event| EventName {
                    name: texts::message_booked(look.language, event.clone()),
                    event,
                })
                .collect(),
            filter,
            lines,
        })
    }
}
