//! The secret file: tokens by profile, beside the database and never in it. Mode `0600` from the
//! moment it is created.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Json, Object, ProfileId, Token};

use crate::error::{Error, Result};

/// Tokens of a workspace.
#[derive(Debug)]
pub struct SecretFile {
    path: PathBuf,
    tokens: Vec<(String, Token)>,
}

impl SecretFile {
    /// Its name beside the database.
    pub const NAME: &str = "burndown-secrets.json";

    /// Reads the file in `folder`; none is a file without tokens.
    pub fn open(folder: &Path) -> Result<SecretFile> {
        let path = folder.join(Self::NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::from("{}"),
            Err(error) => return Err(Error::from_io(&error, &path)),
        };
        // The parser's message holds a position only, never the text.
        let json = Json::parse(&text).map_err(|error| Error::Corrupt {
            place: path.display().to_string(),
            what: error.to_string(),
        })?;
        let tokens = json.get("tokens").and_then(Json::as_object);
        let token =
            |(id, value): (&str, &Json)| Some((id.to_owned(), Token::new(&value.as_text()?)?));
        let tokens = tokens.into_iter().flat_map(Object::iter).filter_map(token).collect();
        Ok(SecretFile { path, tokens })
    }

    /// The token of a profile.
    pub fn token(&self, profile: &ProfileId) -> Option<&Token> {
        self.tokens.iter().find(|(id, _)| id == profile.as_str()).map(|(_, token)| token)
    }

    /// Sets the token of a profile; [`SecretFile::save`] makes it last.
    pub fn set(&mut self, profile: &ProfileId, token: Token) {
        self.tokens.retain(|(id, _)| id != profile.as_str());
        self.tokens.push((profile.to_string(), token));
    }

    /// Takes the token of a profile away and says whether there was one; [`SecretFile::save`] makes
    /// it last.
    pub fn remove(&mut self, profile: &ProfileId) -> bool {
        let count = self.tokens.len();
        self.tokens.retain(|(id, _)| id != profile.as_str());
        self.tokens.len() < count
    }

    /// Writes the file in one step.
    pub fn save(&self) -> Result<()> {
        let mut tokens = Object::new();
        for (id, token) in &self.tokens {
            tokens.set(id, Json::text(token.reveal()));
        }
        let mut file = Object::new();
        file.set("version", Json::integer(1));
        file.set("tokens", Json::Object(tokens));
        Ok(files::write_file(&self.path, Json::Object(file).to_indented().as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_last_and_stay_out_of_debug() {
        let folder = tempfile::tempdir().unwrap();
        let id = ProfileId::new("p_1").unwrap();
        let mut file = SecretFile::open(folder.path()).unwrap();
        assert!(file.token(&id).is_none());
        file.set(&id, Token::new("s3cret").unwrap());
        file.save().unwrap();
        let again = SecretFile::open(folder.path()).unwrap();
        assert_eq!(again.token(&id).unwrap().reveal(), "s3cret");
        assert!(!format!("{again:?}").contains("s3cret"));
        let mut fewer = SecretFile::open(folder.path()).unwrap();
        assert!(fewer.remove(&id) && !fewer.remove(&id));
        fewer.save().unwrap();
        assert!(SecretFile::open(folder.path()).unwrap().token(&id).is_none());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&again.path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
