//! Files and folders as this program wants them: only their owner may read them (`0600`, `0700`
//! from the moment they are created), what was written survives a power cut (file *and* folder are
//! flushed), a whole file takes its name in one step, and processes keep out of each other's way by
//! lock files. Everything that touches a disk outside of the store's backends goes through here.

mod error;
mod file;
mod folder;
mod lock;
mod movable;
mod scratch;
mod space;
mod together;
mod unflushed;
mod watch;

pub use error::{Act, Error, Result};
pub use file::{
    create_file, flush_file, open_private, open_to_read, publish_file, read_text, write_file,
    write_file_with,
};
pub use folder::{
    create_folder, create_folder_unflushed, flush_folder, flush_tree, folder_of, remove, rename,
};
pub use lock::{Held, Kind, LockFile, holders_of, text_of};
pub use movable::check_movable;
pub use scratch::{
    ScratchFolder, TEMPORARY, held_scratch_file, publish_folder, publish_folder_as,
    remove_abandoned, scratch_file, scratch_folder,
};
pub use space::{bytes_in, free_bytes, is_open_to_others, leads_to_open};
pub use tempfile::NamedTempFile;
pub use together::flush_together;
pub use unflushed::unflushed;
pub use watch::{Done, Watch, watched};
