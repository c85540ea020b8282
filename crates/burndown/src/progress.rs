//! A bar for long work, drawn on stderr and only on a terminal.

use std::sync::Mutex;

use app::migration::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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
