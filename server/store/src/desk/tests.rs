use super::*;
use crate::{CommandError, ManualClock, Query, params};
use haigou_test_postgres::{database, on_postgres};
use std::sync::mpsc;

/// Writes a number, then does what it is told.
struct Put {
    id: i64,
    then: Then,
}

enum Then {
    Answer,
    Refuse,
    Panic,
    /// Says that it runs, and waits until it may go on.
    Wait(mpsc::Sender<()>, mpsc::Receiver<()>),
    /// Writes so many bytes more.
    Fill(usize),
}

const PUT: &str = "INSERT INTO thing (id, at, place) VALUES ($1, $2, (SELECT COUNT(*) FROM thing))";

impl Command for Put {
    type Answer = i64;
    type Refusal = &'static str;
    const NAME: &'static str = "test.put";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<i64, CommandError<&'static str>> {
        tx.execute(PUT, params![self.id, now_ms])?;
        match self.then {
            Then::Answer => {}
            Then::Refuse => return Err(CommandError::Refused("no")),
            Then::Panic => panic!("as told"),
            Then::Wait(running, go) => {
                running.send(()).unwrap();
                go.recv().unwrap();
            }
            Then::Fill(bytes) => {
                tx.execute(
                    "INSERT INTO ballast (bytes) VALUES ($1)",
                    params![&vec![7; bytes]],
                )?;
            }
        }
        Ok(now_ms)
    }
}

const fn put(id: i64) -> Put {
    Put {
        id,
        then: Then::Answer,
    }
}

struct House {
    desk: Desk,
    store: Store,
    clock: Arc<ManualClock>,
    folder: tempfile::TempDir,
}

fn options(capacity: usize) -> DeskOptions {
    DeskOptions {
        capacity,
        ..DeskOptions::default()
    }
}

fn house(options: DeskOptions) -> House {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store
        .write_blocking(|tx| {
            tx.execute(
                "CREATE TABLE thing (id BIGINT PRIMARY KEY, at BIGINT, place BIGINT)",
                &[],
            )?;
            tx.execute("CREATE TABLE ballast (bytes BYTEA)", &[])
        })
        .unwrap();
    let clock = Arc::new(ManualClock::new(1_000));
    let desk = Desk::start(store.clone(), clock.clone(), options).unwrap();
    House {
        desk,
        store,
        clock,
        folder,
    }
}

fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(&database(folder.path(), "h")).unwrap()
}

impl House {
    /// What is there, in the order in which it was written.
    fn things(&self) -> Vec<i64> {
        self.store
            .read_blocking(|r| r.query("SELECT id FROM thing ORDER BY place", &[], |row| row.int(0)))
            .unwrap()
    }

    /// Hands in a command that holds the writer up; gives what lets it go on.
    fn hold(
        &self,
        id: i64,
    ) -> (
        std::thread::JoinHandle<Result<i64, DeskError<&'static str>>>,
        mpsc::Sender<()>,
    ) {
        let (running, runs) = mpsc::channel();
        let (go, wait) = mpsc::channel();
        let desk = self.desk.clone();
        let held = std::thread::spawn(move || {
            desk.submit_blocking(Put {
                id,
                then: Then::Wait(running, wait),
            })
        });
        runs.recv().unwrap();
        (held, go)
    }

    /// Hands in commands in this order behind a held one, so that they run as one batch.
    fn together(&self, commands: Vec<Put>) -> Vec<Result<i64, DeskError<&'static str>>> {
        let (held, go) = self.hold(0);
        let answers: Vec<_> = commands
            .into_iter()
            .map(|c| self.desk.hand_in(c).unwrap())
            .collect();
        go.send(()).unwrap();
        held.join().unwrap().unwrap();
        answers.into_iter().map(|a| a.blocking_recv().unwrap()).collect()
    }
}

#[tokio::test]
async fn what_is_answered_is_there_and_a_stopped_desk_takes_nothing() {
    let house = house(options(8));
    assert_eq!(house.desk.submit(put(1)).await, Ok(1_000));
    assert_eq!(house.things(), [1]);
    house.desk.stop().await;
    assert_eq!(house.desk.submit(put(2)).await, Err(DeskError::Stopped));
    assert_eq!(house.things(), [1]);
}

