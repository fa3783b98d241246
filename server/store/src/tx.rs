//! The writer's transaction: what commands write and read back, and what is known by heart.

#[cfg(test)]
mod tests;

use crate::ahead::{Ahead, Seen};
use crate::engine::Connection;
use crate::memory::{AnyMemory, Memories, Memory, words};
use crate::{Param, Query, Row, StoreError};
use foldhash::{HashMap, HashSet};
use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The writer's open transaction.
///
/// What is [written](Tx::write) waits in a queue, and goes to the database only when somebody reads the table or the
/// transaction ends. So a command that is refused has usually nothing to undo there, and none needs a savepoint that
/// didn't read what it wrote. What is [written by its key](Tx::write_row) waits on while other rows of its table are
/// [looked up](Tx::look_up).
pub struct Tx<'c> {
    connection: &'c Connection,
    memories: &'c mut Memories,
    queue: Vec<Write>,
    /// The tables that the queue writes, but for rows written by their keys.
    tables: Vec<&'static str>,
    /// Those rows: the keys by table. Some may have been undone.
    rows: HashMap<&'static str, HashSet<Vec<Value>>>,
    /// What was looked at ahead, as long as nothing was sent since.
    seen: Seen,
    /// Those that have begun and not ended, each within the one before.
    steps: Vec<Step>,
    has_written: bool,
    /// Something that was said to be done could not be done: nothing of the transaction can stand.
    broken: Option<StoreError>,
}

/// A statement that waits to be sent.
struct Write {
    sql: &'static str,
    params: Vec<Value>,
}

/// A [`Param`] that waits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl From<Param<'_>> for Value {
    fn from(param: Param<'_>) -> Self {
        match param {
            Param::Null => Self::Null,
            Param::Int(value) => Self::Int(value),
            Param::Text(value) => Self::Text(value.to_owned()),
            Param::Blob(value) => Self::Blob(value.to_owned()),
        }
    }
}

impl Value {
    pub(crate) fn as_param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(value) => Param::Int(*value),
            Self::Text(value) => Param::Text(value),
            Self::Blob(value) => Param::Blob(value),
        }
    }
}

/// A part of the work that can be undone by itself.
struct Step {
    /// Its first write in the queue.
    from: usize,
    /// Whether the database has a savepoint for it: once something of it was sent.
    opened: bool,
}

