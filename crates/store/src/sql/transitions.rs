//! Status changes as bytes: for each the milliseconds since the one before, the status before and
//! the status after; a status is 0 for none, else its number in `status_names`.

use std::sync::Arc;

use model::{Timestamp, Transition};

use super::varint;

/// The bytes of `transitions`; `number` gives the number (from 1) of a status name.
pub(super) fn encode<E>(
    transitions: &[Transition],
    mut number: impl FnMut(&str) -> Result<u64, E>,
) -> Result<Vec<u8>, E> {
    let mut bytes = Vec::with_capacity(transitions.len() * 6);
    let mut before = 0;
    for transition in transitions {
        let at = transition.at.as_millisecond();
        varint::push(varint::zigzag(at - before), &mut bytes);
        before = at;
        for name in [&transition.from, &transition.to] {
            let number = name.as_deref().map_or(Ok(0), &mut number)?;
            varint::push(number, &mut bytes);
        }
    }
    Ok(bytes)
}

/// Undoes [`encode`]; `name` gives the name of a number. `None` if the bytes are damaged.
pub(super) fn decode(
    mut bytes: &[u8],
    name: impl Fn(u64) -> Option<Arc<str>>,
) -> Option<Vec<Transition>> {
    // A number ends with its only byte below 128; three numbers are a transition.
    let numbers = bytes.iter().filter(|byte| **byte < 0x80).count();
    let mut transitions = Vec::with_capacity(numbers / 3);
    let mut at = 0_i64;
    while !bytes.is_empty() {
        at = at.checked_add(varint::unzigzag(varint::take(&mut bytes)?))?;
        let from = take_name(&mut bytes, &name)?;
        let to = take_name(&mut bytes, &name)?;
        transitions.push(Transition { at: Timestamp::from_millisecond(at).ok()?, from, to });
    }
    Some(transitions)
}

fn take_name(
    bytes: &mut &[u8],
    name: impl Fn(u64) -> Option<Arc<str>>,
) -> Option<Option<Arc<str>>> {
    match varint::take(bytes)? {
        0 => Some(None),
        number => name(number).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitions_round_trip() {
        let names = ["Open", "Done"];
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let changes = [
            Transition { at: at(-5), from: None, to: Some("Open".into()) },
            Transition { at: at(1_750_000_000_000), from: Some("Open".into()), to: None },
            Transition { at: at(1_750_000_000_000), from: None, to: Some("Done".into()) },
        ];
        let number = |name: &str| {
            names.iter().position(|known| *known == name).map(|place| place as u64 + 1).ok_or(())
        };
        let name = |number: u64| names.get(number as usize - 1).map(|name| Arc::from(*name));
        let bytes = encode(&changes, number).unwrap();
        assert_eq!(decode(&bytes, name).unwrap(), changes);
        assert_eq!(decode(b"", name), Some(Vec::new()));
        for damaged in [&bytes[..bytes.len() - 1], b"\x00\x07\x00", &[0xff; 12]] {
            assert_eq!(decode(damaged, name), None);
        }
    }
}
