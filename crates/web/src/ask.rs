//! What a request asks for: checked ids out of its path, parameters out of its query.

use app::answers::AnswersAsk;
use app::connect::ConnectionAsk;
use app::delivery::DeliveryAsk;
use app::flow::FlowAsk;
use app::forecast::ForecastAsk;
use app::issues::IssuesAsk;
use app::now::NowAsk;
use app::overview::OverviewAsk;
use app::query::QueryAsk;
use app::query_report::ReportAsk;
use app::workspace::WorkspaceAsk;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use model::{DeliveryKey, ProfileId, QueryKey};
use serde::de::DeserializeOwned;
use ui::chart_file::Form;
use ui::plot::catalog::{self, Chart};

use crate::failure::Failure;
use crate::pool::Pool;

/// What the path of a request names.
pub(crate) struct At<P>(pub P);

/// What is asked behind the `?`.
pub(crate) struct Asked<A>(pub A);

/// A chart of a query, as a file.
pub(crate) struct ChartAt {
    pub query: QueryKey,
    pub chart: &'static Chart,
    pub form: Form,
}

/// What a path can name, from its parts.
pub(crate) trait Place: Sized {
    type Parts: DeserializeOwned + Send;

    fn read(parts: Self::Parts) -> Result<Self, Failure>;
}

impl Place for () {
    type Parts = ();

    fn read((): ()) -> Result<(), Failure> {
        Ok(())
    }
}

impl Place for ProfileId {
    type Parts = String;

    fn read(profile: String) -> Result<ProfileId, Failure> {
        Ok(ProfileId::new(profile)?)
    }
}

impl Place for QueryKey {
    type Parts = (String, String);

    fn read((profile, query): (String, String)) -> Result<QueryKey, Failure> {
        Ok(QueryKey::parse(&profile, &query)?)
    }
}

impl Place for DeliveryKey {
    type Parts = (String, String);

    fn read((profile, delivery): (String, String)) -> Result<DeliveryKey, Failure> {
        Ok(DeliveryKey::parse(&profile, &delivery)?)
    }
}

/// An issue: its query and its key.
impl Place for (QueryKey, String) {
    type Parts = (String, String, String);

    fn read((profile, query, key): (String, String, String)) -> Result<Self, Failure> {
        Ok((QueryKey::parse(&profile, &query)?, key))
    }
}

impl Place for ChartAt {
    type Parts = (String, String, String);

    fn read((profile, query, file): (String, String, String)) -> Result<ChartAt, Failure> {
        let (name, form) = Form::of_file(&file).ok_or_else(|| {
            Failure::no_chart(format!("a chart is a file that ends in .svg or .png, not {file:?}"))
        })?;
        let chart = catalog::find(name).map_err(Failure::no_chart)?;
        Ok(ChartAt { query: QueryKey::parse(&profile, &query)?, chart, form })
    }
}

impl<P: Place, S: Send + Sync> FromRequestParts<S> for At<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<P::Parts>::from_request_parts(parts, state).await;
        let unreadable =
            |_| Failure::invalid("the address is not percent-encoded UTF-8".to_owned());
        let Path(found) = path.map_err(unreadable)?;
        P::read(found).map(At)
    }
}

/// What can be asked, built up from the parameters of a URL.
pub(crate) trait Ask: Default {
    /// Takes one parameter; an error names it and what there is.
    fn set(&mut self, name: &str, value: &str) -> app::Result<()>;

    /// Where the answer is found.
    fn pool(&self) -> Pool {
        Pool::Pages
    }
}

macro_rules! asked_by_parameters {
    ($($pool:ident: $($ask:ty),+;)+) => {$($(
        impl Ask for $ask {
            fn pool(&self) -> Pool {
                Pool::$pool
            }

            fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
                <$ask>::set(self, name, value)
            }
        }
    )+)+};
}

asked_by_parameters! {
    Pages: AnswersAsk, ConnectionAsk, IssuesAsk, QueryAsk, WorkspaceAsk;
    Figures: DeliveryAsk, FlowAsk, ForecastAsk, NowAsk, OverviewAsk, ReportAsk;
}

/// Of a place where only one thing can be asked: that it is not `name`.
pub(crate) fn only(known: &str, name: &str) -> app::Error {
    app::Error::unknown_parameter(name, format!("the only one here is {known}"))
}

/// Nothing can be asked.
impl Ask for () {
    fn set(&mut self, name: &str, _: &str) -> app::Result<()> {
        Err(app::Error::unknown_parameter(name, "this address takes none"))
    }
}

impl<A: Ask, S: Send + Sync> FromRequestParts<S> for Asked<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let is_of_query = parts.uri.path().contains("/queries/");
        let Parameters(parameters) = Parameters::from_request_parts(parts, state).await?;
        let mut ask = A::default();
        for (name, value) in &parameters {
            match ask.set(name, value) {
                // Every page of a query hands the view on to the others.
                Err(error) if error.is_unknown_parameter() && is_of_query && is_kept(name) => {}
                set => set?,
            }
        }
        Ok(Asked(ask))
    }
}

/// Window, unit and day that the pages of a query hand on to each other.
pub(crate) struct Kept(pub OverviewAsk);

fn is_kept(name: &str) -> bool {
    matches!(name, "window" | "unit" | "as_of")
}

impl<S: Send + Sync> FromRequestParts<S> for Kept {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Parameters(parameters) = Parameters::from_request_parts(parts, state).await?;
        let mut kept = OverviewAsk::default();
        for (name, value) in parameters.iter().filter(|(name, _)| is_kept(name)) {
            // What means nothing is refused by the page that it means something to.
            let _ = kept.set(name, value);
        }
        Ok(Kept(kept))
    }
}

/// Parameters of the URL in the order given.
pub(crate) struct Parameters(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let pairs = Query::from_request_parts(parts, state).await;
        let unreadable = |_| Failure::invalid("the part behind the ? cannot be read".to_owned());
        pairs.map(|Query(pairs)| Parameters(pairs)).map_err(unreadable)
    }
}
