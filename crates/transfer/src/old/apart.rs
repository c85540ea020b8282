//! Caches of issues that are too long to be taken into memory with the rest of a profile export: they
//! are left out of its text, looked through, and copied to where they belong.

use std::io::{Read, Seek, SeekFrom};

use model::Json;
use store::legacy::split::{Piece, split_within};

use super::layout::QueryFolder;
use crate::bounds;
use crate::error::{Error, Result};

/// From this length on a cache is left out, in bytes.
const LEFT_OUT_BYTES_MIN: usize = 4 << 20;
/// Longest name of a member that is looked at.
const NAME_BYTES_MAX: usize = 1 << 10;
/// How deep in an export a cache is: in a query of `query_data`.
const DEPTH: usize = 3;
const BUFFER_BYTES: usize = 64 << 10;

/// A cache that was left out.
#[derive(Debug, PartialEq)]
pub(super) struct Apart {
    /// The id of its query.
    pub query: String,
    from: u64,
    bytes: u64,
}

/// The text of an export without the longest caches, `null` in their places, and those caches. Rows of
/// a database stay: they are turned into documents with what stands beside them.
pub(super) fn split(source: impl Read, text_bytes_max: u64) -> Result<(Vec<u8>, Vec<Apart>)> {
    let text_bytes_max = usize::try_from(text_bytes_max).unwrap_or(usize::MAX);
    let mut splitter = Splitter::default();
    let mut source = source;
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let read = source.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        splitter.take(bytes);
        if splitter.held() > text_bytes_max {
            return Err(super::too_large(text_bytes_max as u64));
        }
    }
    Ok((splitter.text, splitter.apart))
}

impl Apart {
    /// Looks through the cache, then writes it as a file of its query.
    pub fn lay_out(&self, source: &mut (impl Read + Seek), folder: &QueryFolder) -> Result<()> {
        source.seek(SeekFrom::Start(self.from))?;
        let looked = split_within::<_, Error>(
            bounds::RECORD_BYTES_MAX,
            source.by_ref().take(self.bytes),
            &["issues"],
            &mut |_| Ok(()),
        )?;
        if let Some(at) = looked.broken_at {
            let (at, limit) = (self.from + at, bounds::RECORD_BYTES_MAX >> 20);
            let what =
                format!("it breaks at byte {at}, or has an issue of more than {limit} MiB there");
            return Err(Error::Damaged(what));
        }
        source.seek(SeekFrom::Start(self.from))?;
        let mut file = folder.create("jira_cache.json")?;
        std::io::copy(&mut source.take(self.bytes), &mut file)?;
        Ok(())
    }
}

/// An object or a list that is open.
#[derive(Default)]
struct Level {
    is_object: bool,
    is_name_next: bool,
    name: Vec<u8>,
}

/// A cache that began.
struct Begun {
    from: u64,
    /// What came of it so far; `None` once it is left out.
    bytes: Option<Vec<u8>>,
}

#[derive(Default)]
struct Splitter {
    text: Vec<u8>,
    apart: Vec<Apart>,
    begun: Option<Begun>,
    /// Those of the first levels.
    levels: Vec<Level>,
    depth: usize,
    is_in_string: bool,
    is_name: bool,
    is_escaped: bool,
    /// How many bytes there were.
    at: u64,
}

impl Splitter {
    fn held(&self) -> usize {
        let begun = self.begun.as_ref().and_then(|begun| begun.bytes.as_ref());
        self.text.len() + begun.map_or(0, Vec::len)
    }

    fn take(&mut self, bytes: &[u8]) {
        let mut kept = 0;
        for (place, byte) in bytes.iter().enumerate() {
            if self.is_in_string {
                self.in_string(*byte);
                continue;
            }
            match byte {
                b'"' => self.begin_string(),
                b':' => self.expect_name(false),
                b',' => self.expect_name(true),
                b'{' | b'[' => {
                    if *byte == b'{' && self.is_at_cache() {
                        self.keep(bytes.get(kept..place));
                        kept = place;
                        let from = self.at + place as u64;
                        self.begun = Some(Begun { from, bytes: Some(Vec::new()) });
                    }
                    self.open(*byte == b'{');
                }
                b'}' | b']' => {
                    self.close();
                    if self.depth == DEPTH && self.begun.is_some() {
                        self.keep(bytes.get(kept..=place));
                        kept = place + 1;
                        self.end_cache(self.at + kept as u64);
                    }
                }
                _ => {}
            }
        }
        self.keep(bytes.get(kept..));
        self.at += bytes.len() as u64;
    }

