//! Listening, with limits on headers, time and the number of connections, and a graceful end.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use app::live::Live;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::connections::{Connection, Connections};
use crate::options::Options;
use crate::pool;
use crate::router::router;

const WORKER_THREADS: usize = 2;
const CONNECTIONS_MAX: usize = 256;
pub(crate) const HEADER_BYTES_MAX: usize = 32 * 1024;
const HEADERS_MAX: usize = 64;
/// How long a client may take to send its headers, and an idle connection stays open.
const HEADER_READ_S: u64 = 20;
/// How long a connection lives, so that a client which never reads cannot keep it.
const CONNECTION_S: u64 = 600;
/// Threads at work soon after the start: those of connections, and some that look after the workspace.
const THREADS_MIN: usize = WORKER_THREADS + 6;
/// How long answers under way may take once the end was asked for.
const FAREWELL_S: u64 = 5;
/// How long a thread that may wait is kept without work. What it freed goes back to the system when it
/// ends, as nobody else can take it from a thread that sleeps.
const IDLE_THREAD_MS: u64 = 100;
/// How long accepting pauses when the system has no room for another connection.
const ACCEPT_PAUSE_MS: u64 = 100;

/// Whether the system gives the threads that serving takes from the start; an error says what to do.
pub fn check_threads() -> io::Result<()> {
    let held = Mutex::new(());
    thread::scope(|scope| {
        // All are there at the same time.
        let _held = held.lock();
        let start = |_| thread::Builder::new().spawn_scoped(scope, || drop(held.lock())).map(drop);
        (0..THREADS_MIN).try_for_each(start)
    })
    .map_err(|error| {
        let what =
            "the system gives it too few threads; raise the limit of its threads or processes";
        io::Error::new(error.kind(), format!("{what} ({error})"))
    })
}

/// Serves until the process is told to end (Ctrl-C, SIGTERM). Blocks. `ready` is called once a
/// signal would end it in order.
pub fn run(
    live: Live,
    options: Options,
    listener: TcpListener,
    ready: impl FnOnce(),
) -> io::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKER_THREADS)
        .max_blocking_threads(pool::THREADS_MAX)
        .thread_keep_alive(Duration::from_millis(IDLE_THREAD_MS))
        .enable_all()
        .build()?
        .block_on(async {
            let end = EndSignals::listen()?;
            ready();
            serve(live, options, listener, end.arrived()).await
        })
}

/// Serves until `end` is ready, then finishes the answers under way.
pub async fn serve(
    live: impl Into<Live>,
    options: Options,
    listener: TcpListener,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // It looks for interrupted syncs, which may wait for a disk or a server.
    let live = live.into();
    let routed = tokio::task::spawn_blocking(move || router(live, options)).await;
    let service = TowerToHyperService::new(routed.map_err(io::Error::other)?);
    let protocol = protocol();
    let open = Connections::new(CONNECTIONS_MAX);
    let connections = GracefulShutdown::new();
    let mut end = pin!(end);
    loop {
        let (stream, opened) = tokio::select! {
            () = &mut end => break,
            accepted = accept(&listener, &open) => accepted,
        };
        let service = opened.service(service.clone());
        let connection = protocol.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            let connection = timeout(Duration::from_secs(CONNECTION_S), connection);
            let is_clean = tokio::select! {
                ended = connection => matches!(ended, Ok(Ok(()))),
                () = opened.make_room() => false,
            };
            tracing::debug!(is_clean, "connection ended");
        });
    }
    drop(listener);
    let _ = timeout(Duration::from_secs(FAREWELL_S), connections.shutdown()).await;
    Ok(())
}

fn protocol() -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_READ_S))
        .max_buf_size(HEADER_BYTES_MAX)
        .max_headers(HEADERS_MAX);
    protocol
}

async fn accept(
    listener: &tokio::net::TcpListener,
    open: &Arc<Connections>,
) -> (TcpStream, Connection) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // A streamed answer would wait for the asker to confirm its first part.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "small parts of answers may wait");
                }
                return (stream, open.opened(open.room().await));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
}

/// The signals that ask the process to end.
#[cfg(unix)]
struct EndSignals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl EndSignals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminate = signal(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn arrived(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signals that ask the process to end.
#[cfg(not(unix))]
struct EndSignals;

#[cfg(not(unix))]
impl EndSignals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn arrived(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
