//! Pages with their JSON twins: one question, one answer, two forms.

use app::App;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use crate::ask::{Ask, Asked, At, Kept, Place};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;

/// Where the JSON answers are.
pub(crate) const API_ROOT: &str = "/api/v1";

/// A question as a request puts it, on a thread that may wait for the disk.
pub(crate) struct Question<'q, P, A = ()> {
    pub app: &'q App,
    pub site: &'q Site,
    /// What the path names.
    pub at: &'q P,
    /// What is asked behind the `?`.
    pub ask: &'q A,
}

/// How a question is answered.
pub(crate) trait Answer<P, A, T>:
    Fn(Question<P, A>) -> app::Result<T> + Copy + Send + Sync + 'static
{
}

impl<P, A, T, F> Answer<P, A, T> for F where
    F: Fn(Question<P, A>) -> app::Result<T> + Copy + Send + Sync + 'static
{
}

/// How an answer is drawn as a page.
pub(crate) trait Draw<T, A>:
    Fn(&Site, &T, &A) -> String + Copy + Send + Sync + 'static
{
}

impl<T, A, F> Draw<T, A> for F where F: Fn(&Site, &T, &A) -> String + Copy + Send + Sync + 'static {}

/// Routes that only read.
pub(crate) trait Views: Sized {
    /// A page, and its twin at the same path below [`API_ROOT`]; the health of the program has
    /// another name there.
    fn view<P, A, T>(self, path: &str, answer: impl Answer<P, A, T>, draw: impl Draw<T, A>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: Serialize + Send + 'static,
    {
        let twin = match path {
            "/about" => "/health",
            same => same,
        };
        self.page(path, answer, draw).json(twin, answer)
    }

    /// A page alone.
    fn page<P, A, T>(self, path: &str, answer: impl Answer<P, A, T>, draw: impl Draw<T, A>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: Send + 'static;

    /// JSON alone; `path` goes on from [`API_ROOT`].
    fn json<P, A, T>(self, path: &str, answer: impl Answer<P, A, T>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: Serialize + Send + 'static;
}

impl Views for Router<Site> {
    fn page<P, A, T>(self, path: &str, answer: impl Answer<P, A, T>, draw: impl Draw<T, A>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: Send + 'static,
    {
        let page = async move |State(site): State<Site>,
                               At(at): At<P>,
                               Kept(kept): Kept,
                               Asked(ask): Asked<A>| {
            let here = site.keeping(kept);
            let drawn = move |found: T, ask: A| draw(&here, &found, &ask);
            Ok::<_, Failure>(reply::page(put(&site, at, ask, answer, drawn).await?))
        };
        self.route(path, get(page))
    }

    fn json<P, A, T>(self, path: &str, answer: impl Answer<P, A, T>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: Serialize + Send + 'static,
    {
        let json = async move |State(site): State<Site>, At(at): At<P>, Asked(ask): Asked<A>| {
            let sent = |found: T, _| reply::json(&found);
            put(&site, at, ask, answer, sent).await
        };
        self.route(&format!("{API_ROOT}{path}"), get(json))
    }
}

/// Puts a question and forms what is sent of the answer, both on a thread that may wait for the
/// disk: forming a page takes long enough to keep others waiting.
async fn put<P, A, T, R>(
    site: &Site,
    at: P,
    ask: A,
    answer: impl Answer<P, A, T>,
    form: impl FnOnce(T, A) -> R + Send + 'static,
) -> Result<R, Failure>
where
    P: Send + 'static,
    A: Ask + Send + 'static,
    T: 'static,
    R: Send + 'static,
{
    let here = site.clone();
    let pool = ask.pool();
    let work = move |app: &App| {
        let found = answer(Question { app, site: &here, at: &at, ask: &ask })?;
        Ok(form(found, ask))
    };
    site.showing_in(pool, work).await
}
