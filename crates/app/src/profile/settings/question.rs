//! What somebody should say a word about: names that may or may not mean that nothing was delivered.
//! Nothing of it is set unless somebody answers.

use model::settings::fold;
use model::settings::usual_names::{is_usually_delivered, is_usually_not_delivered};
use model::{Lane, ProfileSettings, StatusCategory};

use super::evidence::Seen;
use super::lanes::StatusLane;
use super::proposal::Proposal;

/// From this share of the done on, a name that nobody knows deserves a question.
const UNCLEAR_SHARE_MIN: f64 = 0.05;

/// The questions that the statuses and resolutions of a profile raise.
pub(super) fn of_delivery(
    statuses: &[StatusLane],
    resolutions: &[Seen],
    settings: &ProfileSettings,
) -> Vec<Proposal> {
    let done: u64 =
        statuses.iter().filter(|one| one.lane == Some(Lane::Done)).map(|one| one.now).sum();
    let is_much = |now: u64| now > 0 && now as f64 > UNCLEAR_SHARE_MIN * done as f64;
    let listed = settings.workflow.not_delivered.as_ref();
    let is_clear = |name: &str| {
        is_usually_delivered(name)
            || is_usually_not_delivered(name)
            || listed.is_some_and(|listed| listed.contains(name))
            || settings.workflow.delivered.contains(name)
    };
    let unclear = |name: &str, now: u64, how: &str| {
        let why = format!("{now} of {done} done issues are {how} {name}: were they delivered?");
        question("not-delivered", name.to_owned(), why)
    };
    let by_resolution = resolutions.iter().filter(|one| is_much(one.now) && !is_clear(&one.name));
    let mut found: Vec<Proposal> =
        by_resolution.map(|one| unclear(&one.name, one.now, "resolved as")).collect();
    let is_named =
        |name: &str| found.iter().any(|one| one.value.iter().any(|v| fold(v) == fold(name)));
    let by_status = statuses.iter().filter(|one| {
        one.lane == Some(Lane::Done)
            && !one.is_chosen
            && is_much(one.now)
            && !is_clear(&one.name)
            && !settings.workflow.done.contains(&one.name)
            && !is_named(&one.name)
    });
    let by_status: Vec<Proposal> =
        by_status.map(|one| unclear(&one.name, one.now, "in the status")).collect();
    found.extend(by_status);
    found.extend(statuses.iter().filter_map(open_by_category));
    found
}

/// A status that is called like what is over, and that Jira does not count as done.
fn open_by_category(status: &StatusLane) -> Option<Proposal> {
    let category = match status.category? {
        StatusCategory::New => "to do",
        StatusCategory::Indeterminate => "in progress",
        StatusCategory::Done => return None,
    };
    let is_open = status.is_seen
        && !status.is_chosen
        && status.lane.is_none_or(|lane| !lane.is_over())
        && is_usually_not_delivered(&status.name);
    is_open.then(|| {
        let StatusLane { name, now, .. } = status;
        let why = format!(
            "{name} sounds as if nothing came of it, but Jira counts it as {category}: is what is in \
             it ({now} now) still open?"
        );
        question("lanes", format!("{} not-delivered", status.status), why)
    })
}

fn question(name: &'static str, value: String, why: String) -> Proposal {
    Proposal { name, value: vec![value], why, is_question: true }
}

#[cfg(test)]
mod tests {
    use metrics::LaneOrigin;
    use model::{Json, Settings};

    use super::*;

    fn status(name: &str, category: StatusCategory, lane: Lane, now: u64) -> StatusLane {
        StatusLane {
            status: format!("id of {name}"),
            name: name.to_owned(),
            other_names: Vec::new(),
            project: None,
            category: Some(category),
            lane: Some(lane),
            is_started: false,
            origin: LaneOrigin::Category,
            is_chosen: false,
            usual: Some(lane),
            now,
            entered: now,
            is_seen: true,
        }
    }

    fn resolution(name: &str, now: u64) -> Seen {
        Seen { name: name.to_owned(), called: None, category: None, now, entered: 0, is_seen: true }
    }

    #[track_caller]
    fn check(statuses: &[StatusLane], resolutions: &[Seen], classification: &str, want: &[&str]) {
        let group = Json::parse(classification).ok();
        let settings = Settings { project_classification: group, ..Settings::default() };
        let found = of_delivery(statuses, resolutions, &ProfileSettings::read(&settings));
        let found: Vec<String> =
            found.iter().map(|one| format!("{} {}", one.name, one.value.join("|"))).collect();
        assert_eq!(found, want, "{classification}");
    }

    #[test]
    fn names_that_may_mean_that_nothing_was_delivered_are_asked_about() {
        use StatusCategory::{Done, Indeterminate, New};
        let done = || status("Done", Done, Lane::Done, 94);
        let parked = || status("Geparkt", Done, Lane::Done, 6);
        let ours = r#"{"not_delivered_resolutions":["Needs more info"]}"#;
        let unclear = [resolution("Fixed", 80), resolution("Needs more info", 9)];
        let rare = [resolution("Odd", 5), resolution("Won't Do", 20)];
        check(
            &[done(), parked()],
            &unclear,
            "{}",
            &["not-delivered Needs more info", "not-delivered Geparkt"],
        );
        check(&[done(), parked()], &unclear, ours, &["not-delivered Geparkt"]);
        let delivered = r#"{"delivered_resolutions":["needs more info","Geparkt"]}"#;
        check(&[done(), parked()], &unclear, delivered, &[]);
        check(&[done(), parked()], &rare, r#"{"flow_end_statuses":["Done","Geparkt"]}"#, &[]);
        check(&[done(), StatusLane { is_chosen: true, ..parked() }], &rare, "{}", &[]);
        // Called like what is over, and open by its category.
        let odd = [
            status("Won't Do", New, Lane::NotStarted, 10),
            status("Cancelled", Indeterminate, Lane::Active, 3),
            status("Rejected", Done, Lane::NotDelivered, 3),
        ];
        let want = ["lanes id of Won't Do not-delivered", "lanes id of Cancelled not-delivered"];
        check(&odd, &[], "{}", &want);
        let chosen = odd.map(|one| StatusLane { is_chosen: true, ..one });
        check(&chosen, &[], "{}", &[]);
    }
}
