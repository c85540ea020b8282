//! What replacing the database would put aside: said, and asked, before it is done.

use app::backup::{self, Kind};
use app::migration::{self, Later};
use model::plain::one_line;

use crate::confirm::confirm;
use crate::failure::Result;
use crate::run::Run;

/// How many names a sentence spells out.
const NAMED_MAX: usize = 5;

/// Says what the database holds that the old files do not, and asks; goes on at once where that is
/// nothing.
pub fn ask(run: &Run, is_said: bool) -> Result<()> {
    if tell(run)? { confirm(is_said, "Put it aside?") } else { Ok(()) }
}

/// Says what the database holds that the old files do not; whether there is anything.
pub fn tell(run: &Run) -> Result<bool> {
    let later = migration::later_work(&run.place.folder)?;
    if later.is_nothing() {
        return Ok(false);
    }
    for line in lines(&later) {
        run.output.say(&line);
    }
    run.output.say(
        "all of that is kept in the backups folder, and `burndown backup list` names it for \
         `burndown restore`",
    );
    Ok(true)
}

/// Says where the database is that was put aside just now, and how it comes back; older ones that it
/// makes up for go.
pub fn tell_way_back(run: &Run) {
    thin(run);
    let entries = backup::list(&run.place.folder);
    let is_aside = |kind| matches!(kind, Kind::Replaced | Kind::RolledBack);
    if let Some(entry) = entries.iter().find(|entry| is_aside(entry.kind)) {
        let id = &entry.id;
        run.output.say(&format!(
            "the database that was there is kept in backups/{id}; `burndown restore {id}` brings it back"
        ));
    }
}

/// Removes what nobody needs any more of what was put aside.
pub fn thin(run: &Run) {
    if let Err(error) = backup::thin(&run.place.folder, run.surroundings.now()) {
        tracing::warn!(%error, "old backups could not be removed");
    }
}

fn lines(later: &Later) -> Vec<String> {
    if later.is_unknown {
        return vec!["the database is damaged, so what it holds cannot be said".to_owned()];
    }
    let mut lines = Vec::new();
    let mut add = |what: &str, names: &[String]| {
        if !names.is_empty() {
            lines.push(format!("the old files do not have {what}: {}", listed(names)));
        }
    };
    add("these profiles, or their settings as they are now", &later.profiles);
    add("these queries as they are now", &later.queries);
    add("what was fetched since for", &later.synced);
    add("these deliveries", &later.deliveries);
    add("these access keys", &later.access_keys);
    if later.has_forecasts {
        lines.push("the old files do not have the forecasts that were kept since".to_owned());
    }
    lines
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMED_MAX).map(|name| one_line(name)).collect();
    match names.len().saturating_sub(NAMED_MAX) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
