//! A chart of a query as a file: SVG or PNG.

use app::App;
use axum::extract::State;
use axum::response::Response;
use model::QueryKey;
use ui::chart_file::{ChartFile, ChartFileAsk, Form, NoFile};
use ui::plot::catalog::{Chart, Source};

use crate::ask::{At, ChartAt, Parameters};
use crate::failure::Failure;
use crate::pool::Pool;
use crate::reply;
use crate::site::Site;

pub(crate) async fn file(
    State(site): State<Site>,
    At(ChartAt { query, chart, form }): At<ChartAt>,
    Parameters(parameters): Parameters,
) -> Result<Response, Failure> {
    let mut ask = ChartFileAsk::default();
    for (name, value) in &parameters {
        ask.set(chart, name, value)?;
    }
    let file =
        site.blocking_in(Pool::Pictures, move |app| draw(app, &query, chart, form, &ask)).await??;
    Ok(reply::file(form.media_type(), &file.name, file.content))
}

/// Drawn where the data is read: pixels take too long for the threads that answer.
fn draw(
    app: &App,
    key: &QueryKey,
    chart: &Chart,
    form: Form,
    ask: &ChartFileAsk,
) -> app::Result<Result<ChartFile, NoFile>> {
    Ok(match chart.source {
        Source::Overview(draw) => {
            let answer = app.overview(key, &ask.shown.view)?;
            ask.file(form, draw(&answer), &answer.trail, answer.as_of.date)
        }
        Source::Flow(draw) => {
            let answer = app.flow(key, &ask.flow)?;
            ask.file(form, draw(&answer, &ask.flow), &answer.trail, answer.as_of.date)
        }
        Source::Forecast(draw) => {
            let answer = app.forecast(key, &ask.shown)?;
            ask.file(form, draw(&answer), &answer.trail, answer.as_of.date)
        }
    })
}
