//! Which PostgreSQL server a store is on, and who asks there.

use std::fmt;

use model::Token;
use percent_encoding::percent_decode_str;

use crate::error::{Error, Result};

/// A database of a PostgreSQL server, as a URL names it: `postgres://user@host:port/database`, with
/// options after a `?`. The URL holds no password, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    url: String,
    password: Option<Token>,
    replica: Option<Box<Server>>,
}

/// What the URL of the options that are ours and not the driver's says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub user: Option<String>,
    pub hosts: Vec<(String, String)>,
    pub database: Option<String>,
    /// Options in order, percent-decoded.
    pub options: Vec<(String, String)>,
}

impl Server {
    /// Whether an address names a server of this kind.
    pub fn is_named_by(address: &str) -> bool {
        let scheme = address.split_once("://").map(|(scheme, _)| scheme);
        matches!(scheme, Some("postgres" | "postgresql"))
    }

    /// Reads a URL. One that holds a password is refused: whoever lists processes would see it.
    pub fn parse(url: &str) -> Result<Server> {
        let server = Server { url: url.to_owned(), password: None, replica: None };
        let (authority, _) = server.split();
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        let parts = server.parts();
        if user.contains(':') || parts.options.iter().any(|(name, _)| name == "password") {
            return Err(Error::PasswordInAddress);
        }
        if url.split_once("://").is_none() {
            return Err(Error::BadAddress(url.to_owned()));
        }
        Ok(server)
    }

    /// The same with a password, which is shown nowhere.
    pub fn with_password(self, password: Option<Token>) -> Server {
        Server { password, ..self }
    }

    /// The same with a hot standby of it, to read from where that is allowed.
    pub fn with_replica(self, replica: Option<Server>) -> Server {
        Server { replica: replica.map(Box::new), ..self }
    }

    /// The hot standby to read from.
    #[cfg(feature = "postgres")]
    pub(crate) fn replica(&self) -> Option<&Server> {
        self.replica.as_deref()
    }

    /// Hosts and database as a name for files.
    pub fn short_name(&self) -> String {
        let parts = self.parts();
        let hosts = parts.hosts.iter().map(|(host, port)| format!("{host}-{port}"));
        let words: Vec<String> = hosts.chain(parts.database.or(parts.user)).collect();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        words.join("-").chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn password(&self) -> Option<&Token> {
        self.password.as_ref()
    }

    /// The password that a file in the form of `~/.pgpass` has for it: lines of host, port, database,
    /// user and password, `*` for any.
    pub fn password_in(&self, file: &str) -> Option<Token> {
        let parts = self.parts();
        let user = parts.user.unwrap_or_default();
        let database = parts.database.unwrap_or_else(|| user.clone());
        let is_for = |fields: &[String]| match fields {
            [host, port, of_database, of_user, _] => {
                let fits = |pattern: &str, value: &str| pattern == "*" || pattern == value;
                let is_host = |(name, number): &(String, String)| {
                    // A socket's folder goes by this name.
                    let name = if name.starts_with('/') { "localhost" } else { name };
                    fits(host, name) && fits(port, number)
                };
                parts.hosts.iter().any(is_host)
                    && fits(of_database, &database)
                    && fits(of_user, &user)
            }
            _ => false,
        };
        let lines = file.lines().filter(|line| !line.starts_with('#')).map(fields_of);
        let fields = lines.into_iter().find(|fields| is_for(fields))?;
        Token::new(fields.last()?)
    }

    /// User, hosts and ports; database and options.
    fn split(&self) -> (&str, &str) {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
    }

    /// The parts of the URL.
    pub(crate) fn parts(&self) -> Parts {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (authority, rest) = self.split();
        let (user, hosts) = authority
            .rsplit_once('@')
            .map_or((None, authority), |(user, hosts)| (Some(user), hosts));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let option = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        };
        let options: Vec<_> = query.split('&').filter(|p| !p.is_empty()).map(option).collect();
        let named = |wanted: &str| {
            options.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
        };
        let host = |host: &str| {
            let (name, port) = host.rsplit_once(':').unwrap_or((host, "5432"));
            (decoded(name), port.to_owned())
        };
        let mut hosts: Vec<_> = hosts.split(',').filter(|h| !h.is_empty()).map(host).collect();
        if let Some(name) = named("host") {
            hosts.push((name, named("port").unwrap_or_else(|| "5432".to_owned())));
        }
        if hosts.is_empty() {
            hosts.push(("localhost".to_owned(), "5432".to_owned()));
        }
        let database = decoded(path.trim_start_matches('/'));
        Parts {
            user: user.map(decoded).or_else(|| named("user")),
            hosts,
            database: Some(database).filter(|name| !name.is_empty()).or_else(|| named("dbname")),
            options,
        }
    }

    /// The URL without the options named.
    #[cfg(feature = "postgres")]
    pub(crate) fn without(&self, names: &[&str]) -> String {
        let Some((head, query)) = self.url.split_once('?') else { return self.url.clone() };
        let is_kept = |pair: &&str| {
            let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
            !names.contains(&name)
        };
        let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
        if kept.is_empty() { head.to_owned() } else { format!("{head}?{}", kept.join("&")) }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// The fields of a line: parted by colons, where `\` takes the next character as it is.
fn fields_of(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let taken = match character {
            ':' => {
                fields.push(String::new());
                continue;
            }
            '\\' => characters.next(),
            other => Some(other),
        };
        if let Some(field) = fields.last_mut() {
            field.extend(taken);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let url = "postgres://me%40x@a:1,b/store?sslmode=require&connections=3";
        let server = Server::parse(url).unwrap();
        let parts = server.parts();
        assert_eq!(parts.user.as_deref(), Some("me@x"));
        assert_eq!(parts.database.as_deref(), Some("store"));
        assert_eq!(parts.hosts, [("a".into(), "1".into()), ("b".into(), "5432".into())]);
        assert_eq!(server.without(&["sslmode"]), "postgres://me%40x@a:1,b/store?connections=3");
        assert_eq!(server.to_string(), url);
    }

    #[test]
    fn passwords_do_not_come_in_addresses() {
        for url in ["postgres://me:secret@host/db", "postgres://host/db?user=a&password=secret"] {
            let error = Server::parse(url).unwrap_err();
            assert!(matches!(error, Error::PasswordInAddress));
            assert!(!error.to_string().contains("secret"));
        }
        let server = Server::parse("postgres://me@host/db").unwrap();
        let server = server.with_password(Token::new("secret"));
        assert!(!format!("{server} {server:?}").contains("secret"));
    }

    #[track_caller]
    fn check_password(url: &str, file: &str, want: Option<&str>) {
        let found = Server::parse(url).unwrap().password_in(file);
        assert_eq!(found.as_ref().map(Token::reveal), want, "{url} in {file:?}");
    }

    #[test]
    fn passwords_come_from_a_file() {
        let file =
            "# host:5432:db:me:no\nother:*:*:*:other\nhost:5432:db:me:a\\:b\\\\c\n*:*:*:*:any";
        check_password("postgres://me@host/db", file, Some("a:b\\c"));
        check_password("postgres://me@other:99/x", file, Some("other"));
        check_password("postgres://you@host/db", file, Some("any"));
        check_password("postgres://me@third,other/db", "other:*:*:*:second", Some("second"));
        check_password("postgres:///db?host=/run/pg&user=me", "localhost:5432:db:me:s", Some("s"));
        check_password("postgres://me@host/db", "host:5433:db:me:no", None);
        check_password("postgres://me@host/db", "broken line\n", None);
    }
}
