//! The milestones of a profile, as its settings hold them, and the days that are worked on.

use forecast::Deadline;
use model::settings::{Day, ForecastSettings, Milestone};
use model::{Date, ProfileId, ProfileSettings};
use store::Revision;

use crate::App;
use crate::error::{Error, Result};
use crate::figures::deadlines;
use crate::lookup;
use crate::profile::settings::{TokenChange, faulty};

impl App {
    /// The milestones of a profile; an error if it is not there.
    pub fn milestones(&self, profile: &ProfileId) -> Result<Vec<Deadline>> {
        let found = lookup::profile(&*self.store.read()?, profile)?;
        Ok(deadlines(&ProfileSettings::read(&found.settings).forecast))
    }

    /// Sets a milestone, in place of one of that name (ignoring case). An error names what is wrong
    /// with the name, or that the profile was written after the revision that was `seen`; then
    /// nothing is changed.
    pub fn put_milestone(
        &self,
        profile: &ProfileId,
        name: &str,
        date: Date,
        seen: impl Into<Option<Revision>>,
    ) -> Result<()> {
        self.change_milestones(profile, seen.into(), |forecast| {
            let put = Milestone::typed(name, Day(date)).and_then(|one| forecast.put_milestone(one));
            put.map_err(|why| faulty("milestones", why))
        })
    }

    /// Takes a milestone away; an error if there is none of that name.
    pub fn remove_milestone(
        &self,
        profile: &ProfileId,
        name: &str,
        seen: impl Into<Option<Revision>>,
    ) -> Result<()> {
        self.change_milestones(profile, seen.into(), |forecast| {
            let error = || Error::NoSuch("milestone", name.trim().to_owned());
            if forecast.remove_milestone(name.trim()) { Ok(()) } else { Err(error()) }
        })
    }

    fn change_milestones(
        &self,
        profile: &ProfileId,
        seen: Option<Revision>,
        change: impl FnOnce(&mut ForecastSettings) -> Result<()>,
    ) -> Result<()> {
        let keep = TokenChange::Keep;
        self.write_settings(profile, seen, &keep, |settings, _| change(&mut settings.forecast))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
