//! Where a Jira is, who we are there (see `options.rs` for how to behave).

use base64::prelude::{BASE64_STANDARD, Engine as _};
use model::Token;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::fetch::encoded;

/// From this length on the beginning of a secret is taken for it.
const BEGINNING_BYTES: usize = 12;

/// A Jira and the login to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Address up to the folder in which Jira lives, e.g. `https://example.org/jira`.
    pub base_url: String,
    /// Who asks.
    pub login: Login,
}

/// Who asks. Only one kind of login is ever sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A personal access token of Jira Server or Data Center.
    Bearer(Token),
    /// An e-mail and an API token, as Jira Cloud takes them; user and password on old servers.
    Basic {
        /// The e-mail or user name.
        email: String,
        /// The API token or password.
        token: Token,
    },
    /// Nobody: for servers that show their issues to everyone.
    None,
}

impl Login {
    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> Option<String> {
        match self {
            Login::Bearer(token) => Some(format!("Bearer {}", token.reveal().trim())),
            Login::Basic { email, token } => {
                let pair = format!("{}:{}", email.trim(), token.reveal().trim());
                Some(format!("Basic {}", BASE64_STANDARD.encode(pair)))
            }
            Login::None => None,
        }
    }

    /// `text` with every trace of the secret as stars: a server may send it back in its errors.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        let (Login::Bearer(token) | Login::Basic { token, .. }) = self else {
            return text.to_owned();
        };
        let header = self.header().unwrap_or_default();
        let value = header.split(' ').next_back().unwrap_or_default();
        let token = token.reveal().trim();
        let in_address = utf8_percent_encode(token, NON_ALPHANUMERIC).to_string();
        let in_part = encoded(token).to_string();
        // Encoded first: one that was cut short begins like the plain one, and goes on otherwise.
        let secrets = [in_address.as_str(), &in_part, value, token];
        let hide = |text: String, secret: &&str| text.replace(*secret, "***");
        let whole = secrets.iter().filter(|it| !it.is_empty()).fold(text.to_owned(), hide);
        secrets.into_iter().fold(whole, |text, secret| without_beginnings(&text, secret))
    }
}

/// A text without longer beginnings of a secret: some servers repeat what they were sent, cut short.
fn without_beginnings(text: &str, secret: &str) -> String {
    let Some(beginning) = secret.get(..BEGINNING_BYTES).filter(|it| text.contains(it)) else {
        return text.to_owned();
    };
    let (mut hidden, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(beginning) {
        let tail = secret.get(BEGINNING_BYTES..).unwrap_or_default();
        let same = after.chars().zip(tail.chars()).take_while(|(one, other)| one == other);
        let bytes: usize = same.map(|(character, _)| character.len_utf8()).sum();
        hidden.push_str(before);
        hidden.push_str("***");
        rest = after.get(bytes..).unwrap_or_default();
    }
    hidden + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::new("s3cret").unwrap()
    }

    #[test]
    fn one_kind_of_login_becomes_one_header() {
        let basic = |email: &str, secret: &str| Login::Basic {
            email: email.to_owned(),
            token: Token::new(secret).unwrap(),
        };
        for (login, want) in [
            (Login::None, None),
            (Login::Bearer(token()), Some("Bearer s3cret")),
            (basic("Aladdin", "open sesame"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")),
            (basic("a", "bc"), Some("Basic YTpiYw==")),
            (basic("ä", "b"), Some("Basic w6Q6Yg==")),
            (basic("ab", "cde"), Some("Basic YWI6Y2Rl")),
        ] {
            assert_eq!(login.header().as_deref(), want);
        }
    }

    #[test]
    fn secrets_print_as_stars_and_are_cut_out_of_what_comes_back() {
        let login = Login::Basic { email: "a@b".to_owned(), token: token() };
        let header = login.header().unwrap();
        let echo = login.hide_in(&format!("bad header {header}, token s3cret"));
        assert_eq!(echo, "bad header Basic ***, token ***");
        assert!(!format!("{login:?}").contains("s3cret"));
        let token = Token::new("ATATT3xFfGF0canary+/ab==8F3A1B2C").unwrap();
        let long = Login::Bearer(token);
        for echoed in [
            "ATATT3xFfGF0canary+/ab==8F3A1B2C",
            "ATATT3xFfGF0canary%2B%2Fab%3D%3D8F3A1B2C",
            "ATATT3xFfGF0canary%2B%2Fab%3D",
            "ATATT3xFfGF0canary",
            "ATATT3xFfGF0can",
        ] {
            let told = long.hide_in(&format!("at /login?t={echoed}… x"));
            assert_eq!(told, "at /login?t=***… x");
        }
        assert_eq!(long.hide_in("ATATT3x"), "ATATT3x");
    }
}
