//! The workspace's own key: a file beside the database that only its owner can read. It lets in
//! whatever becomes of the database, and signs sessions.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use model::access_key::KEY_FILE;
use model::{Timestamp, Token};

use super::secret;
use crate::PROFILES;
use crate::error::{Error, Result};

/// Longest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1024;
/// How long a one-time code is good for.
const CODE_S: i64 = 60;
const NONCE_BYTES: usize = 12;

/// The key of a workspace.
#[derive(Debug, Clone)]
pub struct OwnKey {
    text: Token,
}

/// A workspace that has a key of its own.
#[derive(Debug)]
pub struct Prepared {
    /// The file that holds it.
    pub file: PathBuf,
    /// The key.
    pub key: OwnKey,
    /// Whether it was made just now.
    pub is_new: bool,
    /// Whether that was because others could read the file.
    pub was_readable: bool,
    /// What goes with this value: the folder of a key for one run.
    scratch: Option<files::ScratchFolder>,
}

impl Prepared {
    /// Whether the key is good for this run only.
    pub fn is_for_one_run(&self) -> bool {
        self.scratch.is_some()
    }
}

/// The file of a workspace's own key.
pub(super) fn file_of(workspace: &Path) -> PathBuf {
    workspace.join(PROFILES).join(KEY_FILE)
}

/// The key in a file; `None` if there is none, or one that others can read.
pub(super) fn read(path: &Path) -> Result<Option<OwnKey>> {
    if files::leads_to_open(path) {
        return Ok(None);
    }
    let mut text = String::new();
    let file = match files::open_to_read(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::File { path: path.to_owned(), source }),
    };
    if file.take(FILE_BYTES_MAX).read_to_string(&mut text).is_err() {
        return Ok(None);
    }
    let text = text.trim();
    Ok(secret::id_of(text).and(Token::new(text)).map(|text| OwnKey { text }))
}

/// Sees to it that a workspace has a key of its own.
pub fn prepare(workspace: &Path) -> Result<Prepared> {
    let file = file_of(workspace);
    let was_readable = files::leads_to_open(&file);
    let (key, is_new) = match read(&file)? {
        Some(key) => (key, false),
        None => (renew(&file)?, true),
    };
    Ok(Prepared { file, key, is_new, was_readable, scratch: None })
}

/// A key for one run, of a workspace that nothing can be written to.
pub fn prepare_for_one_run() -> Result<Prepared> {
    let scratch = files::scratch_folder(&std::env::temp_dir())?;
    let file = scratch.path().join(KEY_FILE);
    let key = renew(&file)?;
    Ok(Prepared { file, key, is_new: true, was_readable: false, scratch: Some(scratch) })
}

/// Makes a new key in place of the one there is: its sessions, and all others, end.
pub(super) fn renew(file: &Path) -> Result<OwnKey> {
    let text = secret::new_key()?;
    files::create_folder(files::folder_of(file))?;
    files::write_file(file, format!("{}\n", text.reveal()).as_bytes())?;
    Ok(OwnKey { text })
}

impl OwnKey {
    /// The key itself, for its link and its file.
    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }

    /// How it begins; no secret.
    pub(super) fn id(&self) -> &str {
        secret::id_of(self.text.reveal()).unwrap_or_default()
    }

    /// What would be stored of it.
    pub(super) fn hash(&self) -> String {
        secret::hash(self.text.reveal())
    }

    /// A signature with it.
    pub(super) fn sign(&self, parts: &[&str]) -> String {
        secret::sign(&self.text, parts)
    }

    /// A code that lets in once, for a minute, at the server that listens on `port`.
    pub fn code(&self, port: u16, now: Timestamp) -> Result<String> {
        let expires = (now.as_second() + CODE_S).to_string();
        let nonce = secret::random(NONCE_BYTES)?;
        let signature = self.sign(&["code", &port.to_string(), &expires, &nonce]);
        Ok(format!("{expires}.{nonce}.{signature}"))
    }

    /// The moment in seconds until which a code for that port is good; `None` if it is not.
    pub(super) fn code_expires(&self, code: &str, port: u16, now: Timestamp) -> Option<i64> {
        let mut parts = code.split('.');
        let (expires, nonce, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let want = self.sign(&["code", &port.to_string(), expires, nonce]);
        let expires_at: i64 = expires.parse().ok()?;
        let is_good = parts.next().is_none() && secret::is_same(&want, signature);
        (is_good && now.as_second() <= expires_at).then_some(expires_at)
    }
}
