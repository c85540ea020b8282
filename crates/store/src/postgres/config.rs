//! How connections to a server are made.

use std::time::Duration;

use postgres::config::SslMode;

use super::connection::Connection;
use super::tls::{self, Trust};
use crate::error::{Error, Result};
use crate::server::Server;

/// Options of a URL that are ours, or that the driver understands only in part.
const OWN_OPTIONS: [&str; 5] = ["sslmode", "sslrootcert", "prepared", "connections", "patience"];

const CONNECTIONS_MAX: u32 = 16;
const CONNECTIONS_MIN: u64 = 2;
const PATIENCE_S: u64 = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay without an answer of the other machine.
const UNANSWERED_MAX: Duration = Duration::from_secs(15);

/// What is known of a server.
pub(super) struct Config {
    /// What errors call it.
    pub place: String,
    /// Connections at a time.
    pub connections_max: u32,
    /// How long a lock, a free connection or a server that is starting is waited for.
    pub patience: Duration,
    prepares: bool,
    driver: postgres::Config,
    trust: Trust,
}

impl Config {
    /// Reads the options of a server's URL.
    pub fn of(server: &Server) -> Result<Config> {
        let parts = server.parts();
        let option = |wanted: &str| {
            let found = parts.options.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        let bad = |name: &'static str, why: &str| Error::invalid(name, why);
        let number = |name: &'static str, usual: u64| match option(name) {
            None => Ok(usual),
            Some(text) => match text.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(bad(name, "it must be a whole number above 0")),
            },
        };
        let mut driver: postgres::Config =
            server.without(&OWN_OPTIONS).parse().map_err(|error: postgres::Error| {
                let why = std::error::Error::source(&error).map(ToString::to_string);
                bad("store address", &why.unwrap_or_else(|| error.to_string()))
            })?;
        let (mode, trust) = tls::mode(option("sslmode"), option("sslrootcert"))?;
        driver.ssl_mode(mode);
        driver.application_name("burndown");
        driver.tcp_user_timeout(UNANSWERED_MAX);
        if driver.get_connect_timeout().is_none() {
            driver.connect_timeout(CONNECT_TIMEOUT);
        }
        if let Some(password) = server.password() {
            driver.password(password.reveal());
        }
        let prepares = match option("prepared") {
            None | Some("on") => true,
            Some("off") => false,
            Some(_) => return Err(bad("prepared", "it must be on or off")),
        };
        let connections_max = number("connections", CONNECTIONS_MAX.into())?;
        if connections_max < CONNECTIONS_MIN {
            return Err(bad("connections", "it must be 2 or more: who writes may read besides"));
        }
        Ok(Config {
            place: server.to_string(),
            connections_max: connections_max.try_into().unwrap_or(u32::MAX),
            patience: Duration::from_secs(number("patience", PATIENCE_S)?),
            prepares,
            driver,
            trust,
        })
    }

    /// The same for a server that there is another one for: no connection to it is waited for longer, nor what
    /// was sent over one.
    pub fn with_patience(mut self, patience: Duration) -> Config {
        let timeout = self.driver.get_connect_timeout().map_or(patience, |it| patience.min(*it));
        self.driver.connect_timeout(timeout).tcp_user_timeout(patience);
        Config { patience, ..self }
    }

    /// Makes a connection.
    pub fn connect(&self) -> Result<Connection, postgres::Error> {
        let client = match (self.driver.get_ssl_mode(), &self.trust) {
            (SslMode::Disable, _) => self.driver.connect(postgres::NoTls)?,
            (_, trust) => self.driver.connect(trust.connector())?,
        };
        Ok(Connection::new(client, self.prepares))
    }
}
