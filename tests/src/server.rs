//! A server that can be killed: within this process, or as a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use haigou_server::members::MemorySms;
use haigou_server::web::WebSettings;
use haigou_server::{Running, Settings, StartError, start};
use haigou_store::{ManualClock, Store, StoreError};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// So long a database may be held by a server that is dying.
const DYING: Duration = Duration::from_secs(10);

/// A temporary folder in memory where there is such a thing: what is tested here is the death of processes, not of disks.
#[must_use]
pub fn fast_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        TempDir::new_in(memory)
    } else {
        TempDir::new()
    };
    folder.expect("a temporary folder")
}

/// A server on a database of its own, with a clock and messages that tests can reach.
pub struct Server {
    /// The server's clock.
    pub clock: Arc<ManualClock>,
    sms: Arc<MemorySms>,
    settings: Settings,
    /// The program that serves, if it isn't this process.
    program: Option<PathBuf>,
    alive: Mutex<Option<Alive>>,
    folder: TempDir,
}

enum Alive {
    Inside(Runtime, Running),
    Process {
        child: Child,
        address: SocketAddr,
        said: Said,
    },
}

/// What a process says, line by line.
type Said = std::io::Lines<BufReader<std::process::ChildStdout>>;

impl Server {
    /// Starts one in this process under the rulebook `sport`, at this time.
    #[must_use]
    pub fn start_at(now_ms: i64) -> Self {
        Self::start_with(now_ms, |_| {})
    }

    /// Starts one in this process, with changed settings.
    #[must_use]
    pub fn start_with(now_ms: i64, change: impl FnOnce(&mut Settings)) -> Self {
        let server = Self::new(now_ms, None, change);
        server.revive();
        server
    }

    /// Starts one as a process that can really be killed: the given program, which is this package's `server_to_kill`.
    #[must_use]
    pub fn start_process(now_ms: i64, program: &str) -> Self {
        let server = Self::new(now_ms, Some(PathBuf::from(program)), |_| {});
        server.revive();
        server
    }

    fn new(now_ms: i64, program: Option<PathBuf>, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = fast_folder();
        let mut settings = Settings {
            db: format!("sqlite:{}", folder.path().join("haigou.db").display()),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            rulebook: "sport".to_owned(),
            web: WebSettings {
                code_secret: "a secret of thirty-two characters".to_owned(),
                ..WebSettings::unlimited()
            },
            ..Settings::default()
        };
        change(&mut settings);
        Self {
            clock: Arc::new(ManualClock::new(now_ms)),
            sms: Arc::default(),
            settings,
            program,
            alive: Mutex::default(),
            folder,
        }
    }

    /// Where it listens, while it is alive.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match &*self.alive.lock().unwrap() {
            Some(Alive::Inside(_, running)) => Some(running.address),
            Some(Alive::Process { address, .. }) => Some(*address),
            None => None,
        }
    }

    /// The start of every address while it is alive, for example `http://127.0.0.1:4711`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address().expect("the server is alive"))
    }

    /// The database's address.
    #[must_use]
    pub fn db(&self) -> &str {
        &self.settings.db
    }

    /// The folder that the database lives in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Dies without a word, as by a power cut: what was not answered is lost.
    pub fn kill(&self) {
        match self.alive.lock().unwrap().take() {
            Some(Alive::Inside(runtime, running)) => {
                drop(running);
                runtime.shutdown_background();
            }
            Some(Alive::Process { mut child, .. }) => {
                child.kill().expect("the process can be killed");
                child.wait().expect("the process is gone");
            }
            None => {}
        }
    }

    /// Stops as it should. Not within a runtime.
    pub fn stop(&self) {
        match self.alive.lock().unwrap().take() {
            Some(Alive::Inside(runtime, running)) => runtime.block_on(running.stop()),
            Some(Alive::Process { .. }) => unreachable!("processes are only killed here"),
            None => {}
        }
    }

    /// Starts again, if it is dead. Not within a runtime.
    pub fn revive(&self) {
        let mut alive = self.alive.lock().unwrap();
        if alive.is_none() {
            *alive = Some(match &self.program {
                Some(program) => self.spawn(program),
                None => self.start_inside(),
            });
        }
    }

    fn start_inside(&self) -> Alive {
        let since = Instant::now();
        loop {
            let runtime = Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            let sms = Arc::clone(&self.sms);
            match runtime.block_on(start(self.settings.clone(), Arc::clone(&self.clock) as _, sms)) {
                Ok(running) => return Alive::Inside(runtime, running),
                // Its writer may still be at its last batch.
                Err(StartError::Store(StoreError::InUse(_) | StoreError::Busy(_)))
                    if since.elapsed() < DYING =>
                {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(error) => panic!("the server doesn't start: {error}"),
            }
        }
    }

    fn spawn(&self, program: &Path) -> Alive {
        let mut child = Command::new(program)
            .args([
                &self.settings.db,
                &haigou_store::Clock::now_ms(self.clock.as_ref()).to_string(),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server's process starts");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = said
            .next()
            .expect("it says where it listens")
            .unwrap()
            .parse()
            .unwrap();
        Alive::Process { child, address, said }
    }

    /// Sets the server's clock, also that of a process.
    pub fn set_clock(&self, now_ms: i64) {
        self.clock.set(now_ms);
        if let Some(Alive::Process { child, said, .. }) = &mut *self.alive.lock().unwrap() {
            writeln!(child.stdin.as_mut().unwrap(), "clock {now_ms}").unwrap();
            assert_eq!(said.next().unwrap().unwrap(), "done");
        }
    }

    /// The newest code that was sent to a number. A process doesn't know what one before it sent.
    #[must_use]
    pub fn code_for(&self, number: &str) -> Option<String> {
        match &mut *self.alive.lock().unwrap() {
            Some(Alive::Process { child, said, .. }) => {
                writeln!(child.stdin.as_mut().unwrap(), "code {number}").unwrap();
                Some(said.next().unwrap().unwrap()).filter(|code| !code.is_empty())
            }
            _ => self.sms.code_for(number),
        }
    }

    /// The database, for reading, whether the server is alive or not.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::open_read_only(&self.settings.db).expect("the database can be read")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
