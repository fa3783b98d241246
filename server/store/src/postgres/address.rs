//! Where a PostgreSQL server is, and how it is reached.

use crate::StoreError;
use std::fmt;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// The address of a database: `postgres://user:password@host:port/database`; a folder of sockets as
/// `postgres:///database?host=/var/run/postgresql`.
#[derive(Debug, Clone)]
pub(crate) struct Address(Config);

impl Address {
    /// Reads it; none if it is of another kind.
    pub(crate) fn parse(url: &str) -> Result<Option<Self>, StoreError> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Ok(None);
        }
        let refused = |why: String| StoreError::Address { why };
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            refused(format!("{error}{}", cause.unwrap_or_default()))
        })?;
        if config.get_hosts().is_empty() {
            return Err(refused("it names no host".to_owned()));
        }
        if config.get_dbname().is_none() {
            return Err(refused("it names no database".to_owned()));
        }
        // What was asked for and can't be given is said, and not left out.
        if config.get_ssl_mode() == SslMode::Require {
            return Err(refused(
                "it asks for TLS, which this program doesn't speak to PostgreSQL: go through a local socket, a \
                 private network or a tunnel, and leave sslmode out"
                    .to_owned(),
            ));
        }
        config
            .ssl_mode(SslMode::Disable)
            .application_name("haigou")
            .connect_timeout(Duration::from_secs(3))
            .keepalives_idle(Duration::from_secs(5))
            .keepalives_interval(Duration::from_secs(2))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(10));
        Ok(Some(Self(config)))
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.0
    }
}

/// Without its password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = self.0.get_dbname().unwrap_or_default();
        let port = self.0.get_ports().first().copied().unwrap_or(5432);
        match self.0.get_hosts().first() {
            Some(Host::Tcp(host)) => write!(f, "postgres://{host}:{port}/{database}"),
            Some(Host::Unix(folder)) => write!(f, "postgres:///{database}?host={}", folder.display()),
            None => write!(f, "postgres:///{database}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_their_password() {
        for (url, shown) in [
            ("postgres://me:secret@db:5433/h", "postgres://db:5433/h"),
            ("postgresql://db/h", "postgres://db:5432/h"),
            ("postgres:///h?host=/run/pg", "postgres:///h?host=/run/pg"),
            ("postgres://me:secret@%2Frun%2Fpg/h", "postgres:///h?host=/run/pg"),
        ] {
            assert_eq!(Address::parse(url).unwrap().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for (url, word) in [
            ("postgres://db/h?sslmode=require", "TLS"),
            ("postgres://db/h?sslmode=verify-full", "sslmode"),
            ("postgres://db", "no database"),
            ("postgres:///h", "no host"),
            ("postgres://db:port/h", "port"),
        ] {
            let refused = Address::parse(url).unwrap_err().to_string();
            assert!(refused.contains(word), "{url}: {refused}");
        }
        assert!(Address::parse("sqlite:h.db").unwrap().is_none());
    }
}
