//! The header by which a client says who it is.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::behaviour::Login;

/// What has to stand in `Authorization`.
pub(crate) fn header(login: &Login) -> String {
    match login {
        Login::Bearer(token) => format!("Bearer {token}"),
        Login::Basic(user, password) => {
            format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
        }
    }
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