    fn in_string(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' => {
                self.is_in_string = false;
                return;
            }
            _ => {}
        }
        let level = self.levels.last_mut().filter(|_| self.is_name);
        if let Some(level) = level.filter(|level| level.name.len() < NAME_BYTES_MAX) {
            level.name.push(byte);
        }
    }

    fn begin_string(&mut self) {
        self.is_in_string = true;
        let level = self.levels.last_mut().filter(|_| self.depth <= DEPTH);
        let named = level.filter(|level| level.is_object && level.is_name_next);
        self.is_name = named.map(|level| level.name.clear()).is_some();
    }

    fn expect_name(&mut self, is_next: bool) {
        if let Some(level) = self.levels.last_mut().filter(|_| self.depth <= DEPTH) {
            level.is_name_next = is_next;
        }
    }

    fn open(&mut self, is_object: bool) {
        self.depth += 1;
        if self.depth <= DEPTH {
            self.levels.push(Level { is_object, is_name_next: true, name: Vec::new() });
        }
    }

    fn close(&mut self) {
        if self.depth <= DEPTH {
            self.levels.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Whether what opens now is the cache of a query.
    fn is_at_cache(&self) -> bool {
        let [data, query, cache] = self.levels.as_slice() else { return false };
        let is_cache = data.name == b"query_data" && cache.name == b"jira_cache";
        self.depth == DEPTH && is_cache && query.is_object && !cache.is_name_next
    }

    /// Puts bytes where they belong.
    fn keep(&mut self, bytes: Option<&[u8]>) {
        let bytes = bytes.unwrap_or_default();
        let Some(begun) = &mut self.begun else { return self.text.extend(bytes) };
        let Some(cache) = &mut begun.bytes else { return };
        cache.extend(bytes);
        if cache.len() < LEFT_OUT_BYTES_MIN {
            return;
        }
        if has_rows(cache) {
            self.text.append(cache);
            self.begun = None;
        } else {
            begun.bytes = None;
            self.text.extend(b"null");
        }
    }

    fn end_cache(&mut self, to: u64) {
        let Some(Begun { from, bytes }) = self.begun.take() else { return };
        if let Some(mut bytes) = bytes {
            return self.text.append(&mut bytes);
        }
        let id = self.levels.get(1).map(|query| String::from_utf8_lossy(&query.name).into_owned());
        let id = Json::parse(&format!("\"{}\"", id.unwrap_or_default())).ok();
        let query = id.as_ref().and_then(Json::as_text).unwrap_or_default().into_owned();
        self.apart.push(Apart { query, from, bytes: to - from });
    }
}

enum Stop {
    First { has_rows: bool },
    Failed,
}

impl From<std::io::Error> for Stop {
    fn from(_: std::io::Error) -> Stop {
        Stop::Failed
    }
}

/// Whether a cache that begins so holds rows of a database.
fn has_rows(beginning: &[u8]) -> bool {
    let looked =
        split_within(LEFT_OUT_BYTES_MIN, beginning, &["issues"], &mut |piece| match piece {
            Piece::Element(_, first) => {
                let first = Json::parse(&first.text).ok();
                let has_rows = first.is_some_and(|first| first.get("issue_key").is_some());
                Err(Stop::First { has_rows })
            }
            Piece::Member(..) => Ok(()),
        });
    matches!(looked, Err(Stop::First { has_rows: true }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(cache: &str) -> String {
        format!(
            r#"{{"manifest":{{"jira_cache":{{}}}},"query_data":{{"q \"1\"":{{"a":["{{",1],"jira_cache":{cache},"b":2}},"q2":{{"jira_cache":{{"issues":[]}}}}}}}}"#
        )
    }

    /// A cache of some megabytes.
    fn long(first: &str) -> String {
        let fill = "x".repeat(1 << 20);
        let issues = vec![format!(r#"{{"fields":{{"s":"{fill} }} \" \\"}}}}"#); 5];
        format!(r#"{{"issues":[{first},{}],"timestamp":null}}"#, issues.join(","))
    }

    #[track_caller]
    fn check(cache: &str, left_out: bool) {
        let whole = export(cache);
        let (text, apart) = split(whole.as_bytes(), 64 << 20).unwrap();
        let want = if left_out { export("null") } else { whole.clone() };
        assert!(
            text == want.as_bytes(),
            "{}",
            String::from_utf8_lossy(&text[..text.len().min(300)])
        );
        let found: Vec<(&str, &str)> = apart
            .iter()
            .map(|apart| {
                let from = apart.from as usize;
                (apart.query.as_str(), &whole[from..from + apart.bytes as usize])
            })
            .collect();
        assert!(found == Vec::from_iter(left_out.then_some(("q \"1\"", cache))));
    }

    #[test]
    fn only_long_caches_of_documents_are_left_out() {
        check("null", false);
        check(r#"{"issues":[{"key":"K-1"}]}"#, false);
        check(&long(r#"{"key":"K-1"}"#), true);
        check(&long(r#"{"issue_key":"K-1"}"#), false);
    }

    #[test]
    fn a_text_that_is_long_without_them_is_refused_before_it_is_read() {
        let refused = split(std::io::repeat(b' '), 1 << 20).unwrap_err().to_string();
        assert!(refused.contains("is read up to 1 MiB"), "{refused}");
    }
}
