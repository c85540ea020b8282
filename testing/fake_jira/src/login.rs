//! The header by which a client says who it is.

use crate::behaviour::Login;

const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What has to stand in `Authorization`.
pub(crate) fn header(login: &Login) -> String {
    match login {
        Login::Bearer(token) => format!("Bearer {token}"),
        Login::Basic(user, password) => {
            format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let sign = SIGNS.get((bits >> (18 - 6 * place) & 63) as usize);
            let sign = sign.filter(|_| place <= group.len()).unwrap_or(&b'=');
            text.push(char::from(*sign));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(user: &str, password: &str, want: &str) {
        let login = Login::Basic(user.to_owned(), password.to_owned());
        assert_eq!(header(&login), want);
    }

    #[test]
    fn headers_are_those_of_the_standard() {
        check("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        check("a", "b", "Basic YTpi");
        check("test", "123£", "Basic dGVzdDoxMjPCow==");
        assert_eq!(header(&Login::Bearer("t".to_owned())), "Bearer t");
    }
}
