//! `burndown profile`: makes, renames, describes, duplicates and deletes profiles.

use app::App;
use app::draft::ProfileDraft;
use app::setup::ProfileSetup;
use app::trash::Thing;
use model::ProfileId;
use model::plain::one_line;

use super::trash;
use crate::arguments::{Profile, ProfileAction};
use crate::failure::Result;
use crate::run::Run;
use crate::{opening, selection};

/// Does one of them and says what there is then.
pub fn run(run: &Run, options: &Profile) -> Result<()> {
    let app = match &options.action {
        ProfileAction::Create { .. } => opening::begun(run)?,
        _ => opening::existing(run)?,
    };
    let Some((id, done)) = act(run, &app, &options.action)? else { return Ok(()) };
    run.output.answer(&app.profile_setup(&id)?, |setup| {
        one_line(&format!("{done} the profile {:?} ({id})", setup.draft.name)) + "\n"
    })
}

/// The profile and what was done to it; `None` where it is gone and all is said.
fn act(run: &Run, app: &App, action: &ProfileAction) -> Result<Option<(ProfileId, &'static str)>> {
    Ok(Some(match action {
        ProfileAction::Create { name, description } => {
            let draft = ProfileDraft { name: name.clone(), description: description.clone() };
            (app.create_profile(&draft)?, "made")
        }
        ProfileAction::Rename { profile, name } => {
            (edit(app, profile, |draft| draft.name.clone_from(name))?, "renamed")
        }
        ProfileAction::Describe { profile, text } => {
            (edit(app, profile, |draft| draft.description.clone_from(text))?, "described")
        }
        ProfileAction::Duplicate { profile, name, with } => {
            let (id, setup) = named(app, profile)?;
            let name = name.as_deref().unwrap_or(&setup.copy_name);
            (app.duplicate_profile(&id, name, *with)?, "made")
        }
        ProfileAction::Delete { profile, yes } => {
            let id = selection::profile_id(app, Some(profile))?;
            trash::delete(run, app, &Thing::Profile(id), *yes)?;
            return Ok(None);
        }
    }))
}

fn edit(app: &App, asked: &str, change: impl FnOnce(&mut ProfileDraft)) -> Result<ProfileId> {
    let (id, mut setup) = named(app, asked)?;
    change(&mut setup.draft);
    app.edit_profile(&id, &setup.draft, setup.revision)?;
    Ok(id)
}

fn named(app: &App, asked: &str) -> Result<(ProfileId, ProfileSetup)> {
    let id = selection::profile_id(app, Some(asked))?;
    let setup = app.profile_setup(&id)?;
    Ok((id, setup))
}
