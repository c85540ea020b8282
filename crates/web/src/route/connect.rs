//! Connecting to a Jira for the first time.

use app::App;
use app::connect::ConnectionDraft;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::Token;
use ui::form::ALLOW_HTTP;
use ui::page::connect::ConnectForm;

use crate::failure::Failure;
use crate::pool::Pool;
use crate::reply;
use crate::route::connection;
use crate::site::Site;
use crate::typed::{self, Typed};

/// Makes a profile once its Jira answers, and leads to what the JQL finds there.
pub(crate) async fn save(State(site): State<Site>, typed: Typed) -> Result<Response, Failure> {
    let draft = draft(&typed);
    let jql = typed.text("jql").trim().to_owned();
    let (sent, asked) = (draft.clone(), jql.clone());
    // A JQL that Jira refuses leaves nothing behind.
    let make = move |app: &App| {
        Ok(app.secured_draft(&sent).and_then(|draft| {
            app.look_draft(&draft, &asked)?;
            app.create_connected_profile("", &draft)
        }))
    };
    let made = site.blocking_in(Pool::Jira, make).await?;
    match made {
        Ok(id) => Ok(typed::lead_to(&connection::tried(&site, id, &jql).await?)),
        Err(error) => {
            let form = ConnectForm::refused(&draft, &jql, &error);
            let page = reply::page(ui::page::connect::page(&form, &site.frame()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn draft(typed: &Typed) -> ConnectionDraft {
    ConnectionDraft {
        address: typed.text("server").trim().to_owned(),
        auth: typed.text("authentication").to_owned(),
        email: typed.text("email").trim().to_owned(),
        token: Token::new(typed.text("token").trim()),
        allows_http: !typed.text(ALLOW_HTTP).is_empty(),
    }
}
