//! Every address there is, top to bottom.

use std::any::Any;

use app::answers::AnswersAsk;
use app::connect::{ConnectionAsk, Trial};
use app::delivery::DeliveryAsk;
use app::flow::FlowAsk;
use app::live::Live;
use app::now::NowAsk;
use app::overview::OverviewAsk;
use app::query::QueryAsk;
use app::query_report::ReportAsk;
use app::trash::Thing;
use app::workspace::WorkspaceAsk;
use app::{forecast::ForecastAsk, issues::IssuesAsk};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use model::{DeliveryKey, ProfileId, QueryKey};
use tower_http::catch_panic::CatchPanicLayer;
use ui::{link, page};

use crate::failure::{self, Failure};
use crate::options::Options;
use crate::route::health::HealthAsk;
use crate::route::login as login_route;
use crate::route::{
    access_keys, asset, chart, check_name, connect, connection, delivery, export, health, import,
    milestone, new_profile, profile_setup, query_setup, report, settings, sync, take_over, trash,
    weeks,
};
use crate::site::Site;
use crate::view::{Question, Views};
use crate::{address, compress, guard, log, login, openapi, revalidate};

/// Longest body that is read.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Pages, their JSON twins and the guards around them.
pub fn router(live: impl Into<Live>, options: Options) -> Router {
    let site = Site::new(live.into(), options);
    views(Router::new())
        .merge(forms())
        .route(openapi::PATH, get(openapi::show))
        .route("/profiles/{profile}/queries/{query}/charts/{file}", get(chart::file))
        .route("/api/v1/profiles/{profile}/connection", post(connection::try_out))
        .route("/api/v1/profiles/{profile}/export", get(export::download))
        .route("/api/v1/profiles/{profile}/queries/{query}/weeks.csv", get(weeks::csv))
        .route("/api/v1/profiles/{profile}/queries/{query}/flow.csv", get(weeks::flow_csv))
        .route("/api/v1/profiles/{profile}/queries/{query}/report.html", get(report::html))
        .route("/api/v1/profiles/{profile}/queries/{query}/report.md", get(report::markdown))
        .route("/assets/{hash}/{name}", get(asset::show))
        .route("/favicon.ico", get(asset::icon))
        .route("/healthz", get(health::alive))
        .fallback(async || Failure::no_page())
        .method_not_allowed_fallback(async || Failure::no_method())
        .with_state(site.clone())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(address::shorten))
        .layer(from_fn(revalidate::tag))
        .layer(from_fn(compress::compress))
        .layer(from_fn(guard::time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(site.clone(), login::check))
        .layer(from_fn_with_state(site.clone(), failure::dress))
        .layer(from_fn_with_state(site.clone(), guard::origin))
        .layer(from_fn(guard::isolation))
        .layer(from_fn_with_state(site, guard::host))
        .layer(from_fn(guard::size))
        .layer(from_fn(guard::headers))
        .layer(from_fn(log::request))
}

/// What is read: pages with their JSON twins, pages alone, JSON alone.
pub(crate) fn views<V: Views>(router: V) -> V {
    query_views(delivery_views(profile_views(workspace_views(router))))
}

fn workspace_views<V: Views>(router: V) -> V {
    router
        .page(
            "/",
            |q: Question<(), AnswersAsk>| q.app.start(q.ask),
            |site, answer, ask| page::workspace::page(answer, ask, &site.frame()),
        )
        .json("/answers", |q: Question<(), AnswersAsk>| q.app.first_answers(q.ask))
        .page(
            "/profiles",
            |q: Question<(), WorkspaceAsk>| q.app.workspace_page(q.ask),
            |site, answer, ask| page::profiles::page(answer, ask, &site.frame()),
        )
        .json("/workspace", |q: Question<(), WorkspaceAsk>| q.app.workspace_page(q.ask))
        .json("/profiles", |q: Question<()>| Ok(q.app.workspace()?.profiles))
        .json("/check-name", check_name::answer)
        .page(
            "/setup",
            |_: Question<()>| Ok(()),
            |site, (), ()| page::new_profile::page(None, &site.frame()),
        )
        .page(
            "/connect",
            |_: Question<()>| Ok(()),
            |site, (), ()| {
                page::connect::page(&page::connect::ConnectForm::default(), &site.frame())
            },
        )
        .page(
            "/import",
            |q: Question<()>| Ok(q.app.profile_names()?.all),
            |site, answer, ()| page::import::page(answer, &site.frame()),
        )
        .view(
            link::ACCESS_KEYS,
            |q: Question<()>| q.app.access_keys(),
            |site, answer, ()| {
                page::access_keys::page(answer, &page::access_keys::Said::Nothing, &site.frame())
            },
        )
        .view("/trash", |q: Question<(), trash::TrashAsk>| q.app.trash(), trash::page)
        .view(
            "/backups",
            |q: Question<()>| Ok(q.app.backups()),
            |site, answer, ()| page::backups::page(answer, &site.frame()),
        )
        .view(
            "/migration",
            |q: Question<()>| q.app.report(),
            |site, answer, ()| page::migration::page(answer, &site.frame()),
        )
        .view(
            "/figures",
            |_: Question<()>| Ok(app::forecast::catalog()),
            |site, _, ()| page::figures::page(&site.frame()),
        )
        .view(
            "/about",
            |q: Question<(), HealthAsk>| q.app.health(q.ask.check()),
            |site, answer, _| page::about::page(answer, &site.frame()),
        )
}

