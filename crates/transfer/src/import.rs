//! A file on its way into a store: what it is is told by its content, never by its name.

use std::io::{Read, Seek};
use std::path::Path;

use model::{ProfileId, TimeZone, name};
use store::Writer;

use crate::bounds;
use crate::error::{Error, Result};
use crate::old::{self, OldFile};
use crate::ours;
use crate::ours::read::Limits;
use crate::placing::Placing;
use crate::recognise::{Known, recognise_json, recognise_table};
use crate::secret::Clean;
use crate::summary::Imported;
use crate::table::DayOrder;
use crate::unpack::{Packed, Packing};

/// How a file is to be imported.
#[derive(Debug, Clone, Copy)]
pub struct ImportAsk<'a> {
    /// Name of the new profile, in place of the one in the file.
    pub name: Option<&'a str>,
    /// Zone of times that were written without an offset.
    pub zone: &'a TimeZone,
    /// Whether day or month comes first in dates that leave it open.
    pub day_order: Option<DayOrder>,
    /// Put the queries of the file into this profile, which is there, instead of making one.
    pub into: Option<&'a ProfileId>,
    /// Whether the file was written by this workspace for itself: nothing is left out of it.
    pub is_own: bool,
    /// A folder for what is unpacked; the system's own without one.
    pub scratch: Option<&'a Path>,
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
    let known = recognise(&mut packed)?;
    let wanted = match known {
        Known::Old(file) => ask.name.or(file.usual_name()),
        Known::Ours | Known::Report => ask.name,
    };
    let mut placing = Placing::new(writer, wanted);
    if ask.is_own {
        placing.trust();
    }
    if let Some(profile) = ask.into {
        placing.go_into(profile)?;
    }
    match known {
        Known::Ours if ask.is_own => import_own(packed.text()?, placing),
        Known::Ours => import_ours(packed.text()?, placing),
        Known::Old(file) => {
            let how = old::How { zone: ask.zone, day_order: ask.day_order, scratch: ask.scratch };
            let read = old::read(&mut packed, file, &how, &mut placing)?;
            let mut imported = answer(read.source, read.exported_at, placing)?;
            imported.notes.extend(read.notes);
            imported.lacks.extend(read.lacks);
            Ok(imported)
        }
        Known::Report => {
            let what = "it is a report of the old app with figures of a moment, and no data";
            Err(Error::Unknown(what.to_owned()))
        }
    }
}

/// How long the text of a file is in bytes, as far as the file says so itself.
pub fn text_bytes(source: &mut (impl Read + Seek)) -> Result<u64> {
    Packed::open(source)?.told_bytes()
}

fn recognise<S: Read + Seek>(packed: &mut Packed<'_, S>) -> Result<Known> {
    if packed.packing == Packing::Zip {
        return Ok(Known::Old(OldFile::Archive));
    }
    if let Some(known) = recognise_json(packed.text()?, bounds::OLD_TEXT_BYTES_MAX)? {
        return Ok(known);
    }
    recognise_table(packed.text()?)
}

fn import_own(text: impl Read, mut placing: Placing<'_>) -> Result<Imported> {
    let file = ours::read::read(text, &mut placing, &Limits::OWN)?;
    if file.is_changed {
        return Err(Error::Damaged("its records are not those that were written".to_owned()));
    }
    if !file.unknown.is_empty() {
        let what = format!("it holds {}, which it should not", file.unknown.join(", "));
        return Err(Error::Damaged(what));
    }
    let source = format!("a copy of burndown {}", file.head.program_version);
    answer(source, Some(file.head.exported_at), placing)
}

fn import_ours(text: impl Read, mut placing: Placing<'_>) -> Result<Imported> {
    // Exports hold none; somebody may have written one in.
    let mut clean = Clean::before(&mut placing);
    let file = ours::read::read(text, &mut clean, &Limits::FOREIGN)?;
    let left_out = clean.left_out;
    let source = format!("an export of burndown {}", file.head.program_version);
    let mut imported = answer(source, Some(file.head.exported_at), placing)?;
    let lack = "no Jira token: exports never hold one, so set it here again";
    imported.lacks.push(lack.to_owned());
    let secrets = left_out.iter();
    imported.notes.extend(secrets.map(|path| format!("{path} may be a secret and was left out")));
    if file.is_changed {
        let note = "its records are not those that were written: if nobody edited the file, it is damaged, and \
                    another copy of it should be taken";
        imported.notes.push(note.to_owned());
    }
    let unknown = file.unknown.iter();
    imported.notes.extend(
        unknown.map(|member| format!("{member} is not known to this version and was left out")),
    );
    Ok(imported)
}

fn answer(
    source: String,
    exported_at: Option<String>,
    mut placing: Placing<'_>,
) -> Result<Imported> {
    let profile = placing.finish()?;
    let carried = placing.carried;
    let mut lacks = Vec::new();
    if carried.queries == 0 {
        lacks.push("no query: add one to see figures".to_owned());
    } else if carried.issues == 0 {
        lacks.push("no issues: a sync fetches them".to_owned());
    } else if carried.changelogs == 0 {
        lacks.push("no changelogs: times in status are not known until a sync".to_owned());
    }
    Ok(Imported {
        source,
        exported_at,
        profile: profile.id.to_string(),
        name: profile.name,
        carried,
        queries: placing.queries,
        notes: placing.notes,
        lacks,
    })
}
