use super::*;
use crate::{Desk, DeskError, DeskOptions, ManualClock, Query as _, Store};
use haigou_contract::ErrorCode;
use haigou_test_postgres::database;
use std::sync::Arc;

/// Notes a word; refuses with the code, after having written, if there is one.
struct Note {
    word: &'static str,
    refuse: Option<ErrorCode>,
}

#[derive(Debug, PartialEq)]
struct No(ErrorCode);

impl Refusal for No {
    fn problem(&self, language: Language) -> Problem {
        Problem::new(self.0, language)
    }
}

impl Command for Note {
    type Answer = &'static str;
    type Refusal = No;
    const NAME: &'static str = "test.note";

    fn run(self, tx: &mut Tx<'_>, _now_ms: i64) -> Result<&'static str, CommandError<No>> {
        tx.execute("INSERT INTO note (word) VALUES ($1)", params![self.word])?;
        self.refuse
            .map_or(Ok(self.word), |code| Err(CommandError::Refused(No(code))))
    }
}

fn once(scope: &str, key: &str, word: &'static str, refuse: Option<ErrorCode>) -> Once<Note> {
    Once {
        scope: scope.to_owned(),
        key: key.to_owned(),
        body_hash: format!("hash of {word}"),
        status: 201,
        language: Language::English,
        command: Note { word, refuse },
    }
}

struct House {
    desk: Desk,
    store: Store,
    clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&database(folder.path(), "h")).unwrap();
    store
        .write_blocking(|tx| tx.execute("CREATE TABLE note (word TEXT)", &[]))
        .unwrap();
    let clock = Arc::new(ManualClock::new(1_000));
    let desk = Desk::start(store.clone(), clock.clone(), DeskOptions::default()).unwrap();
    House {
        desk,
        store,
        clock,
        _folder: folder,
    }
}

impl House {
    fn notes(&self) -> Vec<String> {
        self.store
            .read_blocking(|r| r.query("SELECT word FROM note", &[], |row| row.text(0)))
            .unwrap()
    }
}

#[test]
fn the_same_key_and_body_change_nothing_and_get_the_same_answer() {
    let house = house();
    let first = house.desk.submit_blocking(once("a", "k", "one", None)).unwrap();
    assert_eq!(
        first,
        Answered {
            status: 201,
            body: "\"one\"".to_owned(),
            repeated: false
        }
    );
    let again = house.desk.submit_blocking(once("a", "k", "one", None)).unwrap();
    assert_eq!(
        again,
        Answered {
            repeated: true,
            ..first
        }
    );
    assert_eq!(house.notes(), ["one"]);
}

#[test]
fn another_body_under_the_same_key_is_refused() {
    let house = house();
    house.desk.submit_blocking(once("a", "k", "one", None)).unwrap();
    let other = house.desk.submit_blocking(once("a", "k", "two", None));
    assert_eq!(other, Err(DeskError::Refused(OnceRefusal::Mismatch)));
    assert_eq!(house.notes(), ["one"]);
}

#[test]
fn keys_of_different_people_never_meet() {
    let house = house();
    house.desk.submit_blocking(once("a", "k", "one", None)).unwrap();
    house.desk.submit_blocking(once("b", "k", "two", None)).unwrap();
    assert_eq!(house.notes(), ["one", "two"]);
}

#[test]
fn a_final_refusal_is_kept_and_changes_nothing() {
    let house = house();
    let first = house
        .desk
        .submit_blocking(once("a", "k", "one", Some(ErrorCode::Invalid)))
        .unwrap();
    assert_eq!(first.status, 422);
    let problem: Problem = serde_json::from_str(&first.body).unwrap();
    assert_eq!(problem.code, ErrorCode::Invalid);
    // Even if it could be done by now, the answer under this key stays what it was.
    let again = house.desk.submit_blocking(once("a", "k", "one", None)).unwrap();
    assert_eq!(
        again,
        Answered {
            repeated: true,
            ..first
        }
    );
    assert!(house.notes().is_empty());
}

#[test]
fn a_passing_refusal_leaves_the_key_free() {
    let house = house();
    for code in [
        ErrorCode::SessionExpired,
        ErrorCode::RateLimited,
        ErrorCode::Internal,
        ErrorCode::Busy,
    ] {
        let refused = house.desk.submit_blocking(once("a", "k", "one", Some(code)));
        assert_eq!(refused, Err(DeskError::Refused(OnceRefusal::Passing(No(code)))));
    }
    assert!(
        !house
            .desk
            .submit_blocking(once("a", "k", "one", None))
            .unwrap()
            .repeated
    );
    assert_eq!(house.notes(), ["one"]);
}

#[test]
fn answers_are_forgotten_after_sixty_days_in_small_steps() {
    let house = house();
    for number in 0..501 {
        house
            .desk
            .submit_blocking(once("a", &number.to_string(), "old", None))
            .unwrap();
    }
    house.clock.advance(KEPT_MS);
    assert_eq!(house.desk.submit_blocking(ForgetAnswers), Ok(0));
    house.desk.submit_blocking(once("a", "new", "new", None)).unwrap();
    house.clock.advance(1);
    assert_eq!(house.desk.submit_blocking(ForgetAnswers), Ok(500));
    assert_eq!(house.desk.submit_blocking(ForgetAnswers), Ok(1));
    assert_eq!(house.desk.submit_blocking(ForgetAnswers), Ok(0));
    assert!(
        house
            .desk
            .submit_blocking(once("a", "new", "new", None))
            .unwrap()
            .repeated
    );
}
