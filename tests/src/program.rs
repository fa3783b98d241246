//! The program `haigou` as a process.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// What a command came to.
#[derive(Debug)]
pub struct Haigou {
    /// How it exited.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Haigou {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Self {
            code: output.status.code().expect("it exits by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

/// The program's file, built from the sources as they are; once for all tests of a process.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args([
            "build",
            "--quiet",
            "--package",
            "haigou-server",
            "--bin",
            "haigou",
        ]);
        build
            .arg("--message-format=json-render-diagnostics")
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let built = build.stderr(Stdio::inherit()).output().expect("cargo runs");
        assert!(built.status.success(), "`haigou` can't be built");
        let messages = String::from_utf8(built.stdout).expect("text");
        let executable = messages.lines().find_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            message["executable"].as_str().map(PathBuf::from)
        });
        executable.expect("cargo names the program")
    })
}

/// Runs `haigou` in a folder, with settings from the environment alone.
#[must_use]
pub fn haigou(folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> Haigou {
    command(folder, environment, arguments)
        .output()
        .expect("haigou runs")
        .into()
}

fn command(folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HAIGOU_")) {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    command
}

/// `haigou serve`, in development, on a free port.
pub struct ServeProcess {
    child: Child,
    /// The start of every address.
    pub url: String,
    lines: Mutex<Receiver<String>>,
}

impl ServeProcess {
    /// Starts it on a database, with more settings from the environment, and waits until it serves.
    ///
    /// # Panics
    /// With what it says, if it doesn't.
    #[must_use]
    pub fn start(folder: &Path, db: &str, more: &[(&str, &str)]) -> Self {
        let mut environment = vec![("HAIGOU_DB", db), ("HAIGOU_LISTEN", "127.0.0.1:0")];
        environment.extend(more);
        Self::wait_until_it_serves(command(folder, &environment, &["serve"]))
    }

    /// The same in an environment where no file may grow beyond so many KiB, which stands for a disk that is full.
    ///
    /// # Panics
    /// With what it says, if it doesn't serve.
    #[must_use]
    pub fn start_on_a_small_disk(folder: &Path, db: &str, kib: u32) -> Self {
        // A write beyond the limit fails as any write may, once the signal that comes with it is ignored.
        let limited = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" serve");
        let mut command = Command::new("bash");
        command
            .args(["-c", &limited])
            .arg(program())
            .current_dir(folder)
            .stdin(Stdio::null());
        command.envs([
            ("HAIGOU_DB", db),
            ("HAIGOU_LISTEN", "127.0.0.1:0"),
            ("HAIGOU_RULEBOOK", "sport"),
        ]);
        Self::wait_until_it_serves(command)
    }

    fn wait_until_it_serves(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("haigou runs");
        let stderr = child.stderr.take().expect("it was asked for");
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _nobody_listens = tell.send(line);
            }
        });
        let mut serve = Self {
            child,
            url: String::new(),
            lines: Mutex::new(lines),
        };
        let said = serve.wait_for("haigou serves on ");
        let (_, after) = said.split_once("haigou serves on ").expect("that line");
        serve.url = after.split_whitespace().next().expect("an address").to_owned();
        serve
    }

    /// The next line of its log that holds this text.
    ///
    /// # Panics
    /// With everything it said, if none comes.
    #[must_use]
    pub fn wait_for(&self, text: &str) -> String {
        let lines = self.lines.lock().unwrap();
        let mut heard = Vec::new();
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(60)) {
            if line.contains(text) {
                return line;
            }
            heard.push(line);
        }
        panic!("{text:?} was never said, but: {}", heard.join("\n"))
    }

    /// The code that was sent to this number just now, as a developer reads it in the log.
    #[must_use]
    pub fn code(&self) -> String {
        let line = self.wait_for("SMS code");
        let digits = line.split("code=").nth(1).expect("the code");
        digits.chars().filter(char::is_ascii_digit).take(6).collect()
    }

    /// Sends it a signal by its name, for example `STOP`.
    ///
    /// # Panics
    /// If that can't be done.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(sent.expect("kill runs").success(), "the server is there");
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for ServeProcess {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}
