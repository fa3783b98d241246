//! A private D-Bus: its daemon's files and process.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// Everybody may do everything here.
const PERMISSIVE: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>ADDRESS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*" eavesdrop="true"/>
  </policy>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_message_size">1000000000</limit>
  <limit name="max_match_rules_per_connection">50000</limit>
  <limit name="max_replies_per_connection">50000</limit>
</busconfig>
"#;

/// A bus of one's own. It goes with this value, and with the thread that started its daemon.
#[derive(Debug)]
pub struct Bus {
    folder: PathBuf,
    daemon: Mutex<Option<Child>>,
    _temporary: Option<TempDir>,
}

impl Bus {
    /// Whether this system has what it takes: Debian's package `dbus-daemon`.
    #[must_use]
    pub fn can_be() -> bool {
        let asked = Command::new("dbus-daemon")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        asked.is_ok_and(|status| status.success())
    }

    /// Starts one in a temporary folder.
    ///
    /// # Panics
    /// If it doesn't start.
    #[must_use]
    pub fn start() -> Self {
        let temporary = TempDir::new().expect("a temporary folder");
        let mut bus = Self::start_in(temporary.path());
        bus._temporary = Some(temporary);
        bus
    }

    /// Starts one in a folder.
    ///
    /// # Panics
    /// If it doesn't start.
    #[must_use]
    pub fn start_in(folder: &Path) -> Self {
        let bus = Self {
            folder: folder.to_owned(),
            daemon: Mutex::new(None),
            _temporary: None,
        };
        let config = PERMISSIVE.replace("ADDRESS", &bus.address());
        std::fs::write(folder.join("bus.conf"), config).expect("a folder to write to");
        bus.go_on();
        bus
    }

    /// The address that a bus in a folder has.
    #[must_use]
    pub fn address_in(folder: &Path) -> String {
        format!("unix:path={}", folder.join("bus").display())
    }

    /// Its address, for `DBUS_SYSTEM_BUS_ADDRESS`.
    #[must_use]
    pub fn address(&self) -> String {
        Self::address_in(&self.folder)
    }

    /// Starts its daemon again, at the same address, and waits until it listens.
    ///
    /// # Panics
    /// If it doesn't.
    pub fn go_on(&self) {
        self.kill();
        let _left_behind = std::fs::remove_file(self.folder.join("bus"));
        let log_file = self.folder.join("log");
        let log = std::fs::File::create(&log_file).expect("a log");
        let mut daemon = Command::new("setpriv")
            .args([
                "--pdeathsig",
                "KILL",
                "dbus-daemon",
                "--nofork",
                "--nopidfile",
                "--print-address",
            ])
            .arg("--config-file")
            .arg(self.folder.join("bus.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("dbus-daemon runs");
        let mut said = String::new();
        let out = daemon.stdout.take().expect("it was asked for");
        let _read = BufReader::new(out).read_line(&mut said);
        let log = || std::fs::read_to_string(&log_file).unwrap_or_default();
        assert!(said.starts_with("unix:"), "dbus-daemon doesn't listen: {}", log());
        *self.daemon() = Some(daemon);
    }

    /// It dies at once.
    pub fn kill(&self) {
        if let Some(mut daemon) = self.daemon().take() {
            let _dead = daemon.kill();
            let _dead = daemon.wait();
        }
    }

    /// It keeps its connections, and does nothing any more.
    ///
    /// # Panics
    /// If it isn't there.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// It does again what it did.
    ///
    /// # Panics
    /// If it isn't there.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.daemon().as_ref().expect("a daemon").id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.expect("kill runs").success(), "the daemon is there");
    }

    fn daemon(&self) -> MutexGuard<'_, Option<Child>> {
        self.daemon.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.kill();
    }
}