#[test]
fn refused_and_broken_ones_change_nothing_and_disturb_nobody() {
    let house = house(options(8));
    let answers = house.together(vec![
        put(1),
        Put {
            id: 2,
            then: Then::Refuse,
        },
        put(3),
        Put {
            id: 4,
            then: Then::Panic,
        },
        put(1),
        put(5),
    ]);
    assert_eq!(answers[0], Ok(1_000));
    assert_eq!(answers[1], Err(DeskError::Refused("no")));
    assert_eq!(answers[2], Ok(1_000));
    assert_eq!(answers[3], Err(DeskError::Fault("as told".to_owned())));
    assert!(matches!(&answers[4], Err(DeskError::Fault(why)) if why.to_lowercase().contains("unique")));
    assert_eq!(answers[5], Ok(1_000));
    assert_eq!(house.things(), [0, 1, 3, 5]);
}

#[test]
fn nothing_is_answered_before_the_commit() {
    let house = house(options(8));
    let (first, go_first) = house.hold(0);
    let mut early = house.desk.hand_in(put(1)).unwrap();
    let (running, runs) = mpsc::channel();
    let (go, wait) = mpsc::channel();
    let late = house
        .desk
        .hand_in(Put {
            id: 2,
            then: Then::Wait(running, wait),
        })
        .unwrap();
    go_first.send(()).unwrap();
    runs.recv().unwrap();
    // `early` has run by now, in the same batch as `late`, and isn't committed.
    assert!(early.try_recv().is_err());
    assert_eq!(house.things(), [0]);
    go.send(()).unwrap();
    assert_eq!(early.blocking_recv().unwrap(), Ok(1_000));
    assert_eq!(late.blocking_recv().unwrap(), Ok(1_000));
    assert_eq!(house.things(), [0, 1, 2]);
    first.join().unwrap().unwrap();
}

#[test]
fn the_order_is_kept_over_batches() {
    let house = house(DeskOptions {
        max_batch: 3,
        ..options(64)
    });
    let answers = house.together((1..=20).map(put).collect());
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(house.things(), (0..=20).collect::<Vec<_>>());
}

#[test]
fn a_full_queue_says_when_to_come_again() {
    let house = house(options(2));
    let (held, go) = house.hold(0);
    let waiting = [
        house.desk.hand_in(put(1)).unwrap(),
        house.desk.hand_in(put(2)).unwrap(),
    ];
    assert_eq!(
        house.desk.submit_blocking(put(3)),
        Err(DeskError::Busy { retry_after_s: 1 })
    );
    go.send(()).unwrap();
    held.join().unwrap().unwrap();
    for answer in waiting {
        answer.blocking_recv().unwrap().unwrap();
    }
    assert_eq!(house.desk.submit_blocking(put(3)), Ok(1_000));
    assert_eq!(house.things(), [0, 1, 2, 3]);
}

