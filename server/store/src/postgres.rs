//! The PostgreSQL engine: how a server is reached, a statement bound and run, an error understood.
//!
//! The bytes travel on one thread of its own for all connections; whoever asks waits on his own thread, whatever
//! else may run on it.

mod address;
mod burst;
mod declaration;
mod value;

pub(crate) use address::Address;
pub(crate) use declaration::declaration;
pub(crate) use value::read;

use crate::ahead::Rows;
use crate::query::EngineRow;
use crate::tx::Value;
use crate::{Param, Row, StoreError};
use burst::Group;
use futures_util::future::join_all;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, NoTls, Statement};
use value::type_of;

/// How long a connection may be silent while something is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many statements a connection keeps prepared.
const PREPARED: usize = 512;
/// How many statements travel in one burst.
const BURST: usize = 4096;

/// For every session: what is committed is on the disk, and nobody waits for a lock without end.
const SETTINGS: &str =
    "SET synchronous_commit = on; SET lock_timeout = '5s'; SET client_min_messages = warning;";

/// A connection.
pub(crate) struct Session {
    client: Client,
    place: PathBuf,
    prepared: RefCell<HashMap<String, Statement>>,
    state: Cell<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    InTransaction,
    /// A statement has failed: the transaction can only go back to a savepoint, or end.
    Failed,
    /// It was cut off, or didn't answer in time: what it is at, nobody knows.
    Dead,
}

impl Session {
    /// Connects for writing. A writer that falls silent within a transaction loses it, and with it the locks. It asks by
    /// keys: a plan that was made while a table was small must not read it whole once it is large.
    pub(crate) fn open_writer(address: &Address) -> Result<Self, StoreError> {
        Self::open(
            address,
            &format!(
                "{SETTINGS} SET idle_in_transaction_session_timeout = '3s'; SET enable_seqscan = off; \
                 SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off"
            ),
        )
    }

    /// Connects for reading only.
    pub(crate) fn open_reader(address: &Address) -> Result<Self, StoreError> {
        Self::open(
            address,
            &format!("{SETTINGS} SET default_transaction_read_only = on"),
        )
    }

    fn open(address: &Address, settings: &str) -> Result<Self, StoreError> {
        let place = PathBuf::from(address.to_string());
        let threads = threads()?;
        let (client, connection) = wait(address.config().connect(NoTls))
            .ok_or_else(|| silent(&place))?
            .map_err(|error| explain(&place, &error))?;
        // What ends it is told to whoever asks next.
        threads.spawn(connection.map(drop));
        let session = Self {
            client,
            place,
            prepared: RefCell::default(),
            state: Cell::new(State::Idle),
        };
        session.batch(settings)?;
        Ok(session)
    }

    /// Calls `each` with row after row, as they arrive.
    pub(crate) fn walk(
        &self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(sql, params)?;
        let rows = match findable(params) {
            None => self.done(sql, self.client.query_raw(&statement, params))?,
            Some(texts) => {
                let params = params.iter().zip(&texts).map(|(param, text)| match text {
                    Some(text) => Param::Text(text),
                    None => *param,
                });
                self.done(sql, self.client.query_raw(&statement, params.collect::<Vec<_>>()))?
            }
        };
        let mut rows = pin!(rows);
        loop {
            // What has arrived already needs no waiting.
            let next = match rows.next().now_or_never() {
                Some(next) => next.transpose().map_err(|error| self.failed(sql, &error))?,
                None => self.done(sql, rows.next().map(Option::transpose))?,
            };
            match next {
                Some(row) => {
                    if each(&Row(EngineRow::Postgres(&row)))?.is_break() {
                        return Ok(());
                    }
                }
                None => return Ok(()),
            }
        }
    }

