//! What a command does to the data: whether it only reads it, or changes it.

use super::*;

impl Command {
    /// Whether it reads data and changes none.
    pub fn only_reads(&self) -> bool {
        match self {
            Command::Verify
            | Command::Answers(_)
            | Command::Status(_)
            | Command::Profiles
            | Command::Queries(_)
            | Command::Jql(_)
            | Command::Issues(_)
            | Command::Summary(_)
            | Command::Weeks(_)
            | Command::Now(_)
            | Command::Flow(_)
            | Command::Forecast(_)
            | Command::Report(_)
            | Command::Chart(_)
            | Command::Export(_) => true,
            Command::Key(options) => matches!(options.action, KeyAction::List),
            Command::Migrate(options) => options.dry_run,
            Command::Rollback(options) => options.dry_run,
            Command::Connect(options) => options.dry_run,
            Command::Import(options) => options.dry_run,
            Command::Delivery(options) => matches!(
                options.action,
                DeliveryAction::List { .. } | DeliveryAction::Offer | DeliveryAction::Show { .. }
            ),
            Command::Milestone(options) => {
                matches!(options.action, None | Some(MilestoneAction::List))
            }
            Command::Settings(options) => match &options.action {
                None | Some(SettingsAction::List | SettingsAction::Seen) => true,
                Some(SettingsAction::Propose { accept }) => !accept,
                Some(SettingsAction::Lane(lane)) => lane.status.is_none(),
                Some(_) => false,
            },
            Command::Trash(options) => matches!(options.action, TrashAction::List),
            Command::Backup(options) => {
                matches!(options.action, Some(BackupAction::List | BackupAction::Verify { .. }))
            }
            Command::Doctor(options) => !options.repair,
            Command::Serve(_)
            | Command::Open
            | Command::Use(_)
            | Command::Profile(_)
            | Command::Query(_)
            | Command::Sync(_)
            | Command::Restore(_)
            | Command::Copy(_)
            | Command::Demo(_)
            | Command::Completions(_)
            | Command::Man(_) => false,
        }
    }

    /// Whether what it reads may come from a replica. Whether data is sound is asked where it is written.
    pub fn may_ask_replica(&self) -> bool {
        self.only_reads() && !matches!(self, Command::Doctor(_))
    }

    /// Whether it asks for an answer, rather than for something to be done.
    pub fn is_question(&self) -> bool {
        let writes_file =
            matches!(self, Command::Report(_) | Command::Chart(_) | Command::Export(_));
        let always = matches!(self, Command::Doctor(_) | Command::Completions(_));
        always || (self.only_reads() && !writes_file)
    }

    /// Whether it may change what the workspace holds: profiles, queries, settings, what was fetched.
    pub fn changes_data(&self) -> bool {
        let is_about_data = matches!(
            self,
            Command::Use(_)
                | Command::Profile(_)
                | Command::Query(_)
                | Command::Sync(_)
                | Command::Connect(_)
                | Command::Delivery(_)
                | Command::Milestone(_)
                | Command::Settings(_)
                | Command::Import(_)
                | Command::Trash(_)
        );
        is_about_data && !self.only_reads()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;

    // Whether it only reads, changes data, and is a question.
    const READS: [bool; 3] = [true, false, true];
    const WRITES_FILE: [bool; 3] = [true, false, false];
    const CHANGES: [bool; 3] = [false, true, false];
    const OTHER: [bool; 3] = [false, false, false];
    const TABLE: [([bool; 3], &[&str]); 5] = [
        (
            READS,
            &[
                "verify",
                "answers",
                "status",
                "profiles",
                "queries",
                "jql x",
                "issues",
                "issues A-1",
                "summary",
                "weeks",
                "now",
                "flow",
                "forecast",
                "key list",
                "migrate --dry-run",
                "rollback --dry-run",
                "connect https://x.example --dry-run",
                "import f --dry-run",
                "delivery list",
                "delivery offer",
                "delivery show d",
                "milestone",
                "milestone list",
                "settings",
                "settings list",
                "settings seen",
                "settings propose",
                "settings lane",
                "trash list",
                "backup list",
                "backup verify",
                "doctor",
            ],
        ),
        (WRITES_FILE, &["report --output r.html", "chart burn-up --output c.svg", "export f"]),
        (
            CHANGES,
            &[
                "use p",
                "profile create n",
                "profile rename p n",
                "profile describe p t",
                "profile duplicate p n",
                "profile delete p",
                "query create x",
                "query edit q --jql x",
                "query work q team",
                "query duplicate q n",
                "query move q p",
                "query forget-left q",
                "query delete q",
                "sync",
                "connect https://x.example",
                "import f",
                "delivery add all",
                "delivery edit d",
                "delivery order d 1",
                "delivery state d done",
                "delivery remove d",
                "milestone set n 2026-01-01",
                "milestone remove n",
                "settings propose --accept",
                "settings lane s done",
                "settings set window 3",
                "settings unset window",
                "settings add done s",
                "settings remove done s",
                "settings token",
                "trash restore t",
                "trash empty",
            ],
        ),
        (
            OTHER,
            &[
                "serve",
                "open",
                "key add n",
                "key remove n",
                "migrate",
                "rollback",
                "backup",
                "backup restore",
                "restore",
                "copy --to f",
                "copy --to f --verify",
                "demo",
                "man f",
            ],
        ),
        // They print what they did in any case.
        ([false, false, true], &["doctor --repair", "completions bash"]),
    ];

    #[test]
    fn commands_that_only_read_are_told_from_others() {
        let mut named = BTreeSet::new();
        for (want, lines) in TABLE {
            for line in lines {
                let words = line.split(' ').map(str::to_owned);
                named.insert(command_of(words.clone()));
                let all = ["burndown".to_owned()].into_iter().chain(words);
                let parsed =
                    Arguments::try_parse_from(all).unwrap_or_else(|e| panic!("{line}: {e}"));
                let command = parsed.command.unwrap();
                let is = [command.only_reads(), command.changes_data(), command.is_question()];
                assert_eq!(is, want, "{line}");
                assert_eq!(command.may_ask_replica(), is[0] && *line != "doctor", "{line}");
            }
        }
        let known: Vec<String> = leaves(&Arguments::command(), "");
        let missing: Vec<_> = known.iter().filter(|name| !named.contains(*name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// The names of commands that have none below them.
    fn leaves(command: &clap::Command, name: &str) -> Vec<String> {
        let below = command.get_subcommands().map(|below| {
            let name = format!("{name} {}", below.get_name());
            leaves(below, name.trim())
        });
        let below: Vec<String> = below.flatten().collect();
        if below.is_empty() { vec![name.to_owned()] } else { below }
    }
}