impl Query for Tx<'_> {
    fn walk(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.write_back_named(sql)?;
        let waits = |word| self.tables.contains(&word) || self.rows.contains_key(word);
        if !self.queue.is_empty() && words(sql).any(waits) {
            self.send()?;
        }
        self.look(sql, params, each)
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c Connection, memories: &'c mut Memories) -> Self {
        Self {
            connection,
            memories,
            queue: Vec::new(),
            tables: Vec::new(),
            rows: HashMap::default(),
            seen: Seen::default(),
            steps: Vec::new(),
            has_written: false,
            broken: None,
        }
    }

    /// Runs a statement that returns no rows, now; says how many rows it changed.
    ///
    /// # Errors
    /// The database's.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.write_back_named(sql)?;
        self.send()?;
        self.open(None)?;
        self.has_written = true;
        self.connection.execute(sql, params)
    }

    /// Runs a statement with many rows of parameters, now; says how many rows it changed.
    pub(crate) fn execute_rows(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<u64, StoreError> {
        self.write_back_named(sql)?;
        self.send()?;
        self.open(None)?;
        self.has_written = true;
        let params: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(Value::as_param).collect())
            .collect();
        self.connection
            .execute_all(params.iter().map(|params| (sql, params.as_slice())))
    }

    /// Runs a statement that returns no rows, at the latest before the commit. Whatever this transaction reads or
    /// executes sees it done.
    ///
    /// It must be sure to succeed: if it doesn't, nothing of the whole transaction stands.
    pub fn write(&mut self, sql: &'static str, params: &[Param<'_>]) {
        let table = table_of(sql);
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
        self.queue.push(Write::new(sql, params));
    }

    /// As [`Tx::write`], of the one row of a table that has this key.
    pub fn write_row(
        &mut self,
        table: &'static str,
        key: &[Param<'_>],
        sql: &'static str,
        params: &[Param<'_>],
    ) {
        self.rows.entry(table).or_default().insert(values(key));
        self.queue.push(Write::new(sql, params));
    }

    /// Looks up the one row of a table that has this key, which is all that the statement takes. What waits to be
    /// [written](Tx::write_row) into other rows of the table keeps waiting.
    ///
    /// # Errors
    /// The database's, or what `map` returned.
    pub fn look_up<T>(
        &mut self,
        table: &'static str,
        key: &[Param<'_>],
        sql: &str,
        map: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.write_back_named(sql)?;
        let is_waiting = |rows: &HashSet<_>| rows.contains(&values(key));
        let waits = |word| {
            let by_key = self.rows.get(word);
            self.tables.contains(&word) || by_key.is_some_and(|rows| word != table || is_waiting(rows))
        };
        if !self.queue.is_empty() && words(sql).any(waits) {
            self.send()?;
        }
        let (mut map, mut found) = (Some(map), None);
        self.look(sql, key, &mut |row| {
            found = map.take().map(|map| map(row)).transpose()?;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// Looks at the database for many commands at once, where each look would be a way there and back. Those looks then
    /// find what was seen, unless something was sent to the database meanwhile.
    pub(crate) fn look_ahead(&mut self, collect: impl FnOnce(&mut Ahead)) -> Result<(), StoreError> {
        if self.connection.is_far() {
            let mut ahead = Ahead::default();
            collect(&mut ahead);
            self.seen = ahead.take(self.connection)?;
        }
        Ok(())
    }

    /// Looks at the database as it is, or was when it was looked at ahead.
    fn look(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.is_whole()?;
        match self.seen.find(sql, params) {
            Some(rows) => rows.walk(each),
            None => self.connection.walk(sql, params, each),
        }
    }

    /// Runs `work`; if it fails, everything it changed is undone and the rest of the transaction stands.
    ///
    /// # Errors
    /// What `work` returned, or the database's.
    pub fn savepoint<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let around = self.steps.len();
        self.steps.push(Step {
            from: self.queue.len(),
            opened: false,
        });
        self.memories.begin();
        let outcome = work(self);
        // A panic that was caught in `work` may have left steps within this one open.
        while self.steps.len() > around {
            self.end_step(outcome.is_ok())?;
        }
        outcome
    }

    fn end_step(&mut self, is_done: bool) -> Result<(), StoreError> {
        let Some(step) = self.steps.pop() else {
            return Ok(());
        };
        if is_done {
            self.memories.keep();
        } else {
            self.memories.undo();
            self.queue.truncate(step.from);
        }
        // After a failure of the engine there may be no transaction left, and no savepoint to go back to.
        if step.opened && !self.is_lost() {
            if !is_done {
                self.connection.execute("ROLLBACK TO step", &[])?;
            }
            self.connection.execute("RELEASE step", &[])?;
        }
        Ok(())
    }

    /// What the writer knows by heart, to be looked at or changed. A change stands like anything a command writes.
    pub fn memory<M: Memory, T>(&mut self, work: impl FnOnce(&mut M, &mut Tx<'c>) -> T) -> T {
        let place = self.memories.place_of::<M>(self.steps.len());
        let memory: Box<dyn Any> = self.memories.take(place);
        let mut memory = memory.downcast::<M>().unwrap_or_else(|_| {
            let fault = format!("{} is in use already", std::any::type_name::<M>());
            self.broken = Some(StoreError::Bug(fault));
            Box::default()
        });
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut memory, self)));
        self.memories.put_back(place, memory);
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Writes back whatever is known by heart, and sends all that waits: the transaction can be committed. Says whether
    /// anything was written.
    pub(crate) fn finish(&mut self) -> Result<bool, StoreError> {
        for place in 0..self.memories.len() {
            self.write_back(place)?;
        }
        self.send()?;
        self.is_whole()?;
        Ok(self.has_written)
    }

    /// Before the tables that a statement names are looked at.
    fn write_back_named(&mut self, sql: &str) -> Result<(), StoreError> {
        let named = self.memories.named_in(sql);
        for place in (0..32).filter(|place| named & (1 << place) != 0) {
            self.write_back(place)?;
        }
        Ok(())
    }

    fn write_back(&mut self, place: usize) -> Result<(), StoreError> {
        let mut memory: Box<dyn AnyMemory> = self.memories.take(place);
        let written = memory.write_back(self);
        self.memories.put_back(place, memory);
        written
    }

    /// Sends the queue, what belongs to a step behind its savepoint.
    fn send(&mut self) -> Result<(), StoreError> {
        if self.queue.is_empty() {
            return Ok(());
        }
        let queue = std::mem::take(&mut self.queue);
        self.tables.clear();
        self.rows.clear();
        self.has_written = true;
        let sent = self.open(Some(&queue));
        if let Err(error) = &sent {
            self.broken = Some(error.clone());
        }
        sent
    }

    /// Opens the savepoints of all steps that have begun; or with a queue, of those that have something in it, and sends
    /// it.
    fn open(&mut self, queue: Option<&[Write]>) -> Result<(), StoreError> {
        self.is_whole()?;
        self.seen.forget();
        let mut waiting = queue.unwrap_or_default();
        let mut sent = 0;
        for step in &mut self.steps {
            let has_writes = step.from < sent + waiting.len();
            if !step.opened && (queue.is_none() || has_writes) {
                let (before, after) = waiting.split_at(step.from.saturating_sub(sent).min(waiting.len()));
                send_all(self.connection, before)?;
                (sent, waiting) = (step.from, after);
                self.connection.execute("SAVEPOINT step", &[])?;
                step.opened = true;
            }
            step.from = 0;
        }
        send_all(self.connection, waiting)
    }

    fn is_whole(&self) -> Result<(), StoreError> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    /// Whether the engine has given up the whole transaction (as it does when the disk is full).
    pub(crate) fn is_lost(&self) -> bool {
        self.connection.is_lost()
    }
}

impl Write {
    fn new(sql: &'static str, params: &[Param<'_>]) -> Self {
        Self {
            sql,
            params: values(params),
        }
    }
}

/// Parameters that are kept.
pub(crate) fn values(params: &[Param<'_>]) -> Vec<Value> {
    params.iter().copied().map(Value::from).collect()
}

fn send_all(connection: &Connection, writes: &[Write]) -> Result<(), StoreError> {
    let params: Vec<Vec<_>> = writes
        .iter()
        .map(|write| write.params.iter().map(Value::as_param).collect())
        .collect();
    let statements = writes
        .iter()
        .zip(&params)
        .map(|(write, params)| (write.sql, params.as_slice()));
    connection.execute_all(statements).map(drop)
}

/// The table that a statement writes: behind `INTO`, `UPDATE` or `FROM`, whichever comes first.
fn table_of(sql: &'static str) -> &'static str {
    let mut words = words(sql);
    let led = words.find(|word| matches!(*word, "INTO" | "UPDATE" | "FROM"));
    led.and_then(|_| words.next()).unwrap_or(sql)
}
