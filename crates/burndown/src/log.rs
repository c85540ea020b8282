//! What is done, for those who ask: to stderr with `-v`, to a file with `--log-file`.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{EnvFilter, FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::arguments::General;
use crate::failure::{Failure, Result};

/// What writes every byte that goes over the wire into the log, logins included. Whatever
/// `RUST_LOG` says, only its warnings are heard.
const TALKATIVE: [&str; 3] = ["ureq", "ureq_proto", "rustls"];

/// Starts logging. `RUST_LOG` refines what `-v` chose; the file holds at least what `-v` shows.
pub fn start(general: &General) -> Result<()> {
    let shown = match general.verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let to_stderr =
        fmt::layer().with_writer(io::stderr).with_ansi(false).with_filter(filter(shown));
    let file = general.log_file.as_deref().map(open).transpose()?;
    let to_file = file.map(|file| {
        let level = shown.max(LevelFilter::INFO);
        fmt::layer().with_writer(Mutex::new(file)).with_ansi(false).with_filter(filter(level))
    });
    // Fails only where logging was started before, which is as good.
    let _ = tracing_subscriber::registry().with(to_stderr).with(to_file).try_init();
    Ok(())
}

fn filter<S>(level: LevelFilter) -> impl Filter<S> {
    let chosen = EnvFilter::builder().with_default_directive(level.into()).from_env_lossy();
    FilterExt::<S>::and(
        chosen,
        filter_fn(|told| *told.level() <= LevelFilter::WARN || !is_talkative(told.target())),
    )
}

fn is_talkative(target: &str) -> bool {
    target.split("::").next().is_some_and(|name| TALKATIVE.contains(&name))
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        let path = path.display();
        Failure::new(format!(
            "the log file {path} cannot be written: {error}; name another one with --log-file"
        ))
    })
}
