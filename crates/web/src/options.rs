//! How the server is reached, and by whom.

use app::access_key::Gate;

/// Who is let in.
pub enum Login {
    /// Whoever reaches the server.
    Off,
    /// Whoever has a key.
    Keys(Gate),
}

/// What whoever starts the server decides.
pub struct Options {
    /// Who is let in.
    pub login: Login,
    /// Names under which a reverse proxy, which speaks TLS, is asked.
    pub trusted_hosts: Vec<String>,
    /// Whether other machines may ask, under any address (never under another name).
    pub is_remote: bool,
}

impl Options {
    /// For this machine only.
    pub fn local(login: Login) -> Options {
        Options { login, trusted_hosts: Vec::new(), is_remote: false }
    }
}
