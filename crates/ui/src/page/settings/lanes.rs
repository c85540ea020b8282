//! The lanes of the settings page: a row for each status in the order of the workflow, with one
//! choice, what speaks for it, and buttons that move it.

use app::settings::{Lane, SettingsPage, StatusLane};
use maud::{Markup, html};
use words::format;

use crate::part;
use crate::setting_form::SettingForm;

/// The table of lanes, as fields of the form of the workflow.
pub fn fields(answer: &SettingsPage, form: &SettingForm<'_>) -> Markup {
    let is_shown = |status: &&StatusLane| status.is_seen || status.is_chosen;
    let (shown, others): (Vec<&StatusLane>, Vec<&StatusLane>) =
        answer.lanes.iter().partition(is_shown);
    html! {
        @for status in &answer.lanes { input type="hidden" name="status-order" value=(status.status); }
        @if shown.is_empty() {
            (part::unavailable("No statuses to choose from yet.", "They come with the issues that are fetched."))
        } @else {
            (part::scrolling("workflow", &table(&shown, form)))
        }
        @if !others.is_empty() {
            details.more {
                summary { (format::counted(others.len() as u64, "more status", "more statuses")) " on the list of your Jira" }
                (part::scrolling("workflow", &table(&others, form)))
            }
        }
        (form.faults("lanes"))
        p.soft.fine {
            "A status is in one lane. Work has begun in waiting and active ones: waiting is where nobody works on it. "
            "An issue is done while it is in a done one; in one that is not delivered it leaves the scope. "
            "Without a choice the lists of the old app say it, else Jira."
        }
    }
}

fn table(statuses: &[&StatusLane], form: &SettingForm<'_>) -> Markup {
    html! {
        table.wide.ticks.lanes aria-labelledby="workflow" {
            thead { tr {
                th scope="col" { "Status" }
                th scope="col" { "Lane" }
                th.num scope="col" { "Issues now" }
                th.num scope="col" { "Times entered" }
                th scope="col" { "Order" }
            } }
            tbody { @for status in statuses { tr {
                th scope="row" { (name(status)) }
                td { (choice(status, form)) }
                td.num { (format::count(status.now)) }
                td.num { (format::count(status.entered)) }
                td { (moves(status)) }
            } } }
        }
    }
}

fn name(status: &StatusLane) -> Markup {
    let category = status.category.map(model::StatusCategory::key);
    html! {
        (part::status(Some(&status.name), category))
        @if category.is_some() { " " span.soft.fine { (words::category(status.category)) } }
        @if let Some(project) = &status.project { " " span.soft.fine { "in " (project) } }
        @if !status.other_names.is_empty() { " " span.soft.fine { "also " (status.other_names.join(", ")) } }
    }
}

/// Its lane: the first choice lets whoever said it before say it again.
fn choice(status: &StatusLane, form: &SettingForm<'_>) -> Markup {
    let line = |lane: Lane| format!("{} {}", status.status, lane.key());
    let typed = form.typed_of("lanes");
    let is_chosen = |lane: Lane| match typed {
        Some(typed) => typed.contains(&line(lane)),
        None => status.is_chosen && status.lane == Some(lane),
    };
    let usual = match status.usual {
        Some(lane) if status.is_chosen => format!("else {}", words::lane(Some(lane), true)),
        Some(_) => {
            let told = words::lane_origin(status.origin, false);
            format!("{} ({told})", words::lane(status.lane, status.is_started))
        }
        None => "nothing says it".to_owned(),
    };
    html! {
        select name="lanes" aria-label=(format!("Lane of {}", status.name)) {
            option value="" selected[!Lane::ALL.into_iter().any(is_chosen)] { (usual) }
            @for lane in Lane::ALL {
                option value=(line(lane)) selected[is_chosen(lane)] { (words::lane(Some(lane), true)) }
            }
        }
    }
}

fn moves(status: &StatusLane) -> Markup {
    html! {
        span.moves {
            @for (word, sign, said) in [("up", "↑", "earlier"), ("down", "↓", "later")] {
                button.why type="submit" name="move" value={ (word) " " (status.status) }
                    aria-label={ "Move " (status.name) " to " (said) } { (sign) }
            }
        }
    }
}
