//! The secret file: tokens by profile, beside the database and never in it. Mode `0600` from the
//! moment it is created.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use files::{Kind, LockFile};
use model::{Json, Object, ProfileId, Token};

use crate::error::{Error, Result};

/// The newest version of the file that this program knows.
const VERSION: u32 = 1;
/// Whoever changes the file holds this one.
const LOCK: &str = "burndown-secrets.lock";
/// The file while it is written.
const UNFINISHED: &str = "burndown-secrets.json.new";
/// How long another change is waited for.
const WAIT_MS: u64 = 10_000;

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
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                return Err(Error::from_io(&error, &path));
            }
            Err(error) => return Err(damaged(&path, &error)),
        };
        // The parser's message holds a position only, never the text.
        let json = Json::parse(&text).map_err(|error| damaged(&path, &error))?;
        let file = json.as_object().ok_or_else(|| damaged(&path, &"it is no object"))?;
        let version = file.get("version").and_then(Json::as_f64).unwrap_or(f64::from(VERSION));
        if version > f64::from(VERSION) {
            let (place, found) = (path.display().to_string(), version as u32);
            return Err(Error::TooNew { place, found, supported: VERSION });
        }
        let tokens = file.get("tokens").and_then(Json::as_object);
        let token =
            |(id, value): (&str, &Json)| Some((id.to_owned(), Token::new(&value.as_text()?)?));
        let tokens = tokens.into_iter().flat_map(Object::iter).filter_map(token).collect();
        Ok(SecretFile { path, tokens })
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
        let _turn = turn.ok_or_else(|| Error::Busy {
            place: lock.display().to_string(),
            waited_s: WAIT_MS / 1_000,
        })?;
        let mut file = SecretFile::open(folder)?;
        if change(&mut file) { file.save() } else { Ok(()) }
    }

    /// The token of a profile.
    pub fn token(&self, profile: &ProfileId) -> Option<&Token> {
        self.tokens.iter().find(|(id, _)| id == profile.as_str()).map(|(_, token)| token)
    }

    /// Sets the token of a profile; [`SecretFile::change`] makes it last.
    pub fn set(&mut self, profile: &ProfileId, token: Token) {
        self.tokens.retain(|(id, _)| id != profile.as_str());
        self.tokens.push((profile.to_string(), token));
    }

    /// Takes the token of a profile away and says whether there was one; [`SecretFile::change`] makes
    /// it last.
    pub fn remove(&mut self, profile: &ProfileId) -> bool {
        let count = self.tokens.len();
        self.tokens.retain(|(id, _)| id != profile.as_str());
        self.tokens.len() < count
    }

    /// Writes the file in one step. In its turn nobody else has the name that it has before that: what
    /// a kill leaves there is written over by the next.
    fn save(&self) -> Result<()> {
        let mut tokens = Object::new();
        for (id, token) in &self.tokens {
            tokens.set(id, Json::text(token.reveal()));
        }
        let mut file = Object::new();
        file.set("version", Json::integer(i64::from(VERSION)));
        file.set("tokens", Json::Object(tokens));
        let unfinished = self.path.with_file_name(UNFINISHED);
        files::remove(&unfinished)?;
        let mut out = files::create_file(&unfinished)?;
        out.write_all(Json::Object(file).to_indented().as_bytes())
            .map_err(|error| Error::from_io(&error, &unfinished))?;
        files::flush_file(&unfinished)?;
        Ok(files::rename(&unfinished, &self.path)?)
    }
}

fn damaged(path: &Path, what: &dyn std::fmt::Display) -> Error {
    Error::BadSecrets { place: path.display().to_string(), what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_last_and_stay_out_of_debug() {
        let folder = tempfile::tempdir().unwrap();
        let id = ProfileId::new("p_1").unwrap();
        assert!(SecretFile::open(folder.path()).unwrap().token(&id).is_none());
        let set = |file: &mut SecretFile| {
            file.set(&id, Token::new("s3cret").unwrap());
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
                file.set(&id, Token::new(name).unwrap());
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
