//! The secret file: tokens by profile, each with the one server that it may be sent to, beside the
//! database and never in it. Mode `0600` from the moment it is created.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use files::{Kind, LockFile};
use model::{Json, Object, ProfileId, Token};

use crate::error::{Error, Result};

/// The newest version of the file that this program knows.
const VERSION: u32 = 2;
/// The member that lets a token go over `http`.
const MAY_BE_READ: &str = "may_be_read";
/// Whoever changes the file holds this one.
const LOCK: &str = "burndown-secrets.lock";
/// The file while it is written.
const UNFINISHED: &str = "burndown-secrets.json.new";
/// How long another change is waited for.
const WAIT_MS: u64 = 10_000;

/// A token, and where it may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// Scheme, host and port of the only server that may learn it; `None` as long as that is not known:
    /// old files say none, and a token can be given before the address.
    pub origin: Option<String>,
    /// Whether somebody said that it may be sent so that others can read it on the way.
    pub may_be_read: bool,
}

impl From<Token> for StoredToken {
    /// A token of which it is not known yet where it may be sent.
    fn from(token: Token) -> StoredToken {
        StoredToken { token, origin: None, may_be_read: false }
    }
}

/// A server that a token from outside may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Its scheme, host and port.
    pub origin: String,
    /// In which folder that was said, so that it does not count in a copy from elsewhere.
    pub place: String,
    /// As in [`StoredToken`].
    pub may_be_read: bool,
}

/// Tokens of a workspace.
#[derive(Debug)]
pub struct SecretFile {
    path: PathBuf,
    tokens: Vec<(String, StoredToken)>,
    confirmed: Vec<Confirmed>,
}

impl SecretFile {
    /// Its name beside the database.
    pub const NAME: &str = "burndown-secrets.json";

    /// Reads the file in `folder`; none is a file without tokens.
    pub fn open(folder: &Path) -> Result<SecretFile> {
        let path = folder.join(Self::NAME);
        let text = match files::read_text(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::from("{}"),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                return Err(Error::from_io(&error, &path));
            }
            Err(error) => return Err(damaged(&path, &error)),
        };
        SecretFile::parse(path, &text)
    }

    /// Reads what [`SecretFile::to_text`] gave; errors name `path`.
    pub fn parse(path: PathBuf, text: &str) -> Result<SecretFile> {
        // The parser's message holds a position only, never the text.
        let json = Json::parse(text).map_err(|error| damaged(&path, &error))?;
        let file = json.as_object().ok_or_else(|| damaged(&path, &"it is no object"))?;
        let version = file.get("version").and_then(Json::as_f64).unwrap_or(f64::from(VERSION));
        if version > f64::from(VERSION) {
            let (place, found) = (path.display().to_string(), version as u32);
            return Err(Error::TooNew { place, found, supported: VERSION });
        }
        let tokens = file.get("tokens").and_then(Json::as_object);
        let token = |(id, value): (&str, &Json)| Some((id.to_owned(), decode_token(value)?));
        let tokens = tokens.into_iter().flat_map(Object::iter).filter_map(token).collect();
        let confirmed = file.get("confirmed").and_then(Json::as_array).unwrap_or_default();
        let confirmed = confirmed.iter().filter_map(decode_confirmed).collect();
        Ok(SecretFile { path, tokens, confirmed })
    }

    /// Changes the file in one turn: nobody else reads it to change it meanwhile. `change` says
    /// whether there is anything to write.
    pub fn change(folder: &Path, change: impl FnOnce(&mut SecretFile) -> bool) -> Result<()> {
        if !folder.is_dir() {
            // Nobody has a token there yet, and where none is set nothing is made.
            let mut file = SecretFile::open(folder)?;
            if !change(&mut file) {
                return Ok(());
            }
            files::create_folder(folder)?;
            return file.save();
        }
        let lock = folder.join(LOCK);
        let turn = LockFile::create(&lock)?.hold(Kind::Exclusive, WAIT_MS)?;
        let turn = turn.ok_or_else(|| Error::Busy {
            place: lock.display().to_string(),
            waited_s: WAIT_MS / 1_000,
        })?;
        let mut file = SecretFile::open(folder)?;
        let changed = if change(&mut file) { file.save() } else { Ok(()) };
        turn.remove();
        changed
    }

    /// The token of a profile, whoever may learn it.
    pub fn token(&self, profile: &ProfileId) -> Option<&Token> {
        self.stored(profile).map(|stored| &stored.token)
    }

    /// The token of a profile, and where it may be sent.
    pub fn stored(&self, profile: &ProfileId) -> Option<&StoredToken> {
        self.tokens.iter().find(|(id, _)| id == profile.as_str()).map(|(_, stored)| stored)
    }

    /// What was said in the folder `place` about a server.
    pub fn confirmed(&self, origin: &str, place: &str) -> Option<&Confirmed> {
        self.confirmed.iter().find(|known| known.origin == origin && known.place == place)
    }

    /// Notes a server; [`SecretFile::change`] makes it last. Says whether that was new.
    pub fn confirm(&mut self, confirmed: Confirmed) -> bool {
        if self.confirmed.contains(&confirmed) {
            return false;
        }
        let is_other =
            |known: &Confirmed| known.origin != confirmed.origin || known.place != confirmed.place;
        self.confirmed.retain(is_other);
        self.confirmed.push(confirmed);
        true
    }

    /// Sets the token of a profile; [`SecretFile::change`] makes it last.
    pub fn set(&mut self, profile: &ProfileId, token: impl Into<StoredToken>) {
        self.tokens.retain(|(id, _)| id != profile.as_str());
        self.tokens.push((profile.to_string(), token.into()));
    }

    /// Takes the token of a profile away and says whether there was one; [`SecretFile::change`] makes
    /// it last.
    pub fn remove(&mut self, profile: &ProfileId) -> bool {
        let count = self.tokens.len();
        self.tokens.retain(|(id, _)| id != profile.as_str());
        self.tokens.len() < count
    }

    /// What the file holds.
    pub fn to_text(&self) -> String {
        let mut tokens = Object::new();
        for (id, stored) in &self.tokens {
            tokens.set(id, encode_token(stored));
        }
        let mut file = Object::new();
        file.set("version", Json::integer(i64::from(VERSION)));
        file.set("tokens", Json::Object(tokens));
        if !self.confirmed.is_empty() {
            let confirmed = self.confirmed.iter().map(encode_confirmed).collect();
            file.set("confirmed", Json::Array(confirmed));
        }
        Json::Object(file).to_indented()
    }

    /// Writes the file in one step. In its turn nobody else has the name that it has before that: what
    /// a kill leaves there is written over by the next.
    fn save(&self) -> Result<()> {
        let unfinished = self.path.with_file_name(UNFINISHED);
        files::remove(&unfinished)?;
        let mut out = files::create_file(&unfinished)?;
        out.write_all(self.to_text().as_bytes())
            .map_err(|error| Error::from_io(&error, &unfinished))?;
        files::flush_file(&unfinished)?;
        Ok(files::rename(&unfinished, &self.path)?)
    }
}

