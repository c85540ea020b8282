//! `burndown forecast`: when it will be done and how sure that is, in sentences and two tables.

use app::forecast::{
    DeadlineAnswer, DeadlineChance, DoneBy, Forecast, ForecastAsk, ForecastStatement, HitRate,
    HowManyAnswer, QueryForecast, ScenarioAnswer, ScenarioKind, When,
};
use app::metrics::{Measured, Signal, SignalStatement};
use app::moment::MomentRule;
use words::{Front, format, statement, unknown};

use crate::arguments;
use crate::failure::{Failure, Kind, Result};
use crate::run::Run;
use crate::table::{Side, Table};
use crate::{figure_ask, opening, selection};
use model::Date;
use model::plain::one_line;

/// Prints the forecast of a query.
pub fn run(run: &Run, options: &arguments::Forecast) -> Result<()> {
    let ask = ask(options)?;
    let app = opening::existing(run)?;
    let key = selection::key(&app, &options.figures.of)?;
    let answer = app.forecast(&key, &ask)?;
    figure_ask::warn_of_later_day(run, &ask.view, &answer.as_of);
    figure_ask::tell_age(run, &answer.trail);
    if run.output.is_csv() {
        run.output.print(&rows(&answer).into_csv())?;
    } else {
        run.output.answer(&answer, |answer| text(run, answer))?;
    }
    options.min_odds.map_or(Ok(()), |least| check_odds(&answer, least))
}

/// A failure that names the milestones that are less likely than they shall be, or that there is none.
fn check_odds(answer: &QueryForecast, least: u32) -> Result<()> {
    let is_less = |deadline: &&DeadlineChance| {
        deadline.at_least_percent.is_none_or(|percent| u32::from(percent) < least)
    };
    let less: Vec<String> = answer
        .odds
        .iter()
        .filter(is_less)
        .map(|deadline| match deadline.at_least_percent {
            Some(percent) => format!("{} is {percent} % likely", deadline.name),
            None => format!("the odds of {} are not known", deadline.name),
        })
        .collect();
    let why = match (answer.odds.is_empty(), less.is_empty()) {
        (true, _) => {
            "there is no milestone; `burndown milestone set NAME DATE` sets one".to_owned()
        }
        (_, true) => return Ok(()),
        _ => less.join(", "),
    };
    Err(Failure::of_kind(Kind::TooUnlikely, format!("less likely than {least} %: {why}")))
}

/// Every date, amount and chance that was asked for, one a row.
fn rows(answer: &QueryForecast) -> Table {
    let asked = answer.asked();
    let names = ["what", "date", "chance_percent", "amount"];
    let mut table = Table::new(&names.map(|name| (name, Side::Left)));
    let date = |date: Option<Date>| date.map_or(String::new(), |date| date.to_string());
    for said in asked.when.known().into_iter().flat_map(|when| &when.percentiles) {
        table.row(["done".to_owned(), date(said.date), said.percent.to_string(), String::new()]);
    }
    for found in asked.how_many.iter() {
        for said in found.amount.known().into_iter().flat_map(|amount| &amount.percentiles) {
            let (day, chance) = (found.date.to_string(), said.percent.to_string());
            table.row(["amount".to_owned(), day, chance, said.amount.to_string()]);
        }
    }
    for found in answer.scenarios.iter().filter(|_| has_beside(answer)) {
        let what = format!("done: {}", scenario_name(found));
        let DoneBy { p50, p70, p85, p95 } = found.done_by;
        for (percent, day) in [(50, p50), (70, p70), (85, p85), (95, p95)] {
            table.row([what.clone(), date(day), percent.to_string(), String::new()]);
        }
    }
    for deadline in &answer.odds {
        let chance = deadline.at_least_percent.map_or(String::new(), |chance| chance.to_string());
        table.row([deadline.name.clone(), deadline.date.to_string(), chance, String::new()]);
    }
    table
}

