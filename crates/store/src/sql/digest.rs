//! A row as one number, by which a change of any bit of it is noticed. No protection against intent.
//!
//! Each step turns a number into another one to one, so that rows which differ in one word never have the
//! same digest; the algorithm is part of the stored form and stays as it is.

use super::driver::Value;

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
/// Set in the word that tells the length of bytes which do not fit into it themselves.
const LONG: u64 = 1 << 63;

/// A digest that is being made.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Digest(u64);

impl Digest {
    /// Takes in a number.
    #[inline]
    pub fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    }

    /// Takes in bytes and how many they are.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        if bytes.len() < 8 {
            self.word(padded(bytes) | (bytes.len() as u64) << 56);
            return;
        }
        self.word(bytes.len() as u64 | LONG);
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.word(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            self.word(padded(rest));
        }
    }

    /// Takes in a text that may be absent, which is not the empty one.
    #[inline]
    pub fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.bytes(text.as_bytes()),
            None => self.word(u64::MAX),
        }
    }

    /// Takes in the value of a column.
    pub fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Null => self.word(0),
            Value::Integer(number) => {
                self.word(1);
                self.word(number.cast_unsigned());
            }
            Value::Real(number) => {
                self.word(2);
                self.word(number.to_bits());
            }
            Value::Text(text) => {
                self.word(3);
                self.bytes(text.as_bytes());
            }
            Value::Blob(bytes) => {
                self.word(4);
                self.bytes(bytes);
            }
        }
    }

    /// The digest, such that sums of digests differ in all of their bits.
    #[inline]
    pub fn finish(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR);
        mixed ^ (mixed >> 29)
    }
}

/// Up to seven bytes as a number.
#[inline]
fn padded(bytes: &[u8]) -> u64 {
    let step = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    bytes.iter().fold(0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> u64 {
        let mut digest = Digest::default();
        digest.bytes(bytes);
        digest.finish()
    }

    #[test]
    fn the_stored_form_stays_as_it_is() {
        assert_eq!(of(b""), 0);
        assert_eq!(of(b"abc"), ABC);
        assert_eq!(of(b"abcdefgh-10"), LONGER);
    }

    const ABC: u64 = 0xe977_0711_d625_64c4;
    const LONGER: u64 = 0x6bee_e374_949a_1ed4;

    #[test]
    fn any_bit_and_any_length_makes_another() {
        for length in [1_usize, 7, 8, 9, 16, 40] {
            let bytes: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let digest = of(&bytes);
            for bit in 0..length * 8 {
                let mut changed = bytes.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(of(&changed), digest, "bit {bit} of {length}");
            }
            assert_ne!(of(&bytes[..length - 1]), digest);
            assert_ne!(of(&[&bytes[..], &[0]].concat()), digest);
        }
    }

    #[test]
    fn nothing_and_the_empty_text_differ() {
        let text = |text| {
            let mut digest = Digest::default();
            digest.text(text);
            digest.finish()
        };
        assert_ne!(text(None), text(Some("")));
    }
}