#[test]
fn stopping_does_what_is_waiting_first() {
    let house = house(options(8));
    let (held, go) = house.hold(0);
    let waiting: Vec<_> = (1..=5).map(|id| house.desk.hand_in(put(id)).unwrap()).collect();
    let desk = house.desk.clone();
    let stopping = std::thread::spawn(move || desk.stop_blocking());
    while !house.desk.is_closed() {
        std::thread::yield_now();
    }
    assert_eq!(house.desk.submit_blocking(put(9)), Err(DeskError::Stopped));
    go.send(()).unwrap();
    stopping.join().unwrap();
    held.join().unwrap().unwrap();
    for answer in waiting {
        assert_eq!(answer.blocking_recv().unwrap(), Ok(1_000));
    }
    assert_eq!(house.things(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_full_disk_answers_the_whole_batch_and_passes() {
    if on_postgres() {
        return; // only SQLite lets itself be told how small its disk is
    }
    let house = house(options(8));
    let pages = |limit: i64| {
        let pragma = format!("PRAGMA max_page_count = {limit}");
        house
            .store
            .write_blocking(|tx| tx.query_one(&pragma, &[], |row| row.int(0)))
            .unwrap();
    };
    house.desk.submit_blocking(put(-1)).unwrap();
    pages(1);
    let (held, go) = house.hold(0);
    let batch = [
        put(1),
        Put {
            id: 2,
            then: Then::Fill(1 << 20),
        },
        put(3),
    ];
    let answers: Vec<_> = batch
        .into_iter()
        .map(|c| house.desk.hand_in(c).unwrap())
        .collect();
    go.send(()).unwrap();
    let full = StoreError::DiskFull(house.store.place().into());
    for answer in answers {
        assert_eq!(
            answer.blocking_recv().unwrap(),
            Err(DeskError::Storage(full.clone()))
        );
    }
    held.join().unwrap().unwrap();
    assert_eq!(house.things(), [-1, 0]);
    pages(1 << 30);
    assert_eq!(
        house.desk.submit_blocking(Put {
            id: 4,
            then: Then::Fill(1 << 20)
        }),
        Ok(1_000)
    );
    assert_eq!(house.things(), [-1, 0, 4]);
}

#[test]
fn time_never_goes_back_not_even_over_a_restart() {
    let house = house(options(8));
    assert_eq!(house.desk.submit_blocking(put(1)), Ok(1_000));
    house.clock.set(5_000);
    assert_eq!(house.desk.submit_blocking(put(2)), Ok(5_000));
    house.clock.set(2_000);
    assert_eq!(house.desk.submit_blocking(put(3)), Ok(5_000));
    house.desk.stop_blocking();
    let House {
        desk,
        store,
        clock,
        folder,
    } = house;
    drop((desk, store));
    let desk = Desk::start(open(&folder), clock.clone(), options(8)).unwrap();
    assert_eq!(desk.submit_blocking(put(4)), Ok(5_000));
    clock.set(6_000);
    assert_eq!(desk.submit_blocking(put(5)), Ok(6_000));
}

#[test]
fn what_comes_before_runs_at_the_start_and_at_the_head_of_every_batch() {
    let mut runs = 0;
    let house = house(DeskOptions {
        before: Box::new(move |tx, now_ms| {
            runs -= 1;
            tx.execute(PUT, params![i64::from(runs), now_ms])?;
            Ok(())
        }),
        ..options(8)
    });
    assert_eq!(house.things().first(), Some(&-1));
    house.desk.submit_blocking(put(1)).unwrap();
    // It may also have run in between, when nothing was waiting.
    let things = house.things();
    let at = things.iter().position(|&id| id == 1).unwrap();
    assert!(at >= 2 && things[at - 1] < 0);
}

#[test]
fn if_what_comes_before_fails_nothing_is_done() {
    let house = house(DeskOptions {
        before: Box::new(|_, now_ms| match now_ms {
            1_000 => Ok(()),
            2_000 => panic!("as told"),
            _ => Err(StoreError::Busy("as told".to_owned())),
        }),
        ..options(8)
    });
    house.clock.set(2_000);
    assert_eq!(
        house.desk.submit_blocking(put(1)),
        Err(DeskError::Storage(StoreError::Bug("as told".to_owned())))
    );
    house.clock.set(3_000);
    assert_eq!(
        house.desk.submit_blocking(put(1)),
        Err(DeskError::Storage(StoreError::Busy("as told".to_owned())))
    );
    // Time that no commit has used may still be taken back.
    house.clock.set(1_000);
    assert_eq!(house.desk.submit_blocking(put(1)), Ok(1_000));
    assert_eq!(house.things(), [1]);
}

#[test]
fn a_caller_who_gives_up_takes_nothing_along() {
    let house = house(options(8));
    let (held, go) = house.hold(0);
    drop(house.desk.hand_in(put(1)).unwrap());
    go.send(()).unwrap();
    held.join().unwrap().unwrap();
    assert_eq!(house.desk.submit_blocking(put(2)), Ok(1_000));
    assert_eq!(house.things(), [0, 1, 2]);
}