/// What the options ask for; an error if one is given too often.
pub fn ask(options: &arguments::Forecast) -> Result<ForecastAsk> {
    let mut ask = ForecastAsk {
        view: figure_ask::of(&options.figures),
        model: options.model.unwrap_or_default(),
        growth: options.growth.unwrap_or_default(),
        start: options.start,
        remaining: options.items,
        added: options.add.unwrap_or_default(),
        is_pert_wanted: options.pert,
        ..ForecastAsk::default()
    };
    options.percent.into_iter().for_each(|percent| ask.told(percent));
    options.focus.into_iter().for_each(|percent| ask.focus(percent));
    options.arrivals.into_iter().for_each(|percent| ask.arrivals(percent));
    options.exclude.iter().try_for_each(|week| ask.exclude(*week))?;
    options.by.iter().try_for_each(|day| ask.by(*day))?;
    options.beside.iter().try_for_each(|scenario| ask.beside(scenario.clone()))?;
    Ok(ask)
}

fn text(run: &Run, answer: &QueryForecast) -> String {
    let asked = answer.asked();
    let today = today(run, answer);
    let head = figure_ask::heading(run, &answer.trail, &answer.as_of);
    let mut text = format!("{head}.\n{}\n", sentence(asked));
    if answer.what_if.is_some() {
        text.push_str(&format!("Under the usual assumptions: {}\n", sentence(&answer.base)));
    }
    if let Some(found) = &asked.balance {
        text.push_str(&format!("{}\n", one_line(&words::balance(found, asked.assumptions.unit))));
    }
    for said in asked.deadlines.iter().filter_map(|deadline| unsaid(asked, deadline)) {
        text.push_str(&format!("{}\n", one_line(&said)));
    }
    if let Some(Measured::Known { value, .. }) = &asked.pert {
        text.push_str(&format!("{}\n", statement(&value.sentence)));
    }
    if let Measured::Known { value, .. } = answer.told(asked) {
        text.push_str(&dates(run, value, today));
    }
    // Where nothing can be forecast, the first sentence has said why.
    let amounts = asked.sample.known().map(|_| amounts(run, &asked.how_many, today));
    let amounts = amounts.unwrap_or_default();
    text + &scenarios(run, answer)
        + &amounts
        + &basis(asked)
        + &doubts(&answer.signals)
        + &held(answer)
}

/// What deserves a look about the weeks that it draws from, a line each.
fn doubts(signals: &[Signal]) -> String {
    let said = |says: &SignalStatement| words::signal(says, Front::Terminal);
    let line = |signal: &Signal| format!("{} {}", said(&signal.sentence), said(&signal.evidence));
    signals.iter().map(|signal| format!("- {}\n", one_line(&line(signal)))).collect()
}

/// The day it is, where what was to come may have passed; who looks back knows that.
fn today(run: &Run, answer: &QueryForecast) -> Option<Date> {
    let zone = answer.trail.zone.as_ref().unwrap_or(&run.surroundings.zone);
    let is_asked = answer.as_of.rule == MomentRule::Asked;
    (!is_asked).then(|| zone.to_datetime((run.surroundings.clock)()).date())
}

/// A day of a table, and whether it has passed.
pub(super) fn ahead(date: Date, today: Option<Date>) -> String {
    let passed = if today.is_some_and(|today| date < today) { ", passed" } else { "" };
    format!("{date}{passed}")
}

fn sentence(forecast: &Forecast) -> String {
    match &forecast.when {
        Measured::Known { .. } => one_line(&statement(&forecast.headline)),
        Measured::Unavailable { reason, remedy } => {
            format!("No forecast. {}", unknown(reason, *remedy, Front::Terminal))
        }
    }
}

/// The odds of a deadline that the headline does not name.
fn unsaid(forecast: &Forecast, answer: &DeadlineAnswer) -> Option<String> {
    let said = match &answer.odds {
        Measured::Known { value, .. } => &value.sentence,
        Measured::Unavailable { reason, .. } => {
            return Some(format!("{}: {}", answer.deadline.name, words::reason(reason)));
        }
    };
    let is_said =
        matches!(&forecast.headline, ForecastStatement::All { said: all } if all.contains(said));
    (!is_said).then(|| statement(said))
}

fn dates(run: &Run, when: &When, today: Option<Date>) -> String {
    if when.percentiles.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("chance", Side::Right),
        ("done by", Side::Left),
        ("working days", Side::Right),
    ]);
    for said in &when.percentiles {
        let date = said.date.map_or("not in sight".to_owned(), |date| ahead(date, today));
        let days = said.working_days.map_or(String::new(), |days| days.to_string());
        table.row([format!("{} %", said.percent), date, days]);
    }
    format!("\n{}", table.into_text(run.output.width, &run.output.head))
}

