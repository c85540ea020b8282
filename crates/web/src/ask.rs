//! What a request asks for: checked ids out of its path, parameters out of its query.

use app::forecast::ForecastAsk;
use app::issues::IssuesAsk;
use app::overview::OverviewAsk;
use app::workspace::WorkspaceAsk;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use model::{ProfileId, QueryKey};
use serde::de::DeserializeOwned;
use ui::chart_file::Form;
use ui::plot::catalog::{self, Chart};

use crate::failure::Failure;

/// A profile in the path.
pub(crate) struct AtProfile(pub ProfileId);

/// A query in the path.
pub(crate) struct AtQuery(pub QueryKey);

/// An issue in the path.
pub(crate) struct AtIssue(pub QueryKey, pub String);

/// A query in the path, and a chart of it as a file.
pub(crate) struct AtChart(pub QueryKey, pub &'static Chart, pub Form);

/// A query in the path, and what is asked about it behind the `?`.
pub(crate) struct Asked<A>(pub QueryKey, pub A);

/// What is asked about the workspace behind the `?`.
pub(crate) struct AskedHere<A>(pub A);

/// What can be asked, built up from the parameters of a URL.
pub(crate) trait Ask: Default {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()>;
}

impl Ask for ForecastAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        ForecastAsk::set(self, name, value)
    }
}

impl Ask for OverviewAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        OverviewAsk::set(self, name, value)
    }
}

impl Ask for IssuesAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        IssuesAsk::set(self, name, value)
    }
}

impl Ask for WorkspaceAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        WorkspaceAsk::set(self, name, value)
    }
}

impl<A: Ask, S: Send + Sync> FromRequestParts<S> for AskedHere<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Parameters(parameters) = Parameters::from_request_parts(parts, state).await?;
        let mut ask = A::default();
        for (name, value) in &parameters {
            ask.set(name, value)?;
        }
        Ok(AskedHere(ask))
    }
}

impl<A: Ask, S: Send + Sync> FromRequestParts<S> for Asked<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let AtQuery(key) = AtQuery::from_request_parts(parts, state).await?;
        let AskedHere(ask) = AskedHere::from_request_parts(parts, state).await?;
        Ok(Asked(key, ask))
    }
}

/// Parameters of the URL in the order given.
pub(crate) struct Parameters(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for AtProfile {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let profile: String = path(parts, state).await?;
        Ok(AtProfile(ProfileId::new(profile)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AtQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let (profile, query): (String, String) = path(parts, state).await?;
        Ok(AtQuery(QueryKey::parse(&profile, &query)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AtIssue {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let (profile, query, key): (String, String, String) = path(parts, state).await?;
        Ok(AtIssue(QueryKey::parse(&profile, &query)?, key))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AtChart {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let (profile, query, file): (String, String, String) = path(parts, state).await?;
        let (name, form) = Form::of_file(&file).ok_or_else(|| {
            Failure::no_chart(format!("a chart is a file that ends in .svg or .png, not {file:?}"))
        })?;
        let chart = catalog::find(name).map_err(Failure::no_chart)?;
        Ok(AtChart(QueryKey::parse(&profile, &query)?, chart, form))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let pairs = Query::from_request_parts(parts, state).await;
        let unreadable = |_| Failure::invalid("the part behind the ? cannot be read".to_owned());
        pairs.map(|Query(pairs)| Parameters(pairs)).map_err(unreadable)
    }
}

impl Parameters {
    /// The value of the only parameter that there may be; an error names any other.
    pub fn only(&self, name: &str) -> Result<Option<&str>, Failure> {
        if let Some((other, _)) = self.0.iter().find(|(given, _)| given != name) {
            let remedy = format!("the only one here is {name}");
            return Err(app::Error::invalid("the parameter", other, remedy).into());
        }
        Ok(self.0.last().map(|(_, value)| value.as_str()))
    }

    /// An error that names the first parameter, where none means anything.
    pub fn none(&self) -> Result<(), Failure> {
        let refused = |(name, _): &(String, String)| {
            Err(app::Error::invalid("the parameter", name, "this address takes none").into())
        };
        self.0.first().map_or(Ok(()), refused)
    }
}

async fn path<T: DeserializeOwned + Send, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, Failure> {
    let path = Path::<T>::from_request_parts(parts, state).await;
    let unreadable = |_| Failure::invalid("the address is not percent-encoded UTF-8".to_owned());
    path.map(|Path(found)| found).map_err(unreadable)
}
