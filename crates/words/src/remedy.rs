//! What can be done, in the terms of a page or of a terminal.

use model::Remedy;

/// Where words are read: what can be done is a button or field there, or a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// A page, or the JSON interface beside it.
    Page,
    /// A terminal.
    Terminal,
}

/// What can be done, as a sentence. Commands stand between “ and ”.
pub fn remedy(remedy: Remedy, front: Front) -> &'static str {
    let [page, terminal] = wording(remedy);
    match front {
        Front::Page => page,
        Front::Terminal => terminal,
    }
}

fn wording(remedy: Remedy) -> [&'static str; 2] {
    match remedy {
        Remedy::SyncNow => ["Sync the query.", "Run “burndown sync”."],
        Remedy::ConnectJira
        | Remedy::GiveJql
        | Remedy::ConnectAndGiveJql
        | Remedy::CheckJql
        | Remedy::MigrateAgain => refresh(remedy),
        Remedy::MapPointsField
        | Remedy::CheckPointsField
        | Remedy::SayWhatStatusesMean
        | Remedy::SayWhereWorkWaits
        | Remedy::SayWhatIsDelivered
        | Remedy::CheckStartedStatuses
        | Remedy::ChangeWhatCounts
        | Remedy::TakeJiraZone
        | Remedy::ChooseZone
        | Remedy::ChooseWorkingDays => settings(remedy),
        Remedy::EstimateMore => both("Estimate more of them, or look at items."),
        Remedy::LookAtItems => both("Look at items."),
        Remedy::LookInJira => both("Look at them in Jira; no week counts them."),
        Remedy::SayWhatRemains => {
            ["Say how much remains.", "Say how much remains: “burndown forecast --items 25”."]
        }
        Remedy::CheckStoredRows => both("Check the stored remaining work against the stored rows."),
        Remedy::CheckClock => {
            both("Check the clock of the machine that fetched; figures leave them out.")
        }
        Remedy::ChooseLaterDay
        | Remedy::ChooseEarlierDay
        | Remedy::ChooseLongerWindow
        | Remedy::ChooseShorterWindow
        | Remedy::WaitForWeek
        | Remedy::WaitForMoreWeeks
        | Remedy::WidenSample
        | Remedy::WaitForWork
        | Remedy::ExcludeWeeks
        | Remedy::WidenJql
        | Remedy::TakeWeeksBack => sample(remedy),
        Remedy::AddWork => both("Add work to see a forecast."),
        Remedy::ChangeDelivery => both("Change the rule or the queries of the delivery."),
        Remedy::SeeDataNotes => both("The data notes say which dates are missing."),
        Remedy::SeeSourceFiles => {
            both("The list of migrated files says more; the originals are in the backup.")
        }
        Remedy::ListProfiles | Remedy::ListQueries | Remedy::ListTrash => listing(remedy),
        Remedy::Overwrite => [
            "Name another file.",
            "Name another file, or replace it: “burndown export FILE --force”.",
        ],
        Remedy::Nothing => both("Nothing needs to be done."),
        Remedy::WaitForWriter
        | Remedy::RestoreBackup
        | Remedy::RestoreDump
        | Remedy::GrantRights
        | Remedy::ChooseOtherDatabase
        | Remedy::MigrateAfterRollback
        | Remedy::TakeChangedFiles
        | Remedy::ChooseOtherWorkspace
        | Remedy::CopyWorkspace
        | Remedy::StartAgain => both(workspace(remedy)),
    }
}

/// What brings the issues of a query, beside a sync alone.
fn refresh(remedy: Remedy) -> [&'static str; 2] {
    match remedy {
        Remedy::ConnectJira => [
            "Connect the profile to your Jira, then sync the query.",
            "Run “burndown connect ADDRESS”, then “burndown sync”.",
        ],
        Remedy::GiveJql => [
            "The query has no JQL: give it one, then sync it.",
            "The query has no JQL: “burndown query edit QUERY --jql JQL” gives it one, then run “burndown sync”.",
        ],
        Remedy::ConnectAndGiveJql => [
            "Connect the profile to your Jira, give the query a JQL, then sync it.",
            "Run “burndown connect ADDRESS --profile PROFILE”, then “burndown query edit QUERY --jql JQL”, then \
             “burndown sync”.",
        ],
        Remedy::CheckJql => [
            "Look at the JQL of the query and change it.",
            "Try another JQL with “burndown jql JQL”, and take it with “burndown query edit QUERY --jql JQL”.",
        ],
        _ => [
            "Connect the profile to your Jira and sync the query; or update it in the old app, \
             then run “burndown migrate --again”.",
            "Run “burndown connect ADDRESS”, then “burndown sync”; or update the query in the old \
             app, then run “burndown migrate --again”.",
        ],
    }
}

/// Where a list shows what there is.
fn listing(remedy: Remedy) -> [&'static str; 2] {
    match remedy {
        Remedy::ListProfiles => {
            ["The workspace lists those there are.", "See “burndown profiles”."]
        }
        Remedy::ListQueries => ["The profile lists those there are.", "See “burndown queries”."],
        Remedy::ListTrash => ["The trash shows what is there.", "See “burndown trash list”."],
        _ => both(""),
    }
}

