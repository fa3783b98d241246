use super::*;
use crate::{Log, Store, params};
use haigou_test_postgres::{cases, database};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What a command does, one thing after the other.
#[derive(Debug, Clone)]
enum Deed {
    /// Writes a row of table 0 or 1.
    Write(usize, i64),
    /// Changes a row through the memory.
    Remember(i64),
    /// Changes rows of table 0 or 1 at once; what it says depends on what was written.
    Execute(usize),
    /// Reads a table: 2 is the memory's, 3 the one whose rows are written by their keys.
    Read(usize),
    /// Writes a row by its key: what it holds then.
    Put(i64, i64),
    /// Looks a row up by its key.
    LookUp(i64),
    /// A step within the step.
    Within(Vec<Deed>, End),
}

#[derive(Debug, Clone, Copy)]
enum End {
    Done,
    Refused,
    /// Only within a step: it panics, the one around it goes on.
    Panics,
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![3 => Just(End::Done), 1 => Just(End::Refused), 1 => Just(End::Panics)]
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..2_usize, 0..20_i64).prop_map(|(table, id)| Deed::Write(table, id)),
        4 => (0..6_i64).prop_map(Deed::Remember),
        1 => (0..2_usize).prop_map(Deed::Execute),
        2 => (0..4_usize).prop_map(Deed::Read),
        4 => (0..KEYS, 0..9_i64).prop_map(|(id, at)| Deed::Put(id, at)),
        4 => (0..KEYS).prop_map(Deed::LookUp),
    ];
    let deed = deed.prop_recursive(3, 24, 5, |deed| {
        (prop::collection::vec(deed, 0..5), end()).prop_map(|(deeds, end)| Deed::Within(deeds, end))
    });
    prop::collection::vec(deed, 0..8)
}

const INSERT: [&str; 2] = [
    "INSERT INTO zero (id, at) VALUES ($1, (SELECT count(*) FROM zero))",
    "INSERT INTO one (id, at) VALUES ($1, (SELECT count(*) FROM one))",
];
const CHANGE: [&str; 2] = [
    "UPDATE zero SET id = id + 100 WHERE at % 3 = 1",
    "UPDATE one SET id = id + 100 WHERE at % 3 = 1",
];
const READ: [&str; 4] = [
    "SELECT id, at FROM zero ORDER BY at",
    "SELECT id, at FROM one ORDER BY at",
    "SELECT id, at FROM kept ORDER BY id",
    "SELECT id, at FROM keyed ORDER BY id",
];
/// So many keys there are.
const KEYS: i64 = 4;
const PUT_ROW: &str =
    "INSERT INTO keyed (id, at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
const LOOK_UP: &str = "SELECT id, at FROM keyed WHERE id = $1";
const ADD: &str = "INSERT INTO kept (id, at) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET at = kept.at + 1";

/// How often each row of `kept` was changed, known by heart.
#[derive(Default)]
struct Counts {
    known: BTreeMap<i64, i64>,
    unwritten: Vec<i64>,
    /// A number's count before, and how many were to be written.
    log: Log<(i64, Option<i64>)>,
}

impl Counts {
    fn add(&mut self, tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
        let before = match self.known.get(&id) {
            Some(&known) => known,
            None => tx
                .query_one("SELECT at FROM kept WHERE id = $1", params![id], |row| row.int(0))?
                .unwrap_or(0),
        };
        self.log.note((id, self.known.get(&id).copied()));
        self.known.insert(id, before + 1);
        self.unwritten.push(id);
        Ok(())
    }
}

impl Memory for Counts {
    const TABLES: &'static [&'static str] = &["kept"];

    fn begin(&mut self) {
        self.log.begin();
    }

    fn keep(&mut self) {
        self.log.keep();
    }

    fn undo(&mut self) {
        for (id, before) in self.log.undo() {
            match before {
                Some(before) => self.known.insert(id, before),
                None => self.known.remove(&id),
            };
        }
    }

    fn write_back(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        // Whether a step is undone that it was written in isn't known here: it stays to be written.
        for id in &self.unwritten {
            if let Some(at) = self.known.get(id) {
                let sql = "INSERT INTO kept (id, at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
                tx.write(sql, params![*id, *at]);
            }
        }
        Ok(())
    }

    fn tidy(&mut self) {
        self.unwritten.clear();
        if self.known.len() > 3 {
            *self = Self::default();
        }
    }
}

struct Refused;

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        panic!("{error}");
    }
}

/// Through the queue and the memory, or plainly.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Queued,
    Plain,
}

type Seen = Vec<Vec<(i64, i64)>>;

fn look(tx: &mut Tx<'_>, table: usize) -> Vec<(i64, i64)> {
    tx.query(READ[table], &[], |row| Ok((row.int(0)?, row.int(1)?)))
        .unwrap()
}

