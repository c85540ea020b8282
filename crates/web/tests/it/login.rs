//! Who is let in, by what, and how far.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::server::{Answer, HOSTILE, PORT, QUERY, Server};

const OWN: (&str, &str) = ("host", "127.0.0.1:8050");
const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn send(
    server: &Server,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.send_as_is(request.body(Body::from(body)).unwrap())
}

fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(server, Method::GET, path, &[&[OWN], headers].concat(), String::new())
}

fn post(server: &Server, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    send(server, Method::POST, path, &[&[OWN, SAME, FORM], headers].concat(), body.to_owned())
}

/// The cookie that an answer sets, as it is sent back.
fn cookie_of(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

#[test]
fn without_a_key_there_is_nothing_to_see() {
    let server = Server::filled();
    let setup = format!("{QUERY}/setup");
    for path in [
        "/",
        "/api/v1/workspace",
        "/api/v1/profiles",
        QUERY,
        &setup,
        "/nothing",
        "/about?check=true",
        "/keys",
        "/api/v1/keys",
        "/import",
        "/connect",
        "/trash",
        "/api/v1/health",
        "/profiles/p%201/connection?test=true",
        "/api/v1/profiles/p%201/export",
    ] {
        let answer = get(&server, path, &[]);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer", "{path}");
        for told in [HOSTILE, "Größe", "sqlite", "alert(1)", &*server.folder().to_string_lossy()]
        {
            assert!(!answer.text.contains(told), "{path} tells {told:?}: {}", answer.text);
        }
        assert_eq!(post(&server, path, &[], "name=x").status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/healthz", "/favicon.ico", ui::asset::STYLE.path(), ui::asset::SCRIPT.path()] {
        assert_eq!(get(&server, path, &[]).status, StatusCode::OK, "{path}");
    }
    let page = get(&server, "/profiles?x=1", &[]).text;
    assert!(page.contains("burndown open") && page.contains(r#"name="to" value="/profiles?x=1""#));
    let json = get(&server, "/api/v1/workspace", &[]).text;
    assert!(json.contains(r#""kind":"unauthorized""#), "{json}");
}

#[test]
fn what_is_no_key_lets_nobody_in() {
    let server = Server::filled();
    let key = server.key();
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Basic eDp5",
        key,
        &format!("Basic {key}"),
        &format!("Bearer {key}0"),
        &format!("Bearer {}", &key[1..]),
        "Bearer \u{7f}",
    ] {
        let Ok(value) = value.parse::<axum::http::HeaderValue>() else { continue };
        let request = Request::get("/").header("host", OWN.1).header("authorization", value);
        let answer = server.send_as_is(request.body(Body::empty()).unwrap());
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    for cookie in ["burndown=x", &format!("burndown-0={key}"), "burndown-0=a.b.c.d; x=y"] {
        let answer = get(&server, "/", &[("cookie", cookie)]);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{cookie}");
    }
}

#[test]
fn a_link_with_the_key_makes_a_session() {
    let server = Server::filled();
    let answer = get(&server, &format!("/login?key={}", server.key()), &[]);
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &"/".parse().unwrap())
    );
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"), "{set}");
    assert!(!set.contains(server.key()) && !answer.text.contains(server.key()), "{set}");
    let cookie = cookie_of(&answer);
    let cookies = format!("other=1; {cookie}; more=2");
    assert!(get(&server, "/profiles", &[("cookie", &cookies)]).text.contains("Größe"));
    // Another server of this host sets a cookie of that name, which a browser may send first.
    let name = cookie.split('=').next().unwrap();
    let tossed = format!("{name}=a.1.b.c; {name}=; {cookie}");
    assert_eq!(get(&server, "/profiles", &[("cookie", &tossed)]).status, StatusCode::OK);
    let left = post(&server, "/logout", &[("cookie", &cookie)], "");
    assert!(left.headers["set-cookie"].to_str().unwrap().contains("=; Path=/; Max-Age=0;"));
    let refused = server.post("/keys/remove", &[("name", "Workspace")]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A key that goes ends what it began.
    std::fs::remove_file(server.folder().join("profiles/burndown-key")).unwrap();
    assert_eq!(get(&server, "/profiles", &[("cookie", &cookie)]).status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_code_is_good_once() {
    let server = Server::filled();
    let key = app::access_key::prepare(server.folder()).unwrap().key;
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let path = |port| format!("/login?code={}", key.code(port, now).unwrap());
    assert_eq!(get(&server, &path(PORT + 1), &[]).status, StatusCode::UNAUTHORIZED);
    let good = path(PORT);
    let answer = get(&server, &good, &[]);
    assert!(get(&server, "/profiles", &[("cookie", &cookie_of(&answer))]).text.contains("Größe"));
    let again = get(&server, &good, &[]);
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(!again.headers.contains_key("set-cookie"));
}

#[test]
fn a_typed_key_leads_to_what_was_asked_for() {
    let server = Server::filled();
    let body = |key: &str| format!("to=/trash&key=+{key}+");
    let answer = post(&server, "/login", &[], &body(server.key()));
    assert_eq!(answer.headers["location"], "/trash");
    let wrong = post(&server, "/login", &[], &body("nonsense"));
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    for _ in 0..10 {
        post(&server, "/login", &[], &body("nonsense"));
    }
    let over = post(&server, "/login", &[], &body("nonsense"));
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(over.headers["retry-after"], "60");
    assert_eq!(server.get("/").status, StatusCode::OK, "whoever has a key is not kept out");
}

#[test]
fn who_may_view_changes_nothing() {
    let server = Server::filled();
    let made = server.post("/keys", &[("name", "Ada"), ("role", "view")]);
    let key = made.text.split("<code class=\"address\">").nth(1).unwrap();
    let bearer = format!("Bearer {}", key.split('<').next().unwrap());
    let ada = [("authorization", &*bearer)];
    for path in ["/", "/api/v1/workspace", QUERY, "/api/v1/profiles/p%201/export"] {
        assert_eq!(get(&server, path, &ada).status, StatusCode::OK, "{path}");
    }
    for path in ["/keys", "/api/v1/keys"] {
        assert_eq!(get(&server, path, &ada).status, StatusCode::FORBIDDEN, "{path}");
    }
    let before = server.get("/api/v1/profiles").text;
    for (path, body) in [
        ("/setup", "form=new-profile&name=Mine"),
        ("/keys", "name=Eve&role=edit"),
        ("/keys/remove", "name=Ada"),
        ("/profiles/p%201/delete", ""),
        ("/profiles/p%201/connection", "form=test"),
        (&format!("{QUERY}/sync"), ""),
        ("/trash/empty", ""),
    ] {
        assert_eq!(post(&server, path, &ada, body).status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(server.get("/api/v1/profiles").text, before);
    let twice = server.post("/keys", &[("name", "ada"), ("role", "edit")]);
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("exists already"));
    let listed = server.get("/keys").text;
    assert!(listed.contains("Ada") && !listed.contains(key), "{listed}");
    server.post("/keys/remove", &[("name", "Ada")]);
    assert_eq!(get(&server, "/", &ada).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn other_sites_may_link_and_nothing_else() {
    let server = Server::filled();
    let bearer = format!("Bearer {}", server.key());
    let ask = |headers: &[(&str, &str)]| {
        get(&server, "/", &[&[("authorization", &*bearer)], headers].concat()).status.as_u16()
    };
    let fetched = |site, mode, dest| {
        ask(&[("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)])
    };
    for site in ["cross-site", "same-site", "nonsense"] {
        assert_eq!(fetched(site, "navigate", "document"), 200, "{site}");
        assert_eq!(fetched(site, "no-cors", "image"), 403, "{site}");
        assert_eq!(fetched(site, "navigate", "iframe"), 403, "{site}");
        assert_eq!(fetched(site, "cors", "document"), 403, "{site}");
        assert_eq!(fetched(site, "cors", "empty"), 403, "{site}");
    }
    for site in ["same-origin", "none"] {
        assert_eq!(fetched(site, "no-cors", "image"), 200, "{site}");
    }
    let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
    assert_eq!(ask(&twice), 403);
    let write = |headers: &[(&str, &str)]| {
        let headers = [&[OWN, FORM, ("authorization", &*bearer)], headers].concat();
        send(&server, Method::POST, "/setup", &headers, String::new()).status.as_u16()
    };
    assert_eq!(write(&twice), 403);
    assert_eq!(
        write(&[("origin", "http://127.0.0.1:8050"), ("origin", "http://evil.example")]),
        403
    );
    assert_ne!(write(&[("origin", "http://127.0.0.1:8050")]), 403);
}

#[test]
fn a_proxy_and_other_machines_ask_under_names_that_were_given() {
    let server = Server::reached(&["burndown.example.org"], false);
    let bearer = format!("Bearer {}", server.key());
    let ask = |server: &Server, host: &str| {
        let headers = [("host", host), ("authorization", &*bearer)];
        send(server, Method::GET, "/healthz", &headers, String::new()).status.as_u16()
    };
    for (host, status) in [
        ("burndown.example.org", 200),
        ("BURNDOWN.example.org:443", 200),
        ("127.0.0.1:8050", 200),
        ("192.0.2.1:8050", 403),
        ("x.burndown.example.org", 403),
        ("burndown.example.org.evil.example", 403),
    ] {
        assert_eq!(ask(&server, host), status, "{host}");
    }
    let login = |origin: &str| {
        let headers = [("host", "burndown.example.org"), ("origin", origin), FORM];
        send(&server, Method::POST, "/login", &headers, format!("key={}", server.key()))
    };
    assert_eq!(login("https://evil.example").status, StatusCode::FORBIDDEN);
    let answer = login("https://burndown.example.org");
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.headers["set-cookie"].to_str().unwrap().ends_with("; Secure"));

    let remote = Server::reached(&[], true);
    for (host, status) in [
        ("192.0.2.1:8050", 200),
        ("[2001:db8::1]:8050", 200),
        ("burndown.example.org", 403),
        ("192.0.2.1.evil.example", 403),
    ] {
        assert_eq!(ask(&remote, host), status, "{host}");
    }
}

#[test]
fn without_a_login_whoever_comes_is_in() {
    let server = Server::open();
    assert!(get(&server, "/profiles", &[]).text.contains("Größe"));
    assert_eq!(get(&server, "/keys", &[]).status, StatusCode::OK);
}
