//! `burndown answers`: the answer about each query in a few words.

use app::answers::{Answer, AnswersAsk};
use app::delivery::ShortAnswer;
use app::metrics::Measured;
use app::workspace::FirstAnswers;
use model::plain::one_line;
use words::format;
use words::{Front, unknown};

use crate::arguments;
use crate::failure::Result;
use crate::opening;
use crate::run::Run;

/// Prints the answers, those of what was used last first.
pub fn run(run: &Run, options: &arguments::Answers) -> Result<()> {
    let text = options.text.clone().unwrap_or_default();
    let ask = AnswersAsk { text, is_all: options.all, ..AnswersAsk::default() };
    let found = opening::existing(run)?.first_answers(&ask)?;
    run.output.answer(&found, |found| list(run, found))
}

fn list(run: &Run, FirstAnswers { deliveries, answers: found }: &FirstAnswers) -> String {
    if found.answers.is_empty() && deliveries.is_empty() {
        return "there is no such query or delivery\n".to_owned();
    }
    let queries = found.answers.iter().map(|answer| entry(run, answer));
    let all: Vec<String> =
        deliveries.iter().map(|answer| delivery(run, answer)).chain(queries).collect();
    let more = found.matching - found.answers.len() as u64;
    let rest = format!("\n{} more: --all shows them\n", format::count(more));
    all.join("\n") + if more > 0 { &rest } else { "" }
}

fn delivery(run: &Run, answer: &ShortAnswer) -> String {
    let now = (run.surroundings.clock)();
    let since = answer.as_of.and_then(|at| words::as_of(&at, answer.stale.as_ref(), now));
    let since = since.map(|since| format!("{since}: ")).unwrap_or_default();
    let said = words::statement(&answer.sentence);
    let target = answer.odds.as_ref().map(|odds| words::statement(&odds.sentence));
    let lacks = words::delivery_lacks(&answer.head.queries);
    let more = [Some(format!("{since}{said}")), target, lacks].into_iter().flatten();
    let first = format!("{} ({})", answer.head.name, answer.profile_name);
    let lines = [first].into_iter().chain(more.map(|said| format!("  {said}")));
    lines.map(|line| format!("{}\n", one_line(&line))).collect()
}

fn entry(run: &Run, answer: &Answer) -> String {
    let now = (run.surroundings.clock)();
    let since = words::as_of(&answer.as_of, answer.stale.as_ref(), now);
    let since = since.map(|since| format!("{since}: ")).unwrap_or_default();
    let likely = match &answer.likely {
        Measured::Known { value, .. } => words::likely_with_odds(value),
        Measured::Unavailable { reason, remedy } => unknown(reason, *remedy, Front::Terminal),
    };
    let mut lines = vec![
        format!("{}, {}", answer.subject.name(), answer.profile.name),
        format!("  {since}{likely}"),
    ];
    lines.extend(answer.target.as_ref().map(|found| format!("  {}", words::target(found))));
    if let Measured::Known { value: Some(age), .. } = &answer.oldest {
        let days = format::counted(u64::from(age.days.unsigned_abs()), "day", "days");
        lines.push(format!("  oldest in progress: {}, {days}", age.key));
    }
    if let Some(failed) = answer.stale.as_ref().and_then(|stale| stale.failed.as_ref()) {
        let ago = format::age(failed.at, now);
        lines.push(format!("  the last sync failed {ago}: {}", failed.message));
    }
    let line = |line: &String| format!("{}\n", one_line(line));
    lines.iter().map(line).collect()
}
