//! The text of a key, and what is signed with it.

use model::Token;
use model::hash::hex;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{digest, hmac};

use crate::error::{Error, Result};

/// How long the part of a key is that is no secret, and the part that is.
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 20;
/// Between the two.
const SEPARATOR: char = '-';

/// That many bytes that nobody can guess, in hexadecimal.
pub(super) fn random(bytes: usize) -> Result<String> {
    let mut filled = vec![0; bytes];
    SystemRandom::new().fill(&mut filled).map_err(|_| Error::NoRandomness)?;
    Ok(hex(&filled))
}

/// A number that nobody can guess.
pub fn random_number() -> Result<String> {
    random(8)
}

/// A new key.
pub(super) fn new_key() -> Result<Token> {
    let text = format!("{}{SEPARATOR}{}", random(ID_BYTES)?, random(SECRET_BYTES)?);
    Token::new(&text).ok_or(Error::NoRandomness)
}

/// The part of a key that is no secret; `None` if the text is no key.
pub(super) fn id_of(text: &str) -> Option<&str> {
    let (id, secret) = text.split_once(SEPARATOR)?;
    let is_hex = |part: &str, bytes: usize| {
        part.len() == bytes * 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    (is_hex(id, ID_BYTES) && is_hex(secret, SECRET_BYTES)).then_some(id)
}

/// What is stored in place of a key.
pub(super) fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// A signature over `parts`, in hexadecimal. No part may hold a line break.
pub(super) fn sign(key: &Token, parts: &[&str]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    hex(hmac::sign(&key, parts.join("\n").as_bytes()).as_ref())
}

/// Whether two secrets are the same. Hashes are compared, so that the time which that takes tells
/// nothing about them.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    hash(one) == hash(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_are_known_as_keys() {
        let (one, other) = (new_key().unwrap(), new_key().unwrap());
        assert_ne!(one, other);
        let text = one.reveal();
        assert_eq!(id_of(text), text.get(..16));
        for bad in ["", "-", "abc-def", &text[1..], &format!("{text}0"), &text.replace('-', "_")] {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }

    /// SHA-256 of "abc" as FIPS 180-4 has it, and test case 2 of RFC 4231.
    #[test]
    fn hashes_are_those_of_the_standards() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let key = Token::new("Jefe").unwrap();
        assert_eq!(
            sign(&key, &["what do ya want for nothing?"]),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
