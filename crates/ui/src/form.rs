//! Forms: what is stored or was typed in each field, and what is wrong with it.

use app::draft::Field;
use maud::{Markup, html};
use words::format;

/// Which form of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormName {
    /// Changes what the page is about.
    Edit,
    /// Makes a profile.
    NewProfile,
    /// Makes a query.
    NewQuery,
    /// Makes another one like it.
    Duplicate,
    /// Puts it into another profile.
    Move,
    /// Makes a delivery.
    NewDelivery,
}

/// A form that could not be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    form: FormName,
    /// Fields with what was typed.
    typed: Vec<(String, String)>,
    field: Option<Field>,
    message: String,
}

/// A value that can be chosen beside others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<'s> {
    /// What is sent.
    pub value: String,
    /// What it is called.
    pub text: &'s str,
    /// Whether it is chosen now.
    pub is_chosen: bool,
}

/// A form as it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Form<'f> {
    name: FormName,
    refusal: Option<&'f Refusal>,
    /// Where a name is checked while it is typed.
    check: Option<&'f str>,
}

impl FormName {
    const ALL: [(FormName, &'static str); 6] = [
        (FormName::Edit, "edit"),
        (FormName::NewProfile, "new-profile"),
        (FormName::NewQuery, "new-query"),
        (FormName::Duplicate, "duplicate"),
        (FormName::Move, "move"),
        (FormName::NewDelivery, "new-delivery"),
    ];

    /// The form of that word.
    pub fn parse(word: &str) -> Option<FormName> {
        let found = FormName::ALL.into_iter().find(|(_, known)| *known == word);
        found.map(|(name, _)| name)
    }

    fn as_str(self) -> &'static str {
        let found = FormName::ALL.into_iter().find(|(name, _)| *name == self);
        found.map_or("", |(_, word)| word)
    }
}

impl Refusal {
    /// Why a form was not saved; `None` where the error is not about what was typed.
    pub fn of(form: FormName, typed: Vec<(String, String)>, error: &app::Error) -> Option<Refusal> {
        let (field, message) = match error {
            app::Error::Field { field, why } => (Some(*field), why.clone()),
            app::Error::ChangedMeanwhile { .. } => (None, error.to_string()),
            _ => return None,
        };
        Some(Refusal { form, typed, field, message })
    }

    /// Whether what is stored changed meanwhile, rather than a field being wrong.
    pub fn is_conflict(&self) -> bool {
        self.field.is_none()
    }

    fn typed(&self, field: Field) -> Option<&str> {
        let found = self.typed.iter().find(|(name, _)| name == field.as_str());
        found.map(|(_, value)| value.as_str())
    }
}

