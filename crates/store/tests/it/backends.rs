//! Fresh places for every backend, and the macro that runs each case of the contract on all.

use std::sync::OnceLock;

use postgres_server::Database;
use store::Store;
use tempfile::TempDir;

/// A place of its own for one test; it goes with the value.
pub struct Place {
    folder: Option<TempDir>,
    _database: Option<Database>,
    address: String,
}

impl Place {
    /// A place for an SQLite database.
    pub fn sqlite() -> Place {
        Place::in_folder("sqlite", "burndown.sqlite")
    }

    /// A place for a legacy folder.
    pub fn json() -> Place {
        Place::in_folder("json", "profiles")
    }

    fn in_folder(kind: &str, name: &str) -> Place {
        let folder = TempDir::new().unwrap();
        let address = format!("{kind}:{}", folder.path().join(name).display());
        Place { folder: Some(folder), _database: None, address }
    }

    /// A database of a PostgreSQL server, with its tables in it; `None` where it is not installed.
    pub fn postgres() -> Option<Place> {
        static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
        let made = || {
            let database = Database::new()?;
            drop(store::open(&database.address()).unwrap());
            Some(database)
        };
        let template = TEMPLATE.get_or_init(made).as_ref()?;
        Place::in_database(Database::like(template.name())?)
    }

    /// An empty database of a PostgreSQL server.
    pub fn empty_postgres() -> Option<Place> {
        Place::in_database(Database::new()?)
    }

    /// With `STORE_TEST_POOLER` set, it is reached through PgBouncer.
    fn in_database(database: Database) -> Option<Place> {
        let is_pooled = std::env::var_os("STORE_TEST_POOLER").is_some();
        let address = if is_pooled { database.pooled_address() } else { database.address() };
        Some(Place { folder: None, _database: Some(database), address })
    }

    /// The place of that name, if it can be had.
    pub fn named(backend: &str) -> Option<Place> {
        match backend {
            "sqlite" => Some(Place::sqlite()),
            "json" => Some(Place::json()),
            _ => Place::postgres(),
        }
    }

    /// Address of the store here.
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Opens the store here, again if it was opened before.
    pub fn open(&self) -> Box<dyn Store> {
        store::open(&self.address).unwrap()
    }

    /// The folder of its files, if it has any.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

/// Makes a test of each named case for every backend.
macro_rules! on_every_backend {
    ($($case:ident),* $(,)?) => {
        on_every_backend!(@backend sqlite: $($case)*);
        on_every_backend!(@backend json: $($case)*);
        on_every_backend!(@backend postgres: $($case)*);
    };
    (@backend $backend:ident: $($case:ident)*) => {
        mod $backend {
            $(
                #[test]
                fn $case() {
                    if let Some(place) = $crate::backends::Place::named(stringify!($backend)) {
                        super::$case(&place);
                    }
                }
            )*
        }
    };
}
pub(crate) use on_every_backend;