fn run(tx: &mut Tx<'_>, way: Way, deeds: &[Deed], end: End, seen: &mut Seen) -> Result<(), Refused> {
    for deed in deeds {
        match deed {
            Deed::Write(table, id) if way == Way::Queued => tx.write(INSERT[*table], params![*id]),
            Deed::Write(table, id) => assert_eq!(tx.execute(INSERT[*table], params![*id]), Ok(1)),
            Deed::Remember(id) if way == Way::Queued => {
                tx.memory::<Counts, _>(|counts, tx| counts.add(tx, *id)).unwrap();
            }
            Deed::Remember(id) => assert_eq!(tx.execute(ADD, params![*id]), Ok(1)),
            Deed::Execute(table) => {
                let changed = tx.execute(CHANGE[*table], &[]).unwrap();
                seen.push(vec![(-1, i64::try_from(changed).unwrap())]);
            }
            Deed::Read(table) => seen.push(look(tx, *table)),
            Deed::Put(id, at) if way == Way::Queued => {
                tx.write_row("keyed", params![*id], PUT_ROW, params![*id, *at]);
            }
            Deed::Put(id, at) => assert_eq!(tx.execute(PUT_ROW, params![*id, *at]), Ok(1)),
            Deed::LookUp(id) => {
                let map = |row: &Row<'_>| Ok((row.int(0)?, row.int(1)?));
                let found = match way {
                    Way::Queued => tx.look_up("keyed", params![*id], LOOK_UP, map),
                    Way::Plain => tx.query_one(LOOK_UP, params![*id], map),
                };
                seen.push(found.unwrap().into_iter().collect());
            }
            Deed::Within(deeds, end) => {
                let ended = catch_unwind(AssertUnwindSafe(|| {
                    tx.savepoint(|tx| run(tx, way, deeds, *end, seen))
                }));
                // Like a command whose fault is caught around everything it does.
                if ended.is_err() {
                    return Err(Refused);
                }
            }
        }
    }
    match end {
        End::Done => Ok(()),
        End::Refused => Err(Refused),
        End::Panics => panic!("as told"),
    }
}

fn all(way: Way, batches: &[Vec<(Vec<Deed>, End)>]) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&database(folder.path(), "h")).unwrap();
    store
        .write_blocking(|tx| {
            tx.execute("CREATE TABLE zero (id BIGINT, at BIGINT)", &[])?;
            tx.execute("CREATE TABLE one (id BIGINT, at BIGINT)", &[])?;
            tx.execute("CREATE TABLE keyed (id BIGINT PRIMARY KEY, at BIGINT)", &[])?;
            tx.execute("CREATE TABLE kept (id BIGINT PRIMARY KEY, at BIGINT)", &[])
        })
        .unwrap();
    let mut seen = Seen::new();
    for batch in batches {
        let mut writer = store.writer().unwrap();
        let done = writer.transact(|tx| {
            if way == Way::Queued {
                tx.look_ahead(|ahead| (0..KEYS).for_each(|id| ahead.look(LOOK_UP, params![id])))?;
            }
            for (deeds, end) in batch {
                let _refused = tx.savepoint(|tx| {
                    let ran = catch_unwind(AssertUnwindSafe(|| run(tx, way, deeds, *end, &mut seen)));
                    ran.unwrap_or(Err(Refused))
                });
            }
            Ok::<_, StoreError>(())
        });
        done.unwrap();
        writer.memories().tidy();
    }
    let last = store.write_blocking(|tx| Ok::<_, StoreError>([0, 1, 2, 3].map(|table| look(tx, table))));
    seen.extend(last.unwrap());
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(64)))]

    #[test]
    fn what_waits_in_the_queue_is_seen_like_what_is_written_at_once(
        batches in prop::collection::vec(prop::collection::vec((deeds(), end()), 0..5), 1..4),
    ) {
        prop_assert_eq!(all(Way::Queued, &batches), all(Way::Plain, &batches));
    }
}

#[test]
fn rows_written_by_their_keys_wait_while_others_are_looked_up() {
    let (store, _folder) = store();
    let look_up = |tx: &mut Tx<'_>, id: i64| {
        tx.look_up(
            "thing",
            params![id],
            "SELECT id FROM thing WHERE id = $1",
            |row| row.int(0),
        )
    };
    let done = store.write_blocking(|tx| {
        tx.write_row("thing", params![1_i64], PUT, params![1_i64]);
        assert_eq!(look_up(tx, 2), Ok(None));
        assert_eq!(tx.queue.len(), 1, "it still waits");
        assert_eq!(look_up(tx, 1), Ok(Some(1)));
        assert!(tx.queue.is_empty());
        Ok::<_, StoreError>(())
    });
    assert_eq!(done, Ok(()));
}

