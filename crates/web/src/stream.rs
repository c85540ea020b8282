//! Answers that are made while they are sent, so that no answer has to fit into memory.

use std::io::{self, BufWriter, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How much is sent at a time, in bytes, and how many such pieces may wait for a slow reader.
const PIECE_BYTES: usize = 64 * 1024;
const WAITING_MAX: usize = 4;

/// What is written into the first comes out of the second. A reader that goes away is a broken pipe
/// to the writer; [`Outlet::fail`] breaks the answer off, so that its reader does not take it for whole.
pub(crate) fn channelled() -> (Outlet, Body) {
    let (sender, receiver) = channel(WAITING_MAX);
    (Outlet(BufWriter::with_capacity(PIECE_BYTES, Pieces(sender))), Body::new(Stream(receiver)))
}

/// Where an answer is written. Writing waits, so it belongs on a thread that may.
pub(crate) struct Outlet(BufWriter<Pieces>);

impl Outlet {
    /// Breaks the answer off.
    pub fn fail(self, why: &str) {
        let (Pieces(sender), _) = self.0.into_parts();
        // A reader that is gone needs no error.
        let _ = sender.blocking_send(Err(io::Error::other(why.to_owned())));
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

struct Pieces(Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
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
