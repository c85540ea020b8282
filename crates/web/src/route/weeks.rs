//! The weeks of a query for spreadsheets: its table, and its flow.

use app::flow::FlowAsk;
use app::overview::OverviewAsk;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;

use crate::ask::{Asked, At};
use crate::failure::Failure;
use crate::pool::Pool;
use crate::reply;
use crate::site::Site;

/// What a browser calls the file.
const FILE_NAME: &str = "weeks.csv";
/// The same of flow.
const FLOW_FILE_NAME: &str = "flow.csv";

pub(crate) async fn csv(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    Asked(ask): Asked<OverviewAsk>,
) -> Result<Response, Failure> {
    let weeks = site.blocking_in(Pool::Figures, move |app| app.weeks(&key, &ask)).await?;
    Ok(reply::file(reply::CSV, FILE_NAME, weeks.to_csv()))
}

pub(crate) async fn flow_csv(
    State(site): State<Site>,
    At(key): At<QueryKey>,
    Asked(ask): Asked<FlowAsk>,
) -> Result<Response, Failure> {
    let flow = site.blocking(move |app| app.flow(&key, &ask)).await?;
    Ok(reply::file(reply::CSV, FLOW_FILE_NAME, flow.to_csv()))
}
