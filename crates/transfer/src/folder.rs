//! A profile in the old app's layout, for the old app itself.

use std::path::Path;

use model::{Profile, ProfileId};
use store::{Address, Reader};

use crate::error::Result;
use crate::export::{Content, Part, walk};
use crate::placing::Placing;
use crate::record::Sink;
use crate::secret::Clean;
use crate::summary::Exported;

/// Writes a profile into `folder`, which must be empty: started there, the old app finds the profile
/// as its only one, chosen. Secrets stay behind.
pub fn export_folder(
    reader: &dyn Reader,
    profile: &ProfileId,
    query: Option<&model::QueryId>,
    content: Content,
    folder: &Path,
) -> Result<Exported> {
    reader.profile(profile)?.ok_or_else(|| store::Error::ProfileNotFound(profile.clone()))?;
    let store = Address::Json(folder.join("profiles")).open()?;
    let mut writer = store.write()?;
    let mut placing = Placing::new(&mut *writer, None);
    let mut clean = Clean::before(&mut placing as &mut dyn Sink);
    let part = Part { only: query, content, has_ledger: false };
    walk(reader, profile, &part, &mut clean)?;
    let left_out = clean.left_out;
    placing.finish()?;
    let carried = placing.carried;
    let first = placing.queries.first().map(|query| query.id.clone());
    // Lanes and lists of fields become what the old app knows.
    if let Some(placed) = writer.profile(profile)? {
        let settings = placed.settings.for_old_app(&reader.statuses(profile)?);
        writer.put_profile(&Profile { settings, ..placed })?;
    }
    writer.put_state("active_profile_id", profile.as_str())?;
    if let Some(query) = first {
        writer.put_state("active_query_id", &query)?;
    }
    writer.commit()?;
    Ok(Exported { carried, left_out })
}
