//! A bar for long work, drawn on stderr and only on a terminal.

use std::sync::Mutex;

use app::migration::Progress;
use app::sync::{SyncControl, SyncProgress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;
use model::plain::one_line;

const TEMPLATE: &str =
    "{prefix:<24} {bar:20} {decimal_bytes:>9} of {decimal_total_bytes}  {elapsed}";

/// Runs `work` with a listener that draws its progress, and clears the bar afterwards.
pub fn with_bar<T>(is_shown: bool, work: impl FnOnce(&(dyn Fn(Progress) + Sync)) -> T) -> T {
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style);
    }
    let shown = Mutex::new("");
    let answer = work(&|progress: Progress| {
        let label = progress.stage.label();
        // Stages report from several threads; a poisoned lock only costs the label.
        if let Ok(mut shown) = shown.lock()
            && *shown != label
        {
            *shown = label;
            bar.set_prefix(label);
        }
        bar.set_length(progress.total_bytes);
        bar.set_position(progress.done_bytes);
    });
    bar.finish_and_clear();
    answer
}

const SYNC_TEMPLATE: &str = "{prefix:<24.24} {bar:20} {percent:>3} %  {msg}  {elapsed}";

/// The bar of one sync; for scripts a line of JSON on stderr now and then.
pub struct SyncBar<'o> {
    bar: ProgressBar,
    output: &'o Output,
    told: Mutex<String>,
}

impl<'o> SyncBar<'o> {
    /// A bar that carries the name of a query.
    pub fn new(output: &'o Output, name: &str) -> SyncBar<'o> {
        let is_shown = output.shows_progress();
        let target =
            if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(100), target);
        if let Ok(style) = ProgressStyle::with_template(SYNC_TEMPLATE) {
            bar.set_style(style);
        }
        bar.set_prefix(one_line(name));
        SyncBar { bar, output, told: Mutex::default() }
    }

    /// Takes the bar off the screen.
    pub fn clear(self) {
        self.bar.finish_and_clear();
    }
}

impl SyncControl for SyncBar<'_> {
    fn told(&self, progress: &SyncProgress) {
        self.bar.set_position(u64::from(progress.percent));
        self.bar.set_message(one_line(&progress.message));
        // A poisoned lock only costs a line.
        let Ok(mut told) = self.told.lock() else { return };
        let now = format!("{} {}", progress.phase.as_str(), progress.percent);
        if *told != now {
            *told = now;
            self.output.tell(&serde_json::json!({
                "progress": {
                    "phase": progress.phase.as_str(),
                    "done": progress.done,
                    "of": progress.of,
                    "percent": progress.percent,
                }
            }));
        }
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}