    /// Runs a statement; says how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql, params)?;
        let changed = self.done(sql, self.client.execute_raw(&statement, params))?;
        if sql.starts_with("ROLLBACK TO ") {
            self.state.set(State::InTransaction);
        }
        Ok(changed)
    }

    /// Runs statements one after another, sent in bursts; says how many rows they changed together.
    pub(crate) fn execute_all<'q>(
        &self,
        statements: impl IntoIterator<Item = (&'q str, &'q [Param<'q>])>,
    ) -> Result<u64, StoreError> {
        let mut statements = statements.into_iter().peekable();
        let mut changed = 0;
        while statements.peek().is_some() {
            let groups = burst::group(statements.by_ref().take(BURST));
            let burst = groups
                .iter()
                .map(|group| Ok((group.sql, self.prepared_group(group)?, group.arguments()?)))
                .collect::<Result<Vec<_>, StoreError>>()?;
            let answers = burst
                .iter()
                .map(|(_, statement, arguments)| self.client.execute_raw(statement, arguments));
            let answers = self.done("a burst", join_all(answers).map(Ok))?;
            // After the first that fails, all others fail for that reason alone.
            for ((sql, ..), answer) in burst.iter().zip(answers) {
                changed += answer.map_err(|error| self.failed(sql, &error))?;
            }
        }
        Ok(changed)
    }

    /// What many looks find: each statement with the keys of its looks, all in one burst.
    pub(crate) fn look_all(&self, looks: &[(&str, &[Vec<Value>])]) -> Result<Vec<Vec<Rows>>, StoreError> {
        let keys: Vec<Vec<Vec<_>>> = looks
            .iter()
            .map(|(_, keys)| {
                keys.iter()
                    .map(|key| key.iter().map(Value::as_param).collect())
                    .collect()
            })
            .collect();
        let mut burst = Vec::new();
        for ((sql, _), keys) in looks.iter().zip(&keys) {
            let keys: Vec<_> = keys.iter().map(Vec::as_slice).collect();
            let one = self.prepared(sql, keys.first().copied().unwrap_or_default())?;
            let many = burst::looks_over_arrays(sql, &one);
            let statement = self.prepared_for(&many, || Ok(Vec::new()))?;
            burst.push((statement, burst::columns(&keys)?, keys.len()));
        }
        let answers = burst.iter().map(async |(statement, arguments, _)| {
            let rows = self.client.query_raw(statement, arguments).await?;
            rows.try_collect::<Vec<_>>().await
        });
        let answers = self.done("looks", join_all(answers).map(Ok))?;
        let mut found = Vec::new();
        for (((sql, _), (.., count)), rows) in looks.iter().zip(&burst).zip(answers) {
            let rows = rows.map_err(|error| self.failed(sql, &error))?;
            found.push(burst::sorted_by_look(rows, *count)?);
        }
        Ok(found)
    }

    fn prepared_group(&self, group: &Group<'_>) -> Result<Statement, StoreError> {
        let first = group.rows.first().copied().unwrap_or_default();
        let one = self.prepared(group.sql, first)?;
        match group.over_arrays(&one) {
            Some(sql) => self.prepared_for(&sql, || Ok(Vec::new())),
            None => Ok(one),
        }
    }

    /// Runs several statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.done(sql, self.client.batch_execute(sql))
    }

    pub(crate) fn begin(&self, sql: &str) -> Result<(), StoreError> {
        self.batch(sql)?;
        self.state.set(State::InTransaction);
        Ok(())
    }

    /// Commits. If the connection breaks meanwhile, nobody knows whether it was done.
    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        if self.state.get() != State::InTransaction {
            // The server would end the transaction without a word.
            return Err(StoreError::Bug(
                "a transaction in which a statement failed can't be committed".to_owned(),
            ));
        }
        self.batch("COMMIT").map_err(|error| match error {
            StoreError::Unreachable { path, detail } => StoreError::InDoubt { path, detail },
            other => other,
        })?;
        self.state.set(State::Idle);
        Ok(())
    }

    pub(crate) fn roll_back(&self) -> Result<(), StoreError> {
        if self.is_dead() || self.state.get() == State::Idle {
            return Ok(());
        }
        self.batch("ROLLBACK")?;
        self.state.set(State::Idle);
        Ok(())
    }

    pub(crate) fn is_in_transaction(&self) -> bool {
        !self.is_dead() && self.state.get() != State::Idle
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.state.get() == State::Dead || self.client.is_closed()
    }

    /// The statement, prepared once, for parameters of the kinds that came first.
    fn prepared(&self, sql: &str, params: &[Param<'_>]) -> Result<Statement, StoreError> {
        let statement = self.prepared_for(sql, || {
            check_count(sql, placeholders(sql), params)?;
            Ok(params.iter().map(type_of).collect())
        })?;
        check_count(sql, statement.params().len(), params)?;
        Ok(statement)
    }

    fn prepared_for(
        &self,
        sql: &str,
        types: impl FnOnce() -> Result<Vec<Type>, StoreError>,
    ) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let types = types()?;
        let statement = self.done(sql, self.client.prepare_typed(sql, &types))?;
        let mut prepared = self.prepared.borrow_mut();
        if prepared.len() >= PREPARED {
            prepared.clear();
        }
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Waits for an answer.
    fn done<T>(&self, sql: &str, answer: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
        match wait(answer) {
            Some(answer) => answer.map_err(|error| self.failed(sql, &error)),
            None => {
                self.state.set(State::Dead);
                Err(silent(&self.place))
            }
        }
    }

    /// Notes that a statement failed, and says what it means.
    fn failed(&self, sql: &str, error: &Error) -> StoreError {
        if self.state.get() == State::InTransaction {
            self.state.set(State::Failed);
        }
        // It may have been prepared for tables that look different now.
        self.prepared.borrow_mut().remove(sql);
        let error = explain(&self.place, error);
        match error {
            StoreError::Bug(detail) => StoreError::Bug(format!("{detail}: {sql}")),
            StoreError::Unreachable { .. } => {
                self.state.set(State::Dead);
                error
            }
            other => other,
        }
    }
}

