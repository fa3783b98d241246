//! How many trivial commands a second the desk does, by the number of callers who each wait for their answer:
//! `cargo run --release -p haigou-store --example desk [SECONDS]`.

use haigou_store::{Command, CommandError, Desk, DeskOptions, Store, SystemClock, Tx, params};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Writes one row.
struct Put(i64);

impl Command for Put {
    type Answer = ();
    type Refusal = std::convert::Infallible;
    const NAME: &'static str = "example.put";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Self::Refusal>> {
        tx.execute(
            "INSERT INTO thing (at, amount) VALUES ($1, $2)",
            params![now_ms, self.0],
        )?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(3), |text| text.parse())?;
    let folder = tempfile::tempdir_in(".")?;
    let store = Store::open(&format!("sqlite:{}/h.db", folder.path().display()))?;
    store.write_blocking(|tx| tx.execute("CREATE TABLE thing (at BIGINT, amount BIGINT)", &[]))?;
    let desk = Desk::start(store, Arc::new(SystemClock), DeskOptions::default())?;
    for callers in [1, 64, 1024] {
        let over = Arc::new(AtomicBool::new(false));
        let started = Instant::now();
        let tasks: Vec<_> = (0..callers)
            .map(|caller| {
                let (desk, over) = (desk.clone(), Arc::clone(&over));
                tokio::spawn(async move {
                    let mut done = 0_u64;
                    while !over.load(Ordering::Relaxed) && desk.submit(Put(caller)).await.is_ok() {
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        over.store(true, Ordering::Relaxed);
        let mut done = 0_u64;
        for task in tasks {
            done += task.await?;
        }
        #[expect(clippy::print_stdout, reason = "the result")]
        {
            println!(
                "{callers:>5} callers: {:>8} commands/s",
                u128::from(done) * 1000 / started.elapsed().as_millis()
            );
        }
    }
    desk.stop().await;
    Ok(())
}
