//! The demo: a generated team to look at, in a workspace of its own. Nobody's data is in it, and
//! the same moment and seed give the same bytes.

mod calendar;
mod document;
mod draw;
mod error;
mod flow;
mod folder;
mod project;
mod settings;
mod ticket;
mod wording;

#[cfg(test)]
mod tests;

pub use error::{Error, Result};
pub use folder::{Demo, Outcome, Removal, folder, is_demo, prepare, remove};

use model::{CacheHeader, Profile, Query, Stamp, Timestamp};
use store::{ACTIVE_PROFILE, ACTIVE_QUERY, Writer};

use project::PROJECTS;
use ticket::Ticket;

/// Key of the app state that marks a workspace as the demo; its text is the moment that the demo
/// ends at.
pub const STATE: &str = "demo";
/// The seed of the demo that the program shows.
pub const SEED: u64 = 271;

/// All records of a demo.
#[derive(Debug, PartialEq)]
struct Generated {
    profile: Profile,
    queries: Vec<(Query, Vec<Ticket>)>,
}

fn generate(as_of: Timestamp, seed: u64) -> Result<Generated> {
    let profile = settings::profile(as_of)?;
    let queries = PROJECTS.iter().map(|project| {
        let query = settings::query(&profile.id, project, as_of)?;
        Ok((query, ticket::tickets(project, as_of, seed)))
    });
    Ok(Generated { queries: queries.collect::<Result<_>>()?, profile })
}

impl Generated {
    /// Writes everything, in place of the demo that is there.
    fn write(self, writer: &mut dyn Writer, as_of: Timestamp) -> store::Result<()> {
        let Generated { profile, queries } = self;
        writer.remove_profile(&profile.id)?;
        writer.put_profile(&profile)?;
        writer.put_state(ACTIVE_PROFILE, profile.id.as_str())?;
        if let Some((query, _)) = queries.first() {
            writer.put_state(ACTIVE_QUERY, query.key.query.as_str())?;
        }
        for ((query, tickets), project) in queries.iter().zip(&PROJECTS) {
            writer.put_query(query)?;
            let header = header(query, as_of);
            let mut issues = tickets.iter().map(|ticket| document::issue(project, ticket));
            writer.replace_issues(&query.key, &header, &mut issues)?;
            let mut changelogs = tickets.iter().map(|ticket| document::changelog(project, ticket));
            writer.replace_changelogs(&query.key, &header, &mut changelogs)?;
        }
        writer.put_state(STATE, &model::stamp::format(as_of))
    }
}

fn header(query: &Query, as_of: Timestamp) -> CacheHeader {
    CacheHeader {
        fetched_at: Some(Stamp::at(as_of)),
        jql: Some(query.jql.clone()),
        fields_requested: Some(document::FIELDS.join(",")),
        ..CacheHeader::default()
    }
}
