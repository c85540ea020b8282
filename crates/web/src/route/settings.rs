//! The settings of a profile: looked at and changed, a section at a time.

use app::App;
use app::settings::{Change, Kind, Section, Setting, SettingsDraft, TOKEN, TokenChange, moved};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::ProfileId;
use ui::form::ALLOW_HTTP;
use ui::link;
use ui::setting_form::SettingsRefusal;

use crate::ask::At;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Saves the form of one section; the page again where it cannot be saved.
pub(crate) async fn save(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    let section = Section::parse(typed.text("section")).ok_or_else(|| typed.refuse("section"))?;
    let seen = typed.revision()?;
    let draft = draft(section, &typed);
    let path = format!("{}#{}", link::settings(id.as_str()), section.as_str());
    let (profile, sent) = (id.clone(), draft.clone());
    let work = move |app: &App| Ok(app.edit_settings(&profile, &sent, seen));
    let Err(error) = site.blocking(work).await? else { return Ok(typed::lead_to(&path)) };
    let Some(refusal) = SettingsRefusal::of(section, &draft, &error) else {
        return Err(error.into());
    };
    let answer = site.blocking(move |app| app.profile_settings(&id)).await?;
    let page =
        ui::page::settings::page(&answer, Some(&refusal), &site.frame_at(&answer.list.trail));
    let is_conflict = refusal.is_conflict();
    let status = if is_conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, reply::page(page)).into_response())
}

/// Every setting of the section that the form has a field for: a box that is not ticked is not sent.
fn draft(section: Section, typed: &Typed) -> SettingsDraft {
    let (usual, is_accepted) = (typed.text("usual"), !typed.text("accept").is_empty());
    let change = |setting: &'static Setting| {
        let lines = typed.lines(setting.name);
        Some(match setting.kind {
            _ if is_accepted && lines.is_empty() => return None,
            _ if is_accepted && setting.kind.is_list() => Change::Add(lines),
            _ if is_accepted => Change::Set(lines),
            _ if setting.name == usual => Change::Unset,
            kind if !has_boxes(kind) && !typed.is_sent(setting.name) => return None,
            // Each line is a choice that somebody made; what nobody chose is sent empty.
            Kind::Lanes => Change::Set(lines),
            Kind::Ordered(_) => Change::Set(order(&lines, typed.text("move"))?),
            _ => Change::Shown(lines),
        })
    };
    let values = section.settings().filter_map(|setting| Some((setting, change(setting)?)));
    let token = TokenChange::typed(typed.text(TOKEN), !typed.text("forget-token").is_empty())
        .allowing_http(!typed.text(ALLOW_HTTP).is_empty());
    SettingsDraft { values: values.collect(), token }
}

/// Whether a form has a box for each value, so that none may be sent.
fn has_boxes(kind: Kind) -> bool {
    matches!(kind, Kind::Names(_) | Kind::Weekdays | Kind::Lanes | Kind::Ordered(_))
}

/// The order in which a button moved one; `None` where none was pressed.
fn order(lines: &[String], pressed: &str) -> Option<Vec<String>> {
    let (word, status) = pressed.split_once(' ')?;
    Some(moved(lines, status, word == "down"))
}
