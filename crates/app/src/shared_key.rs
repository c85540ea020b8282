//! The key that all nodes of one store have and the store has not: it signs sessions and seals tokens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use model::Token;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

/// What is shorter can be guessed.
const CHARACTERS_MIN: usize = 32;
/// Tells the key that seals from the one that signs, and what is sealed from anything else.
const PURPOSE: &[u8] = b"burndown: tokens, sealed, 1";

/// The key. It prints as stars.
#[derive(Debug, Clone)]
pub struct SharedKey(Token);

impl SharedKey {
    /// A key of that text; `None` if it is too short to be one.
    pub fn new(text: &str) -> Option<SharedKey> {
        let text = text.trim();
        Token::new(text).filter(|_| text.chars().count() >= CHARACTERS_MIN).map(SharedKey)
    }

    /// The key itself, to sign with.
    pub(crate) fn token(&self) -> &Token {
        &self.0
    }

    /// Encrypts a text, so that a change of it is noticed too; `None` if the system gives no random
    /// numbers.
    pub(crate) fn seal(&self, text: &str) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut bytes = text.as_bytes().to_vec();
        let nonce_value = Nonce::assume_unique_for_key(nonce);
        let aad = Aad::from(PURPOSE);
        self.cipher()?.seal_in_place_append_tag(nonce_value, aad, &mut bytes).ok()?;
        Some(BASE64.encode([&nonce, bytes.as_slice()].concat()))
    }

    /// Undoes [`SharedKey::seal`]; `None` if it was sealed with another key or changed since.
    pub(crate) fn open(&self, sealed: &str) -> Option<String> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, text) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let opened = self.cipher()?.open_in_place(nonce, Aad::from(PURPOSE), &mut text).ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.reveal().as_bytes());
        let derived = hmac::sign(&key, PURPOSE);
        UnboundKey::new(&AES_256_GCM, derived.as_ref()).ok().map(LessSafeKey::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_alone() {
        let key = |text: &str| SharedKey::new(text).unwrap();
        let (one, other) = (key(&"a".repeat(32)), key(&"b".repeat(32)));
        let sealed = one.seal("s3cret ü").unwrap();
        assert!(!sealed.contains("s3cret"));
        assert_eq!(one.open(&sealed).as_deref(), Some("s3cret ü"));
        assert_ne!(one.seal("s3cret ü").unwrap(), sealed, "no two seals are alike");
        assert_eq!(other.open(&sealed), None);
        let mut bytes = BASE64.decode(&sealed).unwrap();
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            assert_eq!(one.open(&BASE64.encode(&bytes)), None, "byte {place} was changed");
            bytes[place] ^= 1;
        }
        for bad in ["", "AAAA", "no base64!", &sealed[..sealed.len() - 4]] {
            assert_eq!(one.open(bad), None, "{bad}");
        }
    }

    #[test]
    fn short_keys_are_none_and_none_is_printed() {
        assert!(SharedKey::new(&"a".repeat(31)).is_none());
        assert!(SharedKey::new(&" ".repeat(40)).is_none());
        let key = SharedKey::new(&format!(" {}\n", "a".repeat(32))).unwrap();
        assert!(!format!("{key:?}").contains("aaa"));
        assert_eq!(key.token().reveal(), "a".repeat(32));
    }
}
