//! The server in a process of its own. It tells this one, a line each, where it listens and which SMS it sends.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use haigou_contract::Language;
use haigou_server::members::{Code, PhoneNumber, SmsError, SmsProvider};
use haigou_server::{Settings, start};
use haigou_store::SystemClock;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::Notify;
use tracing_subscriber::EnvFilter;

use crate::{Failed, served};

/// Serves until standard input ends; at most so many changes are saved together.
pub(crate) fn serve(database: &str, batch: Option<usize>) -> Result<(), Failed> {
    let mut settings = served::settings(database);
    settings.batch = batch.unwrap_or(settings.batch);
    log(&settings)?;
    served::runtime()?.block_on(async {
        let running = start(settings, Arc::new(SystemClock), Arc::new(Spoken)).await?;
        writeln!(io::stdout(), "{}", running.address)?;
        tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
        running.stop().await;
        Ok(())
    })
}

/// As much is logged as by `haigou serve`, and thrown away.
fn log(settings: &Settings) -> Result<(), Failed> {
    let filter = EnvFilter::try_new(&settings.log)?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::sink)
        .init();
    Ok(())
}

/// Says codes on standard output.
struct Spoken;

#[async_trait]
impl SmsProvider for Spoken {
    async fn send_code(&self, to: &PhoneNumber, code: &Code, _: Language) -> Result<(), SmsError> {
        writeln!(io::stdout(), "{} {}", to.as_str(), code.digits())
            .map_err(|error| SmsError(error.to_string()))
    }

    fn is_for_production(&self) -> bool {
        false
    }
}

/// The server's process.
pub(super) struct Server {
    child: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// The process's number.
    pub(super) id: u32,
    /// What it sent.
    pub(super) codes: Codes,
}

impl Server {
    pub(super) async fn start(database: &str, batch: Option<usize>) -> Result<Self, Failed> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", database])
            .args(batch.map(|batch| format!("--batch={batch}")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let id = child.id().ok_or("the server's process has ended")?;
        let said = child.stdout.take().ok_or("the server's process says nothing")?;
        let mut said = BufReader::new(said).lines();
        let address = said
            .next_line()
            .await?
            .ok_or("the server didn't start")?
            .parse()?;
        let codes = Codes::default();
        tokio::spawn(codes.clone().listen(said));
        Ok(Self {
            child,
            address,
            id,
            codes,
        })
    }

    /// Stops it as it should be.
    pub(super) async fn stop(mut self) -> Result<(), Failed> {
        drop(self.child.stdin.take());
        let status = self.child.wait().await?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the server ended with {status}").into())
        }
    }
}

/// The codes that were sent. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Codes(Arc<(Mutex<HashMap<String, String>>, Notify)>);

impl Codes {
    async fn listen(self, mut said: Lines<BufReader<ChildStdout>>) {
        while let Ok(Some(line)) = said.next_line().await {
            if let Some((phone, code)) = line.split_once(' ') {
                let mut known = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(phone.to_owned(), code.to_owned());
            }
            self.0.1.notify_waiters();
        }
    }

    /// The code of a number, as soon as it is there.
    pub(super) async fn of(&self, phone: &str) -> String {
        loop {
            let more = self.0.1.notified();
            let known = self
                .0
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(phone);
            match known {
                Some(code) => return code,
                None => more.await,
            }
        }
    }
}
