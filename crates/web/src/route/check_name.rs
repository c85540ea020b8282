//! Whether a profile can have a name, while it is typed.

use model::ProfileId;
use serde::Serialize;

use crate::ask::Ask;
use crate::view::Question;

/// A name, and the profile that it is to be the name of, if that is there already.
#[derive(Default)]
pub(crate) struct NameAsk {
    name: String,
    profile: Option<ProfileId>,
}

impl Ask for NameAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        match name {
            "name" => value.clone_into(&mut self.name),
            "profile" => self.profile = Some(ProfileId::new(value)?),
            other => {
                let remedy = "there are name and profile";
                return Err(app::Error::unknown_parameter(other, remedy));
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
pub(crate) struct NameCheck {
    problem: Option<String>,
}

pub(crate) fn answer(q: Question<(), NameAsk>) -> app::Result<NameCheck> {
    let problem = q.app.check_profile_name(&q.ask.name, q.ask.profile.as_ref())?;
    Ok(NameCheck { problem: problem.map(|problem| words::format::sentence(&problem)) })
}
