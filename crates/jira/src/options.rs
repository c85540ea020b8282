//! How the client behaves towards a server: timeouts, tries, requests at once, proxy, certificates.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How to behave towards a server.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientOptions {
    /// A PEM file with the certificates to trust instead of those of the operating system.
    pub ca_bundle: Option<PathBuf>,
    /// Address of a proxy, as `HTTPS_PROXY` holds it; none is looked up in the environment.
    pub proxy: Option<String>,
    /// Hosts that are asked without the proxy, as `NO_PROXY` lists them.
    pub no_proxy: Option<String>,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long the server may stay silent in the midst of an answer.
    pub read_timeout: Duration,
    /// How long a request and its answer may take in all.
    pub total_timeout: Duration,
    /// Requests under way at the same time.
    pub requests_at_once_max: usize,
    /// How often a request is made before it counts as failed.
    pub tries_max: u32,
    /// The longest wait before a request is made again, whatever the server asks for.
    pub wait_max: Duration,
    /// The longest answer that is read, in bytes after unpacking.
    pub answer_bytes_max: u64,
    /// Decides by how much waiting times differ, so that several clients do not ask in step.
    pub seed: u64,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            ca_bundle: None,
            proxy: None,
            no_proxy: None,
            connect_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(180),
            requests_at_once_max: 4,
            tries_max: 6,
            wait_max: Duration::from_secs(300),
            answer_bytes_max: 64 << 20,
            seed: 0,
        }
    }
}

impl fmt::Debug for ClientOptions {
    /// Without the proxy's address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("ca_bundle", &self.ca_bundle)
            .field("has_proxy", &self.proxy.is_some())
            .field("total_timeout", &self.total_timeout)
            .field("tries_max", &self.tries_max)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_proxy_is_not_printed() {
        let proxy = Some("http://me:s3cret@proxy.example".to_owned());
        let options = ClientOptions { proxy, ..ClientOptions::default() };
        assert!(!format!("{options:?}").contains("s3cret"));
    }
}
