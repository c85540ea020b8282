//! Setting up a profile, and choosing it.

use app::App;
use app::parameter::{read, word};
use app::profile_edit::Extent;
use axum::extract::State;
use axum::response::Response;
use model::{ProfileId, QueryKey};
use ui::form::FormName;
use ui::link;

use crate::ask::At;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Does what one of the page's forms asks for; the page again where it cannot be saved.
pub(crate) async fn save(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    let form = typed.form()?;
    let profile = id.clone();
    let work = move |app: &App, typed: &Typed| match form {
        FormName::NewQuery => Ok(setup_of_query(&app.create_query(&profile, &typed.query())?)),
        FormName::Duplicate => {
            let extent = read("with", typed.text("with"), |given| word(Extent::ALL, given))?;
            Ok(setup_of(&app.duplicate_profile(&profile, typed.text("name"), extent)?))
        }
        FormName::Edit => {
            app.edit_profile(&profile, &typed.profile(), typed.revision()?)?;
            Ok(setup_of(&profile))
        }
        _ => Err(typed.refuse("form")),
    };
    match typed::save(&site, form, typed, work).await? {
        Ok(done) => Ok(done),
        Err(refusal) => {
            let answer = site.blocking(move |app| app.profile_setup(&id)).await?;
            let page = ui::page::profile_setup::page(
                &answer,
                Some(&refusal),
                &site.frame_at(&answer.trail),
            );
            Ok(typed::refused(&refusal, reply::page(page)))
        }
    }
}

pub(crate) async fn choose(
    State(site): State<Site>,
    At(id): At<ProfileId>,
) -> Result<Response, Failure> {
    let page = link::profile(id.as_str());
    site.blocking(move |app| app.choose(&id, None)).await?;
    Ok(typed::lead_to(&page))
}

fn setup_of(profile: &ProfileId) -> String {
    link::setup_of(&link::profile(profile.as_str()))
}

/// The set-up of a query.
pub(super) fn setup_of_query(key: &QueryKey) -> String {
    link::setup_of(&link::query(key.profile.as_str(), key.query.as_str()))
}
