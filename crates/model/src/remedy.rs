//! What a user can do about something that is not known or doubtful.

use serde::{Deserialize, Serialize};

/// What can be done. It is chosen where it is known what a workspace can do, and put into words at
/// the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Remedy {
    /// Sync the query; its profile is connected.
    SyncNow,
    /// Connect the profile to its Jira, then sync.
    ConnectJira,
    /// Give the query a JQL, then sync; its profile is connected.
    GiveJql,
    /// Connect the profile to its Jira, give the query a JQL, then sync.
    ConnectAndGiveJql,
    /// Look at the JQL, which Jira answers with nothing.
    CheckJql,
    /// Bring the data up to date in the old app and migrate again, which gives up what the
    /// workspace holds: only of a migrated workspace that was not synced since.
    MigrateAgain,
    /// Say in which field Jira keeps story points.
    MapPointsField,
    /// Check that field.
    CheckPointsField,
    /// Say which statuses mean what.
    SayWhatStatusesMean,
    /// Say which resolutions and statuses mean that nothing was delivered.
    SayWhatIsDelivered,
    /// Check which statuses mean that work has started.
    CheckStartedStatuses,
    /// Count in the zone in which Jira shows times.
    TakeJiraZone,
    /// Say in which zone days begin.
    ChooseZone,
    /// Change which projects and types count.
    ChangeWhatCounts,
    /// Say which days are worked on.
    ChooseWorkingDays,
    /// Estimate more issues, or count items.
    EstimateMore,
    /// Count items.
    LookAtItems,
    /// Look at the issues in Jira.
    LookInJira,
    /// Say how much work remains.
    SayWhatRemains,
    /// Check the stored remaining work against the stored rows.
    CheckStoredRows,
    /// Say in which statuses work waits.
    SayWhereWorkWaits,
    /// Check the clock of the machine that fetched.
    CheckClock,
    /// Ask for a later day.
    ChooseLaterDay,
    /// Ask for an earlier day.
    ChooseEarlierDay,
    /// Ask for a longer window, or for an earlier day.
    ChooseLongerWindow,
    /// Ask for a shorter window.
    ChooseShorterWindow,
    /// Wait until a week is over, or ask for a longer window.
    WaitForWeek,
    /// Wait for more weeks, or ask for a longer window.
    WaitForMoreWeeks,
    /// Ask for a sample in which work was done.
    WidenSample,
    /// Come back when work was done in some of the last weeks, or look at an earlier day: a longer window
    /// does not help.
    WaitForWork,
    /// Leave weeks out of the sample.
    ExcludeWeeks,
    /// Ask Jira for what is done, too.
    WidenJql,
    /// Take weeks back into the sample.
    TakeWeeksBack,
    /// Add work.
    AddWork,
    /// Change the rule or the queries of a delivery.
    ChangeDelivery,
    /// See which dates are missing.
    SeeDataNotes,
    /// See what the migration noticed.
    SeeSourceFiles,
    /// See which profiles there are.
    ListProfiles,
    /// See which queries there are.
    ListQueries,
    /// See what is in the trash.
    ListTrash,
    /// Wait for the program that writes.
    WaitForWriter,
    /// Put a copy in the place of what is damaged.
    RestoreBackup,
    /// Put a dump in the place of what is damaged on a server.
    RestoreDump,
    /// Have the user of a server given its rights, or the server that takes writes named.
    GrantRights,
    /// Use another database of a server.
    ChooseOtherDatabase,
    /// Migrate the old app's data anew after a rollback.
    MigrateAfterRollback,
    /// Build the workspace anew from the old files that changed.
    TakeChangedFiles,
    /// Use another folder.
    ChooseOtherWorkspace,
    /// See to the rights, or use a copy.
    CopyWorkspace,
    /// Start the server again.
    StartAgain,
    /// Name another file, or replace the one that is there.
    Overwrite,
    /// Nothing has to be done.
    Nothing,
}

impl Remedy {
    /// All of them.
    pub const ALL: [Remedy; 52] = [
        Remedy::SyncNow,
        Remedy::ConnectJira,
        Remedy::GiveJql,
        Remedy::ConnectAndGiveJql,
        Remedy::CheckJql,
        Remedy::MigrateAgain,
        Remedy::MapPointsField,
        Remedy::CheckPointsField,
        Remedy::SayWhatStatusesMean,
        Remedy::SayWhereWorkWaits,
        Remedy::SayWhatIsDelivered,
        Remedy::CheckStartedStatuses,
        Remedy::TakeJiraZone,
        Remedy::ChooseZone,
        Remedy::ChangeWhatCounts,
        Remedy::ChooseWorkingDays,
        Remedy::EstimateMore,
        Remedy::LookAtItems,
        Remedy::LookInJira,
        Remedy::SayWhatRemains,
        Remedy::CheckStoredRows,
        Remedy::CheckClock,
        Remedy::ChooseLaterDay,
        Remedy::ChooseEarlierDay,
        Remedy::ChooseLongerWindow,
        Remedy::ChooseShorterWindow,
        Remedy::WaitForWeek,
        Remedy::WaitForMoreWeeks,
        Remedy::WidenSample,
        Remedy::WaitForWork,
        Remedy::ExcludeWeeks,
        Remedy::WidenJql,
        Remedy::TakeWeeksBack,
        Remedy::AddWork,
        Remedy::ChangeDelivery,
        Remedy::SeeDataNotes,
        Remedy::SeeSourceFiles,
        Remedy::ListProfiles,
        Remedy::ListQueries,
        Remedy::ListTrash,
        Remedy::WaitForWriter,
        Remedy::RestoreBackup,
        Remedy::RestoreDump,
        Remedy::GrantRights,
        Remedy::ChooseOtherDatabase,
        Remedy::MigrateAfterRollback,
        Remedy::TakeChangedFiles,
        Remedy::ChooseOtherWorkspace,
        Remedy::CopyWorkspace,
        Remedy::StartAgain,
        Remedy::Overwrite,
        Remedy::Nothing,
    ];

    /// What brings the data of a query up to date.
    pub fn refresh(is_connected: bool, can_migrate_again: bool) -> Remedy {
        match (is_connected, can_migrate_again) {
            (true, _) => Remedy::SyncNow,
            (false, true) => Remedy::MigrateAgain,
            (false, false) => Remedy::ConnectJira,
        }
    }

    /// What brings a query up to date that has no JQL, where this is what does so else.
    #[must_use]
    pub fn without_jql(self) -> Remedy {
        match self {
            Remedy::SyncNow => Remedy::GiveJql,
            // The old app's folder has no JQL of it either.
            Remedy::ConnectJira | Remedy::MigrateAgain => Remedy::ConnectAndGiveJql,
            other => other,
        }
    }

    /// What brings data up to date that the old app never fetched, where this is what does so else.
    #[must_use]
    pub fn beyond_old_app(self) -> Remedy {
        if self == Remedy::MigrateAgain { Remedy::ConnectJira } else { self }
    }
}
