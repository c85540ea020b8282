//! Style sheet, script and icon.

use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ui::asset::{self, Asset};

use crate::failure::Failure;

/// The path holds a hash of the content, so it may be kept for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_A_DAY: &str = "public, max-age=86400";

pub(crate) async fn show(request: Request) -> Result<Response, Failure> {
    let found = asset::find(request.uri().path()).ok_or_else(Failure::no_page)?;
    Ok(reply(found, FOR_EVER))
}

pub(crate) async fn icon() -> Response {
    reply(&asset::ICON, FOR_A_DAY)
}

fn reply(asset: &Asset, caching: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, caching)];
    (headers, asset.text()).into_response()
}