fn silent(place: &Path) -> StoreError {
    StoreError::Unreachable {
        path: place.to_owned(),
        detail: format!("no answer within {} s", PATIENCE.as_secs()),
    }
}

/// The thread on which the bytes of all connections travel.
fn threads() -> Result<&'static Runtime, StoreError> {
    static THREADS: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    THREADS
        .get_or_init(|| {
            Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("postgres")
                .enable_all()
                .build()
        })
        .as_ref()
        .map_err(|error| StoreError::Bug(format!("the thread for PostgreSQL didn't start: {error}")))
}

/// Waits on this thread, though not without end. Unlike a runtime's own way of waiting this may be done anywhere.
fn wait<T>(answer: impl Future<Output = T>) -> Option<T> {
    let _timers = threads().ok()?.enter();
    let patient = async { tokio::time::timeout(PATIENCE, answer).await };
    futures_executor::block_on(tokio::task::unconstrained(patient)).ok()
}

/// Texts that can be asked for instead of those with U+0000 in them: PostgreSQL knows no such text and refuses it, but to
/// whoever looks one up the answer is that there is none. U+FFFE is in no text either.
fn findable(params: &[Param<'_>]) -> Option<Vec<Option<String>>> {
    params.iter().any(Param::has_zero).then(|| {
        let replaced = |param: &Param<'_>| match param {
            Param::Text(text) if param.has_zero() => Some(text.replace('\0', "\u{FFFE}")),
            _ => None,
        };
        params.iter().map(replaced).collect()
    })
}

/// How many parameters a statement has: the highest of their numbers.
fn placeholders(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).filter_map(|after| {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        after.get(..end)?.parse().ok()
    });
    numbers.max().unwrap_or(0)
}

fn check_count(sql: &str, count: usize, params: &[Param<'_>]) -> Result<(), StoreError> {
    if count == params.len() {
        return Ok(());
    }
    Err(StoreError::Bug(format!(
        "{count} parameters in the statement, {} given: {sql}",
        params.len()
    )))
}

/// What an error of PostgreSQL, or of the way there, means to us.
fn explain(place: &Path, error: &Error) -> StoreError {
    let path = place.to_owned();
    let Some(said) = error.as_db_error() else {
        let detail = with_causes(error);
        let is_the_way =
            error.is_closed() || error.source().is_some_and(|cause| cause.is::<std::io::Error>());
        return if is_the_way || detail.contains("connect") {
            StoreError::Unreachable { path, detail }
        } else {
            StoreError::Bug(detail)
        };
    };
    let detail = said.detail().map_or_else(
        || said.message().to_owned(),
        |detail| format!("{}: {detail}", said.message()),
    );
    match said.code() {
        &SqlState::DISK_FULL => StoreError::DiskFull(path),
        &SqlState::LOCK_NOT_AVAILABLE | &SqlState::QUERY_CANCELED => StoreError::Busy(detail),
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => StoreError::Unreachable { path, detail },
        code => match code.code().get(..2) {
            Some("23") => StoreError::Constraint(detail),
            // Connection, authentication, no such database, shutting down or starting up.
            Some("08" | "28" | "3D" | "57") => StoreError::Unreachable { path, detail },
            // Out of connections or memory; serialization, deadlocks.
            Some("53" | "40") => StoreError::Busy(detail),
            Some("58") => StoreError::Io { path, detail },
            Some("XX") => StoreError::Corrupt { path, detail },
            _ => StoreError::Bug(detail),
        },
    }
}

/// An error with what caused it: by itself it says little.
fn with_causes(error: &Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}
