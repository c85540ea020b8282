//! Fresh places for every backend, and the macro that runs each case of the contract on all.

use store::Store;
use tempfile::TempDir;

/// A place of its own for one test; it goes with the value.
pub struct Place {
    folder: TempDir,
    kind: &'static str,
    name: &'static str,
}

impl Place {
    /// A place for an SQLite database.
    pub fn sqlite() -> Place {
        Place { folder: TempDir::new().unwrap(), kind: "sqlite", name: "burndown.sqlite" }
    }

    /// A place for a legacy folder.
    pub fn json() -> Place {
        Place { folder: TempDir::new().unwrap(), kind: "json", name: "profiles" }
    }

    /// Address of the store here.
    pub fn address(&self) -> String {
        format!("{}:{}", self.kind, self.folder.path().join(self.name).display())
    }

    /// Opens the store here, again if it was opened before.
    pub fn open(&self) -> Box<dyn Store> {
        store::open(&self.address()).unwrap()
    }
}

/// Makes a test of each named case for every backend.
macro_rules! on_every_backend {
    ($($case:ident),* $(,)?) => {
        on_every_backend!(@backend sqlite: $($case)*);
        on_every_backend!(@backend json: $($case)*);
    };
    (@backend $backend:ident: $($case:ident)*) => {
        mod $backend {
            $(
                #[test]
                fn $case() {
                    super::$case(&$crate::backends::Place::$backend());
                }
            )*
        }
    };
}
pub(crate) use on_every_backend;
