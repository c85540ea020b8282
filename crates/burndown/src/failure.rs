//! Why a command did not do what it was asked: one sentence for people, one code for scripts.

use std::process::ExitCode;

use serde::Serialize;

use app::Parameter;
use model::Remedy;
use model::plain::one_line;
use words::Front;

/// Shorthand for what commands give.
pub type Result<T> = std::result::Result<T, Failure>;

/// What a script can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It failed, and nothing was changed.
    Failed,
    /// What was asked for is not there.
    NotFound,
    /// The command line is wrong.
    Usage,
    /// There is nothing to migrate.
    NothingToMigrate,
    /// Not all of the workspace is there, because a copy into it is not finished.
    UnfinishedCopy,
    /// Of several things some failed; the others were done.
    PartlyFailed,
    /// What was asked is answered, and less likely than it shall be.
    TooUnlikely,
}

/// A failure.
#[derive(Debug)]
pub struct Failure {
    /// What a script can tell apart.
    pub kind: Kind,
    /// What happened.
    pub message: String,
    /// What can be done, where the message does not say it.
    pub remedy: Option<Remedy>,
}

impl Failure {
    /// It failed, and nothing was changed.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure::of_kind(Kind::Failed, message)
    }

    /// The command line is wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::of_kind(Kind::Usage, message)
    }

    /// A failure of that kind.
    pub fn of_kind(kind: Kind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), remedy: None }
    }

    /// The same with its remedy said.
    #[must_use]
    pub fn said(self) -> Failure {
        let message = words::failure(&self.message, self.remedy, Front::Terminal);
        Failure { message, remedy: None, ..self }
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Failed | Kind::NotFound | Kind::UnfinishedCopy => 1,
            Kind::Usage => 2,
            Kind::NothingToMigrate => 3,
            Kind::PartlyFailed => 4,
            Kind::TooUnlikely => 5,
        })
    }

    /// The sentence for a terminal.
    pub fn to_line(&self) -> String {
        format!("burndown: {}", one_line(&self.message))
    }

    /// The same for a script.
    pub fn to_json(&self) -> String {
        let kind = self.kind;
        serde_json::json!({ "error": { "kind": kind, "message": self.message } }).to_string()
    }
}

impl From<app::migration::Error> for Failure {
    fn from(error: app::migration::Error) -> Failure {
        use app::migration::Error;
        let kind = match &error {
            Error::NothingToMigrate(_) | Error::OnlyOtherDatabase { .. } => Kind::NothingToMigrate,
            _ => Kind::Failed,
        };
        let remedy = match &error {
            Error::Store(error) => error.remedy(),
            _ => None,
        };
        Failure { kind, message: error.to_string(), remedy }
    }
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Failure {
        let error = match error {
            app::Error::Migration(error) => return error.into(),
            other => other,
        };
        if let app::Error::Invalid { parameter: Parameter::Named(name), given, remedy } = &error {
            let option = name.replace('_', "-");
            return Failure::usage(format!("--{option} cannot be {given:?}: {remedy}"));
        }
        // The command line is right; the file that it names is not.
        let is_about_a_file = matches!(error, app::Error::Transfer(_));
        let kind = match error.kind() {
            _ if matches!(error, app::Error::UnfinishedCopy { .. }) => Kind::UnfinishedCopy,
            app::Kind::Invalid if is_about_a_file => Kind::Failed,
            app::Kind::NotFound => Kind::NotFound,
            app::Kind::Invalid => Kind::Usage,
            app::Kind::Conflict
            | app::Kind::Busy
            | app::Kind::Jira
            | app::Kind::Server
            | app::Kind::Store => Kind::Failed,
        };
        Failure { kind, message: error.to_string(), remedy: error.remedy() }
    }
}

/// Turns what clap says into one sentence.
impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Failure {
        Failure::of_line(&error, "")
    }
}

