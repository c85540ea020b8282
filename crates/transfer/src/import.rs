//! A file on its way into a store: what it is is told by its content, never by its name.

use std::io::{Read, Seek};

use model::{Profile, TimeZone, name};
use store::Writer;
use store::legacy::split::{Piece, split};

use crate::error::{Error, Result};
use crate::ours::{self, FORMAT};
use crate::placing::Placing;
use crate::summary::Imported;
use crate::unpack::Packed;

/// How a file is to be imported.
#[derive(Debug, Clone, Copy)]
pub struct ImportAsk<'a> {
    /// Name of the new profile, in place of the one in the file.
    pub name: Option<&'a str>,
    /// Zone of times that were written without an offset.
    pub zone: &'a TimeZone,
}

/// Puts what a file holds into an open transaction, as a new profile. Id and name that are taken
/// get a number. Dropping the transaction instead of committing it makes this a preview. After an
/// error the transaction holds a part and must be dropped.
pub fn import<S: Read + Seek>(
    source: &mut S,
    writer: &mut dyn Writer,
    ask: &ImportAsk<'_>,
) -> Result<Imported> {
    if let Some(wanted) = ask.name {
        name::check(wanted).map_err(Error::Name)?;
    }
    let mut packed = Packed::open(source)?;
    let mut placing = Placing::new(writer, ask.name);
    let known = recognise(packed.text()?)?;
    match known {
        Known::Ours => {
            let file = ours::read::read(packed.text()?, &mut placing)?;
            let profile = placing.finish()?;
            let source = format!("an export of burndown {}", file.head.program_version);
            let mut imported = answer(source, profile, placing);
            imported.exported_at = Some(file.head.exported_at);
            let unknown = file.unknown.iter();
            imported.notes.extend(
                unknown.map(|member| {
                    format!("{member} is not known to this version and was left out")
                }),
            );
            Ok(imported)
        }
    }
}

/// The kinds of files that can be imported.
enum Known {
    Ours,
}

/// Reads no further than to the first member that decides.
fn recognise(text: impl Read) -> Result<Known> {
    enum Stop {
        Found(Known),
        Failed(Error),
    }
    impl From<std::io::Error> for Stop {
        fn from(error: std::io::Error) -> Stop {
            Stop::Failed(error.into())
        }
    }
    let end = split::<_, Stop>(text, &[], &mut |piece| match piece {
        Piece::Member("format", text) if text.text.trim_matches('"') == FORMAT => {
            Err(Stop::Found(Known::Ours))
        }
        _ => Ok(()),
    });
    match end {
        Err(Stop::Found(known)) => Ok(known),
        Err(Stop::Failed(error)) => Err(error),
        Ok(_) => Err(Error::Unknown("it holds none of their members".to_owned())),
    }
}

fn answer(source: String, profile: Profile, placing: Placing<'_>) -> Imported {
    let carried = placing.carried;
    let mut lacks = Vec::new();
    if carried.queries == 0 {
        lacks.push("no query: add one to see figures".to_owned());
    } else if carried.issues == 0 {
        lacks.push("no issues: a sync fetches them".to_owned());
    } else if carried.changelogs == 0 {
        lacks.push("no changelogs: times in status are not known until a sync".to_owned());
    }
    lacks.push("no Jira token: exports never hold one, set it here again".to_owned());
    Imported {
        source,
        exported_at: None,
        profile: profile.id.to_string(),
        name: profile.name,
        carried,
        queries: placing.queries,
        notes: placing.notes,
        lacks,
    }
}
