//! The server: a port, a thread per connection, and everything gone when it is dropped.

use std::collections::HashMap;
use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::behaviour::{Behaviour, Kind};
use crate::error::Result;
use crate::reply::{Manner, Reply};
use crate::request::{Incoming, Request, read};
use crate::route;
use crate::world::World;

/// A Jira that runs until it is dropped.
#[derive(Debug)]
pub struct FakeJira {
    state: Arc<State>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

/// What the threads of one server have in common.
#[derive(Debug)]
struct State {
    kind: Kind,
    url: String,
    behaviour: Mutex<Behaviour>,
    world: Mutex<World>,
    requests: Mutex<Vec<Request>>,
    /// Those that are open, to close them when the server stops.
    connections: Mutex<HashMap<u64, TcpStream>>,
    is_stopped: AtomicBool,
    /// For whoever waits in the middle of a slow answer.
    stopping: (Mutex<()>, Condvar),
}

impl FakeJira {
    /// Starts on a free port of this machine.
    pub fn start(world: World, kind: Kind, behaviour: Behaviour) -> Result<FakeJira> {
        FakeJira::start_at(0, world, kind, behaviour)
    }

    /// Starts on that port of this machine.
    pub fn start_at(port: u16, world: World, kind: Kind, behaviour: Behaviour) -> Result<FakeJira> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            kind,
            url: format!("http://{address}{}", behaviour.context),
            behaviour: Mutex::new(behaviour),
            world: Mutex::new(world),
            requests: Mutex::default(),
            connections: Mutex::default(),
            is_stopped: AtomicBool::new(false),
            stopping: (Mutex::default(), Condvar::new()),
        });
        let of_thread = Arc::clone(&state);
        let accepting = Some(thread::spawn(move || of_thread.accept(&listener)));
        Ok(FakeJira { state, address, accepting })
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The truth, to look at or to change. No request is answered while it is held.
    pub fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.state.world)
    }

    /// Behaves otherwise from now on; rules count anew.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.state.behaviour) = behaviour;
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state.requests).clone()
    }

    /// Forgets what was asked so far.
    pub fn forget_requests(&self) {
        lock(&self.state.requests).clear();
    }
}

impl Drop for FakeJira {
    fn drop(&mut self) {
        self.state.stop();
        // The listener learns of it by one more visitor.
        TcpStream::connect(self.address).ok();
        if let Some(accepting) = self.accepting.take() {
            accepting.join().ok();
        }
    }
}

/// An open connection; closed and forgotten when dropped, also by a panic in an edit of a test.
struct Connection<'s> {
    state: &'s State,
    number: u64,
    stream: TcpStream,
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.stream.shutdown(Shutdown::Both).ok();
        lock(&self.state.connections).remove(&self.number);
    }
}

impl State {
    fn accept(&self, listener: &TcpListener) {
        thread::scope(|scope| {
            for (number, stream) in (0..).zip(listener.incoming().flatten()) {
                if self.is_stopped() {
                    return;
                }
                let Ok(copy) = stream.try_clone() else { continue };
                lock(&self.connections).insert(number, copy);
                let connection = Connection { state: self, number, stream };
                scope.spawn(move || connection.state.converse(&connection.stream));
            }
        });
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        for stream in lock(&self.connections).values() {
            stream.shutdown(Shutdown::Both).ok();
        }
        let guard = lock(&self.stopping.0);
        self.stopping.1.notify_all();
        drop(guard);
    }

    fn converse(&self, stream: &TcpStream) {
        stream.set_nodelay(true).ok();
        let mut reader = BufReader::new(stream);
        while !self.is_stopped() {
            let (reply, manner, is_last) = match read(&mut reader) {
                Incoming::End => return,
                Incoming::Refused(status) => {
                    (Reply::failure(status, "The request is refused."), Manner::Whole, true)
                }
                Incoming::Request(request) => {
                    let is_last = request.is_last();
                    let (reply, manner) = self.answer(request);
                    (reply, manner, is_last)
                }
            };
            let is_open = self.send(stream, &reply, &manner);
            if is_last || !is_open {
                return;
            }
        }
    }

    fn answer(&self, request: Request) -> (Reply, Manner) {
        lock(&self.requests).push(request.clone());
        // In this order: whoever holds the world may still change the behaviour.
        let mut world = lock(&self.world);
        let mut behaviour = lock(&self.behaviour);
        let fault = behaviour.meet(&request, &mut world);
        if let Some(fault) = fault.as_ref().filter(|fault| fault.is_instead()) {
            return fault.spoil(Reply::new(200, "", ""));
        }
        let call = route::Call {
            request: &request,
            world: &mut world,
            kind: self.kind,
            behaviour: &behaviour,
            url: &self.url,
            fault: fault.as_ref(),
        };
        let reply = call.answer();
        match fault {
            Some(fault) => fault.spoil(reply),
            None => (reply, Manner::Whole),
        }
    }

    /// Whether the connection may be used again.
    fn send(&self, mut stream: &TcpStream, reply: &Reply, manner: &Manner) -> bool {
        let mut bytes = reply.head(reply.body.len()).into_bytes();
        let half = reply.body.get(..reply.body.len() / 2).unwrap_or_default();
        match manner {
            Manner::Whole => {
                bytes.extend_from_slice(&reply.body);
                stream.write_all(&bytes).is_ok()
            }
            Manner::Torn => {
                bytes.extend_from_slice(half);
                stream.write_all(&bytes).ok();
                false
            }
            Manner::Stalled => {
                bytes.extend_from_slice(half);
                stream.write_all(&bytes).ok();
                // Ends when the client or this server closes the connection.
                stream.read_exact(&mut [0]).ok();
                false
            }
            Manner::Closed => false,
            Manner::Slow { piece_bytes, pause } => {
                bytes.extend_from_slice(&reply.body);
                bytes.chunks((*piece_bytes).max(1)).all(|piece| {
                    self.pause(*pause);
                    !self.is_stopped() && stream.write_all(piece).is_ok()
                })
            }
        }
    }

    /// Waits, but not longer than the server lives.
    fn pause(&self, time: Duration) {
        let (mutex, condition) = &self.stopping;
        let guard = lock(mutex);
        condition.wait_timeout_while(guard, time, |()| !self.is_stopped()).map(drop).ok();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