impl Failure {
    /// The same, with the help of that command; empty where none was named.
    pub fn of_line(error: &clap::Error, command: &str) -> Failure {
        let text = error.to_string();
        let said = text.split("\n\nUsage:").next().unwrap_or_default();
        let said = said.split("\n\nFor more information").next().unwrap_or_default();
        let said = said.strip_prefix("error: ").unwrap_or(said).trim();
        let parts =
            said.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        let sentence = parts.collect::<Vec<_>>().join("; ");
        let help = match command {
            "" => "`burndown help` lists commands and options".to_owned(),
            command => format!("`burndown {command} --help` says what it takes"),
        };
        Failure::usage(format!("{sentence}; {help}"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::{Arguments, command_of};

    #[track_caller]
    fn check(arguments: &[&str], want: &str) {
        let all = [&["burndown"], arguments].concat();
        let error = Arguments::try_parse_from(all).unwrap_err();
        let line = arguments.iter().map(|word| (*word).to_owned());
        let failure = Failure::of_line(&error, &command_of(line));
        assert_eq!((failure.kind, failure.message.as_str()), (Kind::Usage, want));
    }

    #[test]
    fn wrong_usage_is_one_sentence() {
        check(
            &["serve", "--port", "x"],
            "invalid value 'x' for '--port <N>': a port is a number from 0 to 65535, and 0 lets the \
             system choose; `burndown serve --help` says what it takes",
        );
        check(
            &["milestone", "--profile", "P", "set", "X"],
            "the following required arguments were not provided: <DATE>; `burndown milestone set --help` \
             says what it takes",
        );
        check(
            &["--workspace", "sync", "serve", "--port", "x"],
            "invalid value 'x' for '--port <N>': a port is a number from 0 to 65535, and 0 lets the \
             system choose; `burndown serve --help` says what it takes",
        );
        check(
            &["milestone", "--profile", "set", "sett"],
            "unrecognized subcommand 'sett'; tip: a similar subcommand exists: 'set'; `burndown milestone \
             --help` says what it takes",
        );
        check(
            &["milestones"],
            "unrecognized subcommand 'milestones'; tip: some similar subcommands exist: 'settings', \
             'restore', 'completions', 'milestone'; `burndown help` lists commands and options",
        );
    }

    #[test]
    fn values_are_read_where_the_line_is() {
        for (arguments, said) in [
            (
                &["weeks", "--window", "0"][..],
                "'0' for '--window <N>': give a number of weeks from 1",
            ),
            (
                &["forecast", "--model", "magic"],
                "'--model <WORD>' [possible values: views, urn, exact]",
            ),
            (
                &["forecast", "--exclude", "2025-W01,2025-W99"],
                "'2025-W99' for '--exclude <WEEK>': name",
            ),
            (&["forecast", "--by", "2026-02-30"], "'--by <DATE>': write a day such as 2025-11-24"),
            (
                &["issues", "--sort", "-size"],
                "'-size' for '--sort <FIELD>': use one of key, status",
            ),
            (&["milestone", "set", "X", "1969-01-01"], "'<DATE>': name a day from 1970 to 2199"),
            (
                &["profile", "duplicate", "p", "--with", "all"],
                "[possible values: settings, queries, data]",
            ),
        ] {
            let all = [&["burndown"], arguments].concat();
            let failure = Failure::from(Arguments::try_parse_from(all).unwrap_err());
            assert!(failure.message.contains(said), "{}", failure.message);
        }
    }

    #[test]
    fn only_a_parameter_is_called_like_an_option() {
        let named = |error: app::Error| Failure::from(error).message;
        let of_parameter = named(app::Error::invalid("as_of", "x", "write a day"));
        assert_eq!(of_parameter, "--as-of cannot be \"x\": write a day");
        let thing = Parameter::Thing("date");
        let of_thing = named(app::Error::about(thing, "x", "write a day"));
        assert_eq!(of_thing, "date cannot be \"x\": write a day");
    }

    #[test]
    fn a_message_cannot_drive_the_terminal() {
        assert_eq!(Failure::new("a\u{1b}[31m\nb").to_line(), "burndown: a\\u{1b}[31m b");
    }
}
