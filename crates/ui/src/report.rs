//! A report as a document: what it says, in the order it is read, before it is written as HTML or
//! Markdown.

use app::delivery::ShortAnswer;
use app::metrics::{Age, Measured, Note, StageTimes, Window};
use app::moment::MomentRule;
use app::query_report::{QueryReport, ReportAsk, ReportSection};
use chart::ChartSpec;
use forecast::{DeadlineAnswer, Forecast, ForecastStatement, When};
use model::Timestamp;
use words::{Front, format, statement};

use crate::card;
use crate::plot;
use crate::plot::catalog::Drawn;

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

/// Items in progress that a report lists.
const AGES_MAX: usize = 20;
/// Notes that a report says.
const NOTES_MAX: usize = 20;

/// Reports on one query or several, as one document.
#[derive(Debug)]
pub struct Document {
    title: String,
    /// What holds for all of it, as name and value.
    facts: Vec<(&'static str, String)>,
    parts: Vec<Part>,
}

/// The part about one query.
#[derive(Debug)]
struct Part {
    title: String,
    facts: Vec<(&'static str, String)>,
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    title: &'static str,
    blocks: Vec<Block>,
}

#[derive(Debug)]
enum Block {
    /// A paragraph that is the answer.
    Answer(String),
    Text(String),
    List(Vec<String>),
    Table(Table),
    Chart(Box<ChartSpec>),
}

#[derive(Debug)]
struct Table {
    /// Heads, and whether the column holds numbers.
    columns: Vec<(&'static str, bool)>,
    rows: Vec<Vec<String>>,
}

impl Document {
    /// Of these reports, the first of which tells version and zone.
    pub fn of(reports: &[QueryReport], ask: &ReportAsk) -> Document {
        let first = reports.first();
        let mut facts = Vec::new();
        if let Some(report) = first {
            facts.push(("Calendar", calendar(report)));
            facts.push(("Zone", report.zone.clone()));
            facts.push(("Made with", format!("burndown {}", report.version)));
        }
        let title = match (reports, first) {
            ([one], _) => one.overview.trail.name().to_owned(),
            (_, Some(report)) => report.overview.trail.profile.name.clone(),
            (_, None) => "Nothing to report".to_owned(),
        };
        let parts = reports.iter().enumerate().map(|(place, report)| part(report, ask, place));
        Document { title, facts, parts: parts.collect() }
    }
}

fn calendar(report: &QueryReport) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let days = DAYS.iter().zip(report.calendar.weekdays).filter(|(_, works)| *works);
    let days: Vec<&str> = days.map(|(day, _)| *day).collect();
    match report.calendar.holidays.len() {
        0 => days.join(", "),
        holidays => {
            let holidays = format::counted(holidays as u64, "holiday", "holidays");
            format!("{} but {holidays}", days.join(", "))
        }
    }
}

fn part(report: &QueryReport, ask: &ReportAsk, place: usize) -> Part {
    let overview = &report.overview;
    let day = format::day(overview.as_of.date);
    let data = match (overview.as_of.rule, overview.fetched_at) {
        (MomentRule::Asked, _) => format!("as known at the end of {day}"),
        (_, Some(fetched)) => format!("as fetched on {day} ({})", utc(fetched)),
        (_, None) => format!("as of {day}"),
    };
    let window = overview.window_weeks.map_or_else(
        || "all complete weeks".to_owned(),
        |weeks| {
            let weeks = format::counted(weeks as u64, "complete week", "complete weeks");
            format!("the last {weeks}")
        },
    );
    let days = overview.summary.throughput.clone();
    let window = match days {
        Measured::Known { window: Some(Window { first, last }), .. } => {
            format!("{window}, {} to {}", format::day(first), format::day(last))
        }
        _ => window,
    };
    let build = |section: ReportSection| match section {
        ReportSection::Headline => headline(report, place),
        ReportSection::Deliveries => deliveries(report),
        ReportSection::Forecast => forecast(report, place),
        ReportSection::Flow => flow(report, place),
        ReportSection::Now => now(report),
        ReportSection::Notes => notes(report),
    };
    Part {
        title: overview.trail.name().to_owned(),
        facts: vec![("Data", data), ("Window", window)],
        sections: ask
            .sections
            .iter()
            // Most queries have none.
            .filter(|section| {
                !report.deliveries.is_empty() || **section != ReportSection::Deliveries
            })
            .map(|section| build(*section))
            .collect(),
    }
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A chart that leads nowhere and whose id is its own in the document; a sentence where there is none.
fn chart(drawn: Drawn, place: usize) -> Block {
    match drawn {
        Ok(spec) => {
            let id = if place == 0 { spec.id.clone() } else { format!("{}-{place}", spec.id) };
            Block::Chart(Box::new(ChartSpec { id, links: None, ..spec }))
        }
        Err(none) => Block::Text(none.to_string()),
    }
}

/// What is said of a figure; why it is not known, where it is not.
fn said<T>(measured: &Measured<T>, say: impl Fn(&T) -> String) -> Block {
    Block::Text(match measured {
        Measured::Known { value, .. } => say(value),
        Measured::Unavailable { reason, remedy } => words::unknown(reason, *remedy, Front::Page),
    })
}

fn headline(report: &QueryReport, place: usize) -> Section {
    let overview = &report.overview;
    let [first, rest] = answer(&overview.forecast);
    let mut blocks = vec![Block::Answer(first)];
    blocks.extend((!rest.is_empty()).then_some(Block::Text(rest)));
    let summary = &overview.summary;
    let mut facts = Vec::new();
    if let Some(totals) = summary.totals.known() {
        facts.push(words::how_much(totals, overview.unit).to_string());
        facts.push(words::how_fast(overview));
    }
    facts.extend(summary.cycle_time.known().map(words::how_long));
    facts.extend(summary.work_item_age.known().and_then(|ages| words::under_way(ages)));
    blocks.extend(facts.into_iter().map(Block::Text));
    blocks.push(chart(plot::burn_up::draw(overview), place));
    blocks.extend(milestones(&overview.forecast.deadlines));
    let signals = overview.signals.iter().map(|signal| {
        let [says, shows] =
            [&signal.sentence, &signal.evidence].map(|says| words::signal(says, Front::Page));
        format!("{says} {shows}")
    });
    blocks.push(Block::List(signals.collect()));
    Section { title: "At a glance", blocks }
}

/// When it is done, and the sentences that go with that: the odds of its deadlines.
fn answer(forecast: &Forecast) -> [String; 2] {
    if let Measured::Unavailable { reason, .. } = &forecast.when {
        return [format!("No forecast. {}", words::reason(reason)), String::new()];
    }
    match &forecast.headline {
        ForecastStatement::All { said } => {
            let mut said = said.iter().map(statement);
            [said.next().unwrap_or_default(), said.collect::<Vec<String>>().join(" ")]
        }
        one => [statement(one), String::new()],
    }
}

/// Milestones with their odds; the chart names the next few alone, and Markdown has no chart.
fn milestones(deadlines: &[DeadlineAnswer]) -> Option<Block> {
    let row = |answer: &DeadlineAnswer| {
        let [odds, details] = match &answer.odds {
            Measured::Known { value, .. } => [
                value.odds.to_string(),
                card::milestone::details(value)
                    .iter()
                    .map(|said| format!("{}.", said.trim_end_matches('.')))
                    .collect::<Vec<String>>()
                    .join(" "),
            ],
            Measured::Unavailable { reason, .. } => ["–".to_owned(), words::reason(reason)],
        };
        vec![answer.deadline.name.clone(), format::day(answer.deadline.date), odds, details]
    };
    let columns =
        vec![("Milestone", false), ("Day", false), ("Odds", true), ("What it takes", false)];
    let rows: Vec<Vec<String>> = deadlines.iter().map(row).collect();
    (!rows.is_empty()).then_some(Block::Table(Table { columns, rows }))
}

fn deliveries(report: &QueryReport) -> Section {
    let row = |answer: &ShortAnswer| {
        let done = answer.standing.known().map_or(String::new(), |standing| {
            let [done, scope] = [standing.done, standing.scope].map(format::count);
            format!("{done} of {scope}")
        });
        let target = answer.odds.as_ref().map_or("none".to_owned(), |odds| format::day(odds.date));
        let odds = answer.odds.as_ref();
        let odds = odds.map_or(String::new(), |found| words::odds(found.odds, found.growing));
        vec![answer.head.name.clone(), done, statement(&answer.sentence), target, odds]
    };
    let columns = vec![
        ("Delivery", false),
        ("Items done", true),
        ("When it is done", false),
        ("Target", false),
        ("Odds", true),
    ];
    let rows = report.deliveries.iter().map(row).collect();
    Section { title: "Deliveries", blocks: vec![Block::Table(Table { columns, rows })] }
}

fn forecast(report: &QueryReport, place: usize) -> Section {
    let forecast = report.forecast.asked();
    let mut blocks = vec![chart(plot::finish::draw(&report.forecast), place)];
    let row = |when: &When, at: usize| {
        let found = when.percentiles.get(at)?;
        let date = found.date.map_or("not in sight".to_owned(), format::day);
        Some(vec![format!("{} %", found.percent), date])
    };
    if let Some(when) = report.forecast.told(forecast).known() {
        let rows = (0..when.percentiles.len()).filter_map(|at| row(when, at)).collect();
        blocks.push(Block::Table(Table {
            columns: vec![("Likely", false), ("Done by", false)],
            rows,
        }));
    }
    Section { title: "Forecast", blocks }
}

fn flow(report: &QueryReport, place: usize) -> Section {
    let (answer, ask) = (&report.flow, &app::flow::FlowAsk::default());
    let of = &answer.figures;
    let mut blocks = vec![
        said(&of.cycle_time, words::flow::cycle_times),
        said(&of.service_level, words::flow::service_level),
        chart(plot::flow::cycle_time::draw(answer, ask), place),
        said(&of.throughput, words::flow::behaviour),
        chart(plot::flow::behaviour::draw(answer, ask), place),
        said(&of.cumulative_flow, words::flow::cumulative),
        chart(plot::flow::cumulative_flow::draw(answer, ask), place),
        said(&of.arrivals, |arrivals| words::flow::arrivals(arrivals, answer.unit)),
        chart(plot::flow::arrivals::draw(answer, ask), place),
        said(&of.work_in_progress, words::flow::work_in_progress),
        chart(plot::flow::work_in_progress::draw(answer, ask), place),
        said(&of.stage_times, |times| words::flow::efficiency(&times.efficiency)),
    ];
    blocks.extend(of.stage_times.known().map(stages));
    blocks.push(chart(plot::flow::types::draw(answer, ask), place));
    blocks.push(said(&of.littles_law, words::flow::littles_law));
    Section { title: "Flow", blocks }
}

fn stages(times: &StageTimes) -> Block {
    let rows = times.stages.iter().map(|stage| {
        vec![
            stage.status.clone(),
            words::lane(stage.lane, stage.is_started).to_owned(),
            format::count(stage.items),
            format::fixed(stage.median_days, 1),
            format::fixed(stage.p85_days, 1),
        ]
    });
    Block::Table(Table {
        columns: vec![
            ("Status", false),
            ("Lane", false),
            ("Items", true),
            ("Half, working days", true),
            ("85 %", true),
        ],
        rows: rows.collect(),
    })
}

fn now(report: &QueryReport) -> Section {
    let ages = &report.overview.summary.work_item_age;
    let row = |age: &Age| {
        let status = age.status.clone().unwrap_or_default();
        vec![age.key.clone(), status, format::day(age.started), age.days.to_string()]
    };
    let mut blocks = vec![said(ages, |ages| {
        words::under_way(ages).unwrap_or("Nothing is under way.".to_owned())
    })];
    if let Some(ages) = ages.known().filter(|ages| !ages.is_empty()) {
        let columns = vec![("Issue", false), ("Status", false), ("Started", false), ("Days", true)];
        let rows = ages.iter().take(AGES_MAX).map(row).collect();
        blocks.push(Block::Table(Table { columns, rows }));
        if ages.len() > AGES_MAX {
            let all = format::count(ages.len() as u64);
            blocks.push(Block::Text(format!("The oldest {AGES_MAX} of {all}.")));
        }
    }
    Section { title: "In progress", blocks }
}

fn notes(report: &QueryReport) -> Section {
    let notes = &report.overview.notes;
    let line = |note: &Note| words::note(note);
    let mut blocks = match notes.as_slice() {
        [] => vec![Block::Text("Nothing in the data is doubtful.".to_owned())],
        notes => vec![Block::List(notes.iter().take(NOTES_MAX).map(line).collect())],
    };
    if notes.len() > NOTES_MAX {
        blocks.push(Block::Text(format!("The gravest {NOTES_MAX} of {}.", notes.len())));
    }
    Section { title: "About the data", blocks }
}