/// A token of which nothing else is known stands alone, as all did in version 1.
fn decode_token(value: &Json) -> Option<StoredToken> {
    let Some(object) = value.as_object() else {
        let token = Token::new(&value.as_text()?)?;
        return Some(StoredToken { token, origin: None, may_be_read: false });
    };
    let token = Token::new(&object.get("token")?.as_text()?)?;
    let origin = object.get("origin").and_then(Json::as_text).map(|text| text.into_owned());
    Some(StoredToken { token, origin, may_be_read: flag(object, MAY_BE_READ) })
}

fn encode_token(stored: &StoredToken) -> Json {
    if stored.origin.is_none() && !stored.may_be_read {
        return Json::text(stored.token.reveal());
    }
    let mut object = Object::new();
    object.set("token", Json::text(stored.token.reveal()));
    object.set_some("origin", stored.origin.as_ref().map(Json::text));
    object.set_some(MAY_BE_READ, stored.may_be_read.then_some(Json::Bool(true)));
    Json::Object(object)
}

fn decode_confirmed(value: &Json) -> Option<Confirmed> {
    let object = value.as_object()?;
    let text = |name| Some(object.get(name)?.as_text()?.into_owned());
    let (origin, place) = (text("origin")?, text("place")?);
    Some(Confirmed { origin, place, may_be_read: flag(object, MAY_BE_READ) })
}

fn encode_confirmed(confirmed: &Confirmed) -> Json {
    let mut object = Object::new();
    object.set("origin", Json::text(&confirmed.origin));
    object.set("place", Json::text(&confirmed.place));
    object.set_some(MAY_BE_READ, confirmed.may_be_read.then_some(Json::Bool(true)));
    Json::Object(object)
}

fn flag(object: &Object, name: &str) -> bool {
    matches!(object.get(name), Some(Json::Bool(true)))
}

