//! The cluster: its files, its process, its databases.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Who owns the databases.
const OWNER: &str = "haigou";
/// So long it may take to start.
const STARTING: Duration = Duration::from_secs(60);

/// A PostgreSQL server with files of its own. It goes with this value, and with the thread that started it.
pub struct Cluster {
    server: Mutex<Option<Child>>,
    system: System,
    folder: TempDir,
}

/// What the system has of PostgreSQL.
struct System {
    programs: PathBuf,
    /// Whom it runs as, where this process is root: PostgreSQL refuses to be.
    user: Option<(u32, u32)>,
}

impl Cluster {
    /// Makes and starts one; none, with a word why, where PostgreSQL isn't installed.
    ///
    /// # Panics
    /// If it doesn't start; or if it isn't installed and the variable `CI` is set.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(system) = System::find() else {
            let why = "PostgreSQL isn't installed (Debian's package `postgresql`)";
            assert!(std::env::var_os("CI").is_none(), "{why}");
            println!("left out: {why}");
            return None;
        };
        let folder = TempDir::new().expect("a temporary folder");
        if let Some((user, group)) = system.user {
            chown(folder.path(), Some(user), Some(group)).expect("root may give it away");
        }
        let made = system
            .command("initdb", &folder)
            .args(["--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"])
            .args(["--username", OWNER, "--pgdata"])
            .arg(folder.path().join("data"))
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let cluster = Self {
            server: Mutex::new(None),
            system,
            folder,
        };
        cluster.go_on();
        Some(cluster)
    }

    /// The folder with its socket.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a database.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    pub fn create(&self, database: &str) -> String {
        self.run("postgres", &format!("CREATE DATABASE \"{database}\""));
        url(self.folder(), database)
    }

    /// Runs a statement past everything; what it answers, as text.
    ///
    /// # Panics
    /// If it fails.
    pub fn run(&self, database: &str, sql: &str) -> String {
        run(self.folder(), database, sql)
    }

    /// Stops at once, as by a power cut: whoever is connected is cut off, and what was committed is recovered later.
    ///
    /// # Panics
    /// If it can't be stopped.
    pub fn crash(&self) {
        self.signal("QUIT");
    }

    /// Stops in order, though without waiting for whoever is connected.
    ///
    /// # Panics
    /// If it can't be stopped.
    pub fn stop(&self) {
        self.signal("INT");
    }

    fn signal(&self, signal: &str) {
        if let Some(mut server) = self.server().take() {
            let sent = Command::new("kill")
                .args([&format!("-{signal}"), &server.id().to_string()])
                .status();
            assert!(sent.expect("kill runs").success(), "the server is there");
            server.wait().expect("the server ends");
        }
    }

    /// Starts after a stop, and waits until it answers.
    ///
    /// # Panics
    /// If it doesn't, with its log.
    pub fn go_on(&self) {
        let log_file = self.folder().join("log");
        let log = std::fs::File::options().create(true).append(true).open(&log_file);
        let server = self
            .system
            .command("postgres", &self.folder)
            .arg("-D")
            .arg(self.folder().join("data"))
            .arg("-k")
            .arg(self.folder())
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=on",
                "-c",
                "max_connections=500",
            ])
            .stderr(log.expect("a log"))
            .spawn()
            .expect("postgres runs");
        *self.server() = Some(server);
        let since = Instant::now();
        let program = self.system.programs.join("pg_isready");
        let answers = || {
            let asked = Command::new(&program).arg("-qh").arg(self.folder()).status();
            asked.expect("pg_isready runs").success()
        };
        while !answers() {
            let log = || std::fs::read_to_string(&log_file).unwrap_or_default();
            assert!(since.elapsed() < STARTING, "PostgreSQL doesn't start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn server(&self) -> MutexGuard<'_, Option<Child>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server().take() {
            // There is nothing to keep.
            let _sent = Command::new("kill")
                .args(["-QUIT", &server.id().to_string()])
                .status();
            let _ended = server.wait();
        }
    }
}

impl System {
    fn find() -> Option<Self> {
        let user = (std::fs::metadata("/proc/self").ok()?.uid() == 0)
            .then(|| Some((id("-u")?, id("-g")?)))
            .map_or(Some(None), |found| found.map(Some))?;
        let programs = programs()?;
        Some(Self { programs, user })
    }

    /// A program of PostgreSQL's, as its user, that ends when the thread ends that started it.
    fn command(&self, program: &str, folder: &TempDir) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "QUIT"]);
        if let Some((user, group)) = self.user {
            command.args([format!("--reuid={user}"), format!("--regid={group}")]);
            command.arg("--clear-groups");
        }
        command
            .arg(self.programs.join(program))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}

/// The number of a user that may run PostgreSQL, or of its group.
fn id(which: &str) -> Option<u32> {
    ["postgres", "nobody"].iter().find_map(|user| {
        let asked = Command::new("id").args([which, user]).output().ok()?;
        String::from_utf8(asked.stdout).ok()?.trim().parse().ok()
    })
}

/// The folder with PostgreSQL's programs: Debian's newest, or one on the path.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH")?));
    let all = ["initdb", "postgres", "pg_isready", "psql"];
    folders
        .into_iter()
        .find(|folder| all.iter().all(|program| folder.join(program).exists()))
}

pub(crate) fn url(host: &Path, database: &str) -> String {
    format!("postgres:///{database}?host={}&user={OWNER}", host.display())
}

pub(crate) fn run(host: &Path, database: &str, sql: &str) -> String {
    let psql = programs().expect("it was found before").join("psql");
    let ran = Command::new(psql)
        .args([
            "-qAtX",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            OWNER,
            "-d",
            database,
            "-c",
            sql,
            "-h",
        ])
        .arg(host)
        .output()
        .expect("psql runs");
    assert!(
        ran.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("text").trim().to_owned()
}