/// Whether a kept scenario is to be compared.
fn has_beside(answer: &QueryForecast) -> bool {
    answer.scenarios.iter().any(|found| found.kind == ScenarioKind::Beside)
}

fn scenario_name(found: &ScenarioAnswer) -> &str {
    match found.kind {
        ScenarioKind::Usual => "as usual",
        ScenarioKind::Asked => "this what-if",
        ScenarioKind::Beside => &found.name,
    }
}

/// What-ifs beside each other.
fn scenarios(run: &Run, answer: &QueryForecast) -> String {
    if !has_beside(answer) {
        return String::new();
    }
    let mut table = Table::new(&[
        ("scenario", Side::Left),
        ("changes", Side::Left),
        ("50 % by", Side::Right),
        ("85 % by", Side::Right),
    ]);
    let date = |date: Option<Date>| date.map_or("not in sight".to_owned(), |date| date.to_string());
    for found in &answer.scenarios {
        let name = scenario_name(found);
        let (half, likely) = (date(found.done_by.p50), date(found.done_by.p85));
        table.row([name.to_owned(), words::scenario::changes(&found.changes), half, likely]);
    }
    format!("\n{}", table.into_text(run.output.width, &run.output.head))
}

fn amounts(run: &Run, answers: &[HowManyAnswer], today: Option<Date>) -> String {
    let known: Vec<_> = answers.iter().filter_map(|answer| answer.amount.known()).collect();
    let unknown = answers.iter().filter_map(|answer| match &answer.amount {
        Measured::Unavailable { reason, remedy } => {
            Some(format!("{}: {}\n", answer.date, unknown(reason, *remedy, Front::Terminal)))
        }
        Measured::Known { .. } => None,
    });
    let unknown: String = unknown.collect();
    if known.is_empty() {
        return unknown;
    }
    let mut table = Table::new(&[
        ("at least done by", Side::Left),
        ("50 %", Side::Right),
        ("70 %", Side::Right),
        ("85 %", Side::Right),
        ("95 %", Side::Right),
    ]);
    for found in known {
        let amounts = found.percentiles.iter().map(|said| format::decimal(said.amount));
        table.row([ahead(found.date, today)].into_iter().chain(amounts));
    }
    format!("\n{}{unknown}", table.into_text(run.output.width, &run.output.head))
}

/// What it rests on.
fn basis(forecast: &Forecast) -> String {
    let mut lines = Vec::new();
    if let Some(sample) = forecast.sample.known() {
        let weeks = format::counted(sample.used().count() as u64, "full week", "full weeks");
        lines.push(format!("Based on the last {weeks}."));
    }
    lines.extend(forecast.pace.as_ref().map(|pace| statement(&pace.sentence)));
    // Where the scope grows, the headline says so.
    let growth = forecast.growth.as_ref().filter(|growth| !growth.is_on);
    lines.extend(growth.map(|growth| statement(&growth.sentence)));
    lines.extend(forecast.starts_on.map(|day| format!("The first day that counts is {day}.")));
    for notes in [notes(&forecast.sample), notes(&forecast.remaining)] {
        lines.extend(notes);
    }
    if lines.is_empty() { String::new() } else { format!("\n{}\n", one_line(&lines.join(" "))) }
}

fn notes<T>(measured: &Measured<T>) -> Vec<String> {
    match measured {
        Measured::Known { notes, .. } => notes.iter().map(words::note).collect(),
        Measured::Unavailable { .. } => Vec::new(),
    }
}

/// Whether such forecasts came true.
fn held(answer: &QueryForecast) -> String {
    let Some(backtest) = answer.backtest.known() else { return String::new() };
    let percent = answer.asked().percent;
    let told = backtest.hit_rates.iter().find(|rate| rate.percent == percent);
    let says = |rate: &HitRate| {
        format!("Of past weeks, what was said with {percent} %: {}\n", statement(&rate.sentence))
    };
    told.map(says).unwrap_or_default()
}
