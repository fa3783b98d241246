//! What an operator sets: in a TOML file, or in the environment (`HAIGOU_DB`, `HAIGOU_WEB__TIMEOUT_S`), which wins.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use config::{Config, Environment, File, FileFormat};
use haigou_contract::Day;
use serde::{Deserialize, Serialize};

use crate::web::WebSettings;

/// The file that is read when none is named and it is there.
pub const DEFAULT_FILE: &str = "haigou.toml";

/// Whom the server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Trying out: SMS codes may be written to the log, secrets may be missing.
    Development,
    /// Real people.
    Production,
}

/// How messages are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sms {
    /// To the server's log: for development alone.
    #[default]
    Log,
}

/// Settings of the server. Every one has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The database: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    pub db: String,
    /// Where other servers on the same database reach this one, as `http://10.0.0.7:8787`. Unset: where it listens, if
    /// that is one address. Only PostgreSQL's databases can be shared.
    pub reached_at: Option<String>,
    /// Where the API listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where `/metrics` listens. Unset: 127.0.0.1, with the port of `listen` plus 1000 (a free one for port 0).
    pub metrics_listen: Option<SocketAddr>,
    /// `development` or `production`. Unset: development if `listen` is an address of this machine alone (127.0.0.1,
    /// ::1), else production.
    pub mode: Option<Mode>,
    /// How SMS are sent: `log`.
    pub sms: Sms,
    /// The rulebook that a new database starts with: `classic`, `sport`, or a file. A database keeps its own.
    pub rulebook: String,
    /// The first day with an airdrop of a new database, as `2026-01-31`. Unset: today. A database keeps its own.
    pub launch: Option<Day>,
    /// How many changes may wait to be written before callers are told to come again.
    pub queue: usize,
    /// How many changes are written together at most.
    pub batch: usize,
    /// How long requests may take to finish when the server stops, in seconds.
    pub grace_s: u64,
    /// What is logged, for example `info` or `haigou_server=debug,warn`.
    pub log: String,
    /// The API's own settings.
    pub web: WebSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            db: "sqlite:haigou.db".to_owned(),
            reached_at: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
            metrics_listen: None,
            mode: None,
            sms: Sms::Log,
            rulebook: "classic".to_owned(),
            launch: None,
            queue: 4096,
            batch: 1024,
            grace_s: 15,
            log: "info".to_owned(),
            web: WebSettings::default(),
        }
    }
}

/// A setting that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file or the environment can't be read as settings.
    #[error("the settings can't be read: {0}")]
    Unreadable(String),
    /// A value isn't allowed.
    #[error("the setting `{key}` can't be taken: {why}")]
    Refused {
        /// Its name in the file.
        key: String,
        /// What is wrong, and what to write.
        why: String,
    },
}

/// Refuses a setting by its name.
pub(crate) fn refused(key: &str, why: impl Into<String>) -> SettingsError {
    SettingsError::Refused {
        key: key.to_owned(),
        why: why.into(),
    }
}

impl Settings {
    /// Reads the file (the default one only if it is there), then the environment, and checks both.
    ///
    /// # Errors
    /// A file that isn't there or isn't TOML; an unknown key; a value that can't be taken.
    pub fn read(file: Option<&Path>) -> Result<Self, SettingsError> {
        Self::read_from(file, std::env::vars().collect())
    }

    fn read_from(
        file: Option<&Path>,
        environment: std::collections::HashMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let file = File::from(path).format(FileFormat::Toml).required(file.is_some());
        let known = known_keys()?;
        // Tools beside the server have variables of their own with the same beginning.
        let ours = environment.into_iter().filter(|(name, _)| {
            name.strip_prefix("HAIGOU_").is_some_and(|key| {
                let first = key.split("__").next().unwrap_or(key);
                known.contains(&first.to_ascii_lowercase())
            })
        });
        let environment = Environment::with_prefix("HAIGOU")
            .prefix_separator("_")
            .separator("__")
            .ignore_empty(true)
            .source(Some(ours.collect()));
        let settings: Self = Config::builder()
            .add_source(file)
            .add_source(environment)
            .build()
            .and_then(Config::try_deserialize)
            .map_err(|error| SettingsError::Unreadable(error.to_string()))?;
        settings.check()?;
        Ok(settings)
    }

    /// Checks what types alone can't.
    ///
    /// # Errors
    /// The first setting that can't be taken, by its name.
    pub fn check(&self) -> Result<(), SettingsError> {
        for (key, value) in [("queue", self.queue), ("batch", self.batch)] {
            if !(1..=1_000_000).contains(&value) {
                return Err(refused(key, "write a number from 1 to 1000000"));
            }
        }
        self.web
            .check()
            .map_err(|refusal| refused("web", refusal.to_string()))?;
        if self
            .reached_at
            .as_ref()
            .is_some_and(|address| !address.starts_with("http://") || address.ends_with('/'))
        {
            return Err(refused("reached_at", "write http://HOST:PORT, nothing behind it"));
        }
        if self.mode() == Mode::Production && self.web.code_secret.is_empty() {
            return Err(refused(
                "web.code_secret",
                "production needs a secret of at least 32 characters, for example from `openssl rand -hex 32`",
            ));
        }
        Ok(())
    }

    /// Whom the server is for: as set, or as the address it listens on suggests.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode.unwrap_or(if self.listen.ip().is_loopback() {
            Mode::Development
        } else {
            Mode::Production
        })
    }

    /// Where other servers reach this one, which listens here; none if nobody can know.
    #[must_use]
    pub fn reached_at(&self, listening: SocketAddr) -> Option<String> {
        let known = || (!listening.ip().is_unspecified()).then(|| format!("http://{listening}"));
        self.reached_at.clone().or_else(known)
    }

    /// Where `/metrics` listens.
    #[must_use]
    pub fn metrics_address(&self) -> SocketAddr {
        self.metrics_listen.unwrap_or_else(|| {
            let port = match self.listen.port() {
                0 => 0,
                port => port.checked_add(1000).unwrap_or(0),
            };
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
        })
    }
}

/// The names on the top level.
fn known_keys() -> Result<Vec<String>, SettingsError> {
    match serde_json::to_value(Settings::default()) {
        Ok(serde_json::Value::Object(settings)) => Ok(settings.keys().cloned().collect()),
        _ => Err(SettingsError::Unreadable("the settings have no names".to_owned())),
    }
}