/// Where other days, weeks or issues help.
fn sample(remedy: Remedy) -> [&'static str; 2] {
    match remedy {
        Remedy::ChooseLaterDay => both("Choose a later day."),
        Remedy::ChooseEarlierDay => both("Choose an earlier day."),
        Remedy::ChooseLongerWindow => both("Choose a longer window, or an earlier day."),
        Remedy::ChooseShorterWindow => both("Choose a shorter window."),
        Remedy::WaitForWeek => both("Come back after Sunday, or choose a longer window."),
        Remedy::WaitForMoreWeeks => both("Wait for more weeks, or choose a longer window."),
        Remedy::WidenSample => both(
            "Come back when there are 3 full weeks of work, choose a longer window, or choose an earlier day.",
        ),
        Remedy::WaitForWork => both(
            "Come back when work was done in 3 of the last 12 full weeks, or choose an earlier day.",
        ),
        Remedy::ExcludeWeeks => [
            "Leave their week out of the sample on the page Forecast if it was no work of the team.",
            "If it was no work of the team, leave its week out: “burndown forecast --exclude WEEK”.",
        ],
        Remedy::WidenJql => [
            "Change the JQL of the query so that it finds what is done, too.",
            "Change the JQL so that it finds what is done, too: “burndown query edit QUERY --jql JQL”.",
        ],
        _ => both("Take them back in if they are like the weeks to come."),
    }
}

/// Where the settings of the profile decide.
fn settings(remedy: Remedy) -> [&'static str; 2] {
    match remedy {
        Remedy::MapPointsField => [
            "Choose the points field in the settings of the profile; the next sync fetches it.",
            "Run “burndown settings set points-field FIELD”; the next sync fetches it.",
        ],
        Remedy::CheckPointsField => [
            "Check the points field in the settings of the profile.",
            "Check the points field: “burndown settings list”.",
        ],
        Remedy::SayWhatStatusesMean => [
            "Say in the settings of the profile what the statuses mean.",
            "Say what the statuses mean: “burndown settings lane STATUS LANE”.",
        ],
        Remedy::SayWhereWorkWaits => [
            "Say in the settings of the profile in which statuses work waits.",
            "Say in which statuses work waits: “burndown settings lane STATUS waiting”.",
        ],
        Remedy::SayWhatIsDelivered => [
            "Say in the settings of the profile which of these are delivered, and which are not.",
            "Say which are not delivered: “burndown settings add not-delivered NAME”, and which are: \
             “burndown settings add delivered NAME”.",
        ],
        Remedy::CheckStartedStatuses => [
            "Check the started statuses in the settings of the profile, or choose a longer window.",
            "Check the started statuses with “burndown settings list”, or choose a longer window.",
        ],
        Remedy::TakeJiraZone => [
            "Take the zone of Jira if its days are those of the team.",
            "If its days are those of the team: “burndown settings set time-zone ZONE”.",
        ],
        Remedy::ChooseZone => [
            "Choose the time zone of the team in the settings of the profile.",
            "Choose the time zone of the team: “burndown settings set time-zone ZONE”.",
        ],
        Remedy::ChangeWhatCounts => [
            "Change in the settings of the profile which projects and types count.",
            "What counts is said by count-sub-tasks, count-parents, development-projects and \
             parent-types: “burndown settings list”.",
        ],
        _ => [
            "Choose the days of the week that are worked on in the settings of the profile.",
            "Choose the days of the week that are worked on: “burndown settings set working-days \
             mon-fri”.",
        ],
    }
}

/// Where the workspace itself is the matter. Only who starts the program can do something.
fn workspace(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::WaitForWriter => {
            "Wait for a running “burndown sync”, “burndown migrate” or backup to end, then try again."
        }
        Remedy::MigrateAfterRollback => {
            "“burndown migrate --again” migrates it anew; where the old files lie elsewhere, add \
             --from FOLDER."
        }
        Remedy::TakeChangedFiles => {
            "“burndown migrate --again” builds the workspace anew from them and keeps the current \
             database aside."
        }
        Remedy::ChooseOtherWorkspace => {
            "Move it away, or choose another place: “burndown serve --workspace FOLDER”."
        }
        Remedy::CopyWorkspace => {
            "Check the owner and the rights of the file and its folder; if the medium is read-only, \
             copy the folder elsewhere and name it: “burndown serve --workspace FOLDER”."
        }
        Remedy::RestoreDump => {
            "“pg_restore” into an empty database goes back to a dump; “burndown export FILE” saves a \
             profile that can still be read."
        }
        Remedy::GrantRights => {
            "The user in the address has to own the tables: ask the administrator of the database. If \
             the server only reads, name the one that writes: “target_session_attrs=read-write”."
        }
        Remedy::ChooseOtherDatabase => "Name an empty database, or the one that burndown made.",
        Remedy::StartAgain => {
            "Else end this server and start “burndown serve” again, which says what is there."
        }
        _ => {
            "“burndown restore” goes back to the newest backup, “burndown doctor --repair” saves what \
             can still be read; both keep the damaged file aside."
        }
    }
}

fn both(text: &'static str) -> [&'static str; 2] {
    [text, text]
}