fn damaged(path: &Path, what: &dyn std::fmt::Display) -> Error {
    Error::BadSecrets { place: path.display().to_string(), what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn stored(text: &str, origin: Option<&str>) -> StoredToken {
        let token = Token::new(text).unwrap();
        StoredToken { token, origin: origin.map(str::to_owned), may_be_read: origin.is_some() }
    }

    #[test]
    fn a_file_of_version_1_names_no_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SecretFile::NAME);
        fs::write(&path, r#"{"version":1,"tokens":{"p_1":"s3cret"}}"#).unwrap();
        let id = ProfileId::new("p_1").unwrap();
        let read = || SecretFile::open(folder.path()).unwrap().stored(&id).cloned().unwrap();
        assert_eq!(read(), stored("s3cret", None));
        let bound = stored("s3cret", Some("http://a.example:80"));
        let confirmed =
            Confirmed { origin: "o".to_owned(), place: "p".to_owned(), may_be_read: false };
        let bind = |file: &mut SecretFile| {
            file.set(&id, bound.clone());
            assert!(file.confirm(confirmed.clone()) && !file.confirm(confirmed.clone()));
            true
        };
        SecretFile::change(folder.path(), bind).unwrap();
        assert_eq!(read(), bound);
        let again = SecretFile::open(folder.path()).unwrap();
        assert_eq!(again.confirmed("o", "p"), Some(&confirmed));
        assert_eq!(again.confirmed("o", "elsewhere"), None);
    }

    #[test]
    fn tokens_last_and_stay_out_of_debug() {
        let folder = tempfile::tempdir().unwrap();
        let id = ProfileId::new("p_1").unwrap();
        assert!(SecretFile::open(folder.path()).unwrap().token(&id).is_none());
        let set = |file: &mut SecretFile| {
            file.set(&id, stored("s3cret", None));
            true
        };
        SecretFile::change(folder.path(), set).unwrap();
        let again = SecretFile::open(folder.path()).unwrap();
        assert_eq!(again.token(&id).unwrap().reveal(), "s3cret");
        assert!(!format!("{again:?}").contains("s3cret"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&again.path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn changes_of_two_hands_both_last() {
        let folder = tempfile::tempdir().unwrap();
        let set = |name: &str| {
            let id = ProfileId::new(name).unwrap();
            let set = |file: &mut SecretFile| {
                std::thread::yield_now();
                file.set(&id, stored(name, None));
                true
            };
            SecretFile::change(folder.path(), set).unwrap();
        };
        std::thread::scope(|scope| {
            for hand in 0..4 {
                scope.spawn(move || (0..8).for_each(|n| set(&format!("p_{hand}_{n}"))));
            }
        });
        assert_eq!(SecretFile::open(folder.path()).unwrap().tokens.len(), 32);
        let remove = |file: &mut SecretFile| file.remove(&ProfileId::new("p_0_0").unwrap());
        SecretFile::change(folder.path(), remove).unwrap();
        assert_eq!(SecretFile::open(folder.path()).unwrap().tokens.len(), 31);
    }

    #[track_caller]
    fn check_kept(content: &[u8], want: fn(&Error) -> bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SecretFile::NAME);
        fs::write(&path, content).unwrap();
        let changed = SecretFile::change(folder.path(), |_| true);
        assert!(changed.as_ref().is_err_and(want), "{changed:?}");
        assert_eq!(fs::read(&path).unwrap(), content, "it is left as it is");
    }

    #[test]
    fn newer_and_damaged_files_are_never_written_over() {
        check_kept(br#"{"version": 99, "tokens": {}}"#, |e| matches!(e, Error::TooNew { .. }));
        for content in [&b""[..], b"\0\x01", b"[]", br#"{"tokens": {"p"#, b"\xff"] {
            check_kept(content, |e| matches!(e, Error::BadSecrets { .. }));
        }
    }

    #[test]
    fn a_token_that_was_acknowledged_is_on_the_disk_with_its_name() {
        use std::sync::{Arc, Mutex};
        let folder = tempfile::tempdir().unwrap();
        let steps = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&steps);
        let work = || SecretFile::change(folder.path(), |_| true).unwrap();
        files::watched(move |done| told.lock().unwrap().push(done.act), work);
        let steps = steps.lock().unwrap();
        let want = [files::Act::Create, files::Act::Flush, files::Act::Rename, files::Act::Flush];
        assert_eq!(*steps, want);
    }
}
