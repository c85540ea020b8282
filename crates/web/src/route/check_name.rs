//! Whether a profile can have a name, while it is typed.

use app::App;
use axum::extract::State;
use axum::response::Response;
use model::ProfileId;
use serde_json::json;

use crate::ask::Parameters;
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

pub(crate) async fn json(
    State(site): State<Site>,
    Parameters(parameters): Parameters,
) -> Result<Response, Failure> {
    let (mut name, mut except) = (String::new(), None);
    for (parameter, value) in parameters {
        match parameter.as_str() {
            "name" => name = value,
            "profile" => except = Some(ProfileId::new(value)?),
            other => {
                let remedy = "there are name and profile";
                return Err(app::Error::invalid("the parameter", other, remedy).into());
            }
        }
    }
    let check = move |app: &App| app.check_profile_name(&name, except.as_ref());
    let problem = site.blocking(check).await?;
    let problem = problem.map(|problem| words::format::sentence(&problem));
    Ok(reply::json(&json!({ "problem": problem })))
}
