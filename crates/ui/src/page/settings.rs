//! The settings of a profile: a form for each section, with what the issues say beside it.

use app::settings::{Noun, Section, Setting, SettingsPage, UnknownName};
use maud::{Markup, html};

use crate::frame::Frame;
use crate::link;
use crate::page::connection;
use crate::setting_form::{SettingForm, SettingsRefusal};
use crate::shell::{self, Tab};

mod lanes;

/// The page; with `refused`, that form is as it was sent.
pub fn page(answer: &SettingsPage, refused: Option<&SettingsRefusal>, frame: &Frame) -> String {
    let title = format!("Settings of {}", answer.list.trail.profile.name);
    shell::page(frame, &title, Some(&answer.list.trail), Tab::Setup, &body(answer, refused))
}

fn body(answer: &SettingsPage, refused: Option<&SettingsRefusal>) -> Markup {
    let card = |section| card(answer, section, refused);
    html! {
        section.answer {
            h1 { "Settings of " mark { (answer.list.trail.profile.name) } }
            div.acts {
                a href=(link::setup(&answer.list.trail)) { "Name, queries, duplicate" }
                a href=(link::profile(&answer.list.trail.profile.id)) { "Open profile" }
            }
        }
        div.cols.halves {
            div.side { (card(Section::Connection)) (card(Section::Calendar)) }
            div.side { (card(Section::Forecast)) }
        }
        (card(Section::Workflow))
        (card(Section::Outcome))
        (card(Section::Types))
    }
}

fn card(answer: &SettingsPage, section: Section, refused: Option<&SettingsRefusal>) -> Markup {
    let form = SettingForm::new(answer, section, refused);
    let (title, remark) = words(section);
    let id = section.as_str();
    html! {
        section.card aria-labelledby=(id) {
            header { h2 id=(id) { (title) } p.soft { (remark) } }
            @if section == Section::Connection && let Some(warning) = answer.list.warning { p.strip { (warning) } }
            (unknown(answer, section))
            @if section == Section::Workflow { (proposals(answer)) }
            (form.draw(&link::settings(&answer.list.trail.profile.id), &fields(answer, &form, section)))
            @if section == Section::Workflow { (old_lists(answer, refused)) }
            @if section == Section::Connection {
                div.acts {
                    (connection::test(&answer.list.trail.profile.id, "Test the connection"))
                    a href=(link::connection(&answer.list.trail.profile.id)) { "Try a JQL" }
                }
            }
        }
    }
}

/// Names in the settings of a section that nothing is called, which a slip of the pen may be.
fn unknown(answer: &SettingsPage, section: Section) -> Markup {
    let of_section =
        |of: &&UnknownName| section.settings().any(|setting| setting.name == of.setting);
    let said = |of: &UnknownName| {
        let label = Setting::find(of.setting).map_or(of.setting, words::setting::label);
        format!("{label}: {}.", words::setting::unknown_name(of))
    };
    let lines: Vec<String> = answer.unknown.iter().filter(of_section).map(said).collect();
    html! {
        @if !lines.is_empty() { div.strip { ul { @for line in lines { li { (line) } } } } }
    }
}

/// What could be set, to be accepted with one button, and what only the team can tell.
fn proposals(answer: &SettingsPage) -> Markup {
    let questions: Vec<&str> = answer
        .proposals
        .iter()
        .filter(|proposal| proposal.is_question)
        .map(|proposal| proposal.why.as_str())
        .collect();
    html! {
        @if !questions.is_empty() {
            div.strip {
                p { b { "Delivered?" } " – if not, put the status into the lane " i { "not delivered" } ", or the resolution into the list of that name; if so, tick it as " i { "delivered" } "." }
                ul { @for question in questions { li { (question) } } }
            }
        }
        @if answer.proposals.iter().any(|proposal| !proposal.is_question) {
            form.strip method="post" action=(link::settings(&answer.list.trail.profile.id)) {
                p { b { "Proposed" } " – what the statuses could mean; you can make it your own and change it." }
                input type="hidden" name="section" value=(Section::Workflow.as_str());
                input type="hidden" name="accept" value="yes";
                input type="hidden" name="revision" value=(answer.list.revision);
                ul { @for proposal in answer.proposals.iter().filter(|proposal| !proposal.is_question) {
                    @for name in &proposal.value { input type="hidden" name=(proposal.name) value=(name); }
                    li { (proposal.why) }
                } }
                button type="submit" { "Accept" }
            }
        }
    }
}

/// The lists that the old app had instead of lanes, as long as one of them is set.
fn old_lists(answer: &SettingsPage, refused: Option<&SettingsRefusal>) -> Markup {
    let form = SettingForm::new(answer, Section::Lists, refused);
    let is_set = Section::Lists.settings().any(|setting| answer.list.is_chosen(setting));
    html! {
        @if is_set || form.is_refused() {
            (unknown(answer, Section::Lists))
            details.more #lists open[form.is_refused()] {
                summary { "The lists of the old app" }
                p.soft.fine { "They say the lanes of the statuses that they name and that are put into none above. They go back to the old app with a rollback, as the lanes have them." }
                (form.draw(&link::settings(&answer.list.trail.profile.id), &form.table(Noun::Status, "workflow")))
            }
        }
    }
}

fn words(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Connection => ("Connection", "where your Jira is, and how it lets you in"),
        Section::Workflow => ("Workflow", "which lane each status is in"),
        Section::Lists => ("Lists", "what statuses mean to the old app"),
        Section::Forecast => ("Forecast", "what figures look at, and what they are held against"),
        Section::Calendar => ("Calendar", "when a day begins, and when work is done"),
        Section::Outcome => (
            "Delivered or not",
            "resolutions of work that nobody gets, and of work that the team delivered",
        ),
        Section::Types => ("Types and projects", "what counts, and as what"),
        Section::Kept => ("Kept", "what the old app reads and no figure here"),
    }
}

fn fields(answer: &SettingsPage, form: &SettingForm<'_>, section: Section) -> Markup {
    html! {
        @match section {
            Section::Connection => { (form.fields()) (form.token()) },
            Section::Forecast | Section::Calendar => (form.fields()),
            Section::Workflow => { (lanes::fields(answer, form)) (form.fields()) },
            Section::Lists => (form.table(Noun::Status, "workflow")),
            Section::Kept => (form.fields()),
            Section::Outcome => {
                (form.table(Noun::Resolution, "outcome"))
                p.soft.fine { "What is not delivered leaves the scope and never counts as done." }
                @if form.has_own("not-delivered") {
                    label.check { input type="checkbox" name="usual" value="not-delivered"; " Go back to the usual list" }
                }
            },
            Section::Types => {
                (form.fields())
                (form.table(Noun::IssueType, "types"))
                p.soft.fine { "A parent only holds other issues and does not count itself. Feature, defect, debt and risk are kinds of work, which the page Flow tells apart; a bug of no kind is a defect." }
                (form.table(Noun::Project, "types"))
                p.soft.fine { "Only issues of development projects count; where none is marked, all do." }
            },
        }
    }
}
