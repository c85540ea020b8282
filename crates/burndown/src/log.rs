//! What is done, for those who ask: to stderr with `-v`, to a file with `--log-file`.
//!
//! Whoever reads the stderr of a server may stop reading. So that its pages do not wait for that, a
//! server's lines go through a queue; what finds no room in it is counted and left out.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tracing_subscriber::filter::{EnvFilter, FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::arguments::General;
use crate::failure::{Failure, Result};

/// What writes every byte that goes over the wire into the log, logins included. Whatever
/// `RUST_LOG` says, only its warnings are heard.
const TALKATIVE: [&str; 3] = ["ureq", "ureq_proto", "rustls"];

/// How many lines may wait for whoever reads stderr.
const WAITING_MAX: usize = 1_024;
/// How long the end waits for the lines that are left.
const FAREWELL_MS: u64 = 500;

/// Starts logging. `RUST_LOG` refines what `-v` chose; the file holds at least what `-v` shows. What
/// comes back is kept to the end.
pub fn start(general: &General, is_queued: bool) -> Result<Option<Queue>> {
    let shown = match general.verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    // Where no further thread can be started, lines are written by whoever has them.
    let queue = if is_queued { Queue::start().ok() } else { None };
    let writer = match &queue {
        Some(Queue(lines)) => {
            let lines = lines.clone();
            BoxMakeWriter::new(move || lines.clone())
        }
        None => BoxMakeWriter::new(io::stderr),
    };
    let to_stderr = fmt::layer().with_writer(writer).with_ansi(false).with_filter(filter(shown));
    let file = general.log_file.as_deref().map(open).transpose()?;
    let to_file = file.map(|file| {
        let level = shown.max(LevelFilter::INFO);
        fmt::layer().with_writer(Mutex::new(file)).with_ansi(false).with_filter(filter(level))
    });
    if let Some(Queue(lines)) = &queue {
        say_panics_to(lines.clone());
    }
    // Fails only where logging was started before, which is as good.
    let _ = tracing_subscriber::registry().with(to_stderr).with(to_file).try_init();
    Ok(queue)
}

/// Lines on their way to stderr. Dropped, it waits a little for those that are left.
pub struct Queue(Lines);

/// What Rust itself says of a panic goes to stderr directly, where a handler would wait for whoever reads it.
fn say_panics_to(lines: Lines) {
    std::panic::set_hook(Box::new(move |panic| {
        let trace = Backtrace::capture();
        let trace = match trace.status() {
            BacktraceStatus::Captured => format!("{trace}\n"),
            _ => String::new(),
        };
        let _ = lines.clone().write_all(format!("{panic}\n{trace}").as_bytes());
    }));
}

enum Entry {
    Line(Vec<u8>),
    /// All before it were written.
    End(SyncSender<()>),
}

/// Takes lines in.
#[derive(Clone)]
struct Lines {
    to: SyncSender<Entry>,
    /// How many found no room since this was last told.
    left_out: Arc<AtomicU64>,
}

impl Queue {
    fn start() -> io::Result<Queue> {
        let (to, from) = sync_channel(WAITING_MAX);
        let left_out = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&left_out);
        let work = move || write_lines(&from, &counted, &mut io::stderr());
        thread::Builder::new().name("log".to_owned()).spawn(work)?;
        Ok(Queue(Lines { to, left_out }))
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let (done, is_done) = sync_channel(1);
        let to = self.0.to.clone();
        // The queue may be full, of a reader that comes back or of one that does not.
        let end = thread::Builder::new().spawn(move || to.send(Entry::End(done)));
        if end.is_ok() {
            let _ = is_done.recv_timeout(Duration::from_millis(FAREWELL_MS));
        }
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.to.try_send(Entry::Line(line.to_vec())).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes lines as they come, and how many did not.
fn write_lines(from: impl IntoIterator<Item = Entry>, left_out: &AtomicU64, to: &mut impl Write) {
    for entry in from {
        let end = match entry {
            Entry::Line(line) => {
                let _ = to.write_all(&line);
                None
            }
            Entry::End(done) => Some(done),
        };
        let count = left_out.swap(0, Ordering::Relaxed);
        if count > 0 {
            let _ = writeln!(to, "{count} lines of the log found no reader and are left out");
        }
        // Whoever waits for the end may be gone a moment later, and this thread with it.
        if let Some(done) = end {
            let _ = done.try_send(());
        }
    }
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;

    use super::*;

    #[test]
    fn what_finds_no_room_is_counted() {
        let (to, from) = sync_channel(2);
        let left_out = Arc::new(AtomicU64::new(0));
        let mut lines = Lines { to, left_out: Arc::clone(&left_out) };
        for number in 0..5 {
            lines.write_all(format!("line {number}\n").as_bytes()).unwrap();
        }
        drop(lines);
        let mut written = Vec::new();
        write_lines(&from, &left_out, &mut written);
        let told = "3 lines of the log found no reader and are left out";
        assert_eq!(String::from_utf8(written).unwrap(), format!("line 0\n{told}\nline 1\n"));
    }

    /// Tells what had been written when somebody was told that all was.
    struct Witness {
        is_done: Receiver<()>,
        written: Vec<(String, bool)>,
    }

    impl Write for Witness {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let is_late = self.is_done.try_recv().is_ok();
            self.written.push((String::from_utf8_lossy(line).into_owned(), is_late));
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_is_written_after_the_end_was_told() {
        let ((to, from), (done, is_done)) = (sync_channel(2), sync_channel(1));
        to.send(Entry::Line(b"line\n".to_vec())).unwrap();
        to.send(Entry::End(done)).unwrap();
        drop(to);
        let left_out = AtomicU64::new(0);
        let mut witness = Witness { is_done, written: Vec::new() };
        // What is left out while the end waits for its turn.
        let entries = from.into_iter().inspect(|entry| {
            if matches!(entry, Entry::End(_)) {
                left_out.store(4, Ordering::Relaxed);
            }
        });
        write_lines(entries, &left_out, &mut witness);
        assert!(
            witness.written.iter().any(|(line, _)| line.contains('4')),
            "{:?}",
            witness.written
        );
        assert!(witness.written.iter().all(|(_, is_late)| !is_late), "{:?}", witness.written);
    }

    #[test]
    fn a_panic_waits_for_no_reader() {
        let (to, from) = sync_channel(1);
        let left_out = Arc::new(AtomicU64::new(0));
        say_panics_to(Lines { to, left_out: Arc::clone(&left_out) });
        for _ in 0..2 {
            assert!(thread::spawn(|| panic!("of a handler")).join().is_err());
        }
        let _ = std::panic::take_hook();
        let Ok(Entry::Line(line)) = from.recv() else { panic!("no line") };
        assert!(String::from_utf8_lossy(&line).contains("of a handler"));
        assert!(left_out.load(Ordering::Relaxed) >= 1, "it waited for room");
    }
}