#[test]
fn a_look_ahead_finds_what_each_look_by_itself_does_even_what_no_text_can_be() {
    let (store, _folder) = store();
    let sql = "SELECT name, id FROM named WHERE name = $1";
    let names = ["a", "b", "a", "none", "zero\0"];
    let found = store.write_blocking(|tx| {
        tx.execute("CREATE TABLE named (name TEXT, id BIGINT)", &[])?;
        for (name, id) in [("a", 1_i64), ("a", 2), ("b", 3)] {
            tx.execute("INSERT INTO named (name, id) VALUES ($1, $2)", params![name, id])?;
        }
        tx.look_ahead(|ahead| names.iter().for_each(|name| ahead.look(sql, params![*name])))?;
        let mut look = |name: &str| {
            let mut found = tx.query(sql, params![name], |row| row.int(1))?;
            found.sort_unstable();
            Ok::<_, StoreError>(found)
        };
        names.iter().map(|name| look(name)).collect::<Result<Vec<_>, _>>()
    });
    let nothing: Vec<i64> = Vec::new();
    let expected = vec![vec![1, 2], vec![3], vec![1, 2], nothing.clone(), nothing];
    assert_eq!(found, Ok(expected));
}

fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&database(folder.path(), "h")).unwrap();
    let table = "CREATE TABLE thing (id BIGINT PRIMARY KEY)";
    store.write_blocking(|tx| tx.execute(table, &[])).unwrap();
    (store, folder)
}

fn things(store: &Store) -> Vec<i64> {
    let sql = "SELECT id FROM thing ORDER BY id";
    store
        .read_blocking(|r| r.query(sql, &[], |row| row.int(0)))
        .unwrap()
}

const PUT: &str = "INSERT INTO thing (id) VALUES ($1)";

#[test]
fn a_write_that_fails_takes_the_whole_transaction_along() {
    let (store, _folder) = store();
    let failed = store.write_blocking(|tx| {
        tx.write(PUT, params![1_i64]);
        tx.savepoint(|tx| {
            tx.write(PUT, params![2_i64]);
            tx.write(PUT, params![2_i64]);
            Ok::<_, StoreError>(())
        })?;
        assert!(tx.query("SELECT id FROM thing", &[], |row| row.int(0)).is_err());
        // Nothing goes on as if nothing had happened.
        tx.write(PUT, params![3_i64]);
        assert!(tx.execute(PUT, params![4_i64]).is_err());
        Ok::<_, StoreError>(())
    });
    assert!(matches!(failed, Err(StoreError::Constraint(_))), "{failed:?}");
    assert_eq!(things(&store), [0_i64; 0]);
}

#[test]
fn a_memory_in_use_cannot_be_used_again() {
    let (store, _folder) = store();
    let failed = store.write_blocking(|tx| {
        tx.write(PUT, params![1_i64]);
        tx.memory::<Counts, _>(|_, tx| tx.memory::<Counts, _>(|_, _| ()));
        Ok::<_, StoreError>(())
    });
    assert!(matches!(failed, Err(StoreError::Bug(_))), "{failed:?}");
    assert_eq!(things(&store), [0_i64; 0]);
}

#[test]
fn a_panic_leaves_the_memory_where_it_was() {
    let (store, _folder) = store();
    let table = "CREATE TABLE kept (id BIGINT PRIMARY KEY, at BIGINT)";
    let kept = store.write_blocking(|tx| {
        tx.execute(table, &[])?;
        tx.memory::<Counts, _>(|counts, tx| counts.add(tx, 7))?;
        let broke = catch_unwind(AssertUnwindSafe(|| {
            tx.memory::<Counts, _>(|_, _| panic!("as told"))
        }));
        assert!(broke.is_err());
        Ok::<_, StoreError>(look(tx, 2))
    });
    assert_eq!(kept, Ok(vec![(7, 1)]));
}

#[test]
fn the_table_of_a_statement_is_the_one_it_writes() {
    for (sql, table) in [
        (ADD, "kept"),
        (CHANGE[0], "zero"),
        ("DELETE FROM one WHERE id = $1", "one"),
    ] {
        assert_eq!(table_of(sql), table);
    }
}

#[test]
fn a_panic_in_a_step_undoes_the_steps_around_it_up_to_where_it_is_caught() {
    let (store, _folder) = store();
    let done = store.write_blocking(|tx| {
        let broke = tx.savepoint(|tx| {
            tx.execute(PUT, params![1_i64])?;
            let within = AssertUnwindSafe(|| {
                tx.savepoint(|tx| {
                    tx.execute(PUT, params![2_i64])?;
                    panic!("as told");
                    #[expect(unreachable_code, reason = "names the type")]
                    Ok::<(), StoreError>(())
                })
            });
            let broke = catch_unwind(within).is_err();
            Err::<(), _>(StoreError::Bug(format!("broke: {broke}")))
        });
        assert_eq!(broke, Err(StoreError::Bug("broke: true".to_owned())));
        tx.execute(PUT, params![3_i64])
    });
    assert_eq!(done, Ok(1));
    assert_eq!(things(&store), [3]);
}
