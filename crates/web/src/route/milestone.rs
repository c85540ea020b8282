//! The deadlines of a profile: set and taken away.

use app::{App, parameter};
use axum::extract::State;
use axum::response::Response;
use model::ProfileId;

use crate::ask::At;
use crate::failure::Failure;
use crate::site::Site;
use crate::typed::{self, Typed};

pub(crate) async fn put(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    let put = move |app: &App, typed: &Typed| {
        let date = parameter::read("date", typed.text("date").trim(), parameter::day)?;
        app.put_milestone(&id, typed.text("name"), date, None)
    };
    change(site, typed, put).await
}

pub(crate) async fn remove(
    State(site): State<Site>,
    At(id): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    change(site, typed, move |app, typed| app.remove_milestone(&id, typed.text("name"), None)).await
}

/// Does it, and leads back to the page that the form stood on.
async fn change(
    site: Site,
    typed: Typed,
    work: impl FnOnce(&App, &Typed) -> app::Result<()> + Send + 'static,
) -> Result<Response, Failure> {
    let back = back(typed.text("back")).to_owned();
    site.blocking(move |app| work(app, &typed)).await?;
    Ok(typed::lead_to(&back))
}

/// Nothing leads elsewhere than on this server, and a header takes visible ASCII only.
fn back(path: &str) -> &str {
    let is_address = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let is_here = path.starts_with("/profiles/") && path.bytes().all(is_address);
    if is_here { path } else { ui::link::WORKSPACE }
}
