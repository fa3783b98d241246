//! What the writer knows by heart: state that lives from batch to batch, so that commands need not read it again, and
//! is written back once a batch.

use crate::{StoreError, Tx};
use std::any::{Any, TypeId};

/// State of some tables that only the writer changes, kept between batches in [`Tx::memory`].
///
/// It begins empty (its `Default`) and reads what it needs. It is thrown away whole when a batch could not be saved, when
/// somebody else has written. Steps (commands, and
/// [savepoints](Tx::savepoint) in them) lie within one another: each that begins is kept or undone, the newest first.
/// A [`Log`] does the book-keeping.
pub trait Memory: Default + Send + 'static {
    /// The tables that nobody else writes. Whatever reads or writes one of them has the memory written back first.
    const TABLES: &'static [&'static str];

    /// A step begins.
    fn begin(&mut self);

    /// The newest step was done.
    fn keep(&mut self);

    /// The newest step did nothing: everything is again as it was when it began. What was written back since then is
    /// undone by the database.
    fn undo(&mut self);

    /// Writes what was changed since it was written last, with [`Tx::write`].
    ///
    /// Called before the commit, and in the midst of a step when somebody reads the tables.
    ///
    /// # Errors
    /// The database's.
    fn write_back(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError>;

    /// A batch was committed: all that was written back stands. A chance to forget what is too much.
    fn tidy(&mut self) {}
}

/// What has to be put back if a step is undone, and where each step began.
#[derive(Debug)]
pub struct Log<T> {
    changes: Vec<T>,
    begun: Vec<usize>,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self {
            changes: Vec::new(),
            begun: Vec::new(),
        }
    }
}

impl<T> Log<T> {
    /// A step begins.
    pub fn begin(&mut self) {
        self.begun.push(self.changes.len());
    }

    /// Notes how something was before a change. Outside of all steps nothing can be undone, and nothing is noted.
    pub fn note(&mut self, before: T) {
        if !self.begun.is_empty() {
            self.changes.push(before);
        }
    }

    /// The newest step was done: its changes belong to the one around it.
    pub fn keep(&mut self) {
        self.begun.pop();
        if self.begun.is_empty() {
            self.changes.clear();
        }
    }

    /// The newest step is undone: what its changes replaced, the newest first.
    pub fn undo(&mut self) -> impl Iterator<Item = T> + use<T> {
        let from = self.begun.pop().unwrap_or(0);
        self.changes
            .split_off(from.min(self.changes.len()))
            .into_iter()
            .rev()
    }
}

/// All memories, each by its type.
#[derive(Default)]
pub(crate) struct Memories {
    kept: Vec<Kept>,
}

struct Kept {
    id: TypeId,
    tables: &'static [&'static str],
    memory: Box<dyn AnyMemory>,
}

/// A memory of any type.
pub(crate) trait AnyMemory: Any + Send {
    fn begin(&mut self);
    fn keep(&mut self);
    fn undo(&mut self);
    fn write_back(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError>;
    fn tidy(&mut self);
}

impl<M: Memory> AnyMemory for M {
    fn begin(&mut self) {
        Memory::begin(self);
    }
    fn keep(&mut self) {
        Memory::keep(self);
    }
    fn undo(&mut self) {
        Memory::undo(self);
    }
    fn write_back(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        Memory::write_back(self, tx)
    }
    fn tidy(&mut self) {
        Memory::tidy(self);
    }
}

/// Stands in for a memory that is in somebody's hands.
struct Away;

impl AnyMemory for Away {
    fn begin(&mut self) {}
    fn keep(&mut self) {}
    fn undo(&mut self) {}
    fn write_back(&mut self, _: &mut Tx<'_>) -> Result<(), StoreError> {
        Ok(())
    }
    fn tidy(&mut self) {}
}

impl Memories {
    pub(crate) fn begin(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.memory.begin());
    }

    pub(crate) fn keep(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.memory.keep());
    }

    pub(crate) fn undo(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.memory.undo());
    }

    /// Forgets everything: the tables may say something else by now.
    pub(crate) fn forget(&mut self) {
        self.kept.clear();
    }

    /// After a commit.
    pub(crate) fn tidy(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.memory.tidy());
    }

    pub(crate) const fn len(&self) -> usize {
        self.kept.len()
    }

    /// The places of the memories that keep one of the tables that a statement names: a bit for each.
    pub(crate) fn named_in(&self, sql: &str) -> u32 {
        let mut named = 0;
        for word in words(sql) {
            for (place, kept) in (0_u32..32).zip(&self.kept) {
                if kept.tables.contains(&word) {
                    named |= 1 << place;
                }
            }
        }
        named
    }

    /// The place of a type's memory, which begins empty within so many steps if there is none.
    pub(crate) fn place_of<M: Memory>(&mut self, steps: usize) -> usize {
        let id = TypeId::of::<M>();
        let place = self.kept.iter().position(|kept| kept.id == id);
        place.unwrap_or_else(|| {
            let mut memory = M::default();
            (0..steps).for_each(|_| Memory::begin(&mut memory));
            self.kept.push(Kept {
                id,
                tables: M::TABLES,
                memory: Box::new(memory),
            });
            self.kept.len() - 1
        })
    }

    /// Takes the memory of a place into somebody's hands.
    pub(crate) fn take(&mut self, place: usize) -> Box<dyn AnyMemory> {
        let kept = self.kept.get_mut(place);
        kept.map_or_else(
            || Box::new(Away) as _,
            |kept| std::mem::replace(&mut kept.memory, Box::new(Away)),
        )
    }

    pub(crate) fn put_back(&mut self, place: usize, memory: Box<dyn AnyMemory>) {
        if let Some(kept) = self.kept.get_mut(place) {
            kept.memory = memory;
        }
    }
}

/// The words of a statement: among them the tables that it names.
pub(crate) fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_by_its_whole_name() {
        let names = |sql, table| words(sql).any(|word| word == table);
        assert!(names("SELECT units FROM balance WHERE account = $1", "balance"));
        assert!(names("INSERT INTO balance(account) VALUES ($1)", "balance"));
        assert!(!names("SELECT balance_of FROM balances", "balance"));
    }

    #[test]
    fn a_log_gives_back_the_newest_step_first() {
        let mut log = Log::default();
        log.note(0);
        log.begin();
        log.note(1);
        log.begin();
        log.note(2);
        log.keep();
        log.begin();
        log.note(3);
        log.note(4);
        assert_eq!(log.undo().collect::<Vec<_>>(), [4, 3]);
        assert_eq!(log.undo().collect::<Vec<_>>(), [2, 1]);
        assert_eq!(log.undo().count(), 0);
    }
}
