//! Status changes as bytes: for each the milliseconds since the one before, the status before and
//! the status after; a status is 0 for none, else its number in `changelog_values`.

use std::sync::Arc;

use model::{StatusRef, Timestamp, Transition};

use super::varint;

/// The bytes of `transitions`; `number` gives the number (from 1) of a status.
pub(super) fn encode<E>(
    transitions: &[Transition],
    mut number: impl FnMut(&StatusRef) -> Result<u64, E>,
) -> Result<Vec<u8>, E> {
    let mut bytes = Vec::with_capacity(transitions.len() * 6);
    let mut before = 0;
    for transition in transitions {
        let at = transition.at.as_millisecond();
        varint::push(varint::zigzag(at - before), &mut bytes);
        before = at;
        for status in [&transition.from, &transition.to] {
            let number = status.as_deref().map_or(Ok(0), &mut number)?;
            varint::push(number, &mut bytes);
        }
    }
    Ok(bytes)
}

/// Undoes [`encode`]; `status` gives the status of a number. `None` if the bytes are damaged.
pub(super) fn decode(
    mut bytes: &[u8],
    status: impl Fn(u64) -> Option<Arc<StatusRef>>,
) -> Option<Vec<Transition>> {
    // A number ends with its only byte below 128; three numbers are a transition.
    let numbers = bytes.iter().filter(|byte| **byte < 0x80).count();
    let mut transitions = Vec::with_capacity(numbers / 3);
    let mut at = 0_i64;
    while !bytes.is_empty() {
        at = at.checked_add(varint::unzigzag(varint::take(&mut bytes)?))?;
        let from = take_status(&mut bytes, &status)?;
        let to = take_status(&mut bytes, &status)?;
        transitions.push(Transition { at: Timestamp::from_millisecond(at).ok()?, from, to });
    }
    Some(transitions)
}

fn take_status(
    bytes: &mut &[u8],
    status: impl Fn(u64) -> Option<Arc<StatusRef>>,
) -> Option<Option<Arc<StatusRef>>> {
    match varint::take(bytes)? {
        0 => Some(None),
        number => status(number).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitions_round_trip() {
        let statuses = [StatusRef::named("Open"), StatusRef::known("3", "Done")];
        let [open, done] = statuses.clone().map(|status| Some(Arc::new(status)));
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let changes = [
            Transition { at: at(-5), from: None, to: open.clone() },
            Transition { at: at(1_750_000_000_000), from: open, to: None },
            Transition { at: at(1_750_000_000_000), from: None, to: done },
        ];
        let number = |status: &StatusRef| {
            let place = statuses.iter().position(|known| known == status);
            place.map(|place| place as u64 + 1).ok_or(())
        };
        let name = |number: u64| statuses.get(number as usize - 1).cloned().map(Arc::new);
        let bytes = encode(&changes, number).unwrap();
        assert_eq!(decode(&bytes, name).unwrap(), changes);
        assert_eq!(decode(b"", name), Some(Vec::new()));
        for damaged in [&bytes[..bytes.len() - 1], b"\x00\x07\x00", &[0xff; 12]] {
            assert_eq!(decode(damaged, name), None);
        }
    }
}
