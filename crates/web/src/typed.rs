//! What was typed into a form, and how a form is answered.

use app::draft::{Field, ProfileDraft, QueryDraft};
use app::{App, Parameter};
use axum::extract::{Form, FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ui::form::{FormName, Refusal};

use crate::failure::Failure;
use crate::site::Site;

/// Fields of a form in the order sent; of two with the same name the first counts.
pub(crate) struct Typed(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let fields = Form::from_request(request, state).await;
        let unreadable = |_| Failure::invalid("the form cannot be read, or is too long".to_owned());
        fields.map(|Form(fields)| Typed(fields)).map_err(unreadable)
    }
}

impl Typed {
    /// What was typed into a field; nothing is empty.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether there is a field of that name.
    pub fn is_sent(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The lines of all fields of that name.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(known, _)| known == name);
        values.flat_map(|(_, value)| value.lines().map(str::to_owned)).collect()
    }

    /// Which form of its page it is.
    pub fn form(&self) -> app::Result<FormName> {
        FormName::parse(self.text("form")).ok_or_else(|| self.refuse("form"))
    }

    /// The revision that the form was filled from.
    pub fn revision(&self) -> app::Result<u64> {
        self.text("revision").parse().map_err(|_| self.refuse("revision"))
    }

    pub fn profile(&self) -> ProfileDraft {
        ProfileDraft { name: self.field(Field::Name), description: self.field(Field::Description) }
    }

    pub fn query(&self) -> QueryDraft {
        QueryDraft {
            name: self.field(Field::Name),
            jql: self.field(Field::Jql),
            description: self.field(Field::Description),
        }
    }

    pub fn field(&self, field: Field) -> String {
        self.text(field.as_str()).to_owned()
    }

    /// A hidden field that no page of this program fills so.
    pub fn refuse(&self, name: &'static str) -> app::Error {
        let remedy = "open the page again and send its form";
        app::Error::about(Parameter::Thing(name), self.text(name), remedy)
    }
}

/// Does what a form asks for and leads to where `work` says; what is wrong with the form comes back
/// to be shown in it.
pub(crate) async fn save(
    site: &Site,
    form: FormName,
    typed: Typed,
    work: impl FnOnce(&App, &Typed) -> app::Result<String> + Send + 'static,
) -> Result<Result<Response, Refusal>, Failure> {
    let work = move |app: &App| Ok((work(app, &typed), typed));
    let (done, typed) = site.blocking(work).await?;
    match done {
        Ok(path) => Ok(Ok(lead_to(&path))),
        Err(error) => match Refusal::of(form, typed.0, &error) {
            Some(refusal) => Ok(Err(refusal)),
            None => Err(error.into()),
        },
    }
}

/// Leads a browser on after a form.
pub(crate) fn lead_to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// The page of a form that could not be saved.
pub(crate) fn refused(refusal: &Refusal, page: Response) -> Response {
    let status =
        if refusal.is_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, page).into_response()
}