impl<'f> Form<'f> {
    /// The form of that name; a refusal of another one does not concern it.
    pub fn new(name: FormName, refusal: Option<&'f Refusal>) -> Form<'f> {
        Form { name, refusal: refusal.filter(|refusal| refusal.form == name), check: None }
    }

    /// The same form, whose name is checked at that address while it is typed.
    #[must_use]
    pub fn checking(self, address: &'f str) -> Form<'f> {
        Form { check: Some(address), ..self }
    }

    /// The whole form: `fields`, and a button that sends them to `action`.
    pub fn draw(&self, action: &str, button: &str, fields: &Markup) -> Markup {
        html! {
            form.fields method="post" action=(action) {
                input type="hidden" name="form" value=(self.name.as_str());
                @if let Some(refusal) = self.refusal.filter(|refusal| refusal.is_conflict()) {
                    p.strip role="alert" { (format::sentence(&refusal.message)) }
                }
                (fields)
                button type="submit" { (button) }
            }
        }
    }

    /// A line of text, at most so many characters long.
    pub fn line(
        &self,
        field: Field,
        label: &str,
        stored: &str,
        max: usize,
        is_needed: bool,
    ) -> Markup {
        let why = self.why_id(field);
        let check = self.check.filter(|_| field == Field::Name);
        let place = check.map(|_| self.place_of_why(field));
        html! {
            label {
                (label)
                input data-check=[check] data-why=[place] name=(field.as_str()) value=(self.value(field, stored)) maxlength=(max) required[is_needed]
                    aria-invalid=[why.as_ref().map(|_| "true")] aria-describedby=[&why] autofocus[why.is_some()];
            }
            (self.said(field, stored))
        }
    }

    /// Text of several lines.
    pub fn area(
        &self,
        field: Field,
        label: &str,
        stored: &str,
        rows: usize,
        is_needed: bool,
    ) -> Markup {
        let why = self.why_id(field);
        html! {
            label {
                (label)
                textarea name=(field.as_str()) rows=(rows) required[is_needed]
                    aria-invalid=[why.as_ref().map(|_| "true")] aria-describedby=[&why] autofocus[why.is_some()] {
                    (self.value(field, stored))
                }
            }
            (self.said(field, stored))
        }
    }

    /// A day; may be empty.
    pub fn day(&self, field: Field, label: &str, stored: &str) -> Markup {
        let why = self.why_id(field);
        html! {
            label {
                (label)
                input type="date" name=(field.as_str()) value=(self.value(field, stored))
                    aria-invalid=[why.as_ref().map(|_| "true")] aria-describedby=[&why] autofocus[why.is_some()];
            }
            (self.said(field, stored))
        }
    }

    /// One of several values, each with the text for it; the stored one is chosen.
    pub fn chosen(
        &self,
        field: Field,
        label: &str,
        stored: &str,
        options: &[(&str, &str)],
    ) -> Markup {
        html! {
            label {
                (label)
                select name=(field.as_str()) {
                    @for (value, text) in options {
                        option value=(value) selected[self.value(field, stored) == *value] { (text) }
                    }
                }
            }
            (self.said(field, stored))
        }
    }

    /// Some of several values, each with the text for it; those in `stored` are chosen.
    pub fn several(&self, field: Field, label: &str, options: &[Several<'_>]) -> Markup {
        let why = self.why_id(field);
        let typed = |value: &str| {
            self.refusal.map(|refusal| {
                refusal.typed.iter().any(|(name, one)| name == field.as_str() && one == value)
            })
        };
        html! {
            fieldset aria-describedby=[&why] {
                legend { (label) }
                @for option in options {
                    label.check {
                        input type="checkbox" name=(field.as_str()) value=(option.value)
                            checked[typed(&option.value).unwrap_or(option.is_chosen)];
                        " " (option.text)
                    }
                }
            }
            @if let Some(refusal) = self.refusal.filter(|_| why.is_some()) {
                p.wrong id=[&why] { (format::sentence(&refusal.message)) }
            }
        }
    }

    /// One of several values, each with the text for it.
    pub fn choice(&self, field: Field, label: &str, options: &[(&str, &str)]) -> Markup {
        self.chosen(field, label, "", options)
    }

    fn value<'v>(&self, field: Field, stored: &'v str) -> &'v str
    where
        'f: 'v,
    {
        self.refusal.and_then(|refusal| refusal.typed(field)).unwrap_or(stored)
    }

    /// The id of the sentence that says what is wrong with a field.
    fn why_id(&self, field: Field) -> Option<String> {
        let is_wrong = self.refusal.is_some_and(|refusal| refusal.field == Some(field));
        is_wrong.then(|| self.place_of_why(field))
    }

    fn place_of_why(&self, field: Field) -> String {
        format!("{}-{}-why", self.name.as_str(), field.as_str())
    }

    /// What is wrong with a field, or what is stored where that is another text than the typed one.
    fn said(&self, field: Field, stored: &str) -> Markup {
        let Some(refusal) = self.refusal else { return html! {} };
        let typed = refusal.typed(field).unwrap_or_default();
        html! {
            @if let Some(id) = self.why_id(field) {
                p.wrong id=(id) { (format::sentence(&refusal.message)) }
            } @else if refusal.is_conflict() && typed.replace("\r\n", "\n").trim() != stored.trim() {
                p.soft.fine { "Saved meanwhile: " @if stored.is_empty() { "nothing" } @else { q { (stored) } } }
            }
        }
    }
}

/// Name of the box that lets a token go over `http`.
pub const ALLOW_HTTP: &str = "allow-http";

/// A box for those whose Jira has no `https`.
pub(crate) fn allow_http(is_ticked: bool) -> Markup {
    html! {
        label.check {
            input type="checkbox" name=(ALLOW_HTTP) value="true" checked[is_ticked];
            " My Jira has http only: send the token though others can read it on the way"
        }
    }
}

/// A button that makes a page's profile or query the active one.
pub fn choose(action: &str, label: &Markup) -> Markup {
    html! { form method="post" action=(action) { button type="submit" { (label) } } }
}
