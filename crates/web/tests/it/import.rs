//! A file comes in through the browser: looked at first, imported after a word.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::server::{Answer, Server};

fn post(server: &Server, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(path)
        .header(header::HOST, "127.0.0.1:8050")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body));
    server.send(request.unwrap())
}

fn upload(server: &Server, file: &[u8]) -> Answer {
    upload_instead(server, "", file)
}

fn upload_instead(server: &Server, profile: &str, file: &[u8]) -> Answer {
    let replace =
        format!("--xyz\r\nContent-Disposition: form-data; name=\"replace\"\r\n\r\n{profile}\r\n");
    let head = b"--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
    let body = [replace.as_bytes(), head, file, b"\r\n--xyz--\r\n"].concat();
    post(server, "/import", "multipart/form-data; boundary=xyz", body)
}

fn confirm(server: &Server, body: String) -> Answer {
    post(server, "/import/confirm", "application/x-www-form-urlencoded", body.into_bytes())
}

#[test]
fn a_file_is_looked_at_and_then_imported() {
    let server = Server::filled();
    let file = server.get("/api/v1/profiles/p%201/export").bytes;
    assert!(server.get("/import").text.contains("enctype=\"multipart/form-data\""));
    let before = server.get("/api/v1/profiles").text;
    let preview = upload(&server, &file);
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    assert!(preview.text.contains("4 issues") && preview.text.contains("No Jira token"));
    assert!(!preview.text.contains("<script>alert"));
    assert_eq!(server.get("/api/v1/profiles").text, before);
    let number = upload_number(&preview);
    let done = confirm(&server, format!("upload={number}&name=Brought+in"));
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let place = done.headers["location"].to_str().unwrap();
    assert_eq!(place, "/profiles/p%201-2");
    assert!(server.get(place).text.contains("Brought in"));
    let again = confirm(&server, format!("upload={number}&name=x"));
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("choose it again"));
}

/// A button that is pressed twice is one import; what is refused can be corrected.
#[test]
fn a_file_is_imported_once() {
    let server = Server::filled();
    let file = server.get("/api/v1/profiles/p%201/export").bytes;
    let number = upload_number(&upload(&server, &file)).to_owned();
    let refused = confirm(&server, format!("upload={number}&name=x&dates=backwards"));
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let all = std::thread::scope(|scope| {
        let press = || confirm(&server, format!("upload={number}&name=Once")).status;
        let pressed: Vec<_> = (0..4).map(|_| scope.spawn(press)).collect();
        pressed.into_iter().map(|press| press.join().unwrap()).collect::<Vec<_>>()
    });
    let done = all.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(done, 1, "{all:?}");
    assert_eq!(server.get("/api/v1/profiles").text.matches("\"Once").count(), 1);
}

fn upload_number(preview: &Answer) -> &str {
    preview.text.split("name=\"upload\" value=\"").nth(1).unwrap().get(..16).unwrap()
}

#[test]
fn a_file_takes_the_place_of_a_profile() {
    let server = Server::filled();
    let file = server.get("/api/v1/profiles/p%201/export").bytes;
    assert!(server.get("/import").text.contains("In place of Größe"));
    let preview = upload_instead(&server, "größe", &file);
    assert!(preview.text.contains("<strong>Größe</strong>"), "{}", preview.text);
    assert!(preview.text.contains("goes to the trash first"));
    let number = upload_number(&preview);
    let done = confirm(&server, format!("upload={number}&name=Fresh&replace=gr%C3%B6%C3%9Fe"));
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(server.get("/profiles/gr%C3%B6%C3%9Fe").status, StatusCode::NOT_FOUND);
    assert!(server.get("/trash").text.contains("Größe"));
    let unknown = upload_instead(&server, "nobody", &file);
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let long = upload_instead(&server, &"x".repeat(100_000), &file);
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn what_cannot_be_imported_is_said() {
    let server = Server::filled();
    for (file, part) in [
        (&b""[..], "Choose a file first"),
        (b"hello", "no export that burndown knows"),
        (b"{\"format\":\"burndown-export\",\"version\":9}", "install a newer burndown"),
    ] {
        let answer = upload(&server, file);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(part), "{}", answer.text);
        assert!(answer.text.contains("This file cannot be imported"));
    }
    let foreign = Request::post("/import").header(header::HOST, "127.0.0.1:8050");
    let answer = server.send(foreign.body(Body::empty()).unwrap());
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