fn profile_views<V: Views>(router: V) -> V {
    router
        .view(
            "/profiles/{profile}",
            |q: Question<ProfileId>| q.app.profile(q.at),
            |site, answer, ()| page::profile::page(answer, &site.frame_at(&answer.trail)),
        )
        .json("/profiles/{profile}/queries", |q: Question<ProfileId>| {
            Ok(q.app.profile(q.at)?.queries)
        })
        .json("/profiles/{profile}/milestones", |q: Question<ProfileId>| q.app.milestones(q.at))
        .view(
            "/profiles/{profile}/setup",
            |q: Question<ProfileId>| q.app.profile_setup(q.at),
            |site, answer, ()| {
                page::profile_setup::page(answer, None, &site.frame_at(&answer.trail))
            },
        )
        .view(
            "/profiles/{profile}/settings",
            |q: Question<ProfileId>| q.app.profile_settings(q.at),
            |site, answer, ()| {
                page::settings::page(answer, None, &site.frame_at(&answer.list.trail))
            },
        )
        .view(
            "/profiles/{profile}/connection",
            |q: Question<ProfileId, ConnectionAsk>| {
                let of_profile =
                    |(id, trial): &(ProfileId, Trial)| (id == q.at).then(|| trial.clone());
                let trial = q.site.trials().look(&q.ask.found, of_profile).flatten();
                q.app.connection_page(q.at, trial.unwrap_or_else(|| Trial::unasked(&q.ask.jql)))
            },
            |site, answer, _| page::connection::page(answer, &site.frame_at(&answer.trail)),
        )
        .page(
            "/profiles/{profile}/delete",
            |q: Question<ProfileId>| q.app.going(&Thing::Profile(q.at.clone())),
            |site, answer, ()| page::delete::page(answer, &site.frame()),
        )
}

