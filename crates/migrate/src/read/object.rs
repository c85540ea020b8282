//! Configuration files: one object each, small.

use model::{Json, Object, Tape};
use store::legacy::split::{Piece, split};
use store::legacy::{Finding, FindingKind};

use super::{Content, Outcome, Source, Stop, not_a_file, note_end, note_oddities, set_member};
use crate::error::Result;
use crate::folder::{Folder, Kind};

/// How much of a configuration file could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// There is no such file.
    Missing,
    /// All of it.
    Whole,
    /// The members before the break.
    Cut,
    /// Nothing.
    Unreadable,
}

/// A configuration file as read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub object: Object,
    pub state: State,
    pub findings: Vec<Finding>,
}

impl Loaded {
    /// Whether there is anything to take.
    pub fn is_usable(&self) -> bool {
        matches!(self.state, State::Whole) || (self.state == State::Cut && !self.object.is_empty())
    }
}

/// Reads a configuration file. A damaged one gives its complete members.
pub(crate) fn load_object(folder: &Folder, path: &str) -> Result<Loaded> {
    let zone = model::TimeZone::UTC;
    let source = Source { folder, path, zone: &zone };
    load(&source).map_err(|stop| source.failed(stop))
}

fn load(source: &Source<'_>) -> Result<Loaded, Stop> {
    let mut loaded = Loaded { object: Object::new(), state: State::Missing, findings: Vec::new() };
    if source.folder.kind(source.path)? == Kind::Absent {
        return Ok(loaded);
    }
    let Some(file) = source.open()? else {
        loaded.state = State::Unreadable;
        loaded.findings.push(not_a_file());
        return Ok(loaded);
    };
    let mut outcome = Outcome::default();
    let mut object = Object::new();
    let mut tape = Tape::new();
    let end = split::<_, Stop>(file, &[], &mut |piece| {
        if let Piece::Member(name, text) = piece {
            take_member(name, &text.text, text.is_cp1252, &mut tape, &mut object, &mut outcome);
        }
        Ok(())
    })?;
    let is_object = end.opens_with == Some(b'{');
    note_end(&end, object.len() as u64, &mut outcome);
    loaded.state = match (is_object, outcome.is_damaged) {
        (true, false) => State::Whole,
        (true, true) => State::Cut,
        (false, _) => State::Unreadable,
    };
    if loaded.state == State::Unreadable && end.broken_at.is_none() {
        outcome.find("", FindingKind::Unreadable, "a list stands where an object belongs");
    }
    loaded.object = object;
    loaded.findings = outcome.findings;
    Ok(loaded)
}

fn take_member(
    name: &str,
    text: &str,
    is_cp1252: bool,
    tape: &mut Tape,
    object: &mut Object,
    outcome: &mut Outcome,
) {
    match tape.parse(text) {
        Ok(value) => {
            let oddities = value.oddities();
            let json = Json::from(value);
            set_member(object, name, json, &mut outcome.findings);
            note_oddities(name, &oddities, is_cp1252, &mut outcome.findings);
        }
        Err(error) => {
            outcome.is_damaged = true;
            outcome.find(name, FindingKind::BadRecord, format!("{error}; left out"));
        }
    }
}

/// The text of one top-level member, found without reading further than needed.
pub(crate) fn peek_text(folder: &Folder, path: &str, names: &[&str]) -> Result<Option<String>> {
    if !folder.is_file(path)? {
        return Ok(None);
    }
    struct Found(Option<String>);
    impl From<std::io::Error> for Found {
        fn from(_: std::io::Error) -> Found {
            Found(None)
        }
    }
    // Of a cache only its header is looked at, and its issues are stepped over one by one.
    let found = split::<_, Found>(folder.open(path)?, &["issues"], &mut |piece| match piece {
        Piece::Member(name, text) if names.first() == Some(&name) => {
            let inner = names.get(1..).unwrap_or_default();
            let json = Json::parse(&text.text).ok();
            let value = inner.iter().try_fold(json, |value, name| Some(value?.get(name).cloned()));
            let text = value.flatten().and_then(|value| Some(value.as_text()?.into_owned()));
            Err(Found(text))
        }
        _ => Ok(()),
    });
    Ok(found.err().and_then(|found| found.0).filter(|text| !text.trim().is_empty()))
}

/// Whether a record file holds anything to take: one value that can be read, of a cache of issues one
/// issue. No more is read than is needed to tell.
pub(crate) fn holds_records(folder: &Folder, path: &str, content: Content) -> Result<bool> {
    if !folder.is_file(path)? {
        return Ok(false);
    }
    struct Found(bool);
    impl From<std::io::Error> for Found {
        fn from(_: std::io::Error) -> Found {
            Found(false)
        }
    }
    let is_record = |piece: &Piece<'_>| match (content, piece) {
        (Content::Issues, Piece::Member("issues", text)) => Json::parse(&text.text)
            .is_ok_and(|issues| issues.as_object().is_some_and(|it| !it.is_empty())),
        (Content::Issues, Piece::Member(..)) => false,
        (_, Piece::Member(_, text) | Piece::Element(_, text)) => Json::parse(&text.text).is_ok(),
    };
    let found = split::<_, Found>(folder.open(path)?, &["issues"], &mut |piece| {
        if is_record(&piece) { Err(Found(true)) } else { Ok(()) }
    });
    Ok(found.err().is_some_and(|found| found.0))
}
