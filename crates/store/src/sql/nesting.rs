//! A thread that writes to a store already and begins another write there would wait for itself: it
//! is told so instead.

use std::cell::RefCell;

use crate::error::{Error, Result};

thread_local! {
    /// Places that this thread is writing to.
    static PLACES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes, as long as it lives, that this thread writes to a place.
#[derive(Debug)]
pub(crate) struct Writing(String);

impl Writing {
    /// [`Error::Nested`] if this thread is writing there.
    pub fn begin(place: &str) -> Result<Writing> {
        PLACES.with_borrow_mut(|places| {
            if places.iter().any(|known| known == place) {
                return Err(Error::Nested);
            }
            places.push(place.to_owned());
            Ok(Writing(place.to_owned()))
        })
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        PLACES.with_borrow_mut(|places| places.retain(|known| *known != self.0));
    }
}
