//! The server on a real socket: limits, and a graceful end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use tokio::sync::oneshot;

use crate::server::{app, fill};

/// Serves while `talk` runs, then ends the server; what `talk` gives back lives until then. An
/// error of the server fails the test.
fn while_serving<T: Send + 'static>(talk: impl FnOnce(SocketAddr, &str) -> T + Send + 'static) {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder, fill, None);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app::access_key::Prepared { file, key, .. } =
        app::access_key::prepare(folder.path()).unwrap();
    let gate = app::access_key::Gate::new(folder.path(), &file, address.port());
    let options = web::Options::local(web::Login::Keys(gate));
    let server = runtime.spawn(web::serve(app, options, listener, async {
        let _ = ended.await;
    }));
    let kept =
        runtime.block_on(runtime.spawn_blocking(move || talk(address, key.reveal()))).unwrap();
    end.send(()).unwrap();
    runtime.block_on(server).unwrap().unwrap();
    drop(kept);
}

fn say(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(text.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[track_caller]
fn check(text: String, start: &'static str, end: Option<&'static str>) {
    while_serving(move |address, key| {
        let with_key = format!("\r\nAuthorization: Bearer {key}\r\nHost:");
        let answer = say(address, &text.replace("\r\nHost:", &with_key));
        assert!(answer.starts_with(start), "{answer}");
        assert!(end.is_none_or(|end| answer.ends_with(end)), "{answer}");
    });
}

#[test]
fn pages_are_served() {
    let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    check(request.to_owned(), "HTTP/1.1 200 OK", Some("</html>"));
}

#[test]
fn a_head_has_no_body() {
    let request = "HEAD /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    check(request.to_owned(), "HTTP/1.1 404 Not Found", Some("\r\n\r\n"));
}

#[test]
fn endless_headers_are_cut_off() {
    let one = format!("X-Filler: {}\r\n", "x".repeat(64 * 1024));
    let request = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{one}\r\n");
    check(request, "HTTP/1.1 431", None);
    let filled = |bytes: usize| {
        let one = format!("X-Filler: {}\r\n", "x".repeat(bytes));
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{one}Connection: close\r\n\r\n")
    };
    check(filled(31_000), "HTTP/1.1 200", None);
    for bytes in [33_000, 40_000, 60_000] {
        check(filled(bytes), "HTTP/1.1 431", None);
    }
    let many: String = (0..200).map(|number| format!("X-{number}: x\r\n")).collect();
    check(format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{many}\r\n"), "HTTP/1.1 431", None);
}

#[test]
fn nonsense_is_refused() {
    check("\u{1}\u{2}\u{3} / HTTP/9.9\r\n\r\n".to_owned(), "HTTP/1.1 400", None);
}

#[test]
fn the_end_does_not_wait_for_idle_connections() {
    while_serving(|address, _| {
        let mut idle = TcpStream::connect(address).unwrap();
        idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut first = [0; 15];
        idle.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        idle
    });
}

/// More than there is room for, none of which ever asks anything.
#[test]
fn whoever_opens_many_connections_and_asks_nothing_keeps_nobody_out() {
    while_serving(|address, _| {
        let half_open = |_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
            stream
        };
        let many: Vec<TcpStream> = (0..300).map(half_open).collect();
        for _ in 0..20 {
            let mut stream = TcpStream::connect(address).unwrap();
            // Headers may take twenty seconds to come.
            stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            let mut first = [0; 15];
            stream.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200 OK");
        }
        many
    });
}
