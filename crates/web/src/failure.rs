//! From an error to a status and a page, or JSON below `/api`.

use app::Kind;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use ui::chart_file::NoFile;
use words::Front;

use crate::log::RequestId;
use crate::reply::is_json;
use crate::site::Site;

/// A request that could not be answered. It travels in the response's extensions to [`dress`],
/// which knows whether a page or JSON is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    message: String,
}

impl Failure {
    /// Nothing is at that path.
    pub fn no_page() -> Failure {
        Failure {
            status: StatusCode::NOT_FOUND,
            kind: "not_found",
            title: "There is no such page",
            message: "nothing is at this address; the workspace links to everything there is"
                .to_owned(),
        }
    }

    /// No chart has that name, or there is nothing to draw.
    pub fn no_chart(message: String) -> Failure {
        Failure {
            status: StatusCode::NOT_FOUND,
            kind: Kind::NotFound.as_str(),
            title: "There is no such chart",
            message,
        }
    }

    /// The path is there, the method is not.
    pub fn no_method() -> Failure {
        Failure {
            status: StatusCode::METHOD_NOT_ALLOWED,
            kind: "method_not_allowed",
            title: "Method not allowed",
            message: "this address is not asked in this way; a page is read with GET, and its forms are sent".to_owned(),
        }
    }

    /// Something in the address means nothing.
    pub fn invalid(message: String) -> Failure {
        Failure {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            kind: Kind::Invalid.as_str(),
            title: "Unknown or invalid parameter",
            message,
        }
    }

    /// A file that was sent cannot be used.
    pub fn unusable_file(message: String) -> Failure {
        Failure { title: "This file cannot be imported", ..Failure::invalid(message) }
    }

    /// The answer took too long.
    pub fn too_slow(seconds: u64) -> Failure {
        Failure {
            status: StatusCode::SERVICE_UNAVAILABLE,
            kind: "timeout",
            title: "The answer took too long",
            message: format!("nothing was ready after {seconds} s; try again in a moment"),
        }
    }

    /// A defect of this program.
    pub fn internal() -> Failure {
        Failure {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "internal",
            title: "Something went wrong inside burndown",
            message: "this is a defect, your data is untouched; the log says more (start with -v)"
                .to_owned(),
        }
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
        Failure { status, kind: error.kind().as_str(), title, message }
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
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions_mut().remove::<Failure>() else { return response };
    if failure.status.is_server_error() {
        tracing::error!(kind = failure.kind, message = failure.message, "request failed");
    } else {
        tracing::debug!(kind = failure.kind, "request refused");
    }
    let (media_type, text) = if wants_json {
        ("application/json", json(&failure))
    } else {
        ("text/html; charset=utf-8", page(failure, &site, &id))
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = text.into();
    response
}

fn json(failure: &Failure) -> String {
    json!({ "error": { "kind": failure.kind, "message": failure.message } }).to_string()
}

fn page(failure: Failure, site: &Site, id: &RequestId) -> String {
    let failure = ui::page::failure::Failure {
        status: failure.status.as_u16(),
        title: failure.title,
        message: failure.message,
        request: id.to_string(),
    };
    ui::page::failure::page(&failure, &site.frame())
}
