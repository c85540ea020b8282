//! The open connections: so many at most. When they run out, the one goes that has asked nothing for
//! longest, so that whoever opens many and asks nothing keeps nobody out.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::Service;
use hyper::{Request, Response};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// How often another connection is asked to go while there is no room.
const ROOM_MS: u64 = 50;
/// How long the last bytes of an answer may take that a connection sent before it has to go.
const LAST_BYTES_MS: u64 = 2_000;

/// All of a server.
pub(crate) struct Connections {
    room: Arc<Semaphore>,
    open: Mutex<Vec<Arc<State>>>,
    /// Counts what happens, to tell which was last.
    clock: AtomicU64,
}

/// One of them; dropped with it.
pub(crate) struct Connection {
    state: Arc<State>,
    all: Arc<Connections>,
    _room: Option<OwnedSemaphorePermit>,
}

#[derive(Default)]
struct State {
    /// Answers that are made, or handed over to be sent.
    answering: AtomicUsize,
    /// Answers that were begun.
    asked: AtomicUsize,
    /// When it was opened, or an answer ended.
    last: AtomicU64,
    /// Whether it was asked to go.
    is_going: AtomicBool,
    close: Notify,
}

impl Connections {
    pub fn new(count_max: usize) -> Arc<Connections> {
        let room = Arc::new(Semaphore::new(count_max));
        Arc::new(Connections { room, open: Mutex::default(), clock: AtomicU64::new(0) })
    }

    /// Waits for room for one more.
    pub async fn room(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            let room = Arc::clone(&self.room).acquire_owned();
            match timeout(Duration::from_millis(ROOM_MS), room).await {
                // The semaphore is never closed, so there is only no room if that changes.
                Ok(room) => return room.ok(),
                Err(_) => self.close_idlest(),
            }
        }
    }

    /// One that was opened.
    pub fn opened(self: &Arc<Self>, room: Option<OwnedSemaphorePermit>) -> Connection {
        let state = Arc::new(State::default());
        state.last.store(self.tick(), Ordering::Relaxed);
        self.list(|open| open.push(Arc::clone(&state)));
        Connection { state, all: Arc::clone(self), _room: room }
    }

    fn close_idlest(&self) {
        let idlest = self.list(|open| {
            let stays = |state: &&Arc<State>| !state.is_going.load(Ordering::Relaxed);
            let idle = open.iter().filter(|state| state.is_idle()).filter(stays);
            idle.min_by_key(|state| state.last.load(Ordering::Relaxed)).cloned()
        });
        if let Some(state) = idlest {
            state.is_going.store(true, Ordering::Relaxed);
            state.close.notify_one();
        }
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }

    fn list<T>(&self, look: impl FnOnce(&mut Vec<Arc<State>>) -> T) -> T {
        look(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.answering.load(Ordering::SeqCst) == 0
    }

    /// Whether it ever asked anything.
    fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) > 0
    }
}

impl Connection {
    /// Ready once it has to make room for others. What was handed over to be sent may still be on its way.
    pub async fn make_room(&self) {
        loop {
            self.state.close.notified().await;
            if self.state.has_asked() {
                sleep(Duration::from_millis(LAST_BYTES_MS)).await;
            }
            if self.state.is_idle() {
                return;
            }
            self.state.is_going.store(false, Ordering::Relaxed);
        }
    }

    /// A service that says of this connection when it answers.
    pub fn service<S>(&self, answers: S) -> Watched<S> {
        Watched { answers, state: Arc::clone(&self.state), all: Arc::clone(&self.all) }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.list(|open| open.retain(|state| !Arc::ptr_eq(state, &self.state)));
    }
}

/// A service that knows for which connection it answers.
pub(crate) struct Watched<S> {
    answers: S,
    state: Arc<State>,
    all: Arc<Connections>,
}

impl<S> Service<Request<Incoming>> for Watched<S>
where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answering = Answering::begin(&self.state, &self.all);
        let answer = self.answers.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            Ok(answer.map(|body| Body::new(Sent { body, _answering: answering })))
        })
    }
}

/// An answer that is made, or handed over to be sent; over when it is dropped.
struct Answering {
    state: Arc<State>,
    all: Arc<Connections>,
}

impl Answering {
    fn begin(state: &Arc<State>, all: &Arc<Connections>) -> Answering {
        state.answering.fetch_add(1, Ordering::SeqCst);
        state.asked.fetch_add(1, Ordering::Relaxed);
        Answering { state: Arc::clone(state), all: Arc::clone(all) }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.state.last.store(self.all.tick(), Ordering::Relaxed);
        self.state.answering.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The body of an answer.
struct Sent {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
