//! The statement: every change with its reason, chosen by asset, direction, event and days, with totals.

use std::sync::Arc;

use haigou_contract::{Asset, Bucket};
use haigou_phone::screens::{Direction, Standing};

use super::Rulebook;
use super::shared::all;
use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError};

/// The statement screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatementScreen {
    /// How it stands.
    pub standing: Standing,
    /// Which lines are shown.
    pub filter: StatementFilter,
    /// The lines, newest first; [`Phone::load_more_statement`] brings more.
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EventName {
    /// As [`StatementFilter::event`] takes it.
    pub event: String,
    /// In the app's language.
    pub name: String,
}

/// Which lines of the statement are shown. What is none takes every line.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatementFilter {
    /// Of this asset.
    #[uniffi(default = None)]
    pub asset: Option<Asset>,
    /// Only what came, or only what went.
    #[uniffi(default = None)]
    pub direction: Option<Direction>,
    /// Of this event, for example `steps`.
    #[uniffi(default = None)]
    pub event: Option<String>,
    /// From this day on, in Shanghai.
    #[uniffi(default = None)]
    pub from: Option<String>,
    /// Up to this day, included.
    #[uniffi(default = None)]
    pub to: Option<String>,
}

/// Which way an amount went.
#[uniffi::remote(Enum)]
pub enum Direction {
    /// It came: the amount is positive.
    Came,
    /// It went: the amount is negative.
    Went,
}

/// What came and went in one bucket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Total {
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// The sum of what came.
    pub came: String,
    /// The sum of what went, as a positive figure.
    pub went: String,
}

/// One line with everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ExplainedLine {
    /// The line: rule in words, figures, rulebook version, journal and its hash.
    pub line: StatementLine,
    /// The other lines of the same journal that are on this phone, newest first.
    pub together: Vec<StatementLine>,
}

/// A line of the statement, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatementLine {
    /// Its id.
    pub line: String,
    /// When it was booked.
    pub at_ms: i64,
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// What came (positive) or went (negative).
    pub amount: String,
    /// The rule that made it, for example `register.direct`.
    pub rule: String,
    /// The rule in words with its figures.
    pub text: String,
    /// The figures put in.
    pub figures: Vec<Figure>,
    /// The event behind it, for example `registration`, `steps`, `airdrop`.
    pub event: String,
    /// The rulebook it follows.
    pub rulebook: Rulebook,
    /// The journal that booked it.
    pub journal: i64,
    /// The journal's hash, hex, for the auditor.
    pub hash: String,
}

/// A figure that a rule was given.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One page of the statement.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatementPage {
    /// Newest first.
    pub lines: Vec<StatementLine>,
    /// Asks for the next page; none at the end.
    pub next: Option<String>,
}

crate::listen::screen! {
    StatementScreen from statement_screen,
    /// The statement, as [`Phone::set_statement_filter`] has chosen.
    statement_screen,
    /// Hears of the statement.
    StatementListener,
    watch_statement
}

#[uniffi::export]
impl Phone {
    /// Asks the server for the new lines of the statement.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_statement(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_statement().await })
            .await
    }

    /// Chooses which lines the statement screen shows, from what is on this phone at once.
    pub fn set_statement_filter(&self, filter: StatementFilter) -> Result<(), PhoneError> {
        let filter = self.statement_filter(filter)?;
        self.told(self.core.set_statement_filter(filter))
    }

    /// Shows more lines of the statement: those on this phone, else the server is asked for older ones.
    #[uniffi::method(default(cancel = None))]
    pub async fn load_more_statement(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.load_more_statement().await })
            .await
    }

    /// One line with all that explains it: from this phone, else from the server.
    #[uniffi::method(default(cancel = None))]
    pub async fn explain_line(
        &self,
        line: String,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<ExplainedLine, PhoneError> {
        let explained = self.ask(cancel, |core| async move { core.explain_line(&line).await });
        Ok(explained.await?.into())
    }

    /// A page of the statement as the server has it, newest first: of one asset or of all, from the beginning or from where the page before
    /// ended.
    #[uniffi::method(default(asset = None, after = None, cancel = None))]
    pub async fn statement(
        &self,
        asset: Option<Asset>,
        after: Option<String>,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<StatementPage, PhoneError> {
        let page = self.ask(cancel, |core| async move {
            core.statement(asset, after.as_deref()).await
        });
        Ok(page.await?.into())
    }
}

impl Phone {
    fn statement_filter(
        &self,
        filter: StatementFilter,
    ) -> Result<haigou_phone::screens::StatementFilter, PhoneError> {
        Ok(haigou_phone::screens::StatementFilter {
            asset: filter.asset,
            direction: filter.direction,
            event: filter.event,
            from: filter.from.map(|day| self.day("from", &day)).transpose()?,
            to: filter.to.map(|day| self.day("to", &day)).transpose()?,
        })
    }
}

impl From<haigou_phone::screens::StatementScreen> for StatementScreen {
    fn from(screen: haigou_phone::screens::StatementScreen) -> Self {
        Self {
            standing: screen.standing,
            filter: screen.filter.into(),
            lines: all(screen.lines),
            totals: all(screen.totals),
            more: screen.more,
            totals_complete: screen.totals_complete,
            events: all(screen.events),
        }
    }
}

impl From<haigou_phone::screens::EventName> for EventName {
    fn from(name: haigou_phone::screens::EventName) -> Self {
        Self {
            event: name.event,
            name: name.name,
        }
    }
}

impl From<haigou_phone::screens::StatementFilter> for StatementFilter {
    fn from(filter: haigou_phone::screens::StatementFilter) -> Self {
        Self {
            asset: filter.asset,
            direction: filter.direction,
            event: filter.event,
            from: filter.from.map(|day| day.to_string()),
            to: filter.to.map(|day| day.to_string()),
        }
    }
}

impl From<haigou_phone::screens::Total> for Total {
    fn from(total: haigou_phone::screens::Total) -> Self {
        Self {
            asset: total.asset,
            bucket: total.bucket,
            came: total.came.to_string(),
            went: total.went.to_string(),
        }
    }
}

impl From<haigou_phone::screens::ExplainedLine> for ExplainedLine {
    fn from(explained: haigou_phone::screens::ExplainedLine) -> Self {
        Self {
            line: explained.line.into(),
            together: all(explained.together),
        }
    }
}

impl From<haigou_contract::StatementLine> for StatementLine {
    fn from(line: haigou_contract::StatementLine) -> Self {
        Self {
            line: line.line,
            at_ms: line.at.timestamp_millis(),
            asset: line.asset,
            bucket: line.bucket,
            amount: line.amount.to_string(),
            rule: line.rule,
            text: line.text,
            figures: line
                .figures
                .into_iter()
                .map(|(name, value)| Figure { name, value })
                .collect(),
            event: line.event,
            rulebook: line.rulebook.into(),
            journal: count(line.journal),
            hash: line.hash,
        }
    }
}

impl From<haigou_contract::Page<haigou_contract::StatementLine>> for StatementPage {
    fn from(page: haigou_contract::Page<haigou_contract::StatementLine>) -> Self {
        Self {
            lines: all(page.items),
            next: page.next,
        }
    }
}
