//! What the program takes from outside: environment, current folder, clock and zone. They are read
//! here and nowhere below.

use std::env;
use std::path::PathBuf;

use app::access::Access;
use etcetera::BaseStrategy;
use model::{TimeZone, Timestamp, Token};

use crate::failure::{Failure, Result};

/// Where a proxy is named, the first that is set counts.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// Where hosts are named that need none.
const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The surroundings of one run.
#[derive(Debug)]
pub struct Surroundings {
    /// The current folder.
    pub current: PathBuf,
    /// `BURNDOWN_WORKSPACE`, if it is set and not empty.
    pub workspace_variable: Option<PathBuf>,
    /// `BURNDOWN_STORE`: the address of a server.
    pub store_variable: Option<String>,
    /// `BURNDOWN_READ_STORE`: the address of a standby to read from.
    pub read_store_variable: Option<String>,
    /// `BURNDOWN_STATE_FOLDER`: a folder for what only this node needs.
    pub state_variable: Option<PathBuf>,
    /// `BURNDOWN_SHARED_KEY_FILE`: the file with the key that all nodes have.
    pub shared_key_variable: Option<PathBuf>,
    /// `PGPASSWORD`.
    pub server_password: Option<Token>,
    /// `PGPASSFILE`, else `.pgpass` of the user.
    pub password_file: Option<PathBuf>,
    /// The folder where this platform keeps data of programs, with ours in it.
    pub platform_folder: Option<PathBuf>,
    /// Says what time it is.
    pub clock: fn() -> Timestamp,
    /// The zone of the machine.
    pub zone: TimeZone,
    /// Whether `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// How Jira is reached beside what is stored.
    pub access: Access,
}

impl Surroundings {
    /// Reads them. Fails if the current folder is gone.
    pub fn read() -> Result<Surroundings> {
        let current = env::current_dir().map_err(|error| {
            Failure::new(format!("the current folder cannot be used ({error}); go to another one"))
        })?;
        let strategy = etcetera::choose_base_strategy().ok();
        Ok(Surroundings {
            current,
            workspace_variable: variable("BURNDOWN_WORKSPACE").map(PathBuf::from),
            store_variable: text("BURNDOWN_STORE"),
            read_store_variable: text("BURNDOWN_READ_STORE"),
            state_variable: variable("BURNDOWN_STATE_FOLDER").map(PathBuf::from),
            shared_key_variable: variable("BURNDOWN_SHARED_KEY_FILE").map(PathBuf::from),
            server_password: text("PGPASSWORD").as_deref().and_then(Token::new),
            password_file: variable("PGPASSFILE")
                .map(PathBuf::from)
                .or_else(|| strategy.as_ref().map(|folders| folders.home_dir().join(".pgpass"))),
            platform_folder: strategy.map(|folders| folders.data_dir().join("burndown")),
            clock: Timestamp::now,
            zone: TimeZone::system(),
            no_color: variable("NO_COLOR").is_some(),
            access: Access {
                token: text("BURNDOWN_JIRA_TOKEN").as_deref().and_then(Token::new),
                server: text("BURNDOWN_JIRA_SERVER"),
                ca_bundle: None,
                proxy: PROXY_VARIABLES.into_iter().find_map(text),
                no_proxy: NO_PROXY_VARIABLES.into_iter().find_map(text),
            },
        })
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

fn text(name: &str) -> Option<String> {
    variable(name)?.into_string().ok()
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// What was typed behind the name of the program.
pub fn command_line() -> impl Iterator<Item = String> {
    env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())
}
