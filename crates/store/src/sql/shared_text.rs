//! Texts that many rows have, such as names of statuses: made once and shared.

use std::sync::Arc;

/// Texts remembered at a time; a power of two. There are few names, and forgetting one only costs
/// its making anew.
const SLOTS: usize = 256;

/// The texts that a walk over rows met last.
pub(super) struct SharedTexts {
    slots: Vec<Option<Arc<str>>>,
}

impl Default for SharedTexts {
    fn default() -> SharedTexts {
        SharedTexts { slots: vec![None; SLOTS] }
    }
}

impl SharedTexts {
    /// The text, made anew unless it is remembered.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        let slot = self.slots.get_mut(slot_of(text.as_bytes()));
        if let Some(Some(known)) = &slot
            && **known == *text
        {
            return Arc::clone(known);
        }
        let made: Arc<str> = text.into();
        if let Some(slot) = slot {
            *slot = Some(Arc::clone(&made));
        }
        made
    }
}

/// By length and three bytes: two names that share a slot only take turns in it.
fn slot_of(bytes: &[u8]) -> usize {
    let samples = [bytes.first(), bytes.get(bytes.len() / 2), bytes.last()];
    let mix = |mixed: usize, byte: &u8| mixed.wrapping_mul(31).wrapping_add(usize::from(*byte));
    samples.into_iter().flatten().fold(bytes.len(), mix) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one() {
        let mut texts = SharedTexts::default();
        let [first, other, second] =
            ["Open", "Offen – später", "Open"].map(|text| texts.share(text));
        assert_eq!((&*first, &*other), ("Open", "Offen – später"));
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn more_texts_than_are_remembered_stay_what_they_are() {
        let mut texts = SharedTexts::default();
        for number in 0..3 * SLOTS {
            let text = (number % (2 * SLOTS)).to_string();
            assert_eq!(*texts.share(&text), *text);
        }
    }
}
