//! Copies of what was deleted: files of the old app hold none, so they lie in a folder beside them.

use model::TrashRecord;

use super::tx::JsonTx;
use crate::contract::{ReadTrash, WriteTrash};
use crate::error::{Error, Result};

impl ReadTrash for JsonTx<'_> {
    fn trash(&self) -> Result<Vec<TrashRecord>> {
        Ok(Vec::new())
    }

    fn each_trash_piece(&self, _: &str, _: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        Ok(())
    }
}

impl WriteTrash for JsonTx<'_> {
    fn put_trash(&mut self, _: &TrashRecord) -> Result<()> {
        Err(none_here())
    }

    fn put_trash_piece(&mut self, _: &str, _: u32, _: &[u8]) -> Result<()> {
        Err(none_here())
    }

    fn remove_trash(&mut self, _: &str) -> Result<bool> {
        Ok(false)
    }
}

fn none_here() -> Error {
    Error::Aborted("files of the old app hold no trash".to_owned())
}
