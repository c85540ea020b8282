//! `burndown jql`: what a JQL finds, before anything is fetched with it.

use app::connect::Look;
use app::tally::Share;
use model::plain::one_line;
use words::format::count;

use crate::arguments::{self, OfQuery};
use crate::failure::Result;
use crate::run::Run;
use crate::table::{Side, Table};
use crate::{opening, selection};

/// Asks Jira and shows what it says.
pub fn run(run: &Run, options: &arguments::Jql) -> Result<()> {
    let app = opening::existing(run)?;
    let profile = selection::profile_id(&app, options.profile.as_deref())?;
    let jql = match &options.jql {
        Some(jql) => jql.clone(),
        None => {
            let of = OfQuery { profile: Some(profile.to_string()), query: None };
            app.query_setup(&selection::key(&app, &of)?)?.draft.jql
        }
    };
    let look = app.look(&profile, &jql, options.limit)?;
    run.output.answer(&look, |look| text(run, look))
}

fn text(run: &Run, look: &Look) -> String {
    let about = if look.is_exact { "" } else { "about " };
    let found = match look.count {
        Some(1) => format!("{about}1 issue"),
        Some(number) => format!("{about}{} issues", count(number)),
        None => "an unknown number of issues".to_owned(),
    };
    let mut text = one_line(&format!("{} finds {found}", look.jql)) + "\n";
    if !look.issues.is_empty() {
        let heads = ["key", "type", "status", "summary"].map(|head| (head, Side::Left));
        let mut table = Table::new(&heads);
        for issue in &look.issues {
            let cells = [&issue.key, &issue.issue_type, &issue.status, &issue.summary];
            table.row(cells.map(|cell| one_line(cell)));
        }
        text.push_str(&table.into_text(run.output.width, &run.output.head));
        text.push_str(&format!(
            "Of those shown: {}; {}\n",
            shares(&look.statuses),
            shares(&look.types)
        ));
    }
    for remark in &look.remarks {
        text.push_str(&one_line(remark));
        text.push('\n');
    }
    text
}

fn shares(shares: &[Share]) -> String {
    let one = |share: &Share| {
        format!("{} {}", count(share.count), one_line(share.name.as_deref().unwrap_or("without")))
    };
    shares.iter().map(one).collect::<Vec<_>>().join(", ")
}
