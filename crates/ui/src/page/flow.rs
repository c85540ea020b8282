//! The flow of a query: did we get faster, and how steady are we?

use app::flow::{FlowAsk, QueryFlow, RecordedThen};
use app::issues::{Event, IssuesAsk};
use app::metrics::{
    Band, BandsBy, CumulativeFlow, CycleTimes, Measured, StageTimes, TimeInStage, Window,
};
use app::overview::OverviewAsk;
use app::week_range::WeekRange;
use chart::ChartSpec;
use maud::{Markup, html};
use model::Week;
use words::{Front, format};

use crate::card::chart::Place;
use crate::card::why::{ITEMS, WEEKS, why};
use crate::frame::Frame;
use crate::plot::catalog::Drawn;
use crate::plot::flow as plot;
use crate::shell::{self, Tab};
use crate::{card, link, part, view};

/// A sample of days.
const DAYS: [&str; 2] = ["day", "days"];
/// Rows of what was recorded that are shown.
const RECORDED_MAX: usize = 20;

/// The page for what was asked.
pub fn page(answer: &QueryFlow, ask: &FlowAsk, frame: &Frame) -> String {
    let here = Here { answer, ask };
    let body = html! {
        (here.top())
        (here.headline())
        // Where the headline says why it is not known, nothing more is to be said of it.
        @if answer.figures.cycle_time.known().is_some() {
            div.cols {
                div.side { (here.cycle_time()) }
                div.side { (here.trend()) (here.service_level()) }
            }
        }
        (here.throughput())
        (here.cumulative_flow())
        div.cols.halves {
            div.side { (here.arrivals()) }
            div.side { (here.work_in_progress()) }
        }
        (here.stage_times())
        div.cols.halves {
            div.side { (here.types()) }
            div.side { (here.littles_law()) (here.recorded()) }
        }
    };
    shell::page(frame, "Flow", Some(&answer.trail), Tab::Flow, &body)
}

/// An answer and what was asked.
struct Here<'p> {
    answer: &'p QueryFlow,
    ask: &'p FlowAsk,
}

