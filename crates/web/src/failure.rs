//! From an error to a status and a page, or JSON below `/api`.

use app::Kind;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::plain;
use serde_json::json;
use ui::chart_file::NoFile;
use words::Front;

use crate::log::RequestId;
use crate::login;
use crate::reply::is_json;
use crate::site::Site;

/// When whoever was turned away may come again, in seconds.
const OVERLOADED_S: u32 = 2;

/// A request that could not be answered. It travels in the response's extensions to [`dress`],
/// which knows whether a page or JSON is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    message: String,
    /// When it is worth another try.
    retry_after_s: Option<u32>,
}

impl Failure {
    fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        message: impl Into<String>,
    ) -> Failure {
        Failure { status, kind, title, message: message.into(), retry_after_s: None }
    }

    /// Nothing is at that path.
    pub fn no_page() -> Failure {
        Failure::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is no such page",
            "nothing is at this address; the workspace links to everything there is",
        )
    }

    /// No chart has that name, or there is nothing to draw.
    pub fn no_chart(message: String) -> Failure {
        Failure::new(
            StatusCode::NOT_FOUND,
            Kind::NotFound.as_str(),
            "There is no such chart",
            message,
        )
    }

    /// The path is there, the method is not.
    pub fn no_method() -> Failure {
        Failure::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Method not allowed",
            "this address is not asked in this way; a page is read with GET, and its forms are sent",
        )
    }

    /// Something in the address means nothing.
    pub fn invalid(message: String) -> Failure {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Invalid.as_str(),
            "Unknown or invalid parameter",
            message,
        )
    }

    /// A file that was sent cannot be used.
    pub fn unusable_file(message: String) -> Failure {
        Failure { title: "This file cannot be imported", ..Failure::invalid(message) }
    }

    /// Nobody is known who asks.
    pub fn no_login() -> Failure {
        Failure::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Access key needed",
            "no key or session came with this request, or one that is not good any more",
        )
    }

    /// Wrong keys were shown again and again.
    pub fn too_many_tries(retry_after_s: u32) -> Failure {
        let message = format!("the next key is looked at in {retry_after_s} s");
        let status = StatusCode::TOO_MANY_REQUESTS;
        let failure = Failure::new(status, "too_many_tries", "Too many wrong keys", message);
        Failure { retry_after_s: Some(retry_after_s), ..failure }
    }

    /// A key for looking only.
    pub fn only_view() -> Failure {
        Failure::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "This key is for looking only",
            "nothing was changed; whoever has a key that may edit can do it, or make you one",
        )
    }

    /// The answer took too long.
    pub fn too_slow(seconds: u64) -> Failure {
        Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "The answer took too long",
            format!("nothing was ready after {seconds} s; try again in a moment"),
        )
    }

    /// Too many others wait for the same.
    pub fn overloaded() -> Failure {
        let message = "too many others wait for the same; try again in a moment";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let failure = Failure::new(status, "busy", "The server is busy", message);
        Failure { retry_after_s: Some(OVERLOADED_S), ..failure }
    }

    /// A defect of this program.
    pub fn internal() -> Failure {
        Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong inside burndown",
            "this is a defect, your data is untouched; the log says more (start with -v)",
        )
    }
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Failure {
        Failure::of(&error)
    }
}

impl Failure {
    /// A failure in a workspace that was migrated, or was not.
    pub fn of(error: &app::Error) -> Failure {
        let message = words::failure(&error.to_string(), error.remedy(), Front::Page);
        let (status, title) = match error.kind() {
            Kind::NotFound => (StatusCode::NOT_FOUND, "This is not in the workspace"),
            Kind::Invalid if matches!(error, app::Error::Transfer(_)) => {
                return Failure::unusable_file(message);
            }
            Kind::Invalid => return Failure::invalid(message),
            Kind::Conflict => (StatusCode::CONFLICT, "This was changed elsewhere"),
            Kind::Busy => (StatusCode::SERVICE_UNAVAILABLE, "The workspace is busy"),
            Kind::Jira => (StatusCode::BAD_GATEWAY, "Jira could not be asked"),
            Kind::Store => (StatusCode::INTERNAL_SERVER_ERROR, "The workspace cannot be read"),
        };
        Failure::new(status, error.kind().as_str(), title, message)
    }
}

impl From<NoFile> for Failure {
    fn from(none: NoFile) -> Failure {
        match none {
            NoFile::NoChart(none) => Failure::no_chart(none.to_string()),
            NoFile::Undrawn(error) => {
                tracing::error!(%error, "chart not drawn");
                Failure::internal()
            }
        }
    }
}

impl From<model::InvalidId> for Failure {
    fn from(error: model::InvalidId) -> Failure {
        app::Error::from(error).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Turns failures into pages or JSON, and logs them.
pub(crate) async fn dress(
    State(site): State<Site>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    let wants_json = is_json(request.uri().path());
    let to = asked_path(&request);
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions_mut().remove::<Failure>() else { return response };
    if failure.status.is_server_error() {
        tracing::error!(kind = failure.kind, message = failure.message, "request failed");
    } else {
        tracing::debug!(kind = failure.kind, "request refused");
    }
    let retry_after_s = failure.retry_after_s;
    let (media_type, text) = if wants_json {
        ("application/json", plain::json(json(&failure)))
    } else {
        ("text/html; charset=utf-8", plain::html(page(failure, &site, &id, &to)))
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = text.into();
    login::challenge(&mut response);
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn json(failure: &Failure) -> String {
    json!({ "error": { "kind": failure.kind, "message": failure.message } }).to_string()
}

/// What was asked for, to lead there once it is known who asks.
fn asked_path(request: &Request) -> String {
    match *request.method() {
        Method::GET => request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
        _ => String::new(),
    }
}

fn page(failure: Failure, site: &Site, id: &RequestId, to: &str) -> String {
    if failure.status == StatusCode::UNAUTHORIZED {
        let asked = ui::page::login::Asked { message: &failure.message, to };
        return ui::page::login::page(&asked, &site.frame());
    }
    let failure = ui::page::failure::Failure {
        status: failure.status.as_u16(),
        title: failure.title,
        message: failure.message,
        request: id.to_string(),
    };
    ui::page::failure::page(&failure, &site.frame())
}
