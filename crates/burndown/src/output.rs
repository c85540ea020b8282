//! Where answers go: text or JSON on stdout, everything else on stderr.

use std::io::{self, Write};

use console::{Style, Term};
use serde::Serialize;

use crate::arguments::{ColorWhen, General};
use crate::failure::{Failure, Result};
use crate::table::Listing;
use model::plain::{json as json_text, one_line};
use words::json::Told;

/// Width where there is no terminal to ask.
const WIDTH: usize = 80;

/// How answers are printed.
#[derive(Debug)]
pub struct Output {
    is_json: bool,
    is_csv: bool,
    /// Whether nothing is said on the way.
    is_quiet: bool,
    /// Whether what was done is not told either.
    is_silent: bool,
    /// Columns of the terminal, or 80.
    pub width: usize,
    /// For the heads of tables and the names of values.
    pub head: Style,
    warning: Style,
}

impl Output {
    /// Colours only where they are wanted; `no_color` is whether `NO_COLOR` is set, `is_question`
    /// whether the command asks rather than does something.
    pub fn new(general: &General, no_color: bool, is_question: bool) -> Output {
        let terminal = Term::stdout();
        let style = |terminal: &Term| {
            Style::new().force_styling(match general.color {
                ColorWhen::Always => true,
                ColorWhen::Never => false,
                ColorWhen::Auto => terminal.is_term() && !no_color,
            })
        };
        let width = terminal.size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns));
        Output {
            is_json: general.json,
            is_csv: general.csv,
            is_quiet: general.quiet,
            is_silent: general.quiet && !is_question,
            width: if terminal.is_term() { width } else { WIDTH },
            head: style(&terminal).bold(),
            warning: style(&Term::stderr()).yellow(),
        }
    }

    /// Whether the answer is read by somebody who sits before a terminal, now.
    pub fn is_for_people(&self) -> bool {
        !self.is_json && Term::stdout().is_term()
    }

    /// Whether a bar may be drawn beside the answer.
    pub fn shows_progress(&self) -> bool {
        !self.is_json && !self.is_quiet && Term::stderr().is_term()
    }

    /// Whether nothing but failures is said.
    pub fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Whether the answer is for a program, which gets all of it.
    pub fn is_for_programs(&self) -> bool {
        self.is_json || self.is_csv
    }

    /// Whether the answer is comma-separated values.
    pub fn is_csv(&self) -> bool {
        self.is_csv
    }

    /// Prints an answer that is a table: as JSON or comma-separated values if that was asked for.
    pub fn list<T: Serialize>(
        &self,
        answer: &T,
        lay_out: impl FnOnce(&T) -> Listing,
    ) -> Result<()> {
        self.answer(answer, |answer| {
            let listing = lay_out(answer);
            match self.is_csv {
                true => listing.table.into_csv(),
                false => listing.into_text(self.width, &self.head),
            }
        })
    }

    /// Prints an answer: as JSON if that was asked for, else the text that `write` makes of it.
    pub fn answer<T: Serialize>(&self, answer: &T, write: impl FnOnce(&T) -> String) -> Result<()> {
        if !self.is_json {
            return if self.is_silent { Ok(()) } else { self.print(&write(answer)) };
        }
        let json = serde_json::to_string_pretty(&Told(answer));
        let json =
            json.map_err(|error| Failure::new(format!("the answer cannot be JSON: {error}")))?;
        self.print(&format!("{}\n", json_text(json)))
    }

    /// Prints an answer that has one form only.
    pub fn print(&self, text: &str) -> Result<()> {
        print(text)
    }

    /// Says something on the way to an answer. It goes to stderr, so that stdout holds the answer
    /// alone.
    pub fn say(&self, sentence: &str) {
        if !self.is_json && !self.is_quiet {
            print_aside(&one_line(sentence));
        }
    }

    /// Tells scripts how far it is, a line at a time on stderr.
    pub fn tell(&self, progress: &serde_json::Value) {
        if self.is_json {
            print_aside(&progress.to_string());
        }
    }

    /// Says something that deserves attention; scripts get it too.
    pub fn warn(&self, sentence: &str) {
        print_aside(&if self.is_json {
            serde_json::json!({ "warning": sentence }).to_string()
        } else {
            self.warning.apply_to(one_line(sentence)).to_string()
        });
    }
}

/// Prints a failure on stderr.
pub fn print_failure(failure: &Failure, is_json: bool) {
    print_aside(&if is_json { failure.to_json() } else { failure.to_line() });
}

/// A reader of stderr that went away is no reason to stop.
fn print_aside(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// A reader of stdout that went away, such as `head`, has what it wanted.
pub fn printed(how: io::Result<()>) -> Result<()> {
    match how {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the answer cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