fn delivery_views<V: Views>(router: V) -> V {
    router
        .page(
            "/profiles/{profile}/deliveries",
            |q: Question<ProfileId, DeliveryAsk>| {
                Ok((q.app.deliveries(q.at, q.ask)?, q.app.delivery_offers(q.at)?))
            },
            |site, answer, ask| page::delivery::list(answer, ask, &site.frame_at(&answer.0.trail)),
        )
        .json("/profiles/{profile}/deliveries", |q: Question<ProfileId, DeliveryAsk>| {
            q.app.deliveries(q.at, q.ask)
        })
        .json("/profiles/{profile}/delivery-offers", |q: Question<ProfileId>| {
            q.app.delivery_offers(q.at)
        })
        .json("/deliveries", |q: Question<()>| q.app.running_deliveries())
        .page(
            "/profiles/{profile}/new-delivery",
            |q: Question<ProfileId, delivery::NewDeliveryAsk>| {
                q.app.new_delivery(q.at, &q.ask.rule, &q.ask.query)
            },
            |site, answer, _| {
                page::delivery_setup::page(answer, None, &site.frame_at(&answer.trail))
            },
        )
        .view(
            "/profiles/{profile}/deliveries/{delivery}",
            |q: Question<DeliveryKey, DeliveryAsk>| q.app.delivery(q.at, q.ask),
            |site, answer, ask| page::delivery::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .page(
            "/profiles/{profile}/deliveries/{delivery}/setup",
            |q: Question<DeliveryKey>| q.app.delivery_setup(q.at),
            |site, answer, ()| {
                page::delivery_setup::page(answer, None, &site.frame_at(&answer.trail))
            },
        )
}

fn query_views<V: Views>(router: V) -> V {
    router
        .view(
            "/profiles/{profile}/queries/{query}",
            |q: Question<QueryKey, OverviewAsk>| q.app.overview(q.at, q.ask),
            |site, answer, ask| page::overview::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/forecast",
            |q: Question<QueryKey, ForecastAsk>| q.app.forecast(q.at, q.ask),
            |site, answer, ask| page::forecast::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/flow",
            |q: Question<QueryKey, FlowAsk>| q.app.flow(q.at, q.ask),
            |site, answer, ask| page::flow::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/now",
            |q: Question<QueryKey, NowAsk>| q.app.now_page(q.at, q.ask),
            |site, answer, ask| page::now::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/weeks",
            |q: Question<QueryKey, OverviewAsk>| q.app.weeks(q.at, q.ask),
            |site, answer, ask| page::weeks::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/data",
            |q: Question<QueryKey, QueryAsk>| q.app.query(q.at, *q.ask),
            |site, answer, _| page::query::page(answer, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/issues",
            |q: Question<QueryKey, IssuesAsk>| q.app.issues(q.at, q.ask),
            |site, answer, ask| page::issues::page(answer, ask, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/issues/{key}",
            |q: Question<(QueryKey, String)>| q.app.issue(&q.at.0, &q.at.1),
            |site, answer, ()| page::issue::page(answer, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/setup",
            |q: Question<QueryKey>| q.app.query_setup(q.at),
            |site, answer, ()| page::query_setup::page(answer, None, &site.frame_at(&answer.trail)),
        )
        .view(
            "/profiles/{profile}/queries/{query}/sync",
            |q: Question<QueryKey>| q.app.sync_state(q.at, &q.site.jobs()),
            |site, answer, ()| page::sync::page(answer, &site.frame_at(&answer.trail)),
        )
        .page(
            "/profiles/{profile}/queries/{query}/report",
            |q: Question<QueryKey, ReportAsk>| q.app.report_page(q.at),
            |site, answer, ask| page::report::page(answer, ask, &site.frame_at(answer)),
        )
        .page(
            "/profiles/{profile}/queries/{query}/delete",
            |q: Question<QueryKey>| q.app.going(&Thing::Query(q.at.clone())),
            |site, answer, ()| page::delete::page(answer, &site.frame()),
        )
}

/// What is sent: the forms of the pages.
fn forms() -> Router<Site> {
    let uploads = DefaultBodyLimit::max(import::UPLOAD_BYTES_MAX);
    Router::new()
        .route(link::LOGIN, get(login_route::follow).post(login_route::enter_key))
        .route(link::LOGOUT, post(login_route::leave))
        .route(link::ACCESS_KEYS, post(access_keys::add))
        .route(link::REMOVE_ACCESS_KEY, post(access_keys::remove))
        .route("/setup", post(new_profile::save))
        .route("/connect", post(connect::save))
        .route("/take-over", get(take_over::show).post(take_over::begin))
        .route("/import", post(import::preview).layer(uploads))
        .route("/import/confirm", post(import::confirm))
        .route("/trash/{id}/restore", post(trash::restore))
        .route("/trash/empty", get(trash::confirm_empty).post(trash::empty))
        .route("/profiles/{profile}/setup", post(profile_setup::save))
        .route("/profiles/{profile}/settings", post(settings::save))
        .route("/profiles/{profile}/connection", post(connection::save))
        .route("/profiles/{profile}/use", post(profile_setup::choose))
        .route("/profiles/{profile}/milestones", post(milestone::put))
        .route("/profiles/{profile}/milestones/remove", post(milestone::remove))
        .route("/profiles/{profile}/delete", post(trash::delete_profile))
        .route("/profiles/{profile}/new-delivery", post(delivery::create))
        .route("/profiles/{profile}/deliveries/{delivery}/setup", post(delivery::save))
        .route("/profiles/{profile}/deliveries/{delivery}/state", post(delivery::state))
        .route("/profiles/{profile}/deliveries/{delivery}/order", post(delivery::order))
        .route("/profiles/{profile}/deliveries/{delivery}/remove", post(delivery::remove))
        .route("/profiles/{profile}/queries/{query}/setup", post(query_setup::save))
        .route("/profiles/{profile}/queries/{query}/use", post(query_setup::choose))
        .route("/profiles/{profile}/queries/{query}/work", post(query_setup::set_work))
        .route("/profiles/{profile}/queries/{query}/sync", post(sync::start))
        .route("/profiles/{profile}/queries/{query}/sync/cancel", post(sync::cancel))
        .route("/profiles/{profile}/queries/{query}/delete", post(trash::delete_query))
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    Failure::internal().into_response()
}
