//! Answers that are made while they are sent, so that no answer has to fit into memory.

use std::io::{self, BufWriter, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How much is sent at a time, in bytes, and how many such pieces may wait for a slow reader.
const PIECE_BYTES: usize = 64 * 1024;
const WAITING_MAX: usize = 4;
/// How long a reader may read nothing.
const UNREAD_S: u64 = 30;

/// What is written into the first comes out of the second. A reader that goes away is a broken pipe
/// to the writer; [`Outlet::fail`] breaks the answer off, so that its reader does not take it for whole.
/// A reader that reads nothing for a while is taken for gone.
pub(crate) fn channelled() -> (Outlet, Body) {
    let (sender, receiver) = channel(WAITING_MAX);
    let pieces = Pieces::new(sender, Handle::current(), Duration::from_secs(UNREAD_S));
    (Outlet(BufWriter::with_capacity(PIECE_BYTES, pieces)), Body::new(Stream(receiver)))
}

/// Where an answer is written. Writing waits, so it belongs on a thread that may.
pub(crate) struct Outlet(BufWriter<Pieces>);

impl Outlet {
    /// Breaks the answer off.
    pub fn fail(self, why: &str) {
        let (mut pieces, _) = self.0.into_parts();
        // A reader that is gone needs no error.
        let _ = pieces.send(Err(io::Error::other(why.to_owned())));
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

struct Pieces {
    sender: Sender<io::Result<Bytes>>,
    runtime: Handle,
    unread_max: Duration,
    /// Whether the reader was taken for gone: whatever is still written is not waited for again.
    is_gone: bool,
}

impl Pieces {
    fn new(sender: Sender<io::Result<Bytes>>, runtime: Handle, unread_max: Duration) -> Pieces {
        Pieces { sender, runtime, unread_max, is_gone: false }
    }

    fn send(&mut self, piece: io::Result<Bytes>) -> io::Result<()> {
        if !self.is_gone {
            let sent = self.sender.send_timeout(piece, self.unread_max);
            self.is_gone = self.runtime.block_on(sent).is_err();
        }
        if self.is_gone { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(Ok(Bytes::copy_from_slice(bytes))).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Stream(Receiver<io::Result<Bytes>>);

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|bytes| bytes.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that comes back finds an answer that was broken off, and nobody waits for it again.
    #[test]
    fn what_reads_nothing_is_waited_for_once() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (sender, mut receiver) = channel(WAITING_MAX);
        let mut pieces = Pieces::new(sender, runtime.handle().clone(), Duration::from_millis(1));
        for _ in 0..WAITING_MAX {
            pieces.write_all(b"x").unwrap();
        }
        let gone = |written: io::Result<()>| {
            written.is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        };
        assert!(gone(pieces.write_all(b"x")), "there was no room");
        assert!(receiver.try_recv().is_ok());
        assert!(gone(pieces.write_all(b"x")), "it is taken for gone");
    }
}
