//! Values of parameters, as URLs and commands write them: each is read in one place.

use std::borrow::Cow;

use forecast::{Growth, Model, PERCENTS};
use metrics::Unit;
use model::settings::{Day, Why, YEARS};
use model::{Date, Week};

use crate::error::{Error, Result};

/// Largest amount of work that can be named.
const AMOUNT_MAX: f64 = 1e6;
/// Longest text to look for, in characters.
pub const TEXT_CHARACTERS_MAX: usize = 200;
/// So much of a value is said back where it is refused, in characters.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// What a value may be, said to whoever gave another one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Expected(pub Cow<'static, str>);

/// A value that was read.
pub type Parsed<T> = std::result::Result<T, Expected>;

/// Words with what they stand for.
pub type Words<T> = [(&'static str, T)];

/// How the future can be drawn.
pub const MODELS: &Words<Model> =
    &[("views", Model::Views), ("urn", Model::Bootstrap), ("exact", Model::Exact)];
/// Whether the scope grows.
pub const GROWTHS: &Words<Growth> =
    &[("auto", Growth::Auto), ("on", Growth::On), ("off", Growth::Off)];
pub(crate) const UNITS: &Words<Unit> = &[("items", Unit::Items), ("points", Unit::Points)];
pub(crate) const FLAG: &Words<bool> = &[("true", true), ("false", false)];

impl From<&'static str> for Expected {
    fn from(text: &'static str) -> Expected {
        Expected(text.into())
    }
}

impl From<String> for Expected {
    fn from(text: String) -> Expected {
        Expected(text.into())
    }
}

/// Reads the value of a parameter; an error names both.
pub fn read<T>(
    name: &'static str,
    given: &str,
    parse: impl FnOnce(&str) -> Parsed<T>,
) -> Result<T> {
    parse(given).map_err(|expected| {
        let mut shown: String = given.chars().take(SHOWN_CHARACTERS_MAX).collect();
        if shown.len() < given.len() {
            shown.push('…');
        }
        Error::invalid(name, &shown, expected.0)
    })
}

/// What a word stands for.
pub fn word<T: Copy>(words: &Words<T>, given: &str) -> Parsed<T> {
    let found = words.iter().find(|(word, _)| *word == given);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("use {}", all.join(" or ")).into()
    })
}

/// The one of a closed list that has this word.
pub(crate) fn one_of<T: Copy>(all: &[T], word_of: fn(T) -> &'static str, given: &str) -> Parsed<T> {
    all.iter().copied().find(|one| word_of(*one) == given).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|one| word_of(*one)).collect();
        format!("use one of {}", words.join(", ")).into()
    })
}

/// A day such as 2025-11-24, from 1970 to 2199.
pub fn day(given: &str) -> Parsed<Date> {
    given.parse().map(|day: Day| day.0).map_err(|why| match why {
        Why::YearOutOfRange(_) => {
            format!("name a day from {} to {}", YEARS.start(), YEARS.end()).into()
        }
        _ => "write a day such as 2025-11-24".into(),
    })
}

/// An ISO week such as 2025-W44.
pub fn week(given: &str) -> Parsed<Week> {
    let remedy = "name ISO weeks such as 2025-W44, separated by commas";
    Week::parse(given.trim()).ok_or_else(|| remedy.into())
}

/// A pace in percent.
pub fn percent(given: &str) -> Parsed<u32> {
    let percent = given.trim_end_matches('%').trim().parse().ok();
    percent
        .filter(|percent| (10..=300).contains(percent))
        .ok_or_else(|| "give percent from 10 to 300, 100 being the pace of the sample".into())
}

/// A share of the new work in percent.
pub fn share(given: &str) -> Parsed<u32> {
    let percent = given.trim_end_matches('%').trim().parse().ok();
    percent
        .filter(|percent| (0..=300).contains(percent))
        .ok_or_else(|| "give percent from 0 to 300, 100 being what came in the sample".into())
}

/// The percentile that sentences name.
pub fn told_percent(given: &str) -> Parsed<u32> {
    let percent = given.trim_end_matches('%').trim().parse().ok();
    percent
        .filter(|percent| PERCENTS.contains(percent))
        .ok_or_else(|| "use 50, 70, 85 or 95".into())
}

/// An amount of work, from 0.
pub fn amount(given: &str) -> Parsed<f64> {
    number(given, 0.0)
}

/// An amount of work that is added, or taken away below 0.
pub fn change(given: &str) -> Parsed<f64> {
    number(given, -AMOUNT_MAX)
}

fn number(given: &str, least: f64) -> Parsed<f64> {
    let amount = given.parse().ok().filter(|amount| (least..=AMOUNT_MAX).contains(amount));
    amount.ok_or_else(|| "give a number such as 25".into())
}

/// A text to look for.
pub fn text(given: &str) -> Parsed<String> {
    if given.chars().count() > TEXT_CHARACTERS_MAX {
        return Err(format!("look for at most {TEXT_CHARACTERS_MAX} characters").into());
    }
    Ok(given.trim().to_owned())
}
