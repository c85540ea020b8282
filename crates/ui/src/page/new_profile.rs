//! Making a profile.

use app::draft::{DESCRIPTION_CHARACTERS_MAX, Field};
use maud::{Markup, html};
use model::name::NAME_CHARACTERS_MAX;

use crate::form::{Form, FormName, Refusal};
use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// The page; with `refused`, the form is as it was sent.
pub fn page(refused: Option<&Refusal>, frame: &Frame) -> String {
    let body = html! {
        section.answer {
            h1 { mark { "A new profile." } " One for each Jira connection, or for each team." }
            p.how { "Nothing of a profile touches another one. Its queries come next." }
        }
        section.card aria-labelledby="new-profile" {
            header { h2 #new-profile { "What shall it be called?" } }
            (form(refused))
            p { "Or " a href=(link::CONNECT) { "connect to a Jira" } " and see at once what it holds." }
        }
    };
    shell::page(frame, "New profile", None, Tab::Setup, &body)
}

/// The form alone.
pub(crate) fn form(refused: Option<&Refusal>) -> Markup {
    let check = link::check_name(None);
    let form = Form::new(FormName::NewProfile, refused).checking(&check);
    let fields = html! {
        (form.line(Field::Name, "Name", "", NAME_CHARACTERS_MAX, true))
        (form.line(Field::Description, "Description, if you like", "", DESCRIPTION_CHARACTERS_MAX, false))
    };
    form.draw(link::NEW_PROFILE, "Make the profile", &fields)
}
