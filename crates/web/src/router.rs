//! Every address there is, top to bottom.

use std::any::Any;

use app::live::Live;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::failure::{self, Failure};
use crate::route::{
    asset, chart, check_name, connect, connection, export, figures, forecast, health, import,
    issue, issues, migration, milestones, new_profile, overview, profile, profile_setup, query,
    query_setup, settings, sync, trash, weeks, workspace,
};
use crate::site::Site;
use crate::{guard, log};

/// Longest body that is read.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Pages, their JSON twins and the guards around them.
pub fn router(live: impl Into<Live>) -> Router {
    let site = Site::new(live.into());
    Router::new()
        .route("/", get(workspace::page))
        .route("/profiles/{profile}", get(profile::page))
        .route("/profiles/{profile}/queries/{query}", get(overview::page))
        .route("/setup", get(new_profile::page).post(new_profile::save))
        .route("/profiles/{profile}/setup", get(profile_setup::page).post(profile_setup::save))
        .route("/profiles/{profile}/settings", get(settings::page).post(settings::save))
        .route("/connect", get(connect::page).post(connect::save))
        .route("/profiles/{profile}/connection", get(connection::page).post(connection::save))
        .route("/profiles/{profile}/use", post(profile_setup::choose))
        .route(
            "/profiles/{profile}/queries/{query}/setup",
            get(query_setup::page).post(query_setup::save),
        )
        .route("/profiles/{profile}/queries/{query}/use", post(query_setup::choose))
        .route("/profiles/{profile}/milestones", post(milestones::put))
        .route("/profiles/{profile}/milestones/remove", post(milestones::remove))
        .route("/profiles/{profile}/queries/{query}/sync", get(sync::page).post(sync::start))
        .route("/profiles/{profile}/queries/{query}/sync/cancel", post(sync::cancel))
        .route("/profiles/{profile}/queries/{query}/forecast", get(forecast::page))
        .route("/profiles/{profile}/queries/{query}/charts/{file}", get(chart::file))
        .route("/profiles/{profile}/queries/{query}/weeks", get(weeks::page))
        .route("/profiles/{profile}/queries/{query}/data", get(query::page))
        .route("/profiles/{profile}/queries/{query}/issues", get(issues::page))
        .route("/profiles/{profile}/queries/{query}/issues/{key}", get(issue::page))
        .route(
            "/import",
            get(import::page)
                .post(import::preview)
                .layer(DefaultBodyLimit::max(import::UPLOAD_BYTES_MAX)),
        )
        .route("/import/confirm", post(import::confirm))
        .route(
            "/profiles/{profile}/delete",
            get(trash::confirm_profile).post(trash::delete_profile),
        )
        .route(
            "/profiles/{profile}/queries/{query}/delete",
            get(trash::confirm_query).post(trash::delete_query),
        )
        .route("/trash", get(trash::page))
        .route("/trash/{id}/restore", post(trash::restore))
        .route("/trash/empty", get(trash::confirm_empty).post(trash::empty))
        .route("/migration", get(migration::page))
        .route("/figures", get(figures::page))
        .route("/about", get(health::page))
        .nest("/api/v1", json())
        .route("/assets/{hash}/{name}", get(asset::show))
        .route("/favicon.ico", get(asset::icon))
        .route("/healthz", get(health::alive))
        .fallback(async || Failure::no_page())
        .method_not_allowed_fallback(async || Failure::no_method())
        .with_state(site.clone())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(guard::time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(site, failure::dress))
        .layer(from_fn(guard::origin))
        .layer(from_fn(guard::host))
        .layer(from_fn(guard::headers))
        .layer(from_fn(log::request))
}

fn json() -> Router<Site> {
    Router::new()
        .route("/workspace", get(workspace::json))
        .route("/profiles", get(profile::list_json))
        .route("/profiles/{profile}", get(profile::json))
        .route("/profiles/{profile}/queries", get(query::list_json))
        .route("/profiles/{profile}/queries/{query}", get(overview::json))
        .route("/profiles/{profile}/connection", get(connection::json))
        .route("/profiles/{profile}/setup", get(profile_setup::json))
        .route("/profiles/{profile}/settings", get(settings::json))
        .route("/profiles/{profile}/queries/{query}/setup", get(query_setup::json))
        .route("/profiles/{profile}/export", get(export::download))
        .route("/profiles/{profile}/milestones", get(milestones::json))
        .route("/profiles/{profile}/queries/{query}/sync", get(sync::json))
        .route("/profiles/{profile}/queries/{query}/data", get(query::json))
        .route("/profiles/{profile}/queries/{query}/forecast", get(forecast::json))
        .route("/profiles/{profile}/queries/{query}/weeks", get(weeks::json))
        .route("/profiles/{profile}/queries/{query}/weeks.csv", get(weeks::csv))
        .route("/profiles/{profile}/queries/{query}/issues", get(issues::json))
        .route("/profiles/{profile}/queries/{query}/issues/{key}", get(issue::json))
        .route("/trash", get(trash::json))
        .route("/check-name", get(check_name::json))
        .route("/migration", get(migration::json))
        .route("/figures", get(figures::json))
        .route("/health", get(health::json))
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    Failure::internal().into_response()
}
