//! Carries a profile from workspace to workspace in one file: writes our own format, and reads it
//! and every export of the old app into a transaction of the store.
//!
//! [`export_profile`] and [`import`] never open a workspace and never commit: whoever calls them
//! does. A [`Writer`](store::Writer) that is dropped after [`import`] makes a preview of it.

mod bounds;
mod encoding;
mod error;
mod export;
mod folder;
mod import;
mod kept;
mod old;
mod ours;
mod placing;
mod recognise;
mod record;
mod secret;
mod summary;
mod table;
mod unpack;

pub use error::{Error, Result};
pub use export::{Content, ExportAsk, export_profile};
pub use folder::export_folder;
pub use import::{ImportAsk, import, text_bytes};
pub use kept::{read_note, verify_kept};
pub use summary::{Carried, Exported, Imported, ImportedQuery};
pub use table::DayOrder;