impl Here<'_> {
    fn to(&self, change: impl FnOnce(&mut FlowAsk)) -> String {
        let mut ask = self.ask.clone();
        change(&mut ask);
        link::flow(&self.answer.trail, &ask)
    }

    fn top(&self) -> Markup {
        let answer = self.answer;
        let to = |view: OverviewAsk| self.to(|ask| ask.view = view);
        let csv = format!("{}.csv", link::json(&link::flow_page(&answer.trail)));
        let others = FlowAsk { view: OverviewAsk::default(), ..self.ask.clone() };
        let kept: Vec<(&str, String)> = OverviewAsk { as_of: None, ..self.ask.view }
            .parameters()
            .into_iter()
            .chain(others.parameters())
            .collect();
        html! {
            div.at {
                p.name { (answer.trail.name()) }
                (view::controls_to(&to, &self.ask.view, answer.usual))
                (view::day_picker_keeping(&link::flow_page(&answer.trail), &kept, self.ask.view.as_of, &format::day(answer.as_of.date)))
                p.act { a href=(link::report(&answer.trail, &self.ask.view)) { "Report" } a href=(link::with(&csv, &self.ask.parameters())) download { "CSV" } }
            }
        }
    }

    /// The list of what was done in those days.
    fn done(&self, days: Option<Window>) -> String {
        let week =
            days.map(|days| WeekRange { first: Week::of(days.first), last: Week::of(days.last) });
        let done = IssuesAsk {
            event: Some(Event::Done),
            week,
            as_of: self.ask.view.as_of,
            ..IssuesAsk::default()
        };
        link::issues(&self.answer.trail, &done)
    }

    fn headline(&self) -> Markup {
        html! {
            section.answer {
                @match &self.answer.figures.cycle_time {
                    Measured::Known { value, window, .. } => {
                        h1 { "85 % of what was done took " a href=(self.done(*window)) { mark { (words::flow::cycle_time_change(value)) } } "." }
                        @if let Some(than) = words::flow::compared(value) { p.how { (than) } }
                    }
                    Measured::Unavailable { reason, remedy } => {
                        h1 { (words::reason(reason)) }
                        p.how { (words::remedy(*remedy, Front::Page)) }
                    }
                }
            }
        }
    }

    /// A chart in its card with what is said above and below it.
    fn chart(
        &self,
        (id, title): (&str, &str),
        drawn: &Drawn,
        why: &Markup,
        says: &Markup,
        below: &Markup,
    ) -> Markup {
        let place =
            Place { trail: &self.answer.trail, asked: self.ask.parameters(), all: String::new() };
        match drawn {
            // Where nothing happened, the sentence says all there is to say.
            Ok(spec) if spec.is_flat() => html! {
                section.card aria-labelledby={ (id) "-title" } {
                    header { h2 id={ (id) "-title" } { (title) } (why) }
                    (says)
                    (below)
                }
            },
            Ok(spec) => card::chart::card_with(spec, why, &place, says, below),
            Err(none) => html! {
                section.card aria-labelledby={ (id) "-title" } {
                    header { h2 id={ (id) "-title" } { (title) } (why) }
                    (part::unavailable(&none.reason, &none.remedy))
                }
            },
        }
    }

    fn cycle_time(&self) -> Markup {
        let times = &self.answer.figures.cycle_time;
        let why = why("cycle_time_scatter", times, ITEMS);
        let says = html! { @if let Some(times) = times.known() { p.how { (percentiles(times)) } } };
        let by_type = self.ask.is_by_type;
        let colour = html! {
            ul.choice aria-label="Colour" {
                @for (is_by_type, name) in [(false, "One colour"), (true, "By type")] {
                    li { a href=(self.to(|ask| ask.is_by_type = is_by_type)) data-swap aria-current=[(is_by_type == by_type).then_some("true")] { (name) } }
                }
            }
        };
        let drawn = plot::cycle_time::draw(self.answer, self.ask);
        self.chart(("cycle-time", "Cycle time"), &drawn, &why, &says, &colour)
    }

    fn trend(&self) -> Markup {
        let drawn = plot::cycle_time_trend::draw(self.answer, self.ask);
        self.chart(
            ("cycle-time-trend", "Cycle time by month"),
            &drawn,
            &html! {},
            &html! {},
            &html! {},
        )
    }

    fn service_level(&self) -> Markup {
        let level = &self.answer.figures.service_level;
        let asked = self.ask.percent;
        html! {
            section.card aria-labelledby="service-level" {
                header {
                    h2 #service-level { "What can be expected" }
                    (why("service_level", level, ITEMS))
                    ul.choice aria-label="Share" {
                        @for percent in [50, 70, 85, 95] {
                            li { a href=(self.to(|ask| ask.percent = percent)) data-swap aria-current=[(percent == asked).then_some("true")] { (percent) " %" } }
                        }
                    }
                }
                (said(level, words::flow::service_level))
            }
        }
    }

    fn throughput(&self) -> Markup {
        let throughput = &self.answer.figures.throughput;
        let why = why("behaviour_chart", throughput, WEEKS);
        let says = html! { @if let Some(chart) = throughput.known() { p.how { (words::flow::behaviour(chart)) } } };
        let below = html! {
            form.inline method="get" action=(link::flow_page(&self.answer.trail)) data-swap {
                label { "Limits from " input name="baseline" size="20" placeholder="2025-W02..2025-W20" value=[self.ask.baseline]; }
                @for (name, value) in self.ask.parameters().iter().filter(|(name, _)| *name != "baseline") {
                    input type="hidden" name=(name) value=(value);
                }
                button type="submit" { "Set" }
                @if self.ask.baseline.is_some() { a href=(self.to(|ask| ask.baseline = None)) data-swap { "As usual" } }
                @if let Some(chart) = throughput.known() {
                    span.soft.fine { "now " (chart.baseline_first) " to " (chart.baseline_last) }
                }
            }
        };
        let drawn = plot::behaviour::draw(self.answer, self.ask);
        self.chart(("behaviour", "Throughput"), &drawn, &why, &says, &below)
    }

    fn cumulative_flow(&self) -> Markup {
        let flow = &self.answer.figures.cumulative_flow;
        let why = why("cumulative_flow", flow, ITEMS);
        let says = html! { @if let Some(flow) = flow.known() { p.how { (words::flow::cumulative(flow)) } } };
        let below = html! { @if let Some(flow) = flow.known() { (self.bands(flow)) } };
        let drawn = plot::cumulative_flow::draw(self.answer, self.ask);
        self.chart(("cumulative-flow", "Cumulative flow"), &drawn, &why, &says, &below)
    }

    /// Statuses or lanes, and each band with what is in it now.
    fn bands(&self, flow: &CumulativeFlow) -> Markup {
        let by = self.ask.bands;
        html! {
            ul.choice aria-label="Bands" {
                @for (bands, name) in [(BandsBy::Status, "Statuses"), (BandsBy::Lane, "Lanes")] {
                    li { a href=(self.to(|ask| { ask.bands = bands; ask.hidden.clear(); })) data-swap aria-current=[(bands == by).then_some("true")] { (name) } }
                }
            }
            ul.bands aria-label="In each band at the end" {
                @for (place, band) in flow.bands.iter().enumerate().filter(|(place, _)| flow.is_used(*place)) { li { (self.band(flow, place, band)) } }
            }
        }
    }

    fn band(&self, flow: &CumulativeFlow, place: usize, band: &Band) -> Markup {
        let last = flow.weeks.last();
        let count = last.and_then(|week| week.counts.get(place).copied()).unwrap_or_default();
        let week = last.map(|week| week.week.to_string()).unwrap_or_default();
        let to = plot::cumulative_flow::issues(band, self.answer, self.ask).replace("{}", &week);
        let word = plot::cumulative_flow::hides(band);
        let is_hidden = self.ask.hidden.contains(&word);
        let turned = self.to(|ask| {
            if is_hidden {
                ask.hidden.retain(|hidden| *hidden != word)
            } else {
                ask.hidden.push(word.clone())
            }
        });
        let name = plot::cumulative_flow::name(band);
        html! {
            (name) " "
            @if count == 0 { span.none { "0" } } @else { a href=(to) { (format::count(count)) span.hidden { " items in " (name) } } }
            a.turn href=(turned) data-swap { @if is_hidden { "show" } @else { "hide" } span.hidden { " " (name) } }
        }
    }

    fn arrivals(&self) -> Markup {
        let arrivals = &self.answer.figures.arrivals;
        let why = why("arrivals", arrivals, WEEKS);
        let says = html! { @if let Some(value) = arrivals.known() { p.how { (words::flow::arrivals(value, self.answer.unit)) } } };
        let drawn = plot::arrivals::draw(self.answer, self.ask);
        self.chart(("arrivals", "Arrivals and departures"), &drawn, &why, &says, &html! {})
    }

    fn work_in_progress(&self) -> Markup {
        let progress = &self.answer.figures.work_in_progress;
        let why = why("work_in_progress", progress, DAYS);
        let says = html! { @if let Some(value) = progress.known() { p.how { (words::flow::work_in_progress(value)) } } };
        let drawn = plot::work_in_progress::draw(self.answer, self.ask);
        self.chart(("work-in-progress", "Work in progress"), &drawn, &why, &says, &html! {})
    }

    fn types(&self) -> Markup {
        let why = why("type_distribution", &self.answer.figures.types, ITEMS);
        let drawn = plot::types::draw(self.answer, self.ask);
        let says = html! { @if drawn.as_ref().is_ok_and(ChartSpec::is_flat) { p.how { "Nothing was done in these weeks." } } };
        self.chart(("types", "Work by type"), &drawn, &why, &says, &html! {})
    }

    fn stage_times(&self) -> Markup {
        let times = &self.answer.figures.stage_times;
        html! {
            section.card aria-labelledby="stage-times" {
                header { h2 #stage-times { "Time in stage" } (why("time_in_stage", times, ITEMS)) (why("flow_efficiency", times, ITEMS)) }
                @match times {
                    Measured::Known { value, .. } => (stages(value)),
                    Measured::Unavailable { reason, remedy } => {
                        (part::unknown(reason, *remedy))
                        p { a href=(link::settings(&self.answer.trail.profile.id)) { "Say in which statuses work waits" } }
                    }
                }
            }
        }
    }

    fn littles_law(&self) -> Markup {
        let law = &self.answer.figures.littles_law;
        html! {
            section.card aria-labelledby="littles-law" {
                header { h2 #littles-law { "Do these figures agree?" } (why("littles_law", law, ITEMS)) }
                (said(law, words::flow::littles_law))
            }
        }
    }

    fn recorded(&self) -> Markup {
        let all = &self.answer.recorded_then;
        let data = link::data(&self.answer.trail);
        html! {
            @if !all.is_empty() {
                section.card aria-labelledby="recorded" {
                    header { h2 #recorded { "Recorded then" } p.soft { "where today's recount differs" } p.act { a href=(data) { "All stored weeks" } } }
                    (part::scrolling("recorded", &recorded(all)))
                    @if all.len() > RECORDED_MAX { p.soft.fine { "The newest " (RECORDED_MAX) " of " (format::count(all.len() as u64)) "." } }
                }
            }
        }
    }
}

/// What is said of a figure; why it is not known, where it is not.
fn said<T>(measured: &Measured<T>, say: impl Fn(&T) -> String) -> Markup {
    html! {
        @match measured {
            Measured::Known { value, .. } => p { (say(value)) },
            Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
        }
    }
}

fn percentiles(times: &CycleTimes) -> String {
    let of = times.percentiles;
    let coincident = match plot::cycle_time::coincident(times) {
        0 => String::new(),
        dots => format!(
            " {} for several items.",
            format::counted(dots as u64, "dot stands", "dots stand")
        ),
    };
    format!(
        "Half took {} or fewer, 85 % {}, 95 % {}; {} in all.{coincident}",
        format::counted(u64::from(of.p50_days.unsigned_abs()), "day", "days"),
        of.p85_days,
        of.p95_days,
        format::counted(times.items.len() as u64, "item", "items"),
    )
}

fn stages(times: &StageTimes) -> Markup {
    let row = |stage: &TimeInStage| {
        let days = |days| format::fixed(days, 1);
        html! {
            tr {
                th scope="row" { @if stage.status.is_empty() { "not known" } @else { (stage.status) } }
                td { (words::lane(stage.lane, stage.is_started)) }
                td.num { (format::count(stage.items)) }
                td.num { (days(stage.median_days)) }
                td.num { (days(stage.p85_days)) }
                td.num { (format::percent(stage.share)) " %" }
            }
        }
    };
    let table = html! {
        table.wide aria-labelledby="stage-times" {
            thead { tr {
                th scope="col" { "Status" } th scope="col" { "Lane" }
                @for head in ["Items", "Half, days", "85 %, days", "Share"] { th.num scope="col" { (head) } }
            } }
            tbody { @for stage in &times.stages { (row(stage)) } }
        }
    };
    html! {
        p.how { (words::flow::efficiency(&times.efficiency)) }
        (part::scrolling("stage-times", &table))
        p.soft.fine { "Working days with a decimal; they do not add up to the cycle time, which counts calendar days and both ends." }
    }
}

fn recorded(all: &[RecordedThen]) -> Markup {
    html! {
        table.wide aria-labelledby="recorded" {
            thead { tr { th scope="col" { "Week" } th scope="col" { "Figure" } th.num scope="col" { "Then" } th.num scope="col" { "Today" } } }
            tbody {
                @for then in all.iter().take(RECORDED_MAX) {
                    @let value = |value| words::flow::recorded_value(then.figure, value);
                    tr {
                        th scope="row" { (then.week) }
                        td { (words::flow::recorded_figure(then.figure)) }
                        td.num { (value(then.recorded)) }
                        td.num { @match then.today { Some(today) => (value(today)), None => span.none { (part::NONE) } } }
                    }
                }
            }
        }
    }
}
