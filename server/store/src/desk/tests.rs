use super::*;
use crate::{CommandError, ManualClock, Query, params};

struct Put(i64);

impl Command for Put {
    type Answer = i64;
    type Refusal = &'static str;
    const NAME: &'static str = "test.put";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<i64, CommandError<&'static str>> {
        tx.execute("INSERT INTO thing (id, at) VALUES ($1, $2)", params![self.0, now_ms])?;
        Ok(now_ms)
    }
}

#[tokio::test]
async fn what_is_answered_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}/h.db", folder.path().display())).unwrap();
    store
        .write_blocking(|tx| tx.execute("CREATE TABLE thing (id BIGINT PRIMARY KEY, at BIGINT)", &[]))
        .unwrap();
    let desk = Desk::start(store.clone(), Arc::new(ManualClock::new(7)), DeskOptions::default()).unwrap();
    assert_eq!(desk.submit(Put(1)).await, Ok(7));
    let count = store.read(|r| r.query_one("SELECT count(*) FROM thing", &[], |row| row.int(0))).await;
    assert_eq!(count, Ok(Some(1)));
    desk.stop().await;
    assert_eq!(desk.submit(Put(2)).await, Err(DeskError::Stopped));
}
